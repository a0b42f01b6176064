"""The library, read by its superuser or as one of its roles."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from tests.support.cluster import Cluster
from tests.support.library import new_library, superusers_connection


@pytest.fixture(scope="module")
def library_name(cluster: Cluster) -> Iterator[str]:
    """A library that the tests of a module only read."""
    name = asyncio.run(new_library(cluster, "library_to_read"))
    yield name
    asyncio.run(cluster.drop(name))


@pytest.fixture
async def library(cluster: Cluster, library_name: str) -> AsyncIterator[asyncpg.Connection]:
    """A superuser's connection, whose transaction is taken back."""
    connection = await superusers_connection(cluster.owner_dsn(library_name))
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()
