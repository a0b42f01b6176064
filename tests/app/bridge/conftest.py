"""A server with the bridge alone, over the test's database, with a scripted customer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from core.app_keys import BLOBS, CLOCK, DATABASE, SETTINGS
from core.blobs import Blobs
from core.clock import SystemClock
from core.secrets import Secrets
from core.settings import Settings
from core.web import IDENTIFY, errors_to_json, request_context
from tests.support.bridge import RUBRIC, Bridge, ScriptedDriver, identify_by_name
from tests.support.courses import build_course
from tests.support.scenarios import DOUBLE_CHARGE
from voice import handlers, recording_handlers
from voice.jobs import RecordingMaker
from voice.keys import RECORDING_LINKS, SWITCHBOARD
from voice.recording_links import RecordingLinks
from voice.switchboard import CallLimits, CustomerLine, Switchboard


@pytest.fixture
def limits() -> CallLimits:
    """The limits of the test's calls; a test file may have its own."""
    return CallLimits()


@pytest.fixture
def driver() -> ScriptedDriver:
    """Opens the customers of the test."""
    return ScriptedDriver()


@pytest.fixture
async def simulation_id(database, cast) -> str:
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


@pytest.fixture
def blobs() -> Blobs:
    """Objects in memory."""
    return Blobs.open("memory://")


@pytest.fixture
async def switchboard(database, driver, limits, tmp_path: Path) -> Switchboard:
    """The calls of the server."""
    line = CustomerLine(driver, model="scripted", voice="marin", offline=True)
    return Switchboard(database, line, SystemClock(), tmp_path, limits)


@pytest.fixture
def maker(database, blobs, tmp_path: Path) -> RecordingMaker:
    """Makes recordings, as the job would."""
    return RecordingMaker(database, blobs, tmp_path)


@pytest.fixture
async def bridge(
    aiohttp_client, database, switchboard, driver, simulation_id, blobs, tmp_path: Path
) -> AsyncIterator[Bridge]:
    """The running server."""
    app = web.Application(middlewares=[request_context, errors_to_json])
    app[SETTINGS] = Settings(data_dir=tmp_path, allowed_origins=("https://elsewhere.example",))
    app[DATABASE] = database
    app[BLOBS] = blobs
    app[CLOCK] = SystemClock()
    app[IDENTIFY] = identify_by_name
    app[SWITCHBOARD] = switchboard
    app[RECORDING_LINKS] = RecordingLinks(Secrets("x" * 40).derive("recording-link"))
    handlers.add_routes(app)
    recording_handlers.add_routes(app)

    await switchboard.start()
    yield Bridge(await aiohttp_client(app), driver, simulation_id)
    await switchboard.stop()
