"""Gives a course out as a pack."""

import asyncio
import tempfile
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from core.blobs import Blobs
from core.errors import NotFound, TooLarge
from core.storage import queries as storage_queries
from core.storage.shapes import StoredObject
from lms.courses.packs.course import PackCourse
from lms.courses.packs.importing import require_admin
from lms.courses.packs.known import known_course
from lms.courses.packs.media import FOLDERS, Acting, media_of
from lms.courses.packs.reading import COURSE_FILE
from lms.courses.packs.writing import write_course

_CHUNK_BYTES = 256 * 1024
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The same course makes the same file."""
_READABLE = 0o644 << 16


@dataclass(frozen=True, slots=True)
class Exporter:
    """Exports as whoever `acting` opens transactions for."""

    blobs: Blobs
    acting: Acting

    async def yaml(self, product_id: UUID) -> tuple[PackCourse, str]:
        """The course without its media, and as YAML. Raises Forbidden `not_admin`, NotFound `product_not_found`."""
        async with self.acting(read_only=True) as tx:
            await require_admin(tx)
            known = await known_course(tx, product_id)
        if known is None:
            raise NotFound("There is no such product.", code="product_not_found")
        return known.course, await asyncio.to_thread(write_course, known.course)

    async def zip(self, product_id: UUID, *, most_bytes: int) -> tuple[PackCourse, IO[bytes]]:
        """The course with its media, as a temporary file at its beginning, for the caller to close.

        A file that is named and not there is left out. Raises as `yaml`, and TooLarge `course_too_large`.
        """
        course, text = await self.yaml(product_id)
        media = await self._media(course)
        if sum(each.size_bytes for each in media) + len(text) > most_bytes:
            raise TooLarge(f"With its media the course has more than {most_bytes} bytes.", code="course_too_large")
        file = await asyncio.to_thread(tempfile.TemporaryFile)
        try:
            await self._fill(file, text, media)
            await asyncio.to_thread(file.seek, 0)
        except BaseException:
            file.close()
            raise
        return course, file

    async def _media(self, course: PackCourse) -> list[StoredObject]:
        found = []
        async with self.acting(read_only=True) as tx:
            for bucket, path in media_of(course):
                row = await tx.fetchrow(storage_queries.FIND, bucket, path)
                if row is not None:
                    found.append(StoredObject.of_row(row))
        return found

    async def _fill(self, file: IO[bytes], text: str, media: list[StoredObject]) -> None:
        pack = zipfile.ZipFile(file, "w", allowZip64=True)
        await asyncio.to_thread(pack.writestr, _entry(COURSE_FILE, zipfile.ZIP_DEFLATED), text)
        for each in media:
            # Films and PDFs are packed already.
            entry = _entry(f"{FOLDERS[each.name.bucket]}/{each.name.path}", zipfile.ZIP_STORED)
            is_huge = each.size_bytes >= zipfile.ZIP64_LIMIT // 2
            member = await asyncio.to_thread(pack.open, entry, "w", force_zip64=is_huge)
            async for chunk in self.blobs.stream(each.key):
                await asyncio.to_thread(member.write, chunk)
            await asyncio.to_thread(member.close)
        await asyncio.to_thread(pack.close)


async def pieces_of(file: IO[bytes]) -> AsyncIterator[bytes]:
    """What is in a file, which is closed behind the last piece."""
    with file:
        while piece := await asyncio.to_thread(file.read, _CHUNK_BYTES):
            yield piece


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type = method
    entry.external_attr = _READABLE
    return entry
