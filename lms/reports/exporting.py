"""From the database into a file, a batch of rows at a time, so that no export keeps a server's memory or event loop."""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any, Literal, Protocol

from aiohttp import web

from core.db import Tx
from core.errors import TooLarge
from lms.reports import queries
from lms.reports.cells import Value, plain
from lms.reports.csv_file import CsvFile
from lms.reports.json_file import JsonFile
from lms.reports.tables import MOST_ROWS, Table
from lms.reports.xlsx_file import XlsxFile

FileFormat = Literal["csv", "xlsx", "json"]
_FILES: Mapping[FileFormat, Callable[[Table], "TableFile"]] = {"csv": CsvFile, "xlsx": XlsxFile, "json": JsonFile}


class TableFile(Protocol):
    """A file that is being written."""

    def add(self, rows: Sequence[Sequence[Value]]) -> None:
        """Adds rows."""

    def content(self) -> bytes:
        """The whole file."""

    def close(self) -> None:
        """Lets go of what was kept."""


class Exporter:
    """Makes files of tables, at most so many at once: calls on the same server must not notice."""

    def __init__(self, *, most_rows: int = MOST_ROWS, at_once: int = 1) -> None:
        self.turn = asyncio.Semaphore(at_once)
        self._most_rows = most_rows

    async def export(
        self, tx: Tx, table: Table, file_format: FileFormat, filters: queries.Filters
    ) -> tuple[bytes, int]:
        """The file and how many rows are in it, with the rights of `tx`. To be called in one's `turn`.

        Raises TooLarge `too_many_rows` instead of leaving rows out, and Forbidden `not_admin`.
        """
        desk = Desk(table, file_format)
        try:
            count = 0
            found = queries.exported_rows(tx, table.name, filters, limit=self._most_rows + 1)
            async with aclosing(found) as batches:
                async for rows in batches:
                    count += len(rows)
                    self._check(count)
                    await asyncio.to_thread(desk.add, rows)
            return await asyncio.to_thread(desk.content), count
        finally:
            await asyncio.to_thread(desk.close)

    def _check(self, count: int) -> None:
        if count > self._most_rows:
            raise TooLarge(
                f"There are more than {self._most_rows} rows: choose a person, a course or a shorter time.",
                code="too_many_rows",
            )


EXPORTER = web.AppKey("table_exporter", Exporter)
CONTENT_TYPES: Mapping[FileFormat, str] = {
    "csv": "text/csv",
    "xlsx": "application/octet-stream",
    "json": "application/json",
}
"""An XLSX file is answered as bytes: of other types supabase-js makes a text, and nothing would open it."""


class Desk:
    """One file, written in threads, one after the other.

    A thread goes on when whoever waits for it is cancelled; closing waits for it, and what comes later opens nothing.
    """

    def __init__(self, table: Table, file_format: FileFormat) -> None:
        self._table, self._format = table, file_format
        self._lock = threading.Lock()
        self._file: TableFile | None = None
        self._is_closed = False

    def add(self, rows: Sequence[Any]) -> None:
        """Adds rows of the database."""
        with self._lock:
            self._opened().add([[plain(row[column.key]) for column in self._table.columns] for row in rows])

    def content(self) -> bytes:
        """The whole file."""
        with self._lock:
            return self._opened().content()

    def close(self) -> None:
        """Lets go of what was kept."""
        with self._lock:
            self._is_closed = True
            if self._file is not None:
                self._file.close()

    def _opened(self) -> TableFile:
        if self._is_closed:
            raise RuntimeError("This export was given up.")
        if self._file is None:
            self._file = _FILES[self._format](self._table)
        return self._file
