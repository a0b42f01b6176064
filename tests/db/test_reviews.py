"""A person's word over the judge's: what counts then, what is kept, and what hangs on it."""

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from core.errors import Conflict, Forbidden, NotFound
from core.functions import InvalidInput
from tests.clock import FixedClock
from tests.db.reviewed import Desk, met, not_met
from tests.pure.evaluation.calls import GOOD_CALL
from tests.support.world import World

RUDE_CALL = (*GOOD_CALL[:10], ("user", "Shut up, you idiot."), *GOOD_CALL[10:])
NOT_RUDE = (met("respect", reason="She said it to the parrot."),)


@pytest.fixture
def desk(world: World, clock: FixedClock) -> Desk:
    return Desk(world, clock)


async def test_a_pass_by_review_counts_everywhere_and_completes_the_lesson(desk: Desk):
    cast = desk.world.cast
    call_id = await desk.judged(RUDE_CALL)
    before = await desk.attempt(call_id)
    assert not before["passed"]
    assert await desk.completed() == []
    done = await desk.publish(cast.mira, call_id, *NOT_RUDE)
    attempt, evaluation = await desk.attempt(call_id), await desk.evaluation(call_id)
    assert (attempt["passed"], attempt["overall_score"]) == (True, done.report["overall_score"])
    assert (attempt["machine_passed"], attempt["machine_score"]) == (False, before["overall_score"])
    assert (attempt["reviewed_by"], attempt["reviewed_at"]) == (cast.mira.user_id, desk.clock.now())
    assert evaluation["report"] == done.report
    assert evaluation["review_id"] == done.review_id
    assert done.report["review"]["reviewer_name"] == "Mira"
    assert done.report["review"]["machine"]["overall_score"] == before["overall_score"]
    assert await desk.completed() == [desk.world.course.simulation_lesson_id]
    assert len(await desk.facts("LessonCompleted")) == 1
    [fact] = await desk.facts("CallReviewed")
    assert fact == {
        "call_id": str(call_id),
        "attempt_id": str(attempt["id"]),
        "review_id": str(done.review_id),
        "passed": True,
    }


async def test_what_the_judge_said_is_kept_and_seen_by_who_sees_the_call(desk: Desk):
    cast = desk.world.cast
    call_id = await desk.judged(RUDE_CALL)
    machine = (await desk.evaluation(call_id))["report"]
    first = await desk.publish(cast.mira, call_id, *NOT_RUDE)
    await desk.publish(cast.ada, call_id, reason="The judge was right.", based_on=first.review_id, says_based_on=True)
    versions = await desk.world.as_person(
        cast.tess, "select number, source, report, review_id from public.evaluation_versions order by number"
    )
    assert [(v["number"], v["source"], v["review_id"]) for v in versions] == [
        (1, "judge", None),
        (2, "review", first.review_id),
    ]
    assert versions[0]["report"] == machine
    assert versions[1]["report"] == first.report
    assert (await desk.attempt(call_id))["machine_score"] == machine["overall_score"]
    now = (await desk.evaluation(call_id))["report"]
    assert (now["overall_score"], now["sections"]) == (machine["overall_score"], machine["sections"])


async def test_a_fail_by_review_opens_the_lesson_again(desk: Desk):
    call_id = await desk.judged(GOOD_CALL)
    assert await desk.completed() == [desk.world.course.simulation_lesson_id]
    done = await desk.publish(desk.world.cast.mira, call_id, not_met("verified_first"))
    assert not (await desk.attempt(call_id))["passed"]
    assert not done.certificate_stands
    assert await desk.completed() == []
    assert len(await desk.facts("LessonReopened")) == 1


async def test_a_lesson_that_another_attempt_has_passed_stays_completed(desk: Desk):
    call_id, _ = await desk.judged(GOOD_CALL), await desk.judged(GOOD_CALL)
    await desk.publish(desk.world.cast.mira, call_id, not_met("verified_first"))
    assert await desk.completed() == [desk.world.course.simulation_lesson_id]


