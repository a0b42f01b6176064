"""Files of questions: what is written reads back, what is wrong is said, and what would change is told."""

import csv
import io
from contextlib import suppress
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadRequest
from lms.courses.quizzes.csv_file import QuestionRow, read_questions, write_questions
from lms.courses.quizzes.plan import KnownQuestion, plan
from lms.courses.quizzes.questions import CHOICES, MATCHES, TYPES, Answer, Question, name_of

TEXTS = st.text("aé=+-@'\",;| \n0", min_size=1, max_size=8).map(str.strip).filter(bool) | st.sampled_from(
    ["'=1+1", "=1+1", "''+x", "-12", "Refund; or credit?", 'Say "no"', "Два", "1.\n2."]
)
OPTIONAL = st.none() | TEXTS
NUMBERS = st.decimals(-1000, 1000, places=2)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question that a file can hold."""
    kind = draw(st.sampled_from(TYPES))
    texts = draw(st.lists(TEXTS, min_size=2, max_size=5, unique_by=name_of)) if kind != "numeric" else []
    right = (
        {0} if kind == "true_false" else draw(st.sets(st.integers(0, len(texts) - 1), min_size=1)) if texts else set()
    )
    return Question(
        draw(TEXTS),
        kind,
        tuple(Answer(text, kind not in CHOICES or place in right, draw(OPTIONAL)) for place, text in enumerate(texts)),
        points=draw(st.integers(1, 100)),
        partial_credit=draw(st.booleans()),
        match=draw(st.frozensets(st.sampled_from(MATCHES))),
        value=draw(NUMBERS) if kind == "numeric" else None,
        tolerance=abs(draw(NUMBERS)),
        explanation=draw(OPTIONAL),
    )


@given(st.lists(questions(), max_size=4, unique_by=lambda question: name_of(question.text)))
def test_what_is_written_reads_back(wanted: list[Question]):
    rows = read_questions(write_questions(wanted)).rows
    assert [row.problems for row in rows] == [()] * len(wanted)
    assert [row.question for row in rows] == wanted


@given(st.lists(questions(), max_size=3, unique_by=lambda question: name_of(question.text)))
def test_importing_again_changes_nothing(wanted: list[Question]):
    rows = read_questions(write_questions(wanted)).rows
    known = tuple(KnownQuestion(uuid4(), question, {}) for question in wanted)
    assert [row.outcome for row in plan(rows, known)] == ["unchanged"] * len(wanted)


@given(st.lists(questions(), min_size=1, max_size=3))
def test_no_cell_is_a_formula(wanted: list[Question]):
    for cells in csv.reader(io.StringIO(write_questions(wanted), newline="")):
        assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_reason(text: str):
    with suppress(BadRequest):
        read_questions(text)


@given(st.lists(st.text("abc;|1 -\n\"'=", max_size=6), min_size=8, max_size=8))
def test_any_row_is_a_question_or_has_a_problem(cells: list[str]):
    header = "question;type;points;correct;tolerance;match;answer_1;answer_2\n"
    row = ";".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    for read in read_questions(header + row).rows:
        assert (read.question is None) == bool(read.problems)


def one(row: str, columns: str = "question,type,correct,answer_1,answer_2,answer_3") -> QuestionRow:
    """The only row of a file."""
    [read] = read_questions(f"{columns}\n{row}\n").rows
    return read


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",multiple_choice,1,A,B,", "question", "The question is missing."),
        ("Q,essay,1,A,B,", "type", "There is no type `essay`"),
        ("Q,multiple_choice,,A,B,", "correct", "Name the right answer"),
        ("Q,multiple_choice,4,A,B,C", "correct", "no answer number `4`"),
        ("Q,multiple_choice,1,A,,", "answer_2", "needs 2 answers"),
        ("Q,multiple_choice,1,A,,C", "answer_2", "one after it"),
        ("Q,multi_select,1,A,B, B ", "answer_3", "The same answer"),
        ("Q,true_false,maybe,,,", "correct", "no answer number `maybe`"),
        ("Q,true_false,1;2,,,", "correct", "Name the right answer"),
        ("Q,numeric,,,,", "correct", "The right number is missing."),
        ("Q,numeric,twelve,,,", "correct", "This is no number"),
        ("Q,numeric,1,A,,", "answer_1", "has no answers"),
        ("Q,short_text,1,A,,", "correct", "leave this empty"),
        ("Q,short_text,,,,", "answer_1", "needs 1 answers"),
        ("Q,ordering,,A,,", "answer_2", "needs 2 answers"),
        ("Q,multiple_choice,1,A,B,C,D", "", "more cells than the header"),
        (f"{'Q' * 5_001},multiple_choice,1,A,B,", "question", "at most 5000"),
    ],
)
def test_what_is_wrong_is_said_by_its_cell(row: str, column: str, reason: str):
    read = one(row)
    assert read.question is None
    assert [problem.column for problem in read.problems] == [column]
    assert reason in read.problems[0].reason


@pytest.mark.parametrize(
    ("columns", "row", "column"),
    [
        ("question,type,points,correct", "Q,true_false,0,true", "points"),
        ("question,type,points,correct", "Q,true_false,1.5,true", "points"),
        ("question,type,partial_credit,correct", "Q,true_false,maybe,true", "partial_credit"),
        ("question,type,match,answer_1", "Q,short_text,case colour,A", "match"),
        ("question,type,tolerance,correct", "Q,numeric,-1,1", "tolerance"),
    ],
)
def test_settings_that_mean_nothing_are_said(columns: str, row: str, column: str):
    assert [problem.column for problem in one(row, columns).problems] == [column]


def test_spreadsheets_of_other_countries_are_read():
    file = read_questions(
        "\ufeffQuestion;Type;Correct;Tolerance;Note\nHow much?;Numeric;12,5;0,5;x\n\nYes?;True-False;FALSE;;\n"
    )
    assert file.ignored_columns == ("Note",)
    how_much, yes = (row.question for row in file.rows)
    assert how_much is not None
    assert (how_much.value, how_much.tolerance) == (Decimal("12.5"), Decimal("0.5"))
    assert yes is not None
    assert [(answer.text, answer.is_right) for answer in yes.answers] == [("True", False), ("False", True)]
    assert [row.number for row in file.rows] == [2, 4]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing_column"),
        ("question,points\n", "missing_column"),
        ("question,type,Question\n", "doubled_column"),
        ('question,type\n"x', "bad_csv"),
        ("question,type\n" + "Q,x\n" * 1_001, "too_many_rows"),
    ],
)
def test_a_useless_file_is_refused(text: str, code: str):
    with pytest.raises(BadRequest) as caught:
        read_questions(text)
    assert caught.value.code == code


def test_a_question_stands_once_in_a_file():
    first, second = read_questions("question,type,correct\nIs  it?,true_false,1\nIs it?,true_false,2\n").rows
    assert first.question is not None
    assert second.problems[0].reason == "The question stands in row 2 already."


def test_changes_are_named_and_what_does_not_count_is_none():
    known = KnownQuestion(uuid4(), Question("Q", "numeric", value=Decimal(1), match=frozenset({"case"})), {})
    for value, outcome, changes in ((1, "unchanged", ()), (2, "update", ("value",))):
        rows = read_questions(f"question,type,correct,match\nQ,numeric,{value},spaces\n").rows
        [planned] = plan(rows, (known,))
        assert (planned.outcome, planned.changes) == (outcome, changes)
