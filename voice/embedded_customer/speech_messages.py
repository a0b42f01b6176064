"""What the server and its speech workers say to each other, and the words in which it is said. PURE.

A message on the pipe is `u32 length of the rest · u32 length of the JSON head · JSON head · bytes` (little-endian). A
request's head carries `id`, `do` and its arguments; each answer repeats the `id`, and all but the last say `more`.
"""

import json
import struct
from dataclasses import dataclass
from typing import Any, Literal

Gender = Literal["female", "male"]

LENGTHS = struct.Struct("<II")
MESSAGE_LIMIT_BYTES = 4_000_000
"""No message is longer: a longer one means that the pipe is out of step."""


class BrokenPipeMessage(ValueError):
    """What came over the pipe is no message."""


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """Somebody speaks since `audio_start_ms` of the audio heard so far, the prefix padding included."""

    audio_start_ms: int


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """The utterance is over at `audio_end_ms` of the audio heard so far, the closing silence included."""

    audio_end_ms: int


SpeechEvent = SpeechBegan | SpeechEnded


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the recognizer expects to hear, beside the phrase book.

    `key` names it for the cache (a scenario's id and version); `sentences` are the scenario's own lines and topics.
    """

    key: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EarSettings:
    """How an ear finds the ends of an utterance; with `manual` the caller says where they are (push to talk)."""

    threshold: float = 0.5
    prefix_padding_ms: int = 300
    silence_duration_ms: int = 500
    manual: bool = False


@dataclass(frozen=True, slots=True)
class Recognized:
    """The words of one utterance, readable as a sentence; empty when it held no words.

    `confidence` goes from 0 to 1, or is None where the recognizer gives none.
    """

    text: str
    confidence: float | None


def packed(head: dict[str, Any], body: bytes = b"") -> bytes:
    """One message as it goes over the pipe."""
    text = json.dumps(head, separators=(",", ":")).encode()
    return LENGTHS.pack(4 + len(text) + len(body), len(text)) + text + body


def lengths(prefix: bytes) -> tuple[int, int]:
    """How many bytes of head and of body follow the eight bytes `prefix`."""
    rest, head = LENGTHS.unpack(prefix)
    if not 4 <= rest <= MESSAGE_LIMIT_BYTES or head > rest - 4:
        raise BrokenPipeMessage(f"a message of {rest} bytes with a head of {head}")
    return head, rest - 4 - head


def unpacked_head(text: bytes) -> dict[str, Any]:
    """The head of a message."""
    head = json.loads(text)
    if not isinstance(head, dict):
        raise BrokenPipeMessage("the head is no object")
    return head
