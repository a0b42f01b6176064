"""The JSON of a write or of a call, checked and handed on as text: PostgreSQL reads it. Pure."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.rest.errors import bad_body


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows to write: a JSON array of objects as text, or the one object of an update; the keys of each; how many."""

    text: str
    keys: tuple[str, ...]
    number: int


def read_rows(body: bytes, columns: Iterable[str] | None) -> Rows:
    """An object, or an array of objects with the same keys; with `columns` named, keys may differ.

    Raises RestError PGRST102.
    """
    text, found = _parsed(body)
    if isinstance(found, dict):
        text, found = f"[{text}]", [found]
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise bad_body("The body must be an object or an array of objects.")
    keys = tuple(found[0]) if found else ()
    if columns is None and any(row.keys() != found[0].keys() for row in found):
        raise bad_body("All object keys must match")
    return Rows(text, keys, len(found))


def read_change(body: bytes) -> Rows:
    """The one object of an update; an empty body and an empty array change nothing.

    Raises RestError PGRST102.
    """
    text, found = _parsed(body if body.strip() else b"{}")
    if isinstance(found, list) and len(found) < 2:
        # What stands between the brackets, because Python would round its numbers.
        text, found = (text.strip()[1:-1], found[0]) if found else ("{}", {})
    if not isinstance(found, dict):
        raise bad_body("The body of an update is one object.")
    return Rows(text, tuple(found), 1)


def cleaned(rows: Rows, cleaners: Mapping[str, Callable[[str], str]]) -> Rows:
    """The same rows, with the texts of these columns cleaned. What needs no cleaning stays as it was sent."""
    found = json.loads(rows.text)
    changed = False
    for row in found if isinstance(found, list) else [found]:
        for column in cleaners.keys() & row.keys():
            if isinstance(row[column], str):
                text = cleaners[column](row[column])
                changed = changed or text != row[column]
                row[column] = text
    return replace(rows, text=json.dumps(found, ensure_ascii=False)) if changed else rows


def read_arguments(body: bytes) -> tuple[str, tuple[str, ...]]:
    """The body of a call as text, and the names of its arguments; other JSON than an object has none.

    An empty body is a call without arguments. Raises RestError PGRST102.
    """
    text, found = _parsed(body if body.strip() else b"{}")
    return text, tuple(found) if isinstance(found, dict) else ()


def _parsed(body: bytes) -> tuple[str, Any]:
    try:
        text = body.decode()
        return text, json.loads(text)
    except (ValueError, RecursionError) as error:
        raise bad_body("Empty or invalid json") from error
