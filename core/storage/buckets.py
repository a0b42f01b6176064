"""Buckets over HTTP: for admins, and for the service, as row security says."""

import re
from collections.abc import Mapping
from typing import Any

import asyncpg
from aiohttp import web

from core.app_keys import DATABASE
from core.storage import content_rules, queries
from core.storage.errors import (
    StorageError,
    access_denied,
    bucket_not_found,
    invalid_request,
)
from core.storage.object_names import bucket_from_address
from core.storage.objects import LARGEST_OBJECT_BYTES
from core.storage.requests import json_body, on_this_wire, refuse_nobody, tail
from core.storage.shapes import shown_time

PREFIX = "/storage/v1/bucket"
MOST_BUCKETS = 1_000
_REMOVED_AT_ONCE = 500
_NEW_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,62}")
_WORDS_OF_ADDRESSES = frozenset(
    {"authenticated", "copy", "info", "list", "list-v2", "move", "public", "sign", "upload"}
)
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*(|B|KB|MB|GB|TB)", re.IGNORECASE)
_UNITS = {"": 0, "b": 0, "kb": 1, "mb": 2, "gb": 3, "tb": 4}
_FOREIGN_KEY = "23503"


def add_routes(app: web.Application) -> None:
    """Adds the addresses of buckets."""
    one = PREFIX + "/{bucket}"
    app.router.add_get(PREFIX, on_this_wire(list_buckets))
    app.router.add_post(PREFIX, on_this_wire(make))
    app.router.add_get(one, on_this_wire(show))
    app.router.add_put(one, on_this_wire(change))
    app.router.add_delete(one, on_this_wire(remove))
    app.router.add_post(one + "/empty", on_this_wire(empty))


async def list_buckets(request: web.Request) -> web.Response:
    """Those that the person may see."""
    person = await refuse_nobody(request)
    column = queries.BUCKET_ORDER.get(request.query.get("sortColumn", "name"))
    direction = {"asc": "asc", "desc": "desc"}.get(request.query.get("sortOrder", "asc"))
    if column is None or direction is None:
        raise invalid_request(f"sortColumn takes {', '.join(queries.BUCKET_ORDER)}; sortOrder asc or desc.")
    limit, offset = _number(request, "limit", MOST_BUCKETS), _number(request, "offset", 0)
    search = request.query.get("search", "").replace("\0", "")
    async with request.app[DATABASE].acting_as(person, read_only=True) as tx:
        statement = queries.BUCKETS.format(order=f"{column} {direction}")
        rows = await tx.fetch(statement, search, min(limit, MOST_BUCKETS), offset)
    return web.json_response([_shown(row) for row in rows])


async def show(request: web.Request) -> web.Response:
    """One bucket."""
    person = await refuse_nobody(request)
    async with request.app[DATABASE].acting_as(person, read_only=True) as tx:
        row = await tx.fetchrow(queries.FIND_BUCKET, _bucket_of(request))
    if row is None:
        raise bucket_not_found()
    return web.json_response(_shown(row))


async def make(request: web.Request) -> web.Response:
    """A new bucket: `{id, public, file_size_limit, allowed_mime_types}`; its name is its id."""
    person = await refuse_nobody(request)
    body = await json_body(request)
    bucket_id = body.get("id") or body.get("name")
    if not isinstance(bucket_id, str) or not _NEW_NAME.fullmatch(bucket_id) or bucket_id in _WORDS_OF_ADDRESSES:
        raise StorageError(400, "InvalidBucketName", "InvalidBucketName", "Bucket name invalid")
    async with request.app[DATABASE].acting_as(person) as tx:
        await tx.execute(queries.INSERT_BUCKET, bucket_id, *_rules(body))
    return web.json_response({"name": bucket_id})


async def change(request: web.Request) -> web.Response:
    """Who may read the bucket, and what it takes."""
    person = await refuse_nobody(request)
    bucket_id, body = _bucket_of(request), await json_body(request)
    async with request.app[DATABASE].acting_as(person) as tx:
        row = await tx.fetchrow(queries.FIND_BUCKET, bucket_id)
        if row is None:
            raise bucket_not_found()
        # What is not named stays as it is.
        done = await tx.execute(queries.UPDATE_BUCKET, bucket_id, *_rules({**row, **body}))
        if done == "UPDATE 0":
            raise access_denied()
    return web.json_response({"message": "Successfully updated"})


async def empty(request: web.Request) -> web.Response:
    """Removes every object of the bucket, some hundreds a transaction."""
    person = await refuse_nobody(request)
    bucket_id, database = _bucket_of(request), request.app[DATABASE]
    removed = "DELETE 1"
    while removed != "DELETE 0":
        async with database.acting_as(person) as tx:
            if not await tx.fetchrow(queries.FIND_BUCKET, bucket_id):
                raise bucket_not_found()
            removed = await tx.execute(queries.REMOVE_SOME, bucket_id, _REMOVED_AT_ONCE)
            if removed == "DELETE 0" and await tx.fetchval(queries.HAS_OBJECTS, bucket_id):
                raise access_denied()
    return web.json_response({"message": "Successfully emptied"})


async def remove(request: web.Request) -> web.Response:
    """Removes an empty bucket."""
    person = await refuse_nobody(request)
    bucket_id = _bucket_of(request)
    try:
        async with request.app[DATABASE].acting_as(person) as tx:
            if not await tx.fetchrow(queries.FIND_BUCKET, bucket_id):
                raise bucket_not_found()
            if await tx.execute(queries.DELETE_BUCKET, bucket_id) == "DELETE 0":
                raise access_denied()
    except asyncpg.ForeignKeyViolationError as error:
        message = "The bucket you tried to delete is not empty"
        raise StorageError(409, "InvalidRequest", "BucketNotEmpty", message) from error
    return web.json_response({"message": "Successfully deleted"})


def _bucket_of(request: web.Request) -> str:
    return bucket_from_address(tail(request, PREFIX).partition("/")[0])


def _rules(body: Mapping[str, Any]) -> tuple[bool, int | None, list[str] | None]:
    public, types = body.get("public", False), body.get("allowed_mime_types")
    if not isinstance(public, bool):
        raise invalid_request("public must be true or false.")
    if types is not None and not (
        isinstance(types, list)
        and len(types) <= 200
        and all(isinstance(pattern, str) and content_rules.is_pattern(pattern) for pattern in types)
    ):
        raise invalid_request("allowed_mime_types must be a list of media types, such as image/png or video/*.")
    return public, _size_bytes(body.get("file_size_limit")), types


def _size_bytes(wish: Any) -> int | None:
    """Bytes of `1024`, `"20MB"` or nothing; a kilobyte has 1,024."""
    if wish is None or wish == 0 or wish == "0":
        return None
    found = _SIZE.fullmatch(str(wish).strip()) if isinstance(wish, int | str) and not isinstance(wish, bool) else None
    size = int(float(found[1]) * 1024 ** _UNITS[found[2].lower()]) if found else 0
    if not 0 < size <= LARGEST_OBJECT_BYTES:
        raise invalid_request(f"file_size_limit must be a size up to {LARGEST_OBJECT_BYTES} bytes.")
    return size


def _shown(row: asyncpg.Record) -> dict[str, Any]:
    return {
        **row,
        "owner": str(row["owner"]) if row["owner"] else "",
        "created_at": shown_time(row["created_at"]),
        "updated_at": shown_time(row["updated_at"]),
    }


def _number(request: web.Request, name: str, default: int) -> int:
    text = request.query.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise invalid_request(f"{name} must be a whole number.")
    return int(text)
