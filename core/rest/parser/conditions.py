"""Filters, and the logic that joins them. Pure."""

import re
from typing import TypeVar, get_args

from core.rest.errors import cannot_parse
from core.rest.parser.fields import read_field
from core.rest.parser.limits import MAXIMUM_FILTERS, MAXIMUM_LIST, MAXIMUM_LOGIC_DEPTH, check
from core.rest.parser.scanner import Scanner
from core.rest.query import (
    Compare,
    Condition,
    Field,
    Filter,
    Is,
    Logic,
    OneOf,
    Operator,
    Quantified,
    QuantifiedOperator,
    Quantifier,
    Search,
    SearchKind,
    Test,
    Truth,
)

_OPERATORS: tuple[Operator, ...] = get_args(Operator)
_QUANTIFIED: tuple[QuantifiedOperator, ...] = get_args(QuantifiedOperator)
_QUANTIFIERS: tuple[Quantifier, ...] = get_args(Quantifier)
_SEARCHES: tuple[SearchKind, ...] = get_args(SearchKind)
_TRUTHS: tuple[Truth, ...] = get_args(Truth)
_WORDS = frozenset({*_OPERATORS, *_SEARCHES, "in", "is"})
_Word = TypeVar("_Word", bound=str)
_NOT = re.compile(r"not\.")
_OPERATION = re.compile(r"([a-z]+)(?:\(([^()]*)\))?\.")
_ARRAY = re.compile(r"\{[^{}]*\}(?=\s*[,)])")
_CONFIGURATION = re.compile(r"[\w$ .-]{1,63}")
_OPERATOR_WANTED = "operator (eq, gt, ...)"


def parse_filter(field: Field, text: str) -> Filter:
    """`not.eq.5`, `in.(a,b)`, `like(any).{a*,b*}`, `wfts(english).word`. Raises RestError PGRST100."""
    scanner = Scanner(text, "filter")
    negated = scanner.step(_NOT) is not None
    operator, argument = _operator(scanner)
    if operator == "in":
        test: Test = OneOf(_parenthesized(scanner))
        scanner.expect_end("nothing")
    else:
        test = _test(scanner, operator, argument, scanner.rest())
    return Filter(field, test, negated)


def parse_logic(kind: str, text: str, *, negated: bool = False) -> Logic:
    """`(a.eq.1,not.and(b.gt.2,c.in.(3,4)))`, what follows `or=` or `and=`. Raises RestError PGRST100."""
    scanner = Scanner(text, "logic tree")
    logic = _LogicParser(scanner).logic(kind, negated, depth=1)
    scanner.expect_end("nothing")
    return logic


def count_filters(condition: Condition) -> int:
    """How many tests a condition holds."""
    if isinstance(condition, Logic):
        return sum(count_filters(member) for member in condition.members)
    return 1


class _LogicParser:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._seen = 0

    def logic(self, kind: str, negated: bool, depth: int) -> Logic:
        if depth > MAXIMUM_LOGIC_DEPTH:
            raise cannot_parse(f"Logic is nested deeper than {MAXIMUM_LOGIC_DEPTH}.")
        self._scanner.expect("(")
        members = [self._member(depth)]
        while self._scanner.take(","):
            members.append(self._member(depth))
        self._scanner.expect(")")
        return Logic("and" if kind == "and" else "or", tuple(members), negated)

    def _member(self, depth: int) -> Condition:
        self._seen += 1
        check(self._seen, MAXIMUM_FILTERS, "filters")
        scanner = self._scanner
        # `not.and(…)` and `and(…)` are logic; `and.eq.1` tests a column of that name, `not.eq.1` one called not.
        for opening, kind, negated in _OPENINGS:
            if scanner.step(opening):
                return self.logic(kind, negated, depth + 1)
        field = read_field(scanner)
        scanner.expect(".")
        return self._filter(field)

    def _filter(self, field: Field) -> Filter:
        scanner = self._scanner
        negated = scanner.step(_NOT) is not None
        operator, argument = _operator(scanner)
        if operator == "in":
            return Filter(field, OneOf(_parenthesized(scanner)), negated)
        array = scanner.step(_ARRAY)
        value = scanner.list_element() if array is None else array.group()
        return Filter(field, _test(scanner, operator, argument, value), negated)


_OPENINGS = tuple(
    (re.compile(rf"\s*{negation}{kind}(?=\s*\()"), kind, bool(negation))
    for kind in ("and", "or")
    for negation in ("", r"not\.")
)


def _operator(scanner: Scanner) -> tuple[str, str | None]:
    """The word of an operator, and what stands behind it in parentheses: any, all or a configuration."""
    match = scanner.peek(_OPERATION)
    if match is None or match[1] not in _WORDS:
        raise scanner.unexpected(_OPERATOR_WANTED)
    word, argument = match[1], match[2]
    if argument is not None:
        if word in _SEARCHES:
            fits = _CONFIGURATION.fullmatch(argument) is not None
        else:
            fits = word in _QUANTIFIED and argument in _QUANTIFIERS
        if not fits:
            raise scanner.unexpected(f"other words after {word} in parentheses")
    scanner.step(_OPERATION)
    return word, argument


def _test(scanner: Scanner, word: str, argument: str | None, value: str) -> Test:
    if word == "is":
        return Is(_known(_TRUTHS, value.strip().lower(), scanner, "null, not_null, true, false or unknown"))
    if word in _SEARCHES:
        return Search(_known(_SEARCHES, word, scanner), value, argument)
    if argument is None:
        return Compare(_known(_OPERATORS, word, scanner), value)
    return Quantified(_known(_QUANTIFIED, word, scanner), _known(_QUANTIFIERS, argument, scanner), _braced(value))


def _known(words: tuple[_Word, ...], word: str, scanner: Scanner, wanted: str = _OPERATOR_WANTED) -> _Word:
    for known in words:
        if known == word:
            return known
    raise scanner.unexpected(wanted)


def _parenthesized(scanner: Scanner) -> tuple[str, ...]:
    scanner.expect("(")
    if scanner.take(")"):
        return ()
    values = [scanner.list_element()]
    while scanner.take(","):
        values.append(scanner.list_element())
        check(len(values), MAXIMUM_LIST, "values of a list")
    scanner.expect(")")
    return tuple(values)


def _braced(text: str) -> tuple[str, ...]:
    """The elements of an array as PostgreSQL writes it: `{a,"b, c"}`."""
    scanner = Scanner(text, "list of any or all")
    scanner.expect("{")
    if scanner.take("}"):
        scanner.expect_end("nothing")
        return ()
    values = [_element(scanner)]
    while scanner.take(","):
        values.append(_element(scanner))
        check(len(values), MAXIMUM_LIST, "values of a list")
    scanner.expect("}")
    scanner.expect_end("nothing")
    return tuple(values)


def _element(scanner: Scanner) -> str:
    quoted = scanner.quoted()
    if quoted is not None:
        return quoted
    value = scanner.up_to(',}{"').strip()
    if not value or value.lower() == "null":
        raise scanner.unexpected("a value; quote an empty one, and null as text")
    return value
