"""The program as a whole, over its real wires: a call from the terminal, a kill, another upstream, bad wishes."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.realtime_script import Reply, Script, Turn
from tests.support.running_server import RunningServer, run_command
from tests.support.scripted_realtime import ScriptedRealtime
from tests.support.spoken import decoded, sound_spans
from voice.embedded_customer.speech_engines import SpeechEngines
from voice.synthetic_trainee.server_client import PlacedCall, ServerClient, ServerSaidNo
from voice.synthetic_trainee.softphone import CallRefused, Softphone

pytestmark = [pytest.mark.slow, pytest.mark.may_block]

PASSWORD = "callx-demo"
TRAINEE = "trainee@callx.example"
LINE = "I am so sorry about that. May I have your account number, please?"
Message = dict[str, Any]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[RunningServer]:
    server = RunningServer(tmp_path / "data", environment={"CALLX_CALL_LEASE_MS": "2000"})
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(scope="module")
def spoken_line(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    async def speak() -> bytes:
        engines = SpeechEngines(workers=1, cache_dir=tmp_path_factory.mktemp("speech"))
        await engines.start()
        sound = b"".join([pcm async for pcm in engines.speak(LINE, "male", 150)])
        await engines.close()
        return sound

    return asyncio.run(speak())


async def eventually(ask: Callable[[], Any], good: Callable[[Any], bool], timeout_s: float = 40) -> Any:
    """Asks until the answer is good."""
    answer = None
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            while True:
                if good(answer := await ask()):
                    return answer
                await asyncio.sleep(0.2)
    raise AssertionError(f"It stayed {answer}")


async def place(client: ServerClient) -> PlacedCall:
    await client.sign_in(TRAINEE, PASSWORD)
    simulations = await client.simulations()
    dana = next(simulation for simulation in simulations if "twice" in simulation.title)
    return await client.place_call(dana.id, "practice")


async def test_a_call_from_the_terminal_prints_its_turns_and_the_report(server: RunningServer, tmp_path: Path):
    code, printed = await run_command(
        "call", "--url", server.url, "--data-dir", str(tmp_path / "caller"), "--simulation", "twice", "--say", LINE
    )

    assert code == 1, printed
    assert "Calling Dana Ortiz (the offline customer): Charged twice" in printed
    assert "Dana Ortiz: Finally, a human being." in printed
    assert "trainee: " in printed
    assert "NOT PASSED" in printed
    assert "script adherence" in printed


async def test_a_wrong_password_at_the_terminal_is_told_in_one_line(server: RunningServer, tmp_path: Path):
    code, printed = await run_command(
        "call", "--url", server.url, "--data-dir", str(tmp_path / "caller"), "--password", "wrong"
    )

    assert code == 2
    assert "Invalid login credentials [invalid_credentials]" in printed
    assert "Traceback" not in printed


async def test_a_kill_in_the_middle_of_a_call_loses_no_finished_turn(server: RunningServer, spoken_line: bytes):
    """`kill -9`: after the next start the call is closed as interrupted, with turns and sound, and evaluated."""
    told: list[Message] = []
    async with ServerClient(server.url) as client:
        placed = await place(client)
        phone = Softphone(placed.socket_url, placed.token, lambda message: told.append(dict(message)))

        async def talk(phone: Softphone) -> None:
            await phone.reply_after(0)
            await phone.quiet_for(600)
            heard = phone.heard_replies
            await phone.say(spoken_line)
            await phone.reply_after(heard)
            await phone.quiet_for(600)
            await server.kill()

        await phone.run(talk)
    final = [message for message in told if message["type"] == "turn" and message["final"]]
    assert {message["speaker"] for message in final} == {"ai", "user"}

    await server.start()
    async with ServerClient(server.url) as client:
        await client.sign_in(TRAINEE, PASSWORD)
        path = f"/voice/v1/calls/{placed.id}"
        call = await eventually(lambda: client.get(path), lambda call: call["state"] == "ended")
        assert call["end_reason"] == "interrupted"
        turns = (await client.get(f"{path}/transcript"))["turns"]
        assert [turn["turn_id"] for turn in turns] == [message["turn_id"] for message in final]
        answer = await client.evaluation(placed.id, timeout_s=30)
        assert answer["state"] == "done"
        assert answer["report"]["provisional"]
        await check_sound(client, call, turns)


async def check_sound(client: ServerClient, call: Message, turns: list[Message]) -> None:
    sound = await decoded(await eventually(lambda: client.recording(call["call_id"]), lambda sound: bool(sound)))
    assert abs(len(sound) / 24 - call["duration_ms"]) <= 200
    for turn in turns:
        spans = sound_spans(sound[:, 0 if turn["speaker"] == "user" else 1])
        assert min(abs(start_ms - turn["start_ms"]) for start_ms, _ in spans) <= 100


async def test_the_same_bridge_talks_to_another_realtime_server(tmp_path: Path, spoken_line: bytes):
    """`CALLX_REALTIME_URL`: a scripted server that speaks OpenAI's order of events."""
    script = Script(
        replies=[Reply("Hello? I was charged twice."), Reply("Four four one nine.")],
        turns=[Turn(at_ms=2_000, text="May I have your account number?", told="after_reply")],
    )
    async with ScriptedRealtime(script) as upstream:
        server = RunningServer(
            tmp_path / "data", environment={"CALLX_REALTIME_URL": upstream.url, "CALLX_REALTIME_API_KEY": "sk-test"}
        )
        await server.start()
        told: list[Message] = []
        try:
            async with ServerClient(server.url) as client:
                placed = await place(client)
                assert not placed.offline
                phone = Softphone(placed.socket_url, placed.token, lambda message: told.append(dict(message)))

                async def talk(phone: Softphone) -> None:
                    await phone.reply_after(0)
                    await phone.quiet_for(400)
                    heard = phone.heard_replies
                    await phone.say(spoken_line)
                    await phone.reply_after(heard)
                    await phone.quiet_for(400)
                    await phone.hang_up()

                await phone.run(talk)
                assert phone.end_reason == "trainee_hung_up"
                answer = await client.evaluation(placed.id, timeout_s=30)
        finally:
            await server.stop()
    assert answer["state"] == "done"
    final = [message for message in told if message["type"] == "turn" and message["final"]]
    assert [(message["speaker"], message["text"]) for message in sorted(final, key=lambda turn: turn["number"])] == [
        ("ai", "Hello? I was charged twice."),
        ("user", "May I have your account number?"),
        ("ai", "Four four one nine."),
    ]


