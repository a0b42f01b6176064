"""Functions below `rpc/`."""

from dataclasses import replace

import pytest

from tests.app.rest_standalone.conftest import SERVICE


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("rpc/add?a=1&b=2", 3),
        ("rpc/add?a=1", 2),
        ("rpc/primes?below=6", [2, 3, 5]),
        (
            "rpc/book_prices?price=lt.10",
            [{"title": "A Wizard of Earthsea", "price": 9.50}, {"title": "Good Omens", "price": 7.25}],
        ),
        ("rpc/book_prices?minimum=10&select=title", [{"title": "The Dispossessed"}]),
        ("rpc/find_books?word=the&select=id&order=id", [{"id": 2}]),
        (
            "rpc/find_books?word=o&select=title,categories(name)&id=eq.3",
            [{"title": "Good Omens", "categories": {"name": "Fantasy"}}],
        ),
        ("rpc/find_books?word=o&id=lt.3&select=id&order=id.desc", [{"id": 2}, {"id": 1}]),
        ("rpc/first_book?select=id,title", {"id": 1, "title": "A Wizard of Earthsea"}),
        ("rpc/split_name?full_name=Ann%20Lee", {"first": "Ann", "last": "Lee"}),
        ("rpc/home_of?author=1", {"street": "Thurman", "city": "Portland"}),
        ("rpc/tagged?tags={magic,sea}&select=id", [{"id": 1}]),
        ("rpc/total?amounts=1&amounts=2&amounts=3", 6),
        ("rpc/describe?book=1", "A Wizard of Earthsea"),
        ("rpc/describe?book=1&loud=true", "A WIZARD OF EARTHSEA"),
        ("rpc/describe?author=Ann", "author Ann"),
        ('rpc/merge?patch={"a":{"b":1}}', {"b": 1}),
        ("rpc/now_in?zone=UTC", "2026-05-06T07:08:09+00:00"),
    ],
)
async def test_functions_by_get(librarian, path, result):
    assert await librarian.get(path) == result


@pytest.mark.parametrize(
    ("name", "body", "result"),
    [
        ("add", {"a": 1, "b": 2}, 3),
        ("add", {"a": "4"}, 5),
        ("tagged?select=id", {"tags": ["magic"]}, [{"id": 1}]),
        ("total", {"amounts": [1, 2]}, 3),
        ("merge", {"patch": {"x": [1, None]}, "path": "x"}, [1, None]),
        ("find_books?select=id&limit=1", {"word": "good"}, [{"id": 3}]),
    ],
)
async def test_functions_by_post(librarian, name, body, result):
    answer = await librarian.ask("POST", f"rpc/{name}", body)

    assert (answer.status, answer.json) == (200, result), answer.text


async def test_a_function_that_returns_nothing_answers_204(librarian):
    answer = await librarian.ask("POST", "rpc/nothing", {})

    assert (answer.status, answer.text) == (204, "")


async def test_a_get_cannot_write_and_a_post_does(writer):
    await writer.fails("rpc/lend?book=2&member=1&from=2026-05-01", 405, "25006")
    answer = await writer.ask(
        "POST", "rpc/lend?select=book_id,period,members!member_id(name)", {"book": 2, "member": 1, "from": "2026-05-01"}
    )

    assert answer.json == {"book_id": 2, "period": "[2026-05-01,2026-05-15)", "members": {"name": "Ann"}}, answer.text
    assert len(await writer.get("loans?book_id=eq.2")) == 1
    overlapping = await writer.ask("POST", "rpc/lend", {"book": 2, "member": 2, "from": "2026-05-02"})
    assert (overlapping.status, overlapping.json["code"]) == (400, "23P01")


async def test_what_a_function_raises_arrives(librarian):
    answer = await librarian.ask("POST", "rpc/refuse", {"code": "P0001", "message": "not today"})
    assert answer.status == 400
    assert answer.json == {"code": "P0001", "message": "not today", "details": "the detail", "hint": "the hint"}
    answer = await librarian.ask("POST", "rpc/refuse", {"code": "PT418", "message": "a teapot"})
    assert answer.status in (400, 418)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("rpc/nowhere", 404, "PGRST202"),
        ("rpc/add", 404, "PGRST202"),
        ("rpc/add?a=1&c=2", 404, "PGRST202"),
        ("rpc/unnamed", 404, "PGRST202"),
        ("rpc/stamp", 404, "PGRST202"),
        ("rpc/add?a=x", 400, "22P02"),
        ("rpc/find_books?word=a&select=nothing", 400, "42703"),
    ],
)
async def test_calls_that_cannot_be(librarian, path, status, code):
    await librarian.fails(path, status, code)


async def test_a_role_finds_only_what_it_may_execute(visitor, librarian):
    assert await librarian.get("rpc/only_for_librarians") == "hush"
    await visitor.fails("rpc/only_for_librarians", 404, "PGRST202")


async def test_only_listed_functions_can_be_called(serve):
    reader = await serve(replace(SERVICE, functions=("add",)))
    assert await reader.get("rpc/add?a=1") == 2
    await reader.fails("rpc/primes?below=3", 404, "PGRST202")
