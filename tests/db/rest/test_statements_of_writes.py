import asyncpg
import pytest

from core.rest.errors import RestError
from tests.support.rest_statements import Requests

REVIEW = {"book_id": 2, "member_id": 1, "stars": 5}


@pytest.fixture
async def requests(library):
    return await Requests.of(library)


async def refusal(awaitable):
    with pytest.raises((RestError, asyncpg.PostgresError)) as caught:
        await awaitable
    return getattr(caught.value, "sqlstate", None) or caught.value.code


async def test_an_insert_answers_what_is_selected_of_the_new_rows(requests):
    rows = [
        {"title": "One", "tags": ["a", "b"], "details": {"x": None}, "isbn": None},
        {"title": "Two", "tags": [], "details": {}, "isbn": "123456789X"},
    ]
    answer = await requests.insert("books?select=title,tags,details,search,price", rows, count=True)

    assert answer.body == [
        {"title": "One", "tags": ["a", "b"], "details": {"x": None}, "search": "'one':1", "price": None},
        {"title": "Two", "tags": [], "details": {}, "search": "'two':1", "price": None},
    ]
    assert (answer.rows, answer.total, answer.inserted) == (2, 2, 2)


async def test_an_insert_that_answers_nothing_has_an_empty_body(requests):
    answer = await requests.insert("reviews", [REVIEW], representation=False)

    assert (answer.text, answer.rows, answer.total, answer.inserted) == ("", 1, None, 1)
    assert len((await requests.read("reviews")).body) == 4


async def test_no_rows_and_rows_without_columns_are_inserted(requests):
    assert (await requests.insert("reviews", [])).body == []
    assert (await requests.insert("reviews", [], representation=False)).rows == 0
    assert (await requests.insert("empty?select=*", [{}, {}])).body == [{}, {}]


async def test_new_rows_are_answered_with_their_embeds(requests):
    answer = await requests.insert(
        "reviews?select=stars,books(title,authors(name)),...members(member:name)", [REVIEW, {**REVIEW, "member_id": 4}]
    )

    book = {"title": "The Dispossessed", "authors": [{"name": "Ursula K. Le Guin"}]}
    assert answer.body == [{"stars": 5, "member": name, "books": book} for name in ("Ann", "Dan")]


async def test_embeds_of_new_rows_are_filtered_sorted_and_limited_but_hide_none_of_them(requests):
    answer = await requests.insert(
        "reviews?select=stars,books!inner(title,loans(id))&books.title=eq.no", [REVIEW], representation=True
    )
    assert answer.body == [{"stars": 5, "books": None}]

    answer = await requests.update(
        "books?id=eq.1&select=loans(id)&loans.order=id.desc&loans.limit=1", {"title": "Changed"}
    )
    assert answer.body == [{"loans": [{"id": 2}]}]


async def test_what_is_written_is_answered_in_the_order_asked_for_and_never_limited(requests):
    requests.max_rows = 1
    answer = await requests.update("books?id=gt.0&select=id,categories(name)&order=id.desc", {"price": 1})

    assert [row["id"] for row in answer.body] == [4, 3, 2, 1]


async def test_answers_are_sorted_by_embeds_too(requests):
    asked = "books?id=lt.4&select=id,categories()&order=categories(name).desc,id.desc"

    assert [row["id"] for row in (await requests.update(asked, {"price": 1})).body] == [2, 3, 1]


async def test_the_columns_of_the_query_go_before_the_keys(requests):
    rows = [{"title": "One", "pages": 7, "unknown": 1}, {"title": "Two"}]
    answer = await requests.insert('books?columns="title","pages","isbn"&select=title,pages,tags', rows)

    assert answer.body == [
        {"title": "One", "pages": 7, "tags": []},
        {"title": "Two", "pages": None, "tags": []},
    ]


async def test_missing_values_are_null_or_the_default(requests):
    rows = [{"id": 900, "title": "One", "isbn": None}, {"title": "Two", "tags": ["t"], "added_at": "2020-01-01"}]
    asked = "books?columns=id,title,tags,isbn,details,added_at,pages&select=id,tags,isbn,details,added_at,pages"

    assert await refusal(requests.insert(asked, rows)) == "23502"
    answer = await requests.insert(asked, rows, missing_default=True)

    default = "2026-01-02T03:04:05+00:00"
    assert answer.body == [
        {"id": 900, "tags": [], "isbn": None, "details": {}, "added_at": default, "pages": None},
        {"id": answer.body[1]["id"], "tags": ["t"], "isbn": "0000000000", "details": {}, "pages": None,
         "added_at": "2020-01-01T00:00:00+00:00"},
    ]  # fmt: skip
    assert answer.body[1]["id"] > 100


async def test_computed_columns_are_only_written_when_they_are_sent(requests):
    assert (await requests.insert("books?select=search", [{"title": "A Boat"}])).body == [{"search": "'boat':2"}]
    assert await refusal(requests.insert("books", [{"title": "A Boat", "search": "x"}])) == "428C9"


async def test_an_upsert_merges_and_says_how_many_rows_are_new(requests):
    rows = [{"id": 1, "room": "North", "floor no.": 3}, {"id": 9, "room": "New", "floor no.": 0}]
    answer = await requests.insert("shelves?select=*&order=id", rows, resolution="merge")

    assert answer.body == rows
    assert (answer.rows, answer.inserted) == (2, 1)
    again = await requests.insert("shelves", rows, representation=False, resolution="merge")
    assert (again.text, again.rows, again.inserted) == ("", 2, 0)


