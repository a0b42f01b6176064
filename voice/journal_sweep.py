"""Makes the recordings whose journals lie here, whichever worker was asked, and gives up those that nobody can make."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta

from core.errors import Unavailable
from voice import queries
from voice.jobs import RecordingMaker
from voice.journal_place import journal_place

log = logging.getLogger(__name__)

EVERY_S = 5.0
WORKERS_HAVE = timedelta(minutes=1)
"""So long a worker of this directory is left alone with a call that ended."""
KEEPER_MAY_BE_AWAY = timedelta(hours=24)
"""So long a server that does not come back keeps its recordings waiting."""


@dataclass(frozen=True, slots=True)
class JournalSweep:
    """Runs beside every server and worker; several over one data directory do no harm."""

    maker: RecordingMaker

    async def run(self) -> None:
        """Sweeps every few seconds, until it is cancelled."""
        while True:
            try:
                await self.once()
            except Unavailable:
                log.warning("The database does not answer: recordings wait.")
            except Exception:  # the next sweep may succeed
                log.exception("Recordings could not be made.")
            await asyncio.sleep(EVERY_S)

    async def once(self) -> None:
        """Makes what is due here, and marks as failed what has waited for its keeper for too long."""
        place = await journal_place(self.maker.data_dir)
        async with self.maker.database.acting_as_service() as tx:
            due = await tx.fetch(queries.RECORDINGS_DUE_HERE, place, WORKERS_HAVE)
            gone = await tx.fetch(queries.KEEPER_GONE, place, KEEPER_MAY_BE_AWAY)
        for row in gone:
            log.error("The recording of call %s is given up: no server has its journal.", row["call_id"])
        for row in due:
            try:
                await self.maker.make(row["call_id"])
            except Exception:  # one that cannot be made must not hold up the others
                log.exception("The recording of call %s could not be made.", row["call_id"])
