"""Catalogs and queries made from a seed: names that must be quoted, mostly such that exist, and hostile texts."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import TypeVar

from core.rest.catalog import Catalog, Column, ForeignKey, Function, Parameter, Table, TypeKind
from core.rest.query import (
    Compare,
    Condition,
    EmbedSelect,
    Field,
    FieldSelect,
    Filter,
    Is,
    JsonStep,
    Logic,
    OneOf,
    Operator,
    OrderTerm,
    Quantified,
    Query,
    Search,
    SelectItem,
    StarSelect,
    Test,
)

T = TypeVar("T")

HOSTILE = (
    '"; drop table t; --',
    "') or 1=1 --",
    '" or ""="',
    "$1",
    "pg_sleep(9)",
    "x'y",
    "\\",
    "/*",
    "*",
    "E'\\''",
    "",
    "%",
)
NAMES = ("id", "name", "Two Words", "ünï", 'a"b', "x.y", "$", "a'b", "select", "t1", "s", "(", "-", "v1", "count")
ALIASES = ("alias", "x y", "t1", "s", "$", "über", "a.b", "v1", "body")
TYPES: dict[TypeKind, str] = {
    "plain": "pg_catalog.int4",
    "json": 'pg_catalog."json"',
    "jsonb": "pg_catalog.jsonb",
    "array": "pg_catalog._text",
    "range": 'odd."a range"',
    "composite": 'odd."a ""row"""',
    "tsvector": "pg_catalog.tsvector",
}
WITH_INSIDE = ("json", "jsonb", "array", "composite")


