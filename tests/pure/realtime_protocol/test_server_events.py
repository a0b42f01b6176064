import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter

from voice.realtime_protocol import server_events as say
from voice.realtime_protocol.audio import AudioDelta, delta_json
from voice.realtime_protocol.errors import ProtocolError
from voice.realtime_protocol.items import ContentPart, Item, function_call, message
from voice.realtime_protocol.session_object import Session

SDK: TypeAdapter[RealtimeServerEvent] = TypeAdapter(RealtimeServerEvent)
SESSION = Session(id="sess_1", model="callx-embedded-customer").to_dict()
HEARD = message("item_1", "user", "completed", ContentPart(type="input_audio"))
SPOKEN = message("item_2", "assistant", "completed", ContentPart(type="output_audio", transcript="Well?"))
CALLED = function_call("item_3", "call_1", "end_call", '{"reason": "angry"}', "completed")
PART: dict[str, Any] = {"response_id": "resp_1", "item_id": "item_2"}
USAGE = {
    "total_tokens": 30,
    "input_tokens": 20,
    "output_tokens": 10,
    "input_token_details": {"text_tokens": 5, "audio_tokens": 15, "cached_tokens": 0},
    "output_token_details": {"text_tokens": 2, "audio_tokens": 8},
}
DONE = say.Response(
    id="resp_1",
    status="cancelled",
    status_details={"type": "cancelled", "reason": "turn_detected"},
    output=(SPOKEN, CALLED),
    conversation_id="conv_1",
    output_modalities=("audio",),
    usage=USAGE,
)
EVENTS = [
    say.SessionCreated(session=SESSION),
    say.SessionUpdated(session=SESSION),
    say.ErrorReported(error=say.ErrorDetails(code="invalid_value", message="No.", param="item_id", event_id="evt_1")),
    say.RateLimitsUpdated(rate_limits=({"name": "tokens", "limit": 9, "remaining": 3, "reset_seconds": 0.5},)),
    say.SpeechStarted(audio_start_ms=120, item_id="item_1"),
    say.SpeechStopped(audio_end_ms=920, item_id="item_1"),
    say.AudioCommitted(item_id="item_1", previous_item_id=None),
    say.AudioCleared(),
    say.TimeoutTriggered(audio_start_ms=0, audio_end_ms=7000, item_id="item_1"),
    say.TranscriptionDelta(item_id="item_1", delta="hello"),
    say.TranscriptionCompleted(item_id="item_1", transcript="hello", usage={"type": "duration", "seconds": 1.5}),
    say.TranscriptionFailed(item_id="item_1", error=say.ErrorDetails(code="failed", message="No words.")),
    say.ItemAdded(item=HEARD, previous_item_id=None),
    say.ItemDone(item=SPOKEN, previous_item_id="item_1"),
    say.ItemRetrieved(item=CALLED),
    say.ItemDeleted(item_id="item_1"),
    say.ItemTruncated(item_id="item_2", audio_end_ms=700),
    say.ResponseCreated(response=say.Response(id="resp_1")),
    say.ResponseDone(response=DONE),
    say.OutputItemAdded(response_id="resp_1", item=message("item_2", "assistant", "in_progress")),
    say.OutputItemDone(response_id="resp_1", output_index=1, item=CALLED),
    say.ContentPartAdded(**PART, part=ContentPart(type="audio", transcript="")),
    say.ContentPartDone(**PART, part=ContentPart(type="audio", transcript="Well?")),
    say.OutputAudioDone(**PART),
    say.TranscriptDelta(**PART, delta="Well"),
    say.TranscriptDone(**PART, transcript="Well?"),
    say.TextDelta(**PART, delta="Well"),
    say.TextDone(**PART, text="Well?"),
    say.ArgumentsDelta(response_id="resp_1", item_id="item_3", call_id="call_1", delta="{"),
    say.ArgumentsDone(response_id="resp_1", item_id="item_3", call_id="call_1", name="end_call", arguments="{}"),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_what_we_say_is_what_the_sdk_means_and_we_read_it_back(event):
    text = event.to_json("event_1")
    read: Any = SDK.validate_json(text)
    assert read.type == event.TYPE
    assert read.event_id == "event_1"
    assert say.parse_server_event(text) == event


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_the_sdk_reads_every_field_as_its_own(event):
    read = SDK.validate_json(event.to_json("event_1"))

    def strangers(model):
        found = list((model.model_extra or {}).items())
        for value in dict(model).values():
            for part in value if isinstance(value, list) else [value]:
                found += strangers(part) if hasattr(part, "model_extra") else []
        return [name for name, content in found if content is not None]

    if event.TYPE not in ("session.created", "session.updated"):  # the SDK types these by the request's fields
        assert strangers(read) == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_what_the_sdk_writes_is_what_we_read(event):
    written = SDK.validate_json(event.to_json("event_1")).to_json(exclude_unset=False)
    assert type(say.parse_server_event(written)) is type(event)


@given(st.binary(max_size=2000), st.integers(0, 3))
def test_audio_goes_and_comes_without_a_model(pcm, index):
    delta = AudioDelta("resp_1", "item_2", pcm, index, 0)
    text = delta_json(delta, "event_1")
    assert SDK.validate_json(text).type == "response.output_audio.delta"
    assert say.parse_server_event(text) == delta


@pytest.mark.parametrize(("beta", "ga"), say.BETA_NAMES.items())
def test_the_older_names_are_understood(beta, ga):
    samples = {event.TYPE: json.loads(event.to_json("event_1")) for event in EVENTS}
    samples["response.output_audio.delta"] = json.loads(delta_json(AudioDelta("r", "i", b"ab"), "event_1"))
    older = json.dumps({**samples[ga], "type": beta})
    assert say.parse_server_event(older) == say.parse_server_event(json.dumps(samples[ga]))


def test_a_message_from_the_future_is_no_error():
    assert say.parse_server_event('{"type": "response.smell.delta"}') == say.UnknownEvent(kind="response.smell.delta")


def test_fields_from_the_future_are_no_error():
    text = json.dumps(
        {**json.loads(EVENTS[12].to_json("e")), "new": 1, "item": {**HEARD.model_dump(), "scent": "rose"}}
    )
    assert say.parse_server_event(text) == EVENTS[12]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"type": 7}', '{"type": "response.done"}', b"\xff"])
def test_what_is_no_message_is_refused(text):
    with pytest.raises(ProtocolError):
        say.parse_server_event(text)


def test_an_item_is_written_without_its_nulls():
    assert HEARD.model_dump() == {
        "id": "item_1",
        "object": "realtime.item",
        "type": "message",
        "role": "user",
        "status": "completed",
        "content": ({"type": "input_audio"},),
    }
    assert Item.model_validate(HEARD.model_dump()) == HEARD
