"""What lies in a folder of a bucket, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from core.db import Database
from core.identity import Person
from core.storage import queries
from core.storage.errors import database_error, invalid_request, not_signed_in
from core.storage.object_names import folder_prefix
from core.storage.shapes import shown_time

MOST_ENTRIES = 1_000
_DIRECTIONS = {"asc": "asc", "desc": "desc"}


@dataclass(frozen=True, slots=True)
class Listing:
    """A page that is asked for: entries of a folder (`prefix` ends with a slash or is empty), in an order."""

    prefix: str
    search: str
    limit: int
    offset: int
    order: str

    @classmethod
    def of_body(cls, body: Mapping[str, Any]) -> "Listing":
        """From `{prefix, limit, offset, search, sortBy: {column, order}}`. Raises StorageError InvalidRequest."""
        sort = body.get("sortBy") or {}
        if not isinstance(sort, dict):
            raise invalid_request("sortBy must be an object.")
        column = queries.LIST_ORDER.get(str(sort.get("column") or "name"))
        direction = _DIRECTIONS.get(str(sort.get("order") or "asc").lower())
        if column is None or direction is None:
            raise invalid_request(f"sortBy takes the columns {', '.join(queries.LIST_ORDER)}, and asc or desc.")
        return cls(
            prefix=folder_prefix(_text(body, "prefix")),
            search=_text(body, "search"),
            limit=_number(body, "limit", 100, MOST_ENTRIES),
            offset=_number(body, "offset", 0, 10**9),
            order=f"{column} {direction}",
        )


async def entries(database: Database, person: Person, bucket_id: str, listing: Listing) -> list[dict[str, Any]]:
    """Folders first, with `id` null; of files only those that the person may see. Raises StorageError."""
    if person.kind == "anonymous":
        raise not_signed_in()
    after_all = listing.prefix[:-1] + "0" if listing.prefix else None  # "0" comes right after the slash
    statement = queries.LIST.format(order=listing.order)
    try:
        async with database.acting_as(person, read_only=True) as tx:
            rows = await tx.fetch(
                statement, bucket_id, listing.prefix, after_all, listing.search, listing.limit, listing.offset
            )
    except asyncpg.PostgresError as error:
        raise database_error(error.sqlstate or "") from error
    return [_entry(row) for row in rows]


def _entry(row: asyncpg.Record) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": row["entry"], "id": None if row["is_folder"] else str(row["id"])}
    for column in ("updated_at", "created_at", "last_accessed_at"):
        shown[column] = None if row["is_folder"] else shown_time(row[column])
    return {**shown, "metadata": row["metadata"]}


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if value is None:
        return ""
    # JSON can hold NUL and halves of characters, a database cannot.
    if not isinstance(value, str) or any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value):
        raise invalid_request(f"{name} must be a text.")
    return value


def _number(body: Mapping[str, Any], name: str, default: int, most: int) -> int:
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise invalid_request(f"{name} must be a whole number from 0 to {most}.")
    return value
