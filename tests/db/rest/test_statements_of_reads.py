import asyncpg
import pytest

from core.rest.errors import RestError
from tests.support.rest_statements import Requests


@pytest.fixture
async def requests(library):
    return await Requests.of(library)


async def titles(requests, text):
    return [row["title"] for row in (await requests.read(f"books?select=title&order=id&{text}")).body]


WIZARD, DISPOSSESSED, OMENS, BRACES = (
    "A Wizard of Earthsea",
    "The Dispossessed",
    "Good Omens",
    'Grüße, "quoted" (and) {braced}',
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("id=eq.2", [DISPOSSESSED]),
        ("id=neq.2", [WIZARD, OMENS, BRACES]),
        ("pages=gt.288", [DISPOSSESSED]),
        ("pages=gte.288", [DISPOSSESSED, OMENS]),
        ("pages=lt.288", [WIZARD]),
        ("pages=lte.288", [WIZARD, OMENS]),
        ("pages=gt.200&pages=lt.300", [WIZARD, OMENS]),
        ("title=like.*Omens", [OMENS]),
        ("title=like.%25OMENS", []),
        ("title=ilike.*OMENS", [OMENS]),
        ("title=match.^T", [DISPOSSESSED]),
        ("title=match.^t", []),
        ("title=imatch.^t", [DISPOSSESSED]),
        ("title=not.imatch.^t", [WIZARD, OMENS, BRACES]),
        ("price=isdistinct.12", [WIZARD, OMENS, BRACES]),
        ("price=not.isdistinct.12", [DISPOSSESSED]),
        ("price=is.null", [BRACES]),
        ("price=not.is.null", [WIZARD, DISPOSSESSED, OMENS]),
        ("price=is.not_null", [WIZARD, DISPOSSESSED, OMENS]),
        ('title=in.("Grüße, \\"quoted\\" (and) {braced}",Good Omens)', [OMENS, BRACES]),
        ("id=in.()", []),
        ("id=not.in.(1,2)", [OMENS, BRACES]),
        ("isbn=eq.not an isbn", []),
        ("isbn=in.(0395276535,9)", [WIZARD]),
        ("tags=cs.{sea}", [WIZARD]),
        ("tags=cd.{sea,magic,more}", [WIZARD, BRACES]),
        ("tags=ov.{sea,end}", [WIZARD, OMENS]),
        ("tags=eq.{magic,sea}", [WIZARD]),
        ('tags=in.("{magic,sea}","{anarchy}")', [WIZARD, DISPOSSESSED]),
        ('tags=eq(any).{"{magic,sea}","{end,angels}"}', [WIZARD, OMENS]),
        ("keywords=cs.{dragon}", [WIZARD]),
        ('details=cs.{"awards":["Hugo"]}', [DISPOSSESSED]),
        ("details->stock->>north=eq.2", [WIZARD]),
        ("details->stock->north=gte.0", [WIZARD, DISPOSSESSED]),
        ("details->awards->0=eq.\"Hugo\"", [DISPOSSESSED]),
        ("details->awards->>-1=eq.Nebula", [DISPOSSESSED]),
        ("details->awards=cs.[\"Hugo\"]", [DISPOSSESSED]),
        ("details->stock->>north=in.(0,2)", [WIZARD, DISPOSSESSED]),
        ("details->stock->>north=is.null", [OMENS, BRACES]),
        ("raw->a=eq.1", [WIZARD]),
        ("tags->>0=eq.end", [OMENS]),
        ("search=fts(english).omens", [OMENS]),
        ("search=plfts(english).the good omen", [OMENS]),
        ("search=phfts(english).good omens", [OMENS]),
        ("title=wfts(english).omen or wizards", [WIZARD, OMENS]),
        ("title=fts.wizard", [WIZARD]),
        ("title=not.wfts(english).omen", [WIZARD, DISPOSSESSED, BRACES]),
        ("title=like(any).{*Omens*,The*}", [DISPOSSESSED, OMENS]),
        ("title=ilike(all).{*o*,*the*}", [DISPOSSESSED]),
        ("pages=gt(all).{200,300}", [DISPOSSESSED]),
        ("pages=eq(any).{205,341}", [WIZARD, DISPOSSESSED]),
        ("title=match(any).{^A,s$}", [WIZARD, OMENS]),
        ("or=(id.eq.1,and(pages.gt.280,price.lt.10))", [WIZARD, OMENS]),
        ("or=(id.eq.1,not.and(pages.gt.280,price.lt.10),id.eq.9)", [WIZARD, DISPOSSESSED]),
        ("not.or=(id.eq.1,id.eq.2)", [OMENS, BRACES]),
        ("and=(id.gt.1,id.lt.4)", [DISPOSSESSED, OMENS]),
        ("or=(details->stock->>north.eq.2,title.like.Good*)", [WIZARD, OMENS]),
    ],
)  # fmt: skip
async def test_filters_find_what_they_should(requests, asked, found):
    assert await titles(requests, asked) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("period=cs.2026-01-05", "22P02"),
        ("period=cs.[2026-01-05,2026-01-06)", [1]),
        ("period=cd.[2026-01-01,2026-03-01)", [1, 2]),
        ("period=ov.[2026-02-12,2026-02-13)", [2, 3]),
        ("period=sl.[2026-02-01,2026-02-02)", [1]),
        ("period=sr.[2026-01-01,2026-01-16)", [2, 3]),
        ("period=nxr.[2026-01-01,2026-01-15)", [1]),
        ("period=nxl.[2026-02-01,2026-02-02)", [2, 3]),
        ("period=adj.[2026-01-15,2026-02-01)", [1, 2]),
        ("returned=is.true", [1]),
        ("returned=is.false", [2]),
        ("returned=is.unknown", [3]),
        ("returned=not.is.true", [2, 3]),
    ],
)
async def test_ranges_and_truths_are_compared(requests, asked, found):
    if isinstance(found, str):
        with pytest.raises(asyncpg.PostgresError) as caught:
            await requests.read(f"loans?select=id&{asked}")
        assert caught.value.sqlstate == found
    else:
        answer = await requests.read(f"loans?select=id&order=id&{asked}")
        assert [row["id"] for row in answer.body] == found


