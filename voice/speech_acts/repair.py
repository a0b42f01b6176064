"""Words that the recogniser got nearly right. PURE.

A word that no phrase table knows, but that lies one letter (two in long words) from a long word that one does, is taken
for that word. Short words and real words that are easily confused are left alone.
"""

from functools import lru_cache

from voice.speech_acts.common_words import CONFUSABLE, NOT_NAMES
from voice.speech_acts.patterns import words_in
from voice.speech_acts.phrases.closing import CLOSING
from voice.speech_acts.phrases.empathy import EMPATHY
from voice.speech_acts.phrases.opening import OPENING
from voice.speech_acts.phrases.questions import QUESTIONS
from voice.speech_acts.phrases.resolution import RESOLUTION
from voice.speech_acts.phrases.verification import VERIFICATION

_SHORTEST = 6
_LONG = 9
_TOO_FAR = 9

_VOCABULARY = frozenset(
    word
    for phrases in (*OPENING, *VERIFICATION, *QUESTIONS, *EMPATHY, *RESOLUTION, *CLOSING)
    for pattern in phrases.patterns
    for word in words_in(pattern)
)
_TARGETS_BY_LETTER = {
    letter: [word for word in sorted(_VOCABULARY) if len(word) >= _SHORTEST and word[0] == letter]
    for letter in {word[0] for word in _VOCABULARY}
}


@lru_cache(maxsize=8192)
def repaired(word: str) -> str:
    """The word of the phrase tables that was probably meant, or the word itself."""
    if len(word) < _SHORTEST or len(word) > 24 or word in _VOCABULARY or word in NOT_NAMES or word in CONFUSABLE:
        return word
    targets = _TARGETS_BY_LETTER.get(word[0], ())
    distance, best = min(((_distance(target, word), target) for target in targets), default=(_TOO_FAR, word))
    return best if distance < _TOO_FAR else word


def _distance(target: str, word: str) -> int:
    """The edit distance if it is small enough for a word of this length, else `_TOO_FAR`."""
    longest = 2 if len(target) >= _LONG else 1
    if abs(len(target) - len(word)) > longest:
        return _TOO_FAR
    distance = edit_distance(target, word)
    return distance if distance <= longest else _TOO_FAR


def edit_distance(left: str, right: str) -> int:
    """How many letters must be put in, left out or exchanged to turn one word into the other."""
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, start=1):
        above_left, row[0] = row[0], i
        for j, other in enumerate(right, start=1):
            above_left, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above_left + (letter != other))
    return row[-1]
