"""Takes files out of requests, raw and multipart, chunk by chunk: no file is ever in memory whole."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

from aiohttp import BodyPartReader, ClientError, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from core.storage import content_rules
from core.storage.errors import bad_type, interrupted, invalid_request, too_large, too_slow
from core.storage.shapes import Bucket, Details, Upload
from core.storage.upload_fields import LONGEST_METADATA, cache_control, user_metadata, user_metadata_of_header

CHUNK_TIMEOUT_S = 60.0
"""Whoever sends nothing for so long has gone."""
_CHUNK_BYTES = 256 * 1024
_MOST_FIELDS = 20
_ROOM_FOR_FIELDS_BYTES = 256 * 1024
_Result = TypeVar("_Result")
_BROKEN_OFF = (ClientError, HttpProcessingError, ConnectionError, asyncio.IncompleteReadError)


async def upload_of(request: web.Request) -> Upload:
    """The file in the body; its bytes come when they are asked for.

    A form (`multipart/form-data`) has fields `cacheControl` and `metadata`, and the file under any other name, which
    storage-js leaves empty. Any other body is the file itself. Reading the bytes raises StorageError IncompleteBody
    when they end too early, RequestTimeout when they stop coming.
    """
    if request.content_type == "multipart/form-data":
        return await _upload_of_form(request)
    details = Details(
        content_type=_media_type(request.headers.get("Content-Type")),
        cache_control=cache_control(request.headers.get("Cache-Control")),
        user_metadata=user_metadata_of_header(request.headers.get("x-metadata")),
    )
    return Upload(details, _raw_chunks(request))


def check_announced_size(request: web.Request, bucket: Bucket) -> None:
    """Refuses a body that says itself that it is too large. Raises StorageError EntityTooLarge."""
    if request.content_length is not None:
        room = _ROOM_FOR_FIELDS_BYTES if request.content_type == "multipart/form-data" else 0
        bucket.check_size(request.content_length - room)


async def _raw_chunks(request: web.Request) -> AsyncIterator[bytes]:
    taken = 0
    while chunk := await _in_time(request.content.read(_CHUNK_BYTES)):
        taken += len(chunk)
        yield chunk
    expected = request.content_length
    if expected is not None and taken < expected and "Content-Encoding" not in request.headers:
        raise interrupted()


async def _upload_of_form(request: web.Request) -> Upload:
    try:
        form = await request.multipart()
    except (ValueError, AssertionError) as error:
        raise invalid_request("The form has no boundary.") from error
    details = Details(content_rules.UNKNOWN)
    file = await _next_file(form, details)
    if file is None:
        raise invalid_request("The form has no file.")
    details.content_type = _media_type(file.headers.get("Content-Type"))
    return Upload(details, _form_chunks(form, file, details))


async def _form_chunks(form: MultipartReader, file: BodyPartReader, details: Details) -> AsyncIterator[bytes]:
    while chunk := await _in_time(file.read_chunk(_CHUNK_BYTES)):
        yield chunk
    if await _next_file(form, details) is not None:
        raise invalid_request("The form has more than one file.")


async def _next_file(form: MultipartReader, details: Details) -> BodyPartReader | None:
    """Reads fields into `details` until a file comes; None at the end of the form."""
    for _ in range(_MOST_FIELDS):
        part = await _in_time(form.next())
        if part is None:
            return None
        if not isinstance(part, BodyPartReader):
            raise invalid_request("A form inside a form is no file.")
        if part.filename is None and part.name == "cacheControl":
            details.cache_control = cache_control(await _text(part))
        elif part.filename is None and part.name == "metadata":
            details.user_metadata = user_metadata(await _text(part))
        elif part.filename is not None or not part.name:
            return part
        else:
            await _text(part)
    raise invalid_request(f"The form has more than {_MOST_FIELDS} fields.")


async def _text(part: BodyPartReader) -> str:
    content = b""
    while chunk := await _in_time(part.read_chunk()):
        content += chunk
        if len(content) > 4 * LONGEST_METADATA:
            raise too_large()
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise invalid_request("A field of the form is no text.") from error


async def _in_time(reading: Awaitable[_Result]) -> _Result:
    try:
        async with asyncio.timeout(CHUNK_TIMEOUT_S):
            return await reading
    except TimeoutError as error:
        raise too_slow() from error
    except (*_BROKEN_OFF, ValueError, AssertionError) as error:
        # The last two are aiohttp's for a form that ends in the middle.
        raise interrupted() from error


def _media_type(header: str | None) -> str:
    try:
        return content_rules.mime_type(header or content_rules.UNKNOWN)
    except ValueError as error:
        raise bad_type(header or "") from error
