"""Hole 9 of the specification: calls to simulations that are not open, and calls that cost without end."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from core.db import Database
from tests.people import CAST
from tests.support.bridge import CALLS, Bridge
from tests.support.courses import build_course
from voice.switchboard import CallLimits

CALLS_MADE = """
    insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed, created_at, duration_ms)
    select $1, $2, 'practice', 'ended', '', 0, now() - $3::interval, $4 from generate_series(1, $5)
"""
WITHOUT_END = CallLimits(per_person=10, per_person_per_hour=10_000, minutes_per_person_per_day=10_000)


async def refused(bridge: Bridge, simulation_id: str) -> tuple[int, str]:
    """Status and code of the answer to tess, who wants to call."""
    status, answer = await bridge.post(CALLS, simulation_id=simulation_id)
    assert status >= 400, "the call was put through"
    return status, answer["error"]["code"]


async def test_hole_09_a_simulation_that_is_not_open_is_called(bridge: Bridge, database: Database) -> None:
    async with database.acting_as_service() as tx:
        inactive = await build_course(tx, title="Secret", is_active=False)
        locking = await tx.fetchval(
            """insert into public.modules (product_id, title, order_index)
               select product_id, 'First', -1 from public.lessons l join public.modules m on m.id = l.module_id
               join public.simulations s on s.lesson_id = l.id where s.id = $1 returning id""",
            UUID(bridge.simulation_id),
        )
        await tx.execute("update public.modules set is_prerequisite = true where id <> $1", locking)
        await tx.execute(
            """insert into public.lessons (module_id, title, lesson_type, order_index)
               values ($1, 'Read this first', 'text', 1)""",
            locking,
        )
    assert await refused(bridge, str(inactive.simulation_id)) == (404, "simulation_not_found")
    assert await refused(bridge, bridge.simulation_id) == (404, "simulation_not_found")
    async with database.acting_as_service() as tx:
        await tx.execute(
            "insert into public.lesson_completions (user_id, lesson_id) select $1, id from public.lessons "
            "where module_id = $2",
            CAST.tess.user_id,
            locking,
        )
    await bridge.place()


async def test_hole_09_calls_cost_without_end(bridge: Bridge, database: Database) -> None:
    for age, length_ms, count, code in (
        (timedelta(minutes=59), None, 60, "too_many_calls"),
        (timedelta(hours=23), 600_000, 30, "call_minutes_used_up"),
    ):
        async with database.acting_as_service() as tx:
            await tx.execute("delete from public.calls")
            values = (CAST.tess.user_id, UUID(bridge.simulation_id), age, length_ms, count)
            await tx.execute(CALLS_MADE, *values)
        assert await refused(bridge, bridge.simulation_id) == (429, code)
    async with database.acting_as_service() as tx:
        await tx.execute("delete from public.calls")
    await bridge.place()
    assert await refused(bridge, bridge.simulation_id) == (409, "call_already_running")


async def test_hole_09_is_open_when_lessons_are_not_hidden(bridge: Bridge, database: Database, owner_dsn: str) -> None:
    owner = await asyncpg.connect(owner_dsn)
    await owner.execute("alter table public.lessons disable row level security")
    await owner.close()
    with pytest.raises(AssertionError):
        await test_hole_09_a_simulation_that_is_not_open_is_called(bridge, database)


async def test_hole_09_is_open_without_limits(bridge: Bridge, database: Database, switchboard) -> None:
    switchboard.limits = WITHOUT_END
    with pytest.raises(AssertionError):
        await test_hole_09_calls_cost_without_end(bridge, database)
