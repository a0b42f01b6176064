"""The length of a film is read when it is named, uploaded and replaced; what is no film says so."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.blobs import Blobs
from core.facts import Fact
from core.storage.shapes import blob_key
from lms.courses.videos.jobs import MISSING, NO_VIDEO, UNREADABLE, VideoReader
from tests.clock import FixedClock
from tests.support.films import film, pdf
from tests.support.world import World


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs.open(tmp_path / "objects")


@pytest.fixture
def reader(world: World, blobs: Blobs) -> VideoReader:
    return VideoReader(world.database, blobs)


async def store(world: World, blobs: Blobs, name: str, content: bytes) -> UUID:
    """Puts bytes under a name of the bucket, in place of what has it."""
    version = uuid4()
    await blobs.put(blob_key(version), content, "video/webm")
    await world.as_service(
        """insert into storage.objects (bucket_id, name, version, metadata) values ('lesson-videos', $1, $2, $3)
           on conflict (bucket_id, name) do update set version = excluded.version, metadata = excluded.metadata""",
        name,
        version,
        {"size": len(content), "mimetype": "video/webm"},
    )
    return version


async def named(world: World, video_url: str) -> None:
    await world.as_service(
        "update public.lessons set video_url = $2 where id = $1", world.course.video_lesson_id, video_url
    )


async def follow(world: World, reader: VideoReader) -> dict[str, Any] | None:
    """Lets the reader follow all facts so far; what then stands there."""
    for row in await world.as_service("select * from callx.facts where kind = 'LessonVideoChanged' order by id"):
        await reader.video_changed(Fact(row["id"], row["kind"], row["payload"], FixedClock().now()))
    rows = await world.as_service(
        "select state, duration_ms, width, height, problem, version from public.lesson_videos"
    )
    return dict(rows[0]) if rows else None


@pytest.mark.parametrize("prefix", ["", "lesson-videos/"])
async def test_a_film_is_read_whichever_comes_first(world: World, blobs: Blobs, reader: VideoReader, prefix: str):
    await named(world, f"{prefix}film.webm")
    found = await follow(world, reader)
    assert found is not None
    assert (found["state"], found["problem"]) == ("missing", MISSING)
    version = await store(world, blobs, "film.webm", film(3))
    found = await follow(world, reader)
    assert found == {
        "state": "ready", "duration_ms": 3_000, "width": 64, "height": 36, "problem": None, "version": version
    }  # fmt: skip
    await named(world, f"{prefix}other.webm")
    await store(world, blobs, "unrelated.webm", film(1))
    await named(world, f"{prefix}film.webm")
    assert await follow(world, reader) == found


async def test_another_film_under_the_same_name_is_read_again(world: World, blobs: Blobs, reader: VideoReader):
    await named(world, "film.webm")
    await store(world, blobs, "film.webm", film(3))
    await follow(world, reader)
    await store(world, blobs, "film.webm", film(5, codec="libx264", container="mp4"))
    found = await follow(world, reader)
    assert found is not None
    assert (found["state"], found["duration_ms"]) == ("ready", 5_000)
    await world.as_service("delete from storage.objects")
    found = await follow(world, reader)
    assert found is not None
    assert found["state"] == "missing"


@pytest.mark.parametrize(
    ("content", "problem"), [(b"no film at all", UNREADABLE), (b"", UNREADABLE), (pdf("A page"), UNREADABLE)]
)
async def test_what_is_no_film_says_so(world: World, blobs: Blobs, reader: VideoReader, content: bytes, problem: str):
    await named(world, "film.webm")
    await store(world, blobs, "film.webm", content)
    found = await follow(world, reader)
    assert found is not None
    assert (found["state"], found["problem"]) == ("unreadable", problem)


async def test_sound_alone_is_no_film(world: World, blobs: Blobs, reader: VideoReader, tmp_path: Path):
    import av

    with av.open(str(tmp_path / "sound.ogg"), "w") as sound:
        stream = sound.add_stream("libopus", rate=48_000)
        frame = av.AudioFrame(format="s16", layout="stereo", samples=960)
        frame.sample_rate = 48_000
        for packet in (*stream.encode(frame), *stream.encode(None)):
            sound.mux(packet)
    await named(world, "film.webm")
    await store(world, blobs, "film.webm", (tmp_path / "sound.ogg").read_bytes())
    found = await follow(world, reader)
    assert found is not None
    assert (found["state"], found["problem"]) == ("unreadable", NO_VIDEO)
