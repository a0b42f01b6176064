"""How hard a question is, and whether it tells those who know from those who do not. Pure.

The numbers are those of classical item analysis, over each person's first attempt:

* facility: the mean share of the points that was earned; where it is right or wrong, the share that was right.
* discrimination: the correlation of the points in this question with the share of points in all others (point-biserial
  where it is right or wrong). The question itself is left out of the rest, else a short quiz would praise itself.
* upper-lower index: the mean share of the upper 27 % less that of the lower 27 %, ranked by the score of the attempt.
  Who is tied at the border counts with a part, so no order among equals decides.
"""

from collections.abc import Mapping, Sequence
from math import floor, sqrt
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, Field

from lms.analytics.rates import TOO_FEW_BELOW

GROUP = 0.27
EASY_FROM, HARD_BELOW = 0.95, 0.30
WEAK_BELOW = 0.20
DEAD_BELOW = 0.05
_TINY = 1e-9

ScoredLevels: TypeAlias = Sequence[tuple[float, int, float]]
"""(score of the attempt, how many have it, the points earned by them together), the lowest score first."""
Flag = Literal["check_the_key", "tells_little", "too_hard", "too_easy", "unused_option"]


class OptionCounts(BaseModel):
    """One answer to choose, and who chose it."""

    answer_id: str
    text: str
    is_correct: bool | None = Field(description="For admins alone: nobody else reads the key. Null for managers.")
    chosen: int
    share: float | None = Field(description="Of those who were asked, 0 to 1.")
    upper_share: float | None = Field(description="Of the upper 27 %.")
    lower_share: float | None = Field(description="Of the lower 27 %.")


class QuizItem(BaseModel):
    """One question."""

    question_id: str
    text: str
    question_type: str
    place: int
    n: int = Field(description="First attempts in which it was asked.")
    too_few: bool = Field(description=f"Fewer than {TOO_FEW_BELOW}: the numbers are there, flags are not.")
    facility: float | None = Field(description="Mean share of its points, 0 (nobody) to 1 (everybody).")
    discrimination: float | None = Field(description="-1 to 1; null where all did alike, or it is the only question.")
    upper_lower: float | None = Field(description="-1 to 1: upper 27 % less lower 27 %.")
    flags: list[Flag]
    options: list[OptionCounts]


def quiz_item(counted: Mapping[str, Any]) -> QuizItem:
    """Of what `callx.quiz_item_counts` says about one question."""
    levels = [(float(score), int(n), float(earned)) for score, n, earned in counted["levels"]]
    n = int(counted["answered_in"])
    facility = float(counted["earned"]) / n if n else None
    moments = counted["with_rest"]
    discrimination = correlation(*(float(moments[key]) for key in ("n", "x", "y", "xx", "yy", "xy")))
    index = upper_lower_index(levels)
    options = [_option(option, levels, n) for option in counted["options"]]
    return QuizItem(
        question_id=counted["question_id"],
        text=counted["text"],
        question_type=counted["question_type"],
        place=counted["place"],
        n=n,
        too_few=n < TOO_FEW_BELOW,
        facility=_rounded(facility),
        discrimination=_rounded(discrimination),
        upper_lower=_rounded(index),
        flags=[] if n < TOO_FEW_BELOW else flags(facility, discrimination, options),
        options=options,
    )


def correlation(n: float, x: float, y: float, xx: float, yy: float, xy: float) -> float | None:
    """Pearson's, of n pairs, their sums, sums of squares and of products; None where one of them is always the same."""
    if n < 2:
        return None
    spread_x, spread_y = n * xx - x * x, n * yy - y * y
    if spread_x <= _TINY or spread_y <= _TINY:
        return None
    return max(-1.0, min(1.0, (n * xy - x * y) / sqrt(spread_x * spread_y)))


def upper_lower_index(levels: ScoredLevels, part: float = GROUP) -> float | None:
    """The mean of the upper group less the mean of the lower; None of fewer than two."""
    size = group_size(sum(n for _, n, _ in levels), part)
    return None if size == 0 else group_mean(levels[::-1], size) - group_mean(levels, size)


def group_size(n: int, part: float = GROUP) -> int:
    """How many are in each group: at least one, never more than half; none of fewer than two."""
    return 0 if n < 2 else min(max(1, floor(n * part + 0.5)), n // 2)


def group_mean(levels: ScoredLevels, size: int) -> float:
    """The mean share of the first `size`; of the level at the border each counts with the same part."""
    left, earned = size, 0.0
    for _, n, points in levels:
        taken = min(n, left)
        earned += points * taken / n
        left -= taken
        if left == 0:
            break
    return earned / size


def flags(facility: float | None, discrimination: float | None, options: Sequence[OptionCounts]) -> list[Flag]:
    """What to look at."""
    found: list[Flag] = []
    if discrimination is not None and discrimination < 0:
        found.append("check_the_key")
    elif discrimination is not None and discrimination < WEAK_BELOW:
        found.append("tells_little")
    if facility is not None and facility < HARD_BELOW:
        found.append("too_hard")
    elif facility is not None and facility > EASY_FROM:
        found.append("too_easy")
    if any(not option.is_correct and option.share is not None and option.share < DEAD_BELOW for option in options):
        found.append("unused_option")
    return found


def _option(option: Mapping[str, Any], levels: ScoredLevels, n: int) -> OptionCounts:
    picks = {float(score): int(people) for score, people in option["levels"]}
    chosen = sum(picks.values())
    picked = [(score, people, float(picks.get(score, 0))) for score, people, _ in levels]
    size = group_size(n)
    return OptionCounts(
        answer_id=option["answer_id"],
        text=option["text"],
        is_correct=option["is_correct"],
        chosen=chosen,
        share=_rounded(chosen / n) if n else None,
        upper_share=_rounded(group_mean(picked[::-1], size)) if size else None,
        lower_share=_rounded(group_mean(picked, size)) if size else None,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
