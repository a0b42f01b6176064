"""What the tests of the database's rules share."""

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
