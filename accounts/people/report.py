"""Tells what an import did or would do: as JSON, as a CSV file to give back, as a table to read. Pure."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from accounts.people.plan import PlannedRow

HEADER = ("row", "email", "outcome", "column", "detail")
MOST_SHOWN = 50
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def counts(rows: Iterable[PlannedRow]) -> dict[str, int]:
    """How many rows have which outcome."""
    counted = Counter(row.outcome for row in rows)
    return {outcome: counted[outcome] for outcome in ("create", "update", "unchanged", "error")}


def as_json(rows: Iterable[PlannedRow]) -> list[dict[str, Any]]:
    """Every row: `{"row", "email", "outcome", "changes": [column], "errors": [{"column", "reason"}]}`."""
    return [
        {
            "row": row.row.number,
            "email": row.row.email,
            "outcome": row.outcome,
            "changes": list(row.changes),
            "errors": [{"column": problem.column, "reason": problem.reason} for problem in row.problems],
        }
        for row in rows
    ]


def as_csv(rows: Iterable[PlannedRow]) -> str:
    """A line for each row, and for each of its errors; no cell is a formula to a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([_harmless(cell) for cell in line] for line in _lines(rows))
    return out.getvalue()


def as_table(rows: Iterable[PlannedRow]) -> str:
    """For a terminal: the rows that change or are wrong, errors first, at most fifty of them."""
    worth_showing = sorted(
        (row for row in rows if row.outcome != "unchanged"), key=lambda row: (row.outcome != "error", row.row.number)
    )
    lines = [HEADER, *_lines(worth_showing[:MOST_SHOWN])]
    widths = [max(len(line[index]) for line in lines) for index in range(len(HEADER))]
    table = ["  ".join(_visible(cell).ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
             for line in lines]  # fmt: skip
    if len(worth_showing) > MOST_SHOWN:
        table.append(f"... and {len(worth_showing) - MOST_SHOWN} more; --result writes them all.")
    return "\n".join(table)


def _lines(rows: Iterable[PlannedRow]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        about = (str(row.row.number), row.row.email, row.outcome)
        if row.problems:
            yield from ((*about, problem.column, problem.reason) for problem in row.problems)
        else:
            yield (*about, "", ", ".join(row.changes))


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


def _visible(cell: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in cell)
