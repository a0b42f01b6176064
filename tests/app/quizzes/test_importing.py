"""`import-quiz` and `export-quiz` over the wire."""

from typing import Any

import pytest

from core.db import Database
from tests.app.support.wires import Client, bearer, sign_in
from tests.people import Cast
from tests.support.courses import Course

FILE = """question,type,points,correct,tolerance,match,answer_1,answer_2,answer_3,explanation,explanation_2
Is it?,true_false,1,1,,,Yes,No,,,
Which remedy?,multiple_choice,2,2,,,Credit,Refund,,Money back,It is theirs
What helps?,multi_select,1,1;3,,,Time,Silence,Names,,
Say it,short_text,1,,,case,Thank you,Thanks,,,
How much?,numeric,1,"12,5","0,5",,,,,,
In order,ordering,1,,,,Greet,Verify,Solve,,
"""


class Office:
    """Ada's desk, by default."""

    def __init__(self, client: Client, course: Course, headers: dict[str, dict[str, str]]) -> None:
        self._client, self._course, self._headers = client, course, headers

    async def take(self, csv: str, *, by: str = "ada", **wanted: Any) -> tuple[int, Any]:
        """Calls import-quiz."""
        body = {"quiz_id": str(self._course.quiz_id), "csv": csv, **wanted}
        async with self._client.post("/functions/v1/import-quiz", json=body, headers=self._headers[by]) as answer:
            return answer.status, await answer.json()

    async def take_bytes(self, file: bytes) -> tuple[int, Any]:
        """Sends the file itself."""
        headers = self._headers["ada"] | {"Content-Type": "text/csv"}
        address = f"/functions/v1/import-quiz?quiz_id={self._course.quiz_id}"
        async with self._client.post(address, data=file, headers=headers) as answer:
            return answer.status, await answer.json()

    async def give(self, *, by: str = "ada") -> tuple[int, str]:
        """Calls export-quiz."""
        address = f"/functions/v1/export-quiz?quiz_id={self._course.quiz_id}"
        async with self._client.get(address, headers=self._headers[by]) as answer:
            return answer.status, (await answer.read()).decode("utf-8-sig")


@pytest.fixture
async def office(client: Client, course: Course) -> Office:
    headers = {name: bearer(await sign_in(client, name)) for name in ("ada", "mira", "tess")}
    return Office(client, course, headers)


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, wrong."""
    return report["create"], report["update"], report["unchanged"], report["error"]


async def everything(database: Database) -> list[Any]:
    """All questions with all of their answers."""
    async with database.acting_as_service() as tx:
        rows = await tx.fetch(
            """select to_jsonb(q) as question, (
                 select jsonb_agg(to_jsonb(a) order by a.order_index) from public.quiz_answers a
                 where a.question_id = q.id
               ) as answers from public.quiz_questions q order by q.order_index"""
        )
    return [tuple(row) for row in rows]


async def test_a_file_is_tried_taken_and_taken_again(office: Office, database: Database):
    before = await everything(database)
    status, report = await office.take(FILE, dry_run=True)
    assert (status, report["applied"], counts(report)) == (200, False, (5, 0, 1, 0))
    assert await everything(database) == before
    _, report = await office.take(FILE)
    assert (report["applied"], counts(report)) == (True, (5, 0, 1, 0))
    assert [row["row"] for row in report["rows"]] == [2, 3, 4, 5, 6, 7]
    imported = await everything(database)
    assert imported[0] == before[0]
    assert [question["question_type"] for question, _ in imported] == [
        *("true_false", "multiple_choice", "multi_select", "short_text", "numeric", "ordering")
    ]
    _, report = await office.take_bytes(FILE.encode("utf-8-sig"))
    assert (report["applied"], counts(report)) == (True, (0, 0, 6, 0))
    assert await everything(database) == imported


async def test_what_is_exported_can_be_imported(office: Office, database: Database):
    await office.take(FILE)
    imported = await everything(database)
    status, file = await office.give()
    assert status == 200
    async with database.acting_as_service() as tx:
        await tx.execute("delete from public.quiz_questions where order_index > 1")
    _, report = await office.take(file)
    assert counts(report) == (5, 0, 1, 0)
    assert (await office.give())[1] == file
    assert len(await everything(database)) == len(imported)


async def test_a_changed_row_changes_its_question_and_keeps_answers_with_the_same_text(
    office: Office, database: Database
):
    await office.take(FILE)
    before = await everything(database)
    _, report = await office.take(FILE.replace("Credit,Refund", "Refund,Voucher"))
    [changed] = [row for row in report["rows"] if row["outcome"] == "update"]
    assert (changed["row"], changed["changes"]) == (3, ["answers"])
    after = await everything(database)
    assert after[1][0] == before[1][0]
    ids = [{answer["answer_text"]: answer["id"] for answer in state[1][1]} for state in (before, after)]
    assert list(ids[1]) == ["Refund", "Voucher"]
    assert ids[0]["Refund"] == ids[1]["Refund"]
    assert [answer["is_correct"] for answer in after[1][1]] == [False, True]


async def test_with_a_wrong_row_nothing_is_written(office: Office, database: Database):
    before = await everything(database)
    status, report = await office.take(f"{FILE}Wrong,essay,1,1,,,A,B,,,\n")
    assert (status, report["applied"], counts(report)) == (200, False, (5, 0, 1, 1))
    assert report["rows"][-1]["errors"][0]["column"] == "type"
    assert await everything(database) == before


async def test_a_useless_file_is_refused_with_its_reason(office: Office):
    assert (await office.take_bytes(b"question,type\nW\xfcrde?,true_false\n"))[1]["code"] == "not_utf8"
    for csv, code in (
        ("", "missing_column"),
        ("a,b\n1,2\n", "missing_column"),
        ("question,type,type\n", "doubled_column"),
    ):
        status, answer = await office.take(csv)
        assert (status, answer["code"]) == (400, code)


async def test_only_admins_import_and_export(office: Office, database: Database):
    before = await everything(database)
    for name in ("tess", "mira"):
        status, answer = await office.take(FILE, by=name)
        assert (status, answer["code"]) == (403, "not_admin")
        assert (await office.give(by=name))[0] == 403
    status, answer = await office.take(FILE, quiz_id="00000000-0000-0000-0000-000000000000")
    assert (status, answer["code"]) == (404, "quiz_not_found")
    assert await everything(database) == before


async def test_the_import_stands_in_the_audit_log_with_who_did_it(office: Office, database: Database, cast: Cast):
    await office.take(FILE)
    async with database.acting_as_service() as tx:
        rows = await tx.fetch(
            "select action, count(*) as n from public.audit_events where actor_id = $1 group by 1", cast.ada.user_id
        )
    counted = {row["action"]: row["n"] for row in rows}
    assert (counted["question.created"], counted["answer.created"]) == (5, 8)
