"""How much may be typed. PURE."""

from dataclasses import dataclass

MESSAGE_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class TypedCallLimits:
    """Of one call, and of one person."""

    max_ms: int = 1_800_000
    idle_ms: int = 600_000
    messages: int = 60
    per_person_per_hour: int = 60
    minutes_per_person_per_day: int = 300
    tokens_per_person_per_day: int = 300_000
    resent_within_ms: int = 60_000
    """The same words again within this time are the same message, whose answer was lost on the way."""
    answer_ms: int = 35_000
    """How long a request has to get the customer's answer; after it another one may try."""
    hung_up_ms: int = 60_000
    """For so long after the customer has hung up, a message does not begin another call by accident."""
