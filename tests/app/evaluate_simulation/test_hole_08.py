"""Hole 8 of the specification: the transcript is the client's, and so would be the result."""

from typing import Any

import pytest

from evaluation.requested.desk import Requested, RequestedEvaluations
from evaluation.requested.function import REQUESTED_EVALUATIONS
from tests.app.evaluate_simulation.conftest import School
from tests.app.evaluate_simulation.test_reports import BAD, GOOD
from tests.people import CAST
from tests.support.courses import build_course

FLATTERING = [
    line
    for text in GOOD
    for line in (
        {"speaker": "user", "text": text, "timestamp": "2026-11-24T09:00:00Z"},
        {"speaker": "ai", "text": "That works for me, thank you.", "timestamp": "2026-11-24T09:00:10Z"},
    )
]


async def test_hole_08_a_flattering_transcript_is_sent_for_a_bad_call(school: School):
    await school.say(*BAD)
    report = await school.report(FLATTERING)
    assert (report["verified"], report["transcript_differs"], report["passed"]) == (True, True, False)
    said = [line["text"] for line in report["transcript_with_feedback"] if line["speaker"] == "user"]
    assert said == list(BAD)
    [attempt] = await school.attempts()
    assert (attempt["passed"], attempt["overall_score"]) == (False, report["overall_score"])
    assert "Northwind" not in str(attempt["transcript"])
    assert await school.completions() == []


async def test_hole_08_a_call_that_the_job_has_judged_is_not_talked_better_either(school: School):
    """Whoever is slower than the job gets the report of the call, and no other one."""
    await school.say(*GOOD[:2], "Goodbye.", "I am hanging up, goodbye.")
    [call] = await school.rows("select id from public.calls")
    await school.evaluator.evaluate(call["id"])
    report = await school.report(FLATTERING)
    assert (report["verified"], report["transcript_differs"], report["passed"]) == (True, True, False)


async def test_hole_08_a_conversation_is_sent_that_never_was(school: School):
    report = await school.report(FLATTERING)
    assert (report["verified"], report["passed"], report["provisional"]) == (False, False, True)
    assert (report["call_id"], report["attempt_id"]) == (None, None)
    lines = [
        {key: line[key] for key in ("speaker", "text", "timestamp")} for line in report["transcript_with_feedback"]
    ]
    assert lines == FLATTERING
    assert any(line.get("feedback") for line in report["transcript_with_feedback"])
    assert report["overall_score"] > 50, "it is judged like any other"
    assert await school.attempts() == []
    assert await school.completions() == []
    assert await school.rows("select from public.evaluations") == []
    [kept] = await school.rows("select * from public.unverified_evaluations")
    assert (kept["user_id"], kept["transcript"], kept["judge"]) == (CAST.tess.user_id, FLATTERING, "local-1")


async def test_hole_08_who_sees_what_was_never_heard(school: School):
    await school.report(FLATTERING)
    seen = {}
    for name, person in CAST:
        async with school.database.acting_as(person) as tx:
            seen[name] = await tx.fetchval("select count(*) from public.unverified_evaluations")
    assert seen == {"tess": 1, "theo": 0, "mira": 1, "otto": 0, "ada": 1}


async def test_hole_08_the_same_invention_is_judged_once_and_many_are_limited(school: School):
    first = await school.report(FLATTERING)
    assert await school.report(FLATTERING) == first
    for number in range(9):
        school.clock.advance(6_000)
        await school.report([*FLATTERING, {"speaker": "user", "text": f"Number {number}"}])
    school.clock.advance(6_000)
    assert await school.refused([*FLATTERING, {"speaker": "user", "text": "more"}]) == (
        429,
        "too_many_unverified_evaluations",
    )
    school.clock.advance(6_000)
    assert await school.report(FLATTERING) == first


async def test_hole_08_after_the_report_another_conversation_is_no_repetition_of_it(school: School):
    real = await school.report(await school.say(*BAD))
    report = await school.report(FLATTERING)
    assert (report["verified"], report["call_id"]) == (False, None)
    assert len(await school.attempts()) == 1
    again = await school.report()
    assert again["call_id"] == real["call_id"]


async def test_hole_08_an_invented_conversation_of_a_closed_simulation(school: School):
    async with school.database.acting_as_service() as tx:
        closed = await build_course(tx, title="Secret", is_active=False)
    refusal = await school.refused(FLATTERING, simulation_id=str(closed.simulation_id))
    assert refusal == (404, "simulation_not_found")


async def test_hole_08_nothing_in_an_invented_conversation(school: School):
    assert await school.refused([{"speaker": "ai", "text": "Hello?"}]) == (409, "not_assessable")


async def test_hole_08_is_open_when_the_transcript_is_believed(school: School, monkeypatch: pytest.MonkeyPatch):
    """With the closure taken out: a server that judges what it is sent, as the specification's would."""

    async def believing(self: RequestedEvaluations, person: Any, simulation_id: Any, transcript: Any) -> Requested:
        return await self._of_unheard(person, simulation_id, transcript)

    monkeypatch.setattr(RequestedEvaluations, "evaluate", believing)
    assert school.client.app[REQUESTED_EVALUATIONS] is not None
    with pytest.raises(AssertionError):
        await test_hole_08_a_flattering_transcript_is_sent_for_a_bad_call(school)
