"""Reads and writes a CSV file of questions, one a row. Pure.

Columns stand in any order; `question` and `type` must be there. `answer_1` to `answer_20` are the options of a choice,
the accepted texts, or the items in their right order. `correct` names the right options by their numbers (`1` or
`1;3`), or is the value of a numeric question. What is empty is left at what it is by itself.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.csv_records import read_records
from core.errors import BadRequest
from lms.courses.quizzes.cells import Problem, Row, as_cell, text_of
from lms.courses.quizzes.questions import CHOICES, Answer, Question, name_of

MAXIMUM_ROWS = 1_000
MAXIMUM_ANSWERS = 20
_PLAIN = ("question", "type", "points", "partial_credit", "correct", "tolerance", "match", "explanation")
_NUMBERED = ("answer", "explanation")


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One row: the question, or what is wrong; `number` counts as spreadsheets do, the header being 1."""

    number: int
    text: str
    question: Question | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """What stands in a file, and the headings that mean nothing here."""

    rows: tuple[QuestionRow, ...]
    ignored_columns: tuple[str, ...] = ()


def read_questions(text: str) -> QuestionFile:
    """The rows of a file, with what is wrong in each.

    Raises BadRequest (`bad_csv`, `missing_column`, `doubled_column`, `too_many_rows`) for what makes the whole file
    useless.
    """
    records = read_records(text.removeprefix("\ufeff"))
    header_number, header = next(records, (1, []))
    columns, ignored = _columns(header)
    rows: list[QuestionRow] = []
    first: dict[str, int] = {}
    for number, cells in records:
        if len(rows) == MAXIMUM_ROWS:
            raise BadRequest(f"A file has at most {MAXIMUM_ROWS} questions. Split it.", code="too_many_rows")
        row = _row(number - header_number + 1, cells, columns, len(header))
        earlier = first.setdefault(name_of(row.text), row.number)
        if row.text and earlier != row.number:
            doubled = Problem("question", f"The question stands in row {earlier} already.")
            row = QuestionRow(row.number, row.text, None, (*row.problems, doubled))
        rows.append(row)
    return QuestionFile(tuple(rows), ignored)


def write_questions(questions: Iterable[Question]) -> str:
    """A file that reads back as these questions; no text in it is a formula to a spreadsheet."""
    listed = list(questions)
    width = max((len(question.answers) for question in listed), default=0)
    header = [*_PLAIN, *(f"{name}_{number}" for number in range(1, width + 1) for name in _NUMBERED)]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows(_cells(question) for question in listed)
    return out.getvalue()


def _cells(question: Question) -> dict[str, str]:
    right = [str(number) for number, answer in enumerate(question.answers, 1) if answer.is_right]
    value = "" if question.value is None else f"{question.value:f}"
    cells = {
        "question": as_cell(question.text),
        "type": question.type,
        "points": str(question.points),
        "partial_credit": "yes" if question.partial_credit else "",
        "correct": ";".join(right) if question.type in CHOICES else value,
        "tolerance": f"{question.tolerance:f}" if question.tolerance else "",
        "match": " ".join(sorted(question.match)),
        "explanation": as_cell(question.explanation or ""),
    }
    for number, answer in enumerate(question.answers, 1):
        cells[f"answer_{number}"] = as_cell(answer.text)
        cells[f"explanation_{number}"] = as_cell(answer.explanation or "")
    return cells


def _columns(header: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    columns: dict[str, int] = {}
    ignored = []
    for index, heading in enumerate(header):
        name = re.sub(r"[ -]+", "_", heading.strip().lower())
        if name not in _PLAIN and not _is_numbered(name):
            if heading.strip():
                ignored.append(heading.strip())
            continue
        if name in columns:
            raise BadRequest(f"Two columns mean {name}.", code="doubled_column")
        columns[name] = index
    if not {"question", "type"} <= columns.keys():
        raise BadRequest(
            "The first row must name the columns, and among them `question` and `type`.", code="missing_column"
        )
    return columns, tuple(ignored)


def _is_numbered(name: str) -> bool:
    kind, _, number = name.rpartition("_")
    return (
        kind in _NUMBERED and number.isdecimal() and str(int(number)) == number and 1 <= int(number) <= MAXIMUM_ANSWERS
    )


def _row(number: int, cells: Sequence[str], columns: Mapping[str, int], width: int) -> QuestionRow:
    row = Row({name: text_of(cells[index]) for name, index in columns.items() if index < len(cells)})
    question = row.question(_answers(row))
    if any(cell.strip() for cell in cells[width:]):
        row.complain("", "The row has more cells than the header; a text with a comma needs quotes.")
    return QuestionRow(number, row.cell("question"), None if row.problems else question, tuple(row.problems))


def _answers(row: Row) -> tuple[Answer, ...]:
    texts = [row.cell(f"answer_{number}") for number in range(1, MAXIMUM_ANSWERS + 1)]
    while texts and not texts[-1]:
        texts.pop()
    for number, text in enumerate(texts, 1):
        if not text:
            row.complain(f"answer_{number}", "There is none here, but one after it.")
    return tuple(
        Answer(text, explanation=row.cell(f"explanation_{number}") or None) for number, text in enumerate(texts, 1)
    )
