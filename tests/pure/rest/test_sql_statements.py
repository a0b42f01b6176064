"""A few statements word by word, for whoever wants to see what is sent."""

from dataclasses import replace

import pytest

from core.rest.catalog import Catalog, Column, Function, Parameter
from core.rest.parser import parse_query
from core.rest.planner.calls import plan_call
from core.rest.planner.reads import plan_read
from core.rest.planner.writes import plan_delete, plan_insert, plan_update
from core.rest.sql_writer.calls import call_statement
from core.rest.sql_writer.reads import read_statement
from core.rest.sql_writer.statement import Names, Statement, quoted
from core.rest.sql_writer.writes import delete_statement, insert_statement, update_statement
from tests.pure.rest.course_catalog import CATALOG

TEXT = "pg_catalog.text"
MODULES = CATALOG.tables["modules"]
KEYED = Catalog("public", {**CATALOG.tables, "modules": replace(MODULES, primary_key=("id",))}, CATALOG.foreign_keys)


MADE = "coalesce(nullif(current_setting('rest.made_bytes', true), ''), '0')::bigint"


def counted(size):
    return f"set_config('rest.made_bytes', ({MADE} + {size})::text, true)::bigint <= 134217728"


def rows(shown):
    """Rows, while there is room for them."""
    size = counted("octet_length(to_json(s.*)::text)")
    return (
        f"(select * from ({shown}) as r offset 0) as s "
        f"where {MADE} <= 134217728 and (pg_column_size(s.*) < 8192 or {size})"
    )


def array(shown):
    made = f"select coalesce(json_agg(s.*), '[]'::json) as body from {rows(shown)}"
    fits = counted("octet_length(a.body::text)")
    return f"(select case when {fits} then a.body else '[]'::json end from ({made}) as a)"


def answer(
    shown, *, body="coalesce(json_agg(s.*)::text, '[]')", number="b.rows", total="null::bigint", inserted="null::bigint"
):
    return (
        f"select case when octet_length(b.body) > 33554432 or {MADE} > 134217728 then null else b.body end as body, "
        f"{number} as rows, {total} as total, {inserted} as inserted "
        f"from (select {body} as body, count(*) as rows from {rows(shown)}) as b"
    )


def read(table, max_rows=1_000, **parameters):
    return read_statement(plan_read(CATALOG, table, parse_query(parameters.items()), max_rows=max_rows))


def test_a_nested_read_is_one_statement_with_an_array_for_each_row():
    statement = read("modules", select="title,lessons(title)", product_id="eq.7", **{"lessons.order": "title.desc"})

    assert statement == Statement(
        answer(
            'select t1."title" as "title", '
            + array(
                'select t2."title" as "title" from "public"."lessons" as t2 where t2."module_id" = t1."id" '
                'order by t2."title" desc limit 1000'
            )
            + ' as "lessons" from "public"."modules" as t1 '
            f'where t1."product_id" = ($1::text)::{TEXT} limit 1000'
        ),
        ("7",),
    )


def test_what_there_is_one_of_is_joined_and_decides_by_its_join():
    statement = read("lessons", select="title,modules!inner(title)", **{"modules.title": "eq.x"})

    assert statement.sql == answer(
        'select t1."title" as "title", e2.body as "modules" from "public"."lessons" as t1 join lateral ('
        'select row_to_json(s.*) as body from (select t3."title" as "title" from "public"."modules" as t3 '
        f'where t3."id" = t1."module_id" and t3."title" = ($1::text)::{TEXT}) as s) as e2 on true limit 1000'
    )


def test_of_sorted_rows_only_the_page_is_joined():
    statement = read("lessons", select="id,modules(title)", order="title.desc.nullslast", limit="5", offset="10")

    assert statement == Statement(
        answer(
            'select t2."id" as "id", e3.body as "modules" from (select t1."id", t1."title", t1."module_id" '
            'from "public"."lessons" as t1 order by t1."title" desc nulls last limit 5 offset $1::bigint) as t2 '
            'left join lateral (select row_to_json(s.*) as body from (select t4."title" as "title" '
            'from "public"."modules" as t4 where t4."id" = t2."module_id") as s) as e3 on true '
            'order by t2."title" desc nulls last'
        ),
        (10,),
    )