async def test_a_certificate_that_was_issued_stands_and_the_review_says_so(desk: Desk):
    world = desk.world
    call_id = await desk.judged(GOOD_CALL)
    await world.as_service(
        "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x.pdf')",
        world.cast.tess.user_id,
        world.course.product_id,
    )
    done = await desk.publish(world.cast.mira, call_id, not_met("verified_first"))
    assert done.certificate_stands
    assert done.report["review"]["certificate_stands"]
    assert await desk.completed() == [world.course.simulation_lesson_id]
    [review] = await world.as_person(world.cast.ada, "select certificate_stands from public.reviews")
    assert review["certificate_stands"]
    [event] = await world.as_person(
        world.cast.ada, "select actor_id, details from public.audit_events where action = 'review.published'"
    )
    assert event["actor_id"] == world.cast.mira.user_id
    assert event["details"]["certificate_stands"]
    assert event["details"]["after"]["passed"] is False


async def test_a_provisional_result_is_settled_by_a_confirmation(desk: Desk):
    call_id = await desk.judged(GOOD_CALL, end_reason="server_stopped", outcome="resolved")
    assert (await desk.evaluation(call_id))["provisional"]
    assert await desk.completed() == []
    await desk.publish(desk.world.cast.mira, call_id)
    assert not (await desk.evaluation(call_id))["provisional"]
    assert await desk.completed() == [desk.world.course.simulation_lesson_id]


async def test_a_confirmation_changes_no_number(desk: Desk):
    call_id = await desk.judged(RUDE_CALL)
    before = await desk.evaluation(call_id)
    done = await desk.publish(desk.world.cast.mira, call_id)
    assert done.report["review"]["decision"] == "confirmed"
    assert done.result["after"] == done.result["machine"] == done.result["before"]
    assert done.report == {**before["report"], "review": done.report["review"], "needs_human": False}


async def test_a_draft_is_its_authors_and_shows_what_would_be(desk: Desk):
    world = desk.world
    call_id = await desk.judged(RUDE_CALL)
    before = (await desk.evaluation(call_id))["report"]
    draft = await desk.review(world.cast.mira, call_id, *NOT_RUDE)
    again = await desk.review(world.cast.mira, call_id, NOT_RUDE[0], reason="")
    assert draft.report["passed"]
    assert again.review_id == draft.review_id
    assert (await desk.evaluation(call_id))["report"] == before
    seen = {}
    for name, person in world.cast:
        seen[name] = len(await world.as_person(person, "select from public.reviews"))
    assert seen == {"tess": 0, "theo": 0, "mira": 1, "otto": 0, "ada": 0}
    [row] = await world.as_person(world.cast.mira, "delete from public.reviews returning overrides, reason")
    assert row["overrides"][0]["criterion"] == "respect"


async def test_of_two_reviews_the_second_has_to_see_the_first(desk: Desk):
    cast = desk.world.cast
    call_id = await desk.judged(GOOD_CALL)
    await desk.review(cast.ada, call_id)
    first = await desk.publish(cast.mira, call_id, not_met("verified_first"))
    with pytest.raises(Conflict) as caught:
        await desk.publish(cast.ada, call_id)
    assert caught.value.code == "review_outdated"
    with pytest.raises(Conflict):
        await desk.publish(cast.ada, call_id, based_on=None, says_based_on=True)
    await desk.publish(cast.ada, call_id, based_on=first.review_id, says_based_on=True)
    assert (await desk.attempt(call_id))["passed"]


async def test_of_two_who_publish_at_once_one_is_told_to_look_again(desk: Desk):
    cast = desk.world.cast
    call_id = await desk.judged(GOOD_CALL)
    unseen = {"based_on": None, "says_based_on": True}
    both = (
        desk.publish(cast.mira, call_id, not_met("respect"), **unseen),
        desk.publish(cast.ada, call_id, **unseen),
    )
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    [refused] = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert isinstance(refused, Conflict), refused
    assert refused.code == "review_outdated"
    rows = await desk.world.as_service("select id from public.reviews where state = 'published'")
    assert len(rows) == 1


@pytest.mark.parametrize("name", ["tess", "theo", "otto"])
async def test_nobody_else_reviews(desk: Desk, name: str):
    call_id = await desk.judged(GOOD_CALL)
    person = getattr(desk.world.cast, name)
    with pytest.raises((Forbidden, NotFound)):
        await desk.publish(person, call_id, not_met("verified_first"))
    assert (await desk.attempt(call_id))["reviewed_at"] is None


