"""From verdicts to what is written beside the trainee's turns. PURE.

`reference/product.md` 3.3: the first rule that fits gives the rating; at most twelve turns get a comment.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evaluation.conversation import Conversation
from evaluation.judgement import Evidence, Judgement
from evaluation.scores import CriterionScore, Scores

Rating = Literal["excellent", "good", "fair", "poor"]

MOST_COMMENTS = 12
HEAVY_SHARE = 0.10
_ORDER: dict[Rating, int] = {"poor": 0, "fair": 1, "excellent": 2, "good": 3}


@dataclass(frozen=True, slots=True)
class Feedback:
    """One comment on one turn; `suggestion` is a sentence that the trainee could have said."""

    rating: Rating
    comment: str
    suggestion: str | None
    criteria: Sequence[str]


def _by_turn(scores: Scores) -> dict[str, list[tuple[CriterionScore, Evidence]]]:
    found: dict[str, list[tuple[CriterionScore, Evidence]]] = defaultdict(list)
    for criterion in scores.criteria:
        for item in criterion.evidence:
            found[item.turn_id].append((criterion, item))
    return found


def _rating(evidence: Sequence[tuple[CriterionScore, Evidence]], total_weight: float) -> Rating:
    negative = [criterion for criterion, item in evidence if item.polarity == "negative"]
    positive = {criterion.criterion.key for criterion, item in evidence if item.polarity == "positive"}
    if any(c.criterion.critical or c.criterion.weight / total_weight >= HEAVY_SHARE for c in negative):
        return "poor"
    if negative:
        return "fair"
    return "excellent" if len(positive) >= 2 else "good"


def _comment(rating: Rating, evidence: Sequence[tuple[CriterionScore, Evidence]]) -> str:
    if rating in ("poor", "fair"):
        reasons = [criterion.reason for criterion, item in evidence if item.polarity == "negative" and criterion.reason]
        return (reasons[0] if reasons else "This did not help the call.")[:240]
    titles = list(dict.fromkeys(_lower_first(criterion.criterion.title) for criterion, _ in evidence))
    return f"Well done: {_listed(titles[:3])}."[:240]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def feedback_by_turn(scores: Scores, judgement: Judgement, conversation: Conversation) -> dict[str, Feedback]:
    """Feedback by turn id, for the trainee's turns only; the gravest first when there is more than fits."""
    total_weight = sum(c.criterion.weight for c in scores.criteria) or 1.0
    trainee = {turn.turn_id for turn in conversation.trainee_turns}
    result: dict[str, Feedback] = {}
    for turn_id, evidence in _by_turn(scores).items():
        if turn_id not in trainee:
            continue
        rating = _rating(evidence, total_weight)
        bad = [criterion for criterion, item in evidence if item.polarity == "negative"]
        suggestion = next((c.criterion.suggestion for c in bad if c.criterion.suggestion), None)
        keys = tuple(dict.fromkeys(criterion.criterion.key for criterion, _ in evidence))
        result[turn_id] = Feedback(rating, _comment(rating, evidence), suggestion, keys)
    for note in judgement.notes:
        if note.turn_id in trainee and note.turn_id not in result:
            result[note.turn_id] = Feedback("fair", note.comment[:240], note.suggestion, ())
    kept = sorted(result, key=lambda turn_id: _ORDER[result[turn_id].rating])[:MOST_COMMENTS]
    return {turn_id: result[turn_id] for turn_id in kept}
