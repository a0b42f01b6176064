"""SQL text, its parameters, and names as identifiers. Pure.

Names come from the catalog, and aliases were checked; both are quoted. Every value is a parameter.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

Parameters: TypeAlias = tuple[str | list[str] | int, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL text and its parameters: text, lists of text, and whole numbers."""

    sql: str
    values: Parameters


@dataclass(slots=True)
class Names:
    """Hands out parameters and aliases of one statement. A value that comes again gets the same parameter."""

    values: list[str | list[str] | int] = field(default_factory=list)
    _aliases: int = 0

    def text(self, value: str) -> str:
        """A text parameter."""
        return f"({self._parameter(value)}::text)"

    def texts(self, values: list[str]) -> str:
        """A parameter that is an array of texts."""
        return f"({self._parameter(values)}::text[])"

    def number(self, value: int) -> str:
        """A parameter that is a whole number."""
        return f"{self._parameter(value)}::bigint"

    def alias(self, letter: str) -> str:
        """A name that no other part of the statement has."""
        self._aliases += 1
        return f"{letter}{self._aliases}"

    def _parameter(self, value: str | list[str] | int) -> str:
        for position, known in enumerate(self.values, 1):
            if type(known) is type(value) and known == value:
                return f"${position}"
        self.values.append(value)
        return f"${len(self.values)}"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def table_name(schema: str, name: str) -> str:
    """A table or function with its schema."""
    return f"{quoted(schema)}.{quoted(name)}"
