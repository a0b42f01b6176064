"""Everybody signed in, edna too, and attempts to look at."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

import lms.reports.handlers
from core.db import Database
from core.identity import Person
from tests.app.support import course
from tests.app.support.wires import bearer, give_passwords, sign_in, wires
from tests.people import EX_MANAGER, hire_ex_manager
from tests.support.courses import complete
from tests.support.reported_calls import attempt


class Asker:
    """Somebody who calls functions."""

    def __init__(self, client: Any, headers: dict[str, str]) -> None:
        self.client, self.headers = client, headers

    async def get(self, name: str, **query: object) -> tuple[int, Any]:
        """Status and body."""
        asked = {
            key: [str(one) for one in value] if isinstance(value, list) else str(value) for key, value in query.items()
        }
        async with self.client.get(f"/functions/v1/{name}", params=asked, headers=self.headers) as response:
            return response.status, await response.json()

    async def post(self, name: str, **body: Any) -> tuple[int, Any]:
        """Status and body."""
        async with self.client.post(f"/functions/v1/{name}", json=body, headers=self.headers) as response:
            return response.status, await response.json()

    async def file(self, **body: Any) -> Any:
        """Status, headers and bytes of an export."""
        async with self.client.post("/functions/v1/export-table", json=body, headers=self.headers) as response:
            return response.status, response.headers, await response.read()


class Reports:
    """What the tests stand on."""

    def __init__(self, database: Database, askers: dict[str, Asker], attempts: list[UUID], theos: UUID) -> None:
        self.database, self.askers, self.attempts, self.theos = database, askers, attempts, theos

    def __getitem__(self, name: str) -> Asker:
        return self.askers[name]

    async def statuses(self, name: str, **query: object) -> dict[str, int]:
        """What each of the cast is answered."""
        return {who: (await asker.get(name, **query))[0] for who, asker in self.askers.items()}

    async def audited(self, action: str) -> list[Any]:
        """Who did it, and the details."""
        async with self.database.acting_as_service() as tx:
            return list(
                await tx.fetch(
                    "select actor_id, details from public.audit_events where action = $1 order by id", action
                )
            )

    async def as_service(self, sql: str, *values: object) -> None:
        """One statement of the service."""
        async with self.database.acting_as_service() as tx:
            await tx.execute(sql, *values)


def day(number: int) -> datetime:
    """That day of November."""
    return datetime(2026, 11, number, 9, 30, tzinfo=UTC)


@pytest.fixture
async def reports(judged: None, aiohttp_client: Any, database: Database, cast: Any, clock: Any) -> Reports:
    """Tess has three attempts, one a day and the first without verification; theo has one."""
    async with database.acting_as_service() as tx:
        await hire_ex_manager(tx)
        await course.add_course(tx)
        await complete(tx, cast.tess, course.WELCOME)
        attempts = [
            await attempt(tx, cast.tess, course.SIMULATION, day(1), how="unverified", overall=40),
            await attempt(tx, cast.tess, course.SIMULATION, day(2), overall=90),
            await attempt(tx, cast.tess, course.SIMULATION, day(3), overall=80),
        ]
        theos = await attempt(tx, cast.theo, course.SIMULATION, day(2), overall=70)
    everybody: list[tuple[str, Person]] = [*cast, ("edna", EX_MANAGER)]
    await give_passwords(database, everybody)  # type: ignore[arg-type]
    app = wires(database, clock)
    lms.reports.handlers.add_functions(app)
    client = await aiohttp_client(app)
    askers = {name: Asker(client, bearer(await sign_in(client, name))) for name, _ in everybody}
    return Reports(database, askers, attempts, theos)
