"""What the cells of one row mean, and what is wrong with them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from lms.courses.quizzes.questions import CHOICES, MATCHES, TYPES, Answer, Question, name_of

LONGEST_TEXT = 5_000
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:[.,][0-9]{1,30})?")
_YES, _NO = ("yes", "true", "1", "x"), ("", "no", "false", "0")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell: the column's name and a sentence."""

    column: str
    reason: str


def as_cell(text: str) -> str:
    """A text for a file: with an apostrophe before what would be a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_STARTS_A_FORMULA) else text


def text_of(cell: str) -> str:
    """The text that a cell stands for."""
    cell = _UNPRINTABLE.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if cell.startswith("'") and cell.lstrip("'").startswith(_STARTS_A_FORMULA):
        return cell[1:]
    return cell


class Row:
    """The cells of a row by the names of their columns; `problems` grows while they are read."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.problems: list[Problem] = []

    def cell(self, name: str) -> str:
        """What stands in a column; nothing where there is no such column."""
        return self._cells.get(name, "")

    def complain(self, column: str, reason: str) -> None:
        """Notes what is wrong."""
        self.problems.append(Problem(column, reason))

    def question(self, answers: tuple[Answer, ...]) -> Question:
        """The question; it means something only when there are no problems."""
        for name, text in self._cells.items():
            if len(text) > LONGEST_TEXT:
                self.complain(name, f"A text has at most {LONGEST_TEXT} characters.")
        kind = self._type()
        if not self.cell("question"):
            self.complain("question", "The question is missing.")
        question = Question(
            self.cell("question"),
            kind,
            answers,
            points=self._points(),
            partial_credit=self._yes("partial_credit"),
            match=self._match(),
            tolerance=self._number("tolerance") or Decimal(0),
            explanation=self.cell("explanation") or None,
        )
        if kind in CHOICES:
            return self._with_right_ones(question)
        if kind == "numeric":
            return self._with_value(question)
        if kind in TYPES and self.cell("correct"):
            self.complain("correct", f"All answers of {kind} are right: leave this empty.")
        self._check_answers(question, at_least=2 if kind == "ordering" else 1)
        return question

    def _type(self) -> str:
        kind = re.sub(r"[ -]+", "_", self.cell("type").lower())
        if kind not in TYPES:
            self.complain("type", f"There is no type `{kind[:40]}`; there are {', '.join(TYPES)}.")
        return kind

    def _points(self) -> int:
        text = self.cell("points") or "1"
        if not (text.isascii() and text.isdecimal() and len(text) <= 3 and 1 <= int(text) <= 100):
            self.complain("points", "Points are a whole number from 1 to 100.")
            return 1
        return int(text)

    def _yes(self, column: str) -> bool:
        text = self.cell(column).lower()
        if text not in (*_YES, *_NO):
            self.complain(column, "Write yes or no.")
        return text in _YES

    def _match(self) -> frozenset[str]:
        words = frozenset(re.split(r"[\s,;|]+", self.cell("match").lower())) - {""}
        for word in sorted(words - set(MATCHES)):
            self.complain("match", f"`{word[:40]}` cannot count; {', '.join(MATCHES)} can.")
        return words

    def _number(self, column: str) -> Decimal | None:
        text = self.cell(column).replace(" ", "")
        if text and not _NUMBER.fullmatch(text):
            self.complain(column, "This is no number, such as 12 or 12.5.")
            return None
        number = Decimal(text.replace(",", ".")) if text else None
        if number is not None and number < 0 and column == "tolerance":
            self.complain(column, "A tolerance is not negative.")
        return number

    def _with_value(self, question: Question) -> Question:
        if not self.cell("correct"):
            self.complain("correct", "The right number is missing.")
        if question.answers:
            self.complain("answer_1", "A numeric question has no answers: write the number into `correct`.")
        return replace(question, value=self._number("correct"))

    def _with_right_ones(self, question: Question) -> Question:
        right = [word for word in re.split(r"[\s,;|]+", self.cell("correct").lower()) if word]
        if question.type == "true_false":
            if not question.answers:
                question = replace(question, answers=(Answer("True"), Answer("False")))
            names = [name_of(answer.text).lower() for answer in question.answers]
            right = [str(names.index(word) + 1) if word in names else word for word in right]
        self._check_answers(question, at_least=2)
        known = {str(number) for number in range(1, len(question.answers) + 1)}
        for word in right:
            if word not in known:
                self.complain("correct", f"There is no answer number `{word[:40]}`.")
        if not right or (len(right) > 1 and question.type == "true_false"):
            self.complain("correct", "Name the right answer by its number, for example 1.")
        numbered = enumerate(question.answers, 1)
        return replace(
            question, answers=tuple(replace(answer, is_right=str(number) in right) for number, answer in numbered)
        )

    def _check_answers(self, question: Question, *, at_least: int) -> None:
        names = [name_of(answer.text) for answer in question.answers]
        if len(names) < at_least:
            self.complain(f"answer_{len(names) + 1}", f"{question.type} needs {at_least} answers or more.")
        for number, name in enumerate(names, 1):
            if name and names.index(name) < number - 1:
                self.complain(f"answer_{number}", "The same answer stands before.")
