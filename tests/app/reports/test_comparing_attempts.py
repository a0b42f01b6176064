"""compare-attempts over HTTP."""

from uuid import UUID

from tests.people import CAST
from tests.support.courses import build_course
from tests.support.reported_calls import attempt, report_of

from tests.app.reports.conftest import Reports, day  # isort: skip


async def test_attempts_come_in_their_order_with_what_changed(reports: Reports):
    third, first, second = reports.attempts[2], *reports.attempts[:2]
    status, seen = await reports["tess"].get("compare-attempts", attempt_ids=[third, first, second])
    assert status == 200
    assert [one["attempt_id"] for one in seen["attempts"]] == [str(one) for one in (first, second, third)]
    assert [one["overall_score"] for one in seen["attempts"]] == [40, 90, 80]
    assert seen["gain"] == {"attempts": 3, "first": 40, "best": 90, "points": 50}
    assert seen["same_rubric"] is True
    gained = [check for check in seen["checks"] if check["change"] == "gained"]
    assert gained
    assert all(check["verdicts"] == ["not_met", "met", "met"] for check in gained)
    assert [one["key"] for one in seen["measures"]] == [one["key"] for one in report_of("good")["measures"]]
    assert seen["user_id"] == str(CAST.tess.user_id)


async def test_the_gain_is_over_all_attempts_not_only_those_compared(reports: Reports):
    asked = [str(one) for one in reports.attempts[1:]]
    _, seen = await reports["tess"].post("compare-attempts", attempt_ids=asked)
    assert seen["gain"] == {"attempts": 3, "first": 40, "best": 90, "points": 50}


async def test_who_compares_whose_attempts(reports: Reports):
    assert await reports.statuses("compare-attempts", attempt_ids=reports.attempts) == {
        "tess": 200,
        "theo": 404,
        "mira": 200,
        "otto": 404,
        "ada": 200,
        "edna": 404,
    }
    assert [one["actor_id"] for one in await reports.audited("results.viewed")] == [
        CAST.mira.user_id,
        CAST.ada.user_id,
    ]


async def test_what_cannot_be_compared_is_said(reports: Reports):
    async with reports.database.acting_as_service() as tx:
        other = await build_course(tx, title="Other")
        elsewhere = await attempt(tx, CAST.tess, other.simulation_id, day(5))
    first, second, _ = reports.attempts
    for who, attempts, expected in (
        ("ada", [first, reports.theos], (400, "attempts_not_comparable")),
        ("tess", [first, elsewhere], (400, "attempts_not_comparable")),
        ("tess", [first, reports.theos], (404, "attempt_not_found")),
        ("tess", [first, UUID(int=9)], (404, "attempt_not_found")),
        ("tess", [first, first], (400, "validation_failed")),
        ("tess", [first], (400, "validation_failed")),
        ("tess", [first, second, *(UUID(int=number) for number in range(4))], (400, "validation_failed")),
    ):
        status, answer = await reports[who].get("compare-attempts", attempt_ids=attempts)
        assert (status, answer["code"]) == expected, attempts


async def test_an_attempt_whose_report_is_gone_is_compared_by_its_numbers(reports: Reports):
    await reports.as_service("delete from public.evaluations where attempt_id = $1", reports.attempts[0])
    _, seen = await reports["tess"].get("compare-attempts", attempt_ids=reports.attempts)
    assert [one["has_report"] for one in seen["attempts"]] == [False, True, True]
    assert seen["same_rubric"] is False
    assert seen["sections"][0]["scores"][0] is None
