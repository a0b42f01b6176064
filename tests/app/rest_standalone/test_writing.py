"""Inserts, upserts, changes and removals in a foreign schema."""

from dataclasses import replace

import pytest

from tests.app.rest_standalone.conftest import token

SHOWN = {"Prefer": "return=representation"}


async def test_a_row_is_inserted_with_its_defaults(writer):
    plain = await writer.ask("POST", "books", {"title": "New"})
    assert (plain.status, plain.text) == (201, "")
    shown = await writer.ask(
        "POST", "books?select=title,tags,thickness_mm,added_at", {"title": "Thick", "pages": 10, "isbn": None}, **SHOWN
    )
    assert shown.json == [
        {"title": "Thick", "tags": [], "thickness_mm": 1.0, "added_at": "2026-01-02T03:04:05+00:00"}
    ], shown.text
    assert await writer.get("books?select=isbn&title=eq.New") == [{"isbn": "0000000000"}]


async def test_arrays_json_ranges_composites_and_domains_are_written(writer):
    row = {
        "title": 'T "q"', "isbn": "1234567890", "tags": ["a,b", 'c"d', ""], "keywords": ["k"],
        "details": {"a": [1, None]}, "raw": [1, {"b": None}], "price": 1.25, "published": "2026-01-01",
    }  # fmt: skip
    answer = await writer.ask("POST", f"books?select={','.join(row)}", row, **SHOWN)
    assert answer.json == [row], answer.text
    loan = {"book_id": 1, "member_id": 1, "period": "[2026-07-01,2026-07-15)", "opened": None}
    answer = await writer.ask("POST", "loans?select=book_id,member_id,period,opened", loan, **SHOWN)
    assert answer.json == [loan], answer.text
    author = {"name": "A", "home": {"street": "S", "city": "C"}}
    answer = await writer.ask("POST", "authors?select=name,home", author, **SHOWN)
    assert answer.json == [author], answer.text


async def test_missing_members_are_null_or_default(writer):
    rows = [
        {"id": 50, "title": "a", "isbn": "1111111111", "tags": ["x"]},
        {"id": 51, "title": "b", "isbn": "2222222222"},
    ]
    refused = await writer.ask("POST", "books?columns=id,title,isbn,tags", rows)
    assert (refused.status, refused.json["code"]) == (400, "23502")
    answer = await writer.ask(
        "POST",
        "books?columns=id,title,isbn,tags&select=tags&order=id",
        rows,
        Prefer="missing=default,return=representation",
    )
    assert answer.json == [{"tags": ["x"]}, {"tags": []}], answer.text


async def test_identity_columns_take_their_sequence_where_a_member_is_missing(writer):
    rows = [{"id": 60, "name": "given"}, {"name": "counted"}]
    answer = await writer.ask(
        "POST", "authors?columns=id,name&select=id&order=id", rows, Prefer="missing=default,return=representation"
    )

    assert answer.json == [{"id": 60}, {"id": 101}], answer.text


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"nothing": 1}, 400, "PGRST204"),
        ({"title": None}, 400, "23502"),
        ({"title": "x", "category_id": 99}, 409, "23503"),
        ({"title": "x", "isbn": "0395276535"}, 409, "23505"),
        ({"title": "x", "isbn": "bad"}, 400, "23514"),
        ({"title": "x", "pages": "many"}, 400, "22P02"),
        ({"title": "x", "thickness_mm": 5}, 400, "428C9"),
        (b"{", 400, "PGRST102"),
        ("text", 400, "PGRST102"),
    ],
)
async def test_rows_that_are_refused(writer, body, status, code):
    await writer.fails("books", status, code, "POST", body)


async def test_upserts_by_primary_key_and_by_another_key(writer):
    row = {"member_id": 1, "theme": "light"}
    answer = await writer.ask(
        "POST", "member_settings", row, Prefer="resolution=merge-duplicates,return=representation"
    )
    assert (answer.status, answer.json) == (200, [row]), answer.text
    review = {"book_id": 1, "member_id": 2, "stars": 1}
    answer = await writer.ask(
        "POST",
        "reviews?on_conflict=book_id,member_id&select=id,stars",
        review,
        Prefer="resolution=merge-duplicates,return=representation",
    )
    assert answer.json == [{"id": 1, "stars": 1}], answer.text
    answer = await writer.ask(
        "POST",
        "reviews?on_conflict=book_id,member_id&select=id",
        review,
        Prefer="resolution=ignore-duplicates,return=representation",
    )
    assert answer.json == [], answer.text
    copy = {"book_id": 1, "edition": 1}
    copies = [{**copy, "number": 1, "condition": "lost"}, {**copy, "number": 9, "condition": "new"}]
    answer = await writer.ask("POST", "copies", copies, Prefer="resolution=merge-duplicates,return=representation")
    assert {row["number"]: row["condition"] for row in answer.json} == {1: "lost", 9: "new"}, answer.text


