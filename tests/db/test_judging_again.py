"""What rules judged while the model was away is judged again, unless somebody has looked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from core.jobs import Subscriptions
from evaluation.conversation import Conversation
from evaluation.judgement import CheckVerdict, ForWhom, Judgement, ModelUsed, StandIn
from evaluation.local_judge.judge import judge_locally
from evaluation.reviews.judging_again import JudgingAgain, subscribe
from evaluation.rubric import Rubric
from tests.clock import FixedClock
from tests.db.reviewed import Desk
from tests.pure.evaluation.calls import GOOD_CALL
from tests.support.world import World


@dataclass
class ComesAndGoes:
    """A model that is away now and then; the rules stand in for it."""

    away: StandIn | None = "model_failed"
    asked: list[UUID | None] = field(default_factory=list)
    refuses: Sequence[str] = ()
    """Checks that it calls not met."""

    async def judge(self, rubric: Rubric, conversation: Conversation, for_whom: ForWhom) -> Judgement:
        self.asked.append(for_whom.call_id)
        rules = judge_locally(rubric, conversation)
        if self.away:
            return replace(rules, doubt="The judge was away.", stood_in=self.away)
        checks = [self._seen(verdict) for verdict in rules.checks]
        return replace(rules, judge="openai", checks=checks, model=ModelUsed("a-model", "abc", {"input_tokens": 7}))

    def _seen(self, verdict: CheckVerdict) -> CheckVerdict:
        return replace(verdict, verdict="not_met", evidence=()) if verdict.check in self.refuses else verdict


@pytest.fixture
def desk(world: World, clock: FixedClock) -> Desk:
    return Desk(world, clock)


def again(desk: Desk, judge: ComesAndGoes) -> JudgingAgain:
    return JudgingAgain(desk.world.database, judge, desk.clock)


async def test_a_result_of_rules_is_replaced_when_the_model_is_back(desk: Desk):
    judge = ComesAndGoes()
    call_id = await desk.judged(GOOD_CALL, judge=judge)
    assert not (await desk.attempt(call_id))["passed"]
    first = await desk.evaluation(call_id)
    assert first["provisional"]
    judge.away = None
    desk.clock.advance(599_000)
    assert await again(desk, judge).judge_again() == 0, "not within ten minutes"
    desk.clock.advance(1_000)
    assert await again(desk, judge).judge_again() == 1
    evaluation, attempt = await desk.evaluation(call_id), await desk.attempt(call_id)
    assert (evaluation["judge"], evaluation["model"], evaluation["usage"]) == (
        "openai-1",
        "a-model",
        {"input_tokens": 7},
    )
    assert (evaluation["provisional"], attempt["passed"]) == (False, True)
    assert evaluation["report"]["attempt_id"] == str(attempt["id"])
    assert attempt["overall_score"] == evaluation["report"]["overall_score"]
    assert attempt["reviewed_at"] is None
    assert await desk.completed() == [desk.world.course.simulation_lesson_id]
    [version] = await desk.world.as_service("select source, judge, report from public.evaluation_versions")
    assert tuple(version) == ("judge", "local-1", first["report"])
    payload = {"call_id": str(call_id), "attempt_id": str(attempt["id"]), "passed": True}
    assert await desk.facts("CallJudgedAgain") == [payload]
    desk.clock.advance(86_400_000)
    assert await again(desk, judge).judge_again() == 0


async def test_a_model_that_is_still_away_is_asked_ever_more_seldom_and_not_for_ever(desk: Desk):
    judge = ComesAndGoes()
    call_id = await desk.judged(GOOD_CALL, judge=judge)
    tries: list[int] = []
    for minute in range(7 * 24 * 60 // 10 + 10):
        await again(desk, judge).judge_again()
        tries += [minute] * (len(judge.asked) - 1 - len(tries))
        desk.clock.advance(600_000)
    assert tries == [1, 4, 16, 64, 256]
    assert (await desk.evaluation(call_id))["judged_times"] == 6


async def test_of_many_calls_only_one_is_tried_while_the_model_is_away(desk: Desk):
    judge = ComesAndGoes()
    for _ in range(3):
        await desk.judged(GOOD_CALL, judge=judge)
    desk.clock.advance(600_000)
    await again(desk, judge).judge_again()
    assert len(judge.asked) == 4


async def test_a_judge_that_never_answers_is_tried_and_given_up_like_one_that_is_away(desk: Desk):
    call_id = await desk.judged(GOOD_CALL, judge=ComesAndGoes())

    class Silent(ComesAndGoes):
        async def judge(self, rubric: Rubric, conversation: Conversation, for_whom: ForWhom) -> Judgement:
            raise TimeoutError

    desk.clock.advance(600_000)
    assert await again(desk, Silent()).judge_again() == 0
    assert (await desk.evaluation(call_id))["judged_times"] == 2


async def test_a_used_up_share_is_tried_the_next_day_and_keeps_nobody_else_back(desk: Desk):
    judge = ComesAndGoes(away="limit_reached")
    for _ in range(2):
        await desk.judged(GOOD_CALL, judge=judge)
    judge.away = None
    desk.clock.advance(3_600_000)
    assert await again(desk, judge).judge_again() == 0
    desk.clock.advance(86_400_000)
    judge.away = "limit_reached"
    assert await again(desk, judge).judge_again() == 0
    assert len(judge.asked) == 4, "both were tried"


@pytest.mark.parametrize("looked", ["published", "draft", "claim"])
async def test_what_somebody_looks_at_is_not_judged_again(desk: Desk, looked: str):
    judge, mira = ComesAndGoes(), desk.world.cast.mira
    call_id = await desk.judged(GOOD_CALL, judge=judge)
    if looked == "claim":
        await desk.world.as_person(mira, "select public.claim_review($1)", call_id)
    else:
        await desk.review(mira, call_id, publish=looked == "published")
    judge.away = None
    desk.clock.advance(3_600_000)
    assert await again(desk, judge).judge_again() == 0
    assert len(judge.asked) == 1


async def test_a_person_who_publishes_while_the_model_thinks_has_the_last_word(desk: Desk):
    judge = ComesAndGoes()
    call_id = await desk.judged(GOOD_CALL, judge=judge)

    class Interrupted(ComesAndGoes):
        async def judge(self, rubric: Rubric, conversation: Conversation, for_whom: ForWhom) -> Judgement:
            await desk.publish(desk.world.cast.mira, call_id)
            return await super().judge(rubric, conversation, for_whom)

    desk.clock.advance(600_000)
    assert await again(desk, Interrupted(away=None, refuses=("offers",))).judge_again() == 0
    evaluation = await desk.evaluation(call_id)
    assert evaluation["report"]["review"]["reviewer_name"] == "Mira"
    assert await desk.facts("CallJudgedAgain") == []


async def test_what_is_provisional_for_other_reasons_is_left_alone(desk: Desk):
    call_id = await desk.judged(GOOD_CALL, end_reason="server_stopped")
    assert (await desk.evaluation(call_id))["provisional"]
    desk.clock.advance(3_600_000)
    judge = ComesAndGoes(away=None)
    assert await again(desk, judge).judge_again() == 0
    assert judge.asked == []


async def test_it_is_done_every_ten_minutes(desk: Desk):
    subscriptions = Subscriptions()
    subscribe(subscriptions, desk.world.database, ComesAndGoes(), desk.clock)
    assert [(chore.cron, chore.name) for chore in subscriptions.chores()] == [
        ("*/10 * * * *", "evaluation.judge-again")
    ]


async def test_a_call_that_cannot_be_judged_keeps_no_other_waiting(desk: Desk):
    judge = ComesAndGoes()
    spoiled = await desk.judged(GOOD_CALL, judge=judge)
    good = await desk.judged(GOOD_CALL, judge=judge)
    judge.away = None
    desk.clock.advance(600_000)

    class Stumbles(ComesAndGoes):
        async def judge(self, rubric: Rubric, conversation: Conversation, for_whom: ForWhom) -> Judgement:
            if for_whom.call_id == spoiled:
                raise RuntimeError("a fault of this call")
            return await super().judge(rubric, conversation, for_whom)

    assert await again(desk, Stumbles(away=None)).judge_again() == 1
    assert not (await desk.evaluation(good))["provisional"]
    assert (await desk.evaluation(spoiled))["judged_times"] == 2
