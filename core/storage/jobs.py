"""Bytes that no row names any more leave the object store: at once when a row lets go of them, by night all others."""

import logging
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from uuid import UUID

from core.blobs import Blobs
from core.clock import Clock
from core.db import Database
from core.facts import Fact
from core.jobs import Subscriptions
from core.storage import queries
from core.storage.shapes import BLOBS_PREFIX, blob_key

log = logging.getLogger(__name__)

BLOB_ABANDONED = "BlobAbandoned"
EVERY_NIGHT = "23 4 * * *"
NAMELESS_FOR = timedelta(days=7)
"""How old bytes must be before it counts that no row names them: their row may be on its way."""
_VERSION = re.compile(rf"{BLOBS_PREFIX}/([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})")
_AT_ONCE = 500


class BlobRemover:
    """Removes what no row names; doing it again changes nothing."""

    def __init__(self, database: Database, blobs: Blobs, clock: Clock) -> None:
        self._database = database
        self._blobs = blobs
        self._clock = clock

    async def blob_abandoned(self, fact: Fact) -> None:
        """Follows the fact `BlobAbandoned {key}`, which the database writes when a row lets go of its bytes."""
        key = str(fact.payload["key"])
        version = _version_of(key)
        if version is None or version in await self._nameless({version}):
            await self._blobs.delete(key)

    async def remove_nameless(self) -> None:
        """Removes old bytes without a row: of a server that was killed between storing them and naming them."""
        removed = 0
        async with aclosing(self._old_versions()) as batches:
            async for batch in batches:
                for version in await self._nameless(batch):
                    await self._blobs.delete(blob_key(version))
                    removed += 1
        if removed:
            log.info("Removed %d objects that no row named.", removed)

    async def _nameless(self, versions: set[UUID]) -> set[UUID]:
        async with self._database.acting_as_service() as tx:
            rows = await tx.fetch(queries.NAMED_VERSIONS, list(versions))
        return versions - {row["version"] for row in rows}

    async def _old_versions(self) -> AsyncGenerator[set[UUID], None]:
        before = self._clock.now() - NAMELESS_FOR
        batch = set()
        async with aclosing(self._blobs.list_below(BLOBS_PREFIX)) as blobs:
            async for blob in blobs:
                version = _version_of(blob.key)
                if version is not None and blob.modified_at < before:
                    batch.add(version)
                if len(batch) >= _AT_ONCE:
                    yield batch
                    batch = set()
        yield batch


def subscribe(subscriptions: Subscriptions, database: Database, blobs: Blobs, clock: Clock) -> None:
    """Names the facts that storage follows, and what it does by night."""
    remover = BlobRemover(database, blobs, clock)
    subscriptions.on(BLOB_ABANDONED, "storage.remove-blob", remover.blob_abandoned)
    subscriptions.at(EVERY_NIGHT, "storage.remove-nameless-blobs", remover.remove_nameless)


def _version_of(key: str) -> UUID | None:
    found = _VERSION.fullmatch(key)
    return UUID(found[1]) if found else None
