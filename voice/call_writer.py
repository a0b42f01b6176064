"""Stores what happens in a call, in order and beside the sound: a slow database never delays anybody's voice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from core.db import Database, Tx
from core.errors import Unavailable

log = logging.getLogger(__name__)

MOST_WAITING = 1_000
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0

Statement = Callable[[Tx], Awaitable[Any]]


class CallWriter:
    """One call's writes, each in a short transaction as the service, tried again while the database is away.

    At most a thousand wait, which is more than a call has turns; beyond that the newest is lost and logged.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: asyncio.Queue[tuple[Statement, Callable[[], None] | None]] = asyncio.Queue(MOST_WAITING)

    def write(self, statement: Statement, then: Callable[[], None] | None = None) -> None:
        """Will run `statement`, and `then` once it is committed."""
        try:
            self._waiting.put_nowait((statement, then))
        except asyncio.QueueFull:
            log.error("The database is away for too long: something of the call is lost.")

    async def run(self) -> None:
        """Writes until it is cancelled."""
        while True:
            statement, then = await self._waiting.get()
            try:
                await self.write_now(statement)
                if then:
                    then()
            except Exception:  # one write that can never succeed must not hold up the others
                log.exception("Something of the call could not be stored.")
            finally:
                self._waiting.task_done()

    async def write_now(self, statement: Statement) -> Any:
        """Runs `statement` at once, again and again until the database answers; what it returned."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                async with self._database.acting_as_service() as tx:
                    return await statement(tx)
            except Unavailable:
                log.warning("The database does not answer; trying again in %.1f s.", pause_s)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def drain(self, timeout_s: float) -> bool:
        """Waits until everything is stored; False when that takes too long."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._waiting.join()
        except TimeoutError:
            return False
        return True
