"""Reading the phrase book: lines of speech with alternatives, optional parts and slots. PURE.

    hello (this is|you're speaking with) {name} [how are you]

A line is a `Phrase`: words and choices, in order. `weight: 3` says that each line after it counts three times.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

_TOKEN = re.compile(r"[()\[\]|]|\{[a-z]+\}|[^\s()\[\]|{}]+")
_CLOSING = {"(": ")", "[": "]"}
_WEIGHT = re.compile(r"^weight: (\d+(?:\.\d+)?)$")
_SLOT = re.compile(r"^([a-z]+) = (.+)$")


class PhraseBookError(ValueError):
    """A line of the phrase book that cannot be read."""


@dataclass(frozen=True)
class Choice:
    """One of several phrases is said; an empty phrase says nothing."""

    phrases: tuple["Phrase", ...]


@dataclass(frozen=True)
class Phrase:
    """Words and choices, one after the other."""

    parts: tuple[str | Choice, ...]
    weight: float = 1.0
    """How often it is said, compared with other phrases."""

    @cached_property
    def ways(self) -> int:
        """In how many ways the phrase can be said."""
        count = 1
        for part in self.parts:
            if isinstance(part, Choice):
                count *= sum(phrase.ways for phrase in part.phrases)
        return count


def read_phrase_book(lines: Iterable[str]) -> list[Phrase]:
    """The phrases of a phrase book. Raises PhraseBookError where a line cannot be read."""
    slots: dict[str, Choice] = {}
    phrases: list[Phrase] = []
    weight = 1.0
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            if weighed := _WEIGHT.match(text):
                weight = float(weighed[1])
            elif slot := _SLOT.match(text):
                slots[slot[1]] = Choice(tuple(_parsed(value, slots) for value in slot[2].split("|")))
            else:
                phrases.append(replace(_parsed(text, slots), weight=weight))
        except PhraseBookError as error:
            raise PhraseBookError(f"line {number}: {error}") from None
    return phrases


def _parsed(text: str, slots: dict[str, Choice]) -> Phrase:
    tokens = _TOKEN.findall(text)
    phrase, end = _sequence(tokens, 0, slots)
    if end != len(tokens):
        raise PhraseBookError(f"unexpected {tokens[end]!r}")
    return phrase


def _sequence(tokens: list[str], at: int, slots: dict[str, Choice]) -> tuple[Phrase, int]:
    parts: list[str | Choice] = []
    while at < len(tokens) and tokens[at] not in (")", "]", "|"):
        token = tokens[at]
        at += 1
        if token in _CLOSING:
            choice, at = _choice(tokens, at, slots, _CLOSING[token])
            parts.append(choice)
        elif token.startswith("{"):
            if token[1:-1] not in slots:
                raise PhraseBookError(f"no slot is called {token}")
            parts.append(slots[token[1:-1]])
        else:
            parts.append(token)
    return Phrase(tuple(parts)), at


def _choice(tokens: list[str], at: int, slots: dict[str, Choice], closing: str) -> tuple[Choice, int]:
    phrases: list[Phrase] = []
    while True:
        phrase, at = _sequence(tokens, at, slots)
        phrases.append(phrase)
        if at >= len(tokens):
            raise PhraseBookError(f"{closing!r} is missing")
        at += 1
        if tokens[at - 1] == closing:
            return Choice((*phrases, Phrase(())) if closing == "]" else tuple(phrases)), at
        if tokens[at - 1] != "|":
            raise PhraseBookError(f"unexpected {tokens[at - 1]!r}")
