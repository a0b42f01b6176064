"""After a call: its journal becomes a recording."""

import asyncio
import hashlib
import logging
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from core import facts
from core.blobs import Blobs
from core.db import Database
from core.facts import Fact
from core.jobs import Subscriptions
from voice import opus_encoder, queries
from voice.journal_place import journal_place
from voice.recorder import journal_path
from voice.recording_journal import JournalBroken
from voice.runner import CALL_ENDED

log = logging.getLogger(__name__)

RECORDING_READY = "RecordingReady"
RECORDING_ABANDONED = "RecordingAbandoned"


@dataclass(frozen=True, slots=True)
class RecordingMaker:
    """Encodes journals that lie on this machine; doing it again for the same call changes nothing."""

    database: Database
    blobs: Blobs
    data_dir: Path

    async def call_ended(self, fact: Fact) -> None:
        """Follows the fact `CallEnded {call_id}`."""
        await self.make(UUID(fact.payload["call_id"]))

    async def recording_abandoned(self, fact: Fact) -> None:
        """Follows the fact `RecordingAbandoned {call_id}`: what of the call lies on this machine's disk goes too."""
        await self._remove_journal(UUID(fact.payload["call_id"]))

    async def make(self, call_id: UUID) -> None:
        """Turns the call's journal into Ogg Opus in the object store; the journal goes only after that.

        A journal that lies in another data directory is left to the processes that have it: see `journal_sweep`.
        """
        async with self.database.acting_as_service() as tx:
            row = await tx.fetchrow(queries.RECORDING, call_id)
        if row is None:
            await self._remove_journal(call_id)
            return
        if row["kept_at"] not in (None, await journal_place(self.data_dir)):
            log.info("The journal of call %s lies elsewhere.", call_id)
            async with self.database.acting_as_service() as tx:
                await tx.execute(queries.LEFT_FOR_KEEPER, call_id)
            return
        journal = self.data_dir / row["journal"]
        if row["state"] == "ready" or await self._encode(call_id, row, journal):
            await asyncio.to_thread(shutil.rmtree, journal.parent, ignore_errors=True)

    async def _encode(self, call_id: UUID, row: Any, journal: Path) -> bool:
        key = f"recordings/{call_id}.ogg"
        with tempfile.TemporaryDirectory(prefix="callx-recording-") as folder:
            output = Path(folder) / "recording.ogg"
            try:
                await asyncio.to_thread(opus_encoder.encode, journal, row["call_duration_ms"] or 0, output)
            except (FileNotFoundError, JournalBroken) as error:
                log.error("There is no recording of call %s: %s", call_id, error)
                async with self.database.acting_as_service() as tx:
                    failure = "journal_broken" if isinstance(error, JournalBroken) else "journal_missing"
                    await tx.execute(queries.RECORDING_FAILED, call_id, failure)
                return False
            sha256 = await asyncio.to_thread(_sha256, output)
            stored = await self.blobs.put(key, output, opus_encoder.CONTENT_TYPE)
        async with self.database.acting_as_service() as tx:
            ready = await tx.fetchval(
                queries.RECORDING_READY, call_id, key, row["call_duration_ms"] or 0, stored.size_bytes, sha256
            )
            if ready:
                await facts.emit(tx, RECORDING_READY, {"call_id": str(call_id)})
            abandoned = not ready and await tx.fetchrow(queries.RECORDING, call_id) is None
        if abandoned:  # the person was deleted while their voice was being encoded
            await self.blobs.delete(key)
        return True

    async def _remove_journal(self, call_id: UUID) -> None:
        folder = journal_path(self.data_dir, str(call_id)).parent
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def subscribe(subscriptions: Subscriptions, maker: RecordingMaker) -> None:
    """Names the facts that the calls follow."""
    subscriptions.on(CALL_ENDED, "voice.make-recording", maker.call_ended)
    subscriptions.on(RECORDING_ABANDONED, "voice.remove-journal", maker.recording_abandoned)
