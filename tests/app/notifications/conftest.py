"""A server that sends letters through a Resend of the tests' own, and a course to write about."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

import lms.notifications.handlers
from core.app_keys import MAILER
from core.db import Database
from core.identity import Person
from core.mailer import ResendMailer
from tests.app.support.resend_server import ResendServer
from tests.app.support.wires import Client, bearer, give_passwords, sign_in, wires
from tests.clock import FixedClock
from tests.support.courses import Course, build_course

FUNCTION = "/functions/v1/send-notification-email"
COMPLETE = "certification_complete"


@dataclass
class Place:
    """The running server, and short ways to use it."""

    client: Client
    resend: ResendServer
    mailer: ResendMailer
    database: Database
    clock: FixedClock
    course: Course

    async def ask(self, who: str, to_email: str, template: str = COMPLETE, **data: Any) -> tuple[int, dict[str, Any]]:
        """Calls the function as `who`; status and answer."""
        body = {"to_email": to_email, "template": template, "data": data}
        headers = bearer(await sign_in(self.client, who))
        async with self.client.post(FUNCTION, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def run(self, sql: str, *values: Any) -> list[Any]:
        """Rows of a statement of the service."""
        async with self.database.acting_as_service() as tx:
            return list(await tx.fetch(sql, *values))

    async def certify(self, person: Person, *, product_id: UUID | None = None) -> UUID:
        """Certifies somebody; the certification's id."""
        [row] = await self.run(
            """insert into public.certifications (user_id, product_id, certificate_url, issued_at)
               values ($1, $2, 'x.pdf', $3) returning id""",
            person.user_id,
            product_id or self.course.product_id,
            self.clock.now(),
        )
        certification_id: UUID = row["id"]
        return certification_id

    async def letters(self) -> list[dict[str, Any]]:
        """What admins see of the letters, but those of accounts."""
        rows = await self.run("select * from public.letters where kind like 'notice%' order by created_at, id")
        return [dict(row) for row in rows]


@pytest.fixture
async def place(aiohttp_client, aiohttp_server, database, cast, clock) -> Place:
    """Where everybody can sign in, and has before."""
    await give_passwords(database, cast)
    resend = ResendServer()
    server = await aiohttp_server(resend.application())
    mailer = ResendMailer("re_key", "CallX <callx@callx.example>", str(server.make_url("/")))
    app = wires(database, clock)
    app[MAILER] = mailer
    lms.notifications.handlers.add_routes(app)
    async with database.acting_as_service() as tx:
        course = await build_course(tx)
    return Place(await aiohttp_client(app), resend, mailer, database, clock, course)
