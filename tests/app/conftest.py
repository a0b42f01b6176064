"""What the tests of the wires share."""

import logging
from collections.abc import Iterator

import pytest

from core.db import Database
from core.settings import Settings
from tests.app.support.postman import Postman
from tests.app.support.wires import Client, MakeClient, give_passwords, wires
from tests.clock import FixedClock
from tests.people import Cast
from tests.support.npm import SUPABASE_JS, NpmFolder
from tests.support.reported_calls import report_of


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """A command sends its log to what is standard error now, which the next test no longer has."""
    before = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:], level = before
    logging.root.setLevel(level)


@pytest.fixture(scope="session")
def judged() -> None:
    """The judge reads its rubric from the disk, once."""
    report_of("good")
    report_of("unverified")


@pytest.fixture
def postman(database: Database, clock: FixedClock) -> Postman:
    """Who delivers the letters."""
    return Postman(database, clock)


@pytest.fixture
async def open_client(aiohttp_client: MakeClient, database: Database, cast: Cast, clock: FixedClock) -> Client:
    """A client of a place where anybody may sign up."""
    await give_passwords(database, cast)
    settings = Settings(sign_up="open", allowed_origins=("https://front.example",))
    return await aiohttp_client(wires(database, clock, settings=settings))


@pytest.fixture
async def supabase_js() -> NpmFolder:
    """Programs that use the real client."""
    await SUPABASE_JS.install()
    return SUPABASE_JS
