from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rest.errors import RestError
from core.rest.parser import parse_query
from core.rest.parser.limits import MAXIMUM_DEPTH, MAXIMUM_FILTERS, MAXIMUM_ORDER_TERMS
from core.rest.parser.order import parse_order
from core.rest.query import Compare, Field, FieldSelect, Filter, JsonStep, Logic, OrderTerm, Query


def test_nothing_asked_is_everything():
    assert parse_query([]) == Query()


def test_orders():
    assert parse_order("a,b.desc,c.asc.nullsfirst,d.nullslast") == (
        OrderTerm(Field("a")),
        OrderTerm(Field("b"), True),
        OrderTerm(Field("c"), False, True),
        OrderTerm(Field("d"), False, False),
    )
    assert parse_order('"x.y".desc,a->b->>0.asc,modules(data->>n).desc.nullslast') == (
        OrderTerm(Field("x.y"), True),
        OrderTerm(Field("a", (JsonStep("b"), JsonStep(0, True)))),
        OrderTerm(Field("data", (JsonStep("n", True),)), True, False, "modules"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a,",
        "a.up",
        "a.desc.desc",
        "a.nullsfirst.desc",
        "a.asc.nullslast.x",
        "m(a",
        "m()",
        "m(a,b)",
        "m(a.desc)",
        "a->",
    ],
)
def test_an_order_that_is_none(text):
    with pytest.raises(RestError) as caught:
        parse_order(text)
    assert caught.value.code == "PGRST100"


def test_columns_are_a_set_in_order():
    query = parse_query([("columns", '"title","order_index",title'), ("on_conflict", "user_id,lesson_id")])
    assert (query.columns, query.on_conflict) == (("title", "order_index"), ("user_id", "lesson_id"))


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
            ("answers->0->>question_id", "eq.q"),
        ]
    )
    assert query.select == (FieldSelect(Field("id")),)
    assert query.conditions == (
        ((), Filter(Field("score"), Compare("gt", "2"))),
        ((), Filter(Field("score"), Compare("lt", "9"))),
        (("lessons", "modules"), Filter(Field("product_id"), Compare("eq", "1"))),
        ((), Filter(Field("odd.name"), Compare("eq", "1"))),
        ((), Filter(Field("answers", (JsonStep(0), JsonStep("question_id", True))), Compare("eq", "q"))),
    )
    assert query.orders == ((("lessons",), (OrderTerm(Field("x"), True),)),)
    assert query.limits == ((("lessons",), 3), ((), 5))
    assert query.offsets == (((), 10),)


def test_logic_on_every_level():
    a = (Filter(Field("a"), Compare("eq", "1")),)
    for key, path, expected in [
        ("or", (), Logic("or", a)),
        ("and", (), Logic("and", a)),
        ("not.or", (), Logic("or", a, True)),
        ("lessons.or", ("lessons",), Logic("or", a)),
        ("lessons.modules.not.and", ("lessons", "modules"), Logic("and", a, True)),
    ]:
        assert parse_query([(key, "(a.eq.1)")]).conditions == ((path, expected),)


def test_a_quoted_name_is_never_a_word_of_the_language():
    for word in ("select", "order", "limit", "offset", "and", "or", "columns"):
        expected = Filter(Field(word), Compare("eq", "1"))
        assert parse_query([(f'"{word}"', "eq.1")]).conditions == (((), expected),)
        assert parse_query([(f'lessons."{word}"', "eq.1")]).conditions == ((("lessons",), expected),)


@pytest.mark.parametrize(
    ("pair", "status"),
    [
        (("", "eq.1"), 400),
        (("a.", "eq.1"), 400),
        (("a->", "eq.1"), 400),
        (("a->b.c", "eq.1"), 400),
        (("a", "eq.\0"), 400),
        (("a", "eq.\ud800"), 400),
        (("a\0", "eq.1"), 400),
        (("limit", "1.5"), 400),
        (("limit", ""), 400),
        (("limit", "9" * 19), 400),
        (("offset", "-1"), 416),
        (("lessons.limit", "-1"), 416),
        (("offset", "١"), 400),
        (("columns", ""), 400),
        (("on_conflict", "a,"), 400),
        ((".".join("a" * (MAXIMUM_DEPTH + 3)), "eq.1"), 400),
    ],
)
def test_a_pair_that_cannot_be_read(pair, status):
    with pytest.raises(RestError) as caught:
        parse_query([pair])
    assert (caught.value.status, caught.value.code) == (status, "PGRST103" if status == 416 else "PGRST100")


def test_filters_and_orders_are_counted_over_all_levels():
    half = MAXIMUM_FILTERS // 2
    logic = ("or", "(" + ",".join(["a.eq.1"] * half) + ")")
    assert parse_query([logic, *[("a", "eq.1")] * half])
    with pytest.raises(RestError):
        parse_query([logic, *[("a", "eq.1")] * half, ("b.a", "eq.1")])
    terms = ",".join(["a"] * MAXIMUM_ORDER_TERMS)
    assert parse_query([("order", terms)])
    with pytest.raises(RestError):
        parse_query([("order", terms), ("b.order", "a")])


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=5))
def test_any_text_is_read_or_refused_in_one_way(pairs):
    with suppress(RestError):
        parse_query(pairs)


KEYS = st.sampled_from(
    ["select", "order", "or", "not.and", "a.or", "columns", "on_conflict", "limit", "a", "a->b", '"']
)


@given(st.lists(st.tuples(KEYS, st.text(alphabet='aeq.in()*,:!->"\\{}10 sulcto', max_size=40)), max_size=3))
def test_text_that_nearly_is_one_is_read_or_refused_in_one_way(pairs):
    with suppress(RestError):
        parse_query(pairs)
