"""A server with the tests' own functions."""

import pytest

from tests.app.support import course, sample_functions
from tests.app.support.wires import bearer, give_passwords, sign_in, wires


@pytest.fixture
async def client(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
    app = wires(database, clock)
    sample_functions.add_functions(app)
    return await aiohttp_client(app)


@pytest.fixture
async def tess(client):
    """The headers of tess."""
    return bearer(await sign_in(client, "tess"))