def test_the_count_asks_for_nothing_but_what_filters():
    plan = plan_read(
        CATALOG, "modules", parse_query([("select", "id,lessons!inner(id)"), ("order", "id")]), max_rows=10
    )  # fmt: skip

    assert (
        '(select count(*) from "public"."modules" as t4 where '
        'exists (select from "public"."lessons" as t5 where t5."module_id" = t4."id")) as total'
    ) in read_statement(plan, count=True).sql


def test_an_upsert_counts_the_rows_that_it_meets():
    plan = plan_insert(
        KEYED, "modules", parse_query([("select", "title")]), ["id", "title"], representation=True, resolution="merge"
    )

    counter = "'rest.replaced_rows'"
    assert insert_statement(plan, "[]").sql == (
        'with written as (insert into "public"."modules" as t1 ("id", "title") select x2."id", x2."title" from '
        f'json_to_recordset(($1::text)::pg_catalog.json) as x2("id" {TEXT}, "title" {TEXT}) '
        f"where (select set_config({counter}, '0', true)) is not null "
        'on conflict ("id") do update set "id" = excluded."id", "title" = excluded."title" '
        f"where set_config({counter}, (current_setting({counter})::bigint + 1)::text, true) is not null "
        'returning t1."title") '
    ) + answer(
        'select t3."title" as "title" from written as t3',
        number="(select count(*) from written)",
        inserted=f"(select count(*) from written) - current_setting({counter})::bigint",
    )


def test_an_update_returns_only_what_the_answer_needs():
    query = parse_query([("id", "eq.1"), ("select", "lessons(id)"), ("order", "title")])
    statement = update_statement(plan_update(CATALOG, "modules", query, ["title"], representation=True), "{}")

    assert statement.sql.startswith(
        'with written as (update "public"."modules" as t1 set "title" = x2."title" from '
        f'json_to_record(($2::text)::pg_catalog.json) as x2("title" {TEXT}) where t1."id" = ($1::text)::{TEXT} '
        'returning t1."title", t1."id") select'
    )
    assert statement.values == ("1", "{}")


def test_a_delete_that_answers_nothing_reads_nothing():
    plan = plan_delete(CATALOG, "modules", parse_query([("id", "in.(1,2)")]), representation=False)

    assert delete_statement(plan) == Statement(
        f'with written as (delete from "public"."modules" as t1 where t1."id" = any (($1::text[])::{TEXT}[]) '
        "returning 1 as one) select '' as body, (select count(*) from written) as rows, "
        "null::bigint as total, null::bigint as inserted",
        (["1", "2"],),
    )


@pytest.mark.parametrize(
    ("arguments", "source", "values"),
    [
        (
            '{"a": 1}',
            "json_to_record(($1::text)::pg_catalog.json) as x1(\"a\" pg_catalog.int4) "
            'cross join lateral "public"."f"("a" := x1."a") as t2',
            ('{"a": 1}',),
        ),
        ({"a": "1"}, '"public"."f"("a" := ($1::text)::pg_catalog.int4) as t1', ("1",)),
    ],
)  # fmt: skip
def test_a_call_takes_its_arguments_from_json_or_texts(arguments, source, values):
    columns = {"id": Column("id", TEXT, readable=True)}
    function = Function("f", (Parameter("a", "pg_catalog.int4", required=True),), True, "stable", columns=columns)
    plan = plan_call(CATALOG, function, ["a"], parse_query([("limit", "3")]), max_rows=10)

    alias = "t2" if isinstance(arguments, str) else "t1"
    assert call_statement(plan, arguments) == Statement(
        answer(f'select {alias}."id" as "id" from {source} limit 3'), values
    )


def test_a_quote_in_a_name_is_doubled():
    assert quoted('odd "name') == '"odd ""name"'
    assert 't1."odd ""name" as "odd ""name"' in read("lessons").sql


def test_a_value_that_comes_again_is_one_parameter():
    names = Names()

    first = [names.text("a"), names.texts(["a"]), names.number(1)]
    assert first == ["($1::text)", "($2::text[])", "$3::bigint"]
    assert [names.text("a"), names.texts(["a"]), names.number(1)] == first
    assert names.text("1") == "($4::text)"