async def test_rows_are_changed_and_removed_where_the_filter_says(writer):
    answer = await writer.ask(
        "PATCH", "books?id=eq.1&select=id,tags,details", {"tags": ["new"], "details": {"x": 1}}, **SHOWN
    )
    assert answer.json == [{"id": 1, "tags": ["new"], "details": {"x": 1}}], answer.text
    assert (await writer.ask("PATCH", "books?id=eq.99", {"title": "x"})).status == 204
    answer = await writer.ask("DELETE", "copies?book_id=eq.1&edition=eq.1&select=number&order=number", **SHOWN)
    assert answer.json == [{"number": 1}, {"number": 2}], answer.text
    await writer.fails("books", 400, "21000", "DELETE")
    await writer.fails("books", 400, "21000", "PATCH", {"title": "x"})


async def test_what_was_written_is_answered_with_what_hangs_on_it(writer):
    answer = await writer.ask(
        "POST",
        "books?select=title,categories(name,parent(name))",
        {"title": "New", "isbn": "1234567890", "category_id": 2},
        **SHOWN,
    )
    assert answer.json == [{"title": "New", "categories": {"name": "Fantasy", "parent": {"name": "Fiction"}}}], (
        answer.text
    )
    answer = await writer.ask(
        "PATCH", "books?id=eq.3&select=id,authors(name)&authors.order=name", {"price": 1}, **SHOWN
    )
    assert answer.json == [{"id": 3, "authors": [{"name": "Neil Gaiman"}, {"name": "Terry Pratchett"}]}], answer.text


async def test_a_view_of_one_table_is_written_through(writer):
    answer = await writer.ask(
        "POST",
        "cheap_books?select=title,categories(name)",
        {"title": "Cheap", "shelf_category": 1, "price": 1},
        **SHOWN,
    )
    assert answer.json == [{"title": "Cheap", "categories": {"name": "Fiction"}}], answer.text
    answer = await writer.ask("PATCH", "cheap_titles?book_id=eq.3&select=title", {"title": "Better omens"}, **SHOWN)
    assert answer.json == [{"title": "Better omens"}], answer.text
    refused = await writer.ask("POST", "loan_list", {"title": "x"})
    assert refused.json["code"] == "55000", refused.text


async def test_odd_names_are_written(writer):
    row = {"the id": 7, 'a "quoted" one': "q", "$dollar": "d", "Größe": "g", "dot.ted": ".", "back\\slash": "\\"}
    answer = await writer.ask("POST", "odd%20names", row, **SHOWN)
    assert answer.json[0].items() >= row.items(), answer.text
    answer = await writer.ask("PATCH", 'odd%20names?"the%20id"=eq.7&select="dot.ted"', {"dot.ted": ":"}, **SHOWN)
    assert answer.json == [{"dot.ted": ":"}], answer.text


async def test_row_security_holds_for_writes(writer):
    bob = replace(writer, bearer=token("library_member", member_id=2))
    mine = {"book_id": 2, "member_id": 2, "stars": 2}

    assert (await bob.ask("POST", "reviews", {**mine, "id": 70})).status == 201
    refused = await bob.ask("POST", "reviews", {**mine, "id": 71, "member_id": 3})
    assert (refused.status, refused.json["code"]) == (403, "42501")
    changed = await bob.ask("PATCH", "reviews?stars=gt.0&select=id&order=id", {"body": "mine"}, **SHOWN)
    assert changed.json == [{"id": 1}, {"id": 3}, {"id": 70}], changed.text


async def test_more_rows_than_allowed_are_not_changed(writer):
    answer = await writer.ask("DELETE", "reviews?id=gt.0", Prefer="handling=strict, max-affected=2")

    assert (answer.status, answer.json["code"]) == (400, "PGRST124")
    assert len(await writer.get("reviews")) == 3


@pytest.mark.parametrize("prefix", ["/", "/rest/v1/"])
async def test_the_new_row_is_found_where_the_answer_says(writer, prefix):
    answer = await replace(writer, prefix=prefix).ask(
        "POST", "shelves", {"id": 7, "room": "n"}, Prefer="return=headers-only"
    )

    assert answer.headers["Location"] == f"{prefix}shelves?id=eq.7"
