"""From text to speech acts. PURE."""

from collections.abc import Sequence
from functools import lru_cache

from voice.speech_acts.acts import Found, SpeechAct, Utterance
from voice.speech_acts.normalise import Token, tokens_of
from voice.speech_acts.patterns import PatternIndex
from voice.speech_acts.phrases.closing import CLOSING
from voice.speech_acts.phrases.conduct import CONDUCT
from voice.speech_acts.phrases.empathy import EMPATHY
from voice.speech_acts.phrases.opening import OPENING
from voice.speech_acts.phrases.questions import QUESTIONS
from voice.speech_acts.phrases.resolution import RESOLUTION
from voice.speech_acts.phrases.table import Phrases
from voice.speech_acts.phrases.verification import VERIFICATION
from voice.speech_acts.repair import repaired

_NEGATIONS = frozenset({"not", "never", "no", "unable", "without", "nor", "neither"})
_NEGATES_VERB = frozenset({"not", "never"})
_SUBJECTS = frozenset({"i", "we", "you", "it", "that", "this"})
_NEGATION_REACHES_WORDS = 3
_LONGEST_TEXT = 4_000

PHRASE_TABLES: tuple[Phrases, ...] = (
    *OPENING,
    *VERIFICATION,
    *QUESTIONS,
    *EMPATHY,
    *RESOLUTION,
    *CLOSING,
    *CONDUCT,
)

_INDEX = PatternIndex((phrases, pattern) for phrases in PHRASE_TABLES for pattern in phrases.patterns)

_Span = tuple[SpeechAct, str, int, int]


def acts_of(text: str) -> frozenset[SpeechAct]:
    """The speech acts in a text, punctuated or recognised. Never raises."""
    return analyse(text).acts


@lru_cache(maxsize=1024)
def analyse(text: str) -> Utterance:
    """A text with every speech act found in it; only its first 4,000 characters are read. Never raises."""
    tokens = tokens_of(text[:_LONGEST_TEXT])
    words = tuple(repaired(token.word) for token in tokens)
    spans = _without_overlaps(_spans(words))
    return Utterance(text=text, words=words, found=tuple(_found(span, tokens) for span in spans))


def _spans(words: Sequence[str]) -> list[_Span]:
    spans: list[_Span] = []
    for phrases, start, end in _INDEX.find(words):
        if not (phrases.negatable and _negated(words, start, end)):
            spans.append((phrases.act, phrases.detail, start, end))
        elif phrases.act is SpeechAct.OFFERS_SOLUTION:
            spans.append((SpeechAct.REFUSES, phrases.detail, start, end))
    return spans


def _negated(words: Sequence[str], start: int, end: int) -> bool:
    before = words[max(0, start - _NEGATION_REACHES_WORDS) : start]
    if any(word in _NEGATIONS for word in before):
        return True
    return words[start] in _SUBJECTS and any(word in _NEGATES_VERB for word in words[start + 1 : min(start + 3, end)])


def _without_overlaps(spans: list[_Span]) -> list[_Span]:
    """Of spans of the same act and detail that overlap, the longest; ordered by position."""
    kept: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span[2] - span[3], span[2])):
        act, detail, start, end = span
        if not any(k[0] is act and k[1] == detail and start < k[3] and k[2] < end for k in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: (span[2], span[3], span[0].value, span[1]))


def _found(span: _Span, tokens: Sequence[Token]) -> Found:
    act, detail, start, end = span
    return Found(act, detail, tokens[start].start, tokens[end - 1].end)
