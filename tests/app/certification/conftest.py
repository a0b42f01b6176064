"""A server that issues certificates, and people with all lessons done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse

import lms.certification.handlers
from core.blobs import Blobs
from core.db import Database
from core.settings import Settings
from lms.certification.issuing import Issuer
from lms.certification.keys import ISSUER
from tests.app.support.wires import SITE, Client, MakeClient, bearer, give_passwords, sign_in, wires
from tests.clock import FixedClock
from tests.people import Cast
from tests.support.courses import Course, attempt, build_course, complete, right_answers, submit


@dataclass
class School:
    """The wire of one server, and its course."""

    client: Client
    database: Database
    cast: Cast
    course: Course
    headers: dict[str, dict[str, str]]

    @property
    def issuer(self) -> Issuer:
        """Who issues here."""
        return self.client.app[ISSUER]

    async def finish(self, name: str) -> None:
        """Lets somebody complete the course."""
        person = getattr(self.cast, name)
        async with self.database.acting_as_service() as tx:
            answers = await right_answers(tx, self.course.quiz_id)
        async with self.database.acting_as(person) as tx:
            await complete(tx, person, self.course.video_lesson_id)
            await complete(tx, person, self.course.text_lesson_id)
            await submit(tx, person, self.course.quiz_id, answers)
        async with self.database.acting_as_service() as tx:
            await attempt(tx, person, self.course, passed=True)

    async def ask(self, name: str, **wanted: Any) -> tuple[int, dict[str, Any]]:
        """Calls `generate-certificate` as somebody."""
        body = {"product_id": str(self.course.product_id), **wanted}
        address = "/functions/v1/generate-certificate"
        async with self.client.post(address, json=body, headers=self.headers.get(name, {})) as response:
            return response.status, await response.json()

    async def open(self, address: str, **headers: str) -> ClientResponse:
        """GETs an absolute address of this site, or a path, without signing in."""
        response = await self.client.get(address.removeprefix(SITE), headers=headers)
        await response.read()
        return response


Certified = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def school(aiohttp_client: MakeClient, database: Database, cast: Cast, clock: FixedClock) -> School:
    """Nobody has finished yet."""
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        course = await build_course(tx)
    app = wires(database, clock, settings=Settings(certificate_issuer="Harbour Telecom"), blobs=Blobs.open("memory://"))
    lms.certification.handlers.add_routes(app)
    client = await aiohttp_client(app)
    headers = {name: bearer(await sign_in(client, name)) for name, _ in cast}
    return School(client, database, cast, course, headers)


@pytest.fixture
async def certified(school: School) -> dict[str, Any]:
    """What tess got."""
    await school.finish("tess")
    status, given = await school.ask("tess")
    assert status == 200, given
    return given
