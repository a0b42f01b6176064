"""A level of a plan as a query, with its embeds inside. Pure.

An array is a sub-select among the outputs, so that it is made for the rows that are answered and no others. What there
is at most one of is joined, and so is what hands columns to its parent (a spread embed, an order by an embed's column).
What else decides over rows is an `exists` among the conditions.
"""

# ruff: noqa: S608 - writing SQL is what this package is for; `statement` says from what

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.rest.catalog import Table
from core.rest.planner.plans import (
    Condition,
    CountOutput,
    Embed,
    EmbedOutput,
    EmbedTest,
    FieldOutput,
    FieldTest,
    Group,
    Level,
    Output,
    Sorting,
    SpreadOutput,
    Value,
)
from core.rest.relationships import Pairs, Relationship
from core.rest.sql_writer.conditions import comparable_sql, test_sql, value_sql
from core.rest.sql_writer.room import Room
from core.rest.sql_writer.statement import Names, quoted, table_name


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: the text after `from`, the alias of the level's table in it, and what must hold."""

    text: str
    alias: str
    conditions: tuple[str, ...] = ()


class LevelWriter:
    """Writes the levels of one statement, whose arrays share the room."""

    def __init__(self, schema: str, names: Names, room: Room) -> None:
        self._schema = schema
        self._names = names
        self._room = room

    def table(self, table: Table) -> Source:
        """All rows of a table."""
        alias = self._names.alias("t")
        return Source(f"{table_name(self._schema, table.name)} as {alias}", alias)

    def first_rows(self, level: Level, source: Source) -> str:
        """The rows of the request's own table. Where they are sorted, they are chosen before anything is joined."""
        joined = any(_is_joined(embed) for embed in level.embeds)
        if not joined or not level.sortings or any(sorting.embed is not None for sorting in level.sortings):
            return self.rows(level, source)
        order = f" order by {', '.join(self._sortings(level, source.alias, []))}"
        needed = ", ".join(f"{source.alias}.{quoted(name)}" for name in needed_columns(level))
        page = f"select {needed} from {source.text}{self.where(level, source)}{order}{self._window(level)}"
        alias = self._names.alias("t")
        return self.rows(level, Source(f"({page}) as {alias}", alias), chosen=True)

    def rows(self, level: Level, source: Source, *, chosen: bool = False) -> str:
        """The level's rows, with its outputs as columns; `chosen`: the source has just those that are meant."""
        joins: list[str] = []
        joined: dict[int, str] = {}
        for embed in level.embeds:
            if _is_joined(embed):
                joined[id(embed)] = self._names.alias("e")
                joins.append(self._join(embed, source.alias, joined[id(embed)], inner=embed.inner and not chosen))
        sortings = self._sortings(level, source.alias, joins)
        outputs = ", ".join(
            f"{self._output(output, source.alias, joined)} as {quoted(output.name)}" for output in level.outputs
        )
        rest = "" if chosen else self.where(level, source, joined=True)
        rest += f" order by {', '.join(sortings)}" if sortings else ""
        rest += "" if chosen else self._window(level, at_most_one=_counts(level))
        return f"select {outputs} from {source.text}{''.join(joins)}{rest}"

    def where(self, level: Level, source: Source, *, joined: bool = False) -> str:
        """The `where` of a level, or nothing; `joined`: what is joined need not be asked for again."""
        conditions = [*source.conditions, *self.conditions(level.conditions, source.alias)]
        for embed in level.embeds:
            decides = joined and _is_joined(embed) and embed.relationship.to_one and not _counts(embed.level)
            if embed.inner and not decides:
                conditions.append(self._exists(embed, source.alias))
        return f" where {' and '.join(conditions)}" if conditions else ""

    def conditions(self, conditions: Sequence[Condition], alias: str) -> list[str]:
        """Conditions of the table with this alias, each fit to stand between `and`s."""
        return [self._condition(condition, alias) for condition in conditions]

    def _condition(self, condition: Condition, alias: str) -> str:
        match condition:
            case FieldTest():
                return test_sql(self._names, alias, condition)
            case EmbedTest(embed, present):
                return f"{'' if present else 'not '}{self._exists(embed, alias)}"
            case Group(kind, members, negated):
                joined = f" {kind} ".join(self.conditions(members, alias))
                return f"{'not ' if negated else ''}({joined})"

    def _embedded(self, parent: str, way: Relationship) -> Source:
        alias = self._names.alias("t")
        text = f"{table_name(self._schema, way.table)} as {alias}"
        if way.junction is None:
            return Source(text, alias, _equal(parent, alias, way.pairs))
        between = self._names.alias("j")
        return Source(
            f"{text} cross join {table_name(self._schema, way.junction.table)} as {between}",
            alias,
            (*_equal(parent, between, way.junction.parent_pairs), *_equal(between, alias, way.junction.target_pairs)),
        )

    def _exists(self, embed: Embed, parent: str) -> str:
        level = embed.level
        source = self._embedded(parent, embed.relationship)
        joins: list[str] = []
        # An order decides nothing here; where nothing else names its columns, it stays, so that it cannot ask secretly.
        sortings = self._sortings(level, source.alias, joins) if embed.shape == "hidden" else []
        order = f" order by {', '.join(sortings)}" if sortings else ""
        where = self.where(level, source)
        window = self._window(level, at_most_one=True)
        return f"exists (select from {source.text}{''.join(joins)}{where}{order}{window})"

    def _join(self, embed: Embed, parent: str, alias: str, *, inner: bool) -> str:
        source = self._embedded(parent, embed.relationship)
        if not embed.relationship.to_one:
            arrays = self._room.arrays([o.name for o in embed.level.outputs], self.rows(embed.level, source))
            return f" cross join lateral ({arrays}) as {alias}"
        rows = self._one(embed, source)
        query = f"select row_to_json(s.*) as body from ({rows}) as s" if embed.shape == "object" else rows
        return f" {'join' if inner else 'left join'} lateral ({query}) as {alias} on true"

    def _one(self, embed: Embed, source: Source) -> str:
        return self.rows(_of_at_most_one(embed.level), source)

    def _output(self, output: Output, alias: str, joined: dict[int, str]) -> str:
        match output:
            case FieldOutput(_, value, cast):
                return _cast(value_sql(self._names, alias, value), cast)
            case CountOutput(_, cast):
                return _cast("count(*)", cast)
            case SpreadOutput(name, embed):
                column = f"{joined[id(embed)]}.{quoted(name)}"
                return column if embed.relationship.to_one else f"coalesce({column}, '[]'::json)"
            case EmbedOutput(_, embed) if embed.relationship.to_one:
                return f"{joined[id(embed)]}.body"
            case EmbedOutput(_, embed):
                return self._room.array(self.rows(embed.level, self._embedded(alias, embed.relationship)))

    def _sortings(self, level: Level, alias: str, joins: list[str]) -> list[str]:
        """The terms of the order; embeds that they need are added to `joins`."""
        joined: dict[int, str] = {}
        for embed in level.embeds:
            values = [sorting.value for sorting in level.sortings if sorting.embed is embed]
            if values:
                joined[id(embed)] = self._names.alias("e")
                query = self._sorted_by(embed, values, alias)
                joins.append(f" left join lateral ({query}) as {joined[id(embed)]} on true")
        seen: Counter[int] = Counter()
        terms: list[str] = []
        for sorting in level.sortings:
            if sorting.embed is None:
                value = comparable_sql(self._names, alias, sorting.value)
            else:
                seen[id(sorting.embed)] += 1
                value = f"{joined[id(sorting.embed)]}.v{seen[id(sorting.embed)]}"
            terms.append(f"{value}{_direction(sorting)}")
        return terms

    def _sorted_by(self, embed: Embed, values: Sequence[Value], parent: str) -> str:
        source = self._embedded(parent, embed.relationship)
        columns = ", ".join(
            f"{comparable_sql(self._names, source.alias, value)} as v{place}" for place, value in enumerate(values, 1)
        )
        window = self._window(_of_at_most_one(embed.level))
        return f"select {columns} from {source.text}{self.where(embed.level, source)}{window}"

    def _window(self, level: Level, *, at_most_one: bool = False) -> str:
        if at_most_one and not _has_window(level):
            return ""
        # Not a parameter: of a limit that it does not know, the planner expects a tenth of the rows.
        limit = "" if level.limit is None else f" limit {level.limit:d}"
        offset = f" offset {self._names.number(level.offset)}" if level.offset else ""
        return limit + offset


