"""PostgreSQL understands whatever is written: it may refuse a value, a type or a right, but never the SQL itself."""

import json
from collections import Counter
from typing import Any

import asyncpg
import pytest

from core.rest.errors import RestError
from core.rest.planner.reads import plan_read
from core.rest.planner.writes import plan_delete, plan_insert, plan_update
from core.rest.query import Query
from core.rest.sql_writer.forms import Form
from core.rest.sql_writer.reads import read_statement
from core.rest.sql_writer.statement import Statement
from core.rest.sql_writer.writes import delete_statement, insert_statement, update_statement
from tests.support.random_queries import RandomQueries
from tests.support.rest_statements import Requests

FORMS: tuple[Form, ...] = ("array", "object", "csv")
DATA, RIGHT, CONSTRAINT = "22", "42501", "23"
NO_SUCH_OPERATOR, NO_SUCH_CAST, OTHER_TYPE, COMPUTED = "42883", "42846", "42804", "428C9"
NOT_WRITABLE, NO_UNIQUE_KEY, TWICE = ("55000", "42809"), "42P10", "21000"
NO_CONFIGURATION = ("42704", "42602")
MAY_BE_REFUSED = (
    DATA, RIGHT, CONSTRAINT, NO_SUCH_OPERATOR, NO_SUCH_CAST, OTHER_TYPE, COMPUTED, NO_UNIQUE_KEY, TWICE,
    *NOT_WRITABLE, *NO_CONFIGURATION,
)  # fmt: skip


@pytest.fixture
async def requests(library):
    return await Requests.of(library)


def reading(made: RandomQueries) -> list[Statement]:
    table = made.table()
    plan = plan_read(made.catalog, table, made.query(table), max_rows=100)
    strip_nulls, count = made.random.random() < 0.5, made.random.random() < 0.5
    return [read_statement(plan, form=made.random.choice(FORMS), strip_nulls=strip_nulls, count=count)]


def writing(made: RandomQueries) -> list[Statement]:
    table, form = made.table(), made.random.choice(FORMS)
    keys = made.keys(table)
    chosen = made.query(table, filtered=True, limited=False)
    payload: dict[str, Any] = {key: made.random.choice((None, 1, "x", [], {})) for key in keys}
    insert = plan_insert(
        made.catalog, table, Query(chosen.select, on_conflict=chosen.on_conflict), keys,
        representation=True, resolution=made.random.choice((None, "merge", "ignore")),
        missing_default=made.random.random() < 0.5,
    )  # fmt: skip
    update = plan_update(made.catalog, table, chosen, keys, representation=True)
    return [
        insert_statement(insert, json.dumps([payload, {}]), form=form),
        update_statement(update, json.dumps(payload), form=form),
        delete_statement(plan_delete(made.catalog, table, chosen, representation=True), form=form),
    ]


@pytest.mark.parametrize("make", [reading, writing])
async def test_random_requests_are_sql(requests, make):
    ended: Counter[str] = Counter()
    faults = []
    for seed in range(400):
        try:
            statements = make(RandomQueries(seed, requests.catalog, odd=200))
        except RestError as error:
            ended[error.code] += 1
            continue
        for statement in statements:
            try:
                await requests.run(statement)
                ended["answered"] += 1
            except asyncpg.PostgresError as error:
                ended[error.sqlstate] += 1
                if not error.sqlstate.startswith(MAY_BE_REFUSED) and "in tsquery" not in str(error):
                    faults.append((seed, error.sqlstate, str(error), statement))

    assert faults == []
    assert ended["answered"] > 20, ended
