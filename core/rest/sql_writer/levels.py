"""A level of a plan as a query, with its embeds inside. Pure.

What is embedded is a sub-select among the outputs, so that it is made for the rows that are answered and no others;
what decides over rows is an `exists` among the conditions. Only what hands columns to its parent (a spread embed, an
order by an embed's column) is joined.
"""

# ruff: noqa: S608 - writing SQL is what this package is for; `statement` says from what

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

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
from core.rest.sql_writer.statement import Names, quoted, table_name


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from: the text after `from`, the alias of the level's table in it, and what must hold."""

    text: str
    alias: str
    conditions: tuple[str, ...] = ()


class LevelWriter:
    """Writes the levels of one statement."""

    def __init__(self, schema: str, names: Names) -> None:
        self._schema = schema
        self._names = names

    def table(self, table: Table) -> Source:
        """All rows of a table."""
        alias = self._names.alias("t")
        return Source(f"{table_name(self._schema, table.name)} as {alias}", alias)

    def rows(self, level: Level, source: Source, *, at_most_one: bool = False) -> str:
        """The level's rows, with its outputs as columns; `at_most_one` when there cannot be more anyway."""
        joins, outputs = [], []
        spread: dict[str, str] = {}
        for embed in level.embeds:
            if embed.shape == "spread":
                alias = self._names.alias("e")
                joins.append(self._spread(embed, source.alias, alias))
                spread |= {output.name: alias for output in level.outputs if _comes_from(output, embed)}
        sortings = self._sortings(level, source.alias, joins)
        for output in level.outputs:
            outputs.append(f"{self._output(output, source.alias, spread)} as {quoted(output.name)}")
        where = self.where(level, source, joined=True)
        order = f" order by {', '.join(sortings)}" if sortings else ""
        end = self._window(level, at_most_one=at_most_one or _counts(level))
        return f"select {', '.join(outputs)} from {source.text}{''.join(joins)}{where}{order}{end}"

    def where(self, level: Level, source: Source, *, joined: bool = False) -> str:
        """The `where` of a level, or nothing; `joined`: what is spread is joined, and need not be asked for again."""
        conditions = [*source.conditions, *self.conditions(level.conditions, source.alias)]
        for embed in level.embeds:
            if embed.inner and not (joined and embed.shape == "spread" and embed.relationship.to_one):
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

    def _spread(self, embed: Embed, parent: str, alias: str) -> str:
        source = self._embedded(parent, embed.relationship)
        if embed.relationship.to_one:
            join = "join" if embed.inner else "left join"
            return f" {join} lateral ({self._one(embed, source)}) as {alias} on true"
        arrays = ", ".join(f"json_agg(s.{quoted(o.name)}) as {quoted(o.name)}" for o in embed.level.outputs)
        return f" cross join lateral (select {arrays} from ({self.rows(embed.level, source)}) as s) as {alias}"

    def _one(self, embed: Embed, source: Source) -> str:
        rows = self.rows(embed.level, source, at_most_one=True)
        # A key is unique in its table; a view can show a row twice, which must not double the parent.
        return f"{rows} limit 1" if embed.level.table.is_view and not _has_window(embed.level) else rows

    def _output(self, output: Output, alias: str, spread: dict[str, str]) -> str:
        match output:
            case FieldOutput(_, value, cast):
                return _cast(value_sql(self._names, alias, value), cast)
            case CountOutput(_, cast):
                return _cast("count(*)", cast)
            case SpreadOutput(name, embed):
                column = f"{spread[name]}.{quoted(name)}"
                return column if embed.relationship.to_one else f"coalesce({column}, '[]'::json)"
            case EmbedOutput(_, embed):
                source = self._embedded(alias, embed.relationship)
                if embed.relationship.to_one:
                    return f"(select row_to_json(s.*) from ({self._one(embed, source)}) as s)"
                return f"(select coalesce(json_agg(s.*), '[]'::json) from ({self.rows(embed.level, source)}) as s)"

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
        query = f"select {columns} from {source.text}{self.where(embed.level, source)}"
        if embed.level.table.is_view and not _has_window(embed.level):
            return f"{query} limit 1"
        return f"{query}{self._window(embed.level, at_most_one=True)}"

    def _window(self, level: Level, *, at_most_one: bool) -> str:
        if at_most_one and not _has_window(level):
            return ""
        limit = "" if level.limit is None else f" limit {self._names.number(level.limit)}"
        offset = f" offset {self._names.number(level.offset)}" if level.offset else ""
        return limit + offset


def _equal(left: str, right: str, pairs: Pairs) -> tuple[str, ...]:
    return tuple(f"{right}.{quoted(its)} = {left}.{quoted(own)}" for own, its in pairs)


def _comes_from(output: Output, embed: Embed) -> bool:
    return isinstance(output, SpreadOutput) and output.embed is embed


def _counts(level: Level) -> bool:
    return any(isinstance(output, CountOutput) for output in level.outputs)


def _has_window(level: Level) -> bool:
    return level.limit == 0 or level.offset > 0


def _cast(sql: str, sql_type: str | None) -> str:
    return sql if sql_type is None else f"{sql}::{sql_type}"


def _direction(sorting: Sorting) -> str:
    nulls = {None: "", True: " nulls first", False: " nulls last"}[sorting.nulls_first]
    return f"{' desc' if sorting.descending else ''}{nulls}"
