"""A query and a catalog become a plan that only names what exists, or a typed error. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from core.rest.catalog import Catalog, Column, Table
from core.rest.errors import RestError, cannot_parse
from core.rest.grammar import (
    ColumnSelect,
    Compare,
    EmbedSelect,
    Filter,
    Is,
    OneOf,
    OrderTerm,
    Path,
    Query,
    SelectItem,
    StarSelect,
)
from core.rest.relations import Relation, find_relation

CASTS: Mapping[str, str] = {
    "text": "pg_catalog.text",
    "varchar": "pg_catalog.varchar",
    "smallint": "pg_catalog.int2",
    "int2": "pg_catalog.int2",
    "int": "pg_catalog.int4",
    "integer": "pg_catalog.int4",
    "int4": "pg_catalog.int4",
    "bigint": "pg_catalog.int8",
    "int8": "pg_catalog.int8",
    "numeric": "pg_catalog.numeric",
    "real": "pg_catalog.float4",
    "float4": "pg_catalog.float4",
    "double precision": "pg_catalog.float8",
    "float8": "pg_catalog.float8",
    "bool": "pg_catalog.bool",
    "boolean": "pg_catalog.bool",
    "uuid": "pg_catalog.uuid",
    "date": "pg_catalog.date",
    "time": "pg_catalog.time",
    "timestamp": "pg_catalog.timestamp",
    "timestamptz": "pg_catalog.timestamptz",
    "json": "pg_catalog.json",
    "jsonb": "pg_catalog.jsonb",
}

UNLIMITED = 2**53


@dataclass(frozen=True, slots=True)
class Output:
    """A column under the name it gets in the JSON; `cast` is a type of CASTS."""

    column: Column
    name: str
    cast: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of a column."""

    column: Column
    test: Compare | OneOf | Is
    negated: bool


@dataclass(frozen=True, slots=True)
class Sorting:
    """A column to sort by."""

    column: Column
    descending: bool
    nulls_first: bool | None


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """One table of a read, with what hangs on it. `limit` counts rows; every level has one."""

    table: Table
    outputs: tuple[Output, ...]
    embeds: "tuple[EmbedPlan, ...]"
    conditions: tuple[Condition, ...]
    sortings: tuple[Sorting, ...]
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class EmbedPlan:
    """A related table inside its parent's rows: an object when `relation.to_one`, else an array.

    `hidden` ones were asked for without any column: they only filter.
    """

    name: str
    relation: Relation
    inner: bool
    hidden: bool
    read: ReadPlan


@dataclass(frozen=True, slots=True)
class InsertPlan:
    """Rows to add, with the columns that they set, and what to answer of them (None: nothing)."""

    table: Table
    columns: tuple[Column, ...]
    answer: ReadPlan | None


def find_table(catalog: Catalog, name: str) -> Table:
    """A table of the schema. Raises RestError PGRST205."""
    table = catalog.tables.get(name)
    if table is None:
        message = f"Could not find the table '{catalog.schema}.{name}' in the schema cache"
        raise RestError(404, "PGRST205", message)
    return table


def plan_read(catalog: Catalog, table_name: str, query: Query, *, max_rows: int) -> ReadPlan:
    """The plan of a GET.

    Raises RestError: PGRST205 (no such table), PGRST200 and PGRST201 (no such or no single relation), PGRST108 (a
    filter, order or limit of something not embedded), 42703 (no such column), PGRST100 (a cast that is not allowed).
    """
    return _Planner(catalog, query, max_rows).plan(find_table(catalog, table_name))


def plan_insert(
    catalog: Catalog, table_name: str, query: Query, keys: Iterable[str], *, representation: bool, max_rows: int
) -> InsertPlan:
    """The plan of a POST whose rows have these keys. Raises RestError as `plan_read` does, and PGRST204."""
    table = find_table(catalog, table_name)
    names = query.columns if query.columns is not None else tuple(keys)
    for name in names:
        if name not in table.columns:
            message = f"Could not find the '{name}' column of '{table.name}' in the schema cache"
            raise RestError(400, "PGRST204", message)
    answer = None
    if representation:
        unfiltered = replace(query, filters=(), limits=(), offsets=())
        # The limit is for reading: whatever was written is answered.
        answer = replace(plan_read(catalog, table_name, unfiltered, max_rows=max_rows), limit=UNLIMITED)
    return InsertPlan(table, tuple(table.columns[name] for name in names), answer)


