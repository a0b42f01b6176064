"""`ai-call-simulation`: a whole call in writing, with the embedded customer."""

from datetime import datetime, timedelta

import asyncpg
import pytest

from tests.app.typed_calls.conftest import Desk, MakeDesk
from tests.people import CAST
from tests.support.scenarios import DOUBLE_CHARGE
from voice.typed_calls.limits import TypedCallLimits
from voice.typed_calls.offline_customer import OfflineCustomer

GREETING = "Good morning, you are speaking with Sam from Northwind. How can I help you?"
CONVERSATION = (
    "I am so sorry about that, I understand how frustrating it is. May I have your account number, please?",
    "Thank you. I have refunded the second charge, you will have your money back in three days.",
    "Is there anything else I can help you with? Thank you for calling, goodbye.",
)


async def test_the_answer_is_as_the_specification_prints_it(desk: Desk):
    answer = await desk.says(GREETING)
    assert answer["ai_response"] == answer["transcript_entry"]["text"] == DOUBLE_CHARGE.opening
    assert set(answer["transcript_entry"]) == {"speaker", "text", "timestamp"}
    assert answer["transcript_entry"]["speaker"] == "ai"
    assert datetime.fromisoformat(answer["transcript_entry"]["timestamp"]) == desk.clock.now()
    assert (answer["state"], answer["mood"], answer["turn_id"]) == ("live", 45, "t2")


async def test_a_whole_call_is_one_call_with_every_turn(desk: Desk):
    first = await desk.says(GREETING)
    for message in CONVERSATION:
        desk.clock.advance(20_000)
        answer = await desk.says(message)
    assert (answer["call_id"], answer["state"], answer["outcome"]) == (first["call_id"], "ended", "resolved")
    assert answer["ai_response"].endswith(DOUBLE_CHARGE.resolution.goodbye)
    [call] = await desk.calls()
    assert (call["state"], call["end_reason"], call["customer_outcome"]) == ("ended", "customer_hung_up", "resolved")
    assert (call["medium"], call["mode"], call["model"], call["duration_ms"]) == (
        "typed",
        "practice",
        "callx-embedded",
        60_000,
    )
    assert call["ended_at"] == desk.clock.now()
    transcript = await desk.transcript(first["call_id"])
    assert [speaker for speaker, _ in transcript] == ["user", "ai"] * 4
    assert [text for _, text in transcript][::2] == [GREETING, *CONVERSATION]
    assert "four four one seven" in transcript[3][1], "the hidden fact is told when it is asked for"
    [fact] = await desk.rows("select payload from callx.facts where kind = 'CallEnded'")
    assert fact["payload"] == {"call_id": first["call_id"]}
    moods = await desk.rows("select at_ms, mood from public.call_moods order by at_ms")
    assert [mood["at_ms"] for mood in moods] == [0, 20_000, 40_000, 60_000]
    assert moods[-1]["mood"] > moods[0]["mood"]


async def test_another_server_goes_on_where_the_first_was_killed(desk: Desk, make_desk: MakeDesk):
    """The same words get the same answers, wherever they are given: nothing of a call is kept in a server."""
    await desk.says(GREETING)
    other = await make_desk(OfflineCustomer(), desk.clock, TypedCallLimits())
    for server, message in zip((other, desk, other), CONVERSATION, strict=True):
        answer = await server.says(message)
    assert (answer["state"], answer["outcome"]) == ("ended", "resolved")
    assert len(await desk.calls()) == 1


async def test_each_person_and_simulation_has_a_call_of_its_own(desk: Desk):
    of_tess = await desk.says(GREETING)
    of_theo = await desk.says(GREETING, "theo")
    assert of_tess["call_id"] != of_theo["call_id"]
    assert (await desk.says("What exactly happened?"))["call_id"] == of_tess["call_id"]


async def test_an_exam_shows_no_mood(desk: Desk):
    assert (await desk.says(GREETING, mode="exam"))["mood"] is None
    assert (await desk.says("What exactly happened?"))["mood"] is None, "a running call keeps its mode"
    assert [call["mode"] for call in await desk.calls()] == ["exam"]


async def test_a_call_that_was_idle_has_ended_and_the_next_message_begins_another(desk: Desk):
    first = await desk.says(GREETING)
    desk.clock.advance(600_000)
    second = await desk.says(GREETING)
    assert second["call_id"] != first["call_id"]
    ended, _ = await desk.calls()
    assert (ended["end_reason"], ended["duration_ms"]) == ("idle", 600_000)
    assert ended["ended_at"] == ended["answered_at"] + timedelta(milliseconds=600_000)


