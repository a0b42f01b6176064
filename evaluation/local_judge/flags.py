"""Turns that earn nothing: echoes, repetitions, gibberish, and talk about the assessment itself. PURE.

`reference/evaluation.md` 4.5 and 4.6: credit needs words that do something for the customer.
"""

from collections import Counter

from evaluation.conversation import Conversation, Turn
from voice.speech_acts.normalise import words_of

ECHO_SIMILARITY = 0.75
SAME_TURN_TIMES = 3
FEWEST_DIFFERENT_WORDS = 0.5
LONG_ENOUGH_WORDS = 6

ASSESSMENT_WORDS = frozenset(
    {
        "judge",
        "judged",
        "grader",
        "grading",
        "rubric",
        "criterion",
        "criteria",
        "score",
        "scored",
        "scoring",
        "marks",
        "evaluation",
        "evaluate",
        "evaluator",
        "assessment",
        "assess",
        "transcript",
        "trainee",
        "certified",
        "certification",
        "checklist",
    }
)
CREDIT_SCORE_CONTEXT = frozenset({"credit"})


def _similarity(one: frozenset[str], other: frozenset[str]) -> float:
    union = one | other
    return len(one & other) / len(union) if union else 0.0


def _echoes_customer(turn: Turn, before: Turn | None) -> bool:
    if before is None or before.by_trainee:
        return False
    words = words_of(turn.text)
    if len(words) < LONG_ENOUGH_WORDS:
        return False
    return _similarity(frozenset(words), frozenset(words_of(before.audible_text))) > ECHO_SIMILARITY


def _babbles(words: tuple[str, ...]) -> bool:
    return len(words) >= LONG_ENOUGH_WORDS and len(set(words)) / len(words) < FEWEST_DIFFERENT_WORDS


def _talks_about_the_assessment(words: tuple[str, ...]) -> bool:
    found = [word for word in words if word in ASSESSMENT_WORDS]
    if not CREDIT_SCORE_CONTEXT.isdisjoint(words):
        found = [word for word in found if not word.startswith("score")]
    return bool(found)


def flagged_turns(conversation: Conversation) -> frozenset[str]:
    """The ids of the trainee's turns that earn nothing."""
    trainee = conversation.trainee_turns
    said = Counter(words_of(turn.text) for turn in trainee)
    flagged = set()
    before: Turn | None = None
    for turn in conversation.turns:
        if turn.by_trainee:
            words = words_of(turn.text)
            repeated = len(words) >= LONG_ENOUGH_WORDS and said[words] >= SAME_TURN_TIMES
            if repeated or _babbles(words) or _echoes_customer(turn, before) or _talks_about_the_assessment(words):
                flagged.add(turn.turn_id)
        before = turn
    return frozenset(flagged)
