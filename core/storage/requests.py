"""What every address of the storage wire does with a request: who asks, what is named, how refusals look."""

from functools import wraps
from typing import Any

import asyncpg
from aiohttp import web

from core.errors import BadRequest, CallXError
from core.identity import Person
from core.storage.errors import database_error, invalid_request, not_signed_in, translated
from core.web import Handler, json_object, person_of


def on_this_wire(handler: Handler) -> Handler:
    """The handler, with refusals from elsewhere in this wire's numbers: over HTTP too most of them are 400."""

    @wraps(handler)
    async def translating(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except CallXError as error:
            raise translated(error) from error
        except asyncpg.PostgresError as error:
            raise database_error(error.sqlstate or "") from error

    return translating


async def refuse_nobody(request: web.Request) -> Person:
    """Who asks. Raises StorageError AccessDenied for whoever is not signed in."""
    person = await person_of(request)
    if person.kind == "anonymous":
        raise not_signed_in()
    return person


async def json_body(request: web.Request) -> dict[str, Any]:
    """The body, a JSON object. Raises StorageError InvalidRequest."""
    try:
        return await json_object(request)
    except BadRequest as error:
        raise invalid_request(error.message) from error


def tail(request: web.Request, prefix: str) -> str:
    """What follows `prefix/` in the address, not decoded.

    Counted in segments, because clients may encode letters of the prefix too.
    """
    return "/".join(request.rel_url.raw_path.split("/")[prefix.count("/") + 1 :])
