import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rest.catalog import Catalog, Column, ForeignKey, Table
from core.rest.errors import RestError
from core.rest.relationships import Junction, Relationship, find_relationship, relationships_of


def table(name, *columns, key=("id",), unique=(), is_view=False):
    sets = frozenset(map(frozenset, (key, *unique) if key else unique))
    return Table(name, {name: Column(name, "pg_catalog.text", True) for name in columns}, sets, key, is_view)


def key(source, columns, target, its="id", name=None):
    columns, its = tuple(columns.split()), tuple(its.split())
    return ForeignKey(name or f"{source}_{'_'.join(columns)}_fkey", source, columns, target, its)


TABLES = (
    table("authors", "id"),
    table("books", "id", "category_id", "editor_id"),
    table("blurbs", "id", "book_id", unique=[("book_id",)]),
    table("categories", "id", "parent"),
    table("editions", "book_id", "number", key=("book_id", "number")),
    table("copies", "book_id", "edition", "number", key=("book_id", "edition", "number")),
    table("book_authors", "book_id", "author_id", key=("book_id", "author_id")),
    table("marks", "id", "book_id", "shelf_id", unique=[("book_id", "shelf_id")]),
    table("shelves", "id"),
    table("members", "id", "referred_by"),
    table("friendships", "member_id", "friend_id", key=("member_id", "friend_id")),
    table("loans", "id", "book_id", "member_id", "issued_by"),
    table("loan_list", "id", "member_id", is_view=True),
    table("wishes", "book_id", "member_id", "granted_by", key=("book_id", "member_id", "granted_by")),
)
CATALOG = Catalog(
    "library",
    {table.name: table for table in TABLES},
    (
        key("books", "category_id", "categories"),
        key("books", "editor_id", "authors"),
        key("blurbs", "book_id", "books"),
        key("categories", "parent", "categories"),
        key("editions", "book_id", "books"),
        key("copies", "book_id edition", "editions", "book_id number", name="copies_edition_fkey"),
        key("book_authors", "book_id", "books"),
        key("book_authors", "author_id", "authors"),
        key("marks", "book_id", "books"),
        key("marks", "shelf_id", "shelves"),
        key("members", "referred_by", "members"),
        key("friendships", "member_id", "members"),
        key("friendships", "friend_id", "members"),
        key("loans", "book_id", "books"),
        key("loans", "member_id", "members"),
        key("loans", "issued_by", "members"),
        key("loan_list", "member_id", "members", name="loans_member_id_fkey"),
        key("wishes", "book_id", "books"),
        key("wishes", "member_id", "members"),
        key("wishes", "granted_by", "members"),
    ),
)


def found(parent, target, hint=None):
    return find_relationship(CATALOG, parent, target, hint)


def refused(parent, target, hint=None):
    with pytest.raises(RestError) as caught:
        found(parent, target, hint)
    return caught.value


@pytest.mark.parametrize(
    ("parent", "target", "hint", "table", "cardinality", "pairs"),
    [
        ("books", "categories", None, "categories", "many-to-one", (("category_id", "id"),)),
        ("books", "category_id", None, "categories", "many-to-one", (("category_id", "id"),)),
        ("books", "books_category_id_fkey", None, "categories", "many-to-one", (("category_id", "id"),)),
        ("books", "categories", "category_id", "categories", "many-to-one", (("category_id", "id"),)),
        ("books", "categories", "id", "categories", "many-to-one", (("category_id", "id"),)),
        ("books", "categories", "books_category_id_fkey", "categories", "many-to-one", (("category_id", "id"),)),
        ("categories", "books", None, "books", "one-to-many", (("id", "category_id"),)),
        ("categories", "books_category_id_fkey", None, "books", "one-to-many", (("id", "category_id"),)),
        ("categories", "books", "category_id", "books", "one-to-many", (("id", "category_id"),)),
        ("books", "blurbs", None, "blurbs", "one-to-one", (("id", "book_id"),)),
        ("blurbs", "books", None, "books", "one-to-one", (("book_id", "id"),)),
        ("copies", "editions", None, "editions", "many-to-one", (("book_id", "book_id"), ("edition", "number"))),
        ("editions", "copies", None, "copies", "one-to-many", (("book_id", "book_id"), ("number", "edition"))),
        ("loans", "members", "issued_by", "members", "many-to-one", (("issued_by", "id"),)),
        ("loans", "issued_by", None, "members", "many-to-one", (("issued_by", "id"),)),
        ("members", "loans", "loans_issued_by_fkey", "loans", "one-to-many", (("id", "issued_by"),)),
        ("members", "loan_list", None, "loan_list", "one-to-many", (("id", "member_id"),)),
        ("members", "loan_list", "loans_member_id_fkey", "loan_list", "one-to-many", (("id", "member_id"),)),
    ],
)
def test_a_foreign_key_leads_both_ways_by_any_of_its_names(parent, target, hint, table, cardinality, pairs):
    way = found(parent, target, hint)

    assert (way.parent, way.table, way.cardinality, way.pairs) == (parent, table, cardinality, pairs)
    assert way.to_one == (cardinality in ("many-to-one", "one-to-one"))
    assert way.junction is None


@pytest.mark.parametrize(
    ("target", "hint", "pairs", "to_one"),
    [
        ("members", None, (("id", "referred_by"),), False),
        ("members", "referred_by", (("id", "referred_by"),), False),
        ("members", "members_referred_by_fkey", (("id", "referred_by"),), False),
        ("referred_by", None, (("referred_by", "id"),), True),
        ("members_referred_by_fkey", None, (("referred_by", "id"),), True),
    ],
)
def test_a_table_that_refers_to_itself_leads_to_children_by_its_name_and_to_the_parent_by_the_column(
    target, hint, pairs, to_one
):
    way = found("members", target, hint)

    assert (way.pairs, way.to_one, way.junction) == (pairs, to_one, None)


