"""Reading names, quoted text and punctuation off a piece of the query string. Pure."""

import re

from core.rest.errors import RestError, cannot_parse

_NAME = re.compile(r"[\w$ ]+(?:-(?!>)[\w$ ]+)*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPACES = re.compile(r"\s*")


class Scanner:
    """A position in a text. Every method skips white space before it looks."""

    def __init__(self, text: str, what: str) -> None:
        self._text = text
        self._what = what
        self._at = 0

    def at_end(self) -> bool:
        """Whether nothing but white space is left."""
        self._skip_spaces()
        return self._at == len(self._text)

    def sees(self, literal: str) -> bool:
        """Whether `literal` comes next."""
        self._skip_spaces()
        return self._text.startswith(literal, self._at)

    def take(self, literal: str) -> bool:
        """Steps over `literal` if it comes next."""
        if not self.sees(literal):
            return False
        self._at += len(literal)
        return True

    def expect(self, literal: str) -> None:
        """Steps over `literal`. Raises RestError PGRST100 if something else comes next."""
        if not self.take(literal):
            raise self.unexpected(f'"{literal}"')

    def name(self) -> str:
        """A name, plain or quoted. Raises RestError PGRST100 if none comes next."""
        if (quoted := self.quoted()) is not None:
            return quoted
        self._skip_spaces()
        match = _NAME.match(self._text, self._at)
        name = match.group().strip() if match else ""
        if match is None or not name:
            raise self.unexpected("a name")
        self._at = match.end()
        return name

    def quoted(self) -> str | None:
        """Text in double quotes, with its escapes undone, if it comes next."""
        self._skip_spaces()
        match = _QUOTED.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return _ESCAPED.sub(r"\1", match.group(1))

    def list_element(self) -> str:
        """One value of `(a,"b,c",d)`: quoted when the quotes enclose all of it, else everything up to `,` or `)`."""
        start = self._at
        quoted = self.quoted()
        if quoted is not None and (self._at == len(self._text) or self._text[self._at] in ",)"):
            return quoted
        self._at = start
        while self._at < len(self._text) and self._text[self._at] not in ",)":
            self._at += 1
        return self._text[start : self._at]

    def unexpected(self, wanted: str) -> RestError:
        """The error for what comes next."""
        found = f'"{self._text[self._at]}"' if self._at < len(self._text) else "the end"
        return cannot_parse(
            f'"failed to parse {self._what} ({self._text[:200]})" (line 1, column {self._at + 1})',
            f"unexpected {found}, expecting {wanted}",
        )

    def _skip_spaces(self) -> None:
        match = _SPACES.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
