"""A question of a quiz with all that is right about it, as it stands in files and is compared. Pure."""

from dataclasses import dataclass
from decimal import Decimal

CHOICES = ("multiple_choice", "true_false", "multi_select")
TYPES = (*CHOICES, "short_text", "numeric", "ordering")
MATCHES = ("case", "accents", "spaces")
"""What can count in short texts."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: an option, an accepted text, or an item of an order. Only options can be wrong."""

    text: str
    is_right: bool = True
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """`answers` are the options as shown, the accepted texts, or the items in their right order."""

    text: str
    type: str
    answers: tuple[Answer, ...] = ()
    points: int = 1
    partial_credit: bool = False
    match: frozenset[str] = frozenset()
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    explanation: str | None = None


def name_of(text: str) -> str:
    """What makes two questions, or two answers, the same: the text, whatever its spaces."""
    return " ".join(text.split())
