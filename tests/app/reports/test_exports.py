"""export-table over HTTP: whose rows are in it, in all formats."""

import asyncio
import contextlib
import csv
import io
import json
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any, get_args

import openpyxl
import pytest

from lms.reports.cells import csv_text
from lms.reports.exporting import EXPORTER, Exporter
from lms.reports.queries import Filters
from lms.reports.tables import TABLES, TableName
from tests.app.reports.conftest import Reports, day
from tests.app.support import course
from tests.people import CAST
from tests.support.courses import submit

NAMES = {str(person.user_id): name for name, person in CAST}
EVERYBODYS = sorted(set(get_args(TableName)) - {"audit"})
TRAPS = ['=HYPERLINK("http://evil","x")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1", 'Ada, "the\n first"']


async def rows(reports: Reports, who: str, table: str, **filters: Any) -> list[dict[str, str]]:
    status, headers, content = await reports[who].file(table=table, **filters)
    assert status == 200, content
    assert headers["Content-Type"] == "text/csv"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def sheet(reports: Reports, who: str, table: str) -> list[list[Any]]:
    status, headers, content = await reports[who].file(table=table, format="xlsx")
    assert status == 200, content
    assert headers["Content-Type"] == "application/octet-stream"
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


def as_csv(cell: Any) -> str:
    return "" if cell is None else f"{cell.isoformat()}Z" if isinstance(cell, datetime) else str(cell)


@pytest.fixture
async def filled(reports: Reports) -> Reports:
    """Tess and theo have something in every table."""
    async with reports.database.acting_as_service() as tx:
        for person in (CAST.tess, CAST.theo):
            await submit(tx, person, course.QUIZ, [])
            await tx.execute(
                "insert into public.assignments (user_id, product_id, due_at) values ($1, $2, $3)",
                person.user_id,
                course.PRODUCT,
                day(20),
            )
            await tx.execute(
                "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x')",
                person.user_id,
                course.PRODUCT,
            )
    return reports


async def test_the_right_decides_the_rows(filled: Reports):
    for table in EVERYBODYS:
        seen = {}
        for who in filled.askers:
            seen[who] = {NAMES.get(row["Person ID"], "edna") for row in await rows(filled, who, table)}
        assert seen == {
            "tess": {"tess"},
            "theo": {"theo"},
            "mira": {"tess"},
            "otto": {"theo"},
            "ada": {*NAMES.values(), "edna"} if table == "people" else {"tess", "theo"},
            "edna": {"edna"} if table == "people" else set(),
        }, table


async def test_the_audit_log_is_for_admins(filled: Reports):
    for who in ("tess", "mira", "edna"):
        status, _, content = await filled[who].file(table="audit")
        assert (status, b'"not_admin"' in content) == (403, True)
    await rows(filled, "mira", "people", user_id=str(CAST.tess.user_id))
    exported = await rows(filled, "ada", "audit", since=day(1).isoformat())
    last = exported[-1]
    assert (last["Action"], last["Who"], last["As"]) == ("table.exported", "Mira", "manager")
    assert '"rows": 1' in last["Details"]
    assert len(last["Seal"]) == 64
    about_mira = await rows(filled, "ada", "audit", user_id=str(CAST.mira.user_id))
    assert about_mira
    assert all(str(CAST.mira.user_id) in (row["Person ID"], row["ID"]) for row in about_mira)


async def test_exports_of_staff_are_noted_and_of_trainees_not(filled: Reports):
    await rows(filled, "tess", "attempts")
    assert await filled.audited("table.exported") == []
    for _ in range(2):
        await filled["mira"].file(table="attempts", format="xlsx", product_id=str(course.PRODUCT))
    noted = await filled.audited("table.exported")
    assert [one["actor_id"] for one in noted] == [CAST.mira.user_id] * 2
    assert noted[0]["details"] == {
        "table": "attempts",
        "format": "xlsx",
        "filters": {"product_id": str(course.PRODUCT)},
        "rows": 3,
    }


async def test_attempts_as_a_file(filled: Reports):
    await filled.as_service(
        """update public.simulation_attempts set machine_score = 75, machine_passed = true,
             reviewed_at = '2026-11-20T12:00:00Z' where overall_score = 40"""
    )
    found = await rows(filled, "mira", "attempts")
    assert [row["Overall score"] for row in found] == ["40", "90", "80"]
    assert found[0] | {"Attempt ID": "", "Call ID": "", "Empathy": "", "Script adherence": "", "Call flow": ""} == {
        "Name": "Tess",
        "E-mail": "tess@callx.example",
        "Course": "Billing",
        "Simulation": "The bill",
        "Attempted (UTC)": "2026-11-01T09:30:00Z",
        "Mode": "practice",
        "Duration (s)": "62",
        "Overall score": "40",
        "Needed to pass": "70",
        "Passed": "no",
        "Script adherence": "",
        "Empathy": "",
        "Call flow": "",
        "Reviewed (UTC)": "2026-11-20T12:00:00Z",
        "Score before the review": "75",
        "Passed before the review": "yes",
        "Person ID": str(CAST.tess.user_id),
        "Simulation ID": str(course.SIMULATION),
        "Attempt ID": "",
        "Call ID": "",
    }


async def test_both_formats_hold_the_same(filled: Reports):
    for name, table in TABLES.items():
        found = await rows(filled, "ada", name)
        head, *body = await sheet(filled, "ada", name)
        assert head == [column.title for column in table.columns]
        assert len(body) - len(found) == (1 if name == "audit" else 0), "the export of the CSV itself"
        assert found
        for place, column in enumerate(table.columns):
            kinds = {type(row[place]) for row in body} - {type(None)}
            assert kinds <= {{"time": datetime, "number": int, "percent": int}.get(column.kind, str)}, column.key
            for row, cells in zip(found, body, strict=False):
                assert row[column.title] == as_csv(cells[place]), column.key


async def test_json_holds_the_same_for_programs(filled: Reports):
    for name, table in TABLES.items():
        status, headers, content = await filled["ada"].file(table=name, format="json")
        assert (status, headers["Content-Type"]) == (200, "application/json")
        exported = json.loads(content)
        assert exported["table"] == name
        assert [column["key"] for column in exported["columns"]] == [column.key for column in table.columns]
        found = await rows(filled, "ada", name)
        if name == "audit":
            found.pop()
        assert len(exported["rows"]) == len(found) > 0
        for said, row in zip(exported["rows"], found, strict=True):
            for column in table.columns:
                assert csv_text(said[column.key]) == row[column.title], column.key


async def test_a_title_that_is_a_formula_is_only_a_title(filled: Reports):
    for title in TRAPS:
        await filled.as_service("update public.products set title = $2 where id = $1", course.PRODUCT, title)
        seen = {row["Course"] for row in await rows(filled, "mira", "attempts")}
        assert seen == {title if title.startswith("Ada") else f"'{title}"}
        _, [_, _, cell, *_], *_ = await sheet(filled, "mira", "attempts")
        assert cell == title.replace("\r", "_x000D_")


async def test_filters(filled: Reports):
    for filters, expected in (
        ({"user_id": str(CAST.theo.user_id)}, 1),
        ({"since": day(2).isoformat()}, 3),
        ({"until": day(2).isoformat()}, 1),
        ({"since": day(2).isoformat(), "until": day(3).isoformat()}, 2),
        ({"product_id": str(course.CLOSED_PRODUCT)}, 0),
        ({"product_id": str(course.PRODUCT)}, 4),
    ):
        assert len(await rows(filled, "ada", "attempts", **filters)) == expected, filters
    for table in EVERYBODYS:
        filters = {"user_id": str(CAST.tess.user_id), "since": "2100-01-01T00:00:00Z"}
        assert await rows(filled, "ada", table, **filters) == []
        await rows(filled, "ada", table, until="2100-01-01T00:00:00Z")
    assert await rows(filled, "otto", "attempts", user_id=str(CAST.tess.user_id)) == []


async def test_what_is_wrong_is_said(filled: Reports):
    for table in ("people", "audit"):
        status, answer = await filled["ada"].get("export-table", table=table, product_id=course.PRODUCT)
        assert (status, answer["details"][0]["field"]) == (400, "product_id")
    for query in ({"table": "x"}, {}, {"table": "people", "format": "pdf"}, {"table": "people", "since": "2026-01-01"}):
        status, answer = await filled["ada"].get("export-table", **query)
        assert (status, answer["code"]) == (400, "validation_failed"), query


async def test_too_many_rows_are_refused_instead_of_left_out(filled: Reports, monkeypatch: pytest.MonkeyPatch):
    app = filled["ada"].client.app
    monkeypatch.setitem(app._state, EXPORTER, Exporter(most_rows=3))
    for file_format in ("csv", "xlsx"):
        status, _, content = await filled["ada"].file(table="attempts", format=file_format)
        assert (status, b'"too_many_rows"' in content) == (413, True)
        assert (await filled["mira"].file(table="attempts", format=file_format))[0] == 200
    assert len(await filled.audited("table.exported")) == 2


async def test_a_file_has_a_name(filled: Reports):
    _, headers, _ = await filled["ada"].file(table="quiz_attempts", format="xlsx")
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''callx-quiz-attempts-2026-11-24.xlsx"


async def test_roles_and_other_managers_are_for_admins(filled: Reports):
    [tess] = await rows(filled, "mira", "people")
    assert (tess["Roles"], tess["Managers"]) == ("", "")
    of_tess = [row for row in await rows(filled, "ada", "people") if row["Name"] == "Tess"]
    assert [(row["Roles"], row["Managers"]) for row in of_tess] == [("trainee", "Edna, Mira")]


async def test_a_teams_assignment_names_the_manager_to_whom_it_is_theirs(filled: Reports):
    await filled.as_service(
        "insert into public.assignments (manager_id, product_id) values ($1, $2)", CAST.mira.user_id, course.PRODUCT
    )
    seen = {
        who: [
            row["Person, or manager of the team"]
            for row in await rows(filled, who, "assignments")
            if row["Assigned to"] == "team"
        ]
        for who in ("tess", "theo", "mira", "otto", "ada", "edna")
    }
    assert seen == {"tess": [""], "theo": [], "mira": ["Mira"], "otto": [], "ada": ["Mira"], "edna": []}


async def test_archived_lessons_keep_their_attempts(filled: Reports):
    await filled.as_service("update public.lessons set archived_at = now() where id = $1", course.CALL_LESSON)
    assert len(await rows(filled, "mira", "attempts")) == 3


async def test_an_export_that_is_given_up_leaves_nothing_behind(filled: Reports):
    before = set(Path(gettempdir()).glob("callx-export-*"))
    exporter = filled["ada"].client.app[EXPORTER]
    for waits in range(0, 40, 4):  # a transaction each: a statement that is cancelled ends the one it is in
        async with filled.database.acting_as(CAST.ada) as tx:
            export = asyncio.ensure_future(exporter.export(tx, TABLES["attempts"], "xlsx", Filters()))
            for _ in range(waits):
                await asyncio.sleep(0)
            export.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await export
    assert set(Path(gettempdir()).glob("callx-export-*")) == before
