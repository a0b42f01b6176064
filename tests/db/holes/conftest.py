"""What every hole is tried on: the cast, an ex-manager, a course, and the superuser to take a closure out."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from core.db import Database
from tests.people import Cast, hire_ex_manager
from tests.support.courses import build_course
from tests.support.world import World


@pytest.fixture
async def world(database: Database, cast: Cast) -> World:
    """A course that everybody sees, and nothing achieved in it."""
    async with database.acting_as_service() as tx:
        return World(database, cast, await hire_ex_manager(tx), await build_course(tx))


@pytest.fixture
async def owner(owner_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser in the test's database."""
    connection = await asyncpg.connect(owner_dsn)
    yield connection
    await connection.close()
