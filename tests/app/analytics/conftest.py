"""Everybody signed in, and tess and theo have left something to count."""

from typing import Any

import pytest

import lms.analytics.handlers
import lms.reports.handlers
from core.db import Database
from core.identity import Person
from tests.app.reports.conftest import Asker, Reports, day
from tests.app.support import course
from tests.app.support.wires import bearer, give_passwords, sign_in, wires
from tests.people import EX_MANAGER, hire_ex_manager
from tests.support.courses import complete
from tests.support.reported_calls import attempt

ASSIGN = "insert into public.assignments (user_id, product_id, created_at) values ($1, $2, $3)"


@pytest.fixture
async def training(judged: None, aiohttp_client: Any, database: Database, cast: Any, clock: Any) -> Reports:
    """Both are assigned Billing. Tess read the welcome, failed a call on the 1st and passed on the 2nd; theo passed."""
    async with database.acting_as_service() as tx:
        await hire_ex_manager(tx)
        await course.add_course(tx)
        for person in (cast.tess, cast.theo):
            await tx.execute(ASSIGN, person.user_id, course.PRODUCT, day(1))
        await complete(tx, cast.tess, course.WELCOME)
        attempts = [
            await attempt(tx, cast.tess, course.SIMULATION, day(2), how="unverified", overall=40),
            await attempt(tx, cast.tess, course.SIMULATION, day(3), overall=90),
        ]
        theos = await attempt(tx, cast.theo, course.SIMULATION, day(4), overall=70)
    everybody: list[tuple[str, Person]] = [*cast, ("edna", EX_MANAGER)]
    await give_passwords(database, everybody)  # type: ignore[arg-type]
    app = wires(database, clock)
    lms.reports.handlers.add_functions(app)
    lms.analytics.handlers.add_functions(app)
    client = await aiohttp_client(app)
    askers = {name: Asker(client, bearer(await sign_in(client, name))) for name, _ in everybody}
    return Reports(database, askers, attempts, theos)
