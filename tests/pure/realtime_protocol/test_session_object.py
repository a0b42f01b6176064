from typing import Any

import pytest
from openai.types.realtime.realtime_session_create_response import RealtimeSessionCreateResponse

from voice.realtime_protocol.errors import ProtocolError
from voice.realtime_protocol.session_object import Session, SessionPatch

SESSION = Session(id="sess_1", model="callx-embedded-customer", expires_at=1_800_000_000)


def updated(**fields):
    return SESSION.updated(SessionPatch.model_validate({"type": "realtime", **fields}))


def test_the_whole_session_is_what_the_sdk_expects():
    told: Any = RealtimeSessionCreateResponse.model_validate(SESSION.to_dict())
    assert told.audio.input.turn_detection.silence_duration_ms == 500
    assert told.audio.output.voice == "marin"


def test_an_update_leaves_what_it_does_not_name():
    session = updated(audio={"input": {"transcription": {"model": "gpt-transcribe"}}})
    assert session.audio.input.transcription.model == "gpt-transcribe"
    assert session.audio.input.turn_detection == SESSION.audio.input.turn_detection
    assert session.audio.output == SESSION.audio.output


def test_turn_detection_is_replaced_as_a_whole_and_can_be_switched_off():
    session = updated(audio={"input": {"turn_detection": {"type": "server_vad", "silence_duration_ms": 200}}})
    assert session.audio.input.turn_detection.silence_duration_ms == 200
    assert session.audio.input.turn_detection.threshold == 0.5
    assert updated(audio={"input": {"turn_detection": None}}).audio.input.turn_detection is None


def test_a_null_that_means_nothing_changes_nothing():
    session = updated(audio={"input": {"format": None}, "output": {"voice": None}})
    assert session.audio == SESSION.audio


def test_a_null_brings_back_the_default():
    told = SESSION.updated(SessionPatch(type="realtime", instructions="Shout."))
    assert told.instructions == "Shout."
    assert told.updated(SessionPatch(type="realtime", instructions=None)).instructions == ""


def test_the_model_stays():
    assert updated(model="callx-embedded-customer") == SESSION
    with pytest.raises(ProtocolError, match="cannot be changed"):
        updated(model="gpt-realtime-2.1")
