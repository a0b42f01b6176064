"""Who is told of reviews, and which reports come by letter."""

from datetime import timedelta

import pytest

from tests.clock import FixedClock
from tests.db.notifications.conftest import Office
from tests.db.reviewed import Desk, met
from tests.db.test_reviews import RUDE_CALL
from tests.people import Cast
from tests.pure.evaluation.calls import GOOD_CALL
from tests.support.world import World


@pytest.fixture
def desk(office: Office, clock: FixedClock) -> Desk:
    """The same world, to review in."""
    return Desk(World(office.database, office.cast, office.cast.otto, office.course), clock)


async def requested(office: Office) -> list[tuple[str, str]]:
    """Who is to look at something."""
    return [(who, title) for who, kind, title in await office.told() if kind == "review_requested"]


async def test_a_trainee_who_asks_reaches_their_managers_and_hears_of_the_result(
    office: Office, cast: Cast, desk: Desk
):
    call_id = await desk.judged(RUDE_CALL, mode="practice")
    async with office.database.acting_as(cast.tess) as tx:
        await tx.execute(
            "insert into public.review_requests (call_id, reason) values ($1, 'It was the parrot.')", call_id
        )
    await office.follow_facts()
    assert await requested(office) == [("mira", "Please look at a call: Tess")]
    await desk.publish(cast.mira, call_id, met("respect"))
    await office.follow_facts()
    await office.follow_facts()
    told = [line for line in await office.told() if line[1] in ("review_requested", "review_result")]
    assert told == [
        ("mira", "review_requested", "Please look at a call: Tess"),
        ("tess", "review_result", "Your call was reviewed: Overcharged"),
    ]
    assert ("tess", "notice_review_result") in await office.letters()
    [row] = await office.run("select path from public.notifications where kind = 'review_result'")
    assert row["path"] == f"/calls/{call_id}"


async def test_each_review_is_told(office: Office, cast: Cast, desk: Desk):
    call_id = await desk.judged(GOOD_CALL)
    first = await desk.publish(cast.mira, call_id)
    await desk.publish(cast.ada, call_id, based_on=first.review_id, says_based_on=True)
    await office.follow_facts()
    assert [line[1] for line in await office.told()].count("review_result") == 2


async def test_whoever_is_given_a_call_is_told_and_whoever_takes_one_is_not(office: Office, cast: Cast, desk: Desk):
    call_id = await desk.judged(GOOD_CALL)
    async with office.database.acting_as(cast.ada) as tx:
        await tx.execute("select public.claim_review($1)", call_id)
        await tx.execute("select public.claim_review($1, $2)", call_id, cast.mira.user_id)
    await office.follow_facts()
    assert await requested(office) == [("mira", "Please look at a call: Tess")]


async def test_what_was_answered_meanwhile_needs_nobody_to_look(office: Office, cast: Cast, desk: Desk):
    call_id = await desk.judged(GOOD_CALL)
    async with office.database.acting_as(cast.tess) as tx:
        await tx.execute("insert into public.review_requests (call_id, reason) values ($1, 'Please.')", call_id)
    await desk.publish(cast.ada, call_id)
    await office.follow_facts()
    assert "review_requested" not in [line[1] for line in await office.told()]


@pytest.mark.parametrize(
    ("mode", "late", "wish", "letter"),
    [
        ("exam", False, None, True),
        ("practice", False, None, False),
        ("practice", True, None, True),
        ("practice", False, ("report_ready", True), True),
        ("exam", False, ("report_ready", False), False),
        ("exam", False, ("all", False), False),
        ("practice", False, ("all", True), False),
    ],
)
async def test_a_report_comes_by_letter_of_exams_and_when_nobody_waits_any_more(
    office: Office, cast: Cast, desk: Desk, mode: str, late: bool, wish: tuple[str, bool] | None, letter: bool
):
    if wish is not None:
        await office.wish(cast.tess, wish[0], "email", enabled=wish[1])
    call_id = await desk.judged(GOOD_CALL, mode=mode)
    ended = desk.clock.now() - timedelta(minutes=11 if late else 9)
    await office.run(
        "update public.simulation_attempts set attempted_at = $2 where call_id = $1 returning id", call_id, ended
    )
    await office.follow_facts()
    assert ("report_ready" in [line[1] for line in await office.told()]) is True
    assert (("tess", "notice_report_ready") in await office.letters()) is letter


async def test_a_result_that_was_judged_again_is_told_again(office: Office, cast: Cast, desk: Desk):
    call_id = await desk.judged(GOOD_CALL)
    attempt = await desk.attempt(call_id)
    await office.run(
        "select callx.emit_fact('CallJudgedAgain', jsonb_build_object('attempt_id', $1::uuid))", attempt["id"]
    )
    await office.follow_facts()
    await office.follow_facts()
    assert [line[1] for line in await office.told()].count("report_ready") == 2


async def test_nobody_reviews_for_a_person_who_is_gone(office: Office, cast: Cast, desk: Desk):
    call_id = await desk.judged(GOOD_CALL)
    await desk.publish(cast.mira, call_id)
    await office.run("delete from auth.users where id = $1 returning id", cast.tess.user_id)
    await office.follow_facts()
    assert [line for line in await office.told() if line[1] == "review_result"] == []
