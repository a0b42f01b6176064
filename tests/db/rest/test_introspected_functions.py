import pytest

from core.rest.introspection import load_catalog


@pytest.fixture
async def functions(library):
    return (await load_catalog(library, "library")).functions


def only(functions, name):
    (found,) = functions[name]
    return found


def test_functions_that_cannot_be_called_by_name_are_left_out(functions):
    assert not functions.keys() & {"unnamed", "same", "stamp", "tidy"}


async def test_only_what_the_role_may_execute_is_there(library):
    await library.execute("set local role library_visitor")
    functions = (await load_catalog(library, "library")).functions

    assert functions.keys() == {"add", "nothing", "find_books", "primes", "whoami", "book_prices"}


def test_parameters_in_their_order_with_those_that_may_be_missing(functions):
    lend = only(functions, "lend")

    assert [(each.name, each.sql_type, each.required) for each in lend.parameters] == [
        ("book", "pg_catalog.int4", True),
        ("member", "pg_catalog.int4", True),
        ("from", "pg_catalog.date", True),
        ("days", "pg_catalog.int4", False),
    ]
    assert [each.required for each in only(functions, "add").parameters] == [True, False]


def test_parameters_of_json_arrays_and_any_number(functions):
    assert only(functions, "merge").parameters[0].kind == "jsonb"
    (tags,) = only(functions, "tagged").parameters
    assert (tags.kind, tags.sql_type, tags.variadic) == ("array", "pg_catalog._text", False)
    (amounts,) = only(functions, "total").parameters
    assert (amounts.kind, amounts.sql_type, amounts.variadic) == ("array", "pg_catalog._int4", True)


def test_overloads_stand_side_by_side(functions):
    assert [tuple(each.name for each in found.parameters) for found in functions["describe"]] == [
        ("book",),
        ("book", "loud"),
        ("author",),
    ]


@pytest.mark.parametrize(
    ("name", "returns_set", "returns_void", "columns", "table"),
    [
        ("add", False, False, None, None),
        ("nothing", False, True, None, None),
        ("primes", True, False, None, None),
        ("book_prices", True, False, ["title", "price"], None),
        ("split_name", False, False, ["first", "last"], None),
        ("home_of", False, False, ["street", "city"], None),
        ("merge", False, False, None, None),
    ],
)
def test_what_comes_back(functions, name, returns_set, returns_void, columns, table):
    found = only(functions, name)

    assert (found.returns_set, found.returns_void, found.table) == (returns_set, returns_void, table)
    assert (found.columns and list(found.columns)) == columns
    assert all(column.readable for column in (found.columns or {}).values())


@pytest.mark.parametrize(
    ("name", "table", "returns_set"),
    [("find_books", "books", True), ("first_book", "books", False), ("lend", "loans", False)],
)
async def test_rows_of_a_table_have_its_name_and_columns(library, name, table, returns_set):
    catalog = await load_catalog(library, "library")
    found = only(catalog.functions, name)

    assert (found.table, found.returns_set) == (table, returns_set)
    assert found.columns == catalog.tables[table].columns


async def test_one_out_column_is_still_a_row(library):
    await library.execute("create function library.one() returns table (x int) language sql as 'select 1'")

    assert list(only((await load_catalog(library, "library")).functions, "one").columns) == ["x"]


async def test_inout_and_a_default_in_the_middle_of_outputs(library):
    await library.execute(
        "create function library.mixed(a int, out b int, inout c int default 1) language sql as 'select 1, 2'"
    )
    mixed = only((await load_catalog(library, "library")).functions, "mixed")

    assert [(each.name, each.required) for each in mixed.parameters] == [("a", True), ("c", False)]
    assert list(mixed.columns) == ["b", "c"]


async def test_a_domain_over_a_row_is_the_row(library):
    await library.execute("create domain library.home as library.address")
    await library.execute(
        "create function library.moved() returns library.home language sql as 'select null::library.home'"
    )
    moved = only((await load_catalog(library, "library")).functions, "moved")

    assert list(moved.columns) == ["street", "city"]


def test_whether_a_function_may_write_is_known(functions):
    volatilities = {name: only(functions, name).volatility for name in ("add", "nothing", "lend")}

    assert volatilities == {"add": "immutable", "nothing": "stable", "lend": "volatile"}