async def test_an_upstream_that_refuses_is_told_by_its_code_and_the_server_lives_on(tmp_path: Path):
    async with ScriptedRealtime(Script(refuse_with=401)) as upstream:
        server = RunningServer(
            tmp_path / "data", environment={"CALLX_REALTIME_URL": upstream.url, "CALLX_REALTIME_API_KEY": "wrong"}
        )
        await server.start()
        try:
            async with ServerClient(server.url) as client:
                placed = await place(client)
                phone = Softphone(placed.socket_url, placed.token, lambda message: None)
                with pytest.raises(CallRefused, match="upstream_unauthorized"):
                    await phone.run(lambda phone: phone.hang_up())
                call = await eventually(
                    lambda: client.get(f"/voice/v1/calls/{placed.id}"), lambda call: call["state"] == "ended"
                )
                assert call["end_reason"] == "upstream_refused"
                assert (await client.get("/voice/v1/about"))["offline_customer"] is False
        finally:
            await server.stop()


async def test_a_second_call_of_one_person_is_refused_by_its_code(server: RunningServer):
    async with ServerClient(server.url) as client:
        await place(client)
        with pytest.raises(ServerSaidNo, match="call_already_running"):
            await place(client)


async def test_bad_wishes_are_answered_with_stable_codes(server: RunningServer):
    async with aiohttp.ClientSession() as http:
        calls = f"{server.url}/voice/v1/calls"
        async with http.post(calls, json={}) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (401, "no_authorization")
        async with http.post(calls, json={}, headers={"Authorization": "Bearer forged.token.here"}) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (401, "bad_jwt")
        async with http.get(f"{calls}/not-a-call/socket", headers={"Origin": "https://elsewhere.example"}) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (403, "origin_refused")
        async with http.get(f"{server.url}/voice/v1/nothing") as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (404, "no_such_address")


async def test_the_keys_of_supabase_js_are_shown(tmp_path: Path):
    code, printed = await run_command("keys", "--json", "--data-dir", str(tmp_path))

    assert code == 0
    keys = json.loads(printed)
    assert set(keys) == {"anon_key", "service_key"}
    assert all(key.count(".") == 2 for key in keys.values())


async def test_a_demo_that_others_could_reach_needs_a_password(tmp_path: Path):
    code, printed = await run_command(
        "serve", "--demo", "--host", "0.0.0.0", "--port", "0", "--data-dir", str(tmp_path / "data")
    )

    assert code == 2
    assert "demo_needs_password" in printed


async def test_the_doctor_finds_everything_in_order(tmp_path: Path):
    code, printed = await run_command("doctor", "--data-dir", str(tmp_path / "data"))

    assert code == 0, printed
    looked_at = [line[7:].partition(":")[0] for line in printed.splitlines() if line.startswith("ok  ")]
    wanted = {"database", "schema", "object store", "disk", "mail", "customer", "typed calls", "judge", "speech"}
    assert wanted <= set(looked_at)
    assert "WRONG" not in printed
