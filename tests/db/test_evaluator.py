"""The job after a call: a report card and an attempt, once, whatever happens on the way."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from core.facts import Fact
from core.jobs import Subscriptions
from evaluation.conversation import Conversation
from evaluation.jobs import RUBRIC_UNUSABLE, Evaluator, RubricUnusable, subscribe
from evaluation.judgement import ForWhom, Judgement
from evaluation.local_judge.judge import LocalJudge, judge_locally
from evaluation.rubric import Rubric, default_rubric
from tests.clock import FixedClock
from tests.pure.evaluation.calls import GOOD_CALL, conversation
from tests.support.world import World

A_WEEK_AGO = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)


class SlowJudge:
    """Answers when the test lets it."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.times = 0

    async def judge(self, rubric: Rubric, conversation: Conversation, for_whom: ForWhom) -> Judgement:
        self.times += 1
        self.asked.set()
        async with asyncio.timeout(10):
            await self.may_answer.wait()
        return judge_locally(rubric, conversation)


class AbsentJudge:
    """Fails."""

    async def judge(self, rubric: Rubric, conversation: Conversation, for_whom: ForWhom) -> Judgement:
        raise ConnectionError("nobody there")


async def finished_call(
    world: World,
    lines=GOOD_CALL,
    *,
    mode="exam",
    end_reason="customer_hung_up",
    outcome="resolved",
    untranscribed=False,
) -> UUID:
    """A call of tess in which these lines were said, a week ago; `untranscribed`: none of the trainee's has words."""
    spoken = conversation(lines)
    [row] = await world.as_service(
        """insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed, answered_at, ended_at,
                                     duration_ms, end_reason, customer_outcome)
           values ($1, $2, $4, 'ended', '\\x00', 1, $7, $7, $3, $5, $6) returning id""",
        world.cast.tess.user_id,
        world.course.simulation_id,
        spoken.duration_ms,
        mode,
        end_reason,
        outcome,
        A_WEEK_AGO,
    )
    for turn in spoken.turns:
        missing = untranscribed and turn.by_trainee
        await world.as_service(
            """insert into public.call_turns (call_id, number, speaker, text, start_ms, end_ms, details)
               values ($1, $2, $3, $4, $5, $6, $7)""",
            row["id"],
            turn.number,
            turn.speaker,
            "" if missing else turn.text,
            turn.start_ms,
            turn.end_ms,
            {"not_transcribed": "failed"} if missing else {},
        )
    call_id: UUID = row["id"]
    return call_id


async def written(world: World, call_id: UUID) -> dict[str, Any]:
    """What the evaluation left behind."""
    [evaluation] = await world.as_service("select * from public.evaluations where call_id = $1", call_id)
    attempts = await world.as_service("select * from public.simulation_attempts where call_id = $1", call_id)
    facts = await world.as_service("select payload from callx.facts where kind = 'CallEvaluated'")
    return {**dict(evaluation), "attempts": attempts, "facts": [dict(fact["payload"]) for fact in facts]}


async def test_a_passed_call_leaves_a_report_an_attempt_and_a_completed_lesson(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world)
    await Evaluator(world.database, LocalJudge(), clock).evaluate(call_id)
    left = await written(world, call_id)
    [attempt] = left["attempts"]
    assert (left["state"], left["judge"], left["attempt_id"]) == ("done", "local-1", attempt["id"])
    assert (attempt["passed"], attempt["mode"], attempt["user_id"]) == (True, "exam", world.cast.tess.user_id)
    assert left["report"]["overall_score"] == attempt["overall_score"] >= 70
    assert left["facts"] == [{"call_id": str(call_id), "attempt_id": str(attempt["id"]), "passed": True}]
    completed = await world.as_service("select user_id, lesson_id from public.lesson_completions")
    assert [tuple(row) for row in completed] == [(world.cast.tess.user_id, world.course.simulation_lesson_id)]


async def test_the_same_call_is_evaluated_once(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world)
    evaluator = Evaluator(world.database, LocalJudge(), clock)
    await evaluator.evaluate(call_id)
    await evaluator.evaluate(call_id)
    left = await written(world, call_id)
    assert (len(left["attempts"]), len(left["facts"])) == (1, 1)


async def test_two_workers_at_once_ask_the_judge_once_and_both_see_the_end(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world)
    judge = SlowJudge()
    evaluator = Evaluator(world.database, judge, clock)
    async with asyncio.TaskGroup() as group:
        both = [group.create_task(evaluator.evaluate(call_id)) for _ in range(2)]
        await judge.asked.wait()
        assert not any(one.done() for one in both)
        judge.may_answer.set()
    left = await written(world, call_id)
    assert (left["state"], len(left["attempts"]), len(left["facts"]), judge.times) == ("done", 1, 1, 1)


async def test_a_worker_that_died_while_judging_leaves_the_call_to_the_next(world: World, clock: FixedClock) -> None:
    """Both end well even if the dead one was only slow: what is written is written once."""
    call_id = await finished_call(world)
    judge = SlowJudge()
    async with asyncio.TaskGroup() as group:
        group.create_task(Evaluator(world.database, judge, clock).evaluate(call_id))
        await judge.asked.wait()
        clock.advance(135_001)
        await Evaluator(world.database, LocalJudge(), clock).evaluate(call_id)
        judge.may_answer.set()
    left = await written(world, call_id)
    assert (left["state"], len(left["attempts"]), len(left["facts"])) == ("done", 1, 1)


