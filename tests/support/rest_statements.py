"""Requests of the REST wire on one connection, without HTTP: parse, plan, write, run."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import asyncpg

from core.rest.catalog import Catalog
from core.rest.introspection import load_catalog
from core.rest.parser import parse_query
from core.rest.planner.calls import find_function, plan_call, split_arguments
from core.rest.planner.reads import plan_read
from core.rest.planner.writes import plan_delete, plan_insert, plan_update
from core.rest.query import Query
from core.rest.sql_writer.calls import call_statement
from core.rest.sql_writer.reads import read_statement
from core.rest.sql_writer.statement import Statement
from core.rest.sql_writer.writes import delete_statement, insert_statement, update_statement

MAX_ROWS = 1_000


@dataclass(frozen=True)
class Answered:
    """The one row of a statement."""

    text: str
    rows: int
    total: int | None
    inserted: int | None

    @property
    def body(self) -> Any:
        return json.loads(self.text)


class Requests:
    """`max_rows` may be changed; the catalog is that of the connection's role when it was loaded."""

    def __init__(self, connection: asyncpg.Connection, catalog: Catalog) -> None:
        self.connection = connection
        self.catalog = catalog
        self.max_rows = MAX_ROWS

    @classmethod
    async def of(cls, connection: asyncpg.Connection, schema: str = "library") -> "Requests":
        return cls(connection, await load_catalog(connection, schema))

    async def read(self, url: str, **shown: Any) -> Answered:
        table, query = _parts(url)
        return await self.run(self.read_statement(table, query, **shown))

    def read_statement(self, table: str, query: Query, **shown: Any) -> Statement:
        return read_statement(plan_read(self.catalog, table, query, max_rows=self.max_rows), **shown)

    async def insert(self, url: str, rows: Sequence[Mapping[str, Any]], representation: bool = True, **asked: Any):
        table, query = _parts(url)
        keys = list(rows[0]) if rows else []
        shown = {name: asked.pop(name) for name in ("form", "strip_nulls", "count") if name in asked}
        plan = plan_insert(self.catalog, table, query, keys, representation=representation, **asked)
        return await self.run(insert_statement(plan, json.dumps(rows), **shown))

    async def update(self, url: str, change: Mapping[str, Any], representation: bool = True, **shown: Any) -> Answered:
        table, query = _parts(url)
        plan = plan_update(self.catalog, table, query, list(change), representation=representation)
        return await self.run(update_statement(plan, json.dumps(change), **shown))

    async def delete(self, url: str, representation: bool = True, **shown: Any) -> Answered:
        table, query = _parts(url)
        plan = plan_delete(self.catalog, table, query, representation=representation)
        return await self.run(delete_statement(plan, **shown))

    async def post(self, url: str, body: Any, **shown: Any) -> Answered:
        name, query = _parts(url)
        keys = list(body) if isinstance(body, dict) else []
        function = find_function(self.catalog, name, keys)
        plan = plan_call(self.catalog, function, keys, query, max_rows=self.max_rows)
        return await self.run(call_statement(plan, json.dumps(body), **shown))

    async def get(self, url: str, **shown: Any) -> Answered:
        name, _, text = url.partition("?")
        split = split_arguments(self.catalog, name, parse_qsl(text, keep_blank_values=True))
        query = parse_query(split.rest)
        plan = plan_call(self.catalog, split.function, split.values, query, max_rows=self.max_rows)
        return await self.run(call_statement(plan, split.values, **shown))

    async def run(self, statement: Statement) -> Answered:
        async with self.connection.transaction():  # a savepoint, so that a refusal does not end the test's transaction
            found = await self.connection.fetch(statement.sql, *statement.values)
        [row] = found
        return Answered(row["body"], row["rows"], row["total"], row["inserted"])


def _parts(url: str) -> tuple[str, Query]:
    table, _, text = url.partition("?")
    return table, parse_query(parse_qsl(text, keep_blank_values=True))