def test_a_junction_carries_the_pairs_of_both_sides():
    way = find_relationship(CATALOG, "authors", "books", "book_authors")

    assert way == Relationship(
        "authors",
        "books",
        "many-to-many",
        junction=Junction(
            "book_authors",
            "book_authors_author_id_fkey",
            (("id", "author_id"),),
            "book_authors_book_id_fkey",
            (("book_id", "id"),),
        ),
    )
    assert not way.to_one
    assert way.pairs == ()


def test_a_unique_pair_beside_a_key_of_its_own_is_a_junction_where_nothing_else_is():
    junction = found("books", "shelves").junction

    assert junction is not None
    assert (junction.table, junction.implied) == ("marks", True)
    assert found("shelves", "books", "book_id").table == "books"
    assert refused("shelves", "books", "nonsense").code == "PGRST200"


@pytest.mark.parametrize(
    ("hint", "pairs"),
    [
        ("friend_id", ((("id", "member_id"),), (("friend_id", "id"),))),
        ("friendships_member_id_fkey", ((("id", "friend_id"),), (("member_id", "id"),))),
    ],
)
def test_a_junction_between_a_table_and_itself_goes_where_the_hint_says(hint, pairs):
    junction = found("members", "members", hint).junction

    assert junction is not None
    assert (junction.parent_pairs, junction.target_pairs) == pairs


def test_several_ways_are_listed_and_each_of_the_listed_ones_works():
    error = refused("members", "loans")

    assert (error.status, error.code) == (300, "PGRST201")
    assert error.message == "Could not embed because more than one relationship was found for 'members' and 'loans'"
    assert error.details == [
        {
            "cardinality": "one-to-many",
            "embedding": "members with loans",
            "relationship": f"loans_{column}_fkey using members(id) and loans({column})",
        }
        for column in ("member_id", "issued_by")
    ]
    assert error.hint == (
        "Try changing 'loans' to one of the following: 'loans!loans_member_id_fkey', 'loans!loans_issued_by_fkey'. "
        "Find the desired relationship in the 'details' key."
    )
    assert found("members", "loans", "loans_issued_by_fkey").key == "loans_issued_by_fkey"


def test_a_direct_key_and_a_junction_are_two_ways():
    error = refused("books", "authors")

    assert error.code == "PGRST201"
    assert error.details[1] == {
        "cardinality": "many-to-many",
        "embedding": "books with authors",
        "relationship": "book_authors using book_authors_book_id_fkey(book_id) and "
        "book_authors_author_id_fkey(author_id)",
    }
    assert "'authors!books_editor_id_fkey', 'authors!book_authors'" in error.hint


def test_a_junction_with_two_keys_to_the_target_takes_its_column_as_the_hint():
    assert refused("books", "members").code == "PGRST201"
    assert refused("books", "members", "wishes").code == "PGRST201"
    junction = found("books", "members", "granted_by").junction
    assert junction is not None
    assert junction.target_key == "wishes_granted_by_fkey"


def test_a_view_is_not_reached_by_a_constraint_or_a_column():
    assert found("members", "loans_member_id_fkey").table == "loans"


def test_nothing_found_says_where_it_looked_and_what_was_perhaps_meant():
    error = refused("books", "catgories")

    assert (error.status, error.code) == (400, "PGRST200")
    assert error.message == "Could not find a relationship between 'books' and 'catgories' in the schema cache"
    assert error.details == (
        "Searched for a foreign key relationship between 'books' and 'catgories' in the schema 'library', but no "
        "matches were found."
    )
    assert error.hint == "Perhaps you meant 'categories' instead of 'catgories'."


def test_a_wrong_hint_is_named_with_the_right_ones():
    error = refused("loans", "members", "lent_by")

    assert "using the hint 'lent_by' in the schema" in error.details
    assert error.hint == "Perhaps you meant 'members!loans_member_id_fkey', 'members!loans_issued_by_fkey'."


@pytest.mark.parametrize("target", ["shelves", "nothing", "", "books"])
def test_what_is_not_related_has_no_way(target):
    assert refused("copies", target).code == "PGRST200"


names = st.sampled_from([*CATALOG.tables, *(key.name for key in CATALOG.foreign_keys), "book_id", "id", "", "x"])


@given(st.sampled_from([*CATALOG.tables]), names, st.none() | names)
def test_whatever_is_found_joins_columns_that_exist(parent, target, hint):
    try:
        way = found(parent, target, hint)
    except RestError as error:
        assert error.code in ("PGRST200", "PGRST201")  # noqa: PT017 - either is right
        return
    own, its = CATALOG.tables[way.parent].columns, CATALOG.tables[way.table].columns
    assert way.parent == parent
    if way.junction is None:
        assert way.pairs
        assert all(left in own and right in its for left, right in way.pairs)
    else:
        between = CATALOG.tables[way.junction.table].columns
        assert all(left in own and right in between for left, right in way.junction.parent_pairs)
        assert all(left in between and right in its for left, right in way.junction.target_pairs)


@pytest.mark.parametrize("parent", [*CATALOG.tables])
def test_every_way_has_an_opposite(parent):
    for way in relationships_of(CATALOG, parent):
        back = [other for other in relationships_of(CATALOG, way.table) if other.table == parent]
        if way.junction is None:
            assert any(other.pairs == tuple((b, a) for a, b in way.pairs) for other in back)
        else:
            assert any(other.junction and other.junction.target_key == way.junction.parent_key for other in back)