async def test_the_attempt_was_when_the_call_ended_however_late_it_is_judged(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world)
    await Evaluator(world.database, LocalJudge(), clock).evaluate(call_id)
    [attempt] = (await written(world, call_id))["attempts"]
    assert attempt["attempted_at"] == A_WEEK_AGO


async def test_a_practice_call_in_which_the_trainee_said_nothing_is_no_attempt(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world, GOOD_CALL[:1], mode="practice", end_reason="idle", outcome=None)
    await Evaluator(world.database, LocalJudge(), clock).evaluate(call_id)
    left = await written(world, call_id)
    assert (left["state"], left["attempts"], left["facts"]) == ("not_assessable", [], [])


async def test_an_exam_in_which_the_trainee_said_nothing_is_a_failed_attempt(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world, GOOD_CALL[:1], end_reason="idle", outcome=None)
    await Evaluator(world.database, LocalJudge(), clock).evaluate(call_id)
    left = await written(world, call_id)
    [attempt] = left["attempts"]
    assert (attempt["overall_score"], attempt["passed"], left["state"]) == (0, False, "done")
    assert left["report"]["summary"] == "Not passed: the customer was on the line, and you said nothing."
    assert not left["report"]["provisional"]
    assert [fact["passed"] for fact in left["facts"]] == [False]


@pytest.mark.parametrize(
    ("lines", "end_reason"),
    [(GOOD_CALL[:1], "upstream_lost"), (GOOD_CALL[:1], "trainee_lost"), ([], "idle")],
    ids=["our fault", "connection lost", "nothing to answer"],
)
async def test_a_silent_exam_that_was_no_choice_is_no_attempt(
    world: World, clock: FixedClock, lines: Any, end_reason: str
) -> None:
    call_id = await finished_call(world, lines, end_reason=end_reason, outcome=None)
    await Evaluator(world.database, LocalJudge(), clock).evaluate(call_id)
    left = await written(world, call_id)
    assert (left["state"], left["attempts"]) == ("not_assessable", [])


async def test_an_exam_of_which_no_word_was_transcribed_is_no_attempt(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world, untranscribed=True)
    await Evaluator(world.database, LocalJudge(), clock).evaluate(call_id)
    left = await written(world, call_id)
    assert (left["state"], left["attempts"]) == ("not_assessable", [])
    assert "could not be transcribed" in left["error"]


async def test_a_judge_that_fails_is_noted_and_asked_again(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world)
    with pytest.raises(ConnectionError):
        await Evaluator(world.database, AbsentJudge(), clock).evaluate(call_id)
    left = await written(world, call_id)
    assert (left["state"], left["error"], left["attempts"]) == ("failed", "ConnectionError", [])
    await Evaluator(world.database, LocalJudge(), clock).evaluate(call_id)
    assert (await written(world, call_id))["state"] == "done"


async def test_a_call_that_was_deleted_is_passed_over(world: World, clock: FixedClock) -> None:
    await Evaluator(world.database, LocalJudge(), clock).evaluate(world.course.simulation_id)
    assert await world.as_service("select * from public.evaluations") == []


async def test_a_call_whose_rubric_is_unusable_waits_until_an_admin_mends_it(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world)
    await world.as_service('update public.calls set rubric = \'{"title": "broken"}\' where id = $1', call_id)
    subscriptions = Subscriptions()
    subscribe(subscriptions, Evaluator(world.database, LocalJudge(), clock))
    [follower] = [each.handler for each in subscriptions.of("CallEnded")]
    with pytest.raises(RubricUnusable) as caught:
        await follower(Fact(1, "CallEnded", {"call_id": str(call_id)}, clock.now()))
    assert caught.value.permanent, "trying again changes nothing"
    left = await written(world, call_id)
    assert (left["state"], left["error"], left["attempts"]) == ("failed", RUBRIC_UNUSABLE, [])
    mended = default_rubric().model_dump(mode="json") | {"title": "Mended"}
    await world.as_person(world.cast.ada, "update public.simulation_scenarios set rubric = $1", mended)
    [fact] = await world.as_service("select id, payload from callx.facts where kind = 'RubricMended'")
    assert fact["payload"] == {"call_id": str(call_id)}
    [follower] = [each.handler for each in subscriptions.of("RubricMended")]
    await follower(Fact(fact["id"], "RubricMended", fact["payload"], clock.now()))
    left = await written(world, call_id)
    assert (left["state"], left["error"], left["report"]["rubric"]["title"]) == ("done", None, "Mended")
    assert len(left["attempts"]) == 1


async def test_a_call_that_could_be_judged_keeps_the_rubric_that_it_was_made_with(world: World) -> None:
    call_id = await finished_call(world)
    await world.as_service("insert into public.evaluations (call_id, state) values ($1, 'failed')", call_id)
    await world.as_service("update public.calls set rubric = '{}' where id = $1", call_id)
    mended = default_rubric().model_dump(mode="json")
    await world.as_person(world.cast.ada, "update public.simulation_scenarios set rubric = $1", mended)
    [call] = await world.as_service("select rubric from public.calls where id = $1", call_id)
    assert call["rubric"] == {}
    assert await world.as_service("select from callx.facts where kind = 'RubricMended'") == []
