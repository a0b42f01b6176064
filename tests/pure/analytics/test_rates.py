"""Shares and their intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.analytics.rates import share, wilson

CASES = st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(CASES)
def test_the_interval_holds_the_share_and_stays_within_all(case):
    low, high = wilson(*case)
    assert 0 <= low <= case[0] / case[1] + 1e-12
    assert case[0] / case[1] - 1e-12 <= high <= 1


@given(CASES)
def test_the_rest_has_the_mirrored_interval(case):
    count, of = case
    low, high = wilson(count, of)
    assert wilson(of - count, of) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize(
    ("count", "of", "expected"),
    [(81, 263, (0.2553, 0.3662)), (15, 148, (0.0624, 0.1605)), (0, 20, (0.0, 0.1611)), (1, 29, (0.0061, 0.1718))],
)
def test_intervals_are_those_that_were_published(count, of, expected):
    """Newcombe (1998), table I: the score method without continuity correction."""
    assert wilson(count, of) == pytest.approx(expected, abs=5e-5)


def test_a_share_says_when_it_is_of_too_few():
    assert share(15, 29).too_few
    assert not share(15, 30).too_few
    assert share(1, 3).per_cent == 33.3


def test_of_none_there_is_no_share():
    nothing = share(0, 0)
    assert (nothing.per_cent, nothing.low, nothing.high, nothing.too_few) == (None, None, None, True)


def test_more_than_all_is_no_share():
    with pytest.raises(ValueError, match="3 of 2"):
        share(3, 2)
