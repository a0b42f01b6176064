import pytest

from tests.support.rest_statements import Requests


@pytest.fixture
async def requests(library):
    return await Requests.of(library)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        # to one, to many, one to one, through a junction, over a composite key, through a view, of itself
        ("books?id=eq.1&select=categories(name)", {"categories": {"name": "Fantasy"}}),
        ("books?id=eq.4&select=categories(name)", {"categories": None}),
        ("books?id=eq.1&select=reviews(stars)&reviews.order=stars", {"reviews": [{"stars": 4}, {"stars": 5}]}),
        ("books?id=eq.2&select=reviews(stars)", {"reviews": []}),
        ("books?id=eq.1&select=blurbs(text)", {"blurbs": {"text": "A boy, a shadow."}}),
        ("books?id=eq.2&select=blurbs(text)", {"blurbs": None}),
        ("books?id=eq.3&select=authors(name)&authors.order=name",
         {"authors": [{"name": "Neil Gaiman"}, {"name": "Terry Pratchett"}]}),
        ("copies?number=eq.2&select=editions(year,books(title))",
         {"editions": {"year": 1968, "books": {"title": "A Wizard of Earthsea"}}}),
        ("loan_list?id=eq.3&select=books(id)", {"books": {"id": 3}}),
        ("categories?id=eq.2&select=parent(name),categories(name)",
         {"parent": {"name": "Fiction"}, "categories": [{"name": "Empty shelf"}]}),
        # names
        ("books?id=eq.1&select=category:categories(title:name)", {"category": {"title": "Fantasy"}}),
        ("books?id=eq.1&select=category_id(name)", {"category_id": {"name": "Fantasy"}}),
        ("loans?id=eq.1&select=members!loans_member_id_fkey(name)", {"members": {"name": "Bob"}}),
        ("loans?id=eq.1&select=reader:members!member_id(name),clerk:members!issued_by(name)",
         {"reader": {"name": "Bob"}, "clerk": {"name": "Ann"}}),
        # filters of embeds do not touch the parent, by whatever name they are addressed
        ("books?id=eq.1&select=id,r:reviews(stars)&r.stars=gt.4", {"id": 1, "r": [{"stars": 5}]}),
        ("books?id=eq.1&select=id,r:reviews(stars)&reviews.stars=gt.4", {"id": 1, "r": [{"stars": 5}]}),
        ("books?id=eq.1&select=id,c:category_id(name)&categories.name=eq.no", {"id": 1, "c": None}),
        ("books?id=eq.1&select=id,reviews(stars,members(name))&reviews.members.name=eq.Cat&reviews.order=stars",
         {"id": 1, "reviews": [{"stars": 4, "members": {"name": "Cat"}}, {"stars": 5, "members": None}]}),
        ("books?id=eq.1&select=reviews(stars)&reviews.or=(stars.eq.5,stars.eq.3)", {"reviews": [{"stars": 5}]}),
        ("books?id=eq.1&select=reviews(stars)&reviews.order=stars&reviews.limit=1&reviews.offset=1",
         {"reviews": [{"stars": 5}]}),
        ("books?id=eq.1&select=categories(name)&categories.limit=0", {"categories": None}),
        ("books?id=eq.1&select=categories(name)&categories.offset=1", {"categories": None}),
        # spread
        ("books?id=eq.1&select=id,...categories(category:name,parent)", {"id": 1, "category": "Fantasy", "parent": 1}),
        ("books?id=eq.4&select=id,...categories(category:name)", {"id": 4, "category": None}),
        ("books?id=eq.1&select=id,...categories(...parent(above:name))", {"id": 1, "above": "Fiction"}),
        ("books?id=eq.3&select=...authors(names:name,homes:home)&authors.order=name",
         {"names": ["Neil Gaiman", "Terry Pratchett"], "homes": [None, None]}),
        ("books?id=eq.4&select=id,...authors(name)", {"id": 4, "name": []}),
        ("reviews?id=eq.1&select=...books(title,authors(name))",
         {"title": "A Wizard of Earthsea", "authors": [{"name": "Ursula K. Le Guin"}]}),
        # two under one name: the later one
        ("books?id=eq.1&select=*,title:pages,details:isbn,raw:id", {"title": 205, "details": "0395276535", "raw": 1}),
    ],
)  # fmt: skip
async def test_embeds_are_answered(requests, asked, found):
    [row] = (await requests.read(asked)).body

    assert {name: row[name] for name in found} == found
    assert "*" in asked or row.keys() == found.keys()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("select=id,reviews!inner(stars)", [1, 3]),
        ("select=id,reviews!inner(stars)&reviews.stars=eq.5", [1]),
        ("select=id,reviews!inner()&reviews.stars=eq.5", [1]),
        ("select=id,reviews!left(stars)&reviews.stars=eq.5", [1, 2, 3, 4]),
        ("select=id,categories!inner(name)", [1, 2, 3]),
        ("select=id,categories!inner(name)&categories.name=eq.Fantasy", [1, 3]),
        ("select=id,...categories!inner(name)&categories.name=eq.Fantasy", [1, 3]),
        ("select=id,categories!inner(count)&categories.name=eq.Fantasy", [1, 3]),
        ("select=id,...authors!inner(name)&authors.name=like.Neil*", [3]),
        ("select=id,reviews!inner(id,members!inner(name))&reviews.members.name=eq.Cat", [1]),
        ("select=id,reviews!inner(id,members(name))&reviews.members.name=eq.Cat", [1, 3]),
        ("select=id,reviews!inner(id)&reviews.offset=1", [1]),
        ("select=id,reviews!inner(id)&reviews.limit=0", []),
        ("select=id,blurbs!inner(id)&blurbs.offset=1", []),
        ("select=id,reviews()&reviews=is.null", [2, 4]),
        ("select=id,reviews()&reviews=not.is.null", [1, 3]),
        ("select=id,reviews()&reviews=is.not_null", [1, 3]),
        ("select=id,reviews(stars)&reviews=is.null&reviews.stars=gt.4", [2, 3, 4]),
        ("select=id,r:reviews()&r=is.null", [2, 4]),
        ("select=id,r:reviews()&reviews=is.null", [2, 4]),
        ("select=id,categories()&categories=is.null", [4]),
        ("select=id,reviews(),loans()&or=(reviews.is.null,loans.not.is.null)", [1, 2, 3, 4]),
        ("select=id,reviews(),blurbs()&or=(reviews.is.null,blurbs.is.null)", [2, 4]),
        ("select=id,reviews(),blurbs()&not.or=(reviews.is.null,and(id.gt.2,blurbs.not.is.null))", [1]),
        ("select=id,authors()&authors.name=like.Ursula*&authors=not.is.null", [1, 2]),
    ],
)
async def test_embeds_filter_their_parents_and_the_count_agrees(requests, asked, found):
    answer = await requests.read(f"books?{asked}&order=id", count=True)
    unsorted = await requests.read(f"books?{asked}")

    assert [row["id"] for row in answer.body] == found
    assert sorted(row["id"] for row in unsorted.body) == found
    assert answer.total == len(found)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("select=id,categories(name)&order=categories(name).desc.nullslast,id", [2, 1, 3, 4]),
        ("select=id,categories()&order=categories(name).desc.nullslast,id.desc", [2, 3, 1, 4]),
        ("select=id,c:categories(id)&order=c(parent).desc,c(id).desc.nullslast,id", [4, 2, 1, 3]),
        ("select=id,...categories(name)&order=categories(name),id", [1, 3, 2, 4]),
        ("select=id,categories(name),blurbs(text)&order=title.desc&limit=2&offset=1", [4, 3]),
        ("select=id,categories(name)&order=title", [1, 3, 4, 2]),
    ],
)
async def test_orders_by_columns_and_by_embeds(requests, asked, found):
    answer = await requests.read(f"books?{asked}", count=True)

    assert [row["id"] for row in answer.body] == found
    assert answer.total == 4


