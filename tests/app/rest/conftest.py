"""Tess and Ada, signed in, with a course to read."""

import pytest

from tests.app.support import course
from tests.app.support.harbour import build_harbour, harbour
from tests.app.support.reader import Reader
from tests.app.support.wires import bearer, give_passwords, sign_in, wires


@pytest.fixture
async def client(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
    return await aiohttp_client(wires(database, clock))


@pytest.fixture
async def tess(client):
    return Reader(client, bearer(await sign_in(client, "tess")))


@pytest.fixture
async def ada(client):
    return Reader(client, bearer(await sign_in(client, "ada")))


@pytest.fixture
async def sea(aiohttp_client, database, cast, clock, owner_dsn):
    """Tess at the harbour."""
    await build_harbour(owner_dsn)
    return Reader(await aiohttp_client(harbour(database, clock)), {})
