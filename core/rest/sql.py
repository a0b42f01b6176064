"""A plan as one SQL statement in which PostgreSQL writes the JSON. Pure.

Names come from the catalog and are quoted; aliases were checked by the grammar and are quoted too; every value is a
parameter, as text, and cast to the column's type. The statements answer one row: `body` (JSON text, null when it would
be longer than MAXIMUM_ANSWER_BYTES), `rows` (how many rows the body holds) and `total` (how many there are, or null
when nobody asked).
"""

# ruff: noqa: S608 - writing SQL is what this module is for; the docstring says from what

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.rest.grammar import Compare, Is, OneOf
from core.rest.plan import Condition, EmbedPlan, InsertPlan, Output, ReadPlan, Sorting

_COMPARISONS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "like",
    "ilike": "ilike",
}
_TRUTHS = {"null": "null", "not_null": "not null", "true": "true", "false": "false", "unknown": "unknown"}
_WRITTEN = "written"
MAXIMUM_ANSWER_BYTES = 32 * 1024 * 1024
"""Of the JSON; embeds multiply rows, and what is longer never leaves the database."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text and its parameters: text, lists of text, and whole numbers."""

    sql: str
    values: tuple[str | list[str] | int, ...]


def read_statement(plan: ReadPlan, schema: str, *, single: bool = False, count: bool = False) -> Statement:
    """The statement of a GET. `single` makes the body the first row instead of an array, `count` fills `total`."""
    writer = _Writer(schema)
    rows = writer.rows(plan)
    total = f"(select count(*) from ({writer.rows(_countable(plan), limited=False)}) as c)" if count else "null::bigint"
    return Statement(f"select {_body(single)}, {total} as total from ({rows}) as s", tuple(writer.values))


def insert_statement(plan: InsertPlan, schema: str, rows: str, *, single: bool = False) -> Statement:
    """The statement of a POST. `rows` is a JSON array of objects; without an answer the body is empty."""
    writer = _Writer(schema)
    source = f"({writer.parameter(rows)}::text)::json"
    names = ", ".join(quoted(column.name) for column in plan.columns)
    if plan.columns:
        types = ", ".join(f"{quoted(column.name)} {column.sql_type}" for column in plan.columns)
        insert = f"({names}) select {names} from json_to_recordset({source}) as x({types})"
    else:
        insert = f"select from json_array_elements({source})"
    returned = ", ".join(_needed(plan.answer)) if plan.answer else ""
    written = f"insert into {writer.table(plan.table.name)} {insert} returning {returned or '1'}"
    if plan.answer is None:
        answer = f"select '' as body, count(*) as rows, null::bigint as total from {_WRITTEN}"
    else:
        rows_sql = writer.rows(plan.answer, source=_WRITTEN)
        answer = f"select {_body(single)}, null::bigint as total from ({rows_sql}) as s"
    return Statement(f"with {_WRITTEN} as ({written}) {answer}", tuple(writer.values))


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class _Writer:
    def __init__(self, schema: str) -> None:
        self.values: list[str | list[str] | int] = []
        self._schema = schema
        self._aliases = 0

    def parameter(self, value: str | list[str] | int) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    def table(self, name: str) -> str:
        return f"{quoted(self._schema)}.{quoted(name)}"

    def rows(
        self,
        plan: ReadPlan,
        *,
        source: str | None = None,
        join: tuple[str, EmbedPlan] | None = None,
        limited: bool = True,
    ) -> str:
        """The rows of one level. `join` is the parent's alias and the embed that this level is."""
        alias = self._alias("t")
        outputs = [self._output(alias, output) for output in plan.outputs]
        joins, conditions = [], []
        if join is not None:
            parent, embed = join
            conditions += [f"{alias}.{quoted(own)} = {parent}.{quoted(its)}" for its, own in embed.relation.pairs]
        conditions += [self._condition(alias, condition) for condition in plan.conditions]
        for embed in plan.embeds:
            if embed.hidden and not embed.inner:
                continue
            name = self._alias("e")
            joins.append(f" left join lateral ({self._embedded(alias, embed)}) as {name} on true")
            if embed.inner:
                conditions.append(f"{name}.body is not null")
            if not embed.hidden:
                body = f"{name}.body" if embed.relation.to_one else f"coalesce({name}.body, '[]'::json)"
                outputs.append(f"{body} as {quoted(embed.name)}")
        where = f" where {' and '.join(conditions)}" if conditions else ""
        sortings = [_sorting(alias, sorting) for sorting in plan.sortings]
        order = f" order by {', '.join(sortings)}" if sortings else ""
        end = f" limit {self.parameter(plan.limit)} offset {self.parameter(plan.offset)}" if limited else ""
        table = f"{source or self.table(plan.table.name)} as {alias}"
        return f"select {', '.join(outputs)} from {table}{''.join(joins)}{where}{order}{end}"

    def _embedded(self, parent: str, embed: EmbedPlan) -> str:
        rows = self.rows(embed.read, join=(parent, embed))
        value = "row_to_json(s.*)" if embed.relation.to_one else "json_agg(s.*)"
        return f"select {value} as body from ({rows}) as s"

    def _output(self, alias: str, output: Output) -> str:
        cast = f"::{output.cast}" if output.cast else ""
        return f"{alias}.{quoted(output.column.name)}{cast} as {quoted(output.name)}"

    def _condition(self, alias: str, condition: Condition) -> str:
        column, sql_type = f"{alias}.{quoted(condition.column.name)}", condition.column.sql_type
        match condition.test:
            case Compare("like" | "ilike" as operator, value):
                pattern = self.parameter(value.replace("*", "%"))
                test = f"{column} {_COMPARISONS[operator]} ({pattern}::text)"
            case Compare(operator, value):
                test = f"{column} {_COMPARISONS[operator]} ({self.parameter(value)}::text)::{sql_type}"
            case OneOf(values):
                test = f"{column} = any (({self.parameter(list(values))}::text[])::{sql_type}[])"
            case Is(truth):
                test = f"{column} is {_TRUTHS[truth]}"
        return f"not ({test})" if condition.negated else test

    def _alias(self, letter: str) -> str:
        self._aliases += 1
        return f"{letter}{self._aliases}"


def _sorting(alias: str, sorting: Sorting) -> str:
    direction = " desc" if sorting.descending else ""
    nulls = {None: "", True: " nulls first", False: " nulls last"}[sorting.nulls_first]
    return f"{alias}.{quoted(sorting.column.name)}{direction}{nulls}"


def _body(single: bool) -> str:
    # `s.*` is the whole row even if a column is called s.
    body = "(json_agg(s.*) -> 0)::text" if single else "coalesce(json_agg(s.*), '[]'::json)::text"
    too_long = f"octet_length(json_agg(s.*)::text) > {MAXIMUM_ANSWER_BYTES}"
    return f"case when {too_long} then null else {body} end as body, count(*) as rows"


def _countable(plan: ReadPlan) -> ReadPlan:
    inner = tuple(replace(embed, hidden=True) for embed in plan.embeds if embed.inner)
    return replace(plan, outputs=(), sortings=(), embeds=inner)


def _needed(plan: ReadPlan) -> Iterable[str]:
    names = [output.column.name for output in plan.outputs]
    names += [sorting.column.name for sorting in plan.sortings]
    names += [its for embed in plan.embeds for its, _ in embed.relation.pairs]
    return [quoted(name) for name in dict.fromkeys(names)]
