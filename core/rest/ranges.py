"""`Range` and `Content-Range`: which rows are asked for, and which these are. Pure."""

import re
from dataclasses import replace

from core.rest.errors import RestError
from core.rest.query import Query

_RANGE = re.compile(r"(?:items=)?([0-9]{1,18})-([0-9]{0,18})")


def parse_range(text: str | None) -> tuple[int, int | None] | None:
    """Offset and limit in rows of `Range: 0-9`; None when there is none to obey. Raises RestError PGRST103."""
    match = _RANGE.fullmatch(text.strip()) if text else None
    if match is None:
        return None
    first, last = int(match[1]), int(match[2]) if match[2] else None
    if last is not None and last < first:
        details = "The lower boundary must be lower than or equal to the upper boundary in the Range header."
        raise RestError(416, "PGRST103", "Requested range not satisfiable", details=details)
    return first, None if last is None else last - first + 1


def within(query: Query, header: str | None) -> Query:
    """The query with the range of the header, unless the query string has a limit or an offset of its own."""
    asked = parse_range(header)
    if asked is None or () in dict(query.limits) or () in dict(query.offsets):
        return query
    offset, limit = asked
    limits = query.limits if limit is None else (*query.limits, ((), limit))
    return replace(query, limits=limits, offsets=(*query.offsets, ((), offset)))


def content_range(offset: int, rows: int, total: int | None) -> str:
    """The header that says which rows these are, counted from 0, and of how many."""
    span = f"{offset}-{offset + rows - 1}" if rows else "*"
    return f"{span}/{'*' if total is None else total}"


def status_of(rows: int, total: int | None) -> int:
    """206 when it is known that there are more rows than these, else 200."""
    return 206 if total is not None and rows < total else 200


def check_offset(offset: int, total: int | None) -> None:
    """Raises RestError PGRST103 (416) when the first row asked for lies behind the last one there is."""
    if total is not None and offset > total:
        details = f"An offset of {offset} was requested, but there are only {total} rows."
        raise RestError(
            416,
            "PGRST103",
            "Requested range not satisfiable",
            details=details,
            headers={"Content-Range": content_range(0, 0, total)},
        )
