"""get-person-report over HTTP: one person's page."""

from uuid import UUID

import pytest

from tests.app.support import course
from tests.people import CAST
from tests.support.courses import build_course, record_everything, right_answers, submit
from tests.support.reported_calls import report_of

from tests.app.reports.conftest import Reports  # isort: skip


async def test_one_person_whole(reports: Reports):
    async with reports.database.acting_as_service() as tx:
        await submit(tx, CAST.tess, course.QUIZ, await right_answers(tx, course.QUIZ))
        await submit(tx, CAST.tess, course.QUIZ, [])
    status, tess = await reports["tess"].post("get-person-report")
    assert (status, tess["full_name"], tess["email"]) == (200, "Tess", "tess@callx.example")
    [billing] = tess["courses"]
    assert (billing["title"], billing["status"], billing["completed_lessons"]) == ("Billing", "In progress", 3)
    attempts = tess["attempts"]
    assert (attempts["total"], [one["overall_score"] for one in attempts["latest"]]) == (3, [80, 90, 40])
    newest = attempts["latest"][0]
    assert newest["id"] == str(reports.attempts[2])
    assert (newest["title"], newest["product_title"], newest["duration_ms"]) == ("The bill", "Billing", 61_500)
    quizzes = tess["quiz_attempts"]
    assert (quizzes["total"], {one["score"] for one in quizzes["latest"]}) == (2, {0, 100})
    assert tess["last_activity"] is not None
    assert (tess["certificates"], tess["closed_at"]) == ([], None)


async def test_strengths_and_weaknesses_come_from_the_reports(reports: Reports):
    _, tess = await reports["tess"].post("get-person-report")
    records = {record["key"]: record for record in (*tess["strengths"], *tess["weaknesses"])}
    verdicts: dict[str, list[dict[str, object]]] = {}
    for how in ("unverified", "good", "good"):
        for section in report_of(how)["sections"]:
            for criterion in section["criteria"]:
                if criterion["score"] is not None:
                    verdicts.setdefault(criterion["key"], []).append(criterion)
    assert records
    for key, record in records.items():
        seen = verdicts[key]
        assert record["assessed"] == len(seen)
        assert record["met"] == sum(one["verdict"] == "met" for one in seen)
        assert record["average"] == pytest.approx(sum(one["score"] for one in seen) / len(seen), abs=0.51)  # type: ignore[misc]
        assert record["latest"] == seen[-1]["verdict"]
    assert all(record["average"] >= 80 for record in tess["strengths"])
    assert all(record["average"] < 80 for record in tess["weaknesses"])


@pytest.mark.parametrize(
    ("columns", "state"),
    [
        ("expires_at = null", "valid"),
        ("expires_at = now() + interval '61 days'", "valid"),
        ("expires_at = now() + interval '59 days'", "expiring"),
        ("issued_at = now() - interval '9 days', expires_at = now() - interval '1 day'", "expired"),
        ("revoked_at = now(), revocation_reason = 'A mistake.', expires_at = now() + interval '1 day'", "revoked"),
    ],
)
async def test_certificates_say_when_they_expire(reports: Reports, columns: str, state: str):
    async with reports.database.acting_as_service() as tx:
        await tx.execute(
            "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x')",
            CAST.tess.user_id,
            course.PRODUCT,
        )
        await tx.execute(
            """insert into public.certificate_issues
                 (certification_id, number, code, holder_name, product_title, issuer, issued_at, object_name,
                  pdf_sha256)
               select id, 1, 'ABCDEFGH01234567', 'Tess', 'Billing', 'CallX', now(), 'x', repeat('0', 64)
               from public.certifications"""
        )
        await tx.execute(f"update public.certificate_issues set {columns}")
    _, tess = await reports["tess"].post("get-person-report")
    [certificate] = tess["certificates"]
    assert (certificate["state"], certificate["code"]) == (state, "ABCDEFGH01234567")
    assert (certificate["product_title"], certificate["expires_at"] is None) == ("Billing", "= null" in columns)


async def test_calls_that_were_never_judged_are_attempts_too(reports: Reports):
    async with reports.database.acting_as_service() as tx:
        await record_everything(tx, CAST.theo, await build_course(tx, title="Other"))
    status, theo = await reports["theo"].post("get-person-report")
    assert (status, theo["attempts"]["total"], theo["quiz_attempts"]["total"]) == (200, 2, 1)


async def test_who_sees_whom(reports: Reports):
    assert await reports.statuses("get-person-report", user_id=CAST.tess.user_id) == {
        "tess": 200,
        "theo": 403,
        "mira": 200,
        "otto": 403,
        "ada": 200,
        "edna": 403,
    }
    _, refused = await reports["edna"].get("get-person-report", user_id=CAST.tess.user_id)
    assert refused["code"] == "progress_not_yours"
    status, answer = await reports["ada"].get("get-person-report", user_id=UUID(int=9))
    assert (status, answer["code"]) == (404, "person_not_found")


async def test_a_look_at_another_person_is_noted_and_one_at_oneself_is_not(reports: Reports):
    await reports["mira"].post("get-person-report")
    await reports["tess"].post("get-person-report")
    assert await reports.audited("results.viewed") == []
    await reports["mira"].post("get-person-report", user_id=str(CAST.tess.user_id))
    await reports["ada"].get("get-person-report", user_id=CAST.theo.user_id)
    noted = await reports.audited("results.viewed")
    assert [(one["actor_id"], one["details"]["query"]) for one in noted] == [
        (CAST.mira.user_id, f"get-person-report?user_id={CAST.tess.user_id}"),
        (CAST.ada.user_id, f"get-person-report?user_id={CAST.theo.user_id}"),
    ]
