"""The query string of the REST wire as data: what is asked, before anybody looks whether it exists. Pure.

The language is PostgREST's. What of it is not served is refused by name instead of being taken for something else.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from core.rest.errors import RestError, cannot_parse, not_served
from core.rest.scanner import Scanner

MAXIMUM_DEPTH = 8
MAXIMUM_EMBEDS = 40
MAXIMUM_ITEMS = 200
MAXIMUM_FILTERS = 200
MAXIMUM_LIST = 2_000

Comparison = Literal["eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike"]
Truth = Literal["null", "not_null", "true", "false", "unknown"]
Path: TypeAlias = tuple[str, ...]
"""The embeds that lead from the table asked for to the one meant; empty for the table itself."""


@dataclass(frozen=True, slots=True)
class StarSelect:
    """`*`: every column that may be read."""


@dataclass(frozen=True, slots=True)
class ColumnSelect:
    """`alias:name::cast`"""

    name: str
    alias: str | None = None
    cast: str | None = None


@dataclass(frozen=True, slots=True)
class EmbedSelect:
    """`alias:target!hint!inner(items)`"""

    target: str
    items: "tuple[SelectItem, ...]"
    alias: str | None = None
    hint: str | None = None
    inner: bool = False


SelectItem: TypeAlias = StarSelect | ColumnSelect | EmbedSelect


@dataclass(frozen=True, slots=True)
class Compare:
    """`eq.value` and its relatives"""

    operator: Comparison
    value: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """`in.(a,b)`"""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """`is.null` and its relatives"""

    truth: Truth


@dataclass(frozen=True, slots=True)
class Filter:
    """`path.column=not.operator.value`"""

    path: Path
    column: str
    test: Compare | OneOf | Is
    negated: bool = False


@dataclass(frozen=True, slots=True)
class OrderTerm:
    """`column.desc.nullslast`; `nulls_first` is None where PostgreSQL's default is meant."""

    column: str
    descending: bool = False
    nulls_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query string."""

    select: tuple[SelectItem, ...] = (StarSelect(),)
    filters: tuple[Filter, ...] = ()
    orders: tuple[tuple[Path, tuple[OrderTerm, ...]], ...] = ()
    limits: tuple[tuple[Path, int], ...] = ()
    offsets: tuple[tuple[Path, int], ...] = ()
    columns: tuple[str, ...] | None = None
    on_conflict: bool = False


def parse_query(pairs: Iterable[tuple[str, str]]) -> Query:
    """Reads decoded pairs in their order; keys may repeat. Raises RestError (PGRST100, PGRST103, PGRST123)."""
    select: tuple[SelectItem, ...] = (StarSelect(),)
    filters: list[Filter] = []
    orders, limits, offsets = {}, {}, {}
    columns, on_conflict = None, False
    for key, value in pairs:
        _check_text(key, value)
        if key == "select":
            select = parse_select(value)
        elif key == "columns":
            columns = parse_columns(value)
        elif key == "on_conflict":
            on_conflict = True
        else:
            path, last = _key(key)
            match last:
                case "order":
                    orders[path] = parse_order(value)
                case "limit":
                    limits[path] = _count(last, value)
                case "offset":
                    offsets[path] = _count(last, value)
                case "and" | "or":
                    raise not_served("A logic filter (and, or)")
                case _:
                    filters.append(parse_filter(path, last, value))
    if len(filters) > MAXIMUM_FILTERS:
        raise cannot_parse(f"More than {MAXIMUM_FILTERS} filters.")
    return Query(
        select,
        tuple(filters),
        tuple(orders.items()),
        tuple(limits.items()),
        tuple(offsets.items()),
        columns,
        on_conflict,
    )


def parse_select(text: str) -> tuple[SelectItem, ...]:
    """`a,b:c::text,d!inner(*)`; empty means `*`."""
    scanner = Scanner(text, "select parameter")
    if scanner.at_end():
        return (StarSelect(),)
    items = _SelectParser(scanner).items(depth=0)
    if not scanner.at_end():
        raise scanner.unexpected('"," or the end')
    return items


class _SelectParser:
    """Counts what it reads, so that a request cannot ask for a statement without bounds."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._items_seen = 0
        self._embeds_seen = 0

    def items(self, depth: int) -> tuple[SelectItem, ...]:
        found = [self._item(depth)]
        while self._scanner.take(","):
            found.append(self._item(depth))
        return tuple(found)

    def _item(self, depth: int) -> SelectItem:
        self._items_seen += 1
        if self._items_seen > MAXIMUM_ITEMS:
            raise cannot_parse(f"More than {MAXIMUM_ITEMS} things are selected.")
        scanner = self._scanner
        if scanner.take("*"):
            return StarSelect()
        if scanner.sees("..."):
            raise not_served("Spreading an embed (...)")
        alias, name = None, scanner.name()
        if scanner.sees(":") and not scanner.sees("::"):
            scanner.expect(":")
            alias, name = _checked_alias(name), scanner.name()
        if scanner.sees("->"):
            raise not_served("A path into JSON (->)")
        if scanner.sees("!") or scanner.sees("("):
            return self._embed(name, alias, depth)
        if scanner.sees("."):
            raise RestError(400, "PGRST123", "Use of aggregate functions is not allowed")
        cast = scanner.name() if scanner.take("::") else None
        return ColumnSelect(name, alias, cast)

    def _embed(self, target: str, alias: str | None, depth: int) -> EmbedSelect:
        self._embeds_seen += 1
        if depth >= MAXIMUM_DEPTH:
            raise cannot_parse(f"Embeds are nested deeper than {MAXIMUM_DEPTH}.")
        if self._embeds_seen > MAXIMUM_EMBEDS:
            raise cannot_parse(f"More than {MAXIMUM_EMBEDS} embeds.")
        hint, inner = self._embed_parameters()
        self._scanner.expect("(")
        if self._scanner.take(")"):
            if target == "count":
                raise RestError(400, "PGRST123", "Use of aggregate functions is not allowed")
            return EmbedSelect(target, (), alias, hint, inner)
        items = self.items(depth + 1)
        self._scanner.expect(")")
        return EmbedSelect(target, items, alias, hint, inner)

    def _embed_parameters(self) -> tuple[str | None, bool]:
        hint, join = None, None
        while self._scanner.take("!"):
            word = self._scanner.name()
            if word in ("inner", "left") and join is None:
                join = word
            elif word not in ("inner", "left") and hint is None:
                hint = word
            else:
                raise self._scanner.unexpected("one hint and one of inner and left")
        return hint, join == "inner"


