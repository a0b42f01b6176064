"""Which parts of a line go in one direction, in the order in which they are set from left to right. Pure.

Enough of the bidirectional algorithm for names and titles: no embeddings, no isolates, mirrored brackets only.
"""

import unicodedata
from dataclasses import dataclass
from itertools import groupby

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_LEFT_TO_RIGHT = frozenset({"L", "EN", "AN"})


@dataclass(frozen=True, slots=True)
class Run:
    """A part of a line, in the order in which it is read."""

    text: str
    is_rtl: bool


def tidied(text: str) -> str:
    """One line of composed characters, without controls and without marks that change the direction."""
    composed = unicodedata.normalize("NFC", text)
    kept = (
        letter if unicodedata.category(letter)[0] != "C" or letter in "\u200c\u200d" else " " for letter in composed
    )
    return " ".join("".join(kept).split())


def is_rtl(text: str) -> bool:
    """Whether a line is read from right to left: its first letter with a direction decides."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in _RIGHT_TO_LEFT:
            return True
        if kind == "L":
            return False
    return False


def directional_runs(text: str) -> list[Run]:
    """The runs of a line from left to right."""
    base = is_rtl(text)
    sides = [_side(letter) for letter in text]
    known = [_between(sides, place, base) for place in range(len(text))]
    runs, start = [], 0
    for side, members in groupby(known):
        end = start + len(list(members))
        runs.append(Run(text[start:end], side))
        start = end
    return runs[::-1] if base else runs


def _side(letter: str) -> bool | None:
    kind = unicodedata.bidirectional(letter)
    if kind in _RIGHT_TO_LEFT:
        return True
    return False if kind in _LEFT_TO_RIGHT else None


def _between(sides: list[bool | None], place: int, base: bool) -> bool:
    """The direction of a letter; what has none of its own takes that of its neighbours where they agree."""
    own = sides[place]
    if own is not None:
        return own
    before = next((side for side in reversed(sides[:place]) if side is not None), base)
    after = next((side for side in sides[place + 1 :] if side is not None), base)
    return before if before == after else base