async def test_an_upsert_ignores_what_is_there_and_does_not_answer_it(requests):
    rows = [{"id": 1, "room": "North"}, {"id": 9, "room": "New"}]
    answer = await requests.insert("shelves?select=id,room", rows, resolution="ignore")

    assert answer.body == [{"id": 9, "room": "New"}]
    assert (answer.rows, answer.inserted) == (1, 1)
    assert (await requests.read("shelves?select=room&id=eq.1")).body == [{"room": "East"}]


async def test_an_upsert_merges_only_the_columns_that_are_sent(requests):
    rows = [{"book_id": 1, "member_id": 2, "stars": 1}]
    answer = await requests.insert(
        "reviews?on_conflict=book_id,member_id&select=id,stars,body", rows, resolution="merge"
    )

    assert answer.body == [{"id": 1, "stars": 1, "body": "Read it twice."}]
    assert answer.inserted == 0


async def test_an_upsert_works_on_partitions_and_views(requests):
    rows = [{"day": "2026-01-01", "member_id": 1, "minutes": 50}, {"day": "2025-06-01", "member_id": 1, "minutes": 1}]
    answer = await requests.insert("visits?select=minutes&order=minutes", rows, resolution="merge")

    assert (answer.body, answer.rows, answer.inserted) == ([{"minutes": 1}, {"minutes": 50}], 2, 1)
    vaults = await requests.insert("vaults?select=name", [{"id": 1, "name": "Lower"}], resolution="merge")
    assert (vaults.body, vaults.inserted) == ([{"name": "Lower"}], 0)


async def test_a_row_that_is_there_is_an_error_without_an_upsert(requests):
    rows = [{"id": 1, "room": "North"}]

    assert await refusal(requests.insert("shelves", rows)) == "23505"
    assert await refusal(requests.insert("shelves?on_conflict=id", rows)) == "23505"
    assert await refusal(requests.insert("shelves?on_conflict=room", rows, resolution="merge")) == "42P10"
    assert await refusal(requests.insert("shelves?on_conflict=nothing", rows, resolution="merge")) == "42703"


async def test_a_table_without_a_key_takes_an_upsert_for_an_insert(requests):
    await requests.connection.execute("create table library.notes (text text)")
    requests = await Requests.of(requests.connection)

    assert (await requests.insert("notes", [{"text": "a"}], resolution="merge")).inserted == 1


async def test_an_upsert_with_defaults_counts_what_it_met(requests):
    rows = [{"id": 1, "room": "North"}, {"id": 9, "room": "New", "floor no.": 4}]
    answer = await requests.insert(
        'shelves?columns=id,room,"floor no."&order=id', rows, resolution="merge", missing_default=True
    )

    assert [row["floor no."] for row in answer.body] == [0, 4]
    assert (answer.rows, answer.inserted) == (2, 1)


async def test_an_update_changes_the_rows_that_its_filters_leave(requests):
    answer = await requests.update(
        "books?pages=gt.250&or=(id.eq.1,id.eq.2)&select=id,pages", {"pages": 10, "tags": ["x"]}, count=True
    )

    assert answer.body == [{"id": 2, "pages": 10}]
    assert (answer.rows, answer.total, answer.inserted) == (1, 1, None)
    assert (await requests.read("books?select=id&tags=eq.{x}")).body == [{"id": 2}]


async def test_an_update_may_answer_nothing_and_change_nothing(requests):
    assert (await requests.update("books?id=lt.3", {"pages": 10}, representation=False)).rows == 2
    assert (await requests.update("books?id=eq.77", {"pages": 10})).text == "[]"
    nothing = await requests.update("books?id=eq.1&select=id,categories(name)&order=id", {})
    assert (nothing.body, nothing.rows) == ([], 0)
    assert (await requests.update("books?id=eq.1", {}, representation=False)).rows == 0


async def test_rows_are_chosen_by_their_embeds(requests):
    answer = await requests.update("books?reviews=is.null&id=lt.4&select=id,reviews()", {"pages": 1})
    assert answer.body == [{"id": 2}]

    answer = await requests.delete("reviews?members=not.is.null&select=id,members()&members.name=eq.Cat")
    assert answer.body == [{"id": 2}]


async def test_a_delete_answers_what_is_gone(requests):
    answer = await requests.delete("reviews?member_id=eq.2&select=id,books(title)&order=id.desc", count=True)

    assert answer.body == [
        {"id": 3, "books": {"title": "Good Omens"}},
        {"id": 1, "books": {"title": "A Wizard of Earthsea"}},
    ]
    assert (answer.rows, answer.total) == (2, 2)
    assert [row["id"] for row in (await requests.read("reviews?select=id")).body] == [2]
    assert (await requests.delete("reviews?id=eq.2", representation=False)).rows == 1


async def test_a_count_of_what_is_written_does_not_hide_how_many_rows_that_were(requests):
    answer = await requests.delete("reviews?id=gt.0&select=count")

    assert (answer.body, answer.rows) == ([{"count": 3}], 3)


async def test_writes_answer_as_an_object_and_as_csv(requests):
    one = await requests.update("shelves?id=eq.1", {"room": "North"}, form="object")
    assert one.body == {"id": 1, "room": "North", "floor no.": 0}

    table = await requests.insert("shelves", [{"id": 7, "room": 'Say "hi"', "floor no.": 0}], form="csv")
    assert table.text == 'id,room,floor no.\n7,"Say ""hi""",0'
    stripped = await requests.insert("reviews?select=stars,body", [REVIEW], strip_nulls=True)
    assert stripped.body == [{"stars": 5}]
