"""Reading names, quoted text and punctuation off a piece of the query string. Pure."""

import re

from core.rest.errors import RestError, cannot_parse

_NAME = re.compile(r"[\w$ ]+(?:-(?!>)[\w$ ]+)*")
_JSON_KEY = re.compile(r"(?:[^-(:.,>)\"]|-(?!>))+")
_INDEX = re.compile(r"[+-]?[0-9]{1,9}(?=->|::|[.,)]|\s*\Z)", re.ASCII)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPACES = re.compile(r"\s*")
_SHOWN = 200  # characters of what could not be read, in an error


class Scanner:
    """A position in a text. `what` is how an error calls the text: "select parameter"."""

    def __init__(self, text: str, what: str) -> None:
        self._text = text
        self._what = what
        self._at = 0

    def at_end(self) -> bool:
        """Whether nothing but white space is left."""
        self._skip_spaces()
        return self._at == len(self._text)

    def expect_end(self, otherwise: str = '","') -> None:
        """Raises RestError PGRST100 if anything is left."""
        if not self.at_end():
            raise self.unexpected(f"{otherwise} or end of input")

    def sees(self, literal: str) -> bool:
        """Whether `literal` comes next, after white space."""
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

    def name(self, wanted: str = "field name (* or [a..z0..9_$])") -> str:
        """A name, plain or quoted. Raises RestError PGRST100 if none comes next."""
        self._skip_spaces()
        start = self._at
        if (quoted := self.quoted()) is not None:
            if not quoted:
                self._at = start
                raise self.unexpected(wanted)
            return quoted
        return self._plain(_NAME, wanted)

    def json_key(self) -> str | int:
        """What follows an arrow: an index, or a key, plain or quoted."""
        self._skip_spaces()
        if (index := _INDEX.match(self._text, self._at)) is not None:
            self._at = index.end()
            return int(index.group())
        quoted = self.quoted()
        return self._plain(_JSON_KEY, "a key or an index") if quoted is None else quoted

    def quoted(self) -> str | None:
        """Text in double quotes, with its escapes undone, if it comes next."""
        self._skip_spaces()
        match = _QUOTED.match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return _ESCAPED.sub(r"\1", match.group(1))

    def peek(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What `pattern` matches right here, white space not skipped."""
        return pattern.match(self._text, self._at)

    def step(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Steps over what `pattern` matches right here, white space not skipped."""
        match = self.peek(pattern)
        if match is not None:
            self._at = match.end()
        return match

    def list_element(self) -> str:
        """One value of `(a,"b,c",d)`.

        It is quoted when the quotes enclose all of it. A lone quote is a character like others: the value then goes on
        up to `,` or `)`, which is how supabase-js sends it.
        """
        start = self._at
        quoted = self.quoted()
        if quoted is not None and (self._at == len(self._text) or self._text[self._at] in ",)"):
            return quoted
        self._at = start
        return self.up_to(",)")

    def up_to(self, marks: str) -> str:
        """Everything before the next of `marks`, or before the end."""
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in marks:
            self._at += 1
        return self._text[start : self._at]

    def rest(self) -> str:
        """Everything that is left."""
        start, self._at = self._at, len(self._text)
        return self._text[start:]

    def unexpected(self, wanted: str) -> RestError:
        """The error for what comes next, worded as PostgREST words it."""
        found = f'"{self._text[self._at]}"' if self._at < len(self._text) else "end of input"
        return cannot_parse(
            f'"failed to parse {self._what} ({self._text[:_SHOWN]})" (line 1, column {self._at + 1})',
            f"unexpected {found} expecting {wanted}",
        )

    def _plain(self, pattern: re.Pattern[str], wanted: str) -> str:
        match = pattern.match(self._text, self._at)
        name = match.group().strip() if match else ""
        if match is None or not name:
            raise self.unexpected(wanted)
        self._at = match.end()
        return name

    def _skip_spaces(self) -> None:
        match = _SPACES.match(self._text, self._at)
        if match is not None:
            self._at = match.end()
