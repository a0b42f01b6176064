"""Names and what may follow them: paths into JSON, casts, aliases. Pure."""

import re

from core.rest.errors import cannot_parse
from core.rest.parser.limits import MAXIMUM_ALIAS_BYTES, MAXIMUM_COLUMNS, MAXIMUM_JSON_STEPS, check
from core.rest.parser.scanner import Scanner
from core.rest.query import Field, JsonStep

_ALIAS = re.compile(r"[\w$ .:/-]+")


def read_field(scanner: Scanner) -> Field:
    """`name->a->>0`"""
    return Field(scanner.name(), read_json_path(scanner))


def read_json_path(scanner: Scanner) -> tuple[JsonStep, ...]:
    """`->a->>0`, or nothing."""
    steps: list[JsonStep] = []
    while scanner.sees("->"):
        as_text = scanner.take("->>")
        if not as_text:
            scanner.expect("->")
        steps.append(JsonStep(scanner.json_key(), as_text))
        check(len(steps), MAXIMUM_JSON_STEPS, "steps of a path into JSON")
    return tuple(steps)


def checked_alias(alias: str) -> str:
    """An alias that may become a name in SQL. Raises RestError PGRST100."""
    if not _ALIAS.fullmatch(alias) or len(alias.encode()) > MAXIMUM_ALIAS_BYTES:
        raise cannot_parse(
            f"An alias has at most {MAXIMUM_ALIAS_BYTES} letters, digits, spaces, and the signs _ $ - . : /",
            f"'{alias[:100]}' cannot be one.",
        )
    return alias


def parse_names(text: str, what: str) -> tuple[str, ...]:
    """`"title","order_index"`: names without repetition, in their order. Raises RestError PGRST100."""
    scanner = Scanner(text, what)
    names = [scanner.name()]
    while scanner.take(","):
        names.append(scanner.name())
    scanner.expect_end()
    check(len(names), MAXIMUM_COLUMNS, "columns")
    return tuple(dict.fromkeys(names))
