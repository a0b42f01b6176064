"""The library, served by itself, and people who ask it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import jwt
import pytest
from aiohttp.test_utils import TestClient

from core.clock import SystemClock
from core.db import Database
from core.settings import Settings
from tests.support.cluster import Cluster
from tests.support.library import login_dsn, new_library
from wiring.rest_command import RestService, create_rest_app, open_foreign_database

KEY = b"the key of those who keep the library"
SERVICE = RestService(schemas=("library", "cards"), anon_role="library_visitor")
SETTINGS = Settings(database_pool_size=4)


def token(role: str | None, key: bytes = KEY, **claims: Any) -> str:
    """A token of this role."""
    return jwt.encode(claims if role is None else {"role": role, **claims}, key, algorithm="HS256")


@dataclass(frozen=True)
class Answer:
    """What came back; `json` is None for an empty body."""

    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.text) if self.text else None


@dataclass(frozen=True)
class Reader:
    """Somebody with a token, or without."""

    client: TestClient[Any, Any]
    bearer: str | None = None
    prefix: str = "/"

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Sends a request; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.bearer:
            sent["Authorization"] = f"Bearer {self.bearer}"
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        async with self.client.request(method, self.prefix + path, data=data, headers=sent) as response:
            return Answer(response.status, response.headers, await response.text())

    async def get(self, path: str, status: int = 200, **headers: str) -> Any:
        """The JSON of a GET, whose status is as expected."""
        answer = await self.ask("GET", path, **headers)
        assert answer.status == status, answer.text
        return answer.json

    async def fails(self, path: str, status: int, code: str, method: str = "GET", body: Any = None) -> Any:
        """The error that a request ends with."""
        answer = await self.ask(method, path, body)
        assert answer.status == status, answer.text
        assert answer.json.keys() == {"code", "message", "details", "hint"}
        assert answer.json["code"] == code, answer.text
        return answer.json


Serve = Callable[..., Awaitable[Reader]]


async def _serving(
    aiohttp_client: Any, cluster: Cluster, name: str, opened: list[Database], service: RestService, key: bytes | None
) -> Reader:
    service = replace(service, database_url=service.database_url or login_dsn(cluster, name))
    database = await open_foreign_database(SETTINGS, service)
    opened.append(database)
    return Reader(await aiohttp_client(create_rest_app(SETTINGS, service, database, key, SystemClock())))


@pytest.fixture(scope="module")
def library_to_read(cluster: Cluster) -> Iterator[str]:
    """A library that the tests of a module only read."""
    name = asyncio.run(new_library(cluster, "library_read_by_wire"))
    yield name
    asyncio.run(cluster.drop(name))


@pytest.fixture
async def library_name(cluster: Cluster) -> AsyncIterator[str]:
    """A library of the test's own."""
    name = await new_library(cluster, "library_written_by_wire")
    yield name
    await cluster.drop(name)


@pytest.fixture
async def serve(aiohttp_client: Any, cluster: Cluster, library_to_read: str) -> AsyncIterator[Serve]:
    """Serves the library that is only read, as wanted; a reader without a token."""
    opened: list[Database] = []

    async def serve(service: RestService = SERVICE, key: bytes | None = KEY) -> Reader:
        return await _serving(aiohttp_client, cluster, library_to_read, opened, service, key)

    yield serve
    for database in opened:
        await database.close()


@pytest.fixture
async def visitor(serve: Serve) -> Reader:
    """Somebody without a token."""
    return await serve()


@pytest.fixture
def librarian(visitor: Reader) -> Reader:
    """Somebody who may read everything."""
    return replace(visitor, bearer=token("library_librarian"))


@pytest.fixture
async def writer(aiohttp_client: Any, cluster: Cluster, library_name: str) -> AsyncIterator[Reader]:
    """A librarian in a library of the test's own."""
    opened: list[Database] = []
    reader = await _serving(aiohttp_client, cluster, library_name, opened, SERVICE, KEY)
    yield replace(reader, bearer=token("library_librarian"))
    for database in opened:
        await database.close()
