import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rest.errors import RestError
from core.rest.grammar import parse_query
from core.rest.plan import UNLIMITED, plan_insert, plan_read
from core.rest.sql import insert_statement, quoted, read_statement
from tests.pure.rest.course_catalog import CATALOG

BODY = (
    "case when octet_length(json_agg(s.*)::text) > 33554432 then null"
    " else coalesce(json_agg(s.*), '[]'::json)::text end"
)


def planned(table, max_rows=1_000, **parameters):
    return plan_read(CATALOG, table, parse_query(parameters.items()), max_rows=max_rows)


def refused(table, **parameters):
    with pytest.raises(RestError) as caught:
        planned(table, **parameters)
    return caught.value.code


def test_a_star_is_what_the_role_may_read():
    assert [output.name for output in planned("simulations").outputs] == ["id", "lesson_id"]


def test_what_is_selected_twice_comes_once():
    assert [output.name for output in planned("simulations", select="id,*,id,x:id").outputs] == ["id", "lesson_id", "x"]


def test_a_hidden_column_is_planned_and_left_to_the_database_to_refuse():
    assert planned("simulations", select="prompt").outputs[0].column.name == "prompt"


def test_embeds_know_which_way_they_go():
    [lessons] = planned("modules", select="lessons(simulations(id),modules(id))").embeds
    simulations, modules = lessons.read.embeds
    assert (lessons.relation.to_one, lessons.relation.pairs) == (False, (("id", "module_id"),))
    assert (simulations.relation.to_one, simulations.relation.pairs) == (True, (("id", "lesson_id"),))
    assert (modules.relation.to_one, modules.relation.pairs) == (True, (("module_id", "id"),))


def test_a_table_that_refers_to_itself_has_one_name_for_each_way():
    [reports] = planned("people", select="people(id)").embeds
    [boss] = planned("people", select="boss_id(id)").embeds
    assert (reports.relation.to_one, boss.relation.to_one) == (False, True)


def test_two_ways_need_a_hint():
    assert refused("teams", select="people(id)") == "PGRST201"
    assert refused("people", select="teams(id)") == "PGRST201"
    for hint in ("trainee_id", "teams_trainee_id_fkey"):
        [embed] = planned("teams", select=f"people!{hint}(id)").embeds
        assert embed.relation.key.name == "teams_trainee_id_fkey"
        [embed] = planned("people", select=f"teams!{hint}(id)").embeds
        assert embed.relation.to_one is False
    assert refused("teams", select="people!nope(id)") == "PGRST200"


def test_what_does_not_exist_is_refused():
    assert refused("nothing") == "PGRST205"
    assert refused("products", select="nope") == "42703"
    assert refused("products", nope="eq.1") == "42703"
    assert refused("products", order="nope") == "42703"
    assert refused("products", select="lessons(*)") == "PGRST200"
    assert refused("products", select="id::regclass") == "PGRST100"


@pytest.mark.parametrize(
    "key", ["modules.title", "x.lessons.title", "modules.order", "modules.limit", "modules.offset"]
)
def test_nothing_that_is_asked_of_an_embed_is_forgotten(key):
    value = "eq.1" if key.endswith("title") else "1"
    assert refused("products", **{key: value}) == "PGRST108"
    assert refused("lessons", select="m:modules(*)", **{"modules_module_id_fkey.title": "eq.1"}) == "PGRST108"


def test_filters_of_an_embed_behind_many_aliases_apply_or_are_refused():
    select = "id"
    for depth in range(8):
        table = "lessons" if depth % 2 == 0 else "modules"
        select = f"a{depth}:{table}({select})"
    path = ".".join(f"a{depth}" for depth in reversed(range(8)))
    plan = planned("lessons", select=select, **{f"{path}.title": "eq.x"})
    while plan.embeds:
        plan = plan.embeds[0].read
    assert len(plan.conditions) == 1


def test_max_rows_bounds_every_level_of_a_read():
    plan = planned("modules", max_rows=10, select="lessons(id)", limit="50", **{"lessons.limit": "3"})
    assert (plan.limit, plan.embeds[0].read.limit) == (10, 3)


def test_a_read_is_one_statement():
    statement = read_statement(
        planned("modules", select="title,lessons!inner(title)", order="title.desc.nullslast", product_id="eq.7"),
        "public",
    )
    assert statement.sql == (
        f"select {BODY} as body, count(*) as rows, null::bigint as total from ("
        'select t1."title" as "title", coalesce(e2.body, \'[]\'::json) as "lessons" from "public"."modules" as t1'
        " left join lateral (select json_agg(s.*) as body from ("
        'select t3."title" as "title" from "public"."lessons" as t3 where t3."module_id" = t1."id" limit $2 offset $3'
        ") as s) as e2 on true"
        ' where t1."product_id" = ($1::text)::pg_catalog.text and e2.body is not null'
        ' order by t1."title" desc nulls last limit $4 offset $5) as s'
    )
    assert statement.values == ("7", 1_000, 0, 1_000, 0)


def test_an_insert_is_one_statement():
    query = parse_query([("select", "title")])
    plan = plan_insert(CATALOG, "products", query, ["title"], representation=True, max_rows=10)
    statement = insert_statement(plan, "public", '[{"title":"x"}]')
    assert statement.sql == (
        'with written as (insert into "public"."products" ("title") select "title" '
        'from json_to_recordset(($1::text)::json) as x("title" pg_catalog.text) returning "title") '
        f"select {BODY} as body, count(*) as rows, null::bigint as total "
        'from (select t1."title" as "title" from written as t1 limit $2 offset $3) as s'
    )
    assert statement.values == ('[{"title":"x"}]', UNLIMITED, 0)


