"""What answers of language models have cost, written down request by request, and counted for limits of a person."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from core.chat_model import PriceList, Spent
from core.db import Tx

_INSERT = """
insert into public.model_usage
  (user_id, call_id, purpose, model, input_tokens, cached_tokens, output_tokens, cost_usd, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""

_TOKENS = """
select coalesce(sum(input_tokens + output_tokens), 0) from public.model_usage
 where user_id = $1 and purpose = $2 and created_at > $3
"""


@dataclass(frozen=True, slots=True)
class UsageBook:
    """The book; `tx` acts as the service."""

    prices: PriceList = field(default_factory=PriceList)

    def cost_usd(self, model: str, spent: Spent) -> float | None:
        """What it costs; None for a model without a price."""
        return self.prices.cost_usd(model, spent)

    async def write(
        self, tx: Tx, *, user_id: UUID, call_id: UUID | None, purpose: str, model: str, spent: Spent, now: datetime
    ) -> None:
        """Notes what was spent; nothing when nothing was."""
        if spent == Spent():
            return
        cost_usd = self.cost_usd(model, spent)
        tokens = (spent.input_tokens, spent.cached_tokens, spent.output_tokens)
        await tx.execute(_INSERT, user_id, call_id, purpose, model, *tokens, cost_usd, now)

    async def tokens_today(self, tx: Tx, user_id: UUID, purpose: str, now: datetime) -> int:
        """How many tokens this person has made models read and write in the last day."""
        tokens: int = await tx.fetchval(_TOKENS, user_id, purpose, now - timedelta(days=1))
        return tokens
