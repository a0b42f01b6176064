"""`/storage/v1/upload/resumable` over HTTP: TUS 1.0.0, with the person's token or with a signed link."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from uuid import UUID

from aiohttp import web

from core import logs
from core.app_keys import BLOBS, CLOCK, DATABASE
from core.db import SERVICE
from core.errors import CallXError
from core.identity import Person
from core.storage.errors import storage_error, too_large, translated
from core.storage.keys import OBJECT_LINKS, OBJECTS
from core.storage.objects import LARGEST_OBJECT_BYTES
from core.storage.resumable import protocol
from core.storage.resumable.incoming import pieces
from core.storage.resumable.tidying import Tidier
from core.storage.resumable.uploads import ResumableUpload, ResumableUploads
from core.tasks import Tasks
from core.web import person_of

RESUMABLE_UPLOADS = web.AppKey("resumable_uploads", ResumableUploads)
PATH = "/storage/v1/upload/resumable"
SIGNED_PATH = f"{PATH}/sign"
PIECE_BYTES = 8 * 1024 * 1024
"""How much of an upload is in memory, and how much a server that is killed may lose of it."""

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application) -> None:
    """Adds the addresses, and the tidying up that goes on meanwhile; expects OBJECTS and OBJECT_LINKS."""
    app[RESUMABLE_UPLOADS] = ResumableUploads(app[BLOBS], app[OBJECTS], app[CLOCK])
    app.cleanup_ctx.append(_tidying)
    for path in (SIGNED_PATH, PATH):
        app.router.add_route("OPTIONS", path, discover)
        app.router.add_route("POST", path, _in_tus(begin))
        app.router.add_route("OPTIONS", f"{path}/{{upload_id}}", discover)
        for method in ("HEAD", "PATCH", "DELETE", "POST"):
            app.router.add_route(method, f"{path}/{{upload_id}}", _in_tus(_go_on))


async def discover(request: web.Request) -> web.Response:
    """What is served here."""
    return web.Response(status=204, headers=protocol.discovery(LARGEST_OBJECT_BYTES))


async def begin(request: web.Request) -> web.StreamResponse:
    """A new upload, and what came along of it."""
    creation = protocol.creation(request.headers)
    if _is_signed(request):
        permit = request.app[OBJECT_LINKS].opened_for_upload(request.headers.get("x-signature", ""), creation.name)
        person, creation = permit.signer, replace(creation, upsert=permit.upsert)
    else:
        person = await person_of(request)
    if creation.has_content:
        _check_room(request, creation.length)
    upload = await request.app[RESUMABLE_UPLOADS].begin(person, creation)
    if creation.has_content:
        upload = await _take(request, person, upload, 0)
    elif upload.is_complete:
        upload = await request.app[RESUMABLE_UPLOADS].finish(person, upload)
    path = SIGNED_PATH if _is_signed(request) else PATH
    return _answer(201, upload, {"Location": f"{path}/{upload.id}"})


async def _go_on(request: web.Request) -> web.StreamResponse:
    """What concerns an upload that was begun."""
    match protocol.method(request.method, request.headers):
        case "HEAD":
            return await tell(request)
        case "PATCH":
            return await append(request)
        case "DELETE":
            return await give_up(request)
        case _:
            raise protocol.refusal(405, "MethodNotAllowed", "An upload knows HEAD, PATCH and DELETE.")


async def tell(request: web.Request) -> web.StreamResponse:
    """How many bytes are safe. That all are is said only when the object is there: if it is not yet, it is made now."""
    person, upload = await _asked(request)
    if upload.is_complete and not upload.finished:
        upload = await request.app[RESUMABLE_UPLOADS].finish(person, upload)
    return _answer(200, upload, {})


async def append(request: web.Request) -> web.StreamResponse:
    """More bytes; with the last ones the object is made before the answer."""
    person, upload = await _asked(request)
    offset = protocol.append_offset(request.headers)
    if offset == upload.received:
        _check_room(request, upload.length - offset)
    return _answer(204, await _take(request, person, upload, offset), {})


async def give_up(request: web.Request) -> web.StreamResponse:
    """The client wants it no more."""
    person, upload = await _asked(request)
    await request.app[RESUMABLE_UPLOADS].give_up(person, upload.id)
    return web.Response(status=204, headers={"Tus-Resumable": protocol.VERSION})


async def _take(request: web.Request, person: Person, upload: ResumableUpload, offset: int) -> ResumableUpload:
    uploads = request.app[RESUMABLE_UPLOADS]
    async with aclosing(pieces(request.content, PIECE_BYTES)) as body:
        upload = await uploads.append(person, upload, offset, body)
    if upload.is_complete and not upload.finished:
        upload = await uploads.finish(person, upload)
    return upload


async def _asked(request: web.Request) -> tuple[Person, ResumableUpload]:
    uploads = request.app[RESUMABLE_UPLOADS]
    upload_id = _upload_id(request)
    if not _is_signed(request):
        person = await person_of(request)
        return person, await uploads.find(person, upload_id)
    named = await uploads.find(SERVICE, upload_id)
    token = request.headers.get("x-signature", "")
    person = request.app[OBJECT_LINKS].opened_for_upload(token, named.name).signer
    return person, await uploads.find(person, upload_id)


def _upload_id(request: web.Request) -> UUID:
    try:
        return UUID(request.match_info["upload_id"])
    except ValueError as error:
        raise protocol.refusal(404, "NoSuchUpload", "There is no such upload.") from error


def _is_signed(request: web.Request) -> bool:
    return request.path.startswith(SIGNED_PATH)


def _check_room(request: web.Request, room: int) -> None:
    """Refuses what says itself that it is too much, before any of it is taken."""
    if request.content_length is not None and request.content_length > room:
        raise too_large()


def _answer(status: int, upload: ResumableUpload, headers: dict[str, str]) -> web.Response:
    return web.Response(
        status=status, headers=protocol.progress_headers(upload.progress, complete=upload.finished) | headers
    )


def _in_tus(handler: _Handler) -> _Handler:
    """Errors of this protocol have the wire's body, and over HTTP the status that the body names."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            protocol.check_version(request.headers)
            return await handler(request)
        except CallXError as error:
            known = translated(error)
            headers = {"Tus-Resumable": protocol.VERSION, "Tus-Version": protocol.VERSION, "Cache-Control": "no-store"}
            body = storage_error(known, logs.request_id.get())
            status = known.number if known.number < 500 else known.status
            return web.json_response(body, status=status, headers=headers)

    return answered


async def _tidying(app: web.Application) -> AsyncIterator[None]:
    tasks = Tasks("storage")
    tasks.start(Tidier(app[DATABASE], app[BLOBS], app[CLOCK]).run(), "tidying")
    yield
    await tasks.close()
