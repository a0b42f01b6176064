from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rest.errors import RestError
from core.rest.grammar import (
    ColumnSelect,
    Compare,
    EmbedSelect,
    Filter,
    Is,
    OneOf,
    OrderTerm,
    StarSelect,
    parse_columns,
    parse_filter,
    parse_order,
    parse_query,
    parse_select,
)

STAR = (StarSelect(),)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", STAR),
        ("*", STAR),
        ("id,title", (ColumnSelect("id"), ColumnSelect("title"))),
        (" id , title ", (ColumnSelect("id"), ColumnSelect("title"))),
        ("t:title::text", (ColumnSelect("title", "t", "text"),)),
        ("score::double precision", (ColumnSelect("score", None, "double precision"),)),
        ('"a,b"', (ColumnSelect("a,b"),)),
        (r'"a\"b\\c"', (ColumnSelect('a"b\\c'),)),
        ("first-name,$x,grün", (ColumnSelect("first-name"), ColumnSelect("$x"), ColumnSelect("grün"))),
        ("*,lessons(*)", (StarSelect(), EmbedSelect("lessons", STAR))),
        ("m:modules!inner(id)", (EmbedSelect("modules", (ColumnSelect("id"),), "m", None, True),)),
        ("people!boss_id!left(*)", (EmbedSelect("people", STAR, None, "boss_id", False),)),
        ("people!inner!boss_id(*)", (EmbedSelect("people", STAR, None, "boss_id", True),)),
        ("a(b(c()))", (EmbedSelect("a", (EmbedSelect("b", (EmbedSelect("c", ()),)),)),)),
    ],
)
def test_select(text, items):
    assert parse_select(text) == items


@pytest.mark.parametrize(
    "text",
    [
        ",",
        "id,",
        "id title(",
        "a(b",
        "a(b))",
        "a!x!y(b)",
        "a!inner!left(b)",
        "a!inner",
        "a:",
        ":a",
        "a::",
        '"a',
        "*::text",
        "...a(b)",
        "a->b",
        "a->>b",
        "x:a->0",
        "a.sum()",
        "count()",
        "lessons(count())",
        'x"y:id',
        "é" * 64 + ":id",
    ],
)
def test_a_select_that_is_none_or_not_served(text):
    with pytest.raises(RestError) as caught:
        parse_select(text)
    assert caught.value.code in ("PGRST100", "PGRST123")


@pytest.mark.parametrize(
    "text",
    [
        ",".join(["id"] * 201),
        ",".join(f"a{number}(id)" for number in range(41)),
        "a(" * 9 + "id" + ")" * 9,
        "a(" * 10_000,
    ],
)
def test_a_select_without_bounds_is_refused(text):
    with pytest.raises(RestError):
        parse_select(text)


@pytest.mark.parametrize(
    ("text", "test", "negated"),
    [
        ("eq.5", Compare("eq", "5"), False),
        ("eq.", Compare("eq", ""), False),
        ("eq.a.b,(c)", Compare("eq", "a.b,(c)"), False),
        ("not.eq.not.eq.5", Compare("eq", "not.eq.5"), True),
        ("like.*a%\n", Compare("like", "*a%\n"), False),
        ("in.(a,b)", OneOf(("a", "b")), False),
        ('in.("a,b",q"x,"(p)",plain,)', OneOf(("a,b", 'q"x', "(p)", "plain", "")), False),
        (r'in.("a\"b")', OneOf(('a"b',)), False),
        ('in.("a"b)', OneOf(('"a"b',)), False),
        ("not.in.()", OneOf(()), True),
        ("is.null", Is("null"), False),
        ("is.NOT_NULL", Is("not_null"), False),
        ("not.is.true", Is("true"), True),
    ],
)
def test_filters(text, test, negated):
    assert parse_filter((), "c", text) == Filter((), "c", test, negated)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "eq",
        "5",
        ".eq.5",
        "not.5",
        "nope.5",
        "is.maybe",
        "in.a",
        "in.(a",
        "in.(a)b",
        "in.(a)b)",
        "EQ.5",
        "not.not.eq.5",
        "cs.{a}",
        "eq(any).{a}",
        "wfts(english).a",
        "fts.a",
        "in.(" + "a," * 2_001 + "a)",
    ],
)
def test_a_filter_that_is_none_or_not_served(text):
    with pytest.raises(RestError) as caught:
        parse_filter((), "c", text)
    assert caught.value.code == "PGRST100"


def test_orders():
    assert parse_order("a,b.desc,c.asc.nullsfirst,d.nullslast") == (
        OrderTerm("a"),
        OrderTerm("b", True),
        OrderTerm("c", False, True),
        OrderTerm("d", False, False),
    )
    for text in ("", "a,", "a.up", "a.desc.desc", "a.nullsfirst.desc", "m(a).asc", "a->b"):
        with pytest.raises(RestError):
            parse_order(text)


def test_columns_are_a_set_in_order():
    assert parse_columns('"title","order_index",title') == ("title", "order_index")


def test_a_whole_query_keeps_repeated_filters_and_the_way_to_each_embed():
    query = parse_query(
        [
            ("select", "id"),
            ("score", "gt.2"),
            ("score", "lt.9"),
            ("lessons.modules.product_id", "eq.1"),
            ("lessons.order", "x.desc"),
            ("lessons.limit", "3"),
            ("limit", "5"),
            ("offset", "10"),
            ('"odd.name"', "eq.1"),
        ]
    )
    assert query.filters == (
        Filter((), "score", Compare("gt", "2")),
        Filter((), "score", Compare("lt", "9")),
        Filter(("lessons", "modules"), "product_id", Compare("eq", "1")),
        Filter((), "odd.name", Compare("eq", "1")),
    )
    assert query.orders == ((("lessons",), (OrderTerm("x", True),)),)
    assert query.limits == ((("lessons",), 3), ((), 5))
    assert query.offsets == (((), 10),)


@pytest.mark.parametrize(
    "pair",
    [
        ("or", "(a.eq.1,b.eq.2)"),
        ("not.and", "(a.eq.1)"),
        ("lessons.or", "(a.eq.1)"),
        ("a->>b", "eq.1"),
        ("", "eq.1"),
        ("a.", "eq.1"),
        ("a", "eq.\0"),
        ("a", "eq.\ud800"),
        ("limit", "1.5"),
        ("limit", "9" * 19),
        ("offset", "-1"),
        ("offset", "١"),
        (".".join("abcdefghijkl"), "eq.1"),
    ],
)
def test_a_pair_that_cannot_be_read(pair):
    with pytest.raises(RestError):
        parse_query([pair])


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=5))
def test_any_text_is_read_or_refused_in_one_way(pairs):
    with suppress(RestError):
        parse_query(pairs)
