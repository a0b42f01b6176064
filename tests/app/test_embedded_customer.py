"""The embedded customer's sessions, on a clock that stands still, with ears and a voice that follow a script."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError, web
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter

from core.clock import SystemClock
from core.web import errors_to_json
from tests.clock import FixedClock
from tests.support.scenarios import DOUBLE_CHARGE
from tests.support.scripted_speech import MS_PER_CHARACTER, ScriptedSpeech, loud, quiet
from voice.embedded_customer.outbox import Closing, Outbox
from voice.embedded_customer.server import EMBEDDED_CUSTOMER, EmbeddedCustomer, add_routes
from voice.embedded_customer.session import RealtimeSession, SessionOptions
from voice.embedded_customer.speaking import Pace
from voice.embedded_customer.speech_engines import SpeechWorkerDied
from voice.realtime_protocol.audio import append_json
from voice.scenario import Scenario

SDK: TypeAdapter[RealtimeServerEvent] = TypeAdapter(RealtimeServerEvent)
TOOLS = [{"type": "function", "name": name, "parameters": {"type": "object"}} for name in ("set_mood", "end_call")]
SESSION: dict[str, Any] = {
    "type": "realtime",
    "prompt": {"id": "double-charge", "version": "1", "variables": {"seed": "7"}},
    "audio": {"input": {"transcription": {"model": "any"}}},
    "tools": TOOLS,
}


async def stored(scenario_id: str, _version: str | None) -> Scenario | None:
    return DOUBLE_CHARGE if scenario_id == "double-charge" else None


class Line:
    """A client at the end of a session without a socket."""

    def __init__(self, speech: ScriptedSpeech, clock: FixedClock, pace: Pace) -> None:
        self.speech = speech
        self.clock = clock
        self.outbox = Outbox()
        self.session = RealtimeSession(self.outbox, SessionOptions(speech, clock, stored, pace=pace))
        self.log: list[dict[str, Any]] = []
        self.closed: Closing | None = None

    async def send(self, kind: str, **fields: Any) -> None:
        await self.session.receive(json.dumps({"type": kind, **fields}))

    async def say(self, length_ms: int, silence_ms: int = 600) -> None:
        await self.session.receive(append_json(loud(length_ms) + quiet(silence_ms)))

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(2):
            message = await self.outbox.take()
        if isinstance(message, Closing):
            self.closed = message
            return {"type": "closing"}
        event: dict[str, Any] = json.loads(message)
        assert SDK.validate_python(event).type == event["type"]
        self.log.append(event)
        return event

    async def until(self, kind: str) -> dict[str, Any]:
        while (event := await self.next())["type"] != kind:
            pass
        return event

    def nothing_waits(self) -> bool:
        return not self.outbox._waiting

    def kinds(self) -> list[str]:
        """What came, without repetitions of deltas."""
        names = [event["type"] for event in self.log]
        return [name for name, before in zip(names, [None, *names], strict=False) if name != before]

    def words(self) -> str:
        return "".join(e["delta"] for e in self.log if e["type"] == "response.output_audio_transcript.delta")

    def sound_ms(self) -> int:
        deltas = (e["delta"] for e in self.log if e["type"] == "response.output_audio.delta")
        return sum(len(base64.b64decode(delta)) for delta in deltas) // 48


Dial = Callable[..., Awaitable[Line]]


@pytest.fixture
async def dial(clock: FixedClock) -> AsyncIterator[Dial]:
    lines: list[Line] = []

    async def dial(*words: str | Exception, speed: float = 1e9, lead_ms: int = 1_000, **session: Any) -> Line:
        line = Line(ScriptedSpeech(*words), clock, Pace(speed, lead_ms))
        lines.append(line)
        await line.until("session.created")
        await line.send("session.update", session={**SESSION, **session})
        await line.until("session.updated")
        line.log.clear()
        return line

    yield dial
    for line in lines:
        await line.session.close()


@pytest.fixture
async def opened(dial: Dial) -> Callable[..., Awaitable[Line]]:
    """A line on which the customer has just said the opening words."""

    async def opened(*words: str | Exception, **session: Any) -> Line:
        line = await dial(*words, **session)
        await line.send("response.create")
        await line.until("response.done")
        return line

    return opened


def output_of(done: dict[str, Any]) -> list[str]:
    return [item.get("name") or item["content"][0]["type"] for item in done["response"]["output"]]


async def test_the_first_response_is_the_opening_in_the_order_of_the_protocol(dial):
    line = await dial()
    await line.send("response.create", response={"metadata": {"turn": "1"}})
    done = await line.until("response.done")
    assert [kind for kind in line.kinds() if not kind.endswith("delta")] == [
        "response.created",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "response.output_item.done",
        "conversation.item.done",
        "response.output_item.added",
        "conversation.item.added",
        "response.function_call_arguments.done",
        "response.output_item.done",
        "conversation.item.done",
        "response.done",
    ]
    assert line.words() == DOUBLE_CHARGE.opening
    assert output_of(done) == ["output_audio", "set_mood"]
    assert done["response"]["metadata"] == {"turn": "1"}
    assert [item["status"] for item in done["response"]["output"]] == ["completed", "completed"]


async def test_sound_and_words_come_by_turns_in_pieces_of_200_ms(dial):
    line = await dial()
    await line.send("response.create")
    await line.until("response.done")
    told = [
        e["type"].split(".")[-2] for e in line.log if e["type"].startswith("response.output_audio") and "delta" in e
    ]
    assert told[:2] == ["output_audio_transcript", "output_audio"]
    assert told.count("output_audio_transcript") == 2
    assert told.index("output_audio_transcript", 1) < len(told) - 2
    sizes = [len(base64.b64decode(e["delta"])) for e in line.log if e["type"] == "response.output_audio.delta"]
    assert set(sizes[:-1]) == {9_600}
    assert line.sound_ms() == sum(len(text) for text, _, _ in line.speech.spoken) * MS_PER_CHARACTER


async def test_usage_counts_tokens_as_openai_does(dial):
    line = await dial("What is your account number?")
    await line.send("response.create")
    first = (await line.until("response.done"))["response"]["usage"]
    first_ms = line.sound_ms()
    assert first["output_token_details"]["audio_tokens"] == first_ms // 50
    assert first["input_token_details"]["audio_tokens"] == 0
    line.clock.advance(60_000)
    await line.say(1_000)
    second = (await line.until("response.done"))["response"]["usage"]
    heard_ms = 1_000 + 500
    assert second["input_token_details"]["audio_tokens"] == first_ms // 50 + heard_ms // 100


async def test_a_spoken_question_is_heard_and_answered(opened):
    line = await opened("What is your account number?")
    line.log.clear()
    line.clock.advance(10_000)
    await line.session.receive(append_json(quiet(400)))
    await line.say(1_000)
    await line.until("response.done")
    kinds = [kind for kind in line.kinds() if not kind.startswith("response.")]
    assert kinds[:8] == [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "conversation.item.input_audio_transcription.delta",
        "conversation.item.input_audio_transcription.completed",
        "conversation.item.added",
    ]
    events = {event["type"]: event for event in reversed(line.log)}
    assert events["input_audio_buffer.speech_started"]["audio_start_ms"] == 400 - 300
    assert events["input_audio_buffer.speech_stopped"]["audio_end_ms"] == 400 + 1_000 + 500
    heard = events["conversation.item.input_audio_transcription.completed"]
    assert heard["transcript"] == "What is your account number?"
    assert heard["usage"] == {"type": "duration", "seconds": 1.8}
    ids = {
        events[f"input_audio_buffer.{name}"]["item_id"] for name in ("speech_started", "speech_stopped", "committed")
    }
    assert ids == {heard["item_id"]}
    assert "four four one seven" in line.words()


async def test_confidence_is_told_to_who_asks_for_it(opened):
    line = await opened("Hello", include=["item.input_audio_transcription.logprobs"])
    await line.say(500)
    event = await line.until("conversation.item.input_audio_transcription.completed")
    assert event["logprobs"][0]["logprob"] == pytest.approx(-0.693, abs=0.001)


async def test_who_asks_for_no_transcription_gets_none(opened):
    line = await opened("What is your account number?", audio={"input": {"transcription": None}})
    line.clock.advance(10_000)
    await line.say(500)
    await line.until("response.done")
    assert not any("transcription" in kind for kind in line.kinds())
    assert "four four one seven" in line.words()


async def test_speech_stops_the_running_response(dial):
    line = await dial("Hold on please", speed=0.001, lead_ms=600)
    await line.send("response.create")
    await line.until("response.output_audio.delta")
    await line.session.receive(append_json(loud(200)))
    done = await line.until("response.done")
    assert line.log[-2]["type"] == "conversation.item.done"
    assert done["response"]["status"] == "cancelled"
    assert done["response"]["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
    assert done["response"]["output"][0]["status"] == "incomplete"
    kinds = line.kinds()
    assert kinds.index("input_audio_buffer.speech_started") < kinds.index("response.output_audio.done")
    await asyncio.sleep(0)
    assert line.nothing_waits()


async def test_a_customer_who_was_cut_short_minds_and_one_who_had_finished_does_not(opened):
    moods = []
    for finished in (False, True):
        line = await opened("What is your account number?")
        line.clock.advance(line.sound_ms() + 1_000 if finished else 100)
        await line.say(1_500)
        await line.until("response.done")
        called = [e for e in line.log if e["type"] == "response.function_call_arguments.done"]
        moods.append(json.loads(called[-1]["arguments"])["mood"])
    assert moods[0] < moods[1]


async def test_a_response_is_not_stopped_by_speech_when_the_client_forbids_it(dial):
    detection = {"type": "server_vad", "interrupt_response": False}
    line = await dial("What is your account number?", audio={"input": {"turn_detection": detection}}, speed=20.0)
    await line.send("response.create")
    await line.until("response.output_audio.delta")
    await line.say(300)
    first = await line.until("response.done")
    assert first["response"]["status"] == "completed"
    assert (await line.until("response.done"))["response"]["status"] == "completed"
    assert "four four one seven" in line.words()


async def test_words_said_over_a_pause_are_answered_together(opened):
    line = await opened("What is", "your account number?")
    line.clock.advance(10_000)
    await line.session.receive(append_json(loud(300) + quiet(520) + loud(300) + quiet(600)))
    while (await line.until("response.done"))["response"]["status"] != "completed":
        pass
    assert "four four one seven" in line.words()


async def test_a_noise_without_words_is_asked_about(opened):
    line = await opened("")
    line.clock.advance(10_000)
    await line.say(300)
    done = await line.until("response.done")
    assert done["response"]["status"] == "completed"
    assert not any("transcription.delta" in kind for kind in line.kinds())
    assert len(line.speech.spoken) > 2


async def test_who_speaks_first_hears_the_opening(dial):
    line = await dial("Thank you for calling, how can I help?")
    await line.say(900)
    await line.until("response.done")
    assert line.words() == DOUBLE_CHARGE.opening


async def test_a_typed_answer_is_answered_when_a_response_is_asked_for(opened):
    line = await opened()
    content = [{"type": "input_text", "text": "What is your account number?"}]
    await line.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
    added = await line.until("conversation.item.done")
    assert added["item"]["content"] == content
    await line.send("response.create")
    await line.until("response.done")
    assert "four four one seven" in line.words()


async def test_the_answer_to_a_function_needs_no_reply(opened):
    line = await opened()
    item = {"type": "function_call_output", "call_id": "call_1", "output": "ok"}
    await line.send("conversation.item.create", item=item)
    await line.send("response.create")
    assert (await line.until("response.done"))["response"]["output"] == []


async def test_push_to_talk_is_heard_at_commit(opened):
    line = await opened("What is your account number?", audio={"input": {"turn_detection": None}})
    await line.say(500, 1_000)
    assert line.nothing_waits()
    await line.send("input_audio_buffer.commit")
    await line.send("response.create")
    await line.until("response.done")
    assert "input_audio_buffer.committed" in line.kinds()
    assert "input_audio_buffer.speech_started" not in line.kinds()
    assert "four four one seven" in line.words()


async def test_a_commit_without_sound_is_an_error(opened):
    line = await opened(audio={"input": {"turn_detection": None}})
    await line.session.receive(append_json(loud(300)))
    await line.send("input_audio_buffer.clear")
    await line.until("input_audio_buffer.cleared")
    await line.send("input_audio_buffer.commit", event_id="evt_1")
    error = (await line.until("error"))["error"]
    assert (error["code"], error["event_id"]) == ("input_audio_buffer_commit_empty", "evt_1")


async def test_truncation_is_confirmed_and_beyond_the_sound_refused(opened):
    line = await opened()
    item_id = next(e["item_id"] for e in line.log if e["type"] == "response.output_audio.delta")
    longer = line.sound_ms() + 1
    await line.send("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=longer)
    assert (await line.until("error"))["error"]["message"] == (
        f"Audio content of {line.sound_ms()}ms is already shorter than {longer}ms"
    )
    await line.send("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=200)
    assert (await line.until("conversation.item.truncated"))["audio_end_ms"] == 200
    await line.send("conversation.item.retrieve", item_id=item_id)
    assert (await line.until("conversation.item.retrieved"))["item"]["content"] == [{"type": "output_audio"}]
    await line.send("conversation.item.delete", item_id=item_id)
    await line.until("conversation.item.deleted")
    await line.send("conversation.item.delete", item_id=item_id)
    assert (await line.until("error"))["error"]["code"] == "item_not_found"


async def test_the_client_can_cancel_once(dial):
    line = await dial(speed=0.001, lead_ms=400)
    await line.send("response.create")
    await line.until("response.output_audio.delta")
    await line.send("response.create")
    assert (await line.until("error"))["error"]["code"] == "conversation_already_has_active_response"
    await line.send("response.cancel")
    done = await line.until("response.done")
    assert done["response"]["status_details"]["reason"] == "client_cancelled"
    await line.send("response.cancel", event_id="evt_2")
    error = (await line.until("error"))["error"]
    assert (error["code"], error["event_id"]) == ("response_cancel_not_active", "evt_2")


async def test_text_can_be_had_instead_of_sound(dial):
    line = await dial(output_modalities=["text"])
    await line.send("response.create")
    done = await line.until("response.done")
    assert output_of(done) == ["output_text", "set_mood"]
    assert "".join(e["delta"] for e in line.log if e["type"] == "response.output_text.delta") == DOUBLE_CHARGE.opening
    assert line.speech.spoken == []


async def test_after_a_silence_the_customer_speaks_up_and_in_the_end_hangs_up(opened):
    line = await opened()
    await line.session.receive(append_json(quiet(1_000)))
    endings = []
    for _ in range(2):
        line.clock.advance(line.sound_ms())
        line.session.tick()
        assert line.nothing_waits()
        line.clock.advance(DOUBLE_CHARGE.patience.silence_ms)
        line.session.tick()
        timeout = await line.until("input_audio_buffer.timeout_triggered")
        assert timeout["audio_start_ms"] <= timeout["audio_end_ms"] == 1_000
        endings.append(output_of(await line.until("response.done")))
    assert endings == [["output_audio", "set_mood"], ["output_audio", "set_mood", "end_call"]]
    line.clock.advance(1_000_000)
    line.session.tick()
    assert line.nothing_waits()


async def test_an_improvised_customer_waits_unless_the_client_sets_a_timeout(dial, clock):
    for timeout_ms in (None, 4_000):
        detection = {"type": "server_vad", "idle_timeout_ms": timeout_ms}
        line = await dial(
            prompt=None, instructions="You lost a parcel.", audio={"input": {"turn_detection": detection}}
        )
        await line.send("response.create")
        await line.until("response.done")
        clock.advance(line.sound_ms() + 4_000)
        line.session.tick()
        assert line.nothing_waits() is (timeout_ms is None)


async def test_a_customer_who_has_hung_up_says_no_more(opened):
    line = await opened("Hello")
    for _ in range(2):
        line.clock.advance(100_000)
        line.session.tick()
        await line.until("response.done")
    line.log.clear()
    await line.say(300)
    await line.until("conversation.item.input_audio_transcription.completed")
    await line.send("response.create")
    assert (await line.until("response.done"))["response"]["output"] == []


async def test_functions_that_the_client_does_not_have_are_not_called(opened):
    line = await opened(tools=[])
    assert "response.function_call_arguments.done" not in line.kinds()


async def test_the_scenario_decides_the_voice_and_an_improvised_customer_takes_the_sessions(opened):
    line = await opened(audio={"output": {"voice": "ash", "speed": 0.5}})
    assert line.speech.spoken[0][1:] == ("female", 85)
    other = await opened(prompt=None, instructions="You are Tom.", audio={"output": {"voice": "ash"}})
    assert other.speech.spoken[0][1] == "ash"


async def test_the_ear_expects_the_words_of_the_scenario(dial):
    line = await dial()
    assert any("account number" in sentence for sentence in line.speech.vocabularies[-1].sentences)
    await line.say(300)
    assert len(line.speech.vocabularies) == 1


async def test_an_update_with_an_unknown_field_changes_nothing(opened):
    line = await opened()
    await line.send(
        "session.update", event_id="evt_3", session={"type": "realtime", "instructions": "New.", "temperature": 1}
    )
    error = (await line.until("error"))["error"]
    assert (error["code"], error["param"], error["event_id"]) == ("unknown_parameter", "session.temperature", "evt_3")
    await line.send("session.update", session={"type": "realtime"})
    assert (await line.until("session.updated"))["session"]["instructions"] == ""


@pytest.mark.parametrize(
    ("session", "param"),
    [
        ({"prompt": {"id": "nobody"}}, "session.prompt"),
        ({"audio": {"input": {"format": {"type": "audio/pcmu"}}}}, "session.audio.input.format"),
        ({"model": "gpt-realtime-2.1"}, "session.model"),
    ],
)
async def test_what_cannot_be_done_is_refused_by_name(dial, session, param):
    line = await dial()
    await line.send("session.update", session={"type": "realtime", **session})
    assert (await line.until("error"))["error"]["param"] == param


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": "dance"}', '{"type": "session.update"}', b"\xff\x00"])
async def test_nonsense_is_answered_and_the_session_goes_on(dial, text):
    line = await dial()
    await line.session.receive(text)
    await line.until("error")
    await line.send("response.create")
    await line.until("response.done")


async def test_a_dead_ear_is_replaced(opened):
    line = await opened(SpeechWorkerDied("gone"), "What is your account number?")
    line.clock.advance(10_000)
    await line.session.receive(append_json(loud(300)))
    line.speech.ears[-1].closed = True
    await line.session.receive(append_json(loud(300)))
    failed = await line.until("conversation.item.input_audio_transcription.failed")
    assert failed["error"]["code"] == "speech_worker_died"
    await line.until("response.done")
    line.clock.advance(10_000)
    await line.session.receive(append_json(quiet(200)))
    await line.say(300)
    assert (await line.until("input_audio_buffer.speech_started"))["audio_start_ms"] == 600
    await line.until("response.done")
    assert "four four one seven" in line.words()


async def test_a_session_ends_after_an_hour(dial, clock):
    line = await dial()
    clock.advance(59 * 60_000)
    line.session.tick()
    assert line.nothing_waits()
    clock.advance(60_000)
    line.session.tick()
    assert (await line.until("error"))["error"]["code"] == "session_expired"
    await line.until("closing")
    assert line.closed is not None
    assert line.closed.code == 1001


async def test_what_was_said_before_can_be_put_back_into_a_new_session(dial):
    line = await dial()
    for role, kind, text in (
        ("assistant", "output_text", DOUBLE_CHARGE.opening),
        ("user", "input_text", "What is your account number?"),
        ("assistant", "output_text", "It is four four one seven."),
        ("user", "input_text", "You will get a refund, I am so sorry."),
    ):
        content = [{"type": kind, "text": text}]
        await line.send("conversation.item.create", item={"type": "message", "role": role, "content": content})
    await line.send("response.create")
    await line.until("response.done")
    assert DOUBLE_CHARGE.opening not in line.words()
    assert DOUBLE_CHARGE.resolution.agree in line.words()


async def test_sound_is_sent_ahead_but_not_without_bound(dial):
    line = await dial(speed=3.0, lead_ms=400)
    await line.send("response.create")
    await line.until("response.output_audio.delta")
    await asyncio.sleep(0.01)
    while not line.nothing_waits():
        await line.next()
    assert 400 < line.sound_ms() <= 600


# Over the wire


@pytest.fixture
async def address(aiohttp_server) -> str:
    """A server with one place, for the keys `internal` and `outside`."""
    app = web.Application(middlewares=[errors_to_json])
    options = SessionOptions(ScriptedSpeech("Hello"), SystemClock(), stored)
    app[EMBEDDED_CUSTOMER] = EmbeddedCustomer(
        options, internal_key="internal", outside_keys=("outside",), session_limit=1
    )
    add_routes(app)
    server = await aiohttp_server(app)
    return str(server.make_url("/v1/realtime?model=any"))


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("headers", [{}, bearer(""), bearer("wrong"), {"Authorization": "Basic internal"}])
async def test_nobody_comes_in_without_a_key(address, headers):
    async with ClientSession() as http:
        with pytest.raises(WSServerHandshakeError) as refused:
            await http.ws_connect(address, headers=headers)
        assert refused.value.status == 401
        async with http.get(address, headers=headers) as answer:
            assert (await answer.json())["error"]["code"] == "invalid_api_key"


async def test_one_session_too_many_is_refused_until_a_place_is_free(address):
    async with ClientSession() as http:
        async with http.ws_connect(address, headers=bearer("internal")) as first:
            assert (await first.receive_json())["type"] == "session.created"
            with pytest.raises(WSServerHandshakeError) as refused:
                await http.ws_connect(address, headers=bearer("outside"))
            assert refused.value.status == 429
        async with http.ws_connect(address, headers=bearer("outside")) as second:
            assert (await second.receive_json())["type"] == "session.created"


async def test_only_the_server_itself_may_name_a_stored_scenario(address):
    async with ClientSession() as http:
        for key, answer in (("outside", "error"), ("internal", "session.updated")):
            async with http.ws_connect(address, headers=bearer(key)) as socket:
                await socket.receive_json()
                await socket.send_json({"type": "session.update", "session": SESSION})
                assert (await socket.receive_json())["type"] == answer


async def test_a_client_that_does_not_read_is_let_go(address):
    async with ClientSession() as http, http.ws_connect(address, headers=bearer("outside")) as socket:
        text = "x" * 100_000
        for number in range(200):
            item = {"type": "message", "role": "system", "content": [{"type": "input_text", "text": text}]}
            await socket.send_json({"type": "conversation.item.create", "item": item})
            if number % 50 == 0:
                await asyncio.sleep(0)
        received = [message.type async for message in socket].count(WSMsgType.TEXT)
        assert 0 < received < 400  # the connection may break before the close frame (1008) is through
        async with http.ws_connect(address, headers=bearer("outside")) as next_one:
            assert (await next_one.receive_json())["type"] == "session.created"
