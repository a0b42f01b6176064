from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rest.errors import RestError
from core.rest.parser.conditions import parse_filter, parse_logic
from core.rest.parser.limits import MAXIMUM_LIST, MAXIMUM_LOGIC_DEPTH
from core.rest.query import (
    Compare,
    Field,
    Filter,
    Is,
    JsonStep,
    Logic,
    OneOf,
    Operator,
    Quantified,
    QuantifiedOperator,
    Search,
)

C = Field("c")


def f(name, test, negated=False):
    return Filter(Field(name), test, negated)


def eq(name, value, negated=False):
    return f(name, Compare("eq", value), negated)


@pytest.mark.parametrize(
    ("text", "test", "negated"),
    [
        ("eq.5", Compare("eq", "5"), False),
        ("eq.", Compare("eq", ""), False),
        ("eq.a.b,(c)", Compare("eq", "a.b,(c)"), False),
        ('eq."quoted"', Compare("eq", '"quoted"'), False),
        ("eq. spaces stay ", Compare("eq", " spaces stay "), False),
        ("not.eq.not.eq.5", Compare("eq", "not.eq.5"), True),
        ("like.*a%\n", Compare("like", "*a%\n"), False),
        ('cs.{"a":1}', Compare("cs", '{"a":1}'), False),
        ("sl.[1,3)", Compare("sl", "[1,3)"), False),
        ("in.(a,b)", OneOf(("a", "b")), False),
        ('in.("a,b",q"x,"(p)",plain,)', OneOf(("a,b", 'q"x', "(p)", "plain", "")), False),
        (r'in.("a\"b","c\\d")', OneOf(('a"b', "c\\d")), False),
        ('in.("a"b)', OneOf(('"a"b',)), False),
        ('in.(")', OneOf(('"',)), False),
        ("in.(a b, c)", OneOf(("a b", " c")), False),
        ("not.in.()", OneOf(()), True),
        ("is.null", Is("null"), False),
        ("is.NOT_NULL", Is("not_null"), False),
        ("not.is.true", Is("true"), True),
        ("like(any).{a*,*b}", Quantified("like", "any", ("a*", "*b")), False),
        ('not.eq(all).{"a,b", c d ,"\\"",""}', Quantified("eq", "all", ("a,b", "c d", '"', "")), True),
        ("gt(any).{}", Quantified("gt", "any", ()), False),
        ("fts.a&b", Search("fts", "a&b"), False),
        ("wfts(english).a b", Search("wfts", "a b", "english"), False),
        ("not.phfts(pg_catalog.german).x", Search("phfts", "x", "pg_catalog.german"), True),
    ],
)
def test_filters(text, test, negated):
    assert parse_filter(C, text) == Filter(C, test, negated)


def test_every_operator_is_read():
    for operator in get_args(Operator):
        assert parse_filter(C, f"{operator}.x") == Filter(C, Compare(operator, "x"))
        any_of = f"{operator}(any).{{x}}"
        if operator in get_args(QuantifiedOperator):
            assert parse_filter(C, any_of) == Filter(C, Quantified(operator, "any", ("x",)))
        else:
            with pytest.raises(RestError):
                parse_filter(C, any_of)


@pytest.mark.parametrize(
    "text",
    [
        "", "eq", "5", ".eq.5", "not.5", "nope.5", "is.maybe", "is.", "in.a", "in.(a", "in.(a)b", "in.(a)b)", "in",
        "EQ.5", "not.not.eq.5", "eq(some).{a}", "eq().{a}", "in(any).(a)", "is(any).null", "like(any).a",
        "like(any).{a",
        "like(any).{a}b", "like(any).{a,}", "like(any).{null}", "like(any).{{a}}", "neq(any).{a}", "wfts().a",
        'wfts(a"b).c', "wfts(a);--.c", "in.(" + "a," * MAXIMUM_LIST + "a)",
    ],
)  # fmt: skip
def test_a_filter_that_is_none(text):
    with pytest.raises(RestError) as caught:
        parse_filter(C, text)
    assert (caught.value.status, caught.value.code) == (400, "PGRST100")


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("(a.eq.1,b.not.eq.2)", (eq("a", "1"), eq("b", "2", True))),
        ('(a.ilike."%x,y%",b.is.null)', (f("a", Compare("ilike", "%x,y%")), f("b", Is("null")))),
        ('(a.in.(1,"2,)"),b.cs.{1,2})', (f("a", OneOf(("1", "2,)"))), f("b", Compare("cs", "{1,2}")))),
        ("(a.like(any).{x,y},b.eq.)", (f("a", Quantified("like", "any", ("x", "y"))), eq("b", ""))),
        ("(j->a->>0.eq.x)", (Filter(Field("j", (JsonStep("a"), JsonStep(0, True))), Compare("eq", "x")),)),
        ("(a.wfts(english).two words)", (f("a", Search("wfts", "two words", "english")),)),
        ('(a.eq.q"x)', (eq("a", 'q"x'),)),
        ('("odd,name".eq.1)', (eq("odd,name", "1"),)),
        ("( a.eq.1 , b.eq.2 )", (eq("a", "1 "), eq("b", "2 "))),
        ("(and.eq.1,not.eq.2)", (eq("and", "1"), eq("not", "2"))),
        (
            "(and(a.eq.1,not.or(b.eq.2,c.eq.3)))",
            (
                Logic(
                    "and",
                    (
                        eq("a", "1"),
                        Logic("or", (eq("b", "2"), eq("c", "3")), True),
                    ),
                ),
            ),
        ),
    ],
)
def test_logic(text, members):
    assert parse_logic("or", text) == Logic("or", members)
    assert parse_logic("and", text, negated=True) == Logic("and", members, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.eq.1",
        "()",
        "(a.eq.1",
        "(a.eq.1))",
        "(a.eq.1)b",
        "(a)",
        "(a.)",
        "(a.1)",
        "(and())",
        "(a.eq.1,)",
        "(a.in.1)",
    ],
)
def test_logic_that_is_none(text):
    with pytest.raises(RestError) as caught:
        parse_logic("or", text)
    assert (caught.value.status, caught.value.code) == (400, "PGRST100")


def test_logic_has_a_deepest_level():
    def nested(levels):
        return "(" + "and(" * (levels - 1) + "a.eq.1" + ")" * levels

    assert parse_logic("or", nested(MAXIMUM_LOGIC_DEPTH))
    for levels in (MAXIMUM_LOGIC_DEPTH + 1, 10_000):
        with pytest.raises(RestError):
            parse_logic("or", nested(levels))


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


TEXTS = st.lists(st.text(), min_size=1, max_size=5)


@given(TEXTS)
def test_what_is_quoted_comes_back_as_it_was(values):
    inside = ",".join(map(quoted, values))
    assert parse_filter(C, f"in.({inside})").test == OneOf(tuple(values))
    assert parse_filter(C, f"eq(any).{{{inside}}}").test == Quantified("eq", "any", tuple(values))
    members = ",".join(f"c.eq.{quoted(value)}" for value in values)
    assert parse_logic("or", f"({members})").members == tuple(Filter(C, Compare("eq", value)) for value in values)


@given(st.text(alphabet='()abceinortand.,{}"\\ ->1', max_size=40))
def test_text_made_of_punctuation_is_read_or_refused_in_one_way(text):
    for read in (lambda: parse_filter(C, text), lambda: parse_logic("or", text)):
        with suppress(RestError):
            read()
