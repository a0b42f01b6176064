"""Bytes that no row names any more leave the object store."""

import re
from uuid import UUID

from core.blobs import Blobs
from core.db import Database
from core.facts import Fact
from core.jobs import Subscriptions
from core.storage import queries

BLOB_ABANDONED = "BlobAbandoned"
_VERSION = re.compile(r"objects/([0-9a-f-]{36})")


class BlobRemover:
    """Removes abandoned blobs; doing it again changes nothing."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    async def blob_abandoned(self, fact: Fact) -> None:
        """Follows the fact `BlobAbandoned {key}`, which the database writes when a row lets go of its bytes."""
        key = str(fact.payload["key"])
        if not await self._is_named(key):
            await self._blobs.delete(key)

    async def _is_named(self, key: str) -> bool:
        found = _VERSION.fullmatch(key)
        if found is None:
            return False
        async with self._database.acting_as_service() as tx:
            return bool(await tx.fetchval(queries.IS_NAMED, UUID(found[1])))


def subscribe(subscriptions: Subscriptions, database: Database, blobs: Blobs) -> None:
    """Names the facts that storage follows."""
    subscriptions.on(BLOB_ABANDONED, "storage.remove-blob", BlobRemover(database, blobs).blob_abandoned)
