"""Reading CSV as spreadsheets write it, with commas, semicolons or tabs. Pure."""

import csv
import io
import re
from collections.abc import Iterator

from core.errors import BadRequest

_DELIMITERS = (",", ";", "\t")


def read_records(text: str, *, skip_spaces: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, with its number; the first is 1, and blank ones count.

    `skip_spaces` passes over spaces after a delimiter. Raises BadRequest `bad_csv`, which names the row.
    """
    delimiter = _delimiter(text)
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter, strict=True, skipinitialspace=skip_spaces)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise BadRequest(f"Row {number + 1} is not CSV: {error}.", code="bad_csv") from error


def _delimiter(text: str) -> str:
    """The most frequent one in the first line that is not blank, outside of quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"[^"]*"?', "", header)
    return max(_DELIMITERS, key=outside.count)
