"""Resumable uploads that break off: by the client, by the server, or in the middle of being put together."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiohttp import web

from core.blobs import Blobs
from core.db import Database
from core.errors import Unavailable
from core.facts import Fact
from core.storage.object_names import ObjectName
from core.storage.objects import Objects
from core.storage.resumable import handlers, queries
from core.storage.resumable.incoming import pieces
from core.storage.resumable.protocol import Creation
from core.storage.resumable.tidying import Tidier
from core.storage.resumable.uploads import FINISHER_TURN, ResumableUpload, ResumableUploads, parts_prefix
from core.storage.shapes import Details
from tests.app.storage_resumable.tus import Tus, refusal
from tests.app.support.wires import MakeClient, bearer, sign_in, wires
from tests.clock import FixedClock
from tests.people import Cast

FILM = bytes(range(256)) * 20
DAY = timedelta(hours=24)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "PIECE_BYTES", 1_000)
    monkeypatch.setattr("core.storage.resumable.uploads.POLL_S", 0.01)


@pytest.fixture
def uploads(database: Database, blobs: Blobs, clock: FixedClock, cast: Cast) -> ResumableUploads:
    """The operations without HTTP; the cast is hired."""
    return ResumableUploads(blobs, Objects(database, blobs), clock)


@pytest.fixture
def tidier(database: Database, blobs: Blobs, clock: FixedClock) -> Tidier:
    return Tidier(database, blobs, clock)


async def one(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def keys_below(blobs: Blobs, prefix: str) -> list[str]:
    return [blob.key async for blob in blobs.list_below(prefix)]


async def film_begun(uploads: ResumableUploads, cast: Cast) -> ResumableUpload:
    name = ObjectName("lesson-videos", "film.mp4")
    return await uploads.begin(
        cast.ada, Creation(name, len(FILM), Details("video/mp4"), upsert=True, has_content=False)
    )


async def film_complete(uploads: ResumableUploads, cast: Cast) -> ResumableUpload:
    """All its bytes are there, and no object yet."""
    upload = await film_begun(uploads, cast)
    return await uploads.append(cast.ada, upload, 0, one(FILM[:2_000], FILM[2_000:]))


@asynccontextmanager
async def real_server(app: web.Application) -> AsyncIterator[tuple[str, int]]:
    """Address and port of an application that is served as `server.py` does: a lost client ends no handler."""
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0]
    await runner.cleanup()


async def test_what_had_arrived_when_the_connection_was_lost_is_kept(
    tus: Tus, database: Database, clock: FixedClock, blobs: Blobs
):
    url = await tus.begun(len(FILM))
    async with real_server(wires(database, clock, blobs=blobs)) as (host, port):
        _, writer = await asyncio.open_connection(host, port)
        lines = [f"PATCH {url} HTTP/1.1", "Host: x", f"Content-Length: {len(FILM)}", "Upload-Offset: 0"]
        lines += ["Content-Type: application/offset+octet-stream"]
        lines += [f"{name}: {value}" for name, value in tus.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + FILM[:2_500])
        await writer.drain()
        async with asyncio.timeout(5):
            while await tus.offset(url) < 2_000:  # noqa: ASYNC110 - the server takes its time
                await asyncio.sleep(0.01)
        writer.transport.abort()
        async with asyncio.timeout(5):
            while (arrived := await tus.offset(url)) < 2_500:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert (await tus.patch(url, arrived, FILM[arrived:])).status == 204
    assert await (await tus.download()).read() == FILM


class Trickle:
    """A body of 250 bytes, and then what `end` does."""

    def __init__(self, end: Callable[[], Awaitable[bytes]]) -> None:
        self._left = b"x" * 250
        self._end = end

    async def read(self, n: int, /) -> bytes:
        if not self._left:
            return await self._end()
        chunk, self._left = self._left[: min(n, 30)], self._left[min(n, 30) :]
        return chunk


async def finished() -> bytes:
    return b""


async def silent() -> bytes:
    await asyncio.Event().wait()
    raise AssertionError


async def lost() -> bytes:
    raise ConnectionResetError("gone")


@pytest.mark.parametrize("end", [finished, silent, lost])
async def test_a_body_ends_with_what_has_come_of_it(end: Callable[[], Awaitable[bytes]]):
    assert [len(piece) async for piece in pieces(Trickle(end), 100, idle_s=0.01)] == [100, 100, 50]
    assert [len(piece) async for piece in pieces(Trickle(end), 125, idle_s=0.01)] == [125, 125]


async def test_another_server_goes_on_where_a_killed_one_stopped(
    tus: Tus, aiohttp_client: MakeClient, database: Database, clock: FixedClock, tmp_path: Path
):
    folder = tmp_path / "objects"
    first = await aiohttp_client(wires(database, clock, blobs=await asyncio.to_thread(Blobs.open, folder)))
    session = bearer(await sign_in(first, "ada"))
    url = await Tus(first, session).begun(len(FILM))
    await Tus(first, session).patch(url, 0, FILM[:3_000])
    await first.close()

    second = Tus(
        await aiohttp_client(wires(database, clock, blobs=await asyncio.to_thread(Blobs.open, folder))), session
    )
    assert await second.offset(url) == 3_000
    assert (await second.patch(url, 3_000, FILM[3_000:])).status == 204
    assert await (await second.download()).read() == FILM


async def test_who_asks_finishes_what_nobody_finished(uploads: ResumableUploads, cast: Cast, tus: Tus):
    upload = await film_complete(uploads, cast)
    assert (await tus.download()).status == 400
    assert await tus.offset(f"/storage/v1/upload/resumable/{upload.id}") == len(FILM)
    assert await (await tus.download()).read() == FILM


async def test_an_upload_is_complete_only_when_the_object_is_there(
    uploads: ResumableUploads, cast: Cast, tus: Tus, clock: FixedClock, database: Database
):
    upload = await film_complete(uploads, cast)
    url = f"/storage/v1/upload/resumable/{upload.id}"
    now = clock.now()
    async with database.acting_as(cast.ada) as tx:
        assert await tx.fetchval(queries.CLAIM, upload.id, uuid4(), now + FINISHER_TURN, now)
    assert (await tus.head(url)).status == 423
    assert await refusal(await tus.patch(url, len(FILM), b"")) == (423, "UploadLocked")
    clock.advance(int(FINISHER_TURN.total_seconds() * 1000) + 1)
    assert await tus.offset(url) == len(FILM)


async def test_whoever_lost_the_turn_makes_no_second_object(
    uploads: ResumableUploads, cast: Cast, blobs: Blobs, database: Database, clock: FixedClock
):
    upload = await film_complete(uploads, cast)

    class Slow(Objects):
        """While it checks, the turn ends and somebody else makes the object."""

        async def check_put(self, *arguments, **keywords):
            clock.advance(int(FINISHER_TURN.total_seconds() * 1000) + 1)
            await uploads.finish(cast.ada, upload)
            return await super().bucket("lesson-videos")

    slow = ResumableUploads(blobs, Slow(database, blobs), clock)
    assert (await slow.finish(cast.ada, upload)).finished
    assert len(await keys_below(blobs, "objects")) == 1
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select 'objects/' || version from storage.objects") in await keys_below(
            blobs, "objects"
        )


async def test_several_who_finish_at_once_make_one_object(uploads: ResumableUploads, cast: Cast, blobs: Blobs):
    upload = await film_complete(uploads, cast)
    answers = await asyncio.gather(*(uploads.finish(cast.ada, upload) for _ in range(3)))
    assert all(answer.finished for answer in answers)
    assert len(await keys_below(blobs, "objects")) == 1


async def test_a_storage_that_fails_at_the_end_loses_nothing(
    uploads: ResumableUploads, cast: Cast, blobs: Blobs, database: Database, clock: FixedClock
):
    upload = await film_complete(uploads, cast)

    class Broken(Blobs):
        async def put(self, *arguments, **keywords):
            raise Unavailable("The object storage does not answer.")

    broken = ResumableUploads(Broken(blobs._store), Objects(database, blobs), clock)
    with pytest.raises(Unavailable):
        await broken.finish(cast.ada, upload)
    assert (await uploads.finish(cast.ada, upload)).finished


async def test_an_upload_whose_parts_are_gone_says_so(uploads: ResumableUploads, cast: Cast, blobs: Blobs, tus: Tus):
    upload = await film_complete(uploads, cast)
    await blobs.delete((await keys_below(blobs, parts_prefix(upload.id)))[0])
    assert (await tus.head(f"/storage/v1/upload/resumable/{upload.id}")).status == 410
    assert await keys_below(blobs, "objects") == []


async def abandoned(database: Database) -> list[UUID]:
    async with database.acting_as_service() as tx:
        rows = await tx.fetch("select payload from callx.facts where kind = 'UploadPartsAbandoned' order by id")
    return [UUID(row["payload"]["upload_id"]) for row in rows]


async def test_parts_leave_when_the_upload_is_finished_given_up_or_expired(
    uploads: ResumableUploads, cast: Cast, blobs: Blobs, database: Database, tidier: Tidier, clock: FixedClock
):
    finished = await film_complete(uploads, cast)
    expired = await uploads.append(cast.ada, await film_begun(uploads, cast), 0, one(b"x"))
    given_up = await uploads.append(cast.ada, await film_begun(uploads, cast), 0, one(b"x"))
    clock.advance(1_000)
    waiting = await uploads.append(cast.ada, await film_begun(uploads, cast), 0, one(b"x"))
    await uploads.finish(cast.ada, finished)
    await uploads.give_up(cast.ada, given_up.id)
    clock.advance(24 * 3_600_000 - 1_000)
    await tidier.tidy_up()

    assert await abandoned(database) == [finished.id, given_up.id, expired.id]
    for upload_id in await abandoned(database):
        fact = Fact(1, "UploadPartsAbandoned", {"upload_id": str(upload_id)}, clock.now())
        await tidier.parts_abandoned(fact)
        await tidier.parts_abandoned(fact)
    assert {key.split("/")[1] for key in await keys_below(blobs, "uploads")} == {str(waiting.id)}


async def test_parts_that_belong_to_nothing_are_removed_when_they_are_old(
    uploads: ResumableUploads, cast: Cast, blobs: Blobs, database: Database
):
    class Later(FixedClock):
        def now(self) -> datetime:
            return datetime.now(UTC) + DAY + timedelta(minutes=1)

    upload = await uploads.append(cast.ada, await film_begun(uploads, cast), 0, one(b"x"))
    async with database.acting_as_service() as tx:
        await tx.execute("update storage.resumable_uploads set expires_at = now() + interval '3 days'")
    for stray in (f"uploads/{uuid4()}/{uuid4()}", "uploads/no-upload/x"):
        await blobs.put(stray, b"x", "video/mp4")
    await Tidier(database, blobs, FixedClock(datetime.now(UTC))).tidy_up()
    assert len(await keys_below(blobs, "uploads")) == 3
    await Tidier(database, blobs, Later()).tidy_up()
    left = {key.split("/")[1] for key in await keys_below(blobs, "uploads")}
    assert left == {str(upload.id), "no-upload"}


async def test_parts_of_whoever_is_deleted_leave_too(uploads: ResumableUploads, cast: Cast, database: Database):
    upload = await film_begun(uploads, cast)
    async with database.acting_as_service() as tx:
        await tx.execute("update public.user_roles set role = 'admin' where user_id = $1", cast.mira.user_id)
        await tx.execute("delete from auth.users where id = $1", cast.ada.user_id)
    assert await abandoned(database) == [upload.id]
