"""What the trainee said and nobody could put into words must not count against them. PURE.

Such turns stand in the transcript with their times and no text. A little of it changes nothing. When it is more than
`LIMIT_MS` in all, whatever is missing may have been said there: then what was not met cannot be assessed, unless no
such turn lies where it could have been said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from evaluation.conversation import Conversation, Turn
from evaluation.judgement import CheckVerdict, Judgement, OutcomeVerdict
from evaluation.rubric import Check, OutcomeFact, Rubric

LIMIT_MS = 2_000
EARLY_TURNS = 2
REASON = "Part of what you said could not be transcribed; it may have been said there."


def too_much_untranscribed(conversation: Conversation) -> bool:
    """Whether the missing words can have made a difference."""
    return conversation.untranscribed_ms > LIMIT_MS


def seconds_text(conversation: Conversation) -> str:
    """How much is missing, as the trainee reads it."""
    seconds = max(1, round(conversation.untranscribed_ms / 1_000))
    return f"{seconds} second{'' if seconds == 1 else 's'}"


def softened(judgement: Judgement, rubric: Rubric, conversation: Conversation) -> Judgement:
    """The judgement with the benefit of the doubt: what may have been said in an untranscribed turn is open."""
    checks = {(criterion.key, check.key): check for criterion in rubric.criteria for check in criterion.checks}
    facts = {criterion.key: criterion.outcome for criterion in rubric.criteria}

    def open_check(verdict: CheckVerdict) -> CheckVerdict:
        check = checks.get((verdict.criterion, verdict.check))
        if f"{verdict.criterion}.{verdict.check}" in judgement.decided_by_people:
            return verdict
        unsure = verdict.verdict == "not_met" and check is not None and _may_hold(check, conversation)
        return replace(verdict, verdict="cannot_assess", reason=REASON) if unsure else verdict

    def open_outcome(verdict: OutcomeVerdict) -> OutcomeVerdict:
        fact = facts.get(verdict.criterion)
        if verdict.criterion in judgement.decided_by_people:
            return verdict
        unsure = verdict.verdict == "not_met" and fact is not None and _OPENS[fact](verdict, conversation)
        return OutcomeVerdict(verdict.criterion, "cannot_assess", reason=REASON) if unsure else verdict

    return replace(
        judgement,
        checks=tuple(open_check(verdict) for verdict in judgement.checks),
        outcomes=tuple(open_outcome(verdict) for verdict in judgement.outcomes),
    )


def _missing(turns: Sequence[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn.not_transcribed]


def _may_hold(check: Check, conversation: Conversation) -> bool:
    return bool(_missing(check.window(conversation.trainee_turns)))


def _missing_before_the_evidence(verdict: OutcomeVerdict, conversation: Conversation) -> bool:
    """What had to be done first may have been done in a turn before the one that came too soon."""
    too_soon = [turn.start_ms for item in verdict.evidence if (turn := conversation.turn(item.turn_id))]
    return any(not too_soon or turn.start_ms < min(too_soon) for turn in _missing(conversation.trainee_turns))


_OPENS: Mapping[OutcomeFact, Callable[[OutcomeVerdict, Conversation], bool]] = {
    "verified_before_account_work": _missing_before_the_evidence,
    "customer_goal_reached": lambda verdict, conversation: True,
    "nothing_rude_said": lambda verdict, conversation: False,
    "acknowledged_early": lambda verdict, conversation: bool(_missing(conversation.trainee_turns[:EARLY_TURNS])),
}