async def test_values_are_named_by_alias_last_key_or_column_and_cast(requests):
    inside = "details->awards->0,details->stock->>north,tags->0,north:details->stock->north,home:raw->a"
    answer = await requests.read(f"books?select=n:id,pages::text,{inside}&id=eq.1")

    assert answer.body == [
        {"n": 1, "pages": "205", "awards": "Boston Globe", "north": 2, "tags": "magic", "home": 1},
    ]


async def test_composites_are_read_by_path(requests):
    answer = await requests.read("authors?select=name,home->>city&home->>city=eq.Portland&order=home->city")

    assert answer.body == [{"name": "Ursula K. Le Guin", "city": "Portland"}]


async def test_odd_names_are_quoted_everywhere(requests):
    text = 'select="a \\"quoted\\" one","$dollar","Größe","dot.ted","(paren)",select,"back\\\\slash",books(title)'
    answer = await requests.read(f'odd names?{text}&"a \\"quoted\\" one"=eq.q&"dot.ted"=eq.dot&order="comma,ted".desc')

    assert answer.body == [
        {
            'a "quoted" one': "q", "$dollar": "d", "Größe": "groß", "dot.ted": "dot", "(paren)": "paren",
            "select": "sel", "back\\slash": "back", "books": {"title": WIZARD},
        }
    ]  # fmt: skip


async def test_orders_limits_and_offsets_hold_at_every_level(requests):
    text = "select=name,books(title)&order=name.desc&limit=2&offset=1&books.order=title.desc&books.limit=1"
    answer = await requests.read(f"categories?{text}", count=True)

    assert answer.body == [
        {"name": "Fiction", "books": []},
        {"name": "Fantasy", "books": [{"title": OMENS}]},
    ]
    assert (answer.rows, answer.total) == (2, 4)


async def test_nulls_come_where_they_are_asked_to(requests):
    first = await requests.read("books?select=id&order=pages.desc.nullslast,id")
    last = await requests.read("books?select=id&order=pages.asc.nullsfirst")

    assert [row["id"] for row in first.body] == [2, 3, 1, 4]
    assert [row["id"] for row in last.body] == [4, 1, 3, 2]


async def test_json_is_sorted_by_its_inside(requests):
    by_jsonb = await requests.read("books?select=id&order=details->stock->south.desc.nullslast,id")
    by_json = await requests.read("books?select=id&order=raw->a.nullslast,id")

    assert [row["id"] for row in by_jsonb.body] == [2, 3, 1, 4]
    assert [row["id"] for row in by_json.body] == [1, 2, 3, 4]


async def test_a_read_is_limited_at_every_level(requests):
    requests.max_rows = 1
    answer = await requests.read("categories?select=name,books(id)&id=eq.2&limit=100&books.limit=100", count=True)

    assert answer.body == [{"name": "Fantasy", "books": [{"id": 1}]}]


async def test_the_count_is_of_all_rows_and_not_of_the_page(requests):
    answer = await requests.read("books?select=id&pages=gt.100&limit=1&offset=1", count=True)

    assert (len(answer.body), answer.rows, answer.total) == (1, 1, 3)
    assert (await requests.read("books?limit=0", count=True)).total == 4
    assert (await requests.read("books?limit=0")).total is None


async def test_count_stands_for_all_rows(requests):
    assert (await requests.read("books?select=count&pages=gt.250")).body == [{"count": 2}]
    assert (await requests.read("books?select=n:count::text")).body == [{"n": "4"}]
    answer = await requests.read("categories?select=name,books(count)&books.pages=gt.250&order=id&limit=2")
    assert answer.body == [{"name": "Fiction", "books": [{"count": 0}]}, {"name": "Fantasy", "books": [{"count": 1}]}]


@pytest.mark.parametrize(
    "text",
    ["books?select=count,id", "books?select=*,count", "books?select=count,reviews(id)", "books?select=count&order=id"],
)
async def test_count_stands_alone(requests, text):
    with pytest.raises(RestError) as caught:
        await requests.read(text)

    assert (caught.value.status, caught.value.code) == (400, "42803")


async def test_a_table_without_columns_and_rows_can_be_read(requests):
    assert (await requests.read("empty", count=True)).body == []