class RandomQueries:
    """One catalog, and queries over it; about one name in `odd` does not exist."""

    def __init__(self, seed: int, catalog: Catalog | None = None, odd: int = 40) -> None:
        self.random = Random(seed)
        self._odd = odd
        self.catalog = catalog or self._catalog()

    def text(self) -> str:
        return self.random.choice(HOSTILE)

    def table(self) -> str:
        return self.random.choice(list(self.catalog.tables))

    def keys(self, table: str) -> list[str]:
        columns = list(self.catalog.tables[table].columns)
        return [self._name(columns) for _ in range(self.random.randrange(4))]

    def query(self, table: str, *, filtered: bool = False, limited: bool = True) -> Query:
        """`filtered`: with a filter of the table itself. `limited`: maybe with limits of the table itself."""
        select = self._select(table, depth=3)
        levels = [((), table), *self._levels(select, table)]
        own, below = levels[:1], levels[1:]
        windowed = levels if limited else below
        conditions = self._some(levels, self._condition)
        if filtered:
            conditions += tuple((path, self._condition(name)) for path, name in own)
        return Query(
            select,
            conditions,
            self._some(levels, self._order) if self._chance(2) else (),
            self._some(windowed, lambda _: self.random.randrange(3)) if self._chance(3) else (),
            self._some(windowed, lambda _: self.random.randrange(3)) if self._chance(3) else (),
            on_conflict=("id",) if self._chance(2) else None,
        )

    def _chance(self, one_in: int) -> bool:
        return self.random.randrange(one_in) == 0

    def _name(self, names: Sequence[str]) -> str:
        return self.text() if self._chance(self._odd) or not names else self.random.choice(names)

    def _some(
        self, levels: Sequence[tuple[tuple[str, ...], str]], make: Callable[[str], T]
    ) -> tuple[tuple[tuple[str, ...], T], ...]:
        return tuple((path, make(table)) for path, table in levels if self._chance(3))

    def _catalog(self) -> Catalog:
        names = self.random.sample(NAMES, 3)
        tables = {name: self._table(name) for name in names}
        keys = []
        for place in range(3):
            table, target = self.random.choice(names), self.random.choice(names)
            column = self.random.choice(list(tables[table].columns))
            keys.append(ForeignKey(f"key {place}", table, (column,), target, ("id",)))
        number = TYPES["plain"]
        columns = {name: Column(name, number, readable=True) for name in ("id", "a", "b")}
        tables["between"] = Table("between", columns, frozenset({frozenset("ab")}), ("a", "b"))
        keys += (ForeignKey(f"to {end}", "between", (end,), names[place], ("id",)) for place, end in enumerate("ab"))
        parameters = tuple(
            Parameter(name, number, required=self._chance(2), variadic=False) for name in self.random.sample(NAMES, 2)
        )
        functions = (
            Function("rows of", parameters, self._chance(2), "stable", False, tables[names[0]].columns, names[0]),
            Function('a "value"', parameters, self._chance(2), "stable", self._chance(3)),
        )
        return Catalog('my "schema', tables, tuple(keys), {each.name: (each,) for each in functions})

    def _table(self, name: str) -> Table:
        columns = {}
        for column in ("id", *self.random.sample(NAMES, 3)):
            kind = self.random.choice(list(TYPES))
            default = self.random.choice((None, "now()"))
            columns[column] = Column(column, TYPES[kind], self._chance(2), kind, default)
        return Table(name, columns, frozenset({frozenset({"id"})}), ("id",), self._chance(3))

    def _field(self, table: str) -> Field:
        columns = self.catalog.tables[table].columns
        name = self._name(list(columns))
        if name not in columns or columns[name].kind not in WITH_INSIDE:
            return Field(name)
        keys = [self.random.choice((*HOSTILE, "key", 0, -1)) for _ in range(self.random.randrange(3))]
        return Field(name, tuple(JsonStep(key, self._chance(2)) for key in keys))

    def _test(self) -> Test:
        texts = tuple(self.text() for _ in range(self.random.randrange(3)))
        match self.random.randrange(5):
            case 0:
                return Quantified(
                    self.random.choice(("eq", "ilike", "gt")), self.random.choice(("any", "all")), texts
                )  # fmt: skip
            case 1:
                return OneOf(texts)
            case 2:
                return Is(self.random.choice(("null", "not_null", "true", "unknown")))
            case 3:
                return Search(self.random.choice(("fts", "wfts")), self.text(), self.random.choice((None, self.text())))
            case _:
                operators: tuple[Operator, ...] = ("eq", "like", "imatch", "isdistinct", "cs", "ov", "adj", "nxl", "sr")
                return Compare(self.random.choice(operators), self.text())

    def _condition(self, table: str, depth: int = 2) -> Condition:
        if depth and self._chance(4):
            members = tuple(self._condition(table, depth - 1) for _ in range(self.random.randrange(1, 4)))
            return Logic(self.random.choice(("and", "or")), members, self._chance(2))
        if self._chance(6) and (near := self._near(table)):
            return Filter(Field(self.random.choice(near)), Is("null"), self._chance(2))
        return Filter(self._field(table), self._test(), self._chance(2))

    def _order(self, table: str) -> tuple[OrderTerm, ...]:
        nulls_first = self.random.choice((None, True, False))
        if self._chance(4) and (near := self._near(table)):
            target = self.random.choice(near)
            return (OrderTerm(self._field(target), self._chance(2), nulls_first, target),)
        return (OrderTerm(self._field(table), self._chance(2), nulls_first),)

    def _near(self, table: str) -> list[str]:
        keys = self.catalog.foreign_keys
        return [key.target for key in keys if key.table == table] + [key.table for key in keys if key.target == table]

    def _select(self, table: str, depth: int) -> tuple[SelectItem, ...]:
        if self._chance(12):
            return (FieldSelect(Field("count")),)
        return tuple(self._item(table, depth) for _ in range(self.random.randrange(4)))

    def _item(self, table: str, depth: int) -> SelectItem:
        alias = self.random.choice((None, None, *ALIASES[: 2 + depth]))
        near = self._near(table)
        if depth and near and self._chance(2):
            target = self.random.choice(near)
            hints = [key.name for key in self.catalog.foreign_keys if {table, target} == {key.table, key.target}]
            hint = self.random.choice((None, *hints))
            return EmbedSelect(target, self._select(target, depth - 1), alias, hint, self._chance(2), self._chance(4))
        if self._chance(4):
            return StarSelect()
        cast = self.random.choice((None, None, None, "text", "int8", "regclass" if self._chance(9) else "date"))
        return FieldSelect(self._field(table), alias, cast)

    def _levels(self, items: Sequence[SelectItem], table: str) -> Iterator[tuple[tuple[str, ...], str]]:
        for item in items:
            if isinstance(item, EmbedSelect):
                name = self.random.choice((item.alias or item.target, item.target))
                yield (name,), item.target
                yield from (((name, *path), below) for path, below in self._levels(item.items, item.target))
