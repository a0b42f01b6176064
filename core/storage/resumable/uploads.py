"""One resumable upload: begun, gone on with, finished, given up. Row security decides at its beginning and its end."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core.blobs import BlobInfo, Blobs
from core.clock import Clock
from core.errors import CallXError, NotFound, Unavailable
from core.identity import Person
from core.storage import queries as object_queries
from core.storage.errors import access_denied, too_large
from core.storage.object_names import ObjectName
from core.storage.objects import Objects
from core.storage.resumable import queries
from core.storage.resumable.protocol import Creation, Progress, refusal
from core.storage.shapes import Details, blob_key, system_metadata

log = logging.getLogger(__name__)

PREFIX = "uploads"
LIFETIME = timedelta(hours=24)
"""How long an upload waits for its next byte, and how long a finished one still answers."""
MOST_AT_ONCE = 50
"""Unfinished uploads of one person."""
FINISHER_TURN = timedelta(minutes=2)
FINISHER_RENEWS_AFTER_MS = 20_000
POLL_S = 0.5
PATIENCE_POLLS = 40
"""Clients try again for some ten seconds, and gigabytes take longer."""


@dataclass(frozen=True, slots=True)
class ResumableUpload:
    """A row of storage.resumable_uploads."""

    id: UUID
    name: ObjectName
    length: int
    received: int
    details: Details
    upsert: bool
    finished: bool
    expires_at: datetime

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "ResumableUpload":
        """From a row with the columns that `queries` selects."""
        return cls(
            id=row["id"],
            name=ObjectName(row["bucket_id"], row["name"]),
            length=row["length"],
            received=row["received"],
            details=Details(row["content_type"], row["cache_control"], row["user_metadata"]),
            upsert=row["upsert"],
            finished=row["finished_at"] is not None,
            expires_at=row["expires_at"],
        )

    @property
    def is_complete(self) -> bool:
        """Whether all bytes have arrived; there is an object only when it is `finished` too."""
        return self.received == self.length

    @property
    def progress(self) -> Progress:
        """What answers tell about it."""
        return Progress(self.received, self.length, self.expires_at)


def parts_prefix(upload_id: UUID) -> str:
    """Where the parts of an upload lie in the object store."""
    return f"{PREFIX}/{upload_id}"


class ResumableUploads:
    """The operations. All raise StorageError, and Unavailable when the database or the object store does not answer."""

    def __init__(self, blobs: Blobs, objects: Objects, clock: Clock) -> None:
        self._blobs = blobs
        self._objects = objects
        self._clock = clock

    async def begin(self, person: Person, creation: Creation) -> ResumableUpload:
        """A new upload, if the person may write that object and the bucket takes it."""
        if person.kind == "anonymous":
            raise access_denied()
        bucket = await self._objects.check_put(person, creation.name, upsert=creation.upsert)
        bucket.check_type(creation.details.content_type)
        bucket.check_size(creation.length)
        now = self._clock.now()
        async with self._objects.acting_as(person) as tx:
            row = await tx.fetchrow(
                queries.BEGIN,
                creation.name.bucket,
                creation.name.path,
                creation.length,
                creation.details.content_type,
                creation.details.cache_control,
                dict(creation.details.user_metadata),
                creation.upsert,
                now + LIFETIME,
                MOST_AT_ONCE,
                now,
            )
        if row is None:
            raise refusal(429, "TooManyUploads", f"{MOST_AT_ONCE} uploads are under way: finish or delete some first.")
        return ResumableUpload.of_row(row)

    async def find(self, person: Person, upload_id: UUID) -> ResumableUpload:
        """The person's own upload, as far as it is safe."""
        row = None
        if person.kind != "anonymous":
            async with self._objects.acting_as(person, read_only=True) as tx:
                row = await tx.fetchrow(queries.FIND, upload_id, self._clock.now())
        if row is None:
            raise _not_found()
        return ResumableUpload.of_row(row)

    async def append(
        self, person: Person, upload: ResumableUpload, offset: int, pieces: AsyncIterator[bytes]
    ) -> ResumableUpload:
        """Adds what comes at `offset`. Each piece is on disk, and counts, before the next one is taken.

        A piece that goes beyond the end is refused as a whole, those before it stay.
        """
        if offset != upload.received:
            raise _wrong_offset(upload.received)
        async for piece in pieces:
            if offset + len(piece) > upload.length:
                raise too_large()
            await self._add_part(person, upload, offset, piece)
            offset += len(piece)
        return await self.find(person, upload.id)

    async def finish(self, person: Person, upload: ResumableUpload) -> ResumableUpload:
        """Makes the object out of all that has arrived. Whoever comes first does; again it does nothing.

        While another request is at it this waits a little, and then raises StorageError 423.
        """
        finisher = uuid4()
        if not await self._claim(person, upload.id, finisher):
            return await self._finished_by_another(person, upload.id)
        version = uuid4()
        try:
            await self._make_object(person, upload, finisher, version)
        except CallXError as error:
            await self._let_go(person, upload.id, finisher, None if isinstance(error, Unavailable) else version)
            found = await self.find(person, upload.id)
            if found.finished:
                return found  # by somebody who was quicker
            raise
        return await self.find(person, upload.id)

    async def give_up(self, person: Person, upload_id: UUID) -> None:
        """Forgets the upload; its parts leave the object store soon. An object that it made stays."""
        found = None
        if person.kind != "anonymous":
            async with self._objects.acting_as(person) as tx:
                found = await tx.fetchval(queries.GIVE_UP, upload_id)
        if found is None:
            raise _not_found()

    async def _add_part(self, person: Person, upload: ResumableUpload, start: int, piece: bytes) -> None:
        version = uuid4()
        key = f"{parts_prefix(upload.id)}/{version}"
        await self._blobs.put(key, piece, upload.details.content_type)
        async with self._objects.acting_as(person) as tx:
            added = await tx.fetchval(
                queries.ADD_PART, upload.id, start, len(piece), version, self._clock.now() + LIFETIME
            )
        if added is None:
            await self._blobs.delete(key)
            raise _wrong_offset((await self.find(person, upload.id)).received)

    async def _claim(self, person: Person, upload_id: UUID, finisher: UUID) -> bool:
        now = self._clock.now()
        async with self._objects.acting_as(person) as tx:
            return await tx.fetchval(queries.CLAIM, upload_id, finisher, now + FINISHER_TURN, now) is not None

    async def _finished_by_another(self, person: Person, upload_id: UUID) -> ResumableUpload:
        for _ in range(PATIENCE_POLLS):
            upload = await self.find(person, upload_id)
            if upload.finished:
                return upload
            await asyncio.sleep(POLL_S)
        raise refusal(423, "UploadLocked", "The upload is being put together. Ask again in a moment.")

    async def _make_object(self, person: Person, upload: ResumableUpload, finisher: UUID, version: UUID) -> None:
        bucket = await self._objects.check_put(person, upload.name, upsert=upload.upsert)
        bucket.check_type(upload.details.content_type)
        bucket.check_size(upload.length)
        stored = await self._put_together(person, upload, finisher, blob_key(version))
        metadata = system_metadata(
            version,
            stored.size_bytes,
            stored.modified_at,
            upload.details.content_type,
            upload.details.cache_control,
        )
        write = object_queries.UPSERT if upload.upsert else object_queries.INSERT
        async with self._objects.acting_as(person) as tx:
            if await tx.fetchval(queries.FINISH, upload.id, finisher, self._clock.now()) is None:
                raise _turn_lost()
            await tx.fetchrow(
                write, upload.name.bucket, upload.name.path, version, metadata, dict(upload.details.user_metadata)
            )

    async def _put_together(self, person: Person, upload: ResumableUpload, finisher: UUID, key: str) -> BlobInfo:
        async with self._objects.acting_as(person, read_only=True) as tx:
            parts = await tx.fetch(queries.PARTS, upload.id)
        keys = [f"{parts_prefix(upload.id)}/{part['version']}" for part in parts]
        try:
            if len(keys) == 1:
                stored = await self._blobs.copy(keys[0], key)
            else:
                async with aclosing(self._content_of(person, upload.id, finisher, keys)) as content:
                    stored = await self._blobs.put(key, content, upload.details.content_type, most_bytes=upload.length)
        except NotFound as error:
            raise _lost() from error
        if stored.size_bytes != upload.length:
            await self._blobs.delete(key)
            raise _lost()
        return stored

    async def _content_of(
        self, person: Person, upload_id: UUID, finisher: UUID, keys: list[str]
    ) -> AsyncGenerator[bytes, None]:
        renewed_ms = self._clock.monotonic_ms()
        for key in keys:
            async with aclosing(self._blobs.stream(key)) as chunks:
                async for chunk in chunks:
                    yield chunk
            if self._clock.monotonic_ms() - renewed_ms > FINISHER_RENEWS_AFTER_MS:
                if not await self._claim(person, upload_id, finisher):
                    raise _turn_lost()
                renewed_ms = self._clock.monotonic_ms()

    async def _let_go(self, person: Person, upload_id: UUID, finisher: UUID, version: UUID | None) -> None:
        """After a failure: lets the next request try at once. `version` None: its row may be there all the same."""
        try:
            if version is not None:
                await self._blobs.delete(blob_key(version))
            async with self._objects.acting_as(person) as tx:
                await tx.execute(queries.RELEASE, upload_id, finisher)
        except CallXError as error:
            log.warning("Upload %s stays locked for a while: %s", upload_id, error)


def _not_found() -> CallXError:
    return refusal(404, "NoSuchUpload", "There is no such upload, or it has expired.")


def _wrong_offset(received: int) -> CallXError:
    return refusal(409, "InvalidOffset", f"{received} bytes have arrived: go on from there.")


def _turn_lost() -> CallXError:
    return refusal(423, "UploadLocked", "Another request has taken the upload over.")


def _lost() -> CallXError:
    return refusal(410, "UploadLost", "Parts of the upload are not there any more: begin again.")
