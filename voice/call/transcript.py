"""Turns: who said what, when, and how much of it was heard. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

SPOKEN_CHARACTERS_PER_S = 15
"""How fast English is spoken, when a reply broke off and nothing better is known."""


class Speaker(StrEnum):
    """The two of a call, in the words of the wire and of the specification's tables."""

    TRAINEE = "user"
    CUSTOMER = "ai"


class NotTranscribed(StrEnum):
    """Why something that the trainee said stands in the transcript without words."""

    FAILED = "failed"
    TOO_LATE = "too_late"
    CALL_ENDED = "call_ended"
    NO_WORDS = "no_words"


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance. `end_ms` is None only while it is spoken; a stored turn has one.

    `number` is given when the turn begins; the number of a turn in which nothing was said stays unused.
    `heard_text` (customer) is what the trainee's device really played of `text`. A turn of the trainee that could not
    be put into words has an empty text and a reason in `details["not_transcribed"]`.
    """

    number: int
    speaker: Speaker
    text: str
    start_ms: int
    end_ms: int | None
    heard_text: str | None = None
    cut_off: bool = False
    confidence: float | None = None
    network_gap: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def turn_id(self) -> str:
        """The turn's name in the wire, the report and the replay."""
        return f"t{self.number}"

    @property
    def not_transcribed(self) -> str | None:
        """Why the turn has no words, if it should have some."""
        reason = self.details.get("not_transcribed")
        return None if reason is None else str(reason)


class TurnNumbers:
    """Counts turns from 1, in the order in which they begin."""

    def __init__(self) -> None:
        self._last = 0

    def take(self) -> int:
        """The number of a turn that begins now."""
        self._last += 1
        return self._last

    def give_back(self, number: int) -> None:
        """This turn came to nothing: its number is used again if no later one was given."""
        if number == self._last:
            self._last -= 1


@dataclass(slots=True)
class Utterance:
    """A turn of the trainee that is not stored yet."""

    number: int
    item_id: str
    start_ms: int
    end_ms: int | None = None
    text: str = ""
    text_final: bool = False
    confidence: float | None = None
    network_gap: bool = False
    not_transcribed: NotTranscribed | None = None
    answered: bool = False
    details: dict[str, Any] = field(default_factory=dict)

    def as_turn(self) -> Turn:
        """The turn as it stands."""
        return Turn(
            number=self.number,
            speaker=Speaker.TRAINEE,
            text=self.text,
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            confidence=self.confidence,
            network_gap=self.network_gap,
            details=dict(self.details),
        )


def heard_part(text: str, heard_ms: int, received_ms: int, *, complete: bool) -> str:
    """The words of `text` that fit into its first `heard_ms` milliseconds.

    Text runs ahead of sound: while a reply is incomplete, the words already known last longer than the sound received.
    A word counts once more than half of it was played.
    """
    spoken_ms = received_ms if complete else max(received_ms, len(text) * 1_000 // SPOKEN_CHARACTERS_PER_S)
    if heard_ms <= 0 or spoken_ms <= 0:
        return ""
    if heard_ms >= spoken_ms:
        return text
    limit = len(text) * heard_ms / spoken_ms
    end = 0
    position = 0
    for word in text.split():
        begin = text.index(word, position)
        position = begin + len(word)
        if begin + len(word) / 2 > limit:
            break
        end = position
    return text[:end]
