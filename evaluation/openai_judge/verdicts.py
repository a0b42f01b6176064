"""From the model's answer to verdicts that hold: every id once, every quote where it is said to stand. PURE."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluation.conversation import Conversation, Turn
from evaluation.evidence import is_quote_of
from evaluation.judgement import CheckVerdict, Evidence, TurnNote
from evaluation.openai_judge.answer import Answer, CheckAnswer, Quote
from evaluation.openai_judge.prompt import Asked

MOST_EVIDENCE = 3
MOST_NOTES = 4
LONGEST_TEXT = 240


@dataclass(frozen=True, slots=True)
class Checked:
    """What of an answer holds, by the checks' ids, and what is wrong with the rest, in sentences for the model."""

    verdicts: Mapping[str, CheckVerdict]
    faults: Mapping[str, str]


def checked(answer: Answer, asked: Sequence[Asked], conversation: Conversation, left_out: frozenset[str]) -> Checked:
    """Looks everything up. `left_out` are the turns that earn nothing."""
    times = Counter(given.id for given in answer.checks)
    given_by_id = {given.id: given for given in answer.checks}
    verdicts: dict[str, CheckVerdict] = {}
    faults: dict[str, str] = {}
    for each in asked:
        if times[each.id] != 1:
            faults[each.id] = f"{each.id}: answered {times[each.id]} times."
            continue
        verdict = _verdict(given_by_id[each.id], each, conversation, left_out)
        if verdict is None:
            faults[each.id] = f'{each.id}: "met" needs a quote from a turn of the trainee in which the check counts.'
        else:
            verdicts[each.id] = verdict
    return Checked(verdicts, faults)


def notes_of(answer: Answer, conversation: Conversation) -> tuple[TurnNote, ...]:
    """The comments on turns that are the trainee's."""
    turns = {turn.number: turn for turn in conversation.trainee_turns}
    return tuple(
        TurnNote(turns[comment.turn].turn_id, _line(comment.comment), _line(comment.suggestion) or None)
        for comment in answer.comments
        if comment.turn in turns and _line(comment.comment)
    )[:MOST_NOTES]


def _verdict(
    given: CheckAnswer, asked: Asked, conversation: Conversation, left_out: frozenset[str]
) -> CheckVerdict | None:
    criterion, check = asked.criterion.key, asked.check.key
    reason = _line(given.reason)
    if given.verdict == "met":
        window = [turn for turn in asked.check.window(conversation.trainee_turns) if turn.turn_id not in left_out]
        evidence = _found(given.evidence, window, "positive")
        return CheckVerdict(criterion, check, "met", evidence) if evidence else None
    evidence = _found(given.evidence, conversation.turns, "negative") if given.verdict == "not_met" else ()
    return CheckVerdict(criterion, check, given.verdict, evidence, reason)


def _found(quotes: Sequence[Quote], turns: Sequence[Turn], polarity: str) -> tuple[Evidence, ...]:
    """The quotes that were really said. One with the wrong number is put right where it was said once."""
    found: dict[tuple[str, str], Evidence] = {}
    for quote in quotes:
        holding = [turn for turn in turns if is_quote_of(quote.quote, turn.audible_text)]
        named = [turn for turn in holding if turn.number == quote.turn]
        if not named and len(holding) != 1:
            continue
        turn = (named or holding)[0]
        text = quote.quote.strip()
        found.setdefault(
            (turn.turn_id, text), Evidence(turn.turn_id, text, "negative" if polarity == "negative" else "positive")
        )
    return tuple(found.values())[:MOST_EVIDENCE]


def _line(text: str) -> str:
    """One line for people: no breaks, no invisible marks."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())[:LONGEST_TEXT]
