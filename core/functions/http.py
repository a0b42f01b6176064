"""`/functions/v1` over HTTP: find the function, check who calls, read the input, answer."""

import asyncio
from typing import Any
from urllib.parse import quote

from aiohttp import web

from core.app_keys import CLOCK, DATABASE
from core.client_address import client_address, limit_key
from core.errors import Forbidden, MethodNotAllowed, NotFound, TooLarge, Unauthorized, UnsupportedMedia
from core.functions.errors import TookTooLong, function_error
from core.functions.inputs import read_input
from core.functions.registry import FUNCTIONS, FileAnswer, Function, FunctionCall, Functions
from core.identity import Person
from core.rate_limits import Bucket, RateLimiter
from core.web import ERROR_SHAPES, person_of

PREFIX = "/functions/v1"
LARGEST_BODY_BYTES = 1_048_576
JSON = "application/json"
TEXT = "text/plain"
_CHUNK_BYTES = 65_536


def add_routes(app: web.Application) -> None:
    """Adds the wire with an empty registry under FUNCTIONS; packages enter theirs afterwards."""
    app[FUNCTIONS] = Functions()
    app.setdefault(ERROR_SHAPES, {})[PREFIX] = function_error
    app.router.add_route("*", PREFIX + "/{name:.*}", serve)


async def serve(request: web.Request) -> web.Response:
    """Every request below `/functions/v1/`."""
    function = _function(request)
    person = await person_of(request)
    _check_caller(person, function)
    await _count(request, person, function)
    call, wanted = await _read(request, person, function)
    return _response(await _answer(function, call, wanted), function)


def _function(request: web.Request) -> Function:
    function = request.app[FUNCTIONS].get(request.match_info["name"])
    if function is None:
        raise NotFound("There is no such function.", code="function_not_found")
    if request.method not in function.methods:
        raise MethodNotAllowed(f"Call this function by {' or '.join(function.methods)}.", allowed=function.methods)
    return function


def _check_caller(person: Person, function: Function) -> None:
    if person.kind in function.callers:
        return
    if person.kind == "anonymous":
        raise Unauthorized("Sign in first.", code="no_authorization")
    if person.kind == "service":
        raise Forbidden("This function works for a person: call it signed in.", code="person_needed")
    raise Forbidden("Only the service may call this function.", code="service_needed")


async def _count(request: web.Request, person: Person, function: Function) -> None:
    if function.rate is None:
        return
    key = str(person.user_id) if person.user_id else f"{person.kind} {limit_key(client_address(request))}"
    limiter = RateLimiter(request.app[DATABASE], request.app[CLOCK])
    what = "This function was called too often."
    await limiter.take([Bucket(function.rate, key)], code="over_request_rate_limit", what=what)


async def _read(request: web.Request, person: Person, function: Function) -> tuple[FunctionCall, Any]:
    body = await _body(request)
    if not body or request.content_type == JSON or _is_object_as_text(request, body, function):
        wanted = read_input(function.input_model, request.query.items(), body)
        return FunctionCall(person, request.app), wanted
    if request.content_type not in function.other_bodies:
        raise UnsupportedMedia(
            f"This function takes {' or '.join((JSON, *function.other_bodies))}, not {request.content_type}. "
            "With functions.invoke, give an object as `body`."
        )
    wanted = read_input(function.input_model, request.query.items(), b"")
    return FunctionCall(person, request.app, body, request.headers.get("Content-Type", "")), wanted


def _is_object_as_text(request: web.Request, body: bytes, function: Function) -> bool:
    """Front ends write `functions.invoke(name, { body: JSON.stringify(input) })`, and the client calls that text."""
    return request.content_type == TEXT and TEXT not in function.other_bodies and body.lstrip().startswith(b"{")


async def _body(request: web.Request) -> bytes:
    """The whole body. Raises TooLarge as soon as it is known to be."""
    body = bytearray()
    if (request.content_length or 0) <= LARGEST_BODY_BYTES:
        while chunk := await request.content.read(_CHUNK_BYTES):
            body += chunk
            if len(body) > LARGEST_BODY_BYTES:
                break
        else:
            return bytes(body)
    raise TooLarge(f"The body of a function has at most {LARGEST_BODY_BYTES} bytes.")


async def _answer(function: Function, call: FunctionCall, wanted: Any) -> Any:
    timeout = asyncio.timeout(function.timeout_s)
    try:
        async with timeout:
            return await function.handler(call, wanted)
    except TimeoutError as error:
        if not timeout.expired():
            raise  # something inside ran out of its own time: a fault, and logged as one
        raise TookTooLong(f"The function did not answer within {function.timeout_s:g} seconds.") from error


def _response(answer: Any, function: Function) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    if isinstance(answer, FileAnswer):
        if answer.content_type not in function.file_types:
            raise TypeError(f"{function.name} is not said to answer with {answer.content_type}.")
        headers["Content-Type"] = answer.content_type
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(answer.filename, safe='')}"
        headers["Content-Security-Policy"] = "sandbox; default-src 'none'"  # whatever it is, it runs nothing here
        return web.Response(body=answer.content, headers=headers)
    if function.answer is None:
        raise TypeError(f"{function.name} is said to answer with files only.")
    text = function.answer.dump_json(answer, by_alias=True, warnings="error").decode()
    return web.Response(text=text, content_type=JSON, headers=headers)
