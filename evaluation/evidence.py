"""No invented quote reaches a report: every quote is looked up in the turn it names. PURE."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from evaluation.conversation import Conversation
from evaluation.judgement import CheckVerdict, Evidence, Judgement, OutcomeVerdict


def folded(text: str) -> str:
    """Text for comparison: Unicode NFC, white space folded, case folded."""
    return " ".join(unicodedata.normalize("NFC", text).split()).casefold()


def is_quote_of(quote: str, text: str) -> bool:
    """Whether `quote` stands in `text`, whatever the white space and case."""
    return bool(quote.strip()) and folded(quote) in folded(text)


def _surviving(evidence: Sequence[Evidence], conversation: Conversation, flagged: frozenset[str]) -> list[Evidence]:
    kept = []
    for item in evidence:
        turn = conversation.turn(item.turn_id)
        if turn is None or not is_quote_of(item.quote, turn.audible_text):
            continue
        if item.polarity == "positive" and (not turn.by_trainee or item.turn_id in flagged):
            continue
        kept.append(item)
    return kept


def verified(judgement: Judgement, conversation: Conversation) -> Judgement:
    """The judgement without evidence that does not hold.

    A check that was met on evidence of which nothing survives cannot be assessed. Credit comes only from what the
    trainee said, and never from a flagged turn.
    """

    def check(verdict: CheckVerdict) -> CheckVerdict:
        kept = _surviving(verdict.evidence, conversation, judgement.flagged_turns)
        if verdict.verdict == "met" and not kept:
            return replace(verdict, verdict="cannot_assess", evidence=(), reason="No evidence for it was found.")
        return replace(verdict, evidence=tuple(kept))

    def outcome(verdict: OutcomeVerdict) -> OutcomeVerdict:
        return replace(verdict, evidence=tuple(_surviving(verdict.evidence, conversation, frozenset())))

    return replace(
        judgement,
        checks=tuple(check(verdict) for verdict in judgement.checks),
        outcomes=tuple(outcome(verdict) for verdict in judgement.outcomes),
    )
