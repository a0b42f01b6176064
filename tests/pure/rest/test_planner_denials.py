from dataclasses import replace

from core.rest.catalog import Catalog
from core.rest.parser import parse_query
from core.rest.planner.denials import denial_hint
from core.rest.planner.reads import plan_read
from core.rest.planner.writes import plan_delete, plan_insert, plan_update
from tests.pure.rest.course_catalog import CATALOG


def with_rights(table, *, insertable=None, updatable=None, readable=None):
    """The catalog, where of a table just these columns may be written and read; None: all."""
    known = CATALOG.tables[table]
    columns = {
        name: replace(
            column,
            insertable=insertable is None or name in insertable,
            updatable=updatable is None or name in updatable,
            readable=readable is None or name in readable,
        )
        for name, column in known.columns.items()
    }
    return replace(CATALOG, tables={**CATALOG.tables, table: replace(known, columns=columns)})


def inserted(catalog: Catalog, *keys, resolution=None, **parameters):
    query = parse_query(parameters.items())
    return denial_hint(plan_insert(catalog, "modules", query, keys, representation=True, resolution=resolution))


def updated(catalog: Catalog, *keys, **parameters):
    return denial_hint(plan_update(catalog, "modules", parse_query(parameters.items()), keys, representation=False))


def read(catalog: Catalog, table, **parameters):
    return denial_hint(plan_read(catalog, table, parse_query(parameters.items()), max_rows=10))


def test_an_insert_names_what_may_not_be_inserted():
    catalog = with_rights("modules", insertable={"title"})
    assert inserted(catalog, "title") is None
    assert inserted(catalog, "title", "id") == "Not to be written by this role: modules.id."


def test_an_upsert_also_changes_and_an_ignoring_one_does_not():
    catalog = with_rights("modules", updatable={"title"})
    assert inserted(catalog, "id", "title", resolution="ignore", on_conflict="id") is None
    assert inserted(catalog, "id", "title") is None
    merged = inserted(catalog, "id", "title", resolution="merge", on_conflict="id")
    assert merged == "Not to be written by this role: modules.id."


def test_an_upsert_of_rows_that_may_only_be_changed_says_so():
    catalog = with_rights("modules", insertable=(), updatable={"title"})
    upserted = inserted(catalog, "id", "title", resolution="merge", on_conflict="id")
    assert upserted == "This role may change rows of modules, but add none: ask for an update, not an upsert."
    assert inserted(catalog, "id", "title") is None


def test_an_update_names_what_it_sets_then_what_it_looks_at():
    catalog = with_rights("modules", updatable={"title"}, readable={"title"})
    assert updated(catalog, "id", "product_id", "title", title="eq.a") == (
        "Not to be written by this role: modules.id, modules.product_id."
    )
    assert updated(catalog, "title", id="eq.a") == "Not to be read by this role: modules.id."
    assert updated(catalog, "title", title="eq.a") is None


def test_a_delete_names_what_it_looks_at():
    catalog = with_rights("modules", readable={"title"})
    plan = plan_delete(catalog, "modules", parse_query([("id", "eq.1")]), representation=False)
    assert denial_hint(plan) == "Not to be read by this role: modules.id."


def test_a_read_names_what_it_answers_tests_and_sorts_by_on_every_level():
    secret = "Not to be read by this role: simulations.prompt."
    assert read(CATALOG, "simulations", select="*") is None
    assert read(CATALOG, "simulations", select="id,prompt,prompt::text") == secret
    assert read(CATALOG, "simulations", select="id", prompt="eq.a") == secret
    assert read(CATALOG, "simulations", select="id", order="prompt") == secret
    assert read(CATALOG, "modules", select="lessons(simulations(prompt))") == secret
    assert read(CATALOG, "lessons", select="id,simulations(id)", order="simulations(prompt)") == secret
    assert (
        read(CATALOG, "lessons", select="id,simulations(id)", **{"simulations.or": "(id.eq.1,prompt.eq.a)"}) == secret
    )


def test_a_table_that_is_closed_altogether_names_no_columns():
    closed = with_rights("modules", insertable=(), updatable=(), readable=())
    assert inserted(closed, "title", resolution="merge", on_conflict="id") is None
    assert updated(closed, "title", title="eq.a") is None
    assert read(closed, "modules", select="title") is None


def test_only_some_of_many_columns_are_named():
    known = CATALOG.tables["modules"]
    names = [f"column_{number}" for number in range(8)]
    columns = {name: replace(known.columns["id"], name=name, insertable=False) for name in names}
    table = replace(known, columns={**known.columns, **columns})
    catalog = replace(CATALOG, tables={**CATALOG.tables, "modules": table})
    assert (inserted(catalog, *names) or "").endswith("modules.column_4 and 3 more.")
