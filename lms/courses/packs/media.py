"""The files of a pack on their way into the object store.

Bytes are stored before anything is written, under names of their own; the rows that name them come with the course, in
its transaction. What gets no row is removed again, or by night.
"""

import asyncio
import hashlib
import mimetypes
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Literal, Protocol
from uuid import UUID, uuid4

from core.blobs import BlobInfo, Blobs
from core.db import Database, Tx
from core.errors import Unavailable
from core.storage import queries as storage_queries
from core.storage.content_rules import is_allowed
from core.storage.errors import StorageError
from core.storage.object_names import object_name
from core.storage.shapes import StoredObject, blob_key, system_metadata
from lms.courses.packs.archive import PackFiles, chunks_of
from lms.courses.packs.course import PackCourse, PackLesson

VIDEOS, ATTACHMENTS = "lesson-videos", "lesson-attachments"
FOLDERS = {VIDEOS: "videos", ATTACHMENTS: "attachments"}
FileOutcome = Literal["store", "there", "missing", "refused"]


class Acting(Protocol):
    """Opens a transaction of whoever imports."""

    def __call__(self, *, read_only: bool = False) -> AbstractAsyncContextManager[Tx]:
        """With the rights of an admin, or of the service."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file that the course names: where it is in the pack and where it goes. `reason` is why it is refused."""

    bucket: str
    path: str
    """As the course names it."""
    target: str
    """The object's name: another one where the path is taken by another file."""
    outcome: FileOutcome
    size_bytes: int = 0
    content_type: str = ""
    reason: str = ""

    @property
    def member(self) -> str:
        """Its name in the pack."""
        return f"{FOLDERS[self.bucket]}/{self.path}"


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """Bytes that wait for their row."""

    file: MediaFile
    version: UUID
    info: BlobInfo

    async def write(self, tx: Tx) -> None:
        """Gives them their row."""
        metadata = system_metadata(
            self.version, self.info.size_bytes, self.info.modified_at, self.file.content_type, "no-cache"
        )
        await tx.execute(storage_queries.INSERT, self.file.bucket, self.file.target, self.version, metadata, {})


def media_of(course: PackCourse) -> list[tuple[str, str]]:
    """The bucket and path of every file that a course names, each once."""
    named: dict[tuple[str, str], None] = {}
    for lesson in course.lessons():
        if lesson.video is not None and not is_web_address(lesson.video):
            named[VIDEOS, in_bucket(VIDEOS, lesson.video)] = None
        for attachment in lesson.attachments:
            named[ATTACHMENTS, in_bucket(ATTACHMENTS, attachment.file)] = None
        if lesson.simulation is not None and lesson.simulation.call_script is not None:
            named[ATTACHMENTS, in_bucket(ATTACHMENTS, lesson.simulation.call_script)] = None
    return list(named)


def misused(course: PackCourse) -> dict[tuple[str, str], str]:
    """What is wrong with files, by their bucket and path, that are named as what their names say they are not."""
    wrong: dict[tuple[str, str], str] = {}
    for lesson in course.lessons():
        for attachment in lesson.attachments:
            if attachment.kind == "captions" and _type_of(attachment.file) != "text/vtt":
                wrong[ATTACHMENTS, in_bucket(ATTACHMENTS, attachment.file)] = "Captions are a WebVTT file (.vtt)."
        script = lesson.simulation.call_script if lesson.simulation is not None else None
        if script is not None and _type_of(script) != "application/pdf":
            wrong[ATTACHMENTS, in_bucket(ATTACHMENTS, script)] = "The script of a call is a PDF (.pdf)."
    return wrong


def is_web_address(path: str) -> bool:
    """Whether a video lies elsewhere."""
    return path.lower().startswith(("http://", "https://"))


def in_bucket(bucket: str, path: str) -> str:
    """A path may begin with the name of its bucket."""
    return path.removeprefix(f"{bucket}/")


def with_targets(course: PackCourse, files: list[MediaFile]) -> PackCourse:
    """The course with the names that its files get."""
    targets = {(file.bucket, file.path): file.target for file in files if file.target != file.path}
    if not targets:
        return course

    def lesson(old: PackLesson) -> PackLesson:
        video = old.video
        if video is not None:
            video = targets.get((VIDEOS, in_bucket(VIDEOS, video)), video)
        attachments = tuple(
            each.model_copy(update={"file": targets.get((ATTACHMENTS, in_bucket(ATTACHMENTS, each.file)), each.file)})
            for each in old.attachments
        )
        simulation = old.simulation
        if simulation is not None and (script := simulation.call_script) is not None:
            target = targets.get((ATTACHMENTS, in_bucket(ATTACHMENTS, script)), script)
            simulation = simulation.model_copy(update={"call_script": target})
        return old.model_copy(update={"video": video, "attachments": attachments, "simulation": simulation})

    modules = tuple(
        module.model_copy(update={"lessons": tuple(lesson(each) for each in module.lessons)})
        for module in course.modules
    )
    return course.model_copy(update={"modules": modules})


