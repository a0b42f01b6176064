import asyncpg
import pytest

from core.rest.errors import RestError
from tests.support.rest_statements import Requests

OMENS = {"id": 3, "title": "Good Omens"}


@pytest.fixture
async def requests(library):
    return await Requests.of(library)


async def refusal(awaitable):
    with pytest.raises((RestError, asyncpg.PostgresError)) as caught:
        await awaitable
    return getattr(caught.value, "sqlstate", None) or caught.value.code


@pytest.mark.parametrize(
    ("name", "arguments", "found"),
    [
        ("add", {"a": 4, "b": 5}, 9),
        ("add", {"a": 4}, 5),
        ("add", {"a": None}, None),
        ("now_in", {"zone": "x"}, "2026-05-06T07:08:09+00:00"),
        ("primes", {"below": 8}, [2, 3, 5, 7]),
        ("primes", {"below": 0}, []),
        ("merge", {"patch": {"a": [1]}}, [1]),
        ("merge", {"patch": {"b": None}, "path": "b"}, None),
        ("total", {"amounts": [1, 2, 3]}, 6),
        ("split_name", {"full_name": "Ann Lee"}, {"first": "Ann", "last": "Lee"}),
        ("home_of", {"author": 1}, {"street": "Thurman", "city": "Portland"}),
        ("describe", {"author": "Ann"}, "author Ann"),
        ("describe", {"book": 3, "loud": True}, "GOOD OMENS"),
        ("describe", {"book": 3}, "Good Omens"),
        ("find_books?select=id,title", {"word": "omen"}, [OMENS]),
        ("find_books?select=id&price=lt.10&order=id.desc", {"word": ""}, [{"id": 3}, {"id": 1}]),
        ("find_books?select=id&limit=1&offset=1&order=id", {"word": ""}, [{"id": 2}]),
        ("find_books?select=title,authors(name)&authors.order=name&authors.limit=1", {"word": "omen"},
         [{"title": "Good Omens", "authors": [{"name": "Neil Gaiman"}]}]),
        ("find_books?select=id,...categories!inner(name)&order=id", {"word": "a"}, [{"id": 1, "name": "Fantasy"}]),
        ("find_books?select=id,reviews()&reviews=is.null", {"word": "the"}, [{"id": 2}]),
        ("find_books?select=count", {"word": "o"}, [{"count": 4}]),
        ("tagged?select=id", {"tags": ["sea", "magic"]}, [{"id": 1}]),
        ("first_book?select=title,categories(name)", {},
         {"title": "A Wizard of Earthsea", "categories": {"name": "Fantasy"}}),
        ("book_prices?price=gt.8&order=price.desc", {}, [{"title": "The Dispossessed", "price": 12.00},
                                                          {"title": "A Wizard of Earthsea", "price": 9.50}]),
        ("book_prices?select=title", {"minimum": 10}, [{"title": "The Dispossessed"}]),
        ("lend?select=member_id,books(title)", {"book": 3, "member": 1, "from": "2027-01-01"},
         {"member_id": 1, "books": {"title": "Good Omens"}}),
    ],
)  # fmt: skip
async def test_calls_by_post(requests, name, arguments, found):
    assert (await requests.post(name, arguments)).body == found


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("add?a=4&b=5", 9),
        ("add?a=4", 5),
        ("total?amounts=1&amounts=2", 3),
        ("total?amounts=7", 7),
        ("tagged?tags={sea,magic}&select=id", [{"id": 1}]),
        ("merge?patch={\"a\":\"x\"}", "x"),
        ("find_books?word=omen&select=id,title", [OMENS]),
        ("find_books?word=o&title=ilike.*omen*&select=id,title", [OMENS]),
        ("book_prices?minimum=8&minimum=9&price=gt.10&select=title", [{"title": "The Dispossessed"}]),
        ("describe?book=3", "Good Omens"),
        ("describe?author=eq.x", "author eq.x"),
        ("primes?below=12&limit=2&offset=1", [3, 5]),
    ],
)  # fmt: skip
async def test_calls_by_get(requests, url, found):
    assert (await requests.get(url)).body == found


async def test_a_function_that_returns_nothing_is_called(requests):
    answer = await requests.post("nothing", {}, count=True)

    assert (answer.text, answer.rows) == ("", 1)
    assert await refusal(requests.post("refuse", {"code": "P0001", "message": "no"})) == "P0001"


async def test_a_function_may_take_the_whole_body(requests):
    await requests.connection.execute("""
        create function library.sum_up(json) returns int language sql immutable as $$
          select sum(n::int)::int from json_array_elements_text($1) n $$;
        create function library.keys_of(jsonb) returns setof text language sql immutable as $$
          select jsonb_object_keys($1) $$
    """)
    requests = await Requests.of(requests.connection)

    assert (await requests.post("sum_up", [1, 2, 3])).body == 6
    assert (await requests.post("keys_of", {"x": 1})).body == ["x"]


async def test_a_volatile_function_runs_once_though_it_is_counted(requests):
    await requests.connection.execute("""
        create function library.mark(times int) returns setof library.categories language sql volatile as $$
          insert into library.categories select 100 + n, 'new ' || n from generate_series(1, times) n returning * $$
    """)
    requests = await Requests.of(requests.connection)

    answer = await requests.post("mark?select=id,books(id)&order=id&limit=1", {"times": 3}, count=True)

    assert (answer.body, answer.rows, answer.total) == ([{"id": 101, "books": []}], 1, 3)


@pytest.mark.parametrize(
    ("url", "rows", "total"),
    [("primes?below=8&limit=3", 3, 4), ("add?a=1", 1, 1), ("find_books?word=&limit=2&price=gt.0", 2, 3)],
)
async def test_what_functions_answer_is_counted(requests, url, rows, total):
    answer = await requests.get(url, count=True)

    assert (answer.rows, answer.total) == (rows, total)


async def test_what_functions_answer_is_limited(requests):
    requests.max_rows = 2

    assert (await requests.get("primes?below=12")).body == [2, 3]
    assert len((await requests.get("find_books?word=")).body) == 2


async def test_forms_of_what_functions_answer(requests):
    assert (await requests.get("find_books?word=omen&select=id,price", form="object")).body == {"id": 3, "price": 7.25}
    assert (await requests.get("primes?below=4", form="csv")).text == "pgrst_scalar\n2\n3"
    assert (await requests.get("add?a=1", form="object")).text == "2"
    assert (await requests.get("find_books?word=omen&select=id,title", form="csv")).text == "id,title\n3,Good Omens"
    stripped = await requests.get("first_book?select=id,keywords,cover", strip_nulls=True)
    assert stripped.body == {"id": 1, "keywords": ["dragon"]}
    assert (await requests.post("first_book?id=eq.9", {})).text == "null"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("add?a=x", "22P02"),
        ("add", "PGRST202"),
        ("add?a=1&c=2", "PGRST202"),
        ("nobody?a=1", "PGRST202"),
        ("unnamed", "PGRST202"),
        ("split_name?full_name=x&select=first,books(id)", "PGRST200"),
        ("primes?below=3&select=a", "PGRST100"),
        ("primes?below=3&pgrst_scalar=eq.3", "PGRST100"),
        ("primes?below=3&x.limit=3", "PGRST108"),
        ("add?a=1&offset=1", "PGRST100"),
        ("find_books?word=x&nobody=eq.1", "42703"),
    ],
)
async def test_wrong_calls_are_refused(requests, url, code):
    assert await refusal(requests.get(url)) == code
