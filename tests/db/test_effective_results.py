"""Whoever reads results reads what counts: progress, heat map, a person's page, certificates."""

from typing import Any

import pytest

from tests.clock import FixedClock
from tests.db.reviewed import Desk, met, not_met
from tests.db.test_reviews import RUDE_CALL
from tests.pure.evaluation.calls import GOOD_CALL
from tests.support.courses import build_course
from tests.support.world import World

HEAT_MAP = "select callx.team_scores(null, null, null, null, 20, 200, 0) as found"
PERSON = "select callx.person_report($1, 100, 20) as found"
PROGRESS = "select callx.courses_of($1) as found"
STANDING = "select is_complete, score from callx.certificate_standing($1, $2)"


@pytest.fixture
async def desk(world: World, clock: FixedClock) -> Desk:
    """A course of nothing but the simulation."""
    await world.as_service("delete from public.lessons where lesson_type <> 'simulation'")
    return Desk(world, clock)


async def found(desk: Desk, sql: str, *values: Any) -> Any:
    [row] = await desk.world.as_person(desk.world.cast.mira, sql, *values)
    return row["found"]


async def seen(desk: Desk) -> dict[str, Any]:
    """What the manager sees, and what decides about a certificate."""
    tess = desk.world.cast.tess.user_id
    [person] = (await found(desk, HEAT_MAP))["people"]
    page = await found(desk, PERSON, tess)
    [attempt] = page["attempts"]["latest"]
    [course] = (await found(desk, PROGRESS, tess))["courses"]
    [standing] = await desk.world.as_service(STANDING, tess, desk.world.course.product_id)
    return {
        "heat map": person["scores"]["overall"]["latest"],
        "empathy section": person["scores"]["section:empathy"]["latest"],
        "attempt": (attempt["overall_score"], attempt["passed"]),
        "respect": next(c["latest"] for c in page["criteria"] if c["key"] == "respect"),
        "progress": course["overall_progress"],
        "certificate": (standing["is_complete"], standing["score"]),
    }


async def test_a_pass_by_review_is_seen_by_whoever_looks(desk: Desk):
    call_id = await desk.judged(RUDE_CALL)
    before = await seen(desk)
    assert (before["attempt"], before["progress"], before["certificate"]) == ((50, False), 0, (False, None))
    done = await desk.publish(desk.world.cast.mira, call_id, met("respect"))
    score = done.report["overall_score"]
    after = await seen(desk)
    assert after == {
        "heat map": score,
        "empathy section": next(s["score"] for s in done.report["sections"] if s["key"] == "empathy"),
        "attempt": (score, True),
        "respect": "met",
        "progress": 100,
        "certificate": (True, score),
    }
    assert after["empathy section"] > before["empathy section"]


async def test_a_fail_by_review_is_seen_by_whoever_looks(desk: Desk):
    call_id = await desk.judged(GOOD_CALL)
    assert (await seen(desk))["progress"] == 100
    done = await desk.publish(desk.world.cast.mira, call_id, not_met("respect"))
    after = await seen(desk)
    assert after["attempt"] == (done.report["overall_score"], False)
    assert (after["progress"], after["certificate"]) == (0, (False, None))


async def test_a_pass_by_review_may_renew_a_certificate(desk: Desk):
    world = desk.world
    call_id = await desk.judged(RUDE_CALL)
    await world.as_service(
        """insert into public.certifications (user_id, product_id, certificate_url, expires_at)
           values ($1, $2, 'x.pdf', now() + interval '1 day')""",
        world.cast.tess.user_id,
        world.course.product_id,
    )
    assert await desk.facts("PassedAgain") == []
    await desk.publish(world.cast.mira, call_id, met("respect"))
    assert await desk.facts("PassedAgain") == [
        {"user_id": str(world.cast.tess.user_id), "product_id": str(world.course.product_id)}
    ]


async def test_a_certificate_of_another_course_keeps_no_lesson_completed(desk: Desk):
    world = desk.world
    async with world.database.acting_as_service() as tx:
        other = await build_course(tx, title="Other")
    await world.as_service(
        "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x.pdf')",
        world.cast.tess.user_id,
        other.product_id,
    )
    call_id = await desk.judged(GOOD_CALL)
    done = await desk.publish(world.cast.mira, call_id, not_met("respect"))
    assert not done.certificate_stands
    assert await desk.completed() == []
