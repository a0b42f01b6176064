"""The plan of a GET, and of what a write or a call answers. Pure."""

from collections.abc import Iterable, Sequence

from core.rest.catalog import Catalog, Table
from core.rest.errors import RestError
from core.rest.planner.asked import Asked, EmbedNames, asked_by
from core.rest.planner.casts import find_cast
from core.rest.planner.conditions import plan_condition
from core.rest.planner.lookups import find_column, find_table, find_value, output_name
from core.rest.planner.orders import plan_sorting
from core.rest.planner.plans import (
    CountOutput,
    Embed,
    EmbedOutput,
    FieldOutput,
    Level,
    Output,
    ReadPlan,
    Shape,
    SpreadOutput,
    Value,
)
from core.rest.query import EmbedSelect, Field, FieldSelect, Query, SelectItem, StarSelect
from core.rest.relationships import Relationship, find_relationship

_COUNT = Field("count")


def plan_read(catalog: Catalog, table_name: str, query: Query, *, max_rows: int) -> ReadPlan:
    """The plan of a GET; `max_rows` limits every level.

    Raises RestError: PGRST205 (no such table), PGRST200 and PGRST201 (no such or no single relationship), PGRST108 (a
    filter, order or limit of something not embedded), PGRST118 and PGRST120 (an order or filter that an embed cannot
    have), PGRST123 (an aggregate), 42703 (no such column), 42883 (a path into what has no inside), 42803 (a count among
    other things), PGRST100 (a cast that is not allowed).
    """
    levels = LevelPlanner(catalog, max_rows)
    level = levels.plan(find_table(catalog, table_name), query.select, asked_by(query))
    return ReadPlan(catalog.schema, level, frozenset(levels.tables))


class LevelPlanner:
    """Plans levels, and keeps the names of all tables that they read."""

    def __init__(self, catalog: Catalog, max_rows: int | None) -> None:
        self.tables: set[str] = set()
        self._catalog = catalog
        self._max_rows = max_rows

    def plan(self, table: Table, items: Sequence[SelectItem], asked: Asked, *, written: bool = False) -> Level:
        """A level and all below it. Raises RestError as `plan_read` does.

        `written`: the level's rows were written by this very request, so that no embed's `!inner` hides one of them.
        """
        self.tables.add(table.name)
        ways = [
            (item, find_relationship(self._catalog, table.name, item.target, item.hint))
            for item in items
            if isinstance(item, EmbedSelect)
        ]
        names = EmbedNames(ways)
        embeds = tuple(
            self._embed(table, item, way, part, inner=item.inner and not written)
            for (item, way), part in zip(ways, asked.below(names), strict=True)
        )
        outputs = _outputs(table, items, embeds)
        order = asked.own_order
        if order and any(isinstance(output, CountOutput) for output in outputs):
            raise _count_among_others(order[0].field.name)
        limits = [*asked.own_limits, *(() if self._max_rows is None else (self._max_rows,))]
        return Level(
            table,
            outputs,
            embeds,
            conditions=tuple(plan_condition(table, embeds, names, each) for each in asked.own_conditions),
            sortings=tuple(plan_sorting(table, embeds, names, term) for term in order),
            limit=min(limits, default=None),
            offset=asked.own_offsets[-1] if asked.own_offsets else 0,
        )

    def _embed(self, parent: Table, item: EmbedSelect, way: Relationship, asked: Asked, *, inner: bool) -> Embed:
        for name in way.own_columns:
            find_column(parent, name)
        if way.junction is not None:
            self.tables.add(way.junction.table)
        level = self.plan(self._catalog.tables[way.table], item.items, asked)
        return Embed(item.alias or item.target, way, level, _shape(item, way, level), inner)


def _shape(item: EmbedSelect, way: Relationship, level: Level) -> Shape:
    if not level.outputs:
        return "hidden"
    if item.spread:
        return "spread"
    return "object" if way.to_one else "array"


def _outputs(table: Table, items: Iterable[SelectItem], embeds: Iterable[Embed]) -> tuple[Output, ...]:
    """Columns first, then embeds; of two with one name the later one, which is what a reader of JSON would keep."""
    outputs: list[Output] = []
    for item in items:
        match item:
            case StarSelect():
                readable = (column for column in table.columns.values() if column.readable)
                outputs += (FieldOutput(column.name, Value(column)) for column in readable)
            case FieldSelect():
                outputs.append(_field(table, item))
    for embed in embeds:
        match embed.shape:
            case "object" | "array":
                outputs.append(EmbedOutput(embed.name, embed))
            case "spread":
                outputs += (SpreadOutput(output.name, embed) for output in embed.level.outputs)
    if len(outputs) > 1:
        for output in outputs:
            if isinstance(output, CountOutput):
                raise _count_among_others(next(other.name for other in outputs if other is not output))
    return tuple({output.name: output for output in outputs}.values())


def _field(table: Table, item: FieldSelect) -> Output:
    if item.aggregate is not None or item.field is None:
        raise RestError(400, "PGRST123", "Use of aggregate functions is not allowed")
    cast = None if item.cast is None else find_cast(item.cast)
    name = output_name(item.field, item.alias)
    if item.field == _COUNT and "count" not in table.columns:
        return CountOutput(name, cast)
    return FieldOutput(name, find_value(table, item.field), cast)


def _count_among_others(name: str) -> RestError:
    return RestError(400, "42803", f"'{name}' cannot be asked for together with count, which stands for all rows")
