"""What the trainee's words mean in this scenario, at this moment. PURE."""

from dataclasses import dataclass
from itertools import pairwise

from voice.embedded_customer.dialogue.memory import Memory
from voice.scenario import Fact, Scenario
from voice.speech_acts.acts import SpeechAct, Utterance
from voice.speech_acts.keywords import Keywords
from voice.speech_acts.normalise import words_of
from voice.speech_acts.phrases.verification import IDENTIFIERS

_REQUEST_WORDS = frozenset(
    {"what", "which", "when", "where", "who", "how", "why", "give", "tell", "confirm", "verify", "need"}
    | {"provide", "please", "read", "spell", "may", "could", "share", "describe"}
)
_SHORT_UTTERANCE_WORDS = 6
_QUESTIONS = (SpeechAct.ASKS_VERIFICATION, SpeechAct.ASKS_OPEN_QUESTION, SpeechAct.ASKS_CLOSED_QUESTION)
_MOST_FACTS_A_TURN = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance of the trainee, read against the scenario."""

    utterance: Utterance
    facts: tuple[Fact, ...]
    """What it asks for, in the order in which it was asked."""
    unknown_identifiers: tuple[str, ...]
    """What it asks for to verify the customer that the scenario does not tell."""
    offers_right_solution: bool
    wrong_solution: str | None
    """The customer's line to a solution that does not help, if one was offered."""
    meets_objection: bool
    repeats_itself: bool
    response_gap_ms: int
    interrupted: bool

    def has(self, *acts: SpeechAct) -> bool:
        """Whether any of these acts is in the utterance."""
        return self.utterance.has(*acts)


class Understanding:
    """A scenario's phrases, ready to be found."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._facts = tuple((fact, Keywords(fact.asked_by)) for fact in scenario.facts)
        self._right = Keywords(scenario.resolution.offered_by)
        self._wrong = tuple((Keywords(wrong.offered_by), wrong.say) for wrong in scenario.wrong_solutions)
        self._overcome = tuple(Keywords(objection.overcome_by) for objection in scenario.objections)

    def of(self, utterance: Utterance, memory: Memory, *, response_gap_ms: int, interrupted: bool) -> Heard:
        """The utterance read against the scenario and against what was said before."""
        words = utterance.words
        facts = self._facts_asked(utterance)
        right = self._right.affirmed(words) and not _asks_about_the_past(words)
        return Heard(
            utterance=utterance,
            facts=facts,
            unknown_identifiers=self._unknown_identifiers(utterance),
            offers_right_solution=right,
            wrong_solution=None if right else self._wrong_solution(utterance),
            meets_objection=self._meets_objection(words, memory),
            repeats_itself=len(words) >= 3 and words == memory.last_words,
            response_gap_ms=response_gap_ms,
            interrupted=interrupted,
        )

    def _facts_asked(self, utterance: Utterance) -> tuple[Fact, ...]:
        places = {
            found.detail: len(words_of(utterance.text[: found.start]))
            for found in reversed(utterance.found)
            if found.act is SpeechAct.ASKS_VERIFICATION
        }
        requests = _is_request(utterance)
        asked: list[tuple[int, Fact]] = []
        for fact, keywords in self._facts:
            position = keywords.find(utterance.words) if requests else None
            if position is not None:
                asked.append((position, fact))
            elif fact.key in places:
                asked.append((places[fact.key], fact))
        return tuple(fact for _, fact in sorted(asked, key=lambda pair: pair[0])[:_MOST_FACTS_A_TURN])

    def _unknown_identifiers(self, utterance: Utterance) -> tuple[str, ...]:
        known = {fact.key for fact in self._scenario.facts}
        asked = utterance.details(SpeechAct.ASKS_VERIFICATION)
        return tuple(key for key in asked if key in IDENTIFIERS and key not in known)

    def _wrong_solution(self, utterance: Utterance) -> str | None:
        for keywords, line in self._wrong:
            if keywords.affirmed(utterance.words) and not _asks_about_the_past(utterance.words):
                return line
        return None

    def _meets_objection(self, words: tuple[str, ...], memory: Memory) -> bool:
        if memory.objections_met >= len(self._overcome):
            return False
        return self._overcome[memory.objections_met].affirmed(words)


def _is_request(utterance: Utterance) -> bool:
    words = utterance.words
    return (
        utterance.has(*_QUESTIONS)
        or len(words) <= _SHORT_UTTERANCE_WORDS
        or any(word in _REQUEST_WORDS for word in words)
    )


def _asks_about_the_past(words: tuple[str, ...]) -> bool:
    return any(pair in {("did", "you"), ("have", "you"), ("had", "you")} for pair in pairwise(words))
