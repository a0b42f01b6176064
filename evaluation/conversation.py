"""A finished call as the evaluation sees it. PURE."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Speaker = Literal["ai", "user"]

PLATFORM_FAULTS = frozenset({"interrupted", "server_stopped", "upstream_lost", "upstream_refused", "server_error"})
"""End reasons that are ours, not the trainee's."""
FINDING_BACK_MS = 3_000
"""So long nobody is slow or silent after a line has come back."""
TRAINEE_LOST = "trainee_lost"
"""The trainee's connection broke and never came back."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance; `speaker` is `ai` for the customer and `user` for the trainee. Times are on the call's clock.

    `text` is what was said, for the customer as far as it was heard. It is empty where `not_transcribed` says why the
    trainee's words are missing.
    """

    turn_id: str
    number: int
    speaker: Speaker
    text: str
    start_ms: int
    end_ms: int
    cut_off: bool = False
    heard_text: str | None = None
    confidence: float | None = None
    network_gap: bool = False
    typed: bool = False
    not_transcribed: str | None = None

    @property
    def by_trainee(self) -> bool:
        """Whether the trainee said it."""
        return self.speaker == "user"

    @property
    def audible_text(self) -> str:
        """What the other side could hear."""
        return self.text if self.heard_text is None else self.heard_text


@dataclass(frozen=True, slots=True)
class MoodChange:
    """The customer's mood from `at_ms` on, 0 (furious) to 100 (delighted)."""

    at_ms: int
    mood: int


@dataclass(frozen=True, slots=True)
class IdentifyingFact:
    """A fact of the scenario that proves who is calling; `asked_by` are phrases that ask for it."""

    key: str
    asked_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A call from answer to hang-up, turns in the order in which they began."""

    turns: Sequence[Turn]
    duration_ms: int
    end_reason: str
    moods: Sequence[MoodChange] = ()
    outcome: str | None = None
    """Why the customer ended the call (`resolved`, `angry`, `gave_up`, …), when the customer did."""
    identifying_facts: Sequence[IdentifyingFact] = ()
    solution_phrases: Sequence[str] = ()
    """Phrases of the scenario with which the right solution is offered."""
    agreement_lines: Sequence[str] = ()
    """What the customer of this scenario says once the problem is solved."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Values that belong to the customer's account, by key: said before verification they are a disclosure."""
    gaps: Sequence[tuple[int, int]] = ()
    """From when to when the line of one of the two was away, in ms: what happens in them is nobody's doing."""
    call_script: str = ""
    """What the trainee was to go by, where the simulation names a document."""

    @property
    def trainee_turns(self) -> list[Turn]:
        """What the trainee said."""
        return [turn for turn in self.turns if turn.by_trainee]

    @property
    def anything_in_words(self) -> bool:
        """Whether there are any words of the trainee to judge."""
        return any(turn.text.strip() for turn in self.trainee_turns)

    @property
    def untranscribed_ms(self) -> int:
        """How long the trainee spoke without becoming text."""
        return sum(turn.end_ms - turn.start_ms for turn in self.trainee_turns if turn.not_transcribed)

    @property
    def exchanges(self) -> int:
        """How often a trainee's turn answered the customer."""
        pairs = zip(self.turns, self.turns[1:], strict=False)
        return sum(1 for before, after in pairs if not before.by_trainee and after.by_trainee)

    @property
    def stayed_silent(self) -> bool:
        """Whether the customer was heard, nothing broke, and the trainee never said a word."""
        heard = any(turn.audible_text.strip() for turn in self.turns if not turn.by_trainee)
        return heard and not self.trainee_turns and self.end_reason not in PLATFORM_FAULTS | {TRAINEE_LOST}

    @property
    def ended_by_platform(self) -> bool:
        """Whether the call ended through a fault of ours."""
        return self.end_reason in PLATFORM_FAULTS

    def outside_gaps_ms(self, from_ms: int, to_ms: int) -> int:
        """How much of this stretch is left without the gaps in it and the moment that finding back takes."""
        excused_ms, until_ms = 0, from_ms
        for begin_ms, end_ms in sorted(self.gaps):
            begins = max(begin_ms, until_ms)
            ends = min(end_ms + FINDING_BACK_MS, to_ms)
            if begin_ms <= to_ms and ends > begins:
                excused_ms += ends - begins
                until_ms = ends
        return max(0, to_ms - from_ms - excused_ms)

    def turn(self, turn_id: str) -> Turn | None:
        """The turn of this id, if there is one."""
        return next((turn for turn in self.turns if turn.turn_id == turn_id), None)
