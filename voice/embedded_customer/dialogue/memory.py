"""What the customer remembers of the call. PURE."""

from collections import Counter
from dataclasses import dataclass, field

from voice.embedded_customer.dialogue.reply import Reply


@dataclass(slots=True)
class Memory:
    """The state of one dialogue; changed by the rules and the mood, read by all."""

    mood: int
    asked: Counter[str] = field(default_factory=Counter)
    """How often each fact was asked for, by key."""
    acknowledgements: int = 0
    apologies: int = 0
    praised: set[str] = field(default_factory=set)
    """The kinds of good conduct that have already moved the mood once."""
    offered: bool = False
    """The right solution was offered at least once."""
    refused: set[str] = field(default_factory=set)
    """The customer's lines to wrong solutions that were said already."""
    objections_met: int = 0
    objection_raised: bool = False
    settled: bool = False
    turns_since_settled: int = 0
    protested: bool = False
    """The customer has already objected to the trainee's early goodbye."""
    waiting: str = ""
    """`hold` or `check` while the trainee has asked for time."""
    silences: int = 0
    garbled: int = 0
    last_words: tuple[str, ...] = ()
    """What the trainee said last, normalised."""
    ending: Reply | None = None
