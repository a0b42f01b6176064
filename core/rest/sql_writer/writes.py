"""The statements of POST, PATCH and DELETE on a table. Pure.

The payload is one parameter, as JSON text; PostgreSQL makes rows of it by the types of the catalog. `returning` lists
what the answer needs and nothing else: each column there takes the right to read it.
"""

# ruff: noqa: S608 - writing SQL is what this package is for; `statement` says from what

from collections.abc import Iterable, Sequence

from core.rest.catalog import Column
from core.rest.planner.plans import (
    Condition,
    Conflict,
    DeletePlan,
    InsertPlan,
    Level,
    UpdatePlan,
)
from core.rest.sql_writer.forms import NO_COUNT, Form, Shown, answer_room, answer_sql
from core.rest.sql_writer.levels import LevelWriter, Source, needed_columns
from core.rest.sql_writer.statement import Names, Statement, quoted, table_name

_WRITTEN = "written"
_ROWS = f"(select count(*) from {_WRITTEN})"
_REPLACED = "'rest.replaced_rows'"
"""A setting of the transaction that counts rows which an upsert met. No column could tell: it would take the right to
read the table's system columns, which views and partitioned tables do not have at all."""


def insert_statement(
    plan: InsertPlan, payload_json: str, *, form: Form = "array", strip_nulls: bool = False, count: bool = False
) -> Statement:
    """`payload_json` is an array of objects. `rows` counts those inserted or updated, `inserted` those that are new."""
    names = Names()
    target = names.alias("t")
    new = _New(plan, names, f"{names.text(payload_json)}::pg_catalog.json")
    merges = plan.conflict is not None and plan.conflict.resolution == "merge" and bool(plan.columns)
    reset = f" where (select set_config({_REPLACED}, '0', true)) is not null" if merges else ""
    conflict = _on_conflict(plan.conflict, plan.columns) if plan.conflict else ""
    table = table_name(plan.schema, plan.table.name)
    write = f"insert into {table} as {target} {new.rows()}{reset}{conflict}{_returning(target, plan.answer)}"
    inserted = f"{_ROWS} - current_setting({_REPLACED})::bigint" if merges else _ROWS
    return _statement(names, plan.schema, write, plan.answer, form, strip_nulls, count=count, inserted=inserted)


def update_statement(
    plan: UpdatePlan, payload_json: str, *, form: Form = "array", strip_nulls: bool = False, count: bool = False
) -> Statement:
    """`payload_json` is one object. `rows` counts those that were updated."""
    names = Names()
    writer = LevelWriter(plan.schema, names, answer_room())
    table = writer.table(plan.table)
    where = _where(writer, plan.conditions, table)
    if plan.columns:
        new = names.alias("x")
        values = ", ".join(f"{quoted(column.name)} = {new}.{quoted(column.name)}" for column in plan.columns)
        record = f"json_to_record({names.text(payload_json)}::pg_catalog.json) as {new}({_definitions(plan.columns)})"
        write = f"update {table.text} set {values} from {record}{where}{_returning(table.alias, plan.answer)}"
    else:
        needed = ", ".join(_needed(table.alias, plan.answer)) or "1 as one"
        write = f"select {needed} from {table.text}{where} limit 0"
    return _statement(names, plan.schema, write, plan.answer, form, strip_nulls, count=count)


def delete_statement(
    plan: DeletePlan, *, form: Form = "array", strip_nulls: bool = False, count: bool = False
) -> Statement:
    """`rows` counts those that were deleted."""
    names = Names()
    writer = LevelWriter(plan.schema, names, answer_room())
    table = writer.table(plan.table)
    where = _where(writer, plan.conditions, table)
    write = f"delete from {table.text}{where}{_returning(table.alias, plan.answer)}"
    return _statement(names, plan.schema, write, plan.answer, form, strip_nulls, count=count)


class _New:
    """The rows of a payload, as what follows `insert into`."""

    def __init__(self, plan: InsertPlan, names: Names, payload: str) -> None:
        self._columns = plan.columns
        self._missing_default = plan.missing_default and any(column.default for column in plan.columns)
        self._names = names
        self._payload = payload

    def rows(self) -> str:
        if not self._columns:
            return f"select from json_array_elements({self._payload})"
        columns = ", ".join(quoted(column.name) for column in self._columns)
        record = self._names.alias("x")
        if not self._missing_default:
            values = ", ".join(f"{record}.{quoted(column.name)}" for column in self._columns)
            source = f"json_to_recordset({self._payload}) as {record}({_definitions(self._columns)})"
            return f"({columns}) select {values} from {source}"
        element = self._names.alias("x")
        values = ", ".join(self._value(column, record, f"{element}.value") for column in self._columns)
        elements = f"json_array_elements({self._payload}) as {element}(value)"
        records = f"json_to_record({element}.value) as {record}({_definitions(self._columns)})"
        return f"({columns}) select {values} from {elements} cross join lateral {records}"

    def _value(self, column: Column, record: str, element: str) -> str:
        value = f"{record}.{quoted(column.name)}"
        if column.default is None:
            return value
        absent = f"({element} -> {self._names.text(column.name)}) is null"  # a null that was sent is JSON's
        return f"case when {absent} then ({column.default})::{column.sql_type} else {value} end"


def _definitions(columns: Iterable[Column]) -> str:
    return ", ".join(f"{quoted(column.name)} {column.sql_type}" for column in columns)


def _on_conflict(conflict: Conflict, columns: Sequence[Column]) -> str:
    target = ", ".join(quoted(name) for name in conflict.target)
    if conflict.resolution == "ignore" or not columns:
        return f" on conflict ({target}) do nothing"
    values = ", ".join(f"{quoted(column.name)} = excluded.{quoted(column.name)}" for column in columns)
    counted = f"set_config({_REPLACED}, (current_setting({_REPLACED})::bigint + 1)::text, true) is not null"
    return f" on conflict ({target}) do update set {values} where {counted}"


def _where(writer: LevelWriter, conditions: Sequence[Condition], table: Source) -> str:
    return f" where {' and '.join(writer.conditions(conditions, table.alias))}"


def _returning(alias: str, answer: Level | None) -> str:
    return f" returning {', '.join(_needed(alias, answer)) or '1 as one'}"


def _needed(alias: str, answer: Level | None) -> list[str]:
    return [f"{alias}.{quoted(name)}" for name in needed_columns(answer)] if answer is not None else []


def _statement(
    names: Names,
    schema: str,
    write: str,
    answer: Level | None,
    form: Form,
    strip_nulls: bool,
    *,
    count: bool,
    inserted: str = NO_COUNT,
) -> Statement:
    total = _ROWS if count else NO_COUNT
    if answer is None:
        shown = f"select '' as body, {_ROWS} as rows, {total} as total, {inserted} as inserted"
        return Statement(f"with {_WRITTEN} as ({write}) {shown}", tuple(names.values))
    alias = names.alias("t")
    room = answer_room()
    rows = LevelWriter(schema, names, room).rows(answer, Source(f"{_WRITTEN} as {alias}", alias), chosen=True)
    shown = answer_sql(
        names,
        form,
        Shown(rows, [output.name for output in answer.outputs]),
        room,
        strip_nulls=strip_nulls,
        rows=_ROWS,
        total=total,
        inserted=inserted,
    )
    return Statement(f"with {_WRITTEN} as ({write}) {shown}", tuple(names.values))
