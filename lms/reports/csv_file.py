"""A table as CSV: UTF-8 with a mark by which spreadsheets know it, CRLF, a line of titles first. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence

from lms.reports.cells import Value, csv_text, is_dangerous
from lms.reports.tables import Table


class CsvFile:
    """Takes rows and becomes bytes."""

    def __init__(self, table: Table) -> None:
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text)
        assert not any(is_dangerous(column.title) for column in table.columns)
        self._writer.writerow([column.title for column in table.columns])

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        """Adds rows, each with a value for every column."""
        self._writer.writerows([csv_text(value) for value in row] for row in rows)

    def content(self) -> bytes:
        """The whole file."""
        return self._text.getvalue().encode("utf-8-sig")

    def close(self) -> None:
        """Lets go of what was kept."""
        self._text.close()
