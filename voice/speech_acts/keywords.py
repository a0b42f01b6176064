"""A scenario's own phrases, found in what was said. PURE.

Unlike the phrase tables these are plain words, written by whoever wrote the scenario. They match whatever the ending
of a word is (`refund` finds `refunded`), with up to two other words between theirs.
"""

from collections.abc import Iterable, Sequence

from voice.speech_acts.normalise import words_of
from voice.speech_acts.repair import edit_distance, repaired

_GAP_WORDS = 2
_NEGATIONS = frozenset({"not", "never", "no", "unable", "without"})
_NEGATION_REACHES_WORDS = 4
_FUZZY_FROM_LETTERS = 7


class Keywords:
    """A set of phrases. Any of them counts."""

    def __init__(self, phrases: Iterable[str]) -> None:
        stems = (tuple(stem(repaired(word)) for word in words_of(phrase)) for phrase in phrases)
        self._phrases = tuple(phrase for phrase in stems if phrase)

    def __bool__(self) -> bool:
        return bool(self._phrases)

    def find(self, words: Sequence[str]) -> int | None:
        """The position of the first word of the earliest phrase found, else None."""
        stems = [stem(word) for word in words]
        positions = (self._first(stems, phrase) for phrase in self._phrases)
        return min((position for position in positions if position is not None), default=None)

    def affirmed(self, words: Sequence[str]) -> bool:
        """Whether a phrase is there without a `not` shortly before it."""
        stems = [stem(word) for word in words]
        return any(
            not any(word in _NEGATIONS for word in words[max(0, position - _NEGATION_REACHES_WORDS) : position])
            for phrase in self._phrases
            for position in range(len(stems))
            if _begins(stems, position, phrase)
        )

    @staticmethod
    def _first(stems: Sequence[str], phrase: tuple[str, ...]) -> int | None:
        return next((position for position in range(len(stems)) if _begins(stems, position, phrase)), None)


def _begins(stems: Sequence[str], position: int, phrase: tuple[str, ...]) -> bool:
    if not _alike(stems[position], phrase[0]):
        return False
    for wanted in phrase[1:]:
        reach = range(position + 1, min(position + 2 + _GAP_WORDS, len(stems)))
        found = next((index for index in reach if _alike(stems[index], wanted)), None)
        if found is None:
            return False
        position = found
    return True


def _alike(said: str, wanted: str) -> bool:
    if said == wanted:
        return True
    if min(len(said), len(wanted)) < _FUZZY_FROM_LETTERS or said[0] != wanted[0] or abs(len(said) - len(wanted)) > 1:
        return False
    return edit_distance(said, wanted) <= 1


def stem(word: str) -> str:
    """A word without its common English endings; words of up to four letters stay whole."""
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            word = word[: -len(ending)]
            if ending in {"ing", "ed"} and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word
