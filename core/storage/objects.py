"""What can be done with objects: each operation is one transaction as the person who asks, so row security decides.

The bytes are stored before the row that names them: a row always has its bytes. What is stored and gets no row is
removed at once, and whatever a row stops to name by the fact that the database writes (`core/storage/jobs.py`).
"""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from core.blobs import BlobInfo, Blobs
from core.db import Database, Tx
from core.errors import CallXError, NotFound, TooLarge, Unavailable
from core.identity import Person
from core.storage import queries
from core.storage.errors import (
    access_denied,
    already_exists,
    bucket_not_found,
    database_error,
    not_signed_in,
    object_not_found,
    too_large,
)
from core.storage.object_names import ObjectName
from core.storage.shapes import Bucket, Details, StoredObject, Upload, blob_key, system_metadata

log = logging.getLogger(__name__)

LARGEST_OBJECT_BYTES = 5 * 1024**3
"""Where a bucket has no limit of its own."""


class Objects:
    """The operations. All raise StorageError, and Unavailable when the database or the object store does not answer."""

    def __init__(self, database: Database, blobs: Blobs) -> None:
        self._database = database
        self._blobs = blobs

    @asynccontextmanager
    async def acting_as(self, person: Person, *, read_only: bool = False) -> AsyncIterator[Tx]:
        """A transaction whose refusals are this wire's."""
        try:
            async with self._database.acting_as(person, read_only=read_only) as tx:
                yield tx
        except asyncpg.PostgresError as error:
            raise database_error(error.sqlstate or "") from error

    async def bucket(self, bucket_id: str) -> Bucket:
        """What the bucket takes; asked as the service, because buckets are shown to admins alone."""
        async with self._database.acting_as_service() as tx:
            row = await tx.fetchrow(queries.BUCKET_RULES, bucket_id)
        if row is None:
            raise bucket_not_found()
        limit = row["file_size_limit"] or LARGEST_OBJECT_BYTES
        return Bucket(row["id"], row["public"], limit, row["allowed_mime_types"])

    async def find(self, person: Person, name: ObjectName) -> StoredObject:
        """The object, if the person may see it: whoever is not signed in, in public buckets only."""
        if person.kind != "anonymous":
            async with self.acting_as(person, read_only=True) as tx:
                if row := await tx.fetchrow(queries.FIND, name.bucket, name.path):
                    return StoredObject.of_row(row)
        async with self._database.acting_as_service() as tx:
            row = await tx.fetchrow(queries.FIND_PUBLIC, name.bucket, name.path)
        return _found(row)

    async def find_public(self, name: ObjectName) -> StoredObject:
        """The object of a public bucket, whoever asks. NoSuchBucket for every other bucket."""
        if not (await self.bucket(name.bucket)).public:
            raise bucket_not_found()
        async with self._database.acting_as_service() as tx:
            return _found(await tx.fetchrow(queries.FIND_PUBLIC, name.bucket, name.path))

    async def visible_names(self, person: Person, bucket_id: str, paths: Sequence[str]) -> set[str]:
        """Which of these the person may see."""
        if person.kind == "anonymous":
            return set()
        async with self.acting_as(person, read_only=True) as tx:
            return {row["name"] for row in await tx.fetch(queries.FIND_NAMES, bucket_id, list(paths))}

    async def check_put(self, person: Person, name: ObjectName, *, upsert: bool) -> Bucket:
        """Whether the person may write the object: asks before any byte is taken, by writing and taking it back."""
        bucket = await self.bucket(name.bucket)
        try:
            async with self.acting_as(person) as tx:
                await _write(tx, name, uuid4(), {}, {}, upsert=upsert)
                raise _TakenBack
        except _TakenBack:
            return bucket

    async def put(
        self, person: Person, name: ObjectName, bucket: Bucket, upload: Upload, *, upsert: bool
    ) -> StoredObject:
        """Stores what comes, all or nothing, under a name that was free (or, for `upsert`, in place of what has it).

        `bucket` is what `check_put` gave for the name.
        """
        bucket.check_type(upload.details.content_type)
        version = uuid4()
        try:
            stored = await self._blobs.put(
                blob_key(version), upload.chunks, upload.details.content_type, most_bytes=bucket.most_bytes
            )
        except TooLarge as error:
            raise too_large() from error
        return await self.commit(person, name, version, stored, upload.details, upsert=upsert)

    async def commit(
        self, person: Person, name: ObjectName, version: UUID, stored: BlobInfo, details: Details, *, upsert: bool
    ) -> StoredObject:
        """Gives bytes that lie under `blob_key(version)` their row; removes them if the row is refused."""
        metadata = system_metadata(
            version, stored.size_bytes, stored.modified_at, details.content_type, details.cache_control
        )
        try:
            async with self.acting_as(person) as tx:
                return await _write(tx, name, version, metadata, details.user_metadata, upsert=upsert)
        except Unavailable:
            # The row may be there all the same: whoever tidies up later looks first.
            log.warning("Nobody knows whether version %s of an object got its row.", version)
            raise
        except CallXError:
            await self._forget(version)
            raise

    async def remove(self, person: Person, bucket_id: str, paths: Sequence[str]) -> list[StoredObject]:
        """Removes what the person may remove of these, and says what that was."""
        if person.kind == "anonymous":
            raise not_signed_in()
        async with self.acting_as(person) as tx:
            try:
                async with tx.transaction():
                    rows = await tx.fetch(queries.REMOVE, bucket_id, list(paths))
            except asyncpg.InsufficientPrivilegeError:
                return []  # as for a row that policies keep: it is not among the removed
            return [StoredObject.of_row(row) for row in rows]

    async def move(self, person: Person, source: ObjectName, target: ObjectName) -> StoredObject:
        """Renames the object, into another bucket too if that one takes it."""
        found = await self.find(person, source)
        if target.bucket != source.bucket:
            await self._check_fits(found, target.bucket)
        async with self.acting_as(person) as tx:
            row = await tx.fetchrow(queries.MOVE, source.bucket, source.path, target.bucket, target.path)
            if row is None:
                raise access_denied()  # it was visible a moment ago
            return StoredObject.of_row(row)

    async def copy(
        self,
        person: Person,
        source: ObjectName,
        target: ObjectName,
        *,
        upsert: bool,
        user_metadata: Mapping[str, Any] | None = None,
    ) -> StoredObject:
        """Makes a second object with the same bytes; `user_metadata` replaces that of the first."""
        found = await self.find(person, source)
        if source == target:
            raise already_exists()
        await self.check_put(person, target, upsert=upsert)
        await self._check_fits(found, target.bucket)
        version = uuid4()
        try:
            stored = await self._blobs.copy(found.key, blob_key(version))
        except NotFound as error:
            raise object_not_found() from error
        kept = found.user_metadata if user_metadata is None else user_metadata
        details = Details(found.content_type, found.cache_control, kept)
        return await self.commit(person, target, version, stored, details, upsert=upsert)

    async def _check_fits(self, found: StoredObject, bucket_id: str) -> None:
        bucket = await self.bucket(bucket_id)
        bucket.check_type(found.content_type)
        bucket.check_size(found.size_bytes)

    async def _forget(self, version: UUID) -> None:
        try:
            await self._blobs.delete(blob_key(version))
        except Unavailable:
            log.warning("The bytes of version %s stay behind without a row.", version)


class _TakenBack(Exception):
    pass


async def _write(
    tx: Tx,
    name: ObjectName,
    version: UUID,
    metadata: Mapping[str, Any],
    user_metadata: Mapping[str, Any],
    *,
    upsert: bool,
) -> StoredObject:
    statement = queries.UPSERT if upsert else queries.INSERT
    row = await tx.fetchrow(statement, name.bucket, name.path, version, dict(metadata), dict(user_metadata))
    return _found(row)


def _found(row: asyncpg.Record | None) -> StoredObject:
    if row is None:
        raise object_not_found()
    return StoredObject.of_row(row)
