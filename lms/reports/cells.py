"""What a cell may hold. Pure.

Names and titles are written by anybody, and a spreadsheet that opens a CSV runs a cell that looks like a formula.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias

Value: TypeAlias = bool | int | float | str | datetime | None
"""What a column has in a row."""

_SIGNS = frozenset("=+-@＝＋－＠")
_BREAKS = frozenset("\t\r\n")
LONGEST_XLSX_TEXT = 32_767
CUT_OFF = "…"


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula, also if it drops the spaces before it."""
    return text[:1] in _BREAKS or text.lstrip()[:1] in _SIGNS


def csv_text(value: Value) -> str:
    """One cell of a CSV file: times in ISO 8601 and UTC, and an apostrophe before what looks like a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return iso_utc(value)
    if isinstance(value, int | float):
        return str(value)
    return f"'{value}" if is_dangerous(value) else value


def xlsx_text(text: str) -> str:
    """One text of an XLSX file, where a cell knows that it is a text: only its length has a limit."""
    units = len(text.encode("utf-16-le")) // 2
    if units <= LONGEST_XLSX_TEXT:
        return text
    kept = text.encode("utf-16-le")[: 2 * (LONGEST_XLSX_TEXT - 1)].decode("utf-16-le", errors="ignore")
    return kept + CUT_OFF


def iso_utc(at: datetime) -> str:
    """Like 2026-11-24T09:30:00Z."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def plain(value: object) -> Value:
    """What the database gave, as one of the few things that a cell can be."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, Mapping | Sequence):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)