def parse_order(text: str) -> tuple[OrderTerm, ...]:
    """`a.desc.nullslast,b`"""
    scanner = Scanner(text, "order")
    terms = []
    while True:
        column = scanner.name()
        if scanner.sees("(") or scanner.sees("->"):
            raise not_served("An order by a related table or a path into JSON")
        words = []
        while scanner.take("."):
            words.append(scanner.name())
        terms.append(_order_term(scanner, column, words))
        if not scanner.take(","):
            break
    if not scanner.at_end():
        raise scanner.unexpected('"," or the end')
    if len(terms) > MAXIMUM_ITEMS:
        raise cannot_parse(f"More than {MAXIMUM_ITEMS} terms of an order.")
    return tuple(terms)


def _order_term(scanner: Scanner, column: str, words: list[str]) -> OrderTerm:
    descending, nulls_first = False, None
    rest = list(words)
    if rest and rest[0] in ("asc", "desc"):
        descending = rest.pop(0) == "desc"
    if rest and rest[0] in ("nullsfirst", "nullslast"):
        nulls_first = rest.pop(0) == "nullsfirst"
    if rest:
        raise scanner.unexpected("asc, desc, nullsfirst or nullslast")
    return OrderTerm(column, descending, nulls_first)


_OPERATION = re.compile(r"(not\.)?([a-z]+)(\([a-z]*\))?\.(.*)", re.DOTALL)


def parse_filter(path: Path, column: str, text: str) -> Filter:
    """`not.eq.5`, `in.(a,b)`, `is.null`"""
    match = _OPERATION.fullmatch(text)
    if match is None:
        raise _bad_filter(text)
    negated, operator, quantifier, operand = bool(match[1]), match[2], match[3], match[4]
    if quantifier:
        raise not_served(f"The operator {operator}{quantifier}")
    if operator == "in":
        return Filter(path, column, OneOf(_list(operand)), negated)
    if operator == "is":
        truth = next((word for word in get_args(Truth) if word == operand.lower()), None)
        if truth is None:
            raise _bad_filter(text)
        return Filter(path, column, Is(truth), negated)
    for comparison in _COMPARISONS:
        if comparison == operator:
            return Filter(path, column, Compare(comparison, operand), negated)
    if operator in _NOT_SERVED:
        raise not_served(f"The operator {operator}")
    raise _bad_filter(text)


_COMPARISONS: tuple[Comparison, ...] = get_args(Comparison)
_NOT_SERVED = frozenset(
    "match imatch fts plfts phfts wfts cs cd ov sl sr nxr nxl adj isdistinct".split()  # noqa: SIM905 - one glance
)


def parse_columns(text: str) -> tuple[str, ...]:
    """`"title","order_index"`"""
    scanner = Scanner(text, "columns parameter")
    names = [scanner.name()]
    while scanner.take(","):
        names.append(scanner.name())
    if not scanner.at_end():
        raise scanner.unexpected('"," or the end')
    return tuple(dict.fromkeys(names))


def _key(key: str) -> tuple[Path, str]:
    scanner = Scanner(key, "filter")
    names = [scanner.name()]
    while scanner.take("."):
        names.append(scanner.name())
    if scanner.sees("->"):
        raise not_served("A path into JSON (->)")
    if not scanner.at_end():
        raise scanner.unexpected('"." or the end')
    if len(names) > MAXIMUM_DEPTH + 2:
        raise cannot_parse("The path of a filter is too long.")
    return tuple(names[:-1]), names[-1]


def _list(text: str) -> tuple[str, ...]:
    scanner = Scanner(text, "filter")
    scanner.expect("(")
    if scanner.take(")"):
        values: list[str] = []
    else:
        values = [scanner.list_element()]
        while scanner.take(","):
            values.append(scanner.list_element())
        scanner.expect(")")
    if not scanner.at_end():
        raise scanner.unexpected("the end")
    if len(values) > MAXIMUM_LIST:
        raise cannot_parse(f"A list has more than {MAXIMUM_LIST} values.")
    return tuple(values)


def _count(name: str, text: str) -> int:
    if re.fullmatch(r"-[0-9]+", text):
        raise RestError(416, "PGRST103", "Requested range not satisfiable", details=f"{name} must not be negative")
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise cannot_parse(f"{name} must be a whole number.")
    return int(text)


_ALIAS = re.compile(r"[\w$ -]+")


def _checked_alias(alias: str) -> str:
    if not _ALIAS.fullmatch(alias) or len(alias.encode()) > 63:
        raise cannot_parse("An alias has at most 63 letters, digits, spaces, and the signs _ $ -.")
    return alias


def _check_text(*texts: str) -> None:
    for text in texts:
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise cannot_parse("The query string holds what is no text.")


def _bad_filter(text: str) -> RestError:
    return cannot_parse(
        f'"failed to parse filter ({text[:200]})" (line 1, column 1)', "expecting an operator, a dot and a value"
    )
