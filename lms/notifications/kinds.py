"""What there is to tell. Pure."""

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from accounts.letters.layout import Tone

Kind = Literal[
    "welcome",
    "assigned",
    "due_soon",
    "overdue",
    "unlocked",
    "report_ready",
    "comment",
    "review_requested",
    "review_result",
    "certified",
    "expiring",
    "expired",
    "weekly_digest",
    "monthly_digest",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
EVERYTHING = "all"
"""The kind that preferences name when they mean every kind."""

TONES: dict[Kind, Tone] = {
    "welcome": "calm",
    "assigned": "calm",
    "due_soon": "soon",
    "overdue": "late",
    "unlocked": "calm",
    "report_ready": "calm",
    "comment": "calm",
    "review_requested": "soon",
    "review_result": "calm",
    "certified": "proud",
    "expiring": "soon",
    "expired": "late",
    "weekly_digest": "calm",
    "monthly_digest": "calm",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody is to be told something.

    `subject_id` is the row that it is about: a product (assigned, due_soon, overdue), a module, an attempt
    (report_ready, review_result), a call (review_requested), a comment (the first of those that came together), a
    certification, a subscription (digests), or the person (welcome, weekly_digest without a subscription). `occasion`
    tells two notices about one subject apart: a due date, a week, a review.
    """

    kind: Kind
    user_id: UUID
    subject_id: UUID
    occasion: str = ""

    @property
    def about(self) -> str:
        """By which letters about the same are known."""
        return f"{self.kind}:{self.subject_id}:{self.occasion}"
