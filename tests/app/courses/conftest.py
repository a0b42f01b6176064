"""A server with the functions about courses."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

import lms.courses.packs.handlers
from core.blobs import Blobs
from core.db import Database
from core.settings import Settings
from tests.app.support.wires import Client, MakeClient, bearer, give_passwords, sign_in, wires
from tests.clock import FixedClock
from tests.people import Cast
from tests.support.courses import Course, build_course


@pytest.fixture
async def course(database: Database, cast: Cast) -> Course:
    """A course with a lesson of each type."""
    async with database.acting_as_service() as tx:
        return await build_course(tx)


@pytest.fixture
def blobs() -> Blobs:
    """Where files lie."""
    return Blobs.open("memory://")


@pytest.fixture
async def client(aiohttp_client: MakeClient, database: Database, cast: Cast, clock: FixedClock, blobs: Blobs) -> Client:
    """The wires of a server; packs may have 50 MB."""
    await give_passwords(database, cast)
    app = wires(database, clock, blobs=blobs, settings=Settings(course_pack_mb=50))
    lms.courses.packs.handlers.add_functions(app)
    return await aiohttp_client(app)


@dataclass(frozen=True)
class Office:
    """Everybody's way to the server."""

    client: Client
    headers: dict[str, dict[str, str]]

    async def take(self, pack: bytes | str, *, by: str = "ada", **wanted: Any) -> tuple[int, Any]:
        """Calls import-course with a pack as the body, or a text as its field `yaml`."""
        if isinstance(pack, str):
            body = {"yaml": pack, **wanted}
            async with self.client.post("/functions/v1/import-course", json=body, headers=self.headers[by]) as answer:
                return answer.status, await answer.json()
        query = {name: json.dumps(value) for name, value in wanted.items()}
        headers = self.headers[by] | {"Content-Type": "application/zip"}
        async with self.client.post("/functions/v1/import-course", params=query, data=pack, headers=headers) as answer:
            return answer.status, await answer.json()

    async def give(self, product_id: UUID | str, *, by: str = "ada", form: str = "zip") -> tuple[int, bytes]:
        """Calls export-course."""
        address = f"/functions/v1/export-course?product_id={product_id}&format={form}"
        async with self.client.get(address, headers=self.headers[by]) as answer:
            return answer.status, await answer.read()

    async def rpc(self, name: str, *, by: str = "ada", **arguments: Any) -> tuple[int, Any]:
        """Calls a function of the database."""
        async with self.client.post(f"/rest/v1/rpc/{name}", json=arguments, headers=self.headers[by]) as answer:
            return answer.status, await answer.json() if answer.content_length != 0 else None

    async def rows(self, address: str, *, by: str = "tess") -> list[Any]:
        """Reads over /rest/v1."""
        async with self.client.get(f"/rest/v1/{address}", headers=self.headers[by]) as answer:
            assert answer.status == 200, await answer.text()
            rows: list[Any] = await answer.json()
            return rows


@pytest.fixture
async def office(client: Client) -> Office:
    """With ada, mira and tess signed in."""
    return Office(client, {name: bearer(await sign_in(client, name)) for name in ("ada", "mira", "tess")})
