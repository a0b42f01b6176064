"""POST, PATCH and DELETE of a table."""

import asyncio
import json
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from aiohttp import web

from core.rest.answers import answer
from core.rest.catalog import Catalog
from core.rest.errors import not_one_row, too_many_affected
from core.rest.incoming import Incoming, read_body
from core.rest.media_types import MediaType
from core.rest.parser import parse_query
from core.rest.payloads import Rows, cleaned, read_change, read_rows
from core.rest.planner.plans import DeletePlan, InsertPlan, UpdatePlan
from core.rest.planner.writes import plan_delete, plan_insert, plan_update
from core.rest.preferences import Action
from core.rest.query import Field, FieldSelect, Query
from core.rest.ranges import content_range
from core.rest.sql_writer.writes import delete_statement, insert_statement, update_statement
from core.rest.statements import Result, Session, session


async def insert(incoming: Incoming, table: str) -> web.Response:
    """Adds rows, or with `Prefer: resolution` changes those that are there.

    201, or 200 when all rows were there already. `Prefer: return=headers-only` answers the address of the one new row.
    """
    query, preferences = _query(incoming), incoming.preferences
    rows = await _cleaned(incoming, table, read_rows(await read_body(incoming), query.columns))
    async with session(incoming, read_only=False) as it:
        wanted = _wanted(incoming, query, it.catalog, table)
        plan = plan_insert(
            it.catalog,
            table,
            wanted.query,
            rows.keys,
            representation=wanted.rows,
            resolution=preferences.resolution,
            missing_default=preferences.missing_default,
        )
        form = wanted.media_type
        result = await it.run(plan, insert_statement(plan, rows.text, form=form.form, strip_nulls=form.strip_nulls))
        await _check(it, plan, result)
    all_there = preferences.resolution == "merge" and result.inserted == 0 and result.rows > 0
    response = _answer(incoming, "insert", result, status=200 if all_there else 201, names_rows=False)
    if wanted.address and result.rows == 1:
        response.headers["Location"] = _address(incoming, table, result.body)
    return response


async def update(incoming: Incoming, table: str) -> web.Response:
    """Changes the rows that the filters leave. A body without members changes nothing and is no error."""
    query, form = _query(incoming), incoming.media_type
    change = await _cleaned(incoming, table, read_change(await read_body(incoming)))
    representation = incoming.preferences.representation
    async with session(incoming, read_only=False) as it:
        plan = plan_update(it.catalog, table, query, change.keys, representation=representation)
        result = await it.run(plan, update_statement(plan, change.text, form=form.form, strip_nulls=form.strip_nulls))
        await _check(it, plan, result)
    return _answer(incoming, "update", result, status=200 if representation else 204, names_rows=True)


async def delete(incoming: Incoming, table: str) -> web.Response:
    """Removes the rows that the filters leave."""
    query, form = _query(incoming), incoming.media_type
    representation = incoming.preferences.representation
    async with session(incoming, read_only=False) as it:
        plan = plan_delete(it.catalog, table, query, representation=representation)
        result = await it.run(plan, delete_statement(plan, form=form.form, strip_nulls=form.strip_nulls))
        await _check(it, plan, result)
    return _answer(incoming, "delete", result, status=200 if representation else 204, names_rows=False)


async def _cleaned(incoming: Incoming, table: str, rows: Rows) -> Rows:
    cleaners = incoming.exposure.cleaned.get(table)
    return await asyncio.to_thread(cleaned, rows, cleaners) if cleaners else rows


def _query(incoming: Incoming) -> Query:
    return parse_query(incoming.request.rel_url.query.items())


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an insert is to answer: rows in a form, or just enough to say where the new row is."""

    query: Query
    media_type: MediaType
    rows: bool
    address: bool = False


def _wanted(incoming: Incoming, query: Query, catalog: Catalog, table: str) -> _Wanted:
    known = catalog.tables.get(table)
    if incoming.preferences.returned == "headers-only" and known is not None and known.primary_key:
        key = tuple(FieldSelect(Field(name)) for name in known.primary_key)
        return _Wanted(replace(query, select=key), MediaType(), rows=True, address=True)
    return _Wanted(query, incoming.media_type, rows=incoming.preferences.representation)


def _address(incoming: Incoming, table: str, body: str) -> str:
    [row] = json.loads(body)
    filters = {name: f"eq.{value if isinstance(value, str) else json.dumps(value)}" for name, value in row.items()}
    return f"{incoming.exposure.prefix}/{quote(table, safe='')}?{urlencode(filters)}"


async def _check(it: Session, plan: InsertPlan | UpdatePlan | DeletePlan, result: Result) -> None:
    """Within the transaction, so that what must not stand is rolled back."""
    incoming = it.incoming
    if incoming.single and result.rows != 1:
        raise not_one_row(result.rows)
    most = incoming.preferences.max_affected
    if most is not None and result.rows > most and not isinstance(plan, InsertPlan):
        raise too_many_affected(result.rows)
    await it.tell(plan, result.rows)


def _answer(incoming: Incoming, action: Action, result: Result, *, status: int, names_rows: bool) -> web.Response:
    """`names_rows`: `Content-Range` says from which to which; after an update it does, as in PostgREST."""
    total = result.rows if incoming.preferences.count else None
    return answer(
        incoming,
        action,
        status=status,
        body=result.body if incoming.preferences.representation else None,
        content_range=content_range(0, result.rows if names_rows else 0, total),
    )
