"""What the tests of resumable uploads share."""

from collections.abc import Awaitable, Callable

import pytest

from core.blobs import Blobs
from core.db import Database
from tests.app.storage_resumable.tus import Tus
from tests.app.support.wires import Client, MakeClient, bearer, give_passwords, sign_in, wires
from tests.clock import FixedClock
from tests.people import Cast

OpenTus = Callable[..., Awaitable[Tus]]


@pytest.fixture
def blobs() -> Blobs:
    """Where the bytes lie."""
    return Blobs.open("memory://")


@pytest.fixture
async def client(aiohttp_client: MakeClient, database: Database, cast: Cast, clock: FixedClock, blobs: Blobs) -> Client:
    """A client of the wires; everybody can sign in."""
    await give_passwords(database, cast)
    return await aiohttp_client(wires(database, clock, blobs=blobs))


@pytest.fixture
def open_tus(client: Client) -> OpenTus:
    """Opens an uploader that is signed in by name."""

    async def opened(name: str = "ada") -> Tus:
        return Tus(client, bearer(await sign_in(client, name)))

    return opened


@pytest.fixture
async def tus(open_tus: OpenTus) -> Tus:
    """The uploader of an admin."""
    return await open_tus()
