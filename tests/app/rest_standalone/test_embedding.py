"""What hangs on what: to one, to many, through junctions, of itself, in views."""

import pytest


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        ("books?select=id,categories(name)&id=eq.1", [{"id": 1, "categories": {"name": "Fantasy"}}]),
        ("books?select=id,categories(name)&id=eq.4", [{"id": 4, "categories": None}]),
        ("books?select=shelf:category_id(name)&id=eq.1", [{"shelf": {"name": "Fantasy"}}]),
        ("books?select=books_category_id_fkey(name)&id=eq.1", [{"books_category_id_fkey": {"name": "Fantasy"}}]),
        ("books?select=categories!category_id(name)&id=eq.1", [{"categories": {"name": "Fantasy"}}]),
        (
            "categories?select=name,books(id)&books.order=id.desc&id=eq.2",
            [{"name": "Fantasy", "books": [{"id": 3}, {"id": 1}]}],
        ),
        ("categories?select=name,books(id)&id=eq.4", [{"name": "Empty shelf", "books": []}]),
        ("books?select=id,blurbs(text)&id=eq.1", [{"id": 1, "blurbs": {"text": "A boy, a shadow."}}]),
        ("books?select=id,blurbs(text)&id=eq.2", [{"id": 2, "blurbs": None}]),
        ("blurbs?select=books(title)&id=eq.2", [{"books": {"title": "Good Omens"}}]),
        ("editions?select=year,copies(number,condition)&copies.order=number&book_id=eq.1&number=eq.1",
         [{"year": 1968, "copies": [{"number": 1, "condition": "worn"}, {"number": 2, "condition": "new"}]}]),
        ("copies?select=editions(year)&book_id=eq.1&edition=eq.2", [{"editions": {"year": 1984}}]),
        ("copies?select=editions(books(title))&shelf_id=eq.2", [{"editions": {"books": {"title": "Good Omens"}}}]),
    ],
)  # fmt: skip
async def test_embeds(visitor, path, rows):
    assert await visitor.get(path) == rows


async def test_many_to_many_leads_through_the_junction_in_both_directions(visitor):
    books = await visitor.get("authors?select=name,books(title)&id=eq.1&books.order=id")
    assert books == [
        {"name": "Ursula K. Le Guin", "books": [{"title": "A Wizard of Earthsea"}, {"title": "The Dispossessed"}]}
    ]
    authors = await visitor.get("books?select=authors(name)&id=eq.3&authors.order=name")
    assert authors == [{"authors": [{"name": "Neil Gaiman"}, {"name": "Terry Pratchett"}]}]
    assert await visitor.get("books?select=authors!book_authors(id)&id=eq.4") == [{"authors": []}]


async def test_a_unique_pair_is_a_junction_too(visitor):
    assert await visitor.get("books?select=shelves(room)&id=eq.1&shelves.order=id") == [
        {"shelves": [{"room": "East"}, {"room": "West"}]}
    ]


async def test_many_to_many_is_filtered_ordered_limited_and_required(visitor):
    path = "books?select=id,authors!inner(name)&authors.name=like.*Gaiman"
    assert await visitor.get(path) == [{"id": 3, "authors": [{"name": "Neil Gaiman"}]}]
    path = "books?select=id,authors(id)&authors.order=id.desc&authors.limit=1&id=eq.3"
    assert await visitor.get(path) == [{"id": 3, "authors": [{"id": 3}]}]
    answer = await visitor.ask("GET", "books?select=id,authors!inner(id)&authors.id=eq.1&limit=1", Prefer="count=exact")
    assert answer.headers["Content-Range"] == "0-0/2"


async def test_the_junction_itself_can_be_read_with_both_ends(visitor):
    path = "book_authors?select=share,books(title),authors(name)&book_id=eq.3&author_id=eq.2"

    assert await visitor.get(path) == [
        {"share": 0.5, "books": {"title": "Good Omens"}, "authors": {"name": "Terry Pratchett"}}
    ]


async def test_a_table_refers_to_itself_in_both_directions(visitor, librarian):
    path = "categories?select=name,parent(name,parent(name)),children:categories(name)&id=eq.2"
    assert await visitor.get(path) == [
        {"name": "Fantasy", "parent": {"name": "Fiction", "parent": None}, "children": [{"name": "Empty shelf"}]}
    ]
    path = "members?select=name,friends:members!friend_id(name)&id=eq.1"
    assert await librarian.get(path) == [{"name": "Ann", "friends": [{"name": "Bob"}]}]
    path = "members?select=name,friends:members!member_id(name)&id=eq.1"
    assert await librarian.get(path) == [{"name": "Ann", "friends": [{"name": "Cat"}]}]


