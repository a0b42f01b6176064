"""Several readings of one call: when they are needed, and what they say together. PURE."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from evaluation.conversation import Conversation
from evaluation.evidence import verified
from evaluation.judgement import CheckVerdict, Judgement, TurnNote
from evaluation.rubric import Rubric
from evaluation.scores import scores_of

CLOSE_POINTS = 5


@dataclass(frozen=True, slots=True)
class ReadCall:
    """What of one reading holds, by the checks' ids; `unsure` are those of low confidence."""

    order_seed: int
    verdicts: Mapping[str, CheckVerdict]
    faults: Mapping[str, str]
    unsure: frozenset[str]
    notes: tuple[TurnNote, ...]


def is_close(
    rubric: Rubric, conversation: Conversation, judgement: Judgement, unsure: frozenset[str], passing_grade: int
) -> bool:
    """Whether another reading could turn the result: it is near the grade, or hangs on what the model is unsure of.

    A result that no verdict of the model decides, because code failed it or it is provisional anyhow, is not close.
    """
    scores = scores_of(rubric, verified(judgement, conversation), conversation, passing_grade)
    failed = scores.auto_failed
    if scores.provisional or (failed is not None and failed.criterion.kind != "checks"):
        return False
    if abs(scores.overall - passing_grade) <= CLOSE_POINTS:
        return True
    turned = tuple(
        _turned(check) if f"{check.criterion}.{check.check}" in unsure else check for check in judgement.checks
    )
    other = scores_of(rubric, replace(judgement, checks=turned), conversation, passing_grade)
    return other.passed != scores.passed


def passes(rubric: Rubric, conversation: Conversation, judgement: Judgement, passing_grade: int | None) -> bool:
    """Whether a judgement alone would pass the call; without a grade, always."""
    if passing_grade is None:
        return True
    return scores_of(rubric, verified(judgement, conversation), conversation, passing_grade).passed


def majority(readings: Sequence[Sequence[CheckVerdict]]) -> tuple[tuple[CheckVerdict, ...], tuple[str, ...]]:
    """Of each check the verdict with most votes, the first reading's where it is a draw; and what was not unanimous.

    A verdict comes with the quotes and the reason of the first reading that gave it. All readings have the same checks
    in the same order.
    """
    decided, disagreed = [], []
    for votes in zip(*readings, strict=True):
        counted = Counter(vote.verdict for vote in votes)
        most = max(counted.values())
        winner = next(vote for vote in votes if counted[vote.verdict] == most)
        decided.append(winner)
        if len(counted) > 1:
            disagreed.append(f"{winner.criterion}.{winner.check}")
    return tuple(decided), tuple(disagreed)


def _turned(check: CheckVerdict) -> CheckVerdict:
    if check.verdict == "met":
        return replace(check, verdict="not_met")
    return replace(check, verdict="met") if check.verdict == "not_met" else check
