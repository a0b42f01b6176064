"""The plans of POST, PATCH and DELETE on a table. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from core.rest.catalog import Catalog, Column, Table
from core.rest.errors import RestError, not_served
from core.rest.planner.asked import Asked, asked_by
from core.rest.planner.lookups import find_column, find_table, find_written_column
from core.rest.planner.plans import Conflict, DeletePlan, InsertPlan, Level, Resolution, UpdatePlan
from core.rest.planner.reads import LevelPlanner
from core.rest.query import Query

NO_CONDITION = "21000"


def plan_insert(
    catalog: Catalog,
    table_name: str,
    query: Query,
    keys: Iterable[str],
    *,
    representation: bool,
    resolution: Resolution | None = None,
    missing_default: bool = False,
) -> InsertPlan:
    """The plan of a POST whose rows have these keys; `columns` of the query go before them.

    A `resolution` needs a target: `on_conflict`, else the primary key; without either the rows are just inserted.
    Raises RestError as `plan_read` does, PGRST204 (no such column to write), and PGRST100 (filters, limits).
    """
    table = find_table(catalog, table_name)
    columns = _columns(table, query, keys)
    for name in query.on_conflict or ():
        find_column(table, name)
    target = query.on_conflict or table.primary_key
    conflict = Conflict(target, resolution) if resolution is not None and target else None
    asked = asked_by(query)
    if asked.own_conditions:
        raise not_served("A filter on an insert")
    level, tables = _written(catalog, table, query, asked, representation=representation)
    answer = level if representation else None
    return InsertPlan(catalog.schema, table, columns, conflict, missing_default, answer, tables)


def plan_update(
    catalog: Catalog, table_name: str, query: Query, keys: Iterable[str], *, representation: bool
) -> UpdatePlan:
    """The plan of a PATCH whose object has these keys; `columns` of the query go before them.

    The filters of the table itself choose the rows, those of embeds only what of these is answered. Raises RestError as
    `plan_insert` does, and 21000 when there is no filter of the table itself.
    """
    table = find_table(catalog, table_name)
    columns = _columns(table, query, keys)
    level, tables = _chosen(catalog, table, query, "UPDATE", representation=representation)
    answer = replace(level, conditions=()) if representation else None
    return UpdatePlan(catalog.schema, table, columns, level.conditions, answer, tables)


def plan_delete(catalog: Catalog, table_name: str, query: Query, *, representation: bool) -> DeletePlan:
    """The plan of a DELETE. Raises RestError as `plan_update` does."""
    table = find_table(catalog, table_name)
    level, tables = _chosen(catalog, table, query, "DELETE", representation=representation)
    answer = replace(level, conditions=()) if representation else None
    return DeletePlan(catalog.schema, table, level.conditions, answer, tables)


def _columns(table: Table, query: Query, keys: Iterable[str]) -> tuple[Column, ...]:
    names = query.columns if query.columns is not None else keys
    return tuple(find_written_column(table, name) for name in dict.fromkeys(names))


def _chosen(
    catalog: Catalog, table: Table, query: Query, verb: str, *, representation: bool
) -> tuple[Level, frozenset[str]]:
    asked = asked_by(query)
    if not asked.own_conditions:
        raise RestError(
            400, NO_CONDITION, f"{verb} requires a WHERE clause", hint="Add a filter, so that not every row is meant."
        )
    return _written(catalog, table, query, asked, representation=representation)


def _written(
    catalog: Catalog, table: Table, query: Query, asked: Asked, *, representation: bool
) -> tuple[Level, frozenset[str]]:
    """The level of the rows written. Their number is nobody's to limit: it is done when it is answered."""
    if asked.own_limits or asked.own_offsets:
        raise not_served("A limit or an offset on a write")
    if asked.own_order and not representation:
        raise not_served("An order on a write that answers nothing")
    levels = LevelPlanner(catalog, max_rows=None)
    return levels.plan(table, query.select, asked, written=True), frozenset(levels.tables)
