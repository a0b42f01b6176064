"""The superuser, to take a closure out."""

from collections.abc import AsyncIterator

import asyncpg
import pytest


@pytest.fixture
async def owner(owner_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser in the test's database."""
    connection = await asyncpg.connect(owner_dsn)
    yield connection
    await connection.close()