async def test_an_admin_does_not_review_a_call_of_their_own(desk: Desk):
    call_id = await desk.judged(GOOD_CALL)
    await desk.world.as_service("update public.calls set user_id = $1", desk.world.cast.ada.user_id)
    with pytest.raises(Forbidden) as caught:
        await desk.publish(desk.world.cast.ada, call_id)
    assert caught.value.code == "not_a_reviewer"


async def test_what_was_not_judged_is_not_reviewed(desk: Desk):
    call_id = await desk.judged(GOOD_CALL[:1], mode="practice", end_reason="idle", outcome=None)
    with pytest.raises(Conflict) as caught:
        await desk.publish(desk.world.cast.mira, call_id)
    assert caught.value.code == "not_evaluated"


async def test_publishing_needs_a_reason_and_sound_overrides(desk: Desk):
    call_id = await desk.judged(GOOD_CALL)
    with pytest.raises(InvalidInput) as caught:
        await desk.publish(desk.world.cast.mira, call_id, met("nonsense"), reason="")
    assert [field for field, _ in caught.value.problems] == ["overrides.0.criterion", "reason"]
    assert await desk.world.as_service("select from public.reviews") == []


async def test_a_report_from_before_judgements_were_kept_can_be_reviewed(desk: Desk):
    call_id = await desk.judged(RUDE_CALL)
    await desk.world.as_service("delete from callx.judgements")
    done = await desk.publish(desk.world.cast.mira, call_id, *NOT_RUDE)
    assert done.report["passed"]


async def test_a_published_review_answers_the_trainee_and_ends_the_claim(desk: Desk):
    world = desk.world
    call_id = await desk.judged(RUDE_CALL)
    await world.as_person(
        world.cast.tess, "insert into public.review_requests (call_id, reason) values ($1, 'I did ask her.')", call_id
    )
    await world.as_person(world.cast.mira, "select public.claim_review($1)", call_id)
    done = await desk.publish(world.cast.mira, call_id, *NOT_RUDE)
    [request] = await world.as_person(world.cast.tess, "select state, review_id from public.review_requests")
    assert tuple(request) == ("answered", done.review_id)
    assert await world.as_service("select from public.review_claims") == []
    with pytest.raises(asyncpg.UniqueViolationError):
        await world.as_person(
            world.cast.tess, "insert into public.review_requests (call_id, reason) values ($1, 'Again.')", call_id
        )


async def test_only_reports_on_own_calls_can_be_asked_about(desk: Desk):
    world = desk.world
    call_id = await desk.judged(GOOD_CALL)
    asking = "insert into public.review_requests (call_id, reason) values ($1, 'Please.')"
    for person in (world.cast.theo, world.cast.mira, world.cast.ada):
        await world.refuses(person, asking, call_id)
    await world.refuses(
        world.cast.theo,
        "insert into public.review_requests (call_id, user_id, reason) values ($1, $2, 'Please.')",
        call_id,
        world.cast.tess.user_id,
    )
    await world.as_service("update public.evaluations set state = 'failed' where call_id = $1", call_id)
    await world.refuses(world.cast.tess, asking, call_id)


async def test_no_path_leads_a_trainee_to_a_result_of_their_own(desk: Desk):
    world, tess = desk.world, desk.world.cast.tess
    call_id = await desk.judged(RUDE_CALL)
    for sql in (
        "update public.simulation_attempts set passed = true, machine_passed = true where call_id = $1",
        "update public.evaluations set review_id = null where call_id = $1",
        "update public.evaluations set report = '{}' where call_id = $1",
        "update public.reviews set state = 'published' where call_id = $1",
        "update public.review_requests set state = 'answered' where call_id = $1",
        "delete from public.review_requests where call_id = $1",
        "delete from public.evaluation_versions where call_id = $1",
        "insert into public.review_claims (call_id, user_id, claimed_by, claimed_by_name) select $1, $1, $1, ''",
        "insert into public.reviews (call_id, user_id, reviewer_name) select $1, auth.uid(), 'Mira'",
        "select from callx.judgements where call_id = $1",
        "select public.claim_review($1)",
        "select callx.call_to_review($1)",
    ):
        await world.refuses(tess, sql, call_id)


