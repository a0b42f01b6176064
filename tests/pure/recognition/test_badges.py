"""Badges: what earns them, and that nothing else does."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.recognition.badges import CallFact, CertifiedFact, History, QuizFact, badges_of

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
FIRST, SECOND = UUID(int=100), UUID(int=200)


def call(number: int, *, simulation: UUID = FIRST, score: int = 50, passed: bool = False, **more: Any) -> CallFact:
    """One each hour."""
    at = START + timedelta(hours=number)
    return CallFact(UUID(int=number), at, simulation, score, passed, more.pop("empathy", None), **more)


def earned(*calls: CallFact) -> dict[str, int]:
    """Badges, and the numbers of the calls that earned them."""
    return {badge.badge: badge.subject_id.int for badge in badges_of(History(calls=calls))}


CALLS = st.lists(
    st.builds(
        call,
        st.integers(0, 200),
        simulation=st.sampled_from([FIRST, SECOND]),
        score=st.integers(0, 100),
        passed=st.booleans(),
        empathy=st.sampled_from(["Excellent", "Good", None]),
        compliance=st.lists(st.sampled_from(["met", "not_met", "not_applicable"]), max_size=3).map(tuple),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@given(CALLS, st.randoms())
def test_each_badge_is_earned_once_whatever_the_order(calls, random):
    found = badges_of(History(calls=calls))
    assert len({badge.badge for badge in found}) == len(found)
    shuffled = calls[:]
    random.shuffle(shuffled)
    assert badges_of(History(calls=shuffled)) == found


@given(CALLS)
def test_what_comes_later_takes_no_badge_and_moves_none(calls):
    calls = sorted(calls, key=lambda one: one.at)
    for length in range(len(calls)):
        before, after = badges_of(History(calls=calls[:length])), badges_of(History(calls=calls))
        assert set(before) <= set(after)


def test_the_first_certificate():
    certified = [CertifiedFact(UUID(int=2), START + timedelta(days=1)), CertifiedFact(UUID(int=1), START)]
    [badge] = badges_of(History(certified=certified))
    assert (badge.badge, badge.subject_kind, badge.subject_id, badge.at) == (
        "first_certified",
        "certification",
        UUID(int=1),
        START,
    )


def test_three_calls_with_excellent_empathy():
    two = [call(number, empathy="Excellent") for number in (1, 3)]
    assert "empathy" not in earned(*two, call(2, empathy="Good"))
    assert earned(*two, call(2, empathy="Good"), call(4, empathy="Excellent"))["empathy"] == 4


@pytest.mark.parametrize(
    ("compliance", "passed", "is_flawless"),
    [
        (("met",), True, True),
        (("met", "not_applicable"), True, True),
        (("met", "partial"), True, False),
        (("met", "cannot_assess"), True, False),
        (("not_applicable",), True, False),
        ((), True, False),
        (("met",), False, False),
    ],
)
def test_flawless_compliance(compliance, passed, is_flawless):
    assert ("flawless_compliance" in earned(call(1, passed=passed, compliance=compliance))) == is_flawless


def test_right_the_first_time_is_the_first_try_of_a_simulation():
    assert "right_first_time" not in earned(call(1), call(2, passed=True))
    assert earned(call(1), call(2, simulation=SECOND, passed=True))["right_first_time"] == 2


def test_a_great_leap_is_thirty_points_over_the_first_try_and_passed():
    assert "great_leap" not in earned(call(1, score=40), call(2, score=69, passed=True))
    assert "great_leap" not in earned(call(1, score=40), call(2, score=90))
    assert "great_leap" not in earned(call(1, score=40), call(2, simulation=SECOND, score=90, passed=True))
    assert earned(call(1, score=40), call(2, score=30), call(3, score=70, passed=True))["great_leap"] == 3


def test_a_comeback_is_passing_after_two_failures():
    assert "comeback" not in earned(call(1), call(2, passed=True), call(3), call(4), call(5, passed=True))
    assert earned(call(1), call(2), call(3, passed=True), call(4, passed=True))["comeback"] == 3


def test_full_marks_count_at_the_first_try_of_a_quiz():
    def quiz(number: int, score: int, of: UUID = FIRST) -> QuizFact:
        return QuizFact(UUID(int=number), START + timedelta(hours=number), of, score)

    assert badges_of(History(quizzes=[quiz(1, 99), quiz(2, 100)])) == []
    [badge] = badges_of(History(quizzes=[quiz(3, 100, SECOND), quiz(1, 99), quiz(2, 100)]))
    assert (badge.badge, badge.subject_kind, badge.subject_id.int) == ("full_marks", "quiz_attempt", 3)