def test_an_insert_of_an_unknown_column_is_refused():
    with pytest.raises(RestError) as caught:
        plan_insert(CATALOG, "products", parse_query([]), ["nope"], representation=False, max_rows=10)
    assert caught.value.code == "PGRST204"


def test_a_quote_in_a_name_is_doubled():
    assert quoted('odd "name') == '"odd ""name"'
    assert '"odd ""name"' in read_statement(planned("lessons"), "public").sql


# Whatever is asked: a typed error, or SQL that holds nothing of the request but checked aliases.

HOSTILE = st.sampled_from(
    [
        '"; drop table products; --',
        "') or 1=1 --",
        '" or ""="',
        "$1",
        "pg_sleep(9)",
        "x'y",
        "\\",
        "auth.users",
        "t1",
        "*",
    ]
)
TABLES = [*CATALOG.tables, "nothing"]
COLUMNS = sorted({name for table in CATALOG.tables.values() for name in table.columns})
NAMES = st.sampled_from([*TABLES, *COLUMNS, *(key.name for key in CATALOG.foreign_keys)])
WORDS = NAMES | HOSTILE | st.text(max_size=8)
QUOTED_WORDS = WORDS | WORDS.map(lambda word: '"' + word.replace("\\", r"\\").replace('"', r"\"") + '"')
ITEMS = st.recursive(
    st.just("*")
    | QUOTED_WORDS
    | st.tuples(QUOTED_WORDS, QUOTED_WORDS).map(":".join)
    | st.tuples(QUOTED_WORDS, QUOTED_WORDS).map("::".join),
    lambda inner: st.builds(
        lambda target, hint, items: f"{target}{hint}({','.join(items)})",
        st.sampled_from(TABLES) | QUOTED_WORDS,
        st.sampled_from(["", "!inner", "!left", "!trainee_id", "!x!inner"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)
VALUES = st.builds(
    lambda negation, operator, value: f"{negation}{operator}.{value}",
    st.sampled_from(["", "not."]),
    st.sampled_from(["eq", "neq", "gt", "like", "ilike", "in", "is", "lte", "cs"]),
    WORDS | WORDS.map(lambda word: f"({word},{word})") | st.sampled_from(["null", "true"]),
)
PAIRS = st.one_of(
    st.tuples(st.just("select"), st.lists(ITEMS, max_size=4).map(",".join)),
    st.tuples(NAMES | QUOTED_WORDS, VALUES),
    st.tuples(st.tuples(NAMES, NAMES).map(".".join), VALUES),
    st.tuples(
        st.sampled_from(["order", "modules.order", "lessons.order"]), st.lists(QUOTED_WORDS, max_size=3).map(",".join)
    ),
    st.tuples(
        st.sampled_from(["limit", "offset", "modules.limit", "lessons.offset"]), st.sampled_from(["0", "5", "-1", "x"])
    ),
    st.tuples(st.just("columns"), st.lists(QUOTED_WORDS, max_size=3).map(",".join)),
)
PLAIN_SQL = """
    select coalesce json_agg row_to_json s body count rows null bigint total from as c x text json and not in is any
    left join lateral on true false unknown where order by desc nulls first last limit offset like ilike pg_catalog
    with written insert into json_to_recordset json_array_elements returning 1
    case when octet_length 33554432 then else end
"""
CATALOG_NAMES = {"public", *TABLES, *COLUMNS, *(key.name for key in CATALOG.foreign_keys)}
QUOTED_NAME = re.compile(r'"((?:[^"]|"")*)"')
ALIAS = re.compile(r"[\w$ -]{1,63}")


def only_names_of_the_catalog(sql):
    used = {name.replace('""', '"') for name in QUOTED_NAME.findall(sql)}
    assert all(name in CATALOG_NAMES or ALIAS.fullmatch(name) for name in used), sql
    for name in re.findall(r'(?:t\d+\.|"public"\.)"((?:[^"]|"")*)"', sql):  # whatever is read is no alias
        assert name.replace('""', '"') in CATALOG_NAMES, sql
    rest = QUOTED_NAME.sub(" ", sql).replace("'[]'", "").replace("''", "").replace("->", "")
    assert not re.search(r"['\\;-]", rest), sql
    plain = frozenset(PLAIN_SQL.split())
    words = re.findall(r"[^\s(),.:=<>*\[\]]+", rest)
    assert all(word in plain or re.fullmatch(r"[te]\d+|\$\d+|0", word) for word in words), sql


@settings(max_examples=400)
@given(st.sampled_from(TABLES) | WORDS, st.lists(PAIRS, max_size=5), st.booleans(), st.booleans())
def test_any_read_is_a_typed_error_or_clean_sql(table, pairs, single, count):
    try:
        plan = plan_read(CATALOG, table, parse_query(pairs), max_rows=1_000)
    except RestError:
        return
    statement = read_statement(plan, CATALOG.schema, single=single, count=count)
    only_names_of_the_catalog(statement.sql)
    assert f"${len(statement.values)}" in statement.sql
    assert f"${len(statement.values) + 1}" not in statement.sql


@given(st.sampled_from(TABLES), st.lists(PAIRS, max_size=3), st.lists(WORDS, max_size=3), st.booleans())
def test_any_insert_is_a_typed_error_or_clean_sql(table, pairs, keys, representation):
    try:
        query = parse_query(pairs)
        plan = plan_insert(CATALOG, table, query, keys, representation=representation, max_rows=1_000)
    except RestError:
        return
    only_names_of_the_catalog(insert_statement(plan, CATALOG.schema, "[]").sql)
