from dataclasses import replace

import pytest

from core.rest.catalog import Catalog, Column, Function, Parameter
from core.rest.errors import RestError
from core.rest.parser import parse_query
from core.rest.planner.calls import find_function, plan_call, split_arguments
from tests.pure.rest.course_catalog import CATALOG

INT, TEXT, JSON = "pg_catalog.int4", "pg_catalog.text", 'pg_catalog."json"'


def parameter(name, sql_type=INT, *, required=True, variadic=False, kind="plain"):
    return Parameter(name, sql_type, required, variadic, kind)


def function(name, *parameters, **rest):
    return Function(name, parameters, rest.pop("returns_set", False), "stable", **rest)


ADD = function("add", parameter("a"), parameter("b", required=False))
SHOW_ONE = function("show", parameter("a"))
SHOW_TWO = function("show", parameter("a"), parameter("title", TEXT))
TWIN_INT, TWIN_TEXT = function("twin", parameter("a")), function("twin", parameter("a", TEXT))
TOTAL = function("total", parameter("numbers", "pg_catalog._int4", variadic=True))
TAKE = function("take", parameter("", JSON, kind="json"))
SEARCH = function(
    "search",
    parameter("title", TEXT),
    returns_set=True,
    columns=CATALOG.tables["modules"].columns,
    table="modules",
)
MADE_UP = function("made_up", returns_set=True, columns={"id": Column("id", INT, readable=True)})

FUNCTIONS: dict[str, tuple[Function, ...]] = {}
for each in (ADD, SHOW_ONE, SHOW_TWO, TWIN_INT, TWIN_TEXT, TOTAL, TAKE, SEARCH, MADE_UP):
    FUNCTIONS[each.name] = (*FUNCTIONS.get(each.name, ()), each)
CALLABLE = Catalog("public", CATALOG.tables, CATALOG.foreign_keys, FUNCTIONS)


def refused(call, *arguments, **named):
    with pytest.raises(RestError) as caught:
        call(CALLABLE, *arguments, **named)
    return caught.value


def plan(found, text="", names=(), max_rows=10):
    pairs = [tuple(part.split("=", 1)) for part in text.split("&") if part]
    return plan_call(CALLABLE, found, names, parse_query(pairs), max_rows=max_rows)


@pytest.mark.parametrize(
    ("name", "given", "found"),
    [
        ("add", {"a"}, ADD),
        ("add", {"a", "b"}, ADD),
        ("show", {"a"}, SHOW_ONE),
        ("show", {"title", "a"}, SHOW_TWO),
        ("take", set(), TAKE),
        ("take", {"anything"}, TAKE),
    ],
)
def test_the_overload_that_takes_the_arguments_is_found(name, given, found):
    assert find_function(CALLABLE, name, given) is found


@pytest.mark.parametrize(("name", "given"), [("add", set()), ("add", {"b"}), ("add", {"a", "c"}), ("nope", set())])
def test_no_function_takes_other_arguments(name, given):
    error = refused(find_function, name, sorted(given))
    assert (error.status, error.code) == (404, "PGRST202")


def test_the_error_says_what_was_looked_for_and_what_there_is():
    error = refused(find_function, "add", ["b", "c"])
    assert error.message == "Could not find the function public.add(b, c) in the schema cache"
    assert error.details.startswith(
        "Searched for the function public.add with parameters b, c or with a single unnamed"
    )
    assert error.hint == "Perhaps you meant to call the function public.add(a, b)"
    assert refused(find_function, "ad", []).hint == "Perhaps you meant to call the function public.add"
    assert refused(find_function, "zzzz", []).message == (
        "Could not find the function public.zzzz without parameters in the schema cache"
    )


def test_two_overloads_that_take_the_same_are_not_chosen_between():
    error = refused(find_function, "twin", ["a"])

    assert (error.status, error.code) == (300, "PGRST203")
    assert "public.twin(a => int4), public.twin(a => text)" in error.message
    assert refused(split_arguments, "twin", [("a", "1")]).code == "PGRST203"


@pytest.mark.parametrize(
    ("name", "pairs", "found", "values", "rest"),
    [
        ("add", [("a", "1"), ("select", "*")], ADD, {"a": "1"}, [("select", "*")]),
        ("show", [("a", "1"), ("id", "eq.3")], SHOW_ONE, {"a": "1"}, [("id", "eq.3")]),
        ("show", [("a", "1"), ("title", "eq.3")], SHOW_TWO, {"a": "1", "title": "eq.3"}, []),
        ("search", [("title", "x"), ("title", "eq.y")], SEARCH, {"title": "x"}, [("title", "eq.y")]),
        ("search", [("title", "x"), ("title", "y")], SEARCH, {"title": "y"}, []),
        ("search", [("title", "like.x"), ("title", "eq.y")], SEARCH, {"title": "like.x"}, [("title", "eq.y")]),
        ("search", [("title", "x"), ("lessons.id", "eq.1"), ("or", "(a)")], SEARCH, {"title": "x"},
         [("lessons.id", "eq.1"), ("or", "(a)")]),
        ("total", [("numbers", "1"), ("numbers", "2")], TOTAL, {"numbers": ["1", "2"]}, []),
    ],
)  # fmt: skip
def test_a_query_string_is_split_into_arguments_and_query(name, pairs, found, values, rest):
    split = split_arguments(CALLABLE, name, pairs)

    assert split.function is found
    assert (dict(split.values), sorted(split.rest)) == (values, sorted(rest))


@pytest.mark.parametrize(
    ("name", "pairs"),
    [("add", []), ("add", [("a", "1"), ("c", "2")]), ("take", []), ("add", [("b", "1")]), ("nope", [("a", "1")])],
)
def test_a_query_string_that_no_function_takes_is_refused(name, pairs):
    assert refused(split_arguments, name, pairs).code == "PGRST202"


def test_rows_of_a_table_have_its_embeds():
    call = plan(SEARCH, "select=id,lessons(id)&lessons.title=eq.x&limit=3", {"title"})

    assert ([p.name for p in call.arguments], call.level.limit) == (["title"], 3)
    assert call.tables == {"modules", "lessons"}
    assert call.level.embeds[0].level.limit == 10


def test_rows_of_no_table_hang_on_nothing():
    assert plan(MADE_UP, "select=id&id=eq.1").tables == frozenset()
    with pytest.raises(RestError) as caught:
        plan(MADE_UP, "select=id,modules(id)")
    assert caught.value.code == "PGRST200"


@pytest.mark.parametrize(
    "text", ["select=a", "a=eq.1", "order=a", "or=(a.eq.1,b.eq.2)", "x.limit=1", "offset=1", "limit=0"]
)
def test_a_value_has_nothing_to_select_or_filter(text):
    with pytest.raises(RestError):
        plan(ADD, text, {"a"})


def test_what_may_not_be_read_of_a_table_is_not_in_the_rows_of_a_function():
    hidden = {name: replace(column, readable=name != "product_id") for name, column in SEARCH.columns.items()}
    search = replace(SEARCH, columns=hidden)

    assert [output.name for output in plan(search, names={"title"}).level.outputs] == ["id", "title"]
    for text in ("select=product_id", "product_id=eq.1", "order=product_id", "select=products(id)"):
        with pytest.raises(RestError) as caught:
            plan(search, text, {"title"})
        assert caught.value.code == "42703"


def test_values_are_limited():
    many = function("many", returns_set=True)

    assert plan(many).limit == 10
    assert (plan(many, "limit=3&offset=2").limit, plan(many, "limit=3&offset=2").offset) == (3, 2)
    assert plan(ADD, "limit=1", {"a"}).level is None
