"""What a request of the REST wire asks for, as data, before anybody looks whether it exists. Pure.

The language is PostgREST's. Names are text as the client wrote it: the planner finds them in the catalog or refuses.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Path: TypeAlias = tuple[str, ...]
"""The embeds that lead from the table asked for to the one meant; empty for the table itself."""

Operator = Literal[
    "eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "match", "imatch", "isdistinct",
    "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj",
]  # fmt: skip
"""Operators that compare a column with one value."""

QuantifiedOperator = Literal["eq", "gt", "gte", "lt", "lte", "like", "ilike", "match", "imatch"]
Quantifier = Literal["any", "all"]
Truth = Literal["null", "not_null", "true", "false", "unknown"]
SearchKind = Literal["fts", "plfts", "phfts", "wfts"]
Aggregate = Literal["avg", "count", "max", "min", "sum"]


@dataclass(frozen=True, slots=True)
class JsonStep:
    """`->key` or `->0`; `as_text` for `->>`."""

    key: str | int
    as_text: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """`name->a->>b`: a column, or what lies inside of a JSON column."""

    name: str
    steps: tuple[JsonStep, ...] = ()


@dataclass(frozen=True, slots=True)
class StarSelect:
    """`*`: every column that may be read."""


@dataclass(frozen=True, slots=True)
class FieldSelect:
    """`alias:name->a::cast`; `aggregate` for `name.sum()`, and for `count()`, whose field is None."""

    field: Field | None
    alias: str | None = None
    cast: str | None = None
    aggregate: Aggregate | None = None


@dataclass(frozen=True, slots=True)
class EmbedSelect:
    """`alias:target!hint!inner(items)`; `...target(items)` when `spread`. No items: the embed only filters."""

    target: str
    items: "tuple[SelectItem, ...]"
    alias: str | None = None
    hint: str | None = None
    inner: bool = False
    spread: bool = False


SelectItem: TypeAlias = StarSelect | FieldSelect | EmbedSelect


@dataclass(frozen=True, slots=True)
class Compare:
    """`eq.value` and its relatives."""

    operator: Operator
    value: str


@dataclass(frozen=True, slots=True)
class Quantified:
    """`like(any).{a,b}`"""

    operator: QuantifiedOperator
    quantifier: Quantifier
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """`in.(a,b)`"""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """`is.null` and its relatives. On the name of an embed: whether it holds any row."""

    truth: Truth


@dataclass(frozen=True, slots=True)
class Search:
    """`wfts(english).text`"""

    kind: SearchKind
    text: str
    configuration: str | None = None


Test: TypeAlias = Compare | Quantified | OneOf | Is | Search


@dataclass(frozen=True, slots=True)
class Filter:
    """`name=not.operator.value`"""

    field: Field
    test: Test
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Logic:
    """`or=(a.eq.1,and(b.eq.2,c.eq.3))`"""

    kind: Literal["and", "or"]
    members: "tuple[Condition, ...]"
    negated: bool = False


Condition: TypeAlias = Filter | Logic


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """`name.desc.nullslast`; `relation` for `modules(order_index).asc`; `nulls_first` None: PostgreSQL's default."""

    field: Field
    descending: bool = False
    nulls_first: bool | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query string. `conditions` of one path are joined by `and`; limits and offsets count rows, >= 0."""

    select: tuple[SelectItem, ...] = (StarSelect(),)
    conditions: tuple[tuple[Path, Condition], ...] = ()
    orders: tuple[tuple[Path, tuple[OrderTerm, ...]], ...] = ()
    limits: tuple[tuple[Path, int], ...] = ()
    offsets: tuple[tuple[Path, int], ...] = ()
    columns: tuple[str, ...] | None = None
    on_conflict: tuple[str, ...] | None = None
