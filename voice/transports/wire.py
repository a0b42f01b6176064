"""The voice wire, version 1, as docs/protocol.md describes it: bytes and text to events and back. PURE."""

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from voice.audio_format import BYTES_PER_MS, BYTES_PER_SAMPLE
from voice.call.actions import SendAudioToTrainee
from voice.call.events import (
    PlaybackCleared,
    PlaybackProgressed,
    TraineeAudio,
    TraineeHeld,
    TraineeHungUp,
    TraineeMuted,
    TraineePressedKey,
    TraineePushedToTalk,
    TraineeTyped,
)

HEADER = struct.Struct("<BBHII")
"""kind, flags, epoch, sequence, t_ms"""
AUDIO_KIND = 1
LAST_FRAME = 1
SHORTEST_FRAME_BYTES = 10 * BYTES_PER_MS
LONGEST_FRAME_BYTES = 100 * BYTES_PER_MS
LONGEST_TEXT = 2_000
LARGEST_MESSAGE_BYTES = 64 * 1024
"""More than any message of ours, so that what is too large for the protocol is still answered in its own words."""

CLOSE_CODES: Mapping[str, int] = {
    "bad_json": 1007,
    "bad_message": 1008,
    "bad_frame": 1008,
    "hello_expected": 1008,
    "too_fast": 1008,
    "call_token_invalid": 4401,
    "call_taken": 4409,
    "call_over": 4410,
    "call_elsewhere": 4421,
    "upstream_unreachable": 4502,
    "upstream_unauthorized": 4502,
    "upstream_busy": 4502,
    "upstream_rejected": 4502,
}
NORMAL_CLOSE = 1000


class WireError(Exception):
    """The device broke the protocol; `code` is one of docs/protocol.md."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    @property
    def close_code(self) -> int:
        """The code with which its socket is closed."""
        return CLOSE_CODES[self.code]


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message: the call's token, and the `seq` of the last server message that this client has seen."""

    token: str
    resume_from: int = 0


@dataclass(frozen=True, slots=True)
class Ping:
    """To be answered by `pong` with the same id."""

    id: int


ControlEvent = (
    PlaybackProgressed
    | PlaybackCleared
    | TraineeMuted
    | TraineeHeld
    | TraineePressedKey
    | TraineePushedToTalk
    | TraineeTyped
    | TraineeHungUp
)
Control = Hello | Ping | ControlEvent


def read_audio(frame: bytes) -> TraineeAudio:
    """A binary message of the device. Raises WireError `bad_frame`."""
    size = len(frame) - HEADER.size
    if size < 0:
        raise WireError("bad_frame", f"A frame has a header of {HEADER.size} bytes.")
    kind, _flags, _epoch, sequence, captured_ms = HEADER.unpack_from(frame)
    if kind != AUDIO_KIND:
        raise WireError("bad_frame", f"There is no frame of kind {kind}.")
    if size % BYTES_PER_SAMPLE:
        raise WireError("bad_frame", "A frame holds whole samples of two bytes.")
    if not SHORTEST_FRAME_BYTES <= size <= LONGEST_FRAME_BYTES:
        raise WireError("bad_frame", f"A frame holds 10 to 100 ms of sound, not {size / BYTES_PER_MS:g} ms.")
    return TraineeAudio(frame[HEADER.size :], captured_ms, sequence)


def audio_frame(frame: SendAudioToTrainee) -> bytes:
    """A binary message for the device."""
    flags = LAST_FRAME if frame.last else 0
    return HEADER.pack(AUDIO_KIND, flags, frame.epoch, frame.sequence, frame.t_ms) + frame.pcm


def read_control(text: str) -> Control:
    """A text message of the device. Raises WireError `bad_json` or `bad_message`; unknown fields are ignored."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError("bad_json", "This is not JSON.") from error
    if not isinstance(message, dict):
        raise WireError("bad_json", "A message is a JSON object.")
    kind = message.get("type")
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise WireError("bad_message", f"There is no message of type {str(kind)[:40]!r}.")
    return reader(_Fields(message))


def control_text(message: Mapping[str, Any], seq: int) -> str:
    """A text message for the device."""
    return json.dumps({**message, "seq": seq}, ensure_ascii=False, separators=(",", ":"))


class _Fields:
    """The fields of one message, each read with its type and bounds."""

    def __init__(self, message: Mapping[str, Any]) -> None:
        self._message = message

    def number(self, name: str, *, least: int = 0, most: int = 2**32 - 1) -> int:
        value = self._message.get(name)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or value != value
            or not least <= value <= most
        ):
            raise WireError("bad_message", f"{name} must be a number from {least} to {most}.")
        return int(value)

    def number_or_none(self, name: str) -> int | None:
        return None if self._message.get(name) is None else self.number(name)

    def truth(self, name: str) -> bool:
        value = self._message.get(name)
        if not isinstance(value, bool):
            raise WireError("bad_message", f"{name} must be true or false.")
        return value

    def text(self, name: str, *, longest: int) -> str:
        value = self._message.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            raise WireError("bad_message", f"{name} must be a text of 1 to {longest} characters.")
        return value

    def digit(self, name: str) -> str:
        value = self._message.get(name)
        if not isinstance(value, str) or len(value) != 1 or value not in "0123456789*#":
            raise WireError("bad_message", f"{name} must be one of 0 to 9, * and #.")
        return value


def _hello(fields: _Fields) -> Hello:
    return Hello(fields.text("token", longest=200), fields.number_or_none("resume_from") or 0)


def _played(fields: _Fields) -> PlaybackProgressed:
    epoch = fields.number("epoch", least=1, most=65_535)
    return PlaybackProgressed(epoch, fields.number("played_ms"), fields.number_or_none("t_ms"))


def _cleared(fields: _Fields) -> PlaybackCleared:
    epoch = fields.number("epoch", least=1, most=65_535)
    return PlaybackCleared(epoch, fields.number("played_ms"), fields.number_or_none("t_ms"))


_READERS: Mapping[str, Callable[[_Fields], Control]] = {
    "hello": _hello,
    "ping": lambda fields: Ping(fields.number("id", most=2**53)),
    "played": _played,
    "cleared": _cleared,
    "mute": lambda fields: TraineeMuted(fields.truth("on")),
    "hold": lambda fields: TraineeHeld(fields.truth("on")),
    "keypad": lambda fields: TraineePressedKey(fields.digit("digit")),
    "talk": lambda fields: TraineePushedToTalk(fields.truth("pressed")),
    "text": lambda fields: TraineeTyped(fields.text("text", longest=LONGEST_TEXT).strip()),
    "hangup": lambda fields: TraineeHungUp(),
}


class AudioPace:
    """Sound may come at twice real time over five seconds, and not faster."""

    ALLOWED_AHEAD_MS = 5_000

    def __init__(self) -> None:
        self._ahead_ms = 0.0
        self._latest_ms: int | None = None

    def take(self, pcm_bytes: int, now_ms: int) -> None:
        """Sound of this length arrived at `now_ms`. Raises WireError `too_fast`."""
        elapsed_ms = 0 if self._latest_ms is None else now_ms - self._latest_ms
        self._latest_ms = now_ms
        self._ahead_ms = max(0.0, self._ahead_ms - elapsed_ms) + pcm_bytes / BYTES_PER_MS
        if self._ahead_ms > self.ALLOWED_AHEAD_MS:
            raise WireError("too_fast", "Sound comes faster than it can have been spoken.")
