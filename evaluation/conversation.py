"""A finished call as the evaluation sees it. PURE."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Speaker = Literal["ai", "user"]

PLATFORM_FAULTS = frozenset({"interrupted", "server_stopped", "upstream_lost", "upstream_refused", "server_error"})
"""End reasons that are ours, not the trainee's."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance; `speaker` is `ai` for the customer and `user` for the trainee. Times are on the call's clock.

    `text` is what was said, for the customer as far as it was heard.
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

    @property
    def trainee_turns(self) -> list[Turn]:
        """What the trainee said."""
        return [turn for turn in self.turns if turn.by_trainee]

    @property
    def exchanges(self) -> int:
        """How often a trainee's turn answered the customer."""
        pairs = zip(self.turns, self.turns[1:], strict=False)
        return sum(1 for before, after in pairs if not before.by_trainee and after.by_trainee)

    @property
    def ended_by_platform(self) -> bool:
        """Whether the call ended through a fault of ours."""
        return self.end_reason in PLATFORM_FAULTS

    def turn(self, turn_id: str) -> Turn | None:
        """The turn of this id, if there is one."""
        return next((turn for turn in self.turns if turn.turn_id == turn_id), None)
