"""What no row names leaves the object store: by its fact, and by night; and nothing else does."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from core.blobs import BlobInfo, Blobs
from core.db import Database
from core.errors import Unavailable
from core.facts import Fact
from core.identity import Person
from core.jobs import Subscriptions, Worker, WorkerLimits
from core.storage.errors import StorageError
from core.storage.jobs import NAMELESS_FOR, BlobRemover, subscribe
from core.storage.object_names import ObjectName
from core.storage.objects import Objects
from core.storage.shapes import Details, Upload, blob_key
from tests.clock import FixedClock
from tests.people import Cast
from voice.jobs import RecordingMaker
from voice.jobs import subscribe as subscribe_voice

FILM = ObjectName("lesson-videos", "film.mp4")


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs.open(tmp_path / "objects")


@pytest.fixture
def objects(database: Database, blobs: Blobs) -> Objects:
    return Objects(database, blobs)


async def in_one_piece(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def put(objects: Objects, person: Person, content: bytes = b"film", *, upsert: bool = False) -> UUID:
    bucket = await objects.check_put(person, FILM, upsert=upsert)
    upload = Upload(Details("video/mp4"), in_one_piece(content))
    return (await objects.put(person, FILM, bucket, upload, upsert=upsert)).version


async def keys(blobs: Blobs) -> set[str]:
    return {blob.key async for blob in blobs.list_below("objects")}


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(1_000):
        if await happened():
            return
        await asyncio.sleep(0.02)
    pytest.fail("It did not happen in twenty seconds.")


async def only(blobs: Blobs, *expected: str) -> None:
    async def happened() -> bool:
        return await keys(blobs) == set(expected)

    await until(happened)


async def test_replaced_and_removed_objects_leave_the_store(
    database: Database, server_dsn: str, cast: Cast, blobs: Blobs, objects: Objects, clock: FixedClock
):
    first, second = await put(objects, cast.ada), await put(objects, cast.ada, b"film 2", upsert=True)
    assert await keys(blobs) == {blob_key(first), blob_key(second)}
    following = Subscriptions()
    subscribe(following, database, blobs, clock)
    worker = Worker(server_dsn, following, WorkerLimits(poll_ms=50))
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        await only(blobs, blob_key(second))
        await objects.remove(cast.ada, FILM.bucket, [FILM.path])
        await only(blobs)
        await worker.stop()


async def test_a_fact_removes_nothing_that_a_row_names(
    database: Database, cast: Cast, blobs: Blobs, objects: Objects, clock: FixedClock
):
    version = await put(objects, cast.ada)
    remover = BlobRemover(database, blobs, clock)
    for key in (blob_key(version), "objects/none", "recordings/gone.ogg"):
        await remover.blob_abandoned(Fact(1, "BlobAbandoned", {"key": key}, datetime.now(UTC)))
    assert await keys(blobs) == {blob_key(version)}


async def test_old_bytes_without_a_row_are_removed_by_night(
    database: Database, cast: Cast, blobs: Blobs, objects: Objects, tmp_path: Path
):
    named, old, young = await put(objects, cast.ada), uuid4(), uuid4()
    for version in (old, young):
        await blobs.put(blob_key(version), b"x", "video/mp4")
    await blobs.put("objects/not-ours", b"x", "text/plain")
    clock = FixedClock(datetime.now(UTC))
    long_ago = (clock.now() - NAMELESS_FOR - timedelta(hours=1)).timestamp()
    for key in (blob_key(named), blob_key(old), "objects/not-ours"):
        os.utime(tmp_path / "objects" / key, (long_ago, long_ago))
    await BlobRemover(database, blobs, clock).remove_nameless()
    assert await keys(blobs) == {blob_key(named), blob_key(young), "objects/not-ours"}


async def test_a_row_that_is_refused_takes_its_bytes_along(cast: Cast, blobs: Blobs, objects: Objects):
    bucket = await objects.check_put(cast.ada, FILM, upsert=False)
    await put(objects, cast.ada)
    with pytest.raises(StorageError) as refusal:
        await objects.put(cast.ada, FILM, bucket, Upload(Details("video/mp4"), in_one_piece(b"too late")), upsert=False)
    assert refusal.value.code == "ResourceAlreadyExists"
    assert len(await keys(blobs)) == 1


async def test_bytes_stay_when_nobody_knows_whether_they_have_a_row(cast: Cast, blobs: Blobs, database: Database):
    version = uuid4()
    stored: BlobInfo = await blobs.put(blob_key(version), b"film", "video/mp4")
    await database.close()
    with pytest.raises(Unavailable):
        await Objects(database, blobs).commit(cast.ada, FILM, version, stored, Details("video/mp4"), upsert=False)
    assert await keys(blobs) == {blob_key(version)}


async def test_a_journal_of_somebody_deleted_goes(
    database: Database, server_dsn: str, cast: Cast, blobs: Blobs, tmp_path: Path, clock: FixedClock
):
    async with database.acting_as_service() as tx:
        product = await tx.fetchval("insert into public.products (title) values ('P') returning id")
        module = await tx.fetchval(
            "insert into public.modules (product_id, title, order_index) values ($1, 'M', 1) returning id", product
        )
        lesson = await tx.fetchval(
            """insert into public.lessons (module_id, title, lesson_type, order_index)
               values ($1, 'L', 'simulation', 1) returning id""",
            module,
        )
        simulation = await tx.fetchval(
            """insert into public.simulations (lesson_id, scenario_description, ai_system_prompt, passing_grade)
               values ($1, 'x', 'y', 1) returning id""",
            lesson,
        )
        call = await tx.fetchval(
            """insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed)
               values ($1, $2, 'practice', 'ended', '\\x00', 1) returning id""",
            cast.tess.user_id,
            simulation,
        )
        await tx.execute(
            """insert into public.recordings (call_id, state, object_key, journal)
               values ($1, 'ready', 'recordings/a.ogg', 'recordings/a/journal')""",
            call,
        )
    await blobs.put("recordings/a.ogg", b"voice", "audio/ogg")
    journal = tmp_path / "recordings" / str(call) / "journal"
    journal.parent.mkdir(parents=True)
    journal.write_bytes(b"voice")

    async def no_trace() -> bool:
        return not (await blobs.exists("recordings/a.ogg") or journal.parent.exists())

    following = Subscriptions()
    subscribe(following, database, blobs, clock)
    subscribe_voice(following, RecordingMaker(database, blobs, tmp_path))
    worker = Worker(server_dsn, following, WorkerLimits(poll_ms=50))
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        async with database.acting_as_service() as tx:
            await tx.execute("delete from auth.users where id = $1", cast.tess.user_id)
        await until(no_trace)
        await worker.stop()