async def test_calls_that_nobody_goes_on_with_are_ended_by_the_clock(desk: Desk):
    await desk.says(GREETING)
    desk.clock.advance(300_000)
    await desk.says(GREETING, "theo")
    desk.clock.advance(300_000)
    await desk.typed_calls.end_overdue()
    assert [call["end_reason"] for call in await desk.calls()] == ["idle", None]
    await desk.typed_calls.end_overdue()
    facts = await desk.rows("select from callx.facts where kind = 'CallEnded'")
    assert len(facts) == 1


async def test_hanging_up_by_another_way_ends_a_typed_call_too(desk: Desk):
    await desk.says(GREETING)
    desk.clock.advance(5_000)
    await desk.rows("update public.calls set hang_up_requested_at = now()")
    await desk.typed_calls.end_overdue()
    [call] = await desk.calls()
    assert (call["end_reason"], call["duration_ms"]) == ("trainee_hung_up", 5_000)


async def test_a_new_call_is_begun_when_it_is_asked_for(desk: Desk):
    first = await desk.says(GREETING)
    second = await desk.says(GREETING + " ", new_call=True, message_id="another")
    assert second["call_id"] != first["call_id"]
    assert [call["end_reason"] for call in await desk.calls()] == ["trainee_hung_up", None]


async def test_after_the_customer_hung_up_no_call_begins_by_accident(desk: Desk):
    await desk.says(GREETING)
    for message in CONVERSATION:
        answer = await desk.says(message)
    assert await desk.refused("Goodbye!") == (409, "customer_hung_up")
    again = await desk.says("Goodbye!", new_call=True)
    assert again["call_id"] != answer["call_id"]


async def test_once_the_report_was_given_or_a_minute_has_passed_the_next_message_begins_a_call(desk: Desk):
    for wait_ms, handed_out in ((60_000, False), (0, True)):
        await desk.says(GREETING, new_call=True)
        for message in CONVERSATION:
            answer = await desk.says(message)
        desk.clock.advance(wait_ms)
        if handed_out:
            await desk.rows(
                "insert into public.evaluations (call_id, handed_out_at) select id, now() from public.calls "
                "where id = $1::text::uuid",
                answer["call_id"],
            )
        assert (await desk.says("Hello, this is Sam."))["call_id"] != answer["call_id"]


async def test_what_cannot_be_a_message_is_refused_and_begins_nothing(desk: Desk):
    for text in ("", "   ", "x" * 2_001):
        assert await desk.refused(text) == (400, "validation_failed")
    assert await desk.refused(GREETING, who="") == (401, "no_authorization")
    assert await desk.calls() == []


async def test_a_simulation_without_a_scenario_is_played_from_its_prompt(desk: Desk):
    await desk.rows("update public.simulation_scenarios set script = '{}'")
    await desk.rows("update public.simulations set ai_system_prompt = 'You are Rosa Diaz. You are angry about a fee.'")
    answer = await desk.says(GREETING)
    assert "a fee" in answer["ai_response"]


@pytest.mark.parametrize("fault", ["mood", "turns"])
async def test_turns_stand_where_the_spoken_ones_do(desk: Desk, fault: str):
    """RLS of the tables of calls holds for typed ones: the trainee, the manager and admins see them."""
    await desk.says(GREETING)
    table = {"mood": "call_moods", "turns": "call_turns"}[fault]
    seen = {}
    for name, person in CAST:
        async with desk.database.acting_as(person) as tx:
            seen[name] = await tx.fetchval(f"select count(*) > 0 from public.{table}")
    assert seen == {"tess": True, "theo": False, "mira": True, "otto": False, "ada": True}


async def test_the_keeper_of_leases_lets_typed_calls_be(desk: Desk, tmp_path, owner_dsn: str):
    from voice.leases import close_abandoned_calls

    await desk.says(GREETING)
    assert await close_abandoned_calls(desk.database, tmp_path) == 0
    owner = await asyncpg.connect(owner_dsn)
    await owner.execute("update public.calls set medium = 'spoken'")
    await owner.close()
    assert await close_abandoned_calls(desk.database, tmp_path) == 1