async def test_two_keys_between_the_same_tables_want_a_hint(librarian):
    error = await librarian.fails("loans?select=members(name)", 300, "PGRST201")
    assert [way["relationship"] for way in error["details"]] == [
        "loans_issued_by_fkey using loans(issued_by) and members(id)",
        "loans_member_id_fkey using loans(member_id) and members(id)",
    ]
    path = "loans?select=reader:members!loans_member_id_fkey(name),clerk:issued_by(name)&id=eq.1"
    assert await librarian.get(path) == [{"reader": {"name": "Bob"}, "clerk": {"name": "Ann"}}]
    path = "members?select=name,issued:loans!issued_by(id)&issued.order=id&id=eq.1"
    assert await librarian.get(path) == [{"name": "Ann", "issued": [{"id": 1}, {"id": 2}]}]


async def test_views_hang_where_their_tables_do(visitor, librarian):
    assert await visitor.get("cheap_books?select=title,categories(name),blurbs(text)&id=eq.1") == [
        {"title": "A Wizard of Earthsea", "categories": {"name": "Fantasy"}, "blurbs": {"text": "A boy, a shadow."}}
    ]
    assert await visitor.get("cheap_titles?select=title,authors(name)&book_id=eq.3&authors.order=id") == [
        {"title": "Good Omens", "authors": [{"name": "Terry Pratchett"}, {"name": "Neil Gaiman"}]}
    ]
    assert await visitor.get("categories?select=cheap_titles(title)&id=eq.2&cheap_titles.order=title") == [
        {"cheap_titles": [{"title": "A Wizard of Earthsea"}, {"title": "Good Omens"}]}
    ]
    assert await librarian.get("copy_list?select=number,editions(year)&number=eq.2") == [
        {"number": 2, "editions": {"year": 1968}}
    ]
    assert await librarian.get("loan_list?select=title,reader:members!member_id(name)&id=eq.1") == [
        {"title": "A Wizard of Earthsea", "reader": {"name": "Bob"}}
    ]


async def test_views_of_a_schema_that_is_not_exposed_hang_together(librarian):
    assert await librarian.get("vaults?select=name,boxes(label)&boxes.order=id&id=eq.1") == [
        {"name": "Deep", "boxes": [{"label": "maps"}, {"label": "letters"}]}
    ]


async def test_a_view_of_computed_rows_hangs_by_its_comment(librarian):
    assert await librarian.get("books?select=title,popularity(loans)&id=eq.1") == [
        {"title": "A Wizard of Earthsea", "popularity": {"loans": 2}}
    ]


async def test_spread(visitor):
    assert await visitor.get("books?select=title,...categories(category:name)&id=eq.1") == [
        {"title": "A Wizard of Earthsea", "category": "Fantasy"}
    ]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("categories!inner(name)&categories.name=eq.Fantasy", [1, 3]),
        ("categories!inner(parent!inner(name))&categories.parent.name=eq.Fiction", [1, 2, 3]),
        ("blurbs()&blurbs=not.is.null", [1, 3]),
        ("blurbs()&blurbs=is.null", [2, 4]),
        ("authors()&authors=is.null", [4]),
        ("categories(name)&categories.name=eq.Fantasy", [1, 2, 3, 4]),
        ("blurbs(),authors()&or=(blurbs.not.is.null,authors.is.null)", [1, 3, 4]),
    ],
)
async def test_an_embed_filters_its_parent_only_when_told_to(visitor, query, ids):
    rows = await visitor.get(f"books?order=id&select=id,{query}")

    assert [row["id"] for row in rows] == ids


async def test_each_level_shows_what_the_role_may_see(visitor):
    await visitor.fails("books?select=id,loans(id)", 401, "42501")
    await visitor.fails("books?select=id,reviews!inner()", 401, "42501")
    await visitor.fails("books?select=authors(secret_note)", 401, "42501")
    await visitor.fails("books?select=id,authors!inner()&authors.secret_note=eq.x", 401, "42501")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("select=nothing(id)", 400, "PGRST200"),
        ("select=categories!nothing(id)", 400, "PGRST200"),
        ("select=categories(nothing)", 400, "42703"),
        ("select=id&categories.name=eq.x", 400, "PGRST108"),
        ("select=id,authors(id)&order=authors(id)", 400, "PGRST118"),
        ("select=id,visits(id)", 400, "PGRST200"),
    ],
)
async def test_embeds_that_cannot_be(visitor, query, status, code):
    await visitor.fails(f"books?{query}", status, code)
