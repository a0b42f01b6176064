"""What all layers share: the database, the cast, a clock, and the guard against blocking."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from core.db import Database, connect
from tests.clock import FixedClock
from tests.people import Cast, hire_everybody
from tests.support.blocking import nothing_may_block
from tests.support.cluster import Cluster, throw_away_folder

_GUARDED = ("tests/db/", "tests/app/")


@pytest.fixture(autouse=True)
def _nothing_blocks(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.nodeid.startswith(_GUARDED) and request.node.get_closest_marker("may_block") is None:
        with nothing_may_block():
            yield
    else:
        yield


@pytest.fixture
def clock() -> FixedClock:
    """A clock that only the test moves."""
    return FixedClock()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The PostgreSQL of this test run."""
    with throw_away_folder(tmp_path_factory.mktemp("postgres")) as folder:
        cluster = Cluster(folder)
        try:
            asyncio.run(cluster.start())
            yield cluster
        finally:
            asyncio.run(cluster.stop())


@pytest.fixture
async def database_name(cluster: Cluster) -> AsyncIterator[str]:
    """A fresh migrated database of the test's own."""
    name = await cluster.clone()
    yield name
    await cluster.drop(name)


@pytest.fixture
def owner_dsn(cluster: Cluster, database_name: str) -> str:
    """The superuser's address of the test's database."""
    return cluster.owner_dsn(database_name)


@pytest.fixture
def server_dsn(cluster: Cluster, database_name: str) -> str:
    """The address under which a server logs in to the test's database."""
    return cluster.server_dsn(database_name)


@pytest.fixture
async def database(server_dsn: str) -> AsyncIterator[Database]:
    """The test's database, as the server opens it."""
    database = await connect(server_dsn, pool_size=4)
    yield database
    await database.close()


@pytest.fixture
async def cast(database: Database) -> Cast:
    """The cast, hired into the test's database."""
    async with database.acting_as_service() as tx:
        return await hire_everybody(tx)
