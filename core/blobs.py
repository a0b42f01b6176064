"""Object storage: recordings, uploads and certificates, in a folder or in S3, GCS or Azure. The one user of obstore."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from core.errors import BadRequest, NotFound, Unavailable

_REMOTE_SCHEMES = frozenset({"s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss", "https"})
_SEGMENT = re.compile(r"[A-Za-z0-9!_.'()&$@=;:+, -]{1,200}")
_LONGEST_KEY = 900
_TIMEOUT_S = 30.0
_PUT_TIMEOUT_S = 900.0
_CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True)
class BlobInfo:
    """What is known of a stored object; `etag` changes with its content."""

    size_bytes: int
    etag: str
    modified_at: datetime


class Blobs:
    """Stored objects by key: `recordings/<call id>.webm`.

    A key has segments of ASCII letters, digits and `!_.'()&$@=;:+, -`, separated by single slashes, none of them `.` or
    `..`, at most 900 characters in all; other names must be kept elsewhere. Every method raises BadRequest
    `invalid_key` for another key, NotFound `object_not_found` for an object that is not there, and Unavailable
    `storage_unavailable` when the storage does not answer.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def open(cls, url_or_path: str | Path) -> "Blobs":
        """A folder (made, 0700, if it is missing), or s3://bucket/prefix, gs://bucket/…, az://container/…, memory://.

        Credentials (and region and account) come from the environment variables that each provider's own tools read.
        Blocks: call it in a thread. Raises ValueError for an address that is none of these or lacks something, OSError
        for a folder that cannot be made.
        """
        scheme = urlsplit(url_or_path).scheme if isinstance(url_or_path, str) and "://" in url_or_path else ""
        if scheme == "memory":
            return cls(MemoryStore())
        if scheme in ("", "file"):
            path = unquote(urlsplit(str(url_or_path)).path) if scheme else url_or_path
            folder = Path(path).absolute()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(LocalStore(folder), folder)
        if scheme not in _REMOTE_SCHEMES:
            raise ValueError(f"Objects cannot be stored in {scheme}://: use a folder, s3://, gs:// or az://.")
        try:
            store = from_url(
                str(url_or_path),
                client_options={"timeout": timedelta(seconds=60), "connect_timeout": timedelta(seconds=10)},
                retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=60)},
            )
        except BaseError as error:
            raise ValueError(f"Objects cannot be stored in {url_or_path}: {str(error).splitlines()[0]}") from error
        return cls(store)

    async def put(self, key: str, content: bytes | AsyncIterator[bytes] | Path, content_type: str) -> BlobInfo:
        """Stores an object, whole or not at all, over one that has the key; it is on disk when this returns.

        A Path is the file to copy. What an iterator raises goes on to the caller (an OSError as Unavailable). A folder
        keeps no content types.
        """
        _check(key)
        attributes = None if self._folder else {"Content-Type": content_type}
        with _mapped(key):
            async with asyncio.timeout(_PUT_TIMEOUT_S):
                await obstore.put_async(self._store, key, content, attributes=attributes, max_concurrency=4)
                if self._folder is not None:
                    await asyncio.to_thread(_sync, self._folder / key)
        return await self.head(key)

    async def head(self, key: str) -> BlobInfo:
        """Size, etag and time of change."""
        _check(key)
        with _mapped(key):
            async with asyncio.timeout(_TIMEOUT_S):
                meta = await obstore.head_async(self._store, key)
        return BlobInfo(meta["size"], meta["e_tag"] or "", meta["last_modified"])

    async def exists(self, key: str) -> bool:
        """Whether there is an object with the key."""
        try:
            await self.head(key)
        except NotFound:
            return False
        return True

    async def get(self, key: str) -> bytes:
        """The whole object, for small ones."""
        _check(key)
        with _mapped(key):
            async with asyncio.timeout(_TIMEOUT_S):
                result = await obstore.get_async(self._store, key)
                return bytes(await result.bytes_async())

    async def get_range(self, key: str, start: int, end: int) -> bytes:
        """The bytes from `start` up to, but without, `end`; fewer if the object ends before.

        BadRequest `range_not_satisfiable` if it ends at or before `start`. 0 <= start < end.
        """
        _check(key)
        if not 0 <= start < end:
            raise ValueError(f"There is no range from {start} to {end}.")
        if (await self.head(key)).size_bytes <= start:
            raise BadRequest(f"The object ends before byte {start}.", code="range_not_satisfiable")
        with _mapped(key):
            async with asyncio.timeout(_TIMEOUT_S):
                return bytes(await obstore.get_range_async(self._store, key, start=start, end=end))

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The same bytes in chunks of some 256 KiB, one in memory at a time; `end` None: to the end of the object.

        NotFound and BadRequest come with the first chunk, so ask `head` before answering a client.
        """
        size = (await self.head(key)).size_bytes
        if start < 0 or (end is not None and end <= start):
            raise ValueError(f"There is no range from {start} to {end}.")
        if size == 0 == start:
            return
        if start >= size:
            raise BadRequest(f"The object ends before byte {start}.", code="range_not_satisfiable")
        with _mapped(key):
            async with asyncio.timeout(_TIMEOUT_S):
                wanted = (start, size if end is None else min(end, size))
                result = await obstore.get_async(self._store, key, options={"range": wanted})
            chunks = aiter(result.stream(min_chunk_size=_CHUNK_BYTES))
            while True:
                async with asyncio.timeout(_TIMEOUT_S):
                    chunk = await anext(chunks, None)
                if chunk is None:
                    return
                yield bytes(chunk)

    async def delete(self, key: str) -> None:
        """Removes the object; nothing if there is none."""
        _check(key)
        try:
            with _mapped(key):
                async with asyncio.timeout(_TIMEOUT_S):
                    await obstore.delete_async(self._store, key)
        except NotFound:
            return


def _check(key: str) -> None:
    segments = key.split("/")
    if len(key) > _LONGEST_KEY or not all(_SEGMENT.fullmatch(part) and part not in (".", "..") for part in segments):
        raise BadRequest(f"{key[:100]!r} is no valid object key.", code="invalid_key")


@contextmanager
def _mapped(key: str) -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise NotFound(f"There is no object {key!r}.", code="object_not_found") from error
    except (BaseError, OSError, TimeoutError) as error:
        raise Unavailable("The object storage does not answer.", code="storage_unavailable") from error


def _sync(path: Path) -> None:
    """Makes a new file and its name survive a power failure, which obstore does not."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
