"""A whole query string. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from core.rest.errors import RestError, cannot_parse
from core.rest.parser.conditions import count_filters, parse_filter, parse_logic
from core.rest.parser.fields import parse_names, read_json_path
from core.rest.parser.limits import MAXIMUM_DEPTH, MAXIMUM_FILTERS, MAXIMUM_ORDER_TERMS, check
from core.rest.parser.order import parse_order
from core.rest.parser.scanner import Scanner
from core.rest.parser.select import parse_select
from core.rest.query import Condition, Field, OrderTerm, Path, Query


def parse_query(pairs: Iterable[tuple[str, str]]) -> Query:
    """Reads decoded pairs in their order; keys may repeat. Raises RestError (PGRST100, PGRST103, PGRST123)."""
    found = _Found()
    for key, value in pairs:
        found.add(key, value)
    return found.query()


@dataclass(frozen=True, slots=True)
class _Key:
    """What stands left of `=`. `word` is the last name when it is bare, and so may be a word of the language."""

    path: Path
    field: Field
    word: str | None


@dataclass(slots=True)
class _Found:
    parsed: Query = field(default_factory=Query)
    conditions: list[tuple[Path, Condition]] = field(default_factory=list)
    orders: dict[Path, tuple[OrderTerm, ...]] = field(default_factory=dict)
    limits: dict[Path, int] = field(default_factory=dict)
    offsets: dict[Path, int] = field(default_factory=dict)
    filters_seen: int = 0

    def add(self, key: str, value: str) -> None:
        _check_text(key, value)
        match key:
            case "select":
                self.parsed = replace(self.parsed, select=parse_select(value))
            case "columns":
                self.parsed = replace(self.parsed, columns=parse_names(value, "columns parameter"))
            case "on_conflict":
                self.parsed = replace(self.parsed, on_conflict=parse_names(value, "on_conflict parameter"))
            case _:
                self._add_to_level(_read_key(key), value)

    def _add_to_level(self, key: _Key, value: str) -> None:
        path = key.path
        match key.word:
            case "order":
                self.orders[path] = parse_order(value)
            case "limit":
                self.limits[path] = _count("limit", value)
            case "offset":
                self.offsets[path] = _count("offset", value)
            case "and" | "or" as kind:
                negated = path[-1:] == ("not",)
                self._add_condition(path[:-1] if negated else path, parse_logic(kind, value, negated=negated))
            case _:
                self._add_condition(path, parse_filter(key.field, value))

    def _add_condition(self, path: Path, condition: Condition) -> None:
        self.filters_seen += count_filters(condition)
        check(self.filters_seen, MAXIMUM_FILTERS, "filters")
        self.conditions.append((path, condition))

    def query(self) -> Query:
        check(sum(map(len, self.orders.values())), MAXIMUM_ORDER_TERMS, "terms of an order")
        return replace(
            self.parsed,
            conditions=tuple(self.conditions),
            orders=tuple(self.orders.items()),
            limits=tuple(self.limits.items()),
            offsets=tuple(self.offsets.items()),
        )


def _read_key(key: str) -> _Key:
    scanner = Scanner(key, "tree path")
    names, bare = [], True
    while True:
        bare = not scanner.sees('"')
        names.append(scanner.name())
        if not scanner.take("."):
            break
    steps = read_json_path(scanner)
    scanner.expect_end('"."')
    if len(names) > MAXIMUM_DEPTH + 2:
        raise cannot_parse(f"The path of a filter leads through more than {MAXIMUM_DEPTH} embeds.")
    return _Key(tuple(names[:-1]), Field(names[-1], steps), names[-1] if bare and not steps else None)


def _count(name: str, text: str) -> int:
    if re.fullmatch(r"-[0-9]+", text):
        raise RestError(416, "PGRST103", "Requested range not satisfiable", details=f"{name} must not be negative")
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise cannot_parse(f"{name} must be a whole number.")
    return int(text)


def _check_text(*texts: str) -> None:
    for text in texts:
        if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
            raise cannot_parse("The query string holds what is no text.")
