"""A column that the role may not read cannot be learned, wherever it is named."""

import asyncpg
import pytest

from core.rest.errors import RestError
from tests.support.rest_statements import Requests

MEMBER = """
set local role library_member;
select set_config('request.jwt.claims', '{"member_id": 2}', true)
"""


@pytest.fixture
async def requests(library):
    await library.execute(MEMBER)
    return await Requests.of(library)


async def denied(awaitable):
    with pytest.raises(asyncpg.PostgresError) as caught:
        await awaitable
    assert caught.value.sqlstate == "42501"


@pytest.mark.parametrize(
    "url",
    [
        "members?select=card_pin",
        "members?select=x:card_pin",
        "members?select=card_pin::text",
        "members?select=name&card_pin=eq.0000",
        "members?select=name&card_pin=like.0*",
        "members?select=name&card_pin=like(any).{0*}",
        "members?select=name&card_pin=in.(0000)",
        "members?select=name&card_pin=is.null",
        "members?select=name&card_pin=fts.x",
        "members?select=name&or=(id.eq.1,and(id.eq.2,card_pin.eq.0000))",
        "members?select=name&order=card_pin",
        "members?select=name&order=card_pin.desc&limit=0",
        "members?select=count&card_pin=eq.0000",
        "member_settings?select=theme,members(card_pin)",
        "member_settings?select=theme,...members(card_pin)",
        "member_settings?select=theme,members(name)&members.card_pin=eq.0000",
        "member_settings?select=theme,members!inner()&members.card_pin=eq.0000",
        "member_settings?select=theme,members()&members.card_pin=eq.0000&members=is.null",
        "member_settings?select=theme,members(name)&order=members(card_pin)",
        "member_settings?select=theme,members()&order=members(card_pin)",
        "member_settings?select=theme,members!inner()&members.order=card_pin",
        "member_settings?select=theme,members(name)&members.order=card_pin",
        "members?select=name,members(name)&members.order=card_pin",
        "members?select=name,members(name)&members.or=(card_pin.eq.0000,id.eq.1)",
        "members?select=name,members(count)&members.card_pin=eq.0000",
        "loans?select=id,members!loans_member_id_fkey(name,members(card_pin))",
        "authors?select=name,secret_note",
        "books?select=title,authors(secret_note)",
        "books?select=title,authors!inner()&authors.secret_note=like.*cats*",
        "books?select=...authors(secret_note)",
    ],
)
@pytest.mark.parametrize("shown", [{}, {"form": "csv"}, {"count": True}, {"form": "object", "strip_nulls": True}])
async def test_a_hidden_column_cannot_be_read(requests, url, shown):
    await denied(requests.read(url, **shown))


async def test_everything_is_what_may_be_read(requests):
    [member] = (await requests.read("members?id=eq.1")).body
    [book] = (await requests.read("books?select=authors(*)&id=eq.1", count=True)).body
    table = await requests.read("members?select=*&limit=1", form="csv")

    assert member.keys() == {"id", "name", "referred_by", "joined"}
    assert book["authors"][0].keys() == {"id", "name", "born", "home"}
    assert table.text.splitlines()[0] == "id,name,referred_by,joined"


@pytest.mark.parametrize("text", ["select=card_pin", "card_pin=eq.0000", "order=card_pin", "select=id,card_pin::text"])
async def test_a_function_that_exceeds_its_callers_rights_tells_no_hidden_column(requests, text):
    await requests.connection.execute(f"""
        reset role;
        create function library.everybody() returns setof library.members language sql stable security definer
          as 'select * from library.members order by id';
        {MEMBER}
    """)
    requests = await Requests.of(requests.connection)

    assert (await requests.get("everybody?limit=1", count=True)).body == [
        {"id": 1, "name": "Ann", "referred_by": None, "joined": "2026-01-01"}
    ]
    with pytest.raises(RestError) as caught:
        await requests.get(f"everybody?{text}")
    assert caught.value.code == "42703"


async def test_counting_needs_no_hidden_column(requests):
    assert (await requests.read("members?select=count", count=True)).body == [{"count": 4}]
    assert (await requests.read("members?select=name,members(count)&id=eq.1")).body[0]["members"] == [{"count": 2}]


async def test_what_is_written_is_answered_without_what_is_hidden(requests):
    [member] = (await requests.update("members?id=eq.2", {"name": "Rob"})).body

    assert member == {"id": 2, "name": "Rob", "referred_by": 1, "joined": "2026-01-01"}


@pytest.mark.parametrize(
    "url",
    [
        "members?id=eq.2&select=card_pin",
        "members?id=eq.2&select=n:card_pin::text",
        "members?card_pin=eq.0000&select=name",
        "members?id=eq.2&or=(card_pin.eq.0000,id.eq.1)&select=name",
        "members?id=eq.2&select=name&order=card_pin",
        "members?id=eq.2&select=members(card_pin)",
        "members?id=eq.2&select=name,referred_by()&order=referred_by(card_pin)",
    ],
)
async def test_a_write_does_not_tell_what_is_hidden(requests, url):
    await denied(requests.update(url, {"name": "Rob"}))


@pytest.mark.parametrize("representation", [True, False])
async def test_a_write_does_not_look_for_what_is_hidden(requests, representation):
    await denied(requests.update("members?card_pin=eq.0000", {"name": "Rob"}, representation))
    await denied(requests.update("members?id=eq.2", {"card_pin": "1"}, representation))
    await denied(requests.update("members?select=members()&members.card_pin=eq.1&members=is.null",
                                 {"name": "Rob"}, representation))  # fmt: skip
    await denied(requests.delete("members?card_pin=eq.0000", representation))


async def test_rows_of_others_are_neither_read_nor_written_nor_counted(requests):
    assert (await requests.read("loans?select=id&order=id", count=True)).total == 2
    assert (await requests.read("books?select=id,loans(member_id)&id=eq.1")).body[0]["loans"] == [{"member_id": 2}]
    assert (await requests.update("reviews?id=gt.0&select=id&order=id", {"stars": 1})).body == [{"id": 1}, {"id": 3}]
    assert (await requests.delete("reviews?member_id=eq.3")).body == []
    await denied(requests.insert("reviews", [{"book_id": 2, "member_id": 3, "stars": 1}]))
    await denied(
        requests.insert(
            "reviews?on_conflict=book_id,member_id", [{"book_id": 1, "member_id": 3, "stars": 1}], resolution="merge"
        )
    )


async def test_an_insert_with_defaults_reads_nothing(requests):
    await requests.connection.execute(
        f"reset role; grant usage on sequence library.reviews_id_seq to library_member; {MEMBER}"
    )
    row = {"book_id": 2, "member_id": 2, "stars": 1}
    answer = await requests.insert(
        "reviews?columns=id,book_id,member_id,stars,body", [row], representation=False, missing_default=True
    )

    assert (answer.text, answer.rows, answer.inserted) == ("", 1, 1)
