"""What the exposed schema consists of, as one role sees it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `sql_type` is quoted and qualified, ready for a cast."""

    name: str
    sql_type: str
    readable: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view of the schema. `unique` are the column sets of its primary key and unique constraints."""

    name: str
    columns: Mapping[str, Column]
    unique: frozenset[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """`table.columns` refer to `target.target_columns`, in this order."""

    name: str
    table: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalog:
    """A schema as one role sees it."""

    schema: str
    tables: Mapping[str, Table]
    foreign_keys: tuple[ForeignKey, ...] = ()
