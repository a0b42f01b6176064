"""core.blobs: the same behaviour in a folder and in memory."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.blobs import Blobs
from core.errors import BadRequest, NotFound, Unavailable

BIG = bytes(range(256)) * 4096 * 6  # 6 MiB: more than one part of an upload


@pytest.fixture(params=["folder", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return Blobs.open(tmp_path / "objects" if request.param == "folder" else "memory://")


async def collected(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def in_parts(content: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_what_is_put_is_there(blobs: Blobs) -> None:
    put = await blobs.put("recordings/c1.webm", b"0123456789", "audio/webm")
    info = await blobs.head("recordings/c1.webm")
    assert put == info
    assert info.size_bytes == 10
    assert info.etag
    assert info.modified_at.tzinfo is not None
    assert await blobs.get("recordings/c1.webm") == b"0123456789"
    assert await blobs.exists("recordings/c1.webm")


async def test_content_may_come_in_parts_or_from_a_file(blobs: Blobs, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(BIG)
    assert (await blobs.put("parts", in_parts(BIG), "application/octet-stream")).size_bytes == len(BIG)
    assert (await blobs.put("file", tmp_path / "file", "application/octet-stream")).size_bytes == len(BIG)
    assert await collected(blobs.stream("parts")) == BIG
    assert await collected(blobs.stream("file")) == BIG


async def test_an_upload_that_breaks_off_leaves_the_old_object(blobs: Blobs) -> None:
    async def breaks_off() -> AsyncIterator[bytes]:
        yield BIG
        raise ValueError("gone")

    await blobs.put("a", b"old", "text/plain")
    with pytest.raises(ValueError, match="gone"):
        await blobs.put("a", breaks_off(), "text/plain")
    with pytest.raises(ValueError, match="gone"):
        await blobs.put("b", breaks_off(), "text/plain")
    assert await blobs.get("a") == b"old"
    assert not await blobs.exists("b")


async def test_putting_again_replaces_and_changes_the_etag(blobs: Blobs) -> None:
    first = await blobs.put("a", b"first", "text/plain")
    second = await blobs.put("a", b"second", "text/plain")
    assert await blobs.get("a") == b"second"
    assert first.etag != second.etag


@pytest.mark.parametrize(
    ("start", "end", "expected"), [(0, 1, b"0"), (2, 5, b"234"), (8, 99, b"89"), (0, 10, b"0123456789")]
)
async def test_ranges_exclude_their_end_and_stop_at_the_objects_end(
    blobs: Blobs, start: int, end: int, expected: bytes
) -> None:
    await blobs.put("a", b"0123456789", "text/plain")
    assert await blobs.get_range("a", start, end) == expected
    assert await collected(blobs.stream("a", start, end)) == expected


async def test_a_stream_may_start_in_the_middle_and_has_bounded_chunks(blobs: Blobs) -> None:
    await blobs.put("a", BIG, "text/plain")
    chunks = [chunk async for chunk in blobs.stream("a", 1_000_000)]
    assert b"".join(chunks) == BIG[1_000_000:]
    if len(chunks) > 1:
        assert max(map(len, chunks)) <= 1024 * 1024


async def test_a_range_beyond_the_end_is_refused(blobs: Blobs) -> None:
    await blobs.put("a", b"0123456789", "text/plain")
    for attempt in (
        blobs.get_range("a", 10, 12),
        collected(blobs.stream("a", 10)),
        collected(blobs.stream("a", 11, 12)),
    ):
        with pytest.raises(BadRequest) as refused:
            await attempt
        assert refused.value.code == "range_not_satisfiable"
    for attempt in (blobs.get_range("a", 5, 5), blobs.get_range("a", -1, 5), collected(blobs.stream("a", 5, 4))):
        with pytest.raises(ValueError, match="no range"):
            await attempt


async def test_an_empty_object_is_an_object(blobs: Blobs) -> None:
    assert (await blobs.put("empty", b"", "text/plain")).size_bytes == 0
    assert await blobs.get("empty") == b""
    assert await collected(blobs.stream("empty")) == b""


async def test_what_is_not_there_is_not_found(blobs: Blobs) -> None:
    for attempt in (blobs.head("a"), blobs.get("a"), blobs.get_range("a", 0, 1), collected(blobs.stream("a"))):
        with pytest.raises(NotFound) as missing:
            await attempt
        assert missing.value.code == "object_not_found"
    assert not await blobs.exists("a")


async def test_deleting_twice_is_as_good_as_once(blobs: Blobs) -> None:
    await blobs.put("a/b", b"1", "text/plain")
    await blobs.delete("a/b")
    await blobs.delete("a/b")
    assert not await blobs.exists("a/b")


ODD_KEYS = ["", ".", "..", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", "a\\b", "a%2e", "ü", "a?b", "a#1", "~"]
ODD_KEYS += ["a\0", "a\n", "x" * 201, "/".join(["x" * 100] * 10)]


@pytest.mark.parametrize("key", ODD_KEYS)
async def test_a_key_that_could_lead_elsewhere_is_refused(blobs: Blobs, key: str) -> None:
    attempts = (blobs.put(key, b"", "text/plain"), blobs.head(key), blobs.exists(key), blobs.get(key))
    for attempt in (*attempts, blobs.get_range(key, 0, 1), collected(blobs.stream(key)), blobs.delete(key)):
        with pytest.raises(BadRequest) as refused:
            await attempt
        assert refused.value.code == "invalid_key"


SEGMENTS = st.text("abzAZ09!_.'()&$@=;:+, -", min_size=1, max_size=20).filter(lambda part: part not in (".", ".."))


@given(st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join), st.binary(max_size=100))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
async def test_every_valid_key_stays_in_the_folder(tmp_path: Path, key: str, content: bytes) -> None:
    blobs = Blobs.open("memory://")
    await blobs.put(key, content, "text/plain")
    assert await blobs.get(key) == content
    assert (tmp_path / key).resolve().is_relative_to(tmp_path.resolve())


@pytest.mark.may_block
async def test_the_folder_is_private_and_outlives_the_process(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "objects"
    await Blobs.open(folder).put("a b/c", b"1", "text/plain")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / "a b" / "c").read_bytes() == b"1"
    assert await Blobs.open(str(folder)).get("a b/c") == b"1"
    assert await Blobs.open(folder.as_uri()).get("a b/c") == b"1"


async def test_a_storage_that_fails_is_unavailable(tmp_path: Path) -> None:
    blobs = await asyncio.to_thread(Blobs.open, tmp_path / "objects")
    await blobs.put("a", b"1", "text/plain")
    with pytest.raises(Unavailable) as failed:
        await blobs.put("a/b", b"1", "text/plain")
    assert failed.value.code == "storage_unavailable"


@pytest.mark.parametrize("url", ["ftp://host/folder", "postgresql://host/db", "http://host/folder"])
def test_an_unknown_kind_of_storage_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="cannot be stored"):
        Blobs.open(url)


@pytest.mark.parametrize("url", ["s3://bucket/prefix", "gs://bucket/prefix", "az://container/prefix"])
def test_the_three_clouds_are_known(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("AWS_", "GOOGLE_", "AZURE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    assert isinstance(Blobs.open(url), Blobs)


def test_a_cloud_without_its_account_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)
    with pytest.raises(ValueError, match="Account must be specified"):
        Blobs.open("az://container/prefix")
