"""Who judges: the model while it can and may, else the rules, and then the report says so."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.chat_model import Spent
from core.clock import Clock
from core.db import Database
from core.model_usage import UsageBook
from evaluation.conversation import Conversation
from evaluation.judgement import ForWhom, Judgement, ModelUsed, StandIn
from evaluation.local_judge.judge import judge_locally
from evaluation.openai_judge.judge import JudgeFailed, OpenAIJudge
from evaluation.rubric import Rubric

log = logging.getLogger(__name__)

MODEL_FAILED = "The judge could not be reached, so that simple rules have judged this call."
LIMIT_REACHED = "You have used up today's share of the judge, so that simple rules have judged this call."
PURPOSE = "judge"


@dataclass(frozen=True, slots=True)
class ModelElseRules:
    """The Judge interface over a model and, where it fails or was used enough, over the rules. Never fails itself."""

    database: Database
    model: OpenAIJudge
    book: UsageBook
    clock: Clock
    tokens_per_person_per_day: int

    async def judge(self, rubric: Rubric, conversation: Conversation, for_whom: ForWhom) -> Judgement:
        """Verdicts for every check and outcome of the rubric; with a `doubt` if they are the rules' alone."""
        if await self._used(for_whom) >= self.tokens_per_person_per_day:
            return await _by_rules(rubric, conversation, LIMIT_REACHED, "limit_reached")
        try:
            judgement, spent = await self.model.judge(rubric, conversation, for_whom.passing_grade)
        except JudgeFailed as failed:
            log.warning("The judge has failed: %s", failed)
            await self._note(for_whom, failed.spent)
            return await _by_rules(rubric, conversation, MODEL_FAILED, "model_failed")
        await self._note(for_whom, spent)
        return replace(judgement, model=self._with_usage(judgement, spent))

    async def _used(self, for_whom: ForWhom) -> int:
        async with self.database.acting_as_service() as tx:
            return await self.book.tokens_today(tx, for_whom.user_id, PURPOSE, self.clock.now())

    async def _note(self, for_whom: ForWhom, readings: Sequence[Spent]) -> None:
        async with self.database.acting_as_service() as tx:
            for spent in readings:
                await self.book.write(
                    tx,
                    user_id=for_whom.user_id,
                    call_id=for_whom.call_id,
                    purpose=PURPOSE,
                    model=self.model.chat.name,
                    spent=spent,
                    now=self.clock.now(),
                )

    def _with_usage(self, judgement: Judgement, readings: Sequence[Spent]) -> ModelUsed:
        """What all readings cost together, and each; one that failed has cost something, too."""
        assert judgement.model is not None
        together = self._usage(sum(readings, Spent()))
        each: list[Mapping[str, Any]] = [self._usage(spent) for spent in readings]
        return replace(judgement.model, usage={**together, "readings": each} if len(each) > 1 else together)

    def _usage(self, spent: Spent) -> dict[str, float | int]:
        cost_usd = self.book.cost_usd(self.model.chat.name, spent)
        return {
            "input_tokens": spent.input_tokens,
            "cached_tokens": spent.cached_tokens,
            "output_tokens": spent.output_tokens,
            **({"cost_usd": cost_usd} if cost_usd is not None else {}),
        }


async def _by_rules(rubric: Rubric, conversation: Conversation, doubt: str, why: StandIn) -> Judgement:
    return replace(await asyncio.to_thread(judge_locally, rubric, conversation), doubt=doubt, stood_in=why)
