"""Whatever is asked: a typed error, or SQL that holds nothing of the request but checked aliases."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rest.catalog import Catalog
from core.rest.errors import RestError
from core.rest.parser import parse_query
from core.rest.planner.calls import find_function, plan_call, split_arguments
from core.rest.planner.plans import Level, SpreadOutput
from core.rest.planner.reads import plan_read
from core.rest.planner.writes import plan_delete, plan_insert, plan_update
from core.rest.query import Compare, Field, Filter, Query
from core.rest.sql_writer.calls import call_statement
from core.rest.sql_writer.forms import Form
from core.rest.sql_writer.reads import read_statement
from core.rest.sql_writer.statement import Statement
from core.rest.sql_writer.writes import delete_statement, insert_statement, update_statement
from tests.pure.rest.sql_tokens import faults, names_of
from tests.support.random_queries import HOSTILE, TYPES, RandomQueries

SEEDS = st.integers(0, 2**64)
FORMS: tuple[Form, ...] = ("array", "object", "csv")


def outputs_of(level: Level | None) -> Iterator[str]:
    if level is not None:
        yield from (output.name for output in level.outputs if not isinstance(output, SpreadOutput))
        for embed in level.embeds:
            yield from outputs_of(embed.level)


def check(statement: Statement, catalog: Catalog, level: Level | None) -> None:
    names = names_of(catalog) | {*outputs_of(level), "pgrst_scalar"}
    sql = statement.sql.replace("(now())", "(null)")  # the default that the catalog has
    assert faults(sql, names, types=frozenset(TYPES.values())) == [], statement.sql
    used = {int(number) for number in re.findall(r"\$([0-9]+)(?=::)", re.sub(r'"(?:[^"]|"")*"', "", sql))}
    assert used == set(range(1, len(statement.values) + 1))


def read(made: RandomQueries) -> None:
    table = made.table()
    plan = plan_read(made.catalog, table, made.query(table), max_rows=1_000)
    form, strip_nulls, count = made.random.choice(FORMS), made.random.random() < 0.5, made.random.random() < 0.5
    check(read_statement(plan, form=form, strip_nulls=strip_nulls, count=count), made.catalog, plan.level)


def write(made: RandomQueries) -> None:
    table, form = made.table(), made.random.choice(FORMS)
    keys = made.keys(table)
    payload = json.dumps([dict.fromkeys(keys, "'; drop table x")])
    representation, missing_default = made.random.random() < 0.7, made.random.random() < 0.5
    insert = plan_insert(
        made.catalog, table, Query(on_conflict=made.query(table).on_conflict), keys,
        representation=representation, resolution=made.random.choice((None, "merge", "ignore")),
        missing_default=missing_default,
    )  # fmt: skip
    check(insert_statement(insert, payload, form=form), made.catalog, insert.answer)
    chosen = made.query(table, filtered=True, limited=False)
    update = plan_update(made.catalog, table, chosen, keys, representation=representation)
    check(update_statement(update, payload, form=form), made.catalog, update.answer)
    delete = plan_delete(made.catalog, table, chosen, representation=representation)
    check(delete_statement(delete, form=form), made.catalog, delete.answer)


def call(made: RandomQueries) -> None:
    name = made.random.choice([*made.catalog.functions, made.text()])
    [function] = made.catalog.functions.get(name, (None,))
    given_names = [p.name for p in function.parameters] if function else [made.text()]
    query = made.query(next(iter(made.catalog.tables))) if function and function.columns else Query()
    form, count = made.random.choice(FORMS), made.random.random() < 0.5
    plan = plan_call(made.catalog, find_function(made.catalog, name, given_names), given_names, query, max_rows=10)
    check(call_statement(plan, '{"a": 1}', form=form, count=count), made.catalog, plan.level)
    split = split_arguments(made.catalog, name, [(each, made.text()) for each in given_names])
    plan = plan_call(made.catalog, split.function, split.values, parse_query(split.rest), max_rows=10)
    check(call_statement(plan, split.values, form=form, count=count), made.catalog, plan.level)


@settings(max_examples=400, deadline=None)
@given(SEEDS)
@pytest.mark.parametrize("make", [read, write, call])
def test_whatever_is_asked_is_a_typed_error_or_clean_sql(make: Callable[[RandomQueries], None], seed: int):
    with suppress(RestError):
        make(RandomQueries(seed))


@pytest.mark.parametrize("make", [read, write, call])
def test_what_is_asked_at_random_is_planned_often_enough_to_mean_something(make: Callable[[RandomQueries], None]):
    ended: Counter[str] = Counter()
    for seed in range(200):
        try:
            make(RandomQueries(seed))
            ended["planned"] += 1
        except RestError as error:
            ended[error.code] += 1

    assert ended["planned"] > 50, ended


@settings(max_examples=100, deadline=None)
@given(SEEDS, st.lists(st.sampled_from(HOSTILE), min_size=1))
def test_no_filter_of_a_table_is_forgotten(seed: int, texts: list[str]):
    made = RandomQueries(seed)
    table = made.table()
    fields = [Field(made.random.choice(list(made.catalog.tables[table].columns))) for _ in texts]
    tests = [Compare("eq", text) for text in texts]
    query = Query(conditions=tuple(((), Filter(field, test)) for field, test in zip(fields, tests, strict=True)))

    for statement in (
        read_statement(plan_read(made.catalog, table, query, max_rows=10), count=True),
        delete_statement(plan_delete(made.catalog, table, query, representation=False)),
        update_statement(plan_update(made.catalog, table, query, ["id"], representation=True), "{}"),
        update_statement(plan_update(made.catalog, table, query, [], representation=True), "{}"),
    ):
        assert set(texts) <= set(statement.values)
