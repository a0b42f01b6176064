"""What the tests of documents share."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from core.blobs import Blobs
from core.facts import Fact
from core.storage.shapes import blob_key
from lms.courses.documents.jobs import DocumentReader
from tests.clock import FixedClock
from tests.support.world import World

PDF = "application/pdf"


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs.open(tmp_path / "objects")


@pytest.fixture
def reader(world: World, blobs: Blobs) -> DocumentReader:
    return DocumentReader(world.database, blobs, FixedClock())


@pytest.fixture
def upload(world: World, blobs: Blobs) -> Callable[..., Awaitable[UUID]]:
    """Puts a PDF under a name, in place of what has it; the object's id."""

    async def put(name: str, content: bytes, content_type: str = PDF) -> UUID:
        version = uuid4()
        await blobs.put(blob_key(version), content, content_type)
        rows = await world.as_service(
            """insert into storage.objects (bucket_id, name, version, metadata)
               values ('lesson-attachments', $1, $2, $3)
               on conflict (bucket_id, name) do update set version = excluded.version, metadata = excluded.metadata
               returning id""",
            name,
            version,
            {"size": len(content), "mimetype": content_type},
        )
        found: UUID = rows[0]["id"]
        return found

    return put


@pytest.fixture
def follow(world: World, reader: DocumentReader) -> Callable[[], Awaitable[None]]:
    """Lets the reader follow all facts so far, also those that it followed before."""

    async def run() -> None:
        for row in await world.as_service("select * from callx.facts where kind = 'DocumentStored' order by id"):
            await reader.document_stored(Fact(row["id"], row["kind"], row["payload"], FixedClock().now()))

    return run
