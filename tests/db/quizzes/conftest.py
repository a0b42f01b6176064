"""A quiz to change as the test needs it, and the superuser who moves its clock."""

import json
from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.support.quizzes import QuizRoom
from tests.support.world import World


@pytest.fixture
async def owner(owner_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser in the test's database."""
    connection = await asyncpg.connect(owner_dsn)
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
    yield connection
    await connection.close()


@pytest.fixture
async def room(world: World, owner: asyncpg.Connection) -> QuizRoom:
    """The course's quiz with a question of each type."""
    return await QuizRoom.furnish(world, owner)
