"""What nobody finishes is removed: expired uploads, parts that belong to none, files that a killed server had begun."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from uuid import UUID

import asyncpg

from core.blobs import Blobs
from core.clock import Clock
from core.db import Database
from core.errors import CallXError
from core.facts import Fact
from core.jobs import Subscriptions
from core.storage.resumable import queries
from core.storage.resumable.uploads import LIFETIME, PREFIX, parts_prefix

log = logging.getLogger(__name__)

UPLOAD_PARTS_ABANDONED = "UploadPartsAbandoned"
EVERY_S = 3_600
_AT_ONCE = 500


class Tidier:
    """Any number of servers may tidy up at the same time."""

    def __init__(self, database: Database, blobs: Blobs, clock: Clock) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock

    async def run(self) -> None:
        """Tidies up now and every hour, until it is cancelled."""
        while True:
            try:
                await self.tidy_up()
            except (CallXError, OSError, asyncpg.PostgresError) as error:
                log.warning("Uploads cannot be tidied up: %r", error)
            await asyncio.sleep(EVERY_S)

    async def tidy_up(self) -> None:
        """One round. What is younger than an upload's life is left alone, because its row may be on its way."""
        now = self._clock.now()
        async with self._database.acting_as_service() as tx:
            expired = await tx.fetchval(queries.REMOVE_EXPIRED, now)
        strays = await self._remove_strays(now - LIFETIME)
        leftovers = await self._blobs.remove_leftovers(now - LIFETIME)
        if expired or strays or leftovers:
            log.info("Removed %d expired uploads, %d stray parts, %d unfinished files.", expired, strays, leftovers)

    async def parts_abandoned(self, fact: Fact) -> None:
        """Follows the fact `UploadPartsAbandoned {upload_id}` of an upload that is finished or gone."""
        await self._blobs.delete_below(parts_prefix(UUID(str(fact.payload["upload_id"]))))

    async def _remove_strays(self, before: datetime) -> int:
        removed = 0
        async with aclosing(self._old_parts(before)) as batches:
            async for batch in batches:
                async with self._database.acting_as_service() as tx:
                    rows = await tx.fetch(queries.UNFINISHED, list({upload_id for _, upload_id in batch}))
                unfinished = {row["id"] for row in rows}
                for key, upload_id in batch:
                    if upload_id not in unfinished:
                        await self._blobs.delete(key)
                        removed += 1
        return removed

    async def _old_parts(self, before: datetime) -> AsyncGenerator[list[tuple[str, UUID]], None]:
        batch = []
        async with aclosing(self._blobs.list_below(PREFIX)) as blobs:
            async for blob in blobs:
                upload_id = _upload_of(blob.key)
                if upload_id is not None and blob.modified_at < before:
                    batch.append((blob.key, upload_id))
                if len(batch) >= _AT_ONCE:
                    yield batch
                    batch = []
        yield batch


def subscribe(subscriptions: Subscriptions, database: Database, blobs: Blobs, clock: Clock) -> None:
    """Names the fact that resumable uploads follow."""
    tidier = Tidier(database, blobs, clock)
    subscriptions.on(UPLOAD_PARTS_ABANDONED, "storage.remove-upload-parts", tidier.parts_abandoned)


def _upload_of(key: str) -> UUID | None:
    segments = key.split("/")
    try:
        return UUID(segments[1]) if len(segments) == 3 else None
    except ValueError:
        return None
