"""What a cell may hold."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.reports.cells import csv_text, is_dangerous, plain, xlsx_text
from lms.reports.csv_file import CsvFile
from lms.reports.tables import TABLES, Column, Table, file_name

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
SIGNS = st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0@"])
ANY = st.one_of(TEXT, st.builds(str.__add__, SIGNS, TEXT))
TABLE = Table("people", (Column("a", "A"), Column("b", "B")), time="a")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "  \t@x", "＝1", "-", '=HYPERLINK("x")']
)
def test_what_looks_like_a_formula_is_kept_as_text(text: str):
    assert is_dangerous(text)
    assert csv_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Tess", "a=b", "1-2", "'=1", "o@callx.example", "→", " Tess"])
def test_everything_else_stays_as_it_is(text: str):
    assert csv_text(text) == text


@given(ANY)
def test_no_cell_of_a_csv_begins_like_a_formula(text: str):
    written = csv_text(text)
    assert not is_dangerous(written)
    assert written.removeprefix("'") == text or written == text


@given(st.lists(st.tuples(ANY, ANY), max_size=5))
def test_a_csv_is_read_back_row_by_row(rows: list[tuple[str, str]]):
    file = CsvFile(TABLE)
    file.add(rows)
    read = list(csv.reader(io.StringIO(file.content().decode("utf-8-sig"), newline="")))
    assert read == [["A", "B"], *([csv_text(value) for value in row] for row in rows)]


def test_a_csv_says_what_encoding_it_has():
    file = CsvFile(TABLE)
    file.add([("مها", "王")])
    assert file.content() == "\ufeffA,B\r\nمها,王\r\n".encode()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-5, "-5"),
        (datetime(2026, 11, 24, 9, 30, 0, 5, UTC), "2026-11-24T09:30:00Z"),
        (datetime(2026, 11, 24, 9, 30, tzinfo=timezone(timedelta(hours=2))), "2026-11-24T07:30:00Z"),
    ],
)
def test_what_is_no_text(value: bool | int | datetime | None, written: str):
    assert csv_text(value) == written


def test_what_the_database_gives_becomes_a_cell():
    assert plain(UUID(int=1)) == "00000000-0000-0000-0000-000000000001"
    assert plain({"b": "é", "a": [1]}) == '{"a": [1], "b": "é"}'
    assert plain(7) == 7
    assert plain(True) is True
    assert plain(datetime(2026, 1, 1)) == datetime(2026, 1, 1, tzinfo=UTC)  # noqa: DTZ001


@given(TEXT, st.integers(32_700, 32_800))
def test_no_text_is_longer_than_a_cell_of_a_spreadsheet(text: str, length: int):
    long = "👋" * (length // 2) + "x" * (length % 2) + text
    written = xlsx_text(long)
    assert len(written.encode("utf-16-le")) // 2 <= 32_767
    assert written == long or (written.endswith("…") and long.startswith(written[:-1]))


def test_files_are_named_after_table_and_day():
    assert file_name(TABLES["quiz_attempts"], "xlsx", "2026-11-24") == "callx-quiz-attempts-2026-11-24.xlsx"
