"""Reports about conversations that only a client knows: of some use to who practises elsewhere, and no proof."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from core.clock import Clock
from core.db import Database
from core.errors import Conflict
from core.identity import Person
from core.rate_limits import Bucket, Rate, RateLimiter
from evaluation.evidence import verified
from evaluation.judgement import ForWhom, Judge
from evaluation.loading import conversation_of
from evaluation.report import ReportSubject, report_json
from evaluation.requested import queries
from evaluation.requested.transcripts import Line, hash_of, rows_of, with_feedback
from evaluation.rubric import Rubric, rubric_of
from evaluation.scores import scores_of
from voice.scenarios import Simulation, simulation_for

NOT_HEARD = "This conversation did not go through the server, so nobody can vouch for it."
RATE = Rate("unverified-evaluations", burst=10, refill_ms=360_000)


@dataclass(frozen=True, slots=True)
class UnverifiedReports:
    """Judges what a client says was said; each conversation once."""

    database: Database
    judge: Judge
    clock: Clock

    async def report(self, person: Person, simulation_id: UUID, transcript: Sequence[Line]) -> dict[str, Any]:
        """The report, provisional by nature and kept apart from those of calls.

        Raises NotFound `simulation_not_found`, Conflict `not_assessable` and `rubric_unusable`, and TooManyRequests
        `too_many_unverified_evaluations`.
        """
        assert person.user_id is not None
        simulation = await simulation_for(self.database, person, simulation_id)
        key = (person.user_id, simulation_id, hash_of(transcript))
        async with self.database.acting_as_service() as tx:
            known = await queries.unverified(tx, *key)
            subject = await queries.subject(tx, simulation_id)
        if known is not None:
            kept: dict[str, Any] = known["report"]
            return kept
        call = {"scenario": simulation.script, "duration_ms": None, "end_reason": "trainee_hung_up"}
        call |= {"customer_outcome": None, "call_script": simulation.call_script}
        conversation = conversation_of(call, rows_of(transcript), [])
        if not conversation.anything_in_words:
            raise Conflict("The transcript holds nothing that the trainee said.", code="not_assessable")
        limiter = RateLimiter(self.database, self.clock)
        what = "Conversations that the server has not heard are judged ten at a time, and one more every six minutes."
        await limiter.take([Bucket(RATE, str(person.user_id))], code="too_many_unverified_evaluations", what=what)
        rubric = await _rubric_of(simulation)
        judgement = verified(await self.judge.judge(rubric, conversation, ForWhom(person.user_id)), conversation)
        judgement = replace(judgement, doubt=NOT_HEARD)
        scores = scores_of(rubric, judgement, conversation, subject["passing_grade"])
        now = self.clock.now()
        heading = ReportSubject(
            call_id=simulation_id,
            simulation_id=simulation_id,
            title=subject["title"],
            mode="practice",
            passing_grade=subject["passing_grade"],
            answered_at=now,
            judged_at=now,
        )
        report = report_json(heading, rubric, judgement, scores, conversation) | {"call_id": None, "verified": False}
        report["transcript"] = with_feedback(transcript, report["transcript"])
        async with self.database.acting_as_service() as tx:
            await queries.keep_unverified(tx, *key, transcript, report, now)
        return report


async def _rubric_of(simulation: Simulation) -> Rubric:
    try:
        return await asyncio.to_thread(rubric_of, simulation.rubric)
    except ValidationError as error:
        raise Conflict("The rubric of this simulation cannot be used.", code="rubric_unusable") from error
