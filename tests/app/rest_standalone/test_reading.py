"""Rows, columns, filters, orders and pages, as PostgREST's documentation has them."""

from urllib.parse import quote

import pytest


async def test_a_table_is_read_whole(visitor):
    rows = await visitor.get("shelves?order=id")

    assert rows == [{"id": 1, "room": "East", "floor no.": 0}, {"id": 2, "room": "West", "floor no.": 1}]


async def test_both_prefixes_answer_the_same(visitor):
    assert await visitor.get("rest/v1/shelves?order=id") == await visitor.get("shelves?order=id")
    assert (await visitor.fails("rest/v1/nothing", 404, "PGRST205"))["message"]
    await visitor.fails("", 404, "PGRST125")
    await visitor.fails("rest/v1", 404, "PGRST125")
    await visitor.fails("rest/v1/", 404, "PGRST125")


async def test_a_star_is_what_the_role_may_read(visitor, librarian):
    assert list((await visitor.get("authors?id=eq.1"))[0]) == ["id", "name", "born", "home"]
    assert (await librarian.get("authors?id=eq.1"))[0]["secret_note"] == "likes cats"
    await visitor.fails("authors?select=secret_note", 401, "42501")
    await visitor.fails("authors?secret_note=eq.x", 401, "42501")
    await visitor.fails("authors?order=secret_note", 401, "42501")


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ("id=eq.1", [1]),
        ("id=neq.1", [2, 3, 4]),
        ("id=gt.1&id=lt.4", [2, 3]),
        ("id=in.(1,3,99)", [1, 3]),
        ("id=not.in.(1,3)", [2, 4]),
        ("id=in.()", []),
        ("title=like.*Earth*", [1]),
        ("title=ilike.the*", [2]),
        ("title=match.^The", [2]),
        ("title=imatch.^a wizard", [1]),
        ("title=like(any).{A*,Good*}", [1, 3]),
        ("title=ilike(all).{*o*,*M*}", [3]),
        ("id=eq(any).{1,2}", [1, 2]),
        ("category_id=is.null", [4]),
        ("category_id=not.is.null", [1, 2, 3]),
        ("category_id=isdistinct.2", [2, 4]),
        ("pages=gte.300", [2]),
        ("published=lt.1970-01-01", [1]),
        ("price=eq.9.5", [1]),
        ("isbn=eq.057504800X", [3]),
        ("isbn=in.(057504800X,0395276535)", [1, 3]),
        ("tags=cs.{magic}", [1]),
        ("tags=cd.{magic,sea,more}", [1, 4]),
        ("tags=ov.{sea,anarchy}", [1, 2]),
        ("tags=eq.{magic,sea}", [1]),
        ("keywords=cs.{dragon}", [1]),
        ('details=cs.{"awards":["Hugo"]}', [2]),
        ("details->stock->>north=eq.2", [1]),
        ("details->awards->>0=eq.Hugo", [2]),
        ("details->awards->>-1=eq.Nebula", [2]),
        ("details->>odd key=eq.x", [3]),
        ("details->stock->north=gt.1", [1]),
        ("raw->>a=eq.1", [1]),
        ("search=fts.wizard", [1]),
        ("search=plfts(english).good omens", [3]),
        ("search=wfts(english).wizard or omens", [1, 3]),
        ("search=not.fts.wizard", [2, 3, 4]),
        ("or=(id.eq.1,id.eq.4)", [1, 4]),
        ("or=(id.eq.1,and(id.gt.2,pages.not.is.null))", [1, 3]),
        ("not.or=(id.eq.1,id.eq.4)", [2, 3]),
        ("and=(id.gte.2,or(pages.gt.300,price.lt.8))", [2, 3]),
        ('or=(title.eq."Good Omens",title.like.*Wiz*)', [1, 3]),
        ('title=eq.Grüße, "quoted" (and) {braced}', [4]),
        (r'title=in.("Grüße, \"quoted\" (and) {braced}")', [4]),
        ("thickness_mm=eq.20.5", [1]),
        ("isbn=eq.short", []),
    ],
)
async def test_filters(visitor, filters, ids):
    path = "books?select=id&order=id&" + quote(filters, safe="=&.,():*")

    assert [row["id"] for row in await visitor.get(path)] == ids


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ("period=cs.[2026-01-02,2026-01-05)", [1]),
        ("period=ov.[2026-02-12,2026-02-20)", [2, 3]),
        ("period=sl.[2026-02-01,2026-02-02)", [1]),
        ("period=sr.[2026-01-20,2026-02-05)", [3]),
        ("period=nxr.[2026-01-01,2026-02-01)", [1]),
        ("period=nxl.[2026-02-01,2026-03-01)", [2, 3]),
        ("period=adj.[2026-01-15,2026-01-20)", [1]),
        ("opened=cs.[2026-01-02T00:00:00Z,2026-01-03T00:00:00Z]", [1]),
        ("returned=is.true", [1]),
        ("returned=is.not_null", [1, 2]),
        ("returned=is.unknown", [3]),
        ("returned=not.is.true", [2, 3]),
    ],
)
async def test_filters_of_ranges_and_truth(librarian, filters, ids):
    assert [row["id"] for row in await librarian.get(f"loans?select=id&order=id&{filters}")] == ids


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("id=eq.one", "22P02"),
        ("nothing=eq.1", "42703"),
        ("select=nothing", "42703"),
        ("order=nothing", "42703"),
        ("id=nope.1", "PGRST100"),
        ("tags=cs.nonsense", "22P02"),
        ("title=match.(", "2201B"),
        ("select=id(", "PGRST100"),
        ("limit=x", "PGRST100"),
        ("title->>a=eq.1", "42883"),
    ],
)
async def test_what_cannot_be_meant_is_refused(visitor, query, code):
    answer = await visitor.ask("GET", f"books?{query}")

    assert 400 <= answer.status < 500, answer.text
    assert answer.json["code"] == code, answer.text


