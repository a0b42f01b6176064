"""core.blobs with much content: bounds, interruptions, copies, tidying, and memory that stays flat."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.blobs import Blobs
from core.errors import NotFound, TooLarge, Unavailable

CHUNK = bytes(range(256)) * 1024  # 256 KiB
MIB = 1024 * 1024


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return Blobs.open(tmp_path / "objects" if request.param == "folder" else "memory://")


async def chunks(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield CHUNK


async def never_ending(arrived: asyncio.Event, ended: asyncio.Event) -> AsyncIterator[bytes]:
    """Twelve MiB, and then nothing more."""
    try:
        async for chunk in chunks(48):
            yield chunk
        arrived.set()
        await asyncio.Event().wait()
    finally:
        ended.set()


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


async def nothing_is_left_in(folder: Path) -> None:
    """obstore removes what it had begun in a thread of its own, a moment later."""
    async with asyncio.timeout(5):
        while files_in(folder):  # noqa: ASYNC110 - nobody tells when it has
            await asyncio.sleep(0.01)


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


async def test_content_up_to_its_limit_is_stored(blobs: Blobs) -> None:
    assert (await blobs.put("a", chunks(24), "video/mp4", most_bytes=6 * MIB)).size_bytes == 6 * MIB


async def test_one_byte_too_much_stores_nothing_and_keeps_what_was_there(blobs: Blobs) -> None:
    await blobs.put("a", b"old", "text/plain")
    for key in ("a", "b"):
        with pytest.raises(TooLarge):
            await blobs.put(key, chunks(24), "video/mp4", most_bytes=6 * MIB - 1)
    assert await blobs.get("a") == b"old"
    assert not await blobs.exists("b")


async def test_what_the_source_raises_arrives_as_it_is(blobs: Blobs) -> None:
    async def whoever_sends_has_gone() -> AsyncIterator[bytes]:
        yield CHUNK
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError, match="gone"):
        await blobs.put("a", whoever_sends_has_gone(), "video/mp4")


async def test_an_upload_cancelled_half_way_leaves_no_file_behind(tmp_path: Path) -> None:
    blobs = await asyncio.to_thread(Blobs.open, tmp_path)
    arrived, ended = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        upload = group.create_task(blobs.put("a/b", never_ending(arrived, ended), "video/mp4"))
        await arrived.wait()
        assert files_in(tmp_path) == ["a/b#1"]
        upload.cancel()
    assert ended.is_set()
    await nothing_is_left_in(tmp_path)


async def test_a_source_that_falls_silent_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.blobs._PUT_TIMEOUT_S", 0.2)
    blobs = await asyncio.to_thread(Blobs.open, tmp_path)
    arrived, ended = asyncio.Event(), asyncio.Event()
    with pytest.raises(Unavailable):
        await blobs.put("a/b", never_ending(arrived, ended), "video/mp4")
    assert ended.is_set()
    await nothing_is_left_in(tmp_path)


async def test_an_upload_that_breaks_off_leaves_no_file_behind(tmp_path: Path) -> None:
    blobs = await asyncio.to_thread(Blobs.open, tmp_path)
    with pytest.raises(TooLarge):
        await blobs.put("a/b", chunks(100), "video/mp4", most_bytes=20 * MIB)
    await nothing_is_left_in(tmp_path)


@pytest.mark.may_block
async def test_memory_stays_flat_up_and_down(tmp_path: Path) -> None:
    blobs = await asyncio.to_thread(Blobs.open, tmp_path)
    await blobs.put("warm", chunks(100), "video/mp4")
    before = highest = resident_bytes()

    async def watched() -> AsyncIterator[bytes]:
        nonlocal highest
        async for chunk in chunks(800):
            highest = max(highest, resident_bytes())
            yield chunk

    assert (await blobs.put("a", watched(), "video/mp4")).size_bytes == 200 * MIB
    read = 0
    async for chunk in blobs.stream("a"):
        read += len(chunk)
        highest = max(highest, resident_bytes())
    assert read == 200 * MIB
    assert highest - before < 60 * MIB


async def test_a_stream_is_of_one_object_even_if_it_is_replaced_meanwhile(tmp_path: Path) -> None:
    blobs = await asyncio.to_thread(Blobs.open, tmp_path)
    await blobs.put("a", b"old" * MIB, "text/plain")
    async with aclosing(blobs.stream("a")) as stream:
        seen = await anext(stream)
        await blobs.put("a", b"new" * MIB, "text/plain")
        await blobs.delete("a")
        async for chunk in stream:
            seen += chunk
    assert seen == b"old" * MIB


async def test_a_copy_is_independent_of_its_source(blobs: Blobs) -> None:
    await blobs.put("a", b"first", "text/plain")
    assert (await blobs.copy("a", "b/c")).size_bytes == 5
    await blobs.put("a", b"second", "text/plain")
    assert await blobs.get("b/c") == b"first"
    await blobs.delete("a")
    assert await blobs.get("b/c") == b"first"
    with pytest.raises(NotFound):
        await blobs.copy("a", "d")


async def test_a_copy_that_the_storage_cannot_make_is_made_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.blobs._LARGEST_COPY_BYTES", 100)
    blobs = Blobs.open("memory://")
    await blobs.put("a", CHUNK, "video/mp4")
    assert (await blobs.copy("a", "b")).size_bytes == len(CHUNK)
    assert await blobs.get("b") == CHUNK


async def test_a_listing_knows_whole_segments(blobs: Blobs) -> None:
    for key in ("uploads/1/0", "uploads/1/8", "uploads/12/0", "objects/1"):
        await blobs.put(key, b"123", "text/plain")
    found = [blob async for blob in blobs.list_below("uploads/1")]
    assert sorted(blob.key for blob in found) == ["uploads/1/0", "uploads/1/8"]
    assert {blob.size_bytes for blob in found} == {3}
    assert [blob async for blob in blobs.list_below("nothing")] == []


async def test_everything_below_a_prefix_can_be_removed(blobs: Blobs) -> None:
    for key in ("uploads/1/0", "uploads/1/8", "uploads/12/0"):
        await blobs.put(key, b"123", "text/plain")
    assert await blobs.delete_below("uploads/1") == 2
    assert await blobs.delete_below("uploads/1") == 0
    assert [blob.key async for blob in blobs.list_below("uploads")] == ["uploads/12/0"]


async def test_removing_below_a_prefix_leaves_no_empty_folder(tmp_path: Path) -> None:
    blobs = await asyncio.to_thread(Blobs.open, tmp_path)
    await blobs.put("uploads/1/0", b"123", "text/plain")
    await blobs.delete_below("uploads/1")
    assert not (tmp_path / "uploads" / "1").exists()


async def test_what_a_killed_server_had_begun_is_removed_when_it_is_old(tmp_path: Path) -> None:
    blobs = await asyncio.to_thread(Blobs.open, tmp_path)
    await blobs.put("objects/1", b"123", "video/mp4")
    now = datetime.now(UTC)
    for name, age in (("1#1", timedelta(days=2)), ("2#3", timedelta(days=2)), ("3#1", timedelta(hours=1))):
        (tmp_path / "objects" / name).write_bytes(b"half")
        written = (now - age).timestamp()
        os.utime(tmp_path / "objects" / name, (written, written))
    assert await blobs.remove_leftovers(now - timedelta(days=1)) == 2
    assert files_in(tmp_path) == ["objects/1", "objects/3#1"]
    assert await Blobs.open("memory://").remove_leftovers(now) == 0
