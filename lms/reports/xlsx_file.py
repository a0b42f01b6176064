"""A table as XLSX: texts are texts, numbers are numbers, times are times. The one importer of xlsxwriter.

Rows go to a temporary file as they come: until it is packed a large table takes no more memory than a small one.
Waits for the disk: not for the event loop.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from lms.reports.cells import Value, csv_text, is_dangerous, iso_utc, xlsx_text
from lms.reports.tables import Kind, Table

FIRST_YEAR = 1900
"""Spreadsheets know no earlier one."""
_WIDTHS: dict[Kind, float] = {
    "text": 26,
    "long_text": 60,
    "id": 38,
    "number": 12,
    "percent": 12,
    "yes_no": 9,
    "time": 19,
}


class XlsxFile:
    """Takes rows and becomes bytes."""

    def __init__(self, table: Table) -> None:
        self._folder = TemporaryDirectory(prefix="callx-export-")
        self._packed = io.BytesIO()
        self._columns = len(table.columns)
        self._rows = 0
        self._is_packed = False
        options = {"constant_memory": True, "tmpdir": self._folder.name}
        self._book = xlsxwriter.Workbook(self._packed, options)
        self._book.set_properties({"author": "CallX"})
        self._sheet = self._book.add_worksheet(table.name.replace("_", " ").capitalize())
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._kept_text = self._book.add_format({"quote_prefix": True})
        head = self._book.add_format({"bold": True, "bottom": 1})
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(table.columns):
            self._sheet.set_column(place, place, _WIDTHS[column.kind])
            self._sheet.write_string(0, place, column.title, head)

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        """Adds rows, each with a value for every column."""
        for row in rows:
            self._rows += 1
            for place, value in enumerate(row):
                self._write(place, value)

    def content(self) -> bytes:
        """The whole file; nothing can be added any more."""
        self._sheet.autofilter(0, 0, self._rows, self._columns - 1)
        self._pack()
        return self._packed.getvalue()

    def close(self) -> None:
        """Removes what was kept on the disk, also of a file that nobody wants any more."""
        self._pack()
        self._folder.cleanup()

    def _pack(self) -> None:
        if not self._is_packed:
            self._book.close()  # the one way of the library to close the files that it has open
            self._is_packed = True

    def _write(self, place: int, value: Value) -> None:
        if value is None:
            return
        if isinstance(value, bool):
            self._text(place, csv_text(value))
        elif isinstance(value, datetime):
            self._write_time(place, value)
        elif isinstance(value, int | float):
            self._sheet.write_number(self._rows, place, value)
        else:
            self._text(place, value)

    def _write_time(self, place: int, at: datetime) -> None:
        in_utc = at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        if in_utc.year < FIRST_YEAR:
            self._text(place, iso_utc(at))
        else:
            self._sheet.write_datetime(self._rows, place, in_utc, self._time)

    def _text(self, place: int, text: str) -> None:
        kept: Any = self._kept_text if is_dangerous(text) else None  # stays a text when somebody edits the cell
        self._sheet.write_string(self._rows, place, xlsx_text(text), kept)