@pytest.mark.parametrize(
    ("select", "row"),
    [
        ("id,title", {"id": 1, "title": "A Wizard of Earthsea"}),
        ("book:title,number:id", {"book": "A Wizard of Earthsea", "number": 1}),
        ("id::text,price::int", {"id": "1", "price": 10}),
        ("details->awards", {"awards": ["Boston Globe"]}),
        ("first:details->awards->>0", {"first": "Boston Globe"}),
        ("details->stock->north", {"north": 2}),
        ("details->stock->>north", {"north": "2"}),
        ("tags->0", {"tags": "magic"}),
        ("keywords,isbn,raw", {"keywords": ["dragon"], "isbn": "0395276535", "raw": {"a": 1}}),
        ("added_at,published", {"added_at": "2026-01-02T03:04:05+00:00", "published": "1968-11-01"}),
    ],
)
async def test_columns(visitor, select, row):
    assert await visitor.get(f"books?id=eq.1&select={select}") == [row]


async def test_what_lies_in_a_composite_is_selected_and_filtered(visitor):
    path = "authors?select=home->>city,home&home->>city=eq.Portland"

    assert await visitor.get(path) == [{"city": "Portland", "home": {"street": "Thurman", "city": "Portland"}}]


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("id.desc", [4, 3, 2, 1]),
        ("price", [3, 1, 2, 4]),
        ("price.desc", [4, 2, 1, 3]),
        ("price.desc.nullslast", [2, 1, 3, 4]),
        ("price.nullsfirst", [4, 3, 1, 2]),
        ("category_id,id.desc", [3, 1, 2, 4]),
        ("details->stock->north.desc.nullslast,id", [1, 2, 3, 4]),
        ("categories(name).desc.nullslast,id", [2, 1, 3, 4]),
    ],
)
async def test_orders(visitor, order, ids):
    rows = await visitor.get(f"books?select=id,categories(name)&order={order}")

    assert [row["id"] for row in rows] == ids


