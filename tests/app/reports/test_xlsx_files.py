"""XLSX files, read back by another library."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from lms.reports.cells import Value, is_dangerous, xlsx_text
from lms.reports.exporting import Desk
from lms.reports.tables import Column, Table
from lms.reports.xlsx_file import XlsxFile

TABLE = Table(
    "quiz_attempts", (Column("a", "Name"), Column("b", "Score", "percent"), Column("c", "At", "time")), time="c"
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
SIGNS = st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "＝", " =", "{=", "http://", "_x0041_", "0"])


def written(*rows: tuple[Value, ...]) -> bytes:
    file = XlsxFile(TABLE)
    try:
        file.add(rows)
        return file.content()
    finally:
        file.close()


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).active


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(TEXT, st.builds(str.__add__, SIGNS, TEXT)), min_size=1, max_size=8))
def test_every_text_comes_back_as_a_text(texts: list[str]):
    content = written(*((text, None, None) for text in texts))
    sheet = sheet_of(content)
    for row, text in enumerate(texts, 2):
        cell = sheet.cell(row, 1)
        assert cell.data_type != "f"
        assert unescape(cell.value or "") == text
        assert cell.quotePrefix == (is_dangerous(text) and bool(text))
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_numbers_and_times_are_no_texts():
    sheet = sheet_of(written(("Tess", -7, datetime(2026, 11, 24, 9, 30, 15, 999, UTC))))
    assert [cell.value for cell in sheet[1]] == ["Name", "Score", "At"]
    assert [cell.value for cell in sheet[2]] == ["Tess", -7, datetime(2026, 11, 24, 9, 30, 15)]  # noqa: DTZ001
    assert sheet.cell(2, 3).is_date


def test_what_no_spreadsheet_can_hold_is_still_told():
    sheet = sheet_of(written(("x" * 40_000, None, datetime(1800, 1, 1, tzinfo=UTC)), ("", True, None)))
    assert sheet.cell(2, 1).value == xlsx_text("x" * 40_000)
    assert sheet.cell(2, 3).value == "1800-01-01T00:00:00Z"
    assert sheet.cell(3, 2).value == "yes"


def test_a_sheet_is_made_to_be_read():
    sheet = sheet_of(written(("Tess", 1, None)))
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Quiz attempts", "A2", "A1:C2")
    assert sheet.cell(1, 1).font.bold
    assert sheet_of(written()).auto_filter.ref is not None


def test_nothing_stays_on_the_disk():
    written(("Tess", 1, None))
    XlsxFile(TABLE).close()
    assert list(Path(gettempdir()).glob("callx-export-*")) == []


def test_a_thread_that_comes_after_the_end_opens_nothing():
    desk = Desk(TABLE, "xlsx")
    desk.close()
    with pytest.raises(RuntimeError, match="given up"):
        desk.add([{"a": "Tess", "b": 1, "c": None}])
    assert list(Path(gettempdir()).glob("callx-export-*")) == []
