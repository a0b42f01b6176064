"""What a file of questions would change in a quiz, row by row. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal
from uuid import UUID

from lms.courses.quizzes.csv_file import QuestionRow
from lms.courses.quizzes.questions import Question, name_of

Outcome = Literal["create", "update", "unchanged", "error"]
_OF_TYPE = {
    "match": ("short_text",),
    "value": ("numeric",),
    "tolerance": ("numeric",),
    "partial_credit": ("multi_select", "ordering"),
}


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question that the quiz has, and its answers' ids by their texts."""

    id: UUID
    question: Question
    answer_ids: Mapping[str, UUID]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What happens to one row, and what changes."""

    row: QuestionRow
    outcome: Outcome
    known: KnownQuestion | None = None
    changes: tuple[str, ...] = ()


def plan(rows: tuple[QuestionRow, ...], known: tuple[KnownQuestion, ...]) -> tuple[PlannedRow, ...]:
    """Decides about every row. A question is the one with the same text that is there; of several the first."""
    by_name: dict[str, KnownQuestion] = {}
    for each in known:
        by_name.setdefault(name_of(each.question.text), each)
    return tuple(_planned(row, by_name.get(name_of(row.text))) for row in rows)


def _planned(row: QuestionRow, known: KnownQuestion | None) -> PlannedRow:
    if row.question is None:
        return PlannedRow(row, "error", known)
    if known is None:
        return PlannedRow(row, "create")
    changes = tuple(
        field.name
        for field in fields(Question)
        if _counts(field.name, row.question.type)
        and getattr(row.question, field.name) != getattr(known.question, field.name)
    )
    return PlannedRow(row, "update" if changes else "unchanged", known, changes)


def _counts(name: str, kind: str) -> bool:
    return kind in _OF_TYPE.get(name, (kind,))
