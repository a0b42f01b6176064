"""One message, one turn: resent, at the same moment, after a crash."""

import asyncio
from uuid import UUID

from core.db import Database
from tests.app.typed_calls.conftest import Desk, MakeDesk
from voice.queries import INSERT_MOOD
from voice.typed_calls import queries
from voice.typed_calls.customers import CustomerReply, Story
from voice.typed_calls.limits import TypedCallLimits
from voice.typed_calls.offline_customer import OfflineCustomer

GREETING = "Good morning, how can I help you?"


class SlowCustomer(OfflineCustomer):
    """Answers when the test lets it."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.times = 0

    async def answer(self, story: Story) -> CustomerReply:
        self.times += 1
        self.asked.set()
        await self.may_answer.wait()
        return await super().answer(story)


class BrokenCustomer(OfflineCustomer):
    """Fails in a way that nobody foresaw."""

    async def answer(self, story: Story) -> CustomerReply:
        raise RuntimeError("a fault")


async def test_the_same_message_again_gets_the_same_answer_and_no_turn(desk: Desk):
    first = await desk.says(GREETING)
    desk.clock.advance(60_000)
    assert await desk.says(GREETING) == first
    assert len(await desk.transcript(first["call_id"])) == 2


async def test_the_same_words_a_minute_later_are_another_message(desk: Desk):
    first = await desk.says(GREETING)
    desk.clock.advance(60_001)
    again = await desk.says(GREETING)
    assert (again["call_id"], again["turn_id"]) == (first["call_id"], "t4")


async def test_a_message_with_a_name_is_resent_by_its_name_alone(desk: Desk):
    first = await desk.says(GREETING, message_id="m1")
    other = await desk.says(GREETING, message_id="m2")
    assert (first["turn_id"], other["turn_id"]) == ("t2", "t4")
    desk.clock.advance(500_000)
    assert await desk.says("Whatever is written.", message_id="m2") == other


async def test_the_last_message_of_a_call_can_be_resent_when_the_customer_has_hung_up(desk: Desk):
    await desk.says(GREETING)
    for message in ("I have refunded the charge, you have your money back.", "Anything else I can help you with?"):
        answer = await desk.says(message)
    assert answer["state"] == "ended"
    assert await desk.says(message) == answer
    assert len(await desk.calls()) == 1


async def test_the_same_message_twice_at_once_is_answered_once(make_desk: MakeDesk, clock, simulation_id):
    customer = SlowCustomer()
    desk, other = [await make_desk(customer, clock, TypedCallLimits()) for _ in range(2)]
    async with asyncio.TaskGroup() as group:
        answers = [group.create_task(server.says(GREETING)) for server in (desk, other)]
        await customer.asked.wait()
        customer.may_answer.set()
    assert answers[0].result() == answers[1].result()
    assert customer.times == 1
    assert len(await desk.transcript(answers[0].result()["call_id"])) == 2


async def test_who_waits_for_a_call_reads_all_that_was_stored_meanwhile(desk: Desk, database: Database):
    """Statements that wait see the row's newest state but other tables' old one: it lost the mood."""
    call_id = UUID((await desk.says(GREETING))["call_id"])
    async with asyncio.TaskGroup() as group, database.acting_as_service() as tx:
        await queries.held(tx, call_id)
        waiting = group.create_task(_moods_of_held_call(database, call_id))
        async with asyncio.timeout(20):
            while not await _somebody_waits_for_a_row(desk):  # noqa: ASYNC110 - PostgreSQL tells nobody
                await asyncio.sleep(0.01)
        await tx.execute(INSERT_MOOD, call_id, 900_000, 7)
    assert waiting.result() == (7, 7)


async def _moods_of_held_call(database: Database, call_id: UUID) -> tuple[int, int]:
    async with database.acting_as_service() as tx:
        held = await queries.held(tx, call_id)
        assert held is not None
        latest = await queries.latest(tx, held["user_id"], held["simulation_id"])
        assert latest is not None
        return held["mood"], latest["mood"]


async def _somebody_waits_for_a_row(desk: Desk) -> bool:
    waiting = "select from pg_locks where not granted and locktype in ('tuple', 'transactionid')"
    return bool(await desk.rows(waiting))


async def test_another_message_while_the_customer_answers_is_refused(make_desk: MakeDesk, clock, simulation_id):
    customer = SlowCustomer()
    desk = await make_desk(customer, clock, TypedCallLimits())
    async with asyncio.TaskGroup() as group:
        first = group.create_task(desk.says(GREETING))
        await customer.asked.wait()
        assert await desk.refused("And another thing.") == (409, "customer_is_answering")
        customer.may_answer.set()
    await desk.says("And another thing.")
    assert len(await desk.transcript(first.result()["call_id"])) == 4


async def test_a_server_that_was_killed_before_the_answer_leaves_the_message_to_the_next(make_desk, clock):
    """Killed between the trainee's turn and the customer's: the claim runs out, nothing is doubled."""
    customer = SlowCustomer()
    desk = await make_desk(customer, clock, TypedCallLimits())
    killed = asyncio.create_task(desk.write(GREETING))
    await customer.asked.wait()
    call_id = str((await desk.calls())[0]["id"])
    survivor = await make_desk(OfflineCustomer(), clock, TypedCallLimits())
    clock.advance(35_001)
    answer = await survivor.says(GREETING)
    assert [speaker for speaker, _ in await desk.transcript(call_id)] == ["user", "ai"]
    customer.may_answer.set()
    status, late = await killed
    assert (status, late) == (200, answer), "who was slow gives the answer that stands"
    assert [speaker for speaker, _ in await desk.transcript(call_id)] == ["user", "ai"]


async def test_a_fault_lets_the_message_be_sent_again_at_once(make_desk: MakeDesk, clock, simulation_id):
    desk = await make_desk(BrokenCustomer(), clock, TypedCallLimits())
    assert await desk.refused(GREETING) == (500, "internal_error")
    mended = await make_desk(OfflineCustomer(), clock, TypedCallLimits())
    answer = await mended.says(GREETING)
    assert [speaker for speaker, _ in await desk.transcript(answer["call_id"])] == ["user", "ai"]


async def test_after_a_fault_something_else_may_be_written(make_desk: MakeDesk, clock, simulation_id):
    desk = await make_desk(BrokenCustomer(), clock, TypedCallLimits())
    await desk.refused(GREETING)
    mended = await make_desk(OfflineCustomer(), clock, TypedCallLimits())
    answer = await mended.says("Are you there?")
    spoken = await desk.transcript(answer["call_id"])
    assert [text for _, text in spoken[:2]] == [GREETING, "Are you there?"]
    again = await mended.says("What happened?")
    assert again["turn_id"] == "t5"


async def test_an_answer_that_takes_too_long_is_given_up(make_desk: MakeDesk, clock, simulation_id):
    customer = SlowCustomer()
    desk = await make_desk(customer, clock, TypedCallLimits(answer_ms=5_050))
    assert await desk.refused(GREETING) == (503, "customer_unavailable")


async def test_a_call_that_is_hung_up_while_the_customer_answers_stays_ended(make_desk: MakeDesk, clock):
    customer = SlowCustomer()
    desk = await make_desk(customer, clock, TypedCallLimits())
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(desk.write(GREETING))
        await customer.asked.wait()
        [call] = await desk.calls()
        assert await desk.typed_calls.hang_up(call["id"])
        customer.may_answer.set()
    status, refusal = answer.result()
    assert (status, refusal["code"]) == (409, "call_over")
    assert [speaker for speaker, _ in await desk.transcript(str(call["id"]))] == ["user"]
