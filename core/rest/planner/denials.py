"""What of a plan a role may not do, for the hint of PostgreSQL's "permission denied", which names only the table. Pure.

Nothing is decided here: PostgreSQL has refused already.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias, TypeGuard

from core.rest.catalog import Column, Table
from core.rest.planner.plans import (
    CallPlan,
    Condition,
    DeletePlan,
    FieldOutput,
    FieldTest,
    Group,
    InsertPlan,
    Level,
    ReadPlan,
    UpdatePlan,
)

MOST_NAMED = 5
Plan: TypeAlias = ReadPlan | InsertPlan | UpdatePlan | DeletePlan | CallPlan


def denial_hint(plan: Plan) -> str | None:
    """The columns that the plan writes or reads and the role may not; None where that is not the reason.

    Of a table that is closed to the role altogether no columns are named: they are not what is wrong.
    """
    if _only_changes(plan):
        return f"This role may change rows of {plan.table.name}, but add none: ask for an update, not an upsert."
    written = [f"{table.name}.{column.name}" for table, column in _closed_to_writing(plan)]
    if written:
        return f"Not to be written by this role: {_named(written)}."
    read = [f"{table.name}.{column.name}" for table, column in _closed_to_reading(plan)]
    return f"Not to be read by this role: {_named(read)}." if read else None


def _only_changes(plan: Plan) -> TypeGuard[InsertPlan]:
    if not isinstance(plan, InsertPlan) or plan.conflict is None:
        return False
    columns = plan.table.columns.values()
    return any(column.updatable for column in columns) and not any(column.insertable for column in columns)


def _closed_to_writing(plan: Plan) -> Iterator[tuple[Table, Column]]:
    if not isinstance(plan, InsertPlan | UpdatePlan):
        return
    changes = isinstance(plan, UpdatePlan) or (plan.conflict is not None and plan.conflict.resolution == "merge")
    adds = isinstance(plan, InsertPlan)
    of_table = plan.table.columns.values()
    if adds and not any(column.insertable for column in of_table):
        return
    if changes and not any(column.updatable for column in of_table):
        return
    for column in plan.columns:
        if (adds and not column.insertable) or (changes and not column.updatable):
            yield plan.table, column


def _closed_to_reading(plan: Plan) -> Iterator[tuple[Table, Column]]:
    for table, column in _read(plan):
        if not column.readable and any(other.readable for other in table.columns.values()):
            yield table, column


def _read(plan: Plan) -> Iterator[tuple[Table, Column]]:
    level = plan.level if isinstance(plan, ReadPlan | CallPlan) else plan.answer
    if level is not None:
        yield from _read_by_level(level)
    if isinstance(plan, UpdatePlan | DeletePlan):
        yield from _read_by_conditions(plan.table, plan.conditions)


def _read_by_level(level: Level) -> Iterator[tuple[Table, Column]]:
    for output in level.outputs:
        if isinstance(output, FieldOutput):
            yield level.table, output.value.column
    yield from _read_by_conditions(level.table, level.conditions)
    for sorting in level.sortings:
        yield level.table if sorting.embed is None else sorting.embed.level.table, sorting.value.column
    for embed in level.embeds:
        yield from _read_by_level(embed.level)


def _read_by_conditions(table: Table, conditions: Iterable[Condition]) -> Iterator[tuple[Table, Column]]:
    for condition in conditions:
        if isinstance(condition, Group):
            yield from _read_by_conditions(table, condition.members)
        elif isinstance(condition, FieldTest):
            yield table, condition.value.column


def _named(names: Iterable[str]) -> str:
    different = list(dict.fromkeys(names))
    more = len(different) - MOST_NAMED
    return ", ".join(different[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
