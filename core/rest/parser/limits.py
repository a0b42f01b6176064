"""How much one request may ask for. What exceeds a limit is refused as PGRST100, never cut short. Pure."""

from core.rest.errors import cannot_parse

MAXIMUM_DEPTH = 8
"""Embeds within embeds."""
MAXIMUM_EMBEDS = 40
MAXIMUM_ITEMS = 200
"""Things that are selected, embeds included, on all levels together."""
MAXIMUM_FILTERS = 200
"""Tests, within `and` and `or` too."""
MAXIMUM_LOGIC_DEPTH = 10
MAXIMUM_LIST = 2_000
"""Values of one `in.(…)` or `any` and `all` list."""
MAXIMUM_ORDER_TERMS = 40
"""On all levels together."""
MAXIMUM_JSON_STEPS = 16
MAXIMUM_COLUMNS = 500
"""Of `columns=` and `on_conflict=`."""
MAXIMUM_ALIAS_BYTES = 63
"""What PostgreSQL keeps of a name."""


def check(number: int, maximum: int, what: str) -> None:
    """Raises RestError PGRST100 when there is more of it than allowed; `what` is in the plural."""
    if number > maximum:
        raise cannot_parse(f"More than {maximum:,} {what} in one request.", f"{number:,} or more were asked for.")
