"""The recording over HTTP: with Range, for whoever may see the call, or through a short-lived link."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from aiohttp import web

from accounts import audit
from core.app_keys import BLOBS, CLOCK, DATABASE
from core.errors import CallXError, NotFound, Unauthorized
from core.identity import Person
from core.openapi import Content, operation
from core.web import signed_in
from voice import queries
from voice.handlers import CALLS, call_id_of
from voice.keys import RECORDING_LINKS
from voice.opus_encoder import CONTENT_TYPE
from voice.schemas import CALLS_TAG, UNAUTHORIZED, CallPath, RecordingHeaders, RecordingLink, RecordingQuery

NO_RECORDING = "`recording_missing`; `recording_not_ready`, which may come; `call_not_found` for no call's name."


class RangeNotSatisfiable(CallXError):
    """The wished part lies outside of the recording."""

    status = 416
    default_code = "range_not_satisfiable"


def add_routes(app: web.Application) -> None:
    """Adds the recording's addresses; expects the links' maker under RECORDING_LINKS."""
    app.router.add_get(f"{CALLS}/{{call_id}}/recording", send_recording)
    app.router.add_post(f"{CALLS}/{{call_id}}/recording/link", make_link)


@operation(
    "Make a link to a recording",
    tag=CALLS_TAG,
    path=CallPath,
    answers={200: RecordingLink},
    errors={401: UNAUTHORIZED, 404: NO_RECORDING},
)
async def make_link(request: web.Request) -> web.Response:
    """A link that a player can open for a quarter of an hour, while whoever asked for it may hear the recording."""
    call_id, person = call_id_of(request), await signed_in(request)
    await _seen_recording(request, call_id, person)
    token, expires_s = request.app[RECORDING_LINKS].token(call_id, person, _now_s(request))
    return web.json_response(
        {
            "url": f"{CALLS}/{call_id}/recording?token={token}",
            "expires_at": datetime.fromtimestamp(expires_s, UTC).isoformat(),
        },
        headers={"Cache-Control": "no-store"},
    )


@operation(
    "Listen to a recording",
    tag=CALLS_TAG,
    description="Ogg Opus: the trainee left, the customer right, on the call's clock.",
    access=("person", "recording_link"),
    path=CallPath,
    query=RecordingQuery,
    headers=RecordingHeaders,
    answers={
        200: Content({CONTENT_TYPE: None}, "The whole.", {"ETag": "Of the whole.", "Accept-Ranges": "`bytes`."}),
        206: Content({CONTENT_TYPE: None}, "A part.", {"Content-Range": "Which part, of how many bytes."}),
    },
    errors={
        401: f"{UNAUTHORIZED} `link_expired` for a link.",
        404: NO_RECORDING,
        416: "`range_not_satisfiable`.",
    },
)
async def send_recording(request: web.Request) -> web.StreamResponse:
    """The sound, whole or in part."""
    call_id = call_id_of(request)
    row = await _authorised_recording(request, call_id)
    if row["state"] != "ready":
        gone = row["state"] == "failed"
        text = "There is no recording of this call." if gone else "The recording is not ready yet."
        raise NotFound(text, code="recording_missing" if gone else "recording_not_ready", retryable=not gone)
    blobs = request.app[BLOBS]
    info = await blobs.head(row["object_key"])
    start, end = _wished_range(request, info.size_bytes)
    partial = (start, end) != (0, info.size_bytes)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="call-{call_id}.ogg"',
        "X-Content-Type-Options": "nosniff",
    }
    if info.etag:
        headers["ETag"] = f'"{info.etag.strip(chr(34))}"'
    if partial:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{info.size_bytes}"
    response = web.StreamResponse(status=206 if partial else 200, headers=headers)
    response.content_type = CONTENT_TYPE
    response.content_length = end - start
    await response.prepare(request)
    if request.method != "HEAD":
        async for chunk in blobs.stream(row["object_key"], start, end):
            await response.write(chunk)
    await response.write_eof()
    return response


def _wished_range(request: web.Request, size: int) -> tuple[int, int]:
    """Start and exclusive end of what is asked for. Raises RangeNotSatisfiable."""
    try:
        wished = request.http_range
    except ValueError:
        return 0, size  # several or malformed ranges: the whole, as the standard allows
    start, end, _ = wished.indices(size)
    if start >= end and size > 0:
        raise RangeNotSatisfiable(f"The recording has {size} bytes.")
    return start, end


async def _authorised_recording(request: web.Request, call_id: UUID) -> Any:
    token = request.query.get("token")
    if token is None:
        return await _seen_recording(request, call_id, await signed_in(request))
    person = request.app[RECORDING_LINKS].opened_by(token, call_id, _now_s(request))
    if person is None:
        raise Unauthorized("This link is not good any more.", code="link_expired")
    return await _seen_recording(request, call_id, person)


async def _seen_recording(request: web.Request, call_id: UUID, person: Person) -> Any:
    """The recording as this person may have it; the audit log notes that another does."""
    async with request.app[DATABASE].acting_as(person) as tx:
        row = _found(await tx.fetchrow(queries.SEEN_RECORDING, call_id))
        await audit.record_view(tx, "recording", call_id)
    return row


def _found(row: Any) -> Any:
    if row is None:
        raise NotFound("There is no recording of this call.", code="recording_missing")
    return row


def _now_s(request: web.Request) -> int:
    return int(request.app[CLOCK].now().timestamp())
