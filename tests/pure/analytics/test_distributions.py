"""Counted values against Python's own statistics and numbers from elsewhere."""

import statistics
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.analytics.distributions import (
    POINTS_EDGES,
    bars,
    distribution,
    mean,
    quantile,
    standard_deviation,
)

LEVELS = st.dictionaries(st.integers(0, 100), st.integers(1, 20), max_size=20).map(
    lambda counts: sorted((float(value), count) for value, count in counts.items())
)


def spelled_out(levels: list[tuple[float, int]]) -> list[float]:
    return [value for value, count in levels for _ in range(count)]


@given(LEVELS)
def test_counted_values_are_worth_what_they_are_spelled_out(levels):
    values = spelled_out(levels)
    assert mean(levels) == (pytest.approx(statistics.fmean(values)) if values else None)
    assert standard_deviation(levels) == (pytest.approx(statistics.stdev(values)) if len(values) > 1 else None)
    if len(values) > 1:
        quartiles = statistics.quantiles(values, n=4, method="inclusive")
        assert [quantile(levels, part) for part in (0.25, 0.5, 0.75)] == pytest.approx(quartiles)


@given(LEVELS)
def test_every_value_of_points_is_in_one_bar(levels):
    counted = bars(levels, POINTS_EDGES)
    assert sum(bar.count for bar in counted) == len(spelled_out(levels))
    assert all(low.high == high.low for low, high in pairwise(counted))


@given(LEVELS)
def test_the_cuts_come_in_their_order(levels):
    found = distribution(levels, POINTS_EDGES)
    cuts = (found.smallest, found.lower_quartile, found.median, found.upper_quartile, found.ninth_decile, found.largest)
    known = [cut for cut in cuts if cut is not None]
    assert (len(known), known) == (6 if levels else 0, sorted(known))


def test_the_numbers_of_a_known_sample():
    # 2, 4, 4, 4, 5, 5, 7, 9: the textbook's sample with the population's deviation 2.
    found = distribution([(2, 1), (4, 3), (5, 2), (7, 1), (9, 1)], (0, 5, 10))
    assert (found.n, found.mean, found.standard_deviation, found.median) == (8, 5.0, 2.1, 4.5)
    assert (found.lower_quartile, found.upper_quartile, found.ninth_decile) == (4.0, 5.5, 7.6)
    assert [(bar.low, bar.high, bar.count) for bar in found.bars] == [(0, 5, 4), (5, 10, 4)]
    assert found.too_few


def test_a_hundred_points_belong_to_the_last_bar():
    assert [bar.count for bar in bars([(0, 1), (9, 1), (10, 1), (99, 2), (100, 3)], POINTS_EDGES)] == [
        *(2, 1, 0, 0, 0, 0, 0, 0, 0),
        5,
    ]


def test_the_last_bar_may_have_no_end():
    counted = bars([(1, 5), (6, 1), (40, 2)], (1, 2, 6), open_ended=True)
    assert [(bar.low, bar.high, bar.count) for bar in counted] == [(1, 2, 5), (2, 6, 0), (6, None, 3)]


def test_of_nothing_there_is_nothing():
    found = distribution([], POINTS_EDGES)
    assert (found.n, found.mean, found.median, found.too_few) == (0, None, None, True)
