"""A server with the functions about courses."""

import pytest

from core.db import Database
from tests.app.support.wires import Client, MakeClient, give_passwords, wires
from tests.clock import FixedClock
from tests.people import Cast
from tests.support.courses import Course, build_course


@pytest.fixture
async def course(database: Database, cast: Cast) -> Course:
    """A course with a lesson of each type."""
    async with database.acting_as_service() as tx:
        return await build_course(tx)


@pytest.fixture
async def client(
    aiohttp_client: MakeClient, database: Database, cast: Cast, clock: FixedClock, course: Course
) -> Client:
    """The wires of a server with this course."""
    await give_passwords(database, cast)
    app = wires(database, clock)
    return await aiohttp_client(app)