async def test_the_queue_says_why_somebody_should_look(desk: Desk):
    world = desk.world
    await world.as_person(world.cast.ada, "update public.site_settings set review_sample_percent = 0")
    plain = await desk.judged(RUDE_CALL)
    provisional = await desk.judged(GOOD_CALL, end_reason="server_stopped")
    disputed = await desk.judged(RUDE_CALL)
    apart = await desk.judged(RUDE_CALL)
    await world.as_service(
        """update public.evaluations set report = jsonb_set(report, '{judge,agreement_with_rules}', '0.4')
           where call_id = $1""",
        apart,
    )
    await world.as_person(
        world.cast.tess, "insert into public.review_requests (call_id, reason) values ($1, 'Please.')", disputed
    )
    await world.as_service(
        "update public.simulation_attempts set overall_score = 20 where call_id <> $1 and not passed", provisional
    )
    queue = "select call_id, reasons, priority, request_reason from public.review_queue order by priority"

    async def reasons(person=world.cast.mira) -> dict[UUID, list[str]]:
        return {row["call_id"]: row["reasons"] for row in await world.as_person(person, queue)}

    seen = await reasons()
    assert plain not in seen
    assert seen[disputed] == ["dispute"]
    assert seen[apart] == ["needs_human"]
    assert "provisional" in seen[provisional]
    assert list(seen) == [disputed, apart, provisional]
    assert await reasons(world.cast.ada) == seen
    assert await reasons(world.cast.otto) == {}
    await world.refuses(world.cast.tess, queue)
    await world.as_person(world.cast.ada, "update public.site_settings set review_sample_percent = 100")
    assert (await reasons())[plain] == ["sample"]
    await desk.publish(world.cast.mira, disputed)
    await desk.publish(world.cast.mira, plain)
    assert set(await reasons()) == {provisional, apart}


async def test_what_is_near_the_pass_mark_comes_into_the_queue(desk: Desk):
    world = desk.world
    await world.as_person(world.cast.ada, "update public.site_settings set review_sample_percent = 0")
    call_id = await desk.judged(RUDE_CALL)
    for score, expected in ((64, []), (65, [["near_pass_mark"]]), (75, [["near_pass_mark"]]), (76, [])):
        await world.as_service(
            "update public.simulation_attempts set overall_score = $2 where call_id = $1", call_id, score
        )
        rows = await world.as_person(world.cast.mira, "select reasons from public.review_queue")
        assert [row["reasons"] for row in rows] == expected, score


async def test_a_claim_is_one_persons_until_it_is_released_or_taken_over(desk: Desk):
    world, cast = desk.world, desk.world.cast
    call_id = await desk.judged(GOOD_CALL)
    await world.as_person(cast.mira, "select public.claim_review($1)", call_id)
    await world.as_person(cast.mira, "select public.claim_review($1)", call_id)
    with pytest.raises(asyncpg.RaiseError, match="Mira looks at this call already"):
        await world.as_person(cast.ada, "select public.claim_review($1)", call_id)
    await world.as_person(cast.ada, "select public.claim_review($1, take_over => true)", call_id)
    await world.as_person(cast.mira, "select public.release_review($1)", call_id)
    [claim] = await world.as_person(cast.mira, "select claimed_by_name from public.review_claims")
    assert claim["claimed_by_name"] == "Ada", "a manager does not end what another has taken"
    await world.as_person(cast.ada, "select public.release_review($1)", call_id)
    await world.as_person(cast.ada, "select public.claim_review($1, $2)", call_id, cast.mira.user_id)
    assert await desk.facts("ReviewAssigned") == [{"call_id": str(call_id), "user_id": str(cast.mira.user_id)}]
    for other in (cast.otto, cast.theo, cast.tess):
        await world.refuses(cast.ada, "select public.claim_review($1, $2)", call_id, other.user_id)
    await world.refuses(cast.otto, "select public.claim_review($1)", call_id)


async def test_the_queue_forgets_after_sixty_days_but_no_dispute(desk: Desk):
    world = desk.world
    call_id = await desk.judged(GOOD_CALL, end_reason="server_stopped")
    await world.as_service("update public.evaluations set finished_at = now() - $1::interval", timedelta(days=61))
    queue = "select from public.review_queue"
    assert await world.as_person(world.cast.mira, queue) == []
    await world.as_person(
        world.cast.tess, "insert into public.review_requests (call_id, reason) values ($1, 'Please.')", call_id
    )
    assert len(await world.as_person(world.cast.mira, queue)) == 1
