"""A server with the typed calls alone, over the test's database, and short ways to write to it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web

from core.app_keys import CLOCK, DATABASE, SETTINGS
from core.clock import Clock
from core.db import Database
from core.functions import http
from core.model_usage import UsageBook
from core.settings import Settings
from core.web import IDENTIFY, errors_to_json, request_context
from tests.app.support.wires import MakeClient
from tests.clock import FixedClock
from tests.support.bridge import RUBRIC, bearer, identify_by_name
from tests.support.courses import build_course
from tests.support.scenarios import DOUBLE_CHARGE
from voice.typed_calls import function
from voice.typed_calls.customers import TypedCustomer
from voice.typed_calls.desk import TypedCalls
from voice.typed_calls.function import TYPED_CALLS
from voice.typed_calls.limits import TypedCallLimits
from voice.typed_calls.offline_customer import OfflineCustomer

Answer = tuple[int, dict[str, Any]]


@pytest.fixture
def limits() -> TypedCallLimits:
    """The limits of the test's calls; a test file may have its own."""
    return TypedCallLimits()


@pytest.fixture
def customer() -> TypedCustomer:
    """Who answers; a test file may have its own."""
    return OfflineCustomer()


@pytest.fixture
async def simulation_id(database: Database, cast: Any) -> str:
    """A simulation that everybody may open, with a scenario."""
    async with database.acting_as_service() as tx:
        course = await build_course(tx)
        await tx.execute(
            "update public.simulation_scenarios set script = $2, rubric = $3, version = 4 where simulation_id = $1",
            course.simulation_id,
            DOUBLE_CHARGE.model_dump(mode="json"),
            RUBRIC,
        )
    return str(course.simulation_id)


@dataclass
class Desk:
    """A server, and what stands in its database."""

    client: Any
    database: Database
    clock: FixedClock
    simulation_id: str
    typed_calls: TypedCalls

    async def write(self, text: str, who: str = "tess", **more: Any) -> Answer:
        """Status and JSON of a message."""
        body = {"simulation_id": self.simulation_id, "user_message": text, **more}
        path = "/functions/v1/ai-call-simulation"
        async with self.client.post(path, json=body, headers=bearer(who)) as response:
            return response.status, await response.json()

    async def says(self, text: str, who: str = "tess", **more: Any) -> dict[str, Any]:
        """The answer to a message that is answered."""
        status, answer = await self.write(text, who, **more)
        assert status == 200, answer
        return answer

    async def refused(self, text: str, who: str = "tess", **more: Any) -> tuple[int, str]:
        """Status and code of a message that is not."""
        status, answer = await self.write(text, who, **more)
        assert status >= 400, answer
        return status, answer["code"]

    async def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """What a statement of the service gives."""
        async with self.database.acting_as_service() as tx:
            return [dict(row) for row in await tx.fetch(sql, *values)]

    async def calls(self) -> list[dict[str, Any]]:
        """All calls, the oldest first."""
        return await self.rows("select * from public.calls order by created_at")

    async def transcript(self, call_id: str) -> list[tuple[str, str]]:
        """Who said what."""
        sql = "select speaker, text from public.call_turns where call_id = $1 order by number"
        return [(row["speaker"], row["text"]) for row in await self.rows(sql, UUID(call_id))]


MakeDesk = Callable[..., Any]


@pytest.fixture
def make_desk(aiohttp_client: MakeClient, database: Database, simulation_id: str) -> MakeDesk:
    """Starts one more server over the same database."""

    async def make(customer: TypedCustomer, clock: Clock, limits: TypedCallLimits) -> Desk:
        app = web.Application(middlewares=[request_context, errors_to_json])
        app[SETTINGS], app[CLOCK], app[DATABASE] = Settings(), clock, database
        app[IDENTIFY] = identify_by_name
        app[TYPED_CALLS] = TypedCalls(database, customer, clock, limits, UsageBook())
        http.add_routes(app)
        function.add_functions(app)
        assert isinstance(clock, FixedClock)
        return Desk(await aiohttp_client(app), database, clock, simulation_id, app[TYPED_CALLS])

    return make


@pytest.fixture
async def desk(make_desk: MakeDesk, customer: TypedCustomer, clock: FixedClock, limits: TypedCallLimits) -> Any:
    """The running server."""
    return await make_desk(customer, clock, limits)