def _equal(left: str, right: str, pairs: Pairs) -> tuple[str, ...]:
    return tuple(f"{right}.{quoted(its)} = {left}.{quoted(own)}" for own, its in pairs)


def needed_columns(level: Level) -> list[str]:
    """What the rows of a level are made of: the columns of its own table that outputs, order and embeds need."""
    names = [output.value.column.name for output in level.outputs if isinstance(output, FieldOutput)]
    names += [sorting.value.column.name for sorting in level.sortings if sorting.embed is None]
    sorted_by = {id(sorting.embed) for sorting in level.sortings}
    for embed in level.embeds:
        if embed.shape != "hidden" or id(embed) in sorted_by:
            names += embed.relationship.own_columns
    return list(dict.fromkeys(names))


def _is_joined(embed: Embed) -> bool:
    return embed.shape in ("object", "spread")


def _of_at_most_one(level: Level) -> Level:
    """A key is unique in its table; but a view can show a row twice, which must not double the parent."""
    if level.table.is_view:
        return replace(level, limit=1 if level.limit is None else min(level.limit, 1))
    return level if _has_window(level) else replace(level, limit=None)


def _counts(level: Level) -> bool:
    return any(isinstance(output, CountOutput) for output in level.outputs)


def _has_window(level: Level) -> bool:
    return level.limit == 0 or level.offset > 0


def _cast(sql: str, sql_type: str | None) -> str:
    return sql if sql_type is None else f"{sql}::{sql_type}"


def _direction(sorting: Sorting) -> str:
    nulls = {None: "", True: " nulls first", False: " nulls last"}[sorting.nulls_first]
    return f"{' desc' if sorting.descending else ''}{nulls}"
