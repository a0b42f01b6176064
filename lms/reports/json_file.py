"""A table as JSON: `{"table", "columns": [{"key", "title", "kind"}], "rows": [{…}]}`. Pure.

A value is a number, true or false, a text, or null; times are texts in ISO 8601 and UTC. Nothing is escaped against
spreadsheets: whoever reads JSON runs no formulas.
"""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from lms.reports.cells import Value, iso_utc
from lms.reports.tables import Table


class JsonFile:
    """Takes rows and becomes bytes."""

    def __init__(self, table: Table) -> None:
        self._keys = [column.key for column in table.columns]
        self._text = io.StringIO()
        head = {"table": table.name, "columns": [asdict(column) for column in table.columns]}
        self._text.write(f'{_written(head)[:-1]}, "rows": [')
        self._between = "\n"

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        """Adds rows, each with a value for every column."""
        for row in rows:
            said = {key: _plain(value) for key, value in zip(self._keys, row, strict=True)}
            self._text.write(f"{self._between}{_written(said)}")
            self._between = ",\n"

    def content(self) -> bytes:
        """The whole file."""
        return f"{self._text.getvalue()}\n]}}\n".encode()

    def close(self) -> None:
        """Lets go of what was kept."""
        self._text.close()


def _plain(value: Value) -> bool | int | float | str | None:
    return iso_utc(value) if isinstance(value, datetime) else value


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
