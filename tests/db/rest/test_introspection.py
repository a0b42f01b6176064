import pytest

from core.db import Acting
from core.rest.catalog import ForeignKey
from core.rest.introspection import MOST_CATALOGS, Catalogs, load_catalog
from core.rest.relationships import find_relationship
from tests.support.debian_postgres import DebianPostgres
from tests.support.library import make_library, superusers_connection


@pytest.fixture
async def catalog(library):
    return await load_catalog(library, "library")


async def as_role(library, role):
    await library.execute(f"set local role {role}")
    return await load_catalog(library, "library")


def key(table, columns, target, target_columns, name):
    return ForeignKey(name, table, columns, target, target_columns)


def test_tables_views_and_partitioned_tables_are_there_and_partitions_are_not(catalog):
    assert {name for name, table in catalog.tables.items() if table.is_view} == {
        "cheap_books", "cheap_titles", "loan_list", "copy_list", "odd_view", "twice", "grouped", "book_counts",
        "popularity", "vaults", "boxes", "half_copies",
    }  # fmt: skip
    assert {"books", "visits", "odd names", "empty"} <= catalog.tables.keys()
    assert not {"visits_2025", "cards", "address"} & catalog.tables.keys()
    assert catalog.tables["empty"].columns == {}


@pytest.mark.parametrize(
    ("name", "sql_type", "kind"),
    [
        ("id", "pg_catalog.int4", "plain"),
        ("isbn", "library.isbn", "plain"),
        ("tags", "pg_catalog._text", "array"),
        ("keywords", "library.keywords", "array"),
        ("details", "pg_catalog.jsonb", "jsonb"),
        ("raw", 'pg_catalog."json"', "json"),
        ("search", "pg_catalog.tsvector", "tsvector"),
    ],
)
def test_types_are_qualified_and_domains_are_of_the_kind_they_stand_for(catalog, name, sql_type, kind):
    column = catalog.tables["books"].columns[name]

    assert (column.sql_type, column.kind) == (sql_type, kind)


def test_ranges_composites_and_enums_are_known(catalog):
    loans, authors = catalog.tables["loans"].columns, catalog.tables["authors"].columns

    assert (loans["period"].kind, loans["opened"].kind) == ("range", "range")
    assert (authors["home"].kind, authors["home"].sql_type) == ("composite", "library.address")
    assert catalog.tables["copies"].columns["condition"].sql_type == "library.condition"


def test_columns_stand_in_their_order_whatever_they_are_called(catalog):
    assert list(catalog.tables["odd names"].columns) == [
        "the id", 'a "quoted" one', "$dollar", "Größe", "dot.ted", "comma,ted", "(paren)", "select", "back\\slash",
        "colon:ed", "brace{QUERY }", "book_id",
    ]  # fmt: skip


def test_defaults_are_sql_and_generated_columns_are_marked(catalog):
    books = catalog.tables["books"].columns

    assert books["id"].default == "nextval('library.books_id_seq'::pg_catalog.regclass)"
    assert books["isbn"].default == "'0000000000'::text"
    assert books["tags"].default == "'{}'::text[]"
    assert books["title"].default is None
    assert {name for name, column in books.items() if column.generated} == {"search", "thickness_mm"}
    assert books["thickness_mm"].default is None
    assert catalog.tables["loans"].columns["id"].default == "nextval('library.loans_id_seq'::pg_catalog.regclass)"


async def test_every_type_can_be_cast_to_and_every_default_computed(library, catalog):
    for table in catalog.tables.values():
        for column in table.columns.values():
            await library.execute(f"select null::{column.sql_type}, ({column.default or 'null'})::{column.sql_type}")


def test_keys_and_unique_sets(catalog):
    tables = catalog.tables

    assert tables["copies"].primary_key == ("book_id", "edition", "number")
    assert tables["reviews"].unique == {frozenset({"id"}), frozenset({"book_id", "member_id"})}
    assert tables["blurbs"].unique == {frozenset({"id"}), frozenset({"book_id"})}
    assert tables["empty"].unique == frozenset()
    assert tables["visits"].primary_key == ("day", "member_id")


def test_a_view_has_the_keys_of_the_columns_it_shows(catalog):
    keys = set(catalog.foreign_keys)

    assert catalog.tables["cheap_books"].primary_key == ("id",)
    assert key("cheap_books", ("shelf_category",), "categories", ("id",), "books_category_id_fkey") in keys
    assert key("blurbs", ("book_id",), "cheap_books", ("id",), "blurbs_book_id_fkey") in keys


def test_a_view_of_a_view_has_them_too(catalog):
    keys = set(catalog.foreign_keys)

    assert catalog.tables["cheap_titles"].primary_key == ("book_id",)
    assert key("cheap_titles", ("shelf_category",), "categories", ("id",), "books_category_id_fkey") in keys
    assert key("reviews", ("book_id",), "cheap_titles", ("book_id",), "reviews_book_id_fkey") in keys
    assert key("loan_list", ("book_id",), "cheap_titles", ("book_id",), "loans_book_id_fkey") in keys


