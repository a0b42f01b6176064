"""`select=`: columns, paths into JSON, aggregates and embeds. Pure."""

from typing import get_args

from core.rest.errors import RestError, cannot_parse
from core.rest.parser.fields import checked_alias, read_json_path
from core.rest.parser.limits import MAXIMUM_DEPTH, MAXIMUM_EMBEDS, MAXIMUM_ITEMS, check
from core.rest.parser.scanner import Scanner
from core.rest.query import Aggregate, EmbedSelect, Field, FieldSelect, SelectItem, StarSelect

_AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)


def parse_select(text: str) -> tuple[SelectItem, ...]:
    """`a,b:c->>d::text,e!inner(*),...f(g)`; empty means `*`. Raises RestError PGRST100."""
    scanner = Scanner(text, "select parameter")
    if scanner.at_end():
        return (StarSelect(),)
    items = _SelectParser(scanner).items(depth=0)
    scanner.expect_end()
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
        check(self._items_seen, MAXIMUM_ITEMS, "things to select")
        scanner = self._scanner
        if scanner.take("*"):
            return StarSelect()
        if scanner.take("..."):
            return self._embed(scanner.name(), None, depth, spread=True)
        alias, name = None, scanner.name()
        if scanner.sees(":") and not scanner.sees("::"):
            scanner.expect(":")
            alias, name = checked_alias(name), scanner.name()
        if scanner.sees("!") or (scanner.sees("(") and name != "count"):
            return self._embed(name, alias, depth)
        if scanner.take("("):
            scanner.expect(")")
            return FieldSelect(None, alias, self._cast(), "count")
        field = Field(name, read_json_path(scanner))
        inner_cast = self._cast()
        aggregate = self._aggregate()
        if aggregate is None:
            return FieldSelect(field, alias, inner_cast)
        if inner_cast is not None:
            raise _aggregates_not_allowed()
        return FieldSelect(field, alias, self._cast(), aggregate)

    def _cast(self) -> str | None:
        return self._scanner.name("a type") if self._scanner.take("::") else None

    def _aggregate(self) -> Aggregate | None:
        if not self._scanner.take("."):
            return None
        found = self._scanner.name("an aggregate")
        for aggregate in _AGGREGATES:
            if found == aggregate:
                self._scanner.expect("(")
                self._scanner.expect(")")
                return aggregate
        raise self._scanner.unexpected("an aggregate (avg, count, max, min, sum)")

    def _embed(self, target: str, alias: str | None, depth: int, *, spread: bool = False) -> EmbedSelect:
        self._embeds_seen += 1
        if depth >= MAXIMUM_DEPTH:
            raise cannot_parse(f"Embeds are nested deeper than {MAXIMUM_DEPTH}.")
        check(self._embeds_seen, MAXIMUM_EMBEDS, "embeds")
        hint, inner = self._embed_parameters()
        self._scanner.expect("(")
        if self._scanner.take(")"):
            return EmbedSelect(target, (), alias, hint, inner, spread)
        items = self.items(depth + 1)
        self._scanner.expect(")")
        return EmbedSelect(target, items, alias, hint, inner, spread)

    def _embed_parameters(self) -> tuple[str | None, bool]:
        hint, join = None, None
        while self._scanner.take("!"):
            word = self._scanner.name("a hint, inner or left")
            if word in ("inner", "left") and join is None:
                join = word
            elif word not in ("inner", "left") and hint is None:
                hint = word
            else:
                raise self._scanner.unexpected("one hint and one of inner and left")
        return hint, join == "inner"


def _aggregates_not_allowed() -> RestError:
    return RestError(400, "PGRST123", "Use of aggregate functions is not allowed")
