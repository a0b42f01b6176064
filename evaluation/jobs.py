"""After a call: judge it, write the report card and the attempt."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from core import facts
from core.clock import Clock
from core.db import Database, Tx
from core.facts import Fact
from core.jobs import Subscriptions
from evaluation import queries
from evaluation.conversation import Conversation
from evaluation.evidence import verified
from evaluation.judgement import ForWhom, Judge, Judgement
from evaluation.loading import conversation_of
from evaluation.report import ReportSubject, report_json
from evaluation.reviews.stored import judgement_json
from evaluation.rubric import Rubric, rubric_of
from evaluation.scores import Scores, scores_of, silent_scores

log = logging.getLogger(__name__)

CALL_EVALUATED = "CallEvaluated"
NOTHING_SAID = "Nothing that you said could be heard in this call, so there is nothing to assess."
NOTHING_IN_WORDS = (
    "What you said in this call could not be transcribed, so there is nothing to assess. The recording has it."
)
RUBRIC_UNUSABLE = "The rubric of this simulation cannot be used. When it is mended, this call is judged by it."
NOBODY_JUDGED = Judgement("rule", "1", ())
"""A silent exam is decided by a rule: there is nothing to read for a judge."""
JUDGE_TIMEOUT_S = 120
SPARE_S = 15
LOOK_AGAIN_S = 0.2


class RubricUnusable(Exception):
    """The call's rubric is not one; judging waits until an admin has mended it."""

    permanent = True


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Turns a finished call into a report card; running it again for the same call changes nothing."""

    database: Database
    judge: Judge
    clock: Clock

    async def call_to_judge(self, fact: Fact) -> None:
        """Follows the facts `CallEnded {call_id}` and `RubricMended {call_id}`."""
        await self.evaluate(UUID(fact.payload["call_id"]))

    async def evaluate(self, call_id: UUID) -> None:
        """Judges one call, or waits until whoever is at it has done so; if they die, this one begins anew.

        Raises, after noting it with the evaluation, RubricUnusable and what the judge raises; then the job retries.
        """
        while True:
            async with self.database.acting_as_service() as tx:
                call = await queries.call(tx, call_id)
                if call is None or await queries.is_judged(tx, call_id):
                    return
                if await queries.begin(tx, call_id, self.clock.now(), timedelta(seconds=JUDGE_TIMEOUT_S + SPARE_S)):
                    turns, moods = await queries.turns(tx, call_id), await queries.moods(tx, call_id)
                    break
            await asyncio.sleep(LOOK_AGAIN_S)
        conversation = conversation_of(call, turns, moods)
        try:
            async with asyncio.timeout(JUDGE_TIMEOUT_S):
                await self._judge(call, conversation)
        except Exception as error:
            reason = RUBRIC_UNUSABLE if isinstance(error, RubricUnusable) else type(error).__name__
            async with self.database.acting_as_service() as tx:
                await tx.execute(queries.FAILED, call_id, reason)
            raise

    async def _judge(self, call: Any, conversation: Conversation) -> None:
        rubric = await frozen_rubric_of(call)
        if conversation.anything_in_words:
            for_whom = ForWhom(call["user_id"], call["id"], call["passing_grade"])
            judgement = verified(await self.judge.judge(rubric, conversation, for_whom), conversation)
            scores = scores_of(rubric, judgement, conversation, call["passing_grade"])
        elif call["mode"] == "exam" and conversation.stayed_silent:
            judgement, scores = NOBODY_JUDGED, silent_scores()
        else:
            why = NOTHING_IN_WORDS if conversation.trainee_turns else NOTHING_SAID
            async with self.database.acting_as_service() as tx:
                now = self.clock.now()
                await tx.execute(queries.NOT_ASSESSABLE, call["id"], "none", rubric.content_hash, why, now)
            return
        subject = subject_of(call, call["passing_grade"], self.clock.now())
        report = report_json(subject, rubric, judgement, scores, conversation)
        async with self.database.acting_as_service() as tx:
            await self._store(tx, call, scores, report, judgement)
        log.info("Call %s was evaluated: %s of 100.", call["id"], scores.overall)

    async def _store(self, tx: Tx, call: Any, scores: Scores, report: dict[str, Any], judgement: Judgement) -> None:
        attempt_id = await tx.fetchval(
            queries.ATTEMPT,
            call["user_id"],
            call["simulation_id"],
            scores.overall,
            scores.passed,
            scores.script_adherence,
            scores.empathy,
            scores.call_flow,
            report["transcript"],
            call["ended_at"] or self.clock.now(),
            call["id"],
            call["duration_ms"],
            call["mode"],
        ) or await tx.fetchval(queries.ATTEMPT_OF_CALL, call["id"])
        report["attempt_id"] = str(attempt_id)
        judge = f"{report['judge']['kind']}-{report['judge']['version']}"
        finished_at = self.clock.now()
        model = judgement.model
        told = (model.name, model.prompt_hash, dict(model.usage)) if model else (None, None, {})
        values = (judge, report["rubric"]["hash"], report, attempt_id, finished_at)
        if await tx.fetchval(queries.DONE, call["id"], *values, *told):
            await tx.execute(queries.KEEP_JUDGEMENT, call["id"], judgement_json(judgement))
            payload = {"call_id": str(call["id"]), "attempt_id": str(attempt_id), "passed": scores.passed}
            await facts.emit(tx, CALL_EVALUATED, payload)


def subject_of(call: Any, passing_grade: int, judged_at: datetime) -> ReportSubject:
    """What the report on a call is headed by."""
    return ReportSubject(
        call_id=call["id"],
        simulation_id=call["simulation_id"],
        title=call["title"],
        mode=call["mode"],
        passing_grade=passing_grade,
        answered_at=call["answered_at"] or call["created_at"],
        judged_at=judged_at,
    )


async def frozen_rubric_of(call: Any) -> Rubric:
    """The rubric that a call was begun with. Raises RubricUnusable."""
    try:
        return await asyncio.to_thread(rubric_of, call["rubric"])  # the default one is read from its file
    except ValidationError as error:
        raise RubricUnusable(f"Call {call['id']} has an unusable rubric: {error}") from error


def subscribe(subscriptions: Subscriptions, evaluator: Evaluator) -> None:
    """Names the facts that the evaluation follows."""
    subscriptions.on("CallEnded", "evaluation.judge-call", evaluator.call_to_judge)
    subscriptions.on("RubricMended", "evaluation.judge-call-again", evaluator.call_to_judge)
