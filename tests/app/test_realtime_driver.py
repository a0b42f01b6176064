"""The Realtime driver against a scripted server that keeps to OpenAI's order, and against the embedded customer."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest
from aiohttp import web

from core.clock import SystemClock
from core.web import errors_to_json
from tests.support.scenarios import DOUBLE_CHARGE
from tests.support.scripted_realtime import Drop, ErrorEvent, Reply, Script, ScriptedRealtime, Turn
from tests.support.scripted_speech import ScriptedSpeech, loud, quiet
from voice.audio_format import FRAME_BYTES, FRAME_MS
from voice.call import events as call
from voice.call.actions import Said
from voice.call.transcript import Speaker
from voice.embedded_customer.server import EMBEDDED_CUSTOMER, EmbeddedCustomer, add_routes
from voice.embedded_customer.session import SessionOptions
from voice.embedded_customer.speaking import Pace
from voice.realtime_protocol import lost_line
from voice.scenario import Scenario
from voice.upstream.base import CustomerConfig, ScenarioReference, TurnDetection, UpstreamRefused
from voice.upstream.realtime import RealtimeDriver, RealtimeUpstream
from voice.upstream.realtime_session import endpoint

END_CALL = {"type": "function", "name": "end_call", "description": "Hang up.", "parameters": {"type": "object"}}
CONFIG = CustomerConfig(instructions="You are Dana.", voice="marin", tools=(END_CALL,))
Event = TypeVar("Event")


class Ear:
    """Collects what a session reports."""

    def __init__(self, upstream: RealtimeUpstream) -> None:
        self.events: list[call.UpstreamEvent] = []
        self._coming = upstream.events()

    async def until(self, kind: type[Event], such_that: Callable[[Event], bool] = lambda _: True) -> Event:
        async with asyncio.timeout(20):
            async for event in self._coming:
                self.events.append(event)
                if isinstance(event, kind) and such_that(event):
                    return event
        raise AssertionError(f"no {kind.__name__} in {self.events}")

    def all(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


def driver(server: ScriptedRealtime, **changes: Any) -> RealtimeDriver:
    return RealtimeDriver(server.url, "secret-key", "gpt-realtime-2.1-mini", "gpt-transcribe", **changes)


@asynccontextmanager
async def talking(script: Script, config: CustomerConfig = CONFIG) -> AsyncIterator[tuple[RealtimeUpstream, Ear, Any]]:
    async with ScriptedRealtime(script) as server:
        upstream = await driver(server).connect(config)
        try:
            yield upstream, Ear(upstream), await server.connection()
        finally:
            await upstream.close()


async def send_silence(upstream: RealtimeUpstream, length_ms: int) -> None:
    for _ in range(length_ms // FRAME_MS):
        await upstream.send_audio(bytes(FRAME_BYTES))


async def refusal(script: Script, **changes: Any) -> tuple[UpstreamRefused, ScriptedRealtime]:
    async with ScriptedRealtime(script) as server:
        with pytest.raises(UpstreamRefused) as refused:
            await driver(server, **changes).connect(CONFIG)
        return refused.value, server


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("wss://api.openai.com/v1", "wss://api.openai.com/v1/realtime?model=m"),
        ("https://host/v1/", "wss://host/v1/realtime?model=m"),
        ("http://127.0.0.1:8080/v1", "ws://127.0.0.1:8080/v1/realtime?model=m"),
        (
            "ws://host/openai/v1/realtime?api-version=2&model=mine",
            "ws://host/openai/v1/realtime?model=mine&api-version=2",
        ),
    ],
)
def test_the_address_follows_from_the_base(url, address):
    assert endpoint(url, "m") == address


@pytest.mark.parametrize("url", ["", "host/v1", "ftp://host/v1", "wss://"])
def test_what_is_no_base_address_is_refused(url):
    with pytest.raises(ValueError, match="Not an address"):
        endpoint(url, "m")


async def test_the_session_is_configured_in_the_ga_shape():
    async with talking(Script()) as (_, ear, client):
        await ear.until(call.UpstreamReady)
        assert client.query == {"model": "gpt-realtime-2.1-mini"}
        assert client.headers["Authorization"] == "Bearer secret-key"
        assert "OpenAI-Beta" not in client.headers
        pcm = {"type": "audio/pcm", "rate": 24_000}
        assert client.session == {
            "type": "realtime",
            "instructions": "You are Dana.",
            "output_modalities": ["audio"],
            "audio": {
                "input": {
                    "format": pcm,
                    "transcription": {"model": "gpt-transcribe", "language": "en"},
                    "turn_detection": {
                        "type": "server_vad",
                        "threshold": 0.5,
                        "prefix_padding_ms": 300,
                        "silence_duration_ms": 500,
                        "create_response": True,
                        "interrupt_response": True,
                    },
                },
                "output": {"format": pcm, "voice": "marin"},
            },
            "tools": [END_CALL],
            "tool_choice": "auto",
        }


@pytest.mark.parametrize("names", ["ga", "beta"])
async def test_a_reply_arrives_whole_with_its_tool_and_its_usage(names):
    reply = Reply("Hi, I was charged twice.", audio_ms=1_100, tools=[("end_call", {"reason": "resolved"})])
    async with talking(Script(replies=[reply], names=names)) as (upstream, ear, _):
        await upstream.start_reply()
        finished = await ear.until(call.CustomerReplyFinished)
        started = ear.all(call.CustomerReplyStarted)[0]
        assert finished == call.CustomerReplyFinished(started.reply_id, "completed")
        audio = ear.all(call.CustomerAudio)
        assert sum(len(part.pcm) for part in audio) == 1_100 * 48
        assert {part.reply_id for part in audio} == {started.reply_id}
        words = ear.all(call.CustomerText)
        assert "".join(part.text for part in words if not part.final) == reply.text
        assert [part.text for part in words if part.final] == [reply.text]
        assert ear.all(call.ToolCalled)[0].name == "end_call"
        assert ear.all(call.ToolCalled)[0].arguments == {"reason": "resolved"}
        usage = ear.all(call.UsageReported)[0].usage
        assert (usage["kind"], usage["model"], usage["output_token_details"]["audio_tokens"]) == (
            "response",
            "gpt-realtime-2.1-mini",
            22,
        )


async def test_offsets_come_without_padding_and_waiting_time():
    config = CustomerConfig("", "marin", turn_detection=TurnDetection(prefix_padding_ms=200, silence_duration_ms=400))
    async with talking(Script(turns=[Turn(at_ms=1_000, length_ms=700)]), config) as (upstream, ear, _):
        await send_silence(upstream, 2_200)
        await ear.until(call.CustomerReplyFinished)
        assert ear.all(call.TraineeSpeechStarted)[0].at_ms == 1_000
        assert ear.all(call.TraineeSpeechStopped)[0].at_ms == 1_700


async def test_the_trainees_words_may_come_after_the_reply():
    turn = Turn(at_ms=100, text="Let me check", told="after_reply", logprob=-0.693147)
    async with talking(Script(turns=[turn])) as (upstream, ear, _):
        await send_silence(upstream, 1_500)
        text = await ear.until(call.TraineeText, lambda event: event.final)
        assert ear.all(call.CustomerReplyFinished)
        assert text.item_id == ear.all(call.TraineeSpeechStarted)[0].item_id
        assert text.text == "Let me check"
        assert text.confidence == pytest.approx(0.5, abs=0.001)
        usage = await ear.until(call.UsageReported)
        assert usage.usage == {"kind": "transcription", "model": "gpt-transcribe", "type": "duration", "seconds": 0.8}


async def test_words_that_were_not_understood_are_reported():
    async with talking(Script(turns=[Turn(at_ms=100, told="failed")])) as (upstream, ear, _):
        await send_silence(upstream, 1_500)
        assert (await ear.until(call.TraineeTextFailed)).message == "No words."


async def test_an_interruption_comes_before_the_end_of_the_reply_and_may_be_followed_by_late_audio():
    script = Script(replies=[Reply(audio_ms=60_000)], turns=[Turn(at_ms=100)], speed=1, stragglers=2)
    async with talking(script) as (upstream, ear, client):
        await upstream.start_reply()
        audio = await ear.until(call.CustomerAudio)
        await send_silence(upstream, 300)
        finished = await ear.until(call.CustomerReplyFinished)
        assert finished.status == "cancelled"
        kinds = [type(event) for event in ear.events]
        late = kinds[kinds.index(call.TraineeSpeechStarted) :]
        assert late.count(call.CustomerAudio) == 2
        await upstream.truncate(audio.item_id, 240)
        await upstream.cancel_reply(finished.reply_id)
        failed = await ear.until(call.UpstreamFailed)
        assert (failed.code, failed.fatal) == ("response_cancel_not_active", False)
        assert client.truncated == [(audio.item_id, 240)]
        await upstream.truncate(audio.item_id, 100_000)
        failed = await ear.until(call.UpstreamFailed)
        assert (failed.code, failed.fatal) == ("truncate_beyond_audio", False)


async def test_every_verb_reaches_the_server():
    config = CustomerConfig("", "marin", turn_detection=TurnDetection(kind="manual"))
    async with talking(Script(), config) as (upstream, ear, client):
        await send_silence(upstream, 200)
        await upstream.commit_audio()
        await upstream.send_text("It is 4417.")
        await upstream.answer_tool("call_1", "ok")
        await upstream.start_reply()
        item_id = (await ear.until(call.CustomerAudio)).item_id
        await ear.until(call.CustomerReplyFinished)
        await upstream.delete_item(item_id)
        await upstream.close()
        await ear.until(call.UpstreamClosed)
        assert client.session["audio"]["input"]["turn_detection"] is None
        assert client.appended_ms == 200
        items = [message["item"] for message in client.received if message["type"] == "conversation.item.create"]
        assert items == [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "It is 4417."}]},
            {"type": "function_call_output", "call_id": "call_1", "output": "ok"},
        ]
        assert client.deleted == [item_id]


async def test_a_reply_that_failed_says_why():
    async with talking(Script(replies=[Reply(status="failed")])) as (upstream, ear, _):
        await upstream.start_reply()
        failed = await ear.until(call.UpstreamFailed)
        assert (failed.code, failed.fatal) == ("overloaded", False)
        assert (await ear.until(call.CustomerReplyFinished)).status == "failed"


@pytest.mark.parametrize(("code", "reason"), [(1001, "Your session hit the maximum duration"), (1006, "")])
async def test_the_end_of_the_connection_is_the_last_event(code, reason):
    async with talking(Script(mishaps=[Drop(100, code, reason)])) as (upstream, ear, _):
        await send_silence(upstream, 200)
        closed = await ear.until(call.UpstreamClosed)
        assert (closed.code, closed.reason) == (code, reason)
        with pytest.raises(AssertionError):
            await ear.until(call.UpstreamClosed)
        await upstream.send_audio(bytes(FRAME_BYTES))
        await upstream.start_reply()


async def test_an_expired_session_is_fatal_and_other_errors_are_not():
    mishaps = [ErrorEvent(20, "weird"), ErrorEvent(40, None, "No code."), ErrorEvent(60, "session_expired")]
    async with talking(Script(mishaps=mishaps)) as (upstream, ear, _):
        await send_silence(upstream, 100)
        await ear.until(call.UpstreamFailed, lambda event: event.fatal)
        told = [(event.code, event.fatal) for event in ear.all(call.UpstreamFailed)]
        assert told == [("weird", False), ("invalid_request_error", False), ("session_expired", True)]


@pytest.mark.parametrize(
    ("script", "code", "permanent"),
    [
        (Script(refuse_with=401), "upstream_unauthorized", True),
        (Script(refuse_with=403), "upstream_unauthorized", True),
        (Script(refuse_with=429), "upstream_busy", False),
        (Script(refuse_with=404), "upstream_rejected", True),
        (Script(greet_with="session_limit_reached"), "upstream_busy", False),
        (Script(greet_with="invalid_api_key"), "upstream_unauthorized", True),
        (Script(reject_update="unknown_parameter"), "upstream_rejected", True),
        (Script(reject_update="server_error"), "upstream_unreachable", False),
    ],
)
async def test_each_refusal_has_its_code_and_is_not_repeated(script, code, permanent):
    refused, server = await refusal(script)
    assert (refused.code, refused.permanent) == (code, permanent)
    assert server.refused <= 1
    assert "secret-key" not in refused.message


async def test_a_server_that_says_nothing_is_given_up_in_time():
    refused, _ = await refusal(Script(silent=True), deadline_s=0.2)
    assert (refused.code, refused.permanent) == ("upstream_unreachable", False)


async def test_a_server_that_is_not_there_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(UpstreamRefused) as refused:
        await RealtimeDriver(f"ws://127.0.0.1:{port}/v1", "k", "m", "t", deadline_s=0.5).connect(CONFIG)
    assert refused.value.code == "upstream_unreachable"


@pytest.mark.parametrize("url", ["", "ftp://host/v1", "ws://host:port/v1"])
async def test_an_address_that_is_none_is_rejected(url):
    with pytest.raises(UpstreamRefused) as refused:
        await RealtimeDriver(url, "k", "m", "t").connect(CONFIG)
    assert (refused.value.code, refused.value.permanent) == ("upstream_rejected", True)


async def test_a_server_that_fails_once_is_tried_again():
    async with ScriptedRealtime(Script(refuse_with=503, refuse_times=1)) as server:
        upstream = await driver(server).connect(CONFIG)
        await upstream.close()
        assert (server.refused, len(server.connections)) == (1, 1)


# The embedded customer, over the same driver


async def stored(_scenario_id: str, _version: str | None) -> Scenario | None:
    return DOUBLE_CHARGE


@pytest.fixture
async def embedded(aiohttp_server) -> Callable[..., Any]:
    async def start(*words: str) -> RealtimeDriver:
        app = web.Application(middlewares=[errors_to_json])
        options = SessionOptions(ScriptedSpeech(*words), SystemClock(), stored, pace=Pace(speed=1e9))
        app[EMBEDDED_CUSTOMER] = EmbeddedCustomer(options, internal_key="internal", session_limit=1)
        add_routes(app)
        server = await aiohttp_server(app)
        return RealtimeDriver(str(server.make_url("/v1")), "internal", "callx-embedded-customer", "any", embedded=True)

    return start


async def test_the_embedded_customer_is_reached_like_any_other(embedded):
    embedded_driver = await embedded("What is your account number?")
    scenario = ScenarioReference("double-charge", "1", {"seed": "7"})
    upstream = await embedded_driver.connect(CustomerConfig("secret prompt", "marin", (END_CALL,), scenario))
    ear = Ear(upstream)
    await upstream.start_reply()
    await ear.until(call.CustomerReplyFinished)
    assert "".join(part.text for part in ear.all(call.CustomerText) if not part.final) == DOUBLE_CHARGE.opening
    await upstream.send_audio(quiet(1_000) + loud(800) + quiet(700))
    await ear.until(call.CustomerReplyFinished)
    assert ear.all(call.TraineeSpeechStarted)[0].at_ms == 1_000
    assert ear.all(call.TraineeSpeechStopped)[0].at_ms == 1_800
    heard = [event for event in ear.all(call.TraineeText) if event.final]
    assert [event.text for event in heard] == ["What is your account number?"]
    assert heard[0].confidence == pytest.approx(0.5)
    assert "four four one seven" in ear.all(call.CustomerText)[-1].text
    with pytest.raises(UpstreamRefused) as refused:
        await embedded_driver.connect(CONFIG)
    assert refused.value.code == "upstream_busy"
    await upstream.close()
    await ear.until(call.UpstreamClosed)


async def test_what_the_customer_is_told_of_the_line_is_a_message_of_the_system():
    async with talking(Script()) as (upstream, ear, client):
        await upstream.inform("You are on hold.")
        await upstream.start_reply()
        await ear.until(call.CustomerReplyFinished)
        [item] = [message["item"] for message in client.received if message["type"] == "conversation.item.create"]
        assert item["role"] == "system"
        assert item["content"] == [{"type": "input_text", "text": "You are on hold."}]


async def test_a_customer_restored_in_a_new_session_does_not_begin_again(embedded):
    embedded_driver = await embedded()
    scenario = ScenarioReference("double-charge", "1", {"seed": "7"})
    upstream = await embedded_driver.connect(CustomerConfig("secret prompt", "marin", (END_CALL,), scenario))
    ear = Ear(upstream)
    said = (Said(Speaker.CUSTOMER, DOUBLE_CHARGE.opening), Said(Speaker.TRAINEE, "What is your account number?"))
    await upstream.restore(said)
    await upstream.inform(lost_line.back(800))
    await upstream.start_reply()
    await ear.until(call.CustomerReplyFinished)
    assert "four four one seven" in ear.all(call.CustomerText)[-1].text
    await upstream.close()


async def test_what_was_said_before_is_told_item_by_item_in_the_protocols_own_words():
    async with ScriptedRealtime(Script()) as server:
        upstream = await driver(server).connect(CONFIG)
        await upstream.restore((Said(Speaker.CUSTOMER, "I was charged twice."), Said(Speaker.TRAINEE, "Let me look.")))
        await upstream.close()
        connection = await server.connection()
        await connection.closed.wait()
        items = [message["item"] for message in connection.received if message["type"] == "conversation.item.create"]
    assert [(item["role"], item["content"]) for item in items] == [
        ("assistant", [{"type": "output_text", "text": "I was charged twice."}]),
        ("user", [{"type": "input_text", "text": "Let me look."}]),
    ]


async def test_a_session_tells_how_long_it_will_last(embedded):
    upstream = await (await embedded()).connect(CONFIG)
    ready = await anext(upstream.events())
    assert isinstance(ready, call.UpstreamReady)
    assert ready.expires_in_ms == pytest.approx(60 * 60_000, abs=60_000)
    await upstream.close()
