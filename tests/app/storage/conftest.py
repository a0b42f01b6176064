"""Everybody signed in, and a lesson of each kind that names a file."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.blobs import Blobs
from core.tokens import TokenIssuer
from tests.app.support import course
from tests.app.support.shelf import Shelf
from tests.app.support.wires import SECRET, bearer, give_passwords, sign_in, wires


@pytest.fixture
def blobs(tmp_path):
    """A folder, as an installation has by default."""
    return Blobs.open(tmp_path / "objects")


@pytest.fixture
async def client(aiohttp_client, database, cast, clock, blobs):
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
        await course.add_files(tx)
    return await aiohttp_client(wires(database, clock, blobs=blobs))


@pytest.fixture
async def shelf_of(client, clock) -> Callable[[str], Awaitable[Shelf]]:
    """The storage wire, as somebody sees it: a name of the cast, `nobody` or `service`."""

    async def shelf_of(name: str) -> Shelf:
        headers: dict[str, Any] = {}
        if name == "service":
            key = TokenIssuer(SECRET, clock).api_key("service_role")
            headers = {"apikey": key, "Authorization": f"Bearer {key}"}
        elif name == "nobody":
            key = TokenIssuer(SECRET, clock).api_key("anon")
            headers = {"apikey": key, "Authorization": f"Bearer {key}"}
        else:
            headers = bearer(await sign_in(client, name))
        return Shelf(client, headers)

    return shelf_of


@pytest.fixture
async def ada(shelf_of):
    return await shelf_of("ada")


@pytest.fixture
async def tess(shelf_of):
    return await shelf_of("tess")


@pytest.fixture
async def nobody(shelf_of):
    return await shelf_of("nobody")


@pytest.fixture
async def service(shelf_of):
    return await shelf_of("service")