def test_a_view_that_shows_both_columns_of_a_key_has_it_whole(catalog):
    whole = key(
        "copy_list", ("of book", "of edition"), "editions", ("book_id", "number"), "copies_book_id_edition_fkey"
    )

    assert whole in catalog.foreign_keys
    assert catalog.tables["copy_list"].primary_key == ("of book", "of edition", "number")
    assert not [found for found in catalog.foreign_keys if found.table == "copy_list" and found.target == "shelves"]


def test_a_view_that_shows_half_a_key_has_none(catalog):
    assert [found for found in catalog.foreign_keys if found.table == "half_copies"] == []
    assert catalog.tables["half_copies"].primary_key == ()


def test_a_column_shown_twice_has_the_key_twice(catalog):
    columns = {found.columns for found in catalog.foreign_keys if (found.table, found.target) == ("twice", "members")}

    assert columns == {("member_id",), ("reader_id",)}
    assert catalog.tables["twice"].primary_key == ("id",)


def test_what_a_view_computes_has_no_key(catalog):
    assert [found.columns for found in catalog.foreign_keys if found.table == "grouped"] == []
    assert catalog.tables["grouped"].unique == frozenset()


def test_keys_come_through_from_a_schema_that_is_not_exposed(catalog):
    assert find_relationship(catalog, "vaults", "boxes").pairs == (("id", "vault_id"),)


def test_names_that_look_like_the_rule_of_a_view_mislead_nobody(catalog):
    odd = {found.columns for found in catalog.foreign_keys if (found.table, found.target) == ("odd_view", "books")}

    assert odd == {(" :stmt_len",)}
    assert catalog.tables["odd_view"].primary_key == (" :resno",)


def test_a_comment_declares_the_keys_of_computed_rows(catalog):
    assert catalog.tables["popularity"].primary_key == ("book_id",)
    assert find_relationship(catalog, "books", "popularity").cardinality == "one-to-one"


@pytest.mark.parametrize(
    "comment",
    [
        "@foreignKey (book_id) references nowhere (id)",
        "@foreignKey (book_id) references books (nothing)",
        "@foreignKey (nothing) references books (id)",
        "@foreignKey (book_id, loans) references books (id)",
        "@foreignKey () references books ()",
        "@primaryKey nothing",
    ],
)
async def test_a_comment_that_declares_nonsense_declares_nothing(library, comment):
    await library.execute(f"comment on view library.popularity is '{comment}'")
    catalog = await load_catalog(library, "library")

    assert [found for found in catalog.foreign_keys if found.table == "popularity"] == []
    assert catalog.tables["popularity"].unique == frozenset()


def test_a_partitioned_table_counts_once(catalog):
    assert len([found for found in catalog.foreign_keys if found.name.startswith("visits")]) == 1
    assert find_relationship(catalog, "members", "visits").cardinality == "one-to-many"


async def test_a_column_is_readable_for_whom_it_was_granted(library):
    authors = (await as_role(library, "library_visitor")).tables["authors"]

    assert [column.name for column in authors.columns.values() if column.readable] == ["id", "name", "born", "home"]


async def test_an_empty_schema_and_one_that_is_not_there_hold_nothing(library):
    catalog = await load_catalog(library, "no such schema")

    assert (catalog.tables, catalog.foreign_keys, catalog.functions) == ({}, (), {})


async def test_a_catalog_is_kept_for_a_minute_for_each_role_and_schema(library):
    catalogs = Catalogs(("library", "cards"))
    owner = Acting(library, "postgres")
    first = await catalogs.of_role(owner, 1_000)
    await library.execute("create table library.new (id int)")

    assert await catalogs.of_role(owner, 60_999) is first
    assert "cards" in (await catalogs.of_role(owner, 60_999, "cards")).tables
    assert "new" in (await catalogs.of_role(owner, 61_000)).tables
    await library.execute("set local role library_visitor")
    assert await catalogs.of_role(Acting(library, "library_visitor"), 61_000) != await catalogs.of_role(owner, 61_000)
    with pytest.raises(KeyError):
        await catalogs.of_role(owner, 61_000, "stacks")


async def test_the_oldest_catalog_makes_room(library):
    schemas = tuple(f"s{number}" for number in range(MOST_CATALOGS + 1))
    catalogs = Catalogs(schemas)
    owner = Acting(library, "postgres")
    kept = [await catalogs.of_role(owner, 0, schema) for schema in schemas]

    assert await catalogs.of_role(owner, 0, schemas[1]) is kept[1]
    assert await catalogs.of_role(owner, 0, schemas[0]) is not kept[0]


async def test_the_oldest_postgresql_gives_the_same_catalog(library, catalog):
    postgres = DebianPostgres()
    try:
        await postgres.start()
        await make_library(postgres.url())
        older = await superusers_connection(postgres.url())
        newer = repr(catalog).replace('pg_catalog."json"', "pg_catalog.json")  # a keyword since PostgreSQL 16
        assert repr(await load_catalog(older, "library")) == newer
        await older.close()
    finally:
        await postgres.stop()
