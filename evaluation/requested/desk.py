"""Finds the call that a trainee wants judged, brings it to its end, and has it judged once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.db import Database
from core.errors import Conflict, Unavailable
from core.identity import Person
from evaluation import queries as calls
from evaluation.jobs import RUBRIC_UNUSABLE, Evaluator, RubricUnusable
from evaluation.loading import conversation_of
from evaluation.requested import queries
from evaluation.requested.transcripts import Line, differs, was_never_heard
from evaluation.requested.unverified import UnverifiedReports
from voice.scenarios import simulation_for

LOOK_AGAIN_S = 0.1
END_WAIT_S = 12.0
"""For a spoken call: its last words may still become text, and another server may hold it."""

OLD_AFTER = timedelta(hours=1)

HangUp = Callable[[UUID], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Requested:
    """A report, and how it came about; `attempt_id` is None for a conversation that the server has not heard."""

    report: Mapping[str, Any]
    attempt_id: UUID | None
    transcript_differs: bool


@dataclass(frozen=True, slots=True)
class RequestedEvaluations:
    """What stands behind `evaluate-simulation`. `hang_up` ends a call, by its medium."""

    database: Database
    evaluator: Evaluator
    unverified: UnverifiedReports
    hang_up: Mapping[str, HangUp]

    async def evaluate(self, person: Person, simulation_id: UUID, transcript: Sequence[Line]) -> Requested:
        """The report of the person's newest call of a simulation, from the server's own record of it.

        The transcript is compared, and nothing else: only where there is no such call, or an old one in which most of
        the transcript was not said, a report about the transcript is made and kept apart. A call is old once its report
        was handed out or an hour has passed.

        Raises NotFound `simulation_not_found`, Conflict `no_call`, `not_assessable` and `rubric_unusable`,
        TooManyRequests `too_many_unverified_evaluations`, and Unavailable `call_still_ending`.
        """
        assert person.user_id is not None
        async with self.database.acting_as(person, read_only=True) as tx:
            old_before = self.evaluator.clock.now() - OLD_AFTER
            call = await queries.newest_call(tx, person.user_id, simulation_id, old_before)
        if call is None:
            await simulation_for(self.database, person, simulation_id)
            if not transcript:
                raise Conflict("You have made no call of this simulation.", code="no_call")
            return await self._of_unheard(person, simulation_id, transcript)
        if call["is_old"] and transcript and was_never_heard(transcript, await self._turns(call["id"])):
            return await self._of_unheard(person, simulation_id, transcript)
        if call["state"] != "ended":
            await self._end(call)
        return await self._of_call(call["id"], transcript)

    async def _of_unheard(self, person: Person, simulation_id: UUID, transcript: Sequence[Line]) -> Requested:
        report = await self.unverified.report(person, simulation_id, transcript)
        return Requested(report, None, transcript_differs=True)

    async def _end(self, call: Any) -> None:
        await self.hang_up[call["medium"]](call["id"])
        for _ in range(round(END_WAIT_S / LOOK_AGAIN_S)):
            async with self.database.acting_as_service() as tx:
                if await queries.has_ended(tx, call["id"]):
                    return
            await asyncio.sleep(LOOK_AGAIN_S)
        raise Unavailable("Your call is still coming to its end. Ask again.", code="call_still_ending")

    async def _of_call(self, call_id: UUID, transcript: Sequence[Line]) -> Requested:
        try:
            await self.evaluator.evaluate(call_id)
        except RubricUnusable as error:
            raise Conflict(RUBRIC_UNUSABLE, code="rubric_unusable") from error
        async with self.database.acting_as_service() as tx:
            row = await queries.report_of(tx, call_id)
            if row is None or row["report"] is None:
                message = row["error"] if row else "The call is gone."
                raise Conflict(message, code="not_assessable")
            await queries.hand_out(tx, call_id, self.evaluator.clock.now())
        compared = bool(transcript) and differs(transcript, await self._turns(call_id))
        return Requested(row["report"], row["attempt_id"], compared)

    async def _turns(self, call_id: UUID) -> Sequence[Any]:
        async with self.database.acting_as_service() as tx:
            call = await calls.call(tx, call_id)
            return conversation_of(call, await calls.turns(tx, call_id), []).turns if call else ()
