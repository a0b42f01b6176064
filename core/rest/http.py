"""`/rest/v1` over HTTP: parse, plan, one statement as the person who asks, answer."""

import json
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from aiohttp import web
from asyncpg import PostgresError

from core.app_keys import CLOCK, DATABASE
from core.client_address import client_address, limit_key
from core.db import Tx
from core.identity import Person
from core.rest.errors import RestError, bad_body, database_error, not_served, rest_error
from core.rest.grammar import Query, parse_query
from core.rest.introspection import Catalogs
from core.rest.old_preferences import (
    JSON,
    OBJECT,
    Preferences,
    check_profile,
    content_range,
    parse_prefer,
    parse_range,
    wants_object,
)
from core.rest.plan import plan_insert, plan_read
from core.rest.sql import MAXIMUM_ANSWER_BYTES, Statement, insert_statement, read_statement
from core.rest.turnstile import Turnstile
from core.web import ERROR_SHAPES, person_of

PREFIX = "/rest/v1"
MAXIMUM_ROWS = 1_000
QUERY_CANCELED = "57014"
CATALOGS = web.AppKey("catalogs", Catalogs)
TURNSTILE = web.AppKey("turnstile", Turnstile)


def add_routes(app: web.Application, *, schema: str = "public", at_once: int = 7) -> None:
    """Adds the REST wire over one schema; `at_once` leaves connections of the pool to everything else."""
    app[CATALOGS] = Catalogs((schema,))
    app[TURNSTILE] = Turnstile(at_once=at_once)
    if ERROR_SHAPES not in app:
        app[ERROR_SHAPES] = {}
    app[ERROR_SHAPES][PREFIX] = rest_error
    app.router.add_route("*", PREFIX + "/{path:.*}", serve)


async def serve(request: web.Request) -> web.Response:
    """Every request below `/rest/v1/`."""
    table = _table_name(request)
    match request.method:
        case "GET" | "HEAD":
            return await _read(request, table)
        case "POST":
            return await _insert(request, table)
        case method:
            raise RestError(405, "PGRST117", f"Unsupported HTTP method: {method}")


async def _read(request: web.Request, table: str) -> web.Response:
    single, preferences, query = _asked(request)
    query = _in_range(query, request.headers.get("Range"))
    person = await person_of(request)
    catalogs, now_ms = request.app[CATALOGS], request.app[CLOCK].monotonic_ms()
    async with _turn(request, person), request.app[DATABASE].acting_as(person, read_only=True) as tx:
        role, catalog = await catalogs.of_current_role(tx, now_ms)
        plan = plan_read(catalog, table, query, max_rows=MAXIMUM_ROWS)
        statement = read_statement(plan, catalog.schema, single=single, count=preferences.count)
        found = await _run(tx, statement, role)
    if single and found["rows"] != 1:
        raise _not_one_row(found["rows"])
    body = _bounded(found["body"])
    total, rows = found["total"], found["rows"]
    if total is not None and plan.offset > total:
        details = f"An offset of {plan.offset} was requested, but there are only {total} rows."
        raise RestError(416, "PGRST103", "Requested range not satisfiable", details=details)
    response = _answer(body, single, status=206 if total is not None and rows < total else 200)
    response.headers["Content-Range"] = content_range(plan.offset, rows, total)
    return _applied(response, preferences)


async def _insert(request: web.Request, table: str) -> web.Response:
    single, preferences, query = _asked(request)
    if query.on_conflict:
        raise not_served("An upsert (on_conflict)")
    rows, keys = _payload(await request.read(), query)
    representation = preferences.returned == "representation"
    person = await person_of(request)
    catalogs, now_ms = request.app[CATALOGS], request.app[CLOCK].monotonic_ms()
    async with _turn(request, person), request.app[DATABASE].acting_as(person) as tx:
        role, catalog = await catalogs.of_current_role(tx, now_ms)
        plan = plan_insert(catalog, table, query, keys, representation=representation, max_rows=MAXIMUM_ROWS)
        statement = insert_statement(plan, catalog.schema, rows, single=single)
        written = await _run(tx, statement, role)
        if single and representation and written["rows"] != 1:
            raise _not_one_row(written["rows"])  # inside, so that it is rolled back
        body = _bounded(written["body"])
    response = _answer(body, single, status=201) if representation else web.Response(status=201)
    response.headers["Content-Range"] = "*/*"
    return _applied(response, preferences)


