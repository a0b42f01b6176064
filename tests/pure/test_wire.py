"""The voice wire's codec: what it takes, what it refuses and with which word."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio_format import silence
from voice.call import events as e
from voice.call.actions import SendAudioToTrainee
from voice.transports import wire
from voice.transports.wire import AudioPace, Hello, Ping, WireError, audio_frame, read_audio, read_control


def frame(length_bytes: int, *, kind: int = 1, sequence: int = 7, t_ms: int = 140) -> bytes:
    return wire.HEADER.pack(kind, 0, 0, sequence, t_ms) + bytes(length_bytes)


def test_a_frame_of_the_device() -> None:
    assert read_audio(frame(960)) == e.TraineeAudio(silence(20), captured_ms=140, sequence=7)


@pytest.mark.parametrize("length_bytes", [480, 960, 962, 4_800])
def test_frames_of_10_to_100_ms_in_whole_samples_are_taken(length_bytes) -> None:
    assert len(read_audio(frame(length_bytes)).pcm) == length_bytes


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\1" * 11,
        frame(0),
        frame(478),
        frame(961),
        frame(4_802),
        frame(60_000),
        frame(960, kind=0),
        frame(960, kind=2),
    ],
)
def test_other_frames_are_bad(bad) -> None:
    with pytest.raises(WireError) as caught:
        read_audio(bad)
    assert (caught.value.code, caught.value.close_code) == ("bad_frame", 1008)


def test_a_frame_for_the_device_is_twelve_bytes_and_the_sound() -> None:
    data = audio_frame(SendAudioToTrainee(epoch=3, sequence=17, t_ms=340, pcm=b"\1\2", last=True))
    assert data == bytes([1, 1, 3, 0, 17, 0, 0, 0, 84, 1, 0, 0, 1, 2])


@pytest.mark.parametrize(
    ("message", "event"),
    [
        ({"type": "hello", "token": "secret", "resume_from": 12}, Hello("secret", 12)),
        ({"type": "hello", "token": "secret"}, Hello("secret", 0)),
        ({"type": "ping", "id": 17}, Ping(17)),
        ({"type": "played", "epoch": 3, "played_ms": 340, "t_ms": 8120}, e.PlaybackProgressed(3, 340, 8120)),
        ({"type": "played", "epoch": 3, "played_ms": 340.6}, e.PlaybackProgressed(3, 340, None)),
        ({"type": "cleared", "epoch": 3, "played_ms": 512, "t_ms": None}, e.PlaybackCleared(3, 512, None)),
        ({"type": "mute", "on": True}, e.TraineeMuted(True)),
        ({"type": "hold", "on": False}, e.TraineeHeld(False)),
        ({"type": "keypad", "digit": "#"}, e.TraineePressedKey("#")),
        ({"type": "talk", "pressed": True}, e.TraineePushedToTalk(True)),
        ({"type": "text", "text": " Hello. "}, e.TraineeTyped("Hello.")),
        ({"type": "hangup", "later": "field"}, e.TraineeHungUp()),
    ],
)
def test_every_message_of_the_device(message, event) -> None:
    assert read_control(json.dumps(message)) == event


@pytest.mark.parametrize("text", ["", "{", "[1]", "17", "null", '"hello"', "[" * 100_000])
def test_what_is_no_json_object_is_bad_json(text) -> None:
    with pytest.raises(WireError) as caught:
        read_control(text)
    assert (caught.value.code, caught.value.close_code) == ("bad_json", 1007)


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": None},
        {"type": ["played"]},
        {"type": "session.update"},
        {"type": "hello"},
        {"type": "hello", "token": ""},
        {"type": "hello", "token": "x" * 201},
        {"type": "hello", "token": "x", "resume_from": -1},
        {"type": "ping"},
        {"type": "ping", "id": "1"},
        {"type": "played", "played_ms": 5},
        {"type": "played", "epoch": 0, "played_ms": 5},
        {"type": "played", "epoch": True, "played_ms": 5},
        {"type": "played", "epoch": 1, "played_ms": -5},
        {"type": "played", "epoch": 1, "played_ms": 10**30},
        {"type": "played", "epoch": 1, "played_ms": float("nan")},
        {"type": "cleared", "epoch": 1, "played_ms": 5, "t_ms": "now"},
        {"type": "mute", "on": 1},
        {"type": "hold"},
        {"type": "talk", "pressed": "yes"},
        {"type": "keypad", "digit": 5},
        {"type": "keypad", "digit": "12"},
        {"type": "keypad", "digit": ""},
        {"type": "text", "text": "   "},
        {"type": "text", "text": "x" * 2_001},
    ],
)
def test_json_that_is_not_ours_is_a_bad_message(message) -> None:
    with pytest.raises(WireError) as caught:
        read_control(json.dumps(message))
    assert (caught.value.code, caught.value.close_code) == ("bad_message", 1008)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(["epoch", "played_ms", "t_ms", "on", "digit", "text", "token", "resume_from", "id", "pressed"])


@given(st.sampled_from(sorted(wire._READERS)), st.dictionaries(names, json_values))
def test_any_field_is_read_or_refused_but_never_fails(kind, fields) -> None:
    try:
        read_control(json.dumps({"type": kind, **fields}))
    except WireError as refused:
        code = refused.code
    else:
        code = "bad_message"
    assert code == "bad_message"


@given(st.binary(max_size=6_000))
def test_any_bytes_are_a_frame_or_refused(data) -> None:
    try:
        read_audio(data)
    except WireError as refused:
        code = refused.code
    else:
        code = "bad_frame"
    assert code == "bad_frame"


def test_every_code_closes_as_the_document_says() -> None:
    document = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()
    for code, close in wire.CLOSE_CODES.items():
        line = next(line for line in document.splitlines() if f"`{code}`" in line.split(" | ")[0])
        assert f"| {close} |" in line


def test_a_server_message_carries_its_number() -> None:
    assert json.loads(wire.control_text({"type": "mood", "mood": 35}, seq=9)) == {"type": "mood", "mood": 35, "seq": 9}


def test_real_time_is_never_too_fast() -> None:
    pace = AudioPace()
    for number in range(30_000):
        pace.take(960, number * 20)


def test_twice_real_time_for_five_seconds_is_the_limit() -> None:
    pace = AudioPace()
    for number in range(499):
        pace.take(960, number * 10)
    with pytest.raises(WireError, match="faster") as caught:
        pace.take(960, 4_990)
    assert caught.value.code == "too_fast"


def test_a_burst_after_a_gap_is_taken() -> None:
    pace = AudioPace()
    pace.take(960, 0)
    for _ in range(200):
        pace.take(960, 4_000)
