"""Token buckets in the database: how often somebody may do something, counted over all servers of one place."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from core.clock import Clock
from core.db import Database
from core.errors import TooManyRequests

_TAKE = "select callx.take_tokens($1, $2, $3, $4)"
_RETURN = "select callx.return_tokens($1, $2)"
_FORGET = "select callx.forget_full_buckets($1, $2)"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `burst` at once, and one more every `refill_ms`, for each key; `name` keeps it apart from other rates."""

    name: str
    burst: int
    refill_ms: int

    def __post_init__(self) -> None:
        if self.burst < 1 or self.refill_ms < 1:
            raise ValueError("A rate needs a burst and a refill time, both of at least 1.")


@dataclass(frozen=True, slots=True)
class Bucket:
    """What one key has left of a rate."""

    rate: Rate
    key: str

    @property
    def id(self) -> bytes:
        """What the database knows it by: no address of a person stands there."""
        text = f"{self.rate.name}\0{self.key}"
        return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).digest()


class RateLimiter:
    """Takes tokens in transactions of its own, so that what was tried counts however the request ends.

    Everything raises Unavailable when the database does not answer: a limit that cannot be counted lets nobody through.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def wait_ms(self, buckets: Sequence[Bucket]) -> int:
        """Takes one token out of each bucket and returns 0, or takes none and returns the wait in milliseconds."""
        ids, refills = _columns(buckets)
        bursts = [bucket.rate.burst for bucket in buckets]
        async with self._database.acting_as_service() as tx:
            wait_ms: int = await tx.fetchval(_TAKE, ids, bursts, refills, self._clock.now())
        return wait_ms

    async def take(self, buckets: Sequence[Bucket], *, code: str, what: str) -> None:
        """Takes one token out of each bucket, or raises TooManyRequests with `code` and the seconds to wait."""
        if wait_ms := await self.wait_ms(buckets):
            wait_s = -(-wait_ms // 1_000)
            raise TooManyRequests(f"{what} Try again in {wait_s} seconds.", code=code, retry_after_s=wait_s)

    async def give_back(self, buckets: Sequence[Bucket]) -> None:
        """Puts back a token into each bucket: it turned out not to count."""
        async with self._database.acting_as_service() as tx:
            await tx.execute(_RETURN, *_columns(buckets))

    async def forget_full(self, limit: int) -> int:
        """Forgets at most `limit` buckets that are full again; how many there were."""
        async with self._database.acting_as_service() as tx:
            gone: int = await tx.fetchval(_FORGET, self._clock.now(), limit)
        return gone


def _columns(buckets: Sequence[Bucket]) -> tuple[list[bytes], list[int]]:
    return [bucket.id for bucket in buckets], [bucket.rate.refill_ms for bucket in buckets]