def _turn(request: web.Request, person: Person) -> AbstractAsyncContextManager[None]:
    caller = str(person.user_id or f"{person.kind} {limit_key(client_address(request))}")
    return request.app[TURNSTILE].place(caller)


def _asked(request: web.Request) -> tuple[bool, Preferences, Query]:
    check_profile(request.headers, request.method, request.app[CATALOGS].schema)
    single = wants_object(request.headers.get("Accept", ""))
    preferences = parse_prefer(request.headers.getall("Prefer", ()))
    return single, preferences, parse_query(request.rel_url.query.items())


def _in_range(query: Query, header: str | None) -> Query:
    asked = parse_range(header)
    if asked is None or dict(query.limits).get(()) is not None or dict(query.offsets).get(()) is not None:
        return query
    offset, limit = asked
    limits = query.limits if limit is None else (*query.limits, ((), limit))
    return replace(query, limits=limits, offsets=(*query.offsets, ((), offset)))


def _table_name(request: web.Request) -> str:
    path = request.rel_url.raw_path.removeprefix(PREFIX + "/")
    first, _, rest = path.partition("/")
    if first == "rpc" and rest:
        name = unquote(rest)[:100]
        raise RestError(404, "PGRST202", f"Could not find the function public.{name} in the schema cache")
    if not first or rest:
        raise RestError(404, "PGRST125", "Invalid path specified in request URL")
    return unquote(first)


def _payload(body: bytes, query: Query) -> tuple[str, list[str]]:
    """The rows as a JSON array, and the keys of each. Raises RestError PGRST102."""
    try:
        text = body.decode()
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise bad_body("Empty or invalid json") from error
    if isinstance(found, dict):
        text, found = f"[{text}]", [found]
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise bad_body("The body must be an object or an array of objects.")
    keys = list(found[0]) if found else []
    if query.columns is None and any(row.keys() != found[0].keys() for row in found):
        raise bad_body("All object keys must match")
    return text, keys


async def _run(tx: Tx, statement: Statement, role: str) -> Any:
    try:
        return await tx.fetchrow(statement.sql, *statement.values)
    except PostgresError as error:
        sqlstate = error.sqlstate or "XX000"
        if sqlstate[:2] in ("08", "57") and sqlstate != QUERY_CANCELED:
            raise  # the connection is going; `acting_as` says so
        raise database_error(
            sqlstate,
            getattr(error, "message", None) or str(error),
            getattr(error, "detail", None),
            getattr(error, "hint", None),
            anonymous=role == "anon",
        ) from error


def _bounded(body: str | None) -> str:
    if body is None:
        text = f"The answer is longer than {MAXIMUM_ANSWER_BYTES} bytes"
        raise RestError(413, "54000", text, hint="Ask for fewer rows, columns or embeds.")
    return body


def _answer(body: str, single: bool, *, status: int) -> web.Response:
    return web.Response(text=body, status=status, content_type=OBJECT if single else JSON, charset="utf-8")


def _applied(response: web.Response, preferences: Preferences) -> web.Response:
    if preferences.applied:
        response.headers["Preference-Applied"] = ", ".join(preferences.applied)
    return response


def _not_one_row(rows: int) -> RestError:
    return RestError(
        406,
        "PGRST116",
        "Cannot coerce the result to a single JSON object",
        details=f"The result contains {rows} rows",
    )
