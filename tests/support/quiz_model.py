"""How quizzes are graded, once more: slow, obvious, with fractions, and by other ways than the database's."""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from core.db import Tx

CHOICE_TYPES = ("multiple_choice", "true_false")
_TYPED_BY_PHONES = str.maketrans(dict.fromkeys("‘’‛´`", "'") | dict.fromkeys("“”„", '"') | dict.fromkeys("‐‑‒–—−", "-"))
_WITHOUT_MARKS = {"ß": "ss", "æ": "ae", "œ": "oe", "Æ": "AE", "Œ": "OE"} | dict(zip("øØłŁđĐı", "oOlLdDi", strict=True))


@dataclass
class Option:
    """One answer that is shown: whether it is right, and its order_index, the right place among items to be ordered."""

    is_correct: bool
    order_index: int
    id: UUID = field(default_factory=uuid4)


@dataclass
class Question:
    """One question and all that decides about its answers."""

    kind: str
    points: int = 1
    partial_credit: bool = False
    options: list[Option] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    match: tuple[bool, bool, bool] = (False, False, False)
    """Whether case, accents and spaces count."""
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    id: UUID = field(default_factory=uuid4)

    def share(self, given: dict[str, Any]) -> Fraction:
        """Which part of the points an answer earns."""
        if self.kind in CHOICE_TYPES:
            chosen = str(given.get("selected_answer_id")).lower()
            return Fraction(any(option.is_correct and str(option.id) == chosen for option in self.options))
        if self.kind == "multi_select":
            return self._share_of_choices(self.known(given.get("selected_answer_ids")))
        if self.kind == "ordering":
            return self._share_of_places(self.known(given.get("ordered_answer_ids")))
        text = written(given)
        if text is None:
            return Fraction(0)
        if self.kind == "numeric":
            near = [abs(reading - self.value) <= self.tolerance for reading in readings(text) if self.value is not None]
            return Fraction(any(near))
        return Fraction(fold(text, *self.match) != "" and fold(text, *self.match) in self._folded())

    def known(self, ids: Any) -> list[Option]:
        """The options that are meant, each once."""
        found: list[Option] = []
        for wanted in ids if isinstance(ids, list) else []:
            found += [option for option in self.options if str(option.id) == _as_text(wanted) and option not in found]
        return found

    def _folded(self) -> list[str]:
        return [fold(accepted, *self.match) for accepted in self.accepted]

    def _share_of_choices(self, chosen: list[Option]) -> Fraction:
        right = [option for option in self.options if option.is_correct]
        if not right:
            return Fraction(0)
        hits = sum(option.is_correct for option in chosen)
        if self.partial_credit:
            return max(Fraction(2 * hits - len(chosen), len(right)), Fraction(0))
        return Fraction(hits == len(right) == len(chosen))

    def _share_of_places(self, given: list[Option]) -> Fraction:
        if not self.options:
            return Fraction(0)
        places = sorted(option.order_index for option in self.options)
        in_place = sum(option.order_index == place for option, place in zip(given, places, strict=False))
        if self.partial_credit:
            return Fraction(in_place, len(places))
        return Fraction(in_place == len(places))


def score(questions: list[Question], answers: Any) -> int:
    """The score of an attempt, 0 to 100."""
    earned = sum((question.points * share for question, share in _shares(questions, answers)), Fraction(0))
    total = sum(question.points for question in questions)
    return int(earned * 100 / total) if total else 0


def marks(questions: list[Question], answers: Any) -> dict[str, bool]:
    """Of each question that was answered whether it is right."""
    return {
        str(question.id): share == 1
        for question, share in _shares(questions, answers)
        if first_answer(question, answers) is not None
    }


def first_answer(question: Question, answers: Any) -> dict[str, Any] | None:
    """The answer that counts."""
    for item in answers if isinstance(answers, list) else []:
        if isinstance(item, dict) and _as_text(item.get("question_id")) == str(question.id):
            return item
    return None


def _shares(questions: list[Question], answers: Any) -> list[tuple[Question, Fraction]]:
    return [(question, question.share(first_answer(question, answers) or {})) for question in questions]


def _as_text(value: Any) -> str:
    return str(value).lower()


def written(given: dict[str, Any]) -> str | None:
    """What was written into a field."""
    text = given.get("text")
    return str(text)[:500] if isinstance(text, str | int | float) and not isinstance(text, bool) else None


def fold(text: str, case: bool, accents: bool, spaces: bool) -> str:
    """What a text is compared as; arguments: what counts."""
    text = unicodedata.normalize("NFKC", text.translate(_TYPED_BY_PHONES))
    if not accents:
        plain = [c for c in unicodedata.normalize("NFKD", text) if not 0x300 <= ord(c) <= 0x36F]
        text = unicodedata.normalize("NFKC", "".join(plain))
        text = "".join(_WITHOUT_MARKS.get(letter, letter) for letter in text)
    if not case:
        text = text.lower()
    if not spaces:
        text = " ".join(text.split())
    return text


def readings(text: str) -> set[Decimal]:
    """All numbers that a text can mean."""
    text = fold(text[:100], True, True, False)
    sign = -1 if text.startswith("-") else 1
    digits = (text[1:] if text[:1] in ("+", "-") else text).lstrip(" ").replace("'", " ")
    if len(digits) > 40:
        return set()
    found = [_ungrouped(digits, decimal) for decimal in ".,"]
    found += [_grouped(digits, group, decimal) for group, decimal in ((" ", "."), (" ", ","), (",", "."), (".", ","))]
    return {sign * reading for reading in found if reading is not None}


def _ungrouped(digits: str, decimal: str) -> Decimal | None:
    whole, _, decimals = digits.partition(decimal)
    if (whole or decimals) and all(part == "" or _is_digits(part) for part in (whole, decimals)):
        return Decimal(f"{whole or 0}.{decimals or 0}")
    return None


def _grouped(digits: str, group: str, decimal: str) -> Decimal | None:
    whole, point, decimals = digits.partition(decimal)
    first, *more = whole.split(group)
    if not more or not _is_digits(first) or first[0] == "0" or len(first) > 3 or (point and not _is_digits(decimals)):
        return None
    if not all(_is_digits(part) and len(part) == 3 for part in more):
        return None
    return Decimal(f"{first}{''.join(more)}.{decimals or 0}")


def _is_digits(text: str) -> bool:
    return re.fullmatch("[0-9]+", text) is not None


async def store(tx: Tx, quiz_id: UUID, questions: list[Question]) -> None:
    """Puts the questions into a quiz in place of those that it has; `tx` acts as the service."""
    await tx.execute("delete from public.quiz_questions where quiz_id = $1", quiz_id)
    for place, question in enumerate(questions):
        await tx.execute(
            """insert into public.quiz_questions (id, quiz_id, question_text, question_type, order_index, points,
                 partial_credit, match_case, match_accents, match_spaces, accepted_texts, numeric_value,
                 numeric_tolerance, explanation)
               values ($1, $2, $3, $4::text::public.question_type, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)""",
            question.id,
            quiz_id,
            f"Question {place}?",
            question.kind,
            place,
            question.points,
            question.partial_credit,
            *question.match,
            question.accepted,
            question.value,
            question.tolerance,
            f"Why {place}",
        )
        await tx.executemany(
            """insert into public.quiz_answers (id, question_id, answer_text, is_correct, order_index, explanation)
               values ($1, $2, $3, $4, $5, $6)""",
            [
                (option.id, question.id, f"Option {number}", option.is_correct, option.order_index, f"Why {number}")
                for number, option in enumerate(question.options)
            ],
        )
