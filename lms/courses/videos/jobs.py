"""The length of a lesson's video is read when the lesson names it and whenever its bytes change."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.blobs import Blobs
from core.db import Database
from core.errors import NotFound
from core.facts import Fact
from core.jobs import Subscriptions
from core.storage.shapes import blob_key
from lms.courses.confined.process import Limits, Reading, read_confined
from lms.courses.videos import queries

log = logging.getLogger(__name__)

VIDEO_CHANGED = "LessonVideoChanged"
LIMITS = Limits(memory_bytes=1 << 30, cpu_s=60, total_s=300, read_bytes=6 << 30)
READER = "lms.courses.videos.media"
PLAYED_EVERYWHERE = frozenset({"h264", "vp8", "vp9", "av1", "libdav1d", "aac", "opus", "vorbis", "mp3", "flac"})
MISSING = "There is no such file in the bucket lesson-videos."
UNREADABLE = "It is no video that can be read."
NO_VIDEO = "It has no pictures."


@dataclass(frozen=True, slots=True)
class Film:
    """What is known of a file: `duration_ms` is None when it cannot be read."""

    duration_ms: int | None = None
    width: int | None = None
    height: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class VideoReader:
    """Reads videos one after the other; reading one again changes nothing."""

    database: Database
    blobs: Blobs
    limits: Limits = LIMITS
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def video_changed(self, fact: Fact) -> None:
        """Follows the fact `LessonVideoChanged {lesson_id}`. Raises Unavailable, and the job comes again."""
        async with self._turn:
            await self.read(UUID(fact.payload["lesson_id"]))

    async def read(self, lesson_id: UUID) -> None:
        """Reads the lesson's video if it waits for that."""
        async with self.database.acting_as_service() as tx:
            row = await tx.fetchrow(queries.WAITING, lesson_id)
        if row is None:
            return
        state, film = "missing", Film(problem=MISSING)
        if row["version"] is not None:
            try:
                size_bytes = int(row["metadata"].get("size") or 0)
                key = blob_key(row["version"])
                film = film_of(await read_confined(READER, self.blobs, key, size_bytes, self.limits))
            except NotFound:
                return  # it has just been replaced or removed
            state = "ready" if film.duration_ms else "unreadable"
        async with self.database.acting_as_service() as tx:
            told = (film.duration_ms, film.width, film.height, film.problem)
            await tx.execute(queries.IS_READ, lesson_id, row["video_url"], row["version"], state, *told)
        log.info("The video of lesson %s is %s.", lesson_id, state)


def film_of(reading: Reading) -> Film:
    """What the answers of the reader come to."""
    told: dict[str, Any] = {}
    for answer in reading.answers:
        told |= answer
    if not told.get("duration_ms"):
        return Film(problem=NO_VIDEO if told.get("problem") == "no_video" else UNREADABLE)
    strange = [str(name) for name in told["codecs"] if name not in PLAYED_EVERYWHERE]
    problem = f"Some browsers cannot play it: {', '.join(strange)}." if strange else None
    return Film(told["duration_ms"], told["width"], told["height"], problem)


def subscribe(subscriptions: Subscriptions, database: Database, blobs: Blobs) -> None:
    """Names the fact that videos follow."""
    reader = VideoReader(database, blobs)
    subscriptions.on(VIDEO_CHANGED, "videos.read", reader.video_changed)
