"""Conditions and parts of a download: Range, If-Range, If-None-Match, If-Modified-Since (RFC 9110). Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from core.storage.errors import range_not_satisfiable

_ONE_RANGE = re.compile(r"bytes\s*=\s*(?:(\d{1,18})\s*-\s*(\d{1,18})?|-\s*(\d{1,18}))")
_TAG = re.compile(r'(?:W/)?"[^"]*"|\*')


def is_unchanged(headers: Mapping[str, str], etag: str, modified_at: datetime) -> bool:
    """Whether what the client has is still good: answer 304. `etag` with its quotes; the time has a zone."""
    if (tags := headers.get("If-None-Match")) is not None:
        return any(tag == "*" or tag.removeprefix("W/") == etag for tag in _TAG.findall(tags))
    since = _time(headers.get("If-Modified-Since"))
    return since is not None and modified_at.replace(microsecond=0) <= since


def wished_range(headers: Mapping[str, str], size: int, etag: str, modified_at: datetime) -> tuple[int, int] | None:
    """First byte and the one after the last; None for the whole object.

    Several parts, or what is no range of bytes, are answered with the whole, as the standard allows; so is a part of an
    object that is no longer the one that the client began with. Raises StorageError InvalidRange when nothing of it
    exists.
    """
    found = _ONE_RANGE.fullmatch(headers.get("Range", "").strip())
    if found is None or not _is_same(headers.get("If-Range"), etag, modified_at):
        return None
    first, last, suffix = found.groups()
    if first is None:
        length = int(suffix)
        if not length or not size:
            raise range_not_satisfiable()
        return max(0, size - length), size
    start = int(first)
    if last is not None and int(last) < start:
        return None
    if start >= size:
        raise range_not_satisfiable()
    return start, size if last is None else min(int(last) + 1, size)


def http_date(moment: datetime) -> str:
    """A time as headers have it: `Tue, 24 Nov 2026 09:00:00 GMT`."""
    moment = moment.astimezone(UTC)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} GMT"


def _is_same(condition: str | None, etag: str, modified_at: datetime) -> bool:
    if condition is None:
        return True
    if condition.strip().startswith(('"', "W/")):
        return condition.strip() == etag
    return _time(condition) == modified_at.replace(microsecond=0)


def _time(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except (ValueError, OverflowError):
        return None
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
