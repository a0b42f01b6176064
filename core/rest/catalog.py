"""What the exposed schema consists of, as one role sees it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

TypeKind = Literal["plain", "json", "jsonb", "array", "range", "composite", "tsvector"]
Volatility = Literal["immutable", "stable", "volatile"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `sql_type` is quoted and qualified, ready for a cast. `default` is SQL of the catalog's own.

    `base_type` is what lies under a domain: values are compared by it, because what is looked for need not be valid.
    """

    name: str
    sql_type: str
    readable: bool
    kind: TypeKind = "plain"
    default: str | None = None
    generated: bool = False
    base_type: str | None = None
    insertable: bool = True
    updatable: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view of the schema. `unique` are the column sets of its primary key and unique constraints."""

    name: str
    columns: Mapping[str, Column]
    unique: frozenset[frozenset[str]] = frozenset()
    primary_key: tuple[str, ...] = ()
    is_view: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`table.columns` refer to `target.target_columns`, in this order. A view has those of the tables under it."""

    name: str
    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a function takes; `required` unless it has a default."""

    name: str
    sql_type: str
    required: bool
    variadic: bool = False
    kind: TypeKind = "plain"


@dataclass(frozen=True, slots=True)
class Function:
    """A function that the role may execute.

    `columns` are those of the rows that it returns (a table, a composite type or OUT parameters), None for a scalar or
    nothing; `table` is the table of the schema whose rows these are, so that embeds are possible.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns_set: bool
    volatility: Volatility
    returns_void: bool = False
    columns: Mapping[str, Column] | None = None
    table: str | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Catalog:
    """A schema as one role sees it. `functions` holds the overloads of each name."""

    schema: str
    tables: Mapping[str, Table]
    foreign_keys: tuple[ForeignKey, ...] = ()
    functions: Mapping[str, tuple[Function, ...]] = field(default_factory=dict)
