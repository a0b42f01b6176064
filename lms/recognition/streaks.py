"""Days of learning in a row. Pure.

A streak counts days on which somebody learned. Two days of a week, Monday to Sunday, may be missed without breaking
it: they are frozen, whichever they are, so that weekends of any country and a day off cost nothing. The third
one breaks it. The day that is not over yet was not missed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

FREEZES_A_WEEK = 2
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Streak:
    """`current` and `longest` count days of learning; `freezes_left` are those of this week."""

    current: int
    longest: int
    last_day: date | None
    freezes_left: int


def streak_of(learned: Iterable[date], today: date) -> Streak:
    """Of the days on which somebody learned, seen from `today`; days after it count for nothing."""
    days = sorted({day for day in learned if day <= today})
    if not days:
        return Streak(0, 0, None, FREEZES_A_WEEK)
    *starts, current_start = _starts([*days, today])
    longest = max(end - start + 1 for end, start in enumerate(starts))
    missed = Counter(
        _week(day) for before, after in pairwise([*days[current_start:], today]) for day in _between(before, after)
    )
    return Streak(len(days) - current_start, longest, days[-1], FREEZES_A_WEEK - missed[_week(today)])


def _starts(days: Sequence[date]) -> list[int]:
    """For each day the place of the first day of the streak that lasts up to it.

    Part of a streak is a streak, so the first day never moves back when the last one moves on.
    """
    starts, start = [0], 0
    missed: Counter[date] = Counter()
    for before, after in pairwise(days):
        gap = [_week(day) for day in _between(before, after)]
        missed.update(gap)
        while any(missed[week] > FREEZES_A_WEEK for week in gap):
            missed.subtract(_week(day) for day in _between(days[start], days[start + 1]))
            start += 1
        starts.append(start)
    return starts


def _between(before: date, after: date) -> list[date]:
    """The days between two, the latest first, and no more than break every streak."""
    gap = min((after - before).days - 1, 2 * FREEZES_A_WEEK + 1)
    return [after - _DAY * back for back in range(1, gap + 1)]


def _week(day: date) -> date:
    """Its Monday."""
    return day - _DAY * day.weekday()
