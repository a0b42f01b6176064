"""What became of the call, decided from its facts and the order of what was said. PURE."""

from collections.abc import Callable, Mapping

from evaluation.conversation import Conversation, Turn
from evaluation.judgement import Evidence, OutcomeVerdict
from evaluation.local_judge.checks import phrase_in
from evaluation.rubric import OutcomeFact
from evaluation.untranscribed import EARLY_TURNS
from voice.speech_acts.acts import Found, SpeechAct
from voice.speech_acts.analysis import analyse
from voice.speech_acts.normalise import words_of

ACCOUNT_WORK = frozenset({"refund", "credit", "replacement", "cancel", "waive", "delivery", "payment_plan"})
"""Kinds of solution that change the customer's account."""
NOT_YET = frozenset(
    {"can", "could", "would", "may", "might", "if", "need", "want", "before", "once", "after", "first", "like", "try"}
)
"""Words that make an offer of what could be done, not a report of what is being done."""
WORDS_BEFORE_OFFER = 3
AGREEMENT_SHARE = 0.8
"""How much of the scenario's line of agreement must have been heard."""
ACKNOWLEDGING = (SpeechAct.ACKNOWLEDGES_FEELING, SpeechAct.APOLOGISES, SpeechAct.TAKES_OWNERSHIP)

_Decision = Callable[[str, Conversation], OutcomeVerdict]


def _asks_who_is_calling(turn: Turn, conversation: Conversation) -> bool:
    if analyse(turn.text).has(SpeechAct.ASKS_VERIFICATION):
        return True
    return any(
        phrase_in(phrase, turn.text) and "?" in turn.text
        for fact in conversation.identifying_facts
        for phrase in fact.asked_by
    )


def _commitment(turn: Turn, found: Found) -> bool:
    before = words_of(turn.text[: found.start])[-WORDS_BEFORE_OFFER:]
    words = {*before, *words_of(turn.text[found.start : found.end])}
    return words.isdisjoint(NOT_YET)


def _account_work(turn: Turn) -> Evidence | None:
    for found in analyse(turn.text).found:
        offered = found.act is SpeechAct.OFFERS_SOLUTION and found.detail in ACCOUNT_WORK
        if offered and _commitment(turn, found):
            return Evidence(turn.turn_id, turn.text[found.start : found.end], "negative")
    return None


def _disclosure(turn: Turn, conversation: Conversation) -> Evidence | None:
    for value in conversation.secrets.values():
        quote = phrase_in(value, turn.text)
        if quote and not _customer_said(value, conversation, before_ms=turn.start_ms):
            return Evidence(turn.turn_id, quote, "negative")
    return None


def _customer_said(value: str, conversation: Conversation, *, before_ms: int) -> bool:
    earlier = [turn for turn in conversation.turns if not turn.by_trainee and turn.start_ms < before_ms]
    return any(phrase_in(value, turn.audible_text) for turn in earlier)


def verified_before_account_work(key: str, conversation: Conversation) -> OutcomeVerdict:
    """Whether the trainee asked who is calling before the first change to, or word from, the customer's account."""
    asked: Turn | None = None
    for turn in conversation.trainee_turns:
        if _asks_who_is_calling(turn, conversation):
            asked = turn
            break
        touched = _account_work(turn) or _disclosure(turn, conversation)
        if touched:
            reason = "You worked on the account before you had verified who was calling."
            return OutcomeVerdict(key, "not_met", (touched,), reason)
    if asked is None:
        return OutcomeVerdict(key, "not_met", (), "You never verified who was calling.")
    return OutcomeVerdict(key, "met", (Evidence(asked.turn_id, asked.text),))


def _customer_agreed(conversation: Conversation) -> bool:
    """Whether the customer said so, for a call that the trainee ended before the customer could."""
    agreements = [frozenset(words_of(line)) for line in conversation.agreement_lines]
    said = [frozenset(words_of(turn.audible_text)) for turn in conversation.turns if not turn.by_trainee]
    return any(len(line & words) >= AGREEMENT_SHARE * len(line) for line in agreements if line for words in said)


def customer_goal_reached(key: str, conversation: Conversation) -> OutcomeVerdict:
    """Whether the customer got what they called for, as far as the customer's own end of the call tells."""
    last = next((turn for turn in reversed(conversation.turns) if not turn.by_trainee), None)
    evidence = (Evidence(last.turn_id, last.audible_text, "negative"),) if last and last.audible_text.strip() else ()
    if conversation.outcome == "resolved" or _customer_agreed(conversation):
        return OutcomeVerdict(key, "met")
    reasons = {
        "angry": "The customer was so angry that they hung up.",
        "gave_up": "The customer gave up waiting for an answer.",
    }
    return OutcomeVerdict(
        key,
        "not_met",
        evidence,
        reasons.get(conversation.outcome or "", "The call ended before the problem was solved."),
    )


def nothing_rude_said(key: str, conversation: Conversation) -> OutcomeVerdict:
    """Whether the trainee stayed respectful throughout."""
    evidence = []
    for turn in conversation.trainee_turns:
        for found in analyse(turn.text).found:
            if found.act in (SpeechAct.RUDE, SpeechAct.MINIMISES):
                evidence.append(Evidence(turn.turn_id, turn.text[found.start : found.end], "negative"))
    if evidence:
        return OutcomeVerdict(key, "not_met", tuple(evidence[:3]), "This was rude or belittled the problem.")
    return OutcomeVerdict(key, "met")


def acknowledged_early(key: str, conversation: Conversation) -> OutcomeVerdict:
    """Whether one of the trainee's first turns acknowledges the problem, before anything is asked for."""
    for turn in conversation.trainee_turns[:EARLY_TURNS]:
        for found in analyse(turn.text).found:
            if found.act in ACKNOWLEDGING:
                return OutcomeVerdict(key, "met", (Evidence(turn.turn_id, turn.text[found.start : found.end]),))
    first = conversation.trainee_turns[min(EARLY_TURNS, len(conversation.trainee_turns)) - 1]
    reason = "You went straight to business: acknowledge the problem first."
    return OutcomeVerdict(key, "not_met", (Evidence(first.turn_id, first.text, "negative"),), reason)


DECISIONS: Mapping[OutcomeFact, _Decision] = {
    "verified_before_account_work": verified_before_account_work,
    "customer_goal_reached": customer_goal_reached,
    "nothing_rude_said": nothing_rude_said,
    "acknowledged_early": acknowledged_early,
}
