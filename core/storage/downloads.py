"""Hands objects out: whole or in part, only if they have changed, and never so that they could run on our origin."""

import asyncio
from contextlib import aclosing
from urllib.parse import unquote

from aiohttp import web

from core.app_keys import BLOBS
from core.blobs import Blobs
from core.errors import NotFound
from core.storage import content_rules
from core.storage.errors import StorageError, object_not_found, storage_error
from core.storage.ranges import http_date, is_unchanged, wished_range
from core.storage.shapes import StoredObject

READER_TIMEOUT_S = 300.0
"""A player that is paused takes nothing; later it asks for the rest anew."""


async def send(
    request: web.Request, found: StoredObject, *, public: bool = False, by_link: bool = False
) -> web.StreamResponse:
    """The object as the answer to GET or HEAD. Raises StorageError NoSuchKey when its bytes are gone."""
    headers = {
        **content_rules.headers(
            found.content_type,
            found.name.path,
            found.cache_control,
            download=_wished_name(request),
            public=public,
            by_link=by_link,
        ),
        "Accept-Ranges": "bytes",
        "ETag": found.etag,
        "Last-Modified": http_date(found.modified_at),
    }
    if is_unchanged(request.headers, found.etag, found.modified_at):
        return web.Response(status=304, headers=headers)
    size = found.size_bytes
    try:
        part = wished_range(request.headers, size, found.etag, found.modified_at)
    except StorageError as error:
        return web.json_response(
            storage_error(error, ""), status=error.status, headers={"Content-Range": f"bytes */{size}"}
        )
    start, end = part or (0, size)
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    response = web.StreamResponse(status=206 if part else 200, headers=headers)
    response.content_length = end - start
    blobs = request.app[BLOBS]
    await _check_there(blobs, found)
    await response.prepare(request)
    if request.method != "HEAD" and end > start:
        await _pour(blobs, found.key, start, end, response)
    await response.write_eof()
    return response


def _wished_name(request: web.Request) -> str | None:
    """What to store the file under. supabase-js encodes the names in signed links twice."""
    name = request.query.get("download")
    try:
        return unquote(name, errors="strict") if name else name
    except UnicodeDecodeError:
        return name


async def _check_there(blobs: Blobs, found: StoredObject) -> None:
    try:
        await blobs.head(found.key)
    except NotFound as error:
        raise object_not_found() from error


async def _pour(blobs: Blobs, key: str, start: int, end: int, response: web.StreamResponse) -> None:
    async with aclosing(blobs.stream(key, start, end)) as chunks:
        async for chunk in chunks:
            async with asyncio.timeout(READER_TIMEOUT_S):
                await response.write(chunk)
