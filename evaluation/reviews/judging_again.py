"""Asks the model again about calls that rules have judged in its place, when it may be back.

Such results are provisional. They are tried ten minutes later, then each time four times as long after, up to five
times within a week; and never again once a person has looked, or is about to.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import facts
from core.clock import Clock
from core.db import Database
from core.jobs import Subscriptions
from evaluation import queries as calls
from evaluation.evidence import verified
from evaluation.jobs import JUDGE_TIMEOUT_S, frozen_rubric_of, subject_of
from evaluation.judgement import ForWhom, Judge, Judgement
from evaluation.loading import conversation_of
from evaluation.report import report_json
from evaluation.reviews import queries
from evaluation.reviews.effective import attempt_values
from evaluation.reviews.stored import judgement_json
from evaluation.scores import scores_of

log = logging.getLogger(__name__)

CALL_JUDGED_AGAIN = "CallJudgedAgain"
EVERY_TEN_MINUTES = "*/10 * * * *"
MOST_TIMES = 6
"""The first judgement and five more tries."""
BATCH = 20


@dataclass(frozen=True, slots=True)
class JudgingAgain:
    """Running it twice, or on two servers at once, judges nothing twice."""

    database: Database
    judge: Judge
    clock: Clock

    async def judge_again(self) -> int:
        """How many provisional results the model has replaced. Ends at the first call that it fails at again."""
        async with self.database.acting_as_service() as tx:
            rows = await tx.fetch(queries.TO_JUDGE_AGAIN, self.clock.now(), MOST_TIMES, BATCH)
        replaced = 0
        for row in rows:
            try:
                judgement, report = await self._judged(row["call_id"])
            except TimeoutError:
                await self._tried_in_vain(row["call_id"])
                break
            except Exception:  # what is wrong with one call must not keep the others waiting for days
                log.exception("Call %s could not be judged again.", row["call_id"])
                await self._tried_in_vain(row["call_id"])
                continue
            if judgement.stood_in is None:
                replaced += await self._replace(row["call_id"], judgement, report)
                continue
            await self._tried_in_vain(row["call_id"])
            if judgement.stood_in == "model_failed":
                break  # of what was used up by one person another may have a share left
        return replaced

    async def _tried_in_vain(self, call_id: UUID) -> None:
        async with self.database.acting_as_service() as tx:
            await tx.execute(queries.TRIED_IN_VAIN, call_id)

    async def _judged(self, call_id: UUID) -> tuple[Judgement, dict[str, Any]]:
        async with self.database.acting_as_service() as tx:
            call = await calls.call(tx, call_id)
            turns, moods = await calls.turns(tx, call_id), await calls.moods(tx, call_id)
            before = await tx.fetchrow(queries.JUDGED, call_id)
        assert call is not None, "an evaluation belongs to a call"
        rubric, conversation = await frozen_rubric_of(call), conversation_of(call, turns, moods)
        passing_grade = before["report"]["passing_grade"]
        for_whom = ForWhom(call["user_id"], call_id, passing_grade)
        async with asyncio.timeout(JUDGE_TIMEOUT_S):
            judgement = verified(await self.judge.judge(rubric, conversation, for_whom), conversation)
        scores = scores_of(rubric, judgement, conversation, passing_grade)
        subject = subject_of(call, passing_grade, self.clock.now())
        report = report_json(subject, rubric, judgement, scores, conversation)
        return judgement, report | {"attempt_id": before["report"].get("attempt_id")}

    async def _replace(self, call_id: UUID, judgement: Judgement, report: dict[str, Any]) -> bool:
        now, model = self.clock.now(), judgement.model
        async with self.database.acting_as_service() as tx:
            row = await tx.fetchrow(queries.JUDGED, call_id)
            if row is None or row["review_id"] is not None or "stood_in" not in row["report"]["judge"]:
                return False
            await tx.execute(queries.KEEP_VERSION, call_id, now)
            await tx.execute(
                queries.JUDGED_AGAIN,
                call_id,
                report,
                f"{judgement.judge}-{judgement.version}",
                report["rubric"]["hash"],
                model.name if model else None,
                model.prompt_hash if model else None,
                dict(model.usage) if model else {},
                now,
            )
            await tx.execute(calls.KEEP_JUDGEMENT, call_id, judgement_json(judgement))
            await tx.execute(queries.CORRECT_ATTEMPT, row["attempt_id"], *attempt_values(report))
            payload = {"call_id": str(call_id), "attempt_id": str(row["attempt_id"]), "passed": report["passed"]}
            await facts.emit(tx, CALL_JUDGED_AGAIN, payload)
        log.info("Call %s was judged again: %s of 100.", call_id, report["overall_score"])
        return True


def subscribe(subscriptions: Subscriptions, database: Database, judge: Judge, clock: Clock) -> None:
    """Names what is done at set times."""
    again = JudgingAgain(database, judge, clock)
    subscriptions.at(EVERY_TEN_MINUTES, "evaluation.judge-again", again.judge_again)
