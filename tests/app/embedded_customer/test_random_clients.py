"""Whatever a client does, a session keeps the protocol's order."""

import asyncio
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clock import FixedClock
from tests.support.scripted_speech import ScriptedSpeech, loud, quiet
from tests.support.session_line import SESSION, Line
from voice.embedded_customer.speaking import Pace
from voice.realtime_protocol.audio import append_json

ITEMS = st.sampled_from(["item_1", "nobody"])
MESSAGES = st.one_of(
    st.builds(lambda ms: {"loud": ms}, st.integers(1, 900)),
    st.builds(lambda ms: {"quiet": ms}, st.integers(1, 900)),
    st.builds(lambda ms: {"later": ms}, st.integers(1, 20_000)),
    st.sampled_from(
        [
            {"type": "response.create"},
            {"type": "response.cancel"},
            {"type": "input_audio_buffer.commit"},
            {"type": "input_audio_buffer.clear"},
            {"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}}},
            {"type": "session.update", "session": {**SESSION, "output_modalities": ["text"]}},
            {"type": "session.update", "session": {"type": "realtime", "loud": True}},
            {"type": "nonsense"},
        ]
    ),
    st.builds(
        lambda item_id, ms: {"type": "conversation.item.truncate", "item_id": item_id, "audio_end_ms": ms},
        ITEMS,
        st.integers(0, 3_000),
    ),
    st.builds(lambda item_id: {"type": "conversation.item.delete", "item_id": item_id}, ITEMS),
    st.builds(
        lambda item_id, role: {
            "type": "conversation.item.create",
            "item": {
                "id": item_id,
                "type": "message",
                "role": role,
                "content": [{"type": "input_text" if role == "user" else "output_text", "text": "A refund?"}],
            },
        },
        ITEMS,
        st.sampled_from(["user", "assistant"]),
    ),
)


async def play(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a session answers to `messages`."""
    line = Line(ScriptedSpeech("Hello", "", "I can offer a refund"), FixedClock(), Pace(1e9))
    await line.send("session.update", session=SESSION)
    for message in messages:
        if "later" in message:
            line.clock.advance(message["later"])
            line.session.tick()
        elif "type" in message:
            await line.session.receive(json.dumps(message))
        else:
            sound = loud(message["loud"]) if "loud" in message else quiet(message["quiet"])
            await line.session.receive(append_json(sound))
        await asyncio.sleep(0)
    await line.send("response.cancel")
    await line.session.close()
    while not line.nothing_waits():
        await line.next()
    return line.log


def check_responses(events: list[dict[str, Any]]) -> None:
    """One response at a time, each ended, with nothing of it before or after."""
    running = None
    for event in events:
        if event["type"] == "response.created":
            assert running is None
            running = event["response"]["id"]
        elif event["type"] == "response.done":
            assert running == event["response"]["id"]
            assert all(item["status"] != "in_progress" for item in event["response"]["output"])
            running = None
        elif event["type"].startswith("response."):
            assert event["response_id"] == running
    assert running is None


def check_hearing(events: list[dict[str, Any]]) -> None:
    """One utterance at a time, each committed or cleared before the next."""
    speaking = None
    for event in events:
        match event["type"]:
            case "input_audio_buffer.speech_started":
                assert speaking is None
                speaking = event["item_id"]
            case "input_audio_buffer.committed":
                assert speaking in (None, event["item_id"])
                speaking = None
            case "input_audio_buffer.cleared":
                speaking = None


@settings(max_examples=60, deadline=None)
@given(st.lists(MESSAGES, max_size=25))
def test_whatever_a_client_does_the_events_stay_in_order(messages):
    events = asyncio.run(play(messages))
    check_responses(events)
    check_hearing(events)
