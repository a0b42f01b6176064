"""From the database into a file, a batch of rows at a time, so that no export keeps a server's memory or event loop."""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal, Protocol

from core.db import Tx
from core.errors import TooLarge
from lms.reports import queries
from lms.reports.cells import Value, plain
from lms.reports.csv_file import CsvFile
from lms.reports.tables import MOST_ROWS, Table
from lms.reports.xlsx_file import XlsxFile

FileFormat = Literal["csv", "xlsx"]


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
        file: TableFile = await asyncio.to_thread(CsvFile if file_format == "csv" else XlsxFile, table)
        try:
            count = 0
            async for rows in queries.exported_rows(tx, table.name, filters, limit=self._most_rows + 1):
                count += len(rows)
                if count > self._most_rows:
                    raise TooLarge(
                        f"There are more than {self._most_rows} rows: choose a person, a course or a shorter time.",
                        code="too_many_rows",
                    )
                await asyncio.to_thread(file.add, _values(table, rows))
            return await asyncio.to_thread(file.content), count
        finally:
            await asyncio.to_thread(file.close)


def _values(table: Table, rows: Sequence[Any]) -> list[list[Value]]:
    return [[plain(row[column.key]) for column in table.columns] for row in rows]
