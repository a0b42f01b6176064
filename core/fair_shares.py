"""How much of something that all need one person may hold at once."""

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_HELD: ContextVar[frozenset[object]] = ContextVar("held_shares", default=frozenset())


@dataclass(slots=True)
class _Share:
    places: asyncio.Semaphore
    users: int = 0


class FairShares:
    """At most `most` at once for each key; whoever wants more waits behind those of the same key, and of no other."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._shares: dict[Hashable, _Share] = {}

    @asynccontextmanager
    async def place(self, key: Hashable, timeout_s: float) -> AsyncIterator[None]:
        """A place for as long as the block lasts. Raises TimeoutError when none becomes free in time.

        Whoever holds one already goes on with it: to wait for another could be to wait for oneself.
        """
        mine = (id(self), key)
        if mine in _HELD.get():
            yield
            return
        share = self._shares.setdefault(key, _Share(asyncio.Semaphore(self._most)))
        share.users += 1
        try:
            async with asyncio.timeout(timeout_s):
                await share.places.acquire()
            _HELD.set(_HELD.get() | {mine})
            try:
                yield
            finally:
                _HELD.set(_HELD.get() - {mine})
                share.places.release()
        finally:
            share.users -= 1
            if not share.users:
                del self._shares[key]
