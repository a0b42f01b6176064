import base64
import json

import pytest
from openai.types.realtime import RealtimeClientEvent
from pydantic import TypeAdapter

from voice.realtime_protocol.audio import AppendAudio, append_json
from voice.realtime_protocol.client_events import (
    CancelResponse,
    ClearAudio,
    CommitAudio,
    CreateItem,
    CreateResponse,
    DeleteItem,
    SessionUpdate,
    TruncateItem,
    parse_client_event,
)
from voice.realtime_protocol.errors import ProtocolError
from voice.realtime_protocol.items import NewContentPart, NewItem
from voice.realtime_protocol.session_object import SessionPatch

SDK: TypeAdapter[RealtimeClientEvent] = TypeAdapter(RealtimeClientEvent)
UPDATE = {
    "type": "session.update",
    "event_id": "evt_7",
    "session": {
        "type": "realtime",
        "instructions": "Be difficult.",
        "output_modalities": ["audio"],
        "audio": {
            "input": {
                "format": {"type": "audio/pcm", "rate": 24000},
                "transcription": {"model": "gpt-transcribe", "language": "en"},
                "turn_detection": {"type": "server_vad", "threshold": 0.6, "idle_timeout_ms": None},
            },
            "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin"},
        },
        "tools": [{"type": "function", "name": "end_call", "parameters": {"type": "object"}}],
        "prompt": {"id": "scenario", "version": "1", "variables": {"seed": "7"}},
    },
}


def broken(message):
    with pytest.raises(ProtocolError) as caught:
        parse_client_event(message if isinstance(message, str | bytes) else json.dumps(message))
    return caught.value


@pytest.mark.parametrize(
    "event",
    [
        SessionUpdate(session=SessionPatch.model_validate(UPDATE["session"])),
        CommitAudio(),
        ClearAudio(event_id="evt_1"),
        CreateItem(
            item=NewItem(type="message", role="user", content=(NewContentPart(type="input_text", text="Hello"),))
        ),
        CreateItem(item=NewItem(type="function_call_output", call_id="call_1", output="done"), previous_item_id="root"),
        TruncateItem(item_id="item_1", content_index=0, audio_end_ms=1200),
        DeleteItem(item_id="item_1"),
        CreateResponse(),
        CancelResponse(response_id="resp_1"),
    ],
    ids=lambda event: event.type,
)
def test_what_we_say_is_what_the_sdk_means_and_we_read_it_back(event):
    text = event.to_json()
    assert SDK.validate_json(text).type == event.type
    assert parse_client_event(text) == event


def test_only_what_was_set_goes_out():
    patch = SessionPatch.model_validate(
        {"type": "realtime", "audio": {"input": {"format": {"type": "audio/pcm", "rate": 24000}}}}
    )
    assert json.loads(SessionUpdate(session=patch).to_json()) == {
        "type": "session.update",
        "session": {"type": "realtime", "audio": {"input": {"format": {"type": "audio/pcm", "rate": 24000}}}},
    }


def test_audio_goes_and_comes_without_a_model():
    text = append_json(b"\x01\x02" * 480)
    assert SDK.validate_json(text).type == "input_audio_buffer.append"
    assert parse_client_event(text) == AppendAudio(b"\x01\x02" * 480)


@pytest.mark.parametrize("audio", [None, 7, "not base64!", "abc"])
def test_audio_that_is_not_base64_is_refused(audio):
    error = broken({"type": "input_audio_buffer.append", "audio": audio, "event_id": "evt_3"})
    assert (error.code, error.param, error.event_id) == ("invalid_value", "audio", "evt_3")


def test_audio_beyond_fifteen_mebibytes_is_refused():
    audio = base64.b64encode(bytes(15 * 1024 * 1024 + 3)).decode()
    assert "15 MiB" in broken({"type": "input_audio_buffer.append", "audio": audio}).message


@pytest.mark.parametrize("text", ["", "{", "[]", "7", b"\xff\xfe", "[" * 100_000])
def test_what_is_no_json_object_is_refused(text):
    assert broken(text).code == "invalid_json"


@pytest.mark.parametrize(
    ("message", "code", "param"),
    [
        ({}, "missing_required_parameter", "type"),
        ({"type": "session.dance"}, "invalid_value", "type"),
        ({"type": ["session.update"]}, "invalid_value", "type"),
        ({"type": "session.update"}, "missing_required_parameter", "session"),
        ({"type": "session.update", "session": {}}, "missing_required_parameter", "session.type"),
        (
            {"type": "session.update", "session": {"type": "realtime", "temperature": 0.8}},
            "unknown_parameter",
            "session.temperature",
        ),
        (
            {
                "type": "session.update",
                "session": {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad", "x": 1}}}},
            },
            "unknown_parameter",
            "session.audio.input.turn_detection.x",
        ),
        (
            {
                "type": "session.update",
                "session": {"type": "realtime", "audio": {"input": {"turn_detection": {"threshold": 1}}}},
            },
            "missing_required_parameter",
            "session.audio.input.turn_detection.type",
        ),
        (
            {"type": "session.update", "session": {"type": "realtime", "output_modalities": ["text", "audio"]}},
            "invalid_value",
            "session.output_modalities",
        ),
        (
            {"type": "session.update", "session": {"type": "realtime", "tools": [{"type": "function"}]}},
            "missing_required_parameter",
            "session.tools[0].name",
        ),
        ({"type": "conversation.item.truncate", "item_id": "a"}, "missing_required_parameter", "audio_end_ms"),
        ({"type": "conversation.item.create", "item": {"type": "message"}}, "invalid_value", "item"),
    ],
)
def test_each_mistake_is_named(message, code, param):
    error = broken({**message, "event_id": "evt_9"})
    assert (error.code, error.param, error.event_id) == (code, param, "evt_9")
