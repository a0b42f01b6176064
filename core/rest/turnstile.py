"""How many requests run at once, so that no caller takes the database from all others.

A statement may run for seconds, and one person can ask for many: without a limit those would hold every connection,
and calls that are going on could store nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from core.errors import TooManyRequests


@dataclass(slots=True)
class _Caller:
    places: asyncio.Semaphore
    present: int = 0


class Turnstile:
    """At most `at_once` requests pass together, `per_caller` of them of one caller, of whom `waiting` more may wait."""

    def __init__(self, *, at_once: int, per_caller: int = 3, waiting: int = 120) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._per_caller = per_caller
        self._most_present = per_caller + waiting
        self._callers: dict[str, _Caller] = {}

    @asynccontextmanager
    async def place(self, caller: str) -> AsyncIterator[None]:
        """Waits for its turn. Raises TooManyRequests `too_many_requests` when too many of this caller wait already."""
        known = self._callers.setdefault(caller, _Caller(asyncio.Semaphore(self._per_caller)))
        if known.present >= self._most_present:
            text = "Too many of your requests are waiting already."
            raise TooManyRequests(text, code="too_many_requests", retry_after_s=1)
        known.present += 1
        try:
            async with known.places, self._places:
                yield
        finally:
            known.present -= 1
            if not known.present:
                del self._callers[caller]
