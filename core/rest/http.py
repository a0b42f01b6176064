"""The routes of `/rest/v1`: one address for each table and function of the exposed schemas."""

from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from aiohttp import web

from core import logs
from core.rest import calls, reads, writes
from core.rest.errors import RestError, no_such_path, not_allowed, rest_error
from core.rest.exposure import GATEWAY, Exposure, Gateway, OnRead, RestDatabase
from core.rest.incoming import Incoming, understand
from core.rest.introspection import Catalogs
from core.rest.prepared import PreparedReads
from core.rest.turnstile import Turnstile
from core.web import ERROR_SHAPES

Verb = Callable[[Incoming, str], Awaitable[web.Response]]

_TABLE_VERBS: dict[str, Verb] = {
    "GET": reads.read,
    "HEAD": reads.read,
    "POST": writes.insert,
    "PATCH": writes.update,
    "DELETE": writes.delete,
}
_CALL_VERBS: dict[str, Verb] = {"GET": calls.call_by_get, "HEAD": calls.call_by_get, "POST": calls.call_by_post}
_FUNCTIONS = "rpc"


def add_routes(
    app: web.Application,
    *,
    exposure: Exposure | None = None,
    at_once: int = 7,
    on_read: OnRead | None = None,
    database: RestDatabase | None = None,
) -> None:
    """Adds one REST wire to the application.

    `at_once` requests run together, which leaves connections of the pool to everything else; `on_read` follows who
    reads the tables that `exposure.observed` names; the rows are in `database`, by default the application's.
    """
    exposure = exposure or Exposure()
    app[GATEWAY] = Gateway(
        exposure,
        Catalogs(exposure.schemas),
        Turnstile(at_once=at_once),
        PreparedReads(exposure.max_rows),
        database,
        on_read,
    )
    if ERROR_SHAPES not in app:
        app[ERROR_SHAPES] = {}
    app[ERROR_SHAPES][exposure.prefix] = rest_error
    app.router.add_route("*", exposure.prefix + "/{path:.*}", serve)


async def serve(request: web.Request) -> web.Response:
    """Every request below the prefix. The root has no answer of its own: 404 PGRST125, as has every other odd path."""
    try:
        return await _serve(request)
    except RestError as error:
        if not error.headers:
            raise
        body = rest_error(error, logs.request_id.get())
        return web.json_response(body, status=error.status, headers=error.headers)


async def _serve(request: web.Request) -> web.Response:
    # The raw path, because a slash inside of a name arrives encoded.
    path = request.rel_url.raw_path.removeprefix(request.app[GATEWAY].exposure.prefix + "/")
    names = [unquote(part) for part in path.split("/")]
    match names:
        case [table] if table:
            verbs, name = _TABLE_VERBS, table
        case [first, function] if first == _FUNCTIONS and function:
            verbs, name = _CALL_VERBS, function
        case _:
            raise no_such_path()
    allowed = ", ".join((*verbs, "OPTIONS"))
    if request.method == "OPTIONS":  # a preflight has been answered before it came here
        return web.Response(headers={"Allow": allowed})
    verb = verbs.get(request.method)
    if verb is None:
        raise not_allowed(request.method, allowed)
    return await verb(await understand(request), name)
