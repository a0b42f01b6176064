"""Streaks: what counts, what is frozen, what breaks them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.recognition.streaks import FREEZES_A_WEEK, Streak, streak_of

MONDAY = date(2026, 11, 2)
DAY = timedelta(days=1)
DAYS = st.frozensets(st.integers(0, 60).map(lambda number: MONDAY + DAY * number), max_size=45)
TODAYS = st.integers(0, 62).map(lambda number: MONDAY + DAY * number)


def days(*numbers: int) -> list[date]:
    """Days of November, of which the 2nd, 9th, 16th and 23rd are Mondays."""
    return [date(2026, 11, number) for number in numbers]


def obvious(learned: frozenset[date], today: date) -> tuple[int, int]:
    """Current and longest, by trying every first and last day."""

    def lasts(first: date, last: date) -> bool:
        missed: dict[date, int] = {}
        day = first
        while day <= last:
            if day not in learned:
                monday = day - DAY * day.weekday()
                missed[monday] = missed.get(monday, 0) + 1
            day += DAY
        return all(count <= FREEZES_A_WEEK for count in missed.values())

    known = sorted(day for day in learned if day <= today)
    current = max((sum(first <= d for d in known) for first in known if lasts(first, today - DAY)), default=0)
    longest = max((sum(a <= d <= b for d in known) for a in known for b in known if a <= b and lasts(a, b)), default=0)
    return current, longest


@given(DAYS, TODAYS)
def test_streaks_are_those_that_trying_everything_finds(learned, today):
    found = streak_of(learned, today)
    assert (found.current, found.longest) == obvious(learned, today)
    assert 0 <= found.freezes_left <= FREEZES_A_WEEK


@given(DAYS, TODAYS, st.integers(0, 60))
def test_another_day_of_learning_never_shortens_a_streak(learned, today, number):
    before, after = streak_of(learned, today), streak_of({*learned, MONDAY + DAY * number}, today)
    assert after.current >= before.current
    assert after.longest >= before.longest


@given(DAYS, TODAYS)
def test_the_longest_is_never_shorter_than_the_current_one(learned, today):
    found = streak_of(learned, today)
    assert found.current <= found.longest <= len(learned)


@pytest.mark.parametrize(
    ("learned", "today", "expected"),
    [
        ([], 4, Streak(0, 0, None, 2)),
        (days(2, 3, 4), 4, Streak(3, 3, date(2026, 11, 4), 2)),
        (days(2, 3, 4), 5, Streak(3, 3, date(2026, 11, 4), 2)),
        (days(2, 3, 4), 7, Streak(3, 3, date(2026, 11, 4), 0)),
        (days(2, 3, 4), 8, Streak(0, 3, date(2026, 11, 4), 2)),
        (days(2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16), 16, Streak(11, 11, date(2026, 11, 16), 2)),
        (days(2, 3, 4, 5, 8), 8, Streak(5, 5, date(2026, 11, 8), 0)),
        (days(2, 3, 4, 8), 8, Streak(1, 3, date(2026, 11, 8), 2)),
        (days(6, 11), 11, Streak(2, 2, date(2026, 11, 11), 0)),
        (days(2, 30), 3, Streak(1, 1, date(2026, 11, 2), 2)),
    ],
    ids=[
        "nothing",
        "three days",
        "today is not over",
        "two frozen days",
        "the third missed day",
        "weekends",
        "two days off in a week",
        "three days off in a week",
        "frozen over a weekend and two days of the next week",
        "days to come",
    ],
)
def test_what_counts_and_what_breaks_it(learned, today, expected):
    assert streak_of(learned, date(2026, 11, today)) == expected
