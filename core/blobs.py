"""Object storage: recordings, uploads and certificates, in a folder or in S3, GCS or Azure. The one user of obstore."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from core.blob_source import Source, stopped_in_order
from core.errors import BadRequest, NotFound, Unavailable

_REMOTE_SCHEMES = frozenset({"s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss", "https"})
_SEGMENT = re.compile(r"[A-Za-z0-9!_.'()&$@=;:+, -]{1,200}")
_LONGEST_KEY = 900
_TIMEOUT_S = 30.0
_PUT_TIMEOUT_S = 900.0
_CHUNK_BYTES = 256 * 1024
_FILE_CHUNK_BYTES = 1024 * 1024
_LARGEST_COPY_BYTES = 4 * 1024**3  # S3 copies at most 5 GB in one request
_LEFTOVER = re.compile(r".+#\d+")


@dataclass(frozen=True)
class BlobInfo:
    """What is known of a stored object; `etag` changes with its content."""

    size_bytes: int
    etag: str
    modified_at: datetime


@dataclass(frozen=True)
class ListedBlob:
    """One object of a listing."""

    key: str
    size_bytes: int
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
                client_options={
                    "timeout": timedelta(seconds=60),
                    "connect_timeout": timedelta(seconds=10),
                    "allow_http": True,  # for a store of one's own: only an endpoint that says http:// is asked so
                },
                retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=60)},
            )
        except BaseError as error:
            raise ValueError(f"Objects cannot be stored in {url_or_path}: {str(error).splitlines()[0]}") from error
        return cls(store)

    async def put(
        self,
        key: str,
        content: bytes | AsyncIterator[bytes] | Path,
        content_type: str,
        *,
        most_bytes: int | None = None,
    ) -> BlobInfo:
        """Stores an object, whole or not at all, over one that has the key; it is on disk when this returns.

        A Path is the file to copy. What an iterator raises goes on to the caller as it is; an iterator with more than
        `most_bytes` raises TooLarge. Nothing stays behind when it fails or is cancelled, and some 20 MB are in memory
        at most. It may take as long as it likes while something moves at least every quarter of an hour. A folder keeps
        no content types.
        """
        _check(key)
        attributes = None if self._folder else {"Content-Type": content_type}
        deadline = asyncio.timeout(_PUT_TIMEOUT_S)
        source = content if isinstance(content, bytes | Path) else Source(content, most_bytes, deadline, _PUT_TIMEOUT_S)
        with _mapped(key, source):
            async with deadline:
                storing = obstore.put_async(self._store, key, source, attributes=attributes, max_concurrency=4)
                await (stopped_in_order(storing, source) if isinstance(source, Source) else storing)
                await self._keep(key)
        return await self.head(key)

    async def copy(self, source: str, target: str) -> BlobInfo:
        """Stores a copy of `source`, with its content type, over an object that has the key `target`."""
        _check(source)
        _check(target)
        if self._folder is None and (await self.head(source)).size_bytes > _LARGEST_COPY_BYTES:
            return await self._copy_by_hand(source, target)
        with _mapped(source):
            async with asyncio.timeout(_PUT_TIMEOUT_S):
                await obstore.copy_async(self._store, source, target)
                await self._keep(target)
        return await self.head(target)

    async def _copy_by_hand(self, source: str, target: str) -> BlobInfo:
        with _mapped(source):
            async with asyncio.timeout(_TIMEOUT_S):
                attributes = (await obstore.get_async(self._store, source, options={"head": True})).attributes
        content_type = attributes.get("Content-Type", "application/octet-stream")
        async with aclosing(self.stream(source)) as content:
            return await self.put(target, content, content_type)

    async def _keep(self, key: str) -> None:
        if self._folder is not None:
            await asyncio.to_thread(_sync, self._folder, key)

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

    async def stream(self, key: str, start: int = 0, end: int | None = None) -> AsyncGenerator[bytes, None]:
        """The same bytes in chunks of 256 KiB to 1 MiB, one in memory at a time; `end` None: to the end of the object.

        They are those of one object, even if it is replaced or deleted meanwhile. Close it (`contextlib.aclosing`) when
        you stop before its end. NotFound and BadRequest come with the first chunk, so ask `head` before answering a
        client.
        """
        size = (await self.head(key)).size_bytes
        if start < 0 or (end is not None and end <= start):
            raise ValueError(f"There is no range from {start} to {end}.")
        if size == 0 == start:
            return
        if start >= size:
            raise BadRequest(f"The object ends before byte {start}.", code="range_not_satisfiable")
        end = size if end is None else min(end, size)
        async with aclosing(self._chunks(key, start, end)) as chunks:
            while True:
                with _mapped(key):
                    async with asyncio.timeout(_TIMEOUT_S):
                        chunk = await anext(chunks, None)
                if chunk is None:
                    return
                yield chunk

    async def _chunks(self, key: str, start: int, end: int) -> AsyncGenerator[bytes, None]:
        if self._folder is None:
            result = await obstore.get_async(self._store, key, options={"range": (start, end)})
            async for chunk in result.stream(min_chunk_size=_CHUNK_BYTES):
                yield bytes(chunk)
            return
        # Ten times as fast as obstore, which reads 8 KiB at a time.
        file = await asyncio.to_thread((self._folder / key).open, "rb", buffering=0)
        try:
            while start < end:
                chunk = await asyncio.to_thread(os.pread, file.fileno(), min(_FILE_CHUNK_BYTES, end - start), start)
                if not chunk:
                    return
                start += len(chunk)
                yield chunk
        finally:
            file.close()

    async def list_below(self, prefix: str) -> AsyncGenerator[ListedBlob, None]:
        """Every object whose key begins with the segments of `prefix` (`uploads`, without a final slash), in any order.

        A listing of many is not of one moment. Close it (`contextlib.aclosing`) when you stop before its end.
        """
        _check(prefix)
        batches = aiter(obstore.list(self._store, prefix=prefix))
        while True:
            with _mapped(prefix):
                async with asyncio.timeout(_TIMEOUT_S):
                    batch = await anext(batches, None)
            if batch is None:
                return
            for meta in batch:
                yield ListedBlob(meta["path"], meta["size"], meta["last_modified"])

    async def delete(self, key: str) -> None:
        """Removes the object; nothing if there is none."""
        _check(key)
        with suppress(NotFound), _mapped(key):
            async with asyncio.timeout(_TIMEOUT_S):
                await obstore.delete_async(self._store, key)

    async def delete_below(self, prefix: str) -> int:
        """Removes every object whose key begins with the segments of `prefix`; how many there were."""
        keys = [blob.key async for blob in self.list_below(prefix)]
        for key in keys:
            await self.delete(key)
        if self._folder is not None:
            await asyncio.to_thread(_remove_empty_folders, self._folder / prefix)
        return len(keys)

    async def remove_leftovers(self, before: datetime) -> int:
        """Removes what a killed server had begun to write before that time; how many files there were.

        Only a folder needs it. In S3, GCS and Azure a rule of the bucket's life cycle ends abandoned uploads.
        """
        if self._folder is None:
            return 0
        return await asyncio.to_thread(_remove_leftovers, self._folder, before)


def _check(key: str) -> None:
    segments = key.split("/")
    if len(key) > _LONGEST_KEY or not all(_SEGMENT.fullmatch(part) and part not in (".", "..") for part in segments):
        raise BadRequest(f"{key[:100]!r} is no valid object key.", code="invalid_key")


@contextmanager
def _mapped(key: str, source: object = None) -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError, TimeoutError) as error:
        if isinstance(source, Source) and source.error is not None:
            raise source.error from None  # the caller's own, however obstore wrapped it
        if isinstance(error, NotFoundError | FileNotFoundError):
            raise NotFound(f"There is no object {key!r}.", code="object_not_found") from error
        raise Unavailable("The object storage does not answer.", code="storage_unavailable") from error


def _sync(folder: Path, key: str) -> None:
    """Makes a new file and its name survive a power failure, which obstore does not."""
    place = folder / key
    while True:
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if place == folder:
            return
        place = place.parent


def _remove_empty_folders(root: Path) -> None:
    for folder, _, _ in os.walk(root, topdown=False):
        with suppress(OSError):  # not empty: something was stored there just now
            Path(folder).rmdir()


def _remove_leftovers(root: Path, before: datetime) -> int:
    removed = 0
    for folder, _, names in os.walk(root):
        for name in filter(_LEFTOVER.fullmatch, names):
            file = Path(folder) / name
            with suppress(FileNotFoundError):  # another server tidies up too
                if file.stat().st_mtime < before.timestamp():
                    file.unlink()
                    removed += 1
    return removed
