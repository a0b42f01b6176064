"""Forgets what is of no use any more, in small pieces, so that it keeps nobody waiting."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from accounts.letters.sending import LATEST
from accounts.links.one_time import KEPT_AFTER_EXPIRY
from core.clock import Clock
from core.db import Database
from core.rate_limits import RateLimiter

HOURLY = "23 * * * *"
ENDED_LOGINS_KEPT = timedelta(days=1)
"""Until then a client that comes late with its refresh token is told so, and nobody is surprised by a log."""


@dataclass(frozen=True, slots=True)
class _Leftovers:
    """Rows of one table that may go: those before `now - kept`."""

    statement: str
    kept: timedelta


_GONE = "delete from {0} where {1} in (select {1} from {0} as old where {2} limit $2 for update skip locked)"
_LEFTOVERS: Sequence[_Leftovers] = (
    _Leftovers(_GONE.format("auth.logins", "id", "revoked_at < $1"), ENDED_LOGINS_KEPT),
    _Leftovers(
        _GONE.format(
            "auth.logins",
            "id",
            """coalesce(refreshed_at, created_at) < $1 and not exists (
                 select from auth.refresh_tokens t where t.login_id = old.id and t.expires_at > $1
               )""",
        ),
        ENDED_LOGINS_KEPT,
    ),
    _Leftovers(_GONE.format("auth.refresh_tokens", "id", "expires_at < $1"), timedelta(0)),
    _Leftovers(_GONE.format("auth.one_time_tokens", "id", "expires_at < $1"), KEPT_AFTER_EXPIRY),
    _Leftovers(_GONE.format("auth.letters", "id", "created_at < $1"), KEPT_AFTER_EXPIRY + LATEST),
    _Leftovers(_GONE.format("auth.email_changes", "user_id", "requested_at < $1"), KEPT_AFTER_EXPIRY + LATEST),
)


class Tidying:
    """Tidies the tables of accounts, of each kind at most `most_batches` of `batch` rows: the rest waits its turn.

    Running it on two servers at the same time does no harm.
    """

    def __init__(self, database: Database, clock: Clock, *, batch: int = 1_000, most_batches: int = 100) -> None:
        self._database = database
        self._clock = clock
        self._batch = batch
        self._most_batches = most_batches

    async def tidy(self) -> int:
        """How many rows went."""
        now, limiter = self._clock.now(), RateLimiter(self._database, self._clock)
        gone = [
            await self._repeated(partial(self._forget, leftovers.statement, now - leftovers.kept))
            for leftovers in _LEFTOVERS
        ]
        return sum(gone) + await self._repeated(partial(limiter.forget_full, self._batch))

    async def _forget(self, statement: str, before: datetime) -> int:
        async with self._database.acting_as_service() as tx:
            return int((await tx.execute(statement, before, self._batch)).split()[-1])

    async def _repeated(self, forget_some: Callable[[], Awaitable[int]]) -> int:
        total = 0
        for _ in range(self._most_batches):
            gone = await forget_some()
            total += gone
            if gone < self._batch:
                break
        return total