async def test_pages_and_counts(visitor):
    page = await visitor.ask("GET", "books?select=id&order=id&limit=2&offset=1", Prefer="count=exact")
    assert (page.status, page.headers["Content-Range"]) == (206, "1-2/4")
    assert page.json == [{"id": 2}, {"id": 3}]
    ranged = await visitor.ask("GET", "books?select=id&order=id", Range="2-3", Prefer="count=exact")
    assert (ranged.json, ranged.headers["Content-Range"]) == ([{"id": 3}, {"id": 4}], "2-3/4")
    beyond = await visitor.ask("GET", "books?offset=10", Prefer="count=exact")
    assert (beyond.status, beyond.json["code"]) == (416, "PGRST103")
    head = await visitor.ask("HEAD", "books?id=eq.99", Prefer="count=exact")
    assert (head.status, head.headers["Content-Range"], head.text) == (200, "*/0", "")


async def test_one_object_is_asked_for(visitor):
    accept = "application/vnd.pgrst.object+json"

    assert (await visitor.get("books?id=eq.1&select=id", Accept=accept)) == {"id": 1}
    error = await visitor.get("books?select=id", 406, Accept=accept)
    assert (error["code"], error["details"]) == ("PGRST116", "The result contains 4 rows")
    assert (await visitor.get("books?id=eq.99", 406, Accept=accept))["details"] == "The result contains 0 rows"


async def test_csv_and_stripped_nulls(visitor):
    csv = await visitor.ask("GET", "books?select=id,title,price&order=id&id=in.(1,4)", Accept="text/csv")
    assert csv.headers["Content-Type"].startswith("text/csv")
    assert csv.text.splitlines() == [
        "id,title,price",
        "1,A Wizard of Earthsea,9.50",
        '4,"Grüße, ""quoted"" (and) {braced}",',
    ]
    stripped = "application/vnd.pgrst.array+json;nulls=stripped"
    assert await visitor.get("books?select=id,price&id=eq.4", Accept=stripped) == [{"id": 4}]


async def test_odd_names_can_be_asked_for_everywhere(librarian):
    select = quote(r'"the id","a \"quoted\" one",$dollar,Größe,"dot.ted","comma,ted","(paren)",select,"colon:ed"')
    (row,) = await librarian.get(f"odd%20names?select={select}&Gr%C3%B6%C3%9Fe=eq.gro%C3%9F")

    assert list(row.values()) == [1, "q", "d", "groß", "dot", "comma", "paren", "sel", "colon"]
    for filters in (
        '"dot.ted"=eq.dot',
        '"comma,ted"=eq.comma',
        '"(paren)"=eq.paren',
        'or=("dot.ted".eq.dot,"comma,ted".eq.x)',
    ):
        rows = await librarian.get(f'odd%20names?select="the%20id"&{quote(filters, safe="=&")}')
        assert rows == [{"the id": 1}], filters
    every = (await librarian.get("odd%20names?order=%22the%20id%22"))[0]
    assert (every["back\\slash"], every["brace{QUERY }"]) == ("back", "brace")


async def test_an_empty_table_and_a_partitioned_one(librarian):
    assert await librarian.get("empty") == []
    assert len(await librarian.get("visits?select=minutes")) == 3
    await librarian.fails("visits_2025", 404, "PGRST205")


async def test_another_schema_is_asked_for_by_its_profile(librarian, visitor):
    assert await librarian.get("cards?select=number", Accept_Profile="cards") == [{"number": "C-1"}]
    await librarian.fails("cards", 404, "PGRST205")
    assert (await visitor.get("cards", 401, Accept_Profile="cards"))["code"] == "42501"
    assert (await librarian.get("boxes", 406, Accept_Profile="stacks"))["code"] == "PGRST106"


async def test_aggregates_of_a_table_are_refused_and_a_count_of_an_embed_is_served(visitor):
    assert await visitor.get("categories?select=name,books(count)&order=id") == [
        {"name": "Fiction", "books": [{"count": 0}]},
        {"name": "Fantasy", "books": [{"count": 2}]},
        {"name": "Science fiction", "books": [{"count": 1}]},
        {"name": "Empty shelf", "books": [{"count": 0}]},
    ]
