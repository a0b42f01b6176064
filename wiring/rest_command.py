"""`rest`: the REST wire over a database that knows nothing of CallX, served by itself below `/` and `/rest/v1`."""

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

import core.rest.http
from core.app_keys import CLOCK, DATABASE, SETTINGS
from core.clock import Clock, SystemClock
from core.cors import CORS_PREFIXES, add_cors_headers, cors
from core.db import Database, connect
from core.errors import BadRequest
from core.identity import Person
from core.rest.errors import RestError
from core.rest.exposure import Exposure
from core.rest.foreign_roles import ForeignRoles
from core.settings import Settings
from core.tokens import ForeignTokens, bearer_of
from core.web import IDENTIFY, Handler, errors_to_json, request_context
from wiring.serving import listen, shown, stop_signals, take_requests

log = logging.getLogger(__name__)

PREFIX = "/rest/v1"
LEAST_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class RestService:
    """What the command line asks for; docs/rest-standalone.md describes each."""

    schemas: tuple[str, ...]
    database_url: str | None = None
    anon_role: str | None = None
    roles: tuple[str, ...] | None = None
    extra_search_path: tuple[str, ...] = ("public",)
    functions: tuple[str, ...] | None = None
    max_rows: int = 1_000
    statement_timeout_ms: int = 8_000
    jwt_secret_file: Path | None = None
    jwt_audience: str | None = None


async def serve_rest(settings: Settings, wanted: RestService) -> None:
    """Runs the wire until SIGINT or SIGTERM, and prints the ready line when it takes requests.

    Raises BadRequest for options that cannot be meant, and Unavailable when the database does not answer.
    """
    key = await asyncio.to_thread(jwt_key, settings, wanted)
    stopping = stop_signals()
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(listen(settings))
        database = await open_foreign_database(settings, wanted)
        stack.push_async_callback(database.close)
        await take_requests(stack, create_rest_app(settings, wanted, database, key, SystemClock()), listener)
        url = f"http://{shown(settings.host)}:{listener.getsockname()[1]}"
        print(f"The REST wire of {', '.join(wanted.schemas)} is ready: {url} and {url}{PREFIX}", flush=True)
        await stopping.wait()
        log.info("Stopping.")


async def open_foreign_database(settings: Settings, wanted: RestService) -> Database:
    """Opens the pool and looks whether schemas and roles are as wanted. Raises BadRequest and Unavailable."""
    if not wanted.schemas or any(name.startswith("pg_") or name == "information_schema" for name in wanted.schemas):
        raise BadRequest("Name schemas of your own with --schemas.", code="no_such_schema")
    given = settings.database_url.get_secret_value() if settings.database_url else None
    url = wanted.database_url or given
    if url is None:
        raise BadRequest("Name the database with --database-url or DATABASE_URL.", code="no_database")
    roles = ForeignRoles(
        schemas=wanted.schemas,
        anonymous=wanted.anon_role,
        allowed=None if wanted.roles is None else frozenset(wanted.roles),
        extra_search_path=wanted.extra_search_path,
        statement_timeout_ms=wanted.statement_timeout_ms,
    )
    try:
        database = await connect(url, pool_size=settings.database_pool_size, become=roles.become)
    except ValueError as error:
        raise BadRequest(f"The database's address cannot be read: {error}", code="bad_database_url") from error
    try:
        async with database.as_login() as tx:
            await roles.check(tx)
    except BaseException:
        await database.close()
        raise
    return database


def create_rest_app(
    settings: Settings, wanted: RestService, database: Database, key: bytes | None, clock: Clock
) -> web.Application:
    """The application over what is open; `key` verifies tokens, without one every token is refused."""
    app = web.Application(middlewares=[request_context, cors, errors_to_json, below_prefix])
    app.on_response_prepare.append(add_cors_headers)
    app[SETTINGS], app[CLOCK], app[DATABASE] = settings, clock, database
    app[CORS_PREFIXES] = ("/",)
    tokens = None if key is None else ForeignTokens(key, clock, wanted.jwt_audience)

    def person_of(bearer: str) -> Person:
        if tokens is None:
            raise RestError(500, "PGRST300", "Server lacks JWT secret")
        claims = tokens.claims_of(bearer)
        return Person("anonymous" if claims.get("role") is None else "authenticated", claims=claims)

    async def identify(request: web.Request) -> Person:
        return bearer_of(request, person_of)

    app[IDENTIFY] = identify
    exposure = Exposure(
        schemas=wanted.schemas,
        functions=None if wanted.functions is None else frozenset(wanted.functions),
        max_rows=wanted.max_rows,
        anonymous=wanted.anon_role is not None,
        prefix="",
    )
    core.rest.http.add_routes(app, exposure=exposure, at_once=settings.database_pool_size)
    return app


@web.middleware
async def below_prefix(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers below `/rest/v1` what it answers below `/`: supabase-js uses the one, PostgREST's clients the other."""
    path = request.rel_url.raw_path
    if not path.startswith(PREFIX + "/"):
        return await handler(request)
    url = request.rel_url.with_path(path.removeprefix(PREFIX), encoded=True, keep_query=True)
    response = await handler(request.clone(rel_url=url))
    if location := response.headers.get("Location"):
        response.headers["Location"] = PREFIX + location
    return response


def jwt_key(settings: Settings, wanted: RestService) -> bytes | None:
    """The key that tokens are signed with. Raises BadRequest for one that is too short, or for no way to ask at all."""
    key = settings.rest_jwt_secret.get_secret_value().encode() if settings.rest_jwt_secret else None
    if wanted.jwt_secret_file is not None:
        try:
            key = wanted.jwt_secret_file.read_bytes().strip()
        except OSError as error:
            text = f"{wanted.jwt_secret_file} cannot be read: {error.strerror}."
            raise BadRequest(text, code="no_such_file") from error
    if key is None and wanted.anon_role is None:
        text = "Nobody could ask anything: give --anon-role, or --jwt-secret-file or CALLX_REST_JWT_SECRET, or both."
        raise BadRequest(text, code="nobody_may_ask")
    if key is not None and len(key) < LEAST_SECRET_BYTES:
        text = f"The JWT secret is shorter than {LEAST_SECRET_BYTES} bytes: it could be guessed."
        raise BadRequest(text, code="weak_secret")
    return key
