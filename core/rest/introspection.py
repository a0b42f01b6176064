"""Reading the catalog: one query over PostgreSQL's own, answered for the asking role.

What it holds beyond tables and their constraints:

- The foreign keys of a view are those of the tables under it whose columns it shows, through views of views and from
  schemas that are not exposed; so are its primary key and unique sets. What a view computes has none: its comment may
  declare them, a line each: `@primaryKey id`, `@foreignKey (a, b) references other_table (c, d)`.
- Unique sets are constraints, as in PostgREST: a plain unique index makes no embed an object.
- Functions that the role may execute and whose parameters all have names, or whose one parameter is unnamed JSON; no
  trigger functions, no polymorphic ones.
- Partitions are left out: they are read and written through their table.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from core.db import Acting, Tx
from core.rest.catalog import Catalog, Column, ForeignKey, Function, Parameter, Table
from core.rest.catalog_query import CATALOG_QUERY

MOST_CATALOGS = 64
"""Roles times schemas; a catalog of a hundred tables takes about a megabyte."""
MOST_SPELLINGS = 8
"""How many ways to name one key are followed in a view that shows its columns several times."""


@dataclass(slots=True)
class Catalogs:
    """Keeps the catalogs of each role for a while: long enough to cost nothing, short enough to follow a migration.

    An outdated one grants nothing, because PostgreSQL checks every statement itself. `schemas` are those exposed, the
    first of which is meant where none is named.
    """

    schemas: tuple[str, ...] = ("public",)
    keep_ms: int = 60_000
    _kept: dict[tuple[str, str], tuple[int, Catalog]] = field(default_factory=dict)

    @property
    def schema(self) -> str:
        """The schema that is meant where none is named."""
        return self.schemas[0]

    async def of_role(self, acting: Acting, now_ms: int, schema: str | None = None) -> Catalog:
        """A schema as the acting role sees it. Raises KeyError for one that is not exposed."""
        schema = self.schema if schema is None else schema
        if schema not in self.schemas:
            raise KeyError(schema)
        kept = self._kept.get((acting.role, schema))
        if kept is None or now_ms - kept[0] >= self.keep_ms:
            kept = (now_ms, await load_catalog(acting.tx, schema))
            self._keep((acting.role, schema), kept)
        return kept[1]

    def _keep(self, key: tuple[str, str], kept: tuple[int, Catalog]) -> None:
        self._kept.pop(key, None)
        while len(self._kept) >= MOST_CATALOGS:
            del self._kept[next(iter(self._kept))]
        self._kept[key] = kept


async def load_catalog(tx: Tx, schema: str) -> Catalog:
    """Reads the schema with one statement."""
    found: dict[str, Any] = await tx.fetchval(CATALOG_QUERY, schema)
    relations = found["tables"] or ()
    tables = {table.name: table for table in map(_table, relations)}
    inferred = (key for given in found["foreign_keys"] or () for key in _foreign_keys(given))
    declared = (key for given in relations for key in _declared_keys(given, tables))
    functions: dict[str, tuple[Function, ...]] = {}
    for given in found["functions"] or ():
        functions[given["name"]] = (*functions.get(given["name"], ()), _function(given))
    return Catalog(schema, tables, tuple(dict.fromkeys((*inferred, *declared))), functions)


def _table(found: Mapping[str, Any]) -> Table:
    columns = _columns(found["columns"])
    primary = tuple(dict.fromkeys(names[0] for key in found["primary"] or () for names in key))
    unique = {frozenset(names) for key in found["unique"] or () for names in _spellings(key)}
    if declared := _declared_primary_key(found["comment"], columns):
        primary = declared
        unique.add(frozenset(declared))
    return Table(found["name"], columns, frozenset(unique), primary, found["is_view"])


def _columns(found: Iterable[Mapping[str, Any]] | None) -> dict[str, Column]:
    return {
        column["name"]: Column(
            name=column["name"],
            sql_type=column["type"],
            readable=column["readable"],
            kind=column["kind"],
            default=column["default"],
            generated=column["generated"],
            base_type=column["base"],
            insertable=column["insertable"],
            updatable=column["updatable"],
        )
        for column in found or ()
    }


def _spellings(key: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The columns of a key, each position of which may show in several columns of a view."""
    return islice(product(*key), MOST_SPELLINGS)


def _foreign_keys(found: Mapping[str, Any]) -> Iterator[ForeignKey]:
    for columns in _spellings(found["columns"]):
        for target_columns in _spellings(found["target_columns"]):
            yield ForeignKey(found["name"], found["table"], columns, found["target"], target_columns)


def _function(found: Mapping[str, Any]) -> Function:
    return Function(
        name=found["name"],
        parameters=tuple(
            Parameter(given["name"], given["type"], given["required"], given["variadic"], given["kind"])
            for given in found["parameters"] or ()
        ),
        returns_set=found["returns_set"],
        volatility=found["volatility"],
        returns_void=found["returns_void"],
        columns=None if found["columns"] is None else _columns(found["columns"]),
        table=found["table"],
    )


_NAMES = r"[^(),\n]+(?:,[^(),\n]+)*"
_PRIMARY_KEY = re.compile(rf"^@primaryKey ({_NAMES})$", re.MULTILINE)
_FOREIGN_KEY = re.compile(
    rf"^@foreignKey \(({_NAMES})\) references (?:\w+\.)?([^\s(.]+) ?\(({_NAMES})\)$", re.MULTILINE
)


def _declared_primary_key(comment: str | None, columns: Mapping[str, Column]) -> tuple[str, ...]:
    found = _PRIMARY_KEY.search(comment or "")
    names = _split(found[1]) if found else ()
    return names if all(name in columns for name in names) else ()


def _declared_keys(found: Mapping[str, Any], tables: Mapping[str, Table]) -> Iterator[ForeignKey]:
    table = tables[found["name"]]
    for own, target, its in _FOREIGN_KEY.findall(found["comment"] or ""):
        columns, target_columns = _split(own), _split(its)
        known = target in tables and all(name in tables[target].columns for name in target_columns)
        if known and len(columns) == len(target_columns) and all(name in table.columns for name in columns):
            yield ForeignKey(f"{table.name}_{'_'.join(columns)}_fkey", table.name, columns, target, target_columns)


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(","))
