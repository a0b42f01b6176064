"""The job after a call: a report card and an attempt, once, whatever happens on the way."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from evaluation.conversation import Conversation
from evaluation.jobs import Evaluator
from evaluation.judgement import Judgement
from evaluation.local_judge.judge import LocalJudge, judge_locally
from evaluation.rubric import Rubric
from tests.clock import FixedClock
from tests.pure.evaluation.calls import GOOD_CALL, conversation
from tests.support.world import World


class MeetingJudge:
    """Answers when two evaluations wait for it at the same time."""

    def __init__(self) -> None:
        self._both = asyncio.Barrier(2)

    async def judge(self, rubric: Rubric, conversation: Conversation) -> Judgement:
        async with asyncio.timeout(10):
            await self._both.wait()
        return judge_locally(rubric, conversation)


class AbsentJudge:
    """Fails."""

    async def judge(self, rubric: Rubric, conversation: Conversation) -> Judgement:
        raise ConnectionError("nobody there")


async def finished_call(world: World, lines=GOOD_CALL) -> UUID:
    """A call of tess in which these lines were said."""
    spoken = conversation(lines)
    [row] = await world.as_service(
        """insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed, answered_at, duration_ms,
                                     end_reason, customer_outcome)
           values ($1, $2, 'exam', 'ended', '\\x00', 1, now(), $3, 'customer_hung_up', 'resolved') returning id""",
        world.cast.tess.user_id,
        world.course.simulation_id,
        spoken.duration_ms,
    )
    for turn in spoken.turns:
        await world.as_service(
            """insert into public.call_turns (call_id, number, speaker, text, start_ms, end_ms)
               values ($1, $2, $3, $4, $5, $6)""",
            row["id"],
            turn.number,
            turn.speaker,
            turn.text,
            turn.start_ms,
            turn.end_ms,
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


async def test_two_workers_at_once_evaluate_a_call_once(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world)
    evaluator = Evaluator(world.database, MeetingJudge(), clock)
    await asyncio.gather(evaluator.evaluate(call_id), evaluator.evaluate(call_id))
    left = await written(world, call_id)
    assert (left["state"], len(left["attempts"]), len(left["facts"])) == ("done", 1, 1)


async def test_a_call_in_which_the_trainee_said_nothing_is_no_attempt(world: World, clock: FixedClock) -> None:
    call_id = await finished_call(world, GOOD_CALL[:1])
    await Evaluator(world.database, LocalJudge(), clock).evaluate(call_id)
    left = await written(world, call_id)
    assert (left["state"], left["attempts"], left["facts"]) == ("not_assessable", [], [])


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
