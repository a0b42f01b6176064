"""`order=`. Pure."""

from dataclasses import replace

from core.rest.parser.fields import read_field, read_json_path
from core.rest.parser.limits import MAXIMUM_ORDER_TERMS, check
from core.rest.parser.scanner import Scanner
from core.rest.query import Field, OrderTerm

_DIRECTIONS = {"asc": False, "desc": True}
_NULLS = {"nullsfirst": True, "nullslast": False}


def parse_order(text: str) -> tuple[OrderTerm, ...]:
    """`a.desc.nullslast,b->>c,modules(order_index).asc`. Raises RestError PGRST100."""
    scanner = Scanner(text, "order")
    terms = [_term(scanner)]
    while scanner.take(","):
        terms.append(_term(scanner))
        check(len(terms), MAXIMUM_ORDER_TERMS, "terms of an order")
    scanner.expect_end()
    return tuple(terms)


def _term(scanner: Scanner) -> OrderTerm:
    name = scanner.name()
    if scanner.take("("):
        term = OrderTerm(read_field(scanner), relation=name)
        scanner.expect(")")
    else:
        term = OrderTerm(Field(name, read_json_path(scanner)))
    word = _word(scanner, _DIRECTIONS | _NULLS)
    if word in _DIRECTIONS:
        term = replace(term, descending=_DIRECTIONS[word])
        word = _word(scanner, _NULLS)
    if word is not None:
        term = replace(term, nulls_first=_NULLS[word])
    return term


def _word(scanner: Scanner, words: dict[str, bool]) -> str | None:
    if not scanner.take("."):
        return None
    wanted = ", ".join(words)
    word = scanner.name(wanted)
    if word not in words:
        raise scanner.unexpected(wanted)
    return word
