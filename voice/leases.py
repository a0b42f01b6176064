"""Who holds a call: a server under a lease that it renews, so that a dead server's calls are found and closed."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from core import facts
from core.db import Database
from core.errors import Unavailable
from voice import queries
from voice.recording_journal import JournalBroken, end_ms
from voice.runner import CALL_ENDED

log = logging.getLogger(__name__)

RENEWALS_PER_LEASE = 3


async def close_abandoned_calls(database: Database, data_dir: Path) -> int:
    """Ends every call whose lease ran out as `interrupted`, with all that was stored of it; how many there were.

    The journal is looked at when it lies on this machine; it knows how long the call was.
    """
    async with database.acting_as_service() as tx:
        found = await queries.abandoned(tx)
    closed = 0
    for row in found:
        duration_ms = max(row["turns_end_ms"], await asyncio.to_thread(_journal_end_ms, data_dir, row["journal"]))
        closed += await _close(database, row["id"], duration_ms)
    return closed


async def _close(database: Database, call_id: UUID, duration_ms: int) -> bool:
    async with database.acting_as_service() as tx:
        ended: Any = await tx.fetchval(queries.END_ABANDONED, call_id, duration_ms)
        if ended is None:
            return False
        await tx.execute(queries.END_RECORDING, call_id)
        await facts.emit(tx, CALL_ENDED, {"call_id": str(call_id)})
    log.warning("Call %s was abandoned by its server; it is closed as interrupted after %s ms.", call_id, duration_ms)
    return True


def _journal_end_ms(data_dir: Path, journal: str | None) -> int:
    if journal is None:
        return 0
    try:
        return end_ms(data_dir / journal)
    except FileNotFoundError:
        return 0
    except (JournalBroken, OSError) as error:
        log.warning("The journal %s cannot be read: %s", journal, error)
        return 0


class HeldCall(Protocol):
    """What the keeper needs of a call that runs here."""

    @property
    def usage(self) -> Mapping[str, Any]:
        """What it has cost so far."""

    def offer(self, fresh_hash: bytes) -> None:
        """Its trainee was given a token with this hash, perhaps by another server."""

    def hang_up(self) -> None:
        """Its trainee wants to end it."""

    def abort(self) -> None:
        """Somebody else has closed it."""


class LeaseKeeper:
    """Renews the leases of this server's calls, and closes what other servers left behind.

    Each beat stores what the calls have cost, so that it is known of a call whose server dies, and carries out what
    was asked of other servers.
    """

    def __init__(
        self,
        database: Database,
        server_id: UUID,
        lease_ms: int,
        data_dir: Path,
        running: Mapping[UUID, HeldCall],
    ) -> None:
        self._database = database
        self._server_id = server_id
        self._lease_ms = lease_ms
        self._data_dir = data_dir
        self._running = running

    async def run(self) -> None:
        """Renews and looks round three times a lease, until it is cancelled."""
        while True:
            try:
                await self.beat()
            except Unavailable:
                log.warning("The database does not answer: leases could not be renewed.")
            except Exception:  # whatever it was, the leases of running calls must go on being renewed
                log.exception("Leases could not be renewed.")
            await asyncio.sleep(self._lease_ms / 1_000 / RENEWALS_PER_LEASE)

    async def beat(self) -> None:
        """Renews and looks round once."""
        usages = {call_id: call.usage for call_id, call in self._running.items()}
        if usages:
            async with self._database.acting_as_service() as tx:
                lease = timedelta(milliseconds=self._lease_ms)
                held = await queries.renew_leases(tx, self._server_id, usages, lease)
            for call_id in usages:
                self._follow(call_id, held.get(call_id))
        await close_abandoned_calls(self._database, self._data_dir)

    def _follow(self, call_id: UUID, row: Any | None) -> None:
        call = self._running.get(call_id)
        if call is None:
            return
        if row is None:
            log.error("The lease of call %s was lost to another server.", call_id)
            call.abort()
        else:
            call.offer(row["token_hash"])
            if row["hang_up_requested"]:
                call.hang_up()