class _Planner:
    def __init__(self, catalog: Catalog, query: Query, max_rows: int) -> None:
        self._catalog = catalog
        self._query = query
        self._orders = dict(query.orders)
        self._limits = dict(query.limits)
        self._offsets = dict(query.offsets)
        self._max_rows = max_rows
        self._planned: set[Path] = set()

    def plan(self, table: Table) -> ReadPlan:
        plan = self.read(table, self._query.select, ((),))
        asked = (*(f.path for f in self._query.filters), *self._orders, *self._limits, *self._offsets)
        for path in asked:  # none may be forgotten: a filter that is dropped shows what it should hide
            if path not in self._planned:
                raise _not_embedded(path)
        return plan

    def read(self, table: Table, items: Iterable[SelectItem], paths: tuple[Path, ...]) -> ReadPlan:
        """`paths` are the ways to name this level: an embed answers to its alias and to its table."""
        self._planned.update(paths)
        outputs: list[Output] = []
        embeds: list[EmbedPlan] = []
        for item in items:
            match item:
                case StarSelect():
                    outputs += [Output(column, column.name) for column in table.columns.values() if column.readable]
                case ColumnSelect():
                    outputs.append(_output(table, item))
                case EmbedSelect():
                    embeds.append(self._embed(table, item, paths))
        conditions = tuple(_condition(table, f) for f in self._query.filters if f.path in paths)
        sortings = tuple(_sorting(table, term) for path in paths for term in self._orders.get(path, ()))
        limit = min([self._max_rows, *(self._limits[path] for path in paths if path in self._limits)])
        offset = next((self._offsets[path] for path in paths if path in self._offsets), 0)
        return ReadPlan(table, tuple(dict.fromkeys(outputs)), tuple(embeds), conditions, sortings, limit, offset)

    def _embed(self, parent: Table, item: EmbedSelect, paths: tuple[Path, ...]) -> EmbedPlan:
        relation = find_relation(self._catalog, parent, item.target, item.hint)
        name = item.alias or item.target
        names = dict.fromkeys((name, item.target))
        inner_paths = tuple((*path, step) for path in paths for step in names)[:_MAXIMUM_PATHS]
        read = self.read(self._catalog.tables[relation.table], item.items, inner_paths)
        hidden = all(isinstance(part, EmbedSelect) for part in item.items) and all(e.hidden for e in read.embeds)
        return EmbedPlan(name, relation, item.inner, hidden, read)


_MAXIMUM_PATHS = 64  # aliases on every level would double them each time


def _output(table: Table, item: ColumnSelect) -> Output:
    cast = None
    if item.cast is not None:
        cast = CASTS.get(item.cast)
        if cast is None:
            raise cannot_parse(f"A cast to '{item.cast}' is not allowed.")
    column = _column(table, item.name)
    return Output(column, item.alias or column.name, cast)


def _condition(table: Table, asked: Filter) -> Condition:
    return Condition(_column(table, asked.column), asked.test, asked.negated)


def _sorting(table: Table, term: OrderTerm) -> Sorting:
    return Sorting(_column(table, term.column), term.descending, term.nulls_first)


def _column(table: Table, name: str) -> Column:
    column = table.columns.get(name)
    if column is None:
        raise RestError(400, "42703", f"column {table.name}.{name} does not exist")
    return column


def _not_embedded(path: Path) -> RestError:
    name = ".".join(path)
    return RestError(
        400,
        "PGRST108",
        f"'{name}' is not an embedded resource in this request",
        hint=f"Verify that '{name}' is included in the 'select' query parameter.",
    )
