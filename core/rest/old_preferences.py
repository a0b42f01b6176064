"""What the headers of a REST request ask for: the form of the answer, preferences, a range. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from core.rest.errors import RestError, not_served

JSON = "application/json"
OBJECT = "application/vnd.pgrst.object+json"
_ARRAYS = (JSON, "application/vnd.pgrst.array+json", "application/vnd.pgrst.array", "application/*", "*/*", "text/json")
_OBJECTS = (OBJECT, "application/vnd.pgrst.object")

Returned = Literal["minimal", "representation"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """`Prefer`, as far as it is served; `applied` is what the answer confirms."""

    returned: Returned = "minimal"
    count: bool = False
    applied: tuple[str, ...] = ()


def wants_object(accept: str) -> bool:
    """Whether one object is asked for instead of an array. Raises RestError PGRST107 for other media types."""
    if not accept.strip():
        return False
    for entry in accept.split(","):
        media, *parameters = (part.strip().lower() for part in entry.split(";"))
        if any(parameter.startswith("nulls=") for parameter in parameters):
            continue
        if media in _OBJECTS:
            return True
        if media in _ARRAYS:
            return False
    raise RestError(406, "PGRST107", f"None of these media types are available: {accept[:200]}")


def parse_prefer(headers: Iterable[str]) -> Preferences:
    """Reads `Prefer` headers. Raises RestError PGRST100 for what would change what is written and is not served."""
    wanted: dict[str, str] = {}
    for header in headers:
        for entry in header.split(","):
            name, _, value = entry.strip().partition("=")
            wanted.setdefault(name.strip().lower(), value.strip().lower())
    if "resolution" in wanted:
        raise not_served("An upsert (Prefer: resolution)")
    if wanted.get("missing") == "default":
        raise not_served("Prefer: missing=default")
    returned: Returned = "representation" if wanted.get("return") == "representation" else "minimal"
    # The planner's estimate is a liberty that the preference leaves to the server: exact is always right.
    count = wanted.get("count") in ("exact", "planned", "estimated")
    applied = []
    if wanted.get("return") in ("minimal", "representation"):
        applied.append(f"return={returned}")
    if count:
        applied.append("count=exact")
    return Preferences(returned, count, tuple(applied))


def check_profile(headers: Mapping[str, str], method: str, schema: str) -> None:
    """Raises RestError PGRST106 when another schema than the exposed one is asked for."""
    name = "Accept-Profile" if method in ("GET", "HEAD") else "Content-Profile"
    asked = headers.get(name, schema)
    if asked != schema:
        raise RestError(
            406,
            "PGRST106",
            f"Invalid schema: {asked[:100]}",
            hint=f"Only the following schemas are exposed: {schema}",
        )


def parse_range(text: str | None) -> tuple[int, int | None] | None:
    """Offset and limit of `Range: 0-9`; None when there is none to obey. Raises RestError PGRST103."""
    match = re.fullmatch(r"(?:items=)?([0-9]{1,18})-([0-9]{0,18})", text.strip()) if text else None
    if match is None:
        return None
    first, last = int(match[1]), int(match[2]) if match[2] else None
    if last is not None and last < first:
        raise RestError(416, "PGRST103", "Requested range not satisfiable", details="The last row is before the first.")
    return first, None if last is None else last - first + 1


def content_range(offset: int, rows: int, total: int | None) -> str:
    """The header that says which rows these are, and of how many."""
    span = f"{offset}-{offset + rows - 1}" if rows else "*"
    return f"{span}/{'*' if total is None else total}"