async def test_a_sorted_page_holds_the_same_embeds_as_an_unsorted_one(requests):
    text = "select=title,...categories(category:name),blurbs(text),authors(name),reviews(members(name))"
    by_id = await requests.read(f"books?{text}&order=id")
    unsorted = await requests.read(f"books?{text}")

    assert sorted(by_id.body, key=repr) == sorted(unsorted.body, key=repr)


async def test_a_view_that_repeats_a_row_does_not_double_its_parent(requests):
    await requests.connection.execute("""
        create view library.shown_twice as select id, name from library.categories union all
          select id, name from library.categories;
        comment on view library.shown_twice is '@primaryKey id';
        comment on view library.cheap_titles is '@foreignKey (shelf_category) references shown_twice (id)';
        grant select on library.shown_twice to public
    """)
    requests = await Requests.of(requests.connection)

    answer = await requests.read("cheap_titles?select=title,shown_twice(name)", count=True)
    inner = await requests.read("cheap_titles?select=title,...shown_twice!inner(name)&order=shown_twice(name)")

    assert len(answer.body) == answer.total == 2
    assert len(inner.body) == 2


async def test_only_embeds_may_be_selected(requests):
    assert (await requests.read("books?select=reviews!inner()")).body == [{}, {}]
    assert (await requests.read("books?select=reviews()&limit=1")).body == [{}]
