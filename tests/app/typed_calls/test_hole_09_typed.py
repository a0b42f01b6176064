"""Hole 9 of the specification, in writing: simulations that are not open, and calls that cost without end."""

from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from core.chat_model import Spent
from core.db import Database
from tests.app.typed_calls.conftest import Desk, MakeDesk
from tests.people import CAST
from tests.support.courses import build_course
from voice.typed_calls.customers import CustomerReply, Story
from voice.typed_calls.limits import TypedCallLimits

HELLO = "Good morning, how can I help you?"
WITHOUT_END = TypedCallLimits(
    messages=10_000,
    per_person_per_hour=10_000,
    minutes_per_person_per_day=10_000,
    tokens_per_person_per_day=10**9,
)
CALLS_MADE = """
    insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed, created_at, duration_ms)
    select $1, $2, 'practice', 'ended', '', 0, $3, $4 from generate_series(1, $5)
"""


class CostlyCustomer:
    """A model, as far as the books know: each answer costs a thousand tokens."""

    model = "costly"
    offline = False

    async def answer(self, story: Story) -> CustomerReply:
        return CustomerReply("Well.", spent=Spent(900, 0, 100))


async def test_hole_09_a_simulation_that_is_not_open_is_written_to(desk: Desk, database: Database):
    async with database.acting_as_service() as tx:
        inactive = await build_course(tx, title="Secret", is_active=False)
        locking = await tx.fetchval(
            """insert into public.modules (product_id, title, order_index)
               select product_id, 'First', -1 from public.lessons l join public.modules m on m.id = l.module_id
               join public.simulations s on s.lesson_id = l.id where s.id = $1 returning id""",
            UUID(desk.simulation_id),
        )
        await tx.execute("update public.modules set is_prerequisite = true where id <> $1", locking)
        await tx.execute(
            """insert into public.lessons (module_id, title, lesson_type, order_index)
               values ($1, 'Read this first', 'text', 1)""",
            locking,
        )
    for closed in (inactive.simulation_id, desk.simulation_id, uuid4()):
        assert await desk.refused(HELLO, simulation_id=str(closed)) == (404, "simulation_not_found")
    assert await desk.calls() == []
    async with database.acting_as_service() as tx:
        await tx.execute(
            "insert into public.lesson_completions (user_id, lesson_id) select $1, id from public.lessons "
            "where module_id = $2",
            CAST.tess.user_id,
            locking,
        )
    await desk.says(HELLO)


async def test_hole_09_a_call_that_is_under_way_goes_on_and_opens_nothing_else(desk: Desk, database: Database):
    """As a spoken one does; it ends by itself."""
    first = await desk.says(HELLO)
    async with database.acting_as_service() as tx:
        await tx.execute("update public.products set is_active = false")
    assert (await desk.says("Are you there?"))["call_id"] == first["call_id"]
    assert await desk.refused(HELLO, new_call=True) == (404, "simulation_not_found")
    assert await desk.refused(HELLO, "theo") == (404, "simulation_not_found")
    desk.clock.advance(600_000)
    assert await desk.refused("Are you still there?") == (404, "simulation_not_found")
    await desk.typed_calls.end_overdue()
    assert await desk.refused(HELLO) == (404, "simulation_not_found")
    assert [(call["state"], call["end_reason"]) for call in await desk.calls()] == [("ended", "idle")]


async def test_hole_09_written_calls_cost_without_end(desk: Desk):
    now = desk.clock.now()
    for age, length_ms, count, code in (
        (timedelta(minutes=59), None, 60, "too_many_calls"),
        (timedelta(hours=23), 600_000, 30, "call_minutes_used_up"),
    ):
        await desk.rows("delete from public.calls")
        values = (CAST.tess.user_id, UUID(desk.simulation_id), now - age, length_ms, count)
        await desk.rows(CALLS_MADE, *values)
        assert await desk.refused(HELLO) == (429, code)
        await desk.says(HELLO, "theo")
    await desk.rows("delete from public.calls")
    for number in range(60):
        await desk.says(f"What about the charge number {number}?", message_id=str(number))
        desk.clock.advance(2_000)
    assert await desk.refused("And one more?") == (429, "call_messages_used_up")


async def test_hole_09_a_model_is_paid_for_without_end(make_desk: MakeDesk, clock, limits):
    desk = await make_desk(CostlyCustomer(), clock, TypedCallLimits(tokens_per_person_per_day=2_000))
    for number in range(2):
        await desk.says(HELLO, message_id=str(number))
    assert await desk.refused(HELLO, message_id="more") == (429, "tokens_used_up")
    await desk.says(HELLO, "theo")
    clock.advance(24 * 3_600_000 + 1)
    await desk.says(HELLO)
    used = await desk.rows("select user_id, purpose, model, input_tokens, output_tokens from public.model_usage")
    assert len(used) == 4
    [row] = [row for row in used if row["user_id"] == CAST.theo.user_id]
    assert (row["purpose"], row["model"], row["input_tokens"], row["output_tokens"]) == ("customer", "costly", 900, 100)


async def test_hole_09_messages_come_faster_than_anybody_types(desk: Desk):
    statuses = [(await desk.write(HELLO, message_id="the same"))[0] for _ in range(21)]
    assert statuses == [200] * 20 + [429]


async def test_hole_09_is_open_when_lessons_are_not_hidden(desk: Desk, database: Database, owner_dsn: str):
    owner = await asyncpg.connect(owner_dsn)
    await owner.execute("alter table public.lessons disable row level security")
    await owner.close()
    with pytest.raises(AssertionError):
        await test_hole_09_a_simulation_that_is_not_open_is_written_to(desk, database)


async def test_hole_09_is_open_without_limits(desk: Desk):
    desk.typed_calls.limits = WITHOUT_END
    with pytest.raises(AssertionError):
        await test_hole_09_written_calls_cost_without_end(desk)