def pretended(found: list[MediaFile]) -> list[StoredMedia]:
    """As if the files had been stored: for a transaction that is taken back."""
    long_ago = datetime.fromtimestamp(0, UTC)
    return [
        StoredMedia(file, uuid4(), BlobInfo(file.size_bytes, "", long_ago)) for file in found if file.outcome == "store"
    ]


class MediaDesk:
    """Looks at files and stores them."""

    def __init__(self, database: Database, blobs: Blobs, acting: Acting) -> None:
        self._database = database
        self._blobs = blobs
        self._acting = acting

    async def look(self, course: PackCourse, files: PackFiles) -> list[MediaFile]:
        """What is to become of each file that the course names."""
        wrong = misused(course)
        return [
            await self._looked_at(bucket, path, files, wrong.get((bucket, path), ""))
            for bucket, path in media_of(course)
        ]

    async def store(self, found: list[MediaFile], files: PackFiles) -> list[StoredMedia]:
        """Stores the bytes of those that are to be stored: all of them, or nothing is left."""
        stored: list[StoredMedia] = []
        try:
            for file in found:
                if file.outcome == "store":
                    version = uuid4()
                    info = await self._blobs.put(blob_key(version), _read(files, file), file.content_type)
                    stored.append(StoredMedia(file, version, info))
        except BaseException:
            await self.forget(stored)
            raise
        return stored

    async def forget(self, stored: list[StoredMedia]) -> None:
        """Removes bytes that get no row."""
        for media in stored:
            try:
                await self._blobs.delete(blob_key(media.version))
            except Unavailable:
                return  # what is left goes by night

    async def _looked_at(self, bucket: str, path: str, files: PackFiles, wrong: str) -> MediaFile:
        try:
            object_name(bucket, path)
        except StorageError as error:
            return MediaFile(bucket, path, path, "refused", reason=error.message)
        member = f"{FOLDERS[bucket]}/{path}"
        size = await asyncio.to_thread(files.size, member)
        there = await self._find(bucket, path)
        if size is None:
            return MediaFile(bucket, path, path, "there" if there else "missing", there.size_bytes if there else 0)
        content_type = _type_of(path)
        if reason := wrong or await self._refusal(bucket, size, content_type):
            return MediaFile(bucket, path, path, "refused", size, content_type, reason)
        if there is None:
            return MediaFile(bucket, path, path, "store", size, content_type)
        digest = await asyncio.to_thread(_digest, files, member)
        if await self._is_same(there, size, digest):
            return MediaFile(bucket, path, path, "there", size, content_type)
        # Never over another file: a lesson of another course may name it.
        name = PurePosixPath(path)
        target = str(name.with_name(f"{name.stem}-{digest[:12]}{name.suffix}"))
        other = await self._find(bucket, target)
        return MediaFile(bucket, path, target, "there" if other else "store", size, content_type)

    async def _find(self, bucket: str, path: str) -> StoredObject | None:
        async with self._acting(read_only=True) as tx:
            row = await tx.fetchrow(storage_queries.FIND, bucket, path)
        return None if row is None else StoredObject.of_row(row)

    async def _refusal(self, bucket: str, size_bytes: int, content_type: str) -> str:
        async with self._database.acting_as_service() as tx:
            rules = await tx.fetchrow(storage_queries.BUCKET_RULES, bucket)
        if not is_allowed(content_type, rules["allowed_mime_types"]):
            return f"Files of the type {content_type} are not taken in {bucket}."
        if rules["file_size_limit"] is not None and size_bytes > rules["file_size_limit"]:
            return f"The file is larger than {bucket} takes."
        return ""

    async def _is_same(self, there: StoredObject, size_bytes: int, digest: str) -> bool:
        if there.size_bytes != size_bytes:
            return False
        hashed = hashlib.sha256()
        async for chunk in self._blobs.stream(there.key):
            await asyncio.to_thread(hashed.update, chunk)
        return hashed.hexdigest() == digest


def _type_of(path: str) -> str:
    return mimetypes.guess_type(path)[0] or "application/octet-stream"


async def _read(files: PackFiles, file: MediaFile) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(files.open, file.member) as opened:
        chunks = chunks_of(opened)
        while chunk := await asyncio.to_thread(_next, chunks):
            yield chunk


def _next(chunks: Iterator[bytes]) -> bytes:
    return next(chunks, b"")


def _digest(files: PackFiles, member: str) -> str:
    hashed = hashlib.sha256()
    with files.open(member) as opened:
        for chunk in chunks_of(opened):
            hashed.update(chunk)
    return hashed.hexdigest()
