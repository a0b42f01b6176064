"""The small language of the phrase tables, and how it is matched. PURE.

A pattern is a line of slots:

    word        this word
    a|b|c       one of these words; # among them stands for a number
    word?       this word or nothing (also `a|b?`)
    ..          up to three other words
    ...         up to six other words
    #           a number, in digits or in words
    @           a name: a word that is not common in calls
    ^           the beginning of the utterance, greetings and small words before it allowed
    $           the end of the utterance
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from voice.speech_acts.common_words import NOT_NAMES, NUMBERS, OPENERS

Label = TypeVar("Label")

_LONGEST_ING_NAME = 5
_GAPS = {"..": 3, "...": 6}


@dataclass(frozen=True, slots=True)
class Slot:
    """One step of a pattern."""

    kind: str
    words: frozenset[str] = frozenset()
    optional: bool = False
    longest_gap: int = 0


Pattern = tuple[Slot, ...]


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> Pattern:
    """The slots of a pattern. Raises ValueError for an empty one or one that begins with a gap."""
    slots = tuple(_slot(part) for part in pattern.split())
    if not slots or slots[0].kind == "gap" or slots[0].optional:
        raise ValueError(f"a pattern must begin with something that is there: {pattern!r}")
    return slots


def _slot(part: str) -> Slot:
    if part in _GAPS:
        return Slot("gap", longest_gap=_GAPS[part])
    if part in {"#", "@", "^", "$"}:
        return Slot(part)
    optional = part.endswith("?")
    return Slot("word", frozenset(part.removesuffix("?").split("|")), optional)


def words_in(pattern: str) -> frozenset[str]:
    """All words that a pattern mentions."""
    return frozenset(word for slot in compiled(pattern) for word in slot.words)


def match_at(pattern: Pattern, words: Sequence[str], position: int) -> int | None:
    """Where the pattern ends (exclusive) if it begins at this word, else None."""
    return _match(pattern, 0, words, position)


def _match(pattern: Pattern, index: int, words: Sequence[str], position: int) -> int | None:
    if index == len(pattern):
        return position
    slot = pattern[index]
    if slot.kind == "gap":
        ends = (_match(pattern, index + 1, words, position + skipped) for skipped in range(slot.longest_gap + 1))
        return next((end for end in ends if end is not None), None)
    if slot.kind in {"^", "$"}:
        holds = _is_beginning(words, position) if slot.kind == "^" else position == len(words)
        return _match(pattern, index + 1, words, position) if holds else None
    if position < len(words) and _fits(slot, words[position]):
        end = _match(pattern, index + 1, words, position + 1)
        if end is not None:
            return end
    return _match(pattern, index + 1, words, position) if slot.optional else None


def _fits(slot: Slot, word: str) -> bool:
    if slot.kind == "#":
        return _is_number(word)
    if slot.kind == "@":
        return not (word in NOT_NAMES or word.isdecimal() or (word.endswith("ing") and len(word) > _LONGEST_ING_NAME))
    return word in slot.words or ("#" in slot.words and _is_number(word))


def _is_number(word: str) -> bool:
    return word.isdecimal() or word in NUMBERS


def _is_beginning(words: Sequence[str], position: int) -> bool:
    return position <= len(words) and all(word in OPENERS for word in words[:position])


class PatternIndex(Generic[Label]):
    """Many labelled patterns, found by their first words."""

    def __init__(self, entries: Iterable[tuple[Label, str]]) -> None:
        self._by_first_word: dict[str, list[tuple[Label, Pattern, frozenset[str]]]] = {}
        self._anywhere: list[tuple[Label, Pattern, frozenset[str]]] = []
        for label, text in entries:
            pattern = compiled(text)
            entry = (label, pattern, _last_needed(pattern))
            if pattern[0].kind == "word" and "#" not in pattern[0].words:
                for word in sorted(pattern[0].words):
                    self._by_first_word.setdefault(word, []).append(entry)
            else:
                self._anywhere.append(entry)

    def find(self, words: Sequence[str]) -> list[tuple[Label, int, int]]:
        """Every match as (label, first word, word after the last), by position."""
        matches: list[tuple[Label, int, int]] = []
        present = frozenset(words)
        for position, word in enumerate(words):
            for label, pattern, needed in (*self._by_first_word.get(word, ()), *self._anywhere):
                if needed.isdisjoint(present):
                    continue
                end = match_at(pattern, words, position)
                if end is not None and end > position:
                    matches.append((label, position, end))
        return matches


def _last_needed(pattern: Pattern) -> frozenset[str]:
    """The words of the last slot that cannot be left out: without one of them no match is possible.

    Raises ValueError for a pattern that needs no word at all.
    """
    slots = (slot for slot in reversed(pattern) if slot.kind == "word" and not slot.optional)
    words = (slot.words for slot in slots if "#" not in slot.words)
    needed = next(words, None)
    if needed is None:
        raise ValueError("a pattern needs at least one word that must be there")
    return needed
