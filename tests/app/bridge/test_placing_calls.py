"""Who may make which call, and what is frozen with it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.people import CAST
from tests.support.bridge import CALLS, PATIENCE_S, RUBRIC, Bridge, bearer
from tests.support.scenarios import DOUBLE_CHARGE
from voice import queries
from voice.call.tools import TOOLS
from voice.places import Places
from voice.scenarios import prompt_id, scenario_for_prompt
from voice.switchboard import CallLimits


@pytest.fixture
def limits() -> CallLimits:
    return CallLimits(per_server=2)


async def test_a_call_is_placed(bridge: Bridge) -> None:
    placed = await bridge.place()
    assert set(placed) == {"call_id", "token", "socket", "ice_servers", "audio", "limits", "customer"}
    assert placed["socket"] == f"{CALLS}/{placed['call_id']}/socket"
    assert placed["audio"] == {"encoding": "pcm_s16le", "rate": 24_000, "channels": 1, "frame_ms": 20}
    assert placed["limits"] == {"max_ms": 600_000, "idle_ms": 120_000, "resume_window_ms": 60_000}
    assert placed["customer"] == {"name": "Dana Ortiz", "offline": True}
    status, shown = await bridge.get(f"{CALLS}/{placed['call_id']}")
    assert (status, shown["state"], shown["mode"], shown["duration_ms"]) == (200, "created", "practice", None)


async def test_scenario_and_rubric_are_frozen_with_the_call(bridge: Bridge, database) -> None:
    placed = await bridge.place(mode="exam")
    async with database.acting_as_service() as tx:
        await tx.execute("update public.simulation_scenarios set script = '{}', rubric = '{}'")
        row = await tx.fetchrow("select * from public.calls where id = $1", placed["call_id"])
    assert row["scenario"] == DOUBLE_CHARGE.model_dump(mode="json")
    assert (row["rubric"], row["scenario_version"], row["model"]) == (RUBRIC, 4, "scripted")
    assert placed["token"].encode() not in row["token_hash"]
    assert await scenario_for_prompt(database, prompt_id(row["id"]), "4") == DOUBLE_CHARGE
    assert await scenario_for_prompt(database, prompt_id(row["id"]), "3") is None
    assert await scenario_for_prompt(database, "callx-call-nonsense", "4") is None
    assert await scenario_for_prompt(database, "pmpt_123", "4") is None


async def test_the_customer_is_told_who_it_is(bridge: Bridge) -> None:
    placed = await bridge.place()
    await bridge.dial(placed)
    config = bridge.customer.config
    assert "You are Dana Ortiz" in config.instructions
    assert "Be angry." in config.instructions
    assert config.scenario is not None
    assert (config.scenario.id, config.scenario.version) == (f"callx-call-{placed['call_id']}", "4")
    assert config.scenario.variables["seed"].isdigit()
    assert config.tools == TOOLS


async def test_a_simulation_without_scenario_is_played_from_its_prompt(bridge: Bridge, database) -> None:
    async with database.acting_as_service() as tx:
        await tx.execute("delete from public.simulation_scenarios")
    await bridge.dial()
    assert bridge.customer.config.instructions == "Be angry."
    assert bridge.customer.config.scenario is None


async def test_a_scenario_that_cannot_be_played_is_said_so(bridge: Bridge, monkeypatch) -> None:
    old = queries.SIMULATION.replace("sc.script", """'{"title": "x"}'::jsonb as script""")  # no such row can be written
    monkeypatch.setattr(queries, "SIMULATION", old)
    status, answer = await bridge.post(CALLS, simulation_id=bridge.simulation_id)
    assert (status, answer["error"]["code"]) == (409, "scenario_invalid")


async def test_only_signed_in_people_make_calls(bridge: Bridge) -> None:
    status, answer = await bridge.post(CALLS, "", simulation_id=bridge.simulation_id)
    assert (status, answer["error"]["code"]) == (401, "no_authorization")
    status, answer = await bridge.post(CALLS, "forged", simulation_id=bridge.simulation_id)
    assert (status, answer["error"]["code"]) == (401, "bad_jwt")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"simulation_id": "00000000-0000-0000-0000-000000000001"}, 404, "simulation_not_found"),
        ({"simulation_id": "x"}, 400, "bad_simulation_id"),
        ({}, 400, "bad_simulation_id"),
        ({"simulation_id": ["x"]}, 400, "bad_simulation_id"),
    ],
)
async def test_a_simulation_that_is_not_there(bridge: Bridge, body, status, code) -> None:
    answered, answer = await bridge.post(CALLS, **body)
    assert (answered, answer["error"]["code"]) == (status, code)


@pytest.mark.parametrize("mode", ["test", None, 5, ["exam"]])
async def test_a_mode_that_is_not_there(bridge: Bridge, mode) -> None:
    status, answer = await bridge.post(CALLS, simulation_id=bridge.simulation_id, mode=mode)
    assert (status, answer["error"]["code"]) == (400, "bad_mode")


async def test_a_hidden_simulation_is_not_there_for_a_trainee(bridge: Bridge, database) -> None:
    async with database.acting_as_service() as tx:
        await tx.execute("update public.products set is_active = false")
    status, answer = await bridge.post(CALLS, simulation_id=bridge.simulation_id)
    assert (status, answer["error"]["code"]) == (404, "simulation_not_found")


async def test_one_call_at_a_time(bridge: Bridge) -> None:
    placed = await bridge.place()
    status, answer = await bridge.post(CALLS, simulation_id=bridge.simulation_id)
    assert (status, answer["error"]["code"]) == (409, "call_already_running")
    assert answer["error"]["details"]["call_id"] == placed["call_id"]


async def test_all_lines_are_busy(bridge: Bridge) -> None:
    await bridge.place("tess")
    await bridge.place("theo")
    status, answer = await bridge.post(CALLS, "ada", simulation_id=bridge.simulation_id)
    assert (status, answer["error"]["code"]) == (503, "all_lines_busy")


async def test_a_customer_who_takes_fewer_calls_says_so_before_it_rings(bridge: Bridge, switchboard) -> None:
    switchboard.line = replace(switchboard.line, places=Places(1))
    phone = await bridge.dial()
    status, answer = await bridge.post(CALLS, "theo", simulation_id=bridge.simulation_id)
    error = answer["error"]
    assert (status, error["code"], error["retryable"]) == (503, "all_lines_busy", True)
    assert error["message"].startswith("The offline customer takes 1 call at once")
    await phone.say("hangup")
    await phone.until_closed()
    await switchboard._tasks.wait()
    await bridge.place("theo")


async def test_a_call_that_is_being_placed_while_the_server_stops_ends_at_once(
    bridge: Bridge, switchboard, database, cast
) -> None:
    async with asyncio.TaskGroup() as group, asyncio.timeout(PATIENCE_S):
        async with database.acting_as_service() as tx:
            await tx.execute(queries.ONE_AT_A_TIME, str(cast.tess.user_id))
            placing = group.create_task(bridge.place())
            await switchboard_is_asked(switchboard)
            await switchboard.stop()
        placed = await placing
        shown = {"state": "created"}
        while shown["state"] != "ended":
            await asyncio.sleep(0.02)
            _, shown = await bridge.get(f"{CALLS}/{placed['call_id']}")
    assert shown["end_reason"] == "server_stopped"


async def switchboard_is_asked(switchboard) -> None:
    """Returns when a call is being placed."""
    while True:
        if switchboard._places_taken:
            return
        await asyncio.sleep(0.01)


async def test_a_refused_call_takes_no_line(bridge: Bridge) -> None:
    for _ in range(5):
        await bridge.post(CALLS, simulation_id="00000000-0000-0000-0000-000000000001")
    await bridge.place()


async def test_who_may_see_a_call(bridge: Bridge) -> None:
    placed = await bridge.place("tess")
    path = f"{CALLS}/{placed['call_id']}"
    seen = {who: (await bridge.get(path, who))[0] for who in ("tess", "theo", "mira", "otto", "ada")}
    assert seen == {"tess": 200, "theo": 404, "mira": 200, "otto": 404, "ada": 200}
    assert (await bridge.get(f"{CALLS}/nonsense"))[0] == 404


async def test_only_the_trainee_hangs_up(bridge: Bridge) -> None:
    phone = await bridge.dial()
    path = f"{CALLS}/{phone.call_id}"
    for who, status in (("theo", 404), ("mira", 404), ("tess", 204), ("tess", 204)):
        async with bridge.client.delete(path, headers={"Authorization": f"Bearer {who}"}) as response:
            assert response.status == status
    assert (await phone.until("ended"))["reason"] == "trainee_hung_up"


async def test_calls_of_an_hour_and_minutes_of_a_day_are_counted_for_each_person(bridge: Bridge, database) -> None:
    past_calls = """
        insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed, created_at, duration_ms)
        select $1, $2, 'practice', 'ended', '', 0, now() - $3::interval, $4 from generate_series(1, $5)
    """
    tess, simulation_id = CAST.tess.user_id, UUID(bridge.simulation_id)
    for age, length_ms, count, code in (
        (timedelta(minutes=59), None, 60, "too_many_calls"),
        (timedelta(hours=23), 600_000, 30, "call_minutes_used_up"),
    ):
        async with database.acting_as_service() as tx:
            await tx.execute("delete from public.calls")
            await tx.execute(past_calls, tess, simulation_id, age, length_ms, count)
        async with bridge.client.post(
            CALLS, json={"simulation_id": bridge.simulation_id}, headers=bearer("tess")
        ) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (429, code)
            assert answer.headers["Retry-After"] == "3600"
        async with database.acting_as_service() as tx:
            await tx.execute("update public.calls set created_at = created_at - interval '1 hour 1 minute'")
        phone = await bridge.dial()
        await phone.say("hangup")
        await phone.until_closed()
