"""A server with both functions of a simulation, and spoken calls with a scripted customer, over the test's database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web

from core.app_keys import BLOBS, CLOCK, DATABASE, SETTINGS
from core.blobs import Blobs
from core.clock import SystemClock
from core.db import Database
from core.functions import http
from core.model_usage import UsageBook
from core.settings import Settings
from core.web import IDENTIFY, errors_to_json, request_context
from evaluation import handlers
from evaluation.jobs import Evaluator
from evaluation.judgement import Judge
from evaluation.local_judge.judge import LocalJudge
from evaluation.requested import function
from evaluation.requested.desk import RequestedEvaluations
from evaluation.requested.function import REQUESTED_EVALUATIONS
from evaluation.requested.unverified import UnverifiedReports
from tests.app.support.wires import MakeClient
from tests.clock import FixedClock
from tests.support.bridge import Bridge, ScriptedDriver, bearer, identify_by_name
from tests.support.courses import Course, build_course
from tests.support.scenarios import DOUBLE_CHARGE
from voice import handlers as calls
from voice.keys import SWITCHBOARD
from voice.switchboard import CallLimits, CustomerLine, Switchboard
from voice.typed_calls import function as typed
from voice.typed_calls.desk import TypedCalls
from voice.typed_calls.function import TYPED_CALLS
from voice.typed_calls.limits import TypedCallLimits
from voice.typed_calls.offline_customer import OfflineCustomer


@dataclass
class School:
    """The server, and short ways to use it as tess."""

    client: Any
    database: Database
    clock: FixedClock
    course: Course
    bridge: Bridge
    evaluator: Evaluator

    async def invoke(self, name: str, who: str = "tess", **body: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON of a function of the course's simulation."""
        body = {"simulation_id": str(self.course.simulation_id), **body}
        async with self.client.post(f"/functions/v1/{name}", json=body, headers=bearer(who)) as response:
            return response.status, await response.json()

    async def say(self, *messages: str) -> list[dict[str, Any]]:
        """Writes to the customer, 20 seconds each; the transcript as a front end keeps it."""
        transcript: list[dict[str, Any]] = []
        for message in messages:
            self.clock.advance(20_000)
            status, answer = await self.invoke("ai-call-simulation", user_message=message)
            assert status == 200, answer
            spoken = {"speaker": "user", "text": message, "timestamp": self.clock.now().isoformat()}
            transcript += [spoken, answer["transcript_entry"]]
        return transcript

    async def report(self, transcript: Any = (), who: str = "tess") -> dict[str, Any]:
        """What evaluate-simulation answers."""
        status, report = await self.invoke("evaluate-simulation", who, transcript=list(transcript))
        assert status == 200, report
        return report

    async def refused(self, transcript: Any = (), who: str = "tess", **body: Any) -> tuple[int, str]:
        """Status and code of a refusal."""
        status, answer = await self.invoke("evaluate-simulation", who, transcript=list(transcript), **body)
        assert status >= 400, answer
        return status, answer["code"]

    async def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """What a statement of the service gives."""
        async with self.database.acting_as_service() as tx:
            return [dict(row) for row in await tx.fetch(sql, *values)]

    async def attempts(self) -> list[dict[str, Any]]:
        """All attempts."""
        return await self.rows("select * from public.simulation_attempts order by attempted_at")

    async def completions(self) -> list[UUID]:
        """The lessons that anybody has completed."""
        return [row["lesson_id"] for row in await self.rows("select lesson_id from public.lesson_completions")]


@pytest.fixture
def judge() -> Judge:
    """Who judges; a test file may have its own."""
    return LocalJudge()


@pytest.fixture
async def school(
    aiohttp_client: MakeClient, database: Database, cast: Any, clock: FixedClock, judge: Judge, tmp_path: Path
) -> AsyncIterator[School]:
    """The running server."""
    async with database.acting_as_service() as tx:
        course = await build_course(tx)
        await tx.execute(
            "update public.simulation_scenarios set script = $2 where simulation_id = $1",
            course.simulation_id,
            DOUBLE_CHARGE.model_dump(mode="json"),
        )
    app = web.Application(middlewares=[request_context, errors_to_json])
    app[SETTINGS], app[CLOCK], app[DATABASE], app[BLOBS] = Settings(), clock, database, Blobs.open("memory://")
    app[IDENTIFY] = identify_by_name
    driver = ScriptedDriver()
    line = CustomerLine(driver, model="scripted", voice="marin", offline=True)
    app[SWITCHBOARD] = switchboard = Switchboard(database, line, SystemClock(), tmp_path, CallLimits())
    app[TYPED_CALLS] = desk = TypedCalls(database, OfflineCustomer(), clock, TypedCallLimits(), UsageBook())
    evaluator = Evaluator(database, judge, clock)
    app[REQUESTED_EVALUATIONS] = RequestedEvaluations(
        database,
        evaluator,
        UnverifiedReports(database, judge, clock),
        {"typed": desk.hang_up, "spoken": switchboard.hang_up},
    )
    http.add_routes(app)
    typed.add_functions(app)
    function.add_functions(app)
    calls.add_routes(app)
    handlers.add_routes(app)
    client = await aiohttp_client(app)
    await switchboard.start()
    yield School(client, database, clock, course, Bridge(client, driver, str(course.simulation_id)), evaluator)
    await switchboard.stop()
