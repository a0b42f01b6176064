"""Item analysis: correlations, upper and lower groups, distractors, flags."""

import statistics
from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lms.analytics.quiz_items import (
    OptionCounts,
    correlation,
    flags,
    group_mean,
    group_size,
    quiz_item,
    upper_lower_index,
)

ANSWERS = st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=2, max_size=60)
"""(the score of the attempt, whether this question was right)."""


def levels_of(answers):
    found: dict[int, tuple[int, float]] = {}
    for score, right in answers:
        n, earned = found.get(score, (0, 0.0))
        found[score] = (n + 1, earned + right)
    return [(float(score), n, earned) for score, (n, earned) in sorted(found.items())]


def moments(x, y):
    pairs = list(zip(x, y, strict=True))
    return (len(pairs), sum(x), sum(y), sum(a * a for a in x), sum(b * b for b in y), sum(a * b for a, b in pairs))


@given(ANSWERS)
def test_the_correlation_is_pearsons(answers):
    x, y = [float(right) for _, right in answers], [float(score) for score, _ in answers]
    found = correlation(*moments(x, y))
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(statistics.correlation(x, y), abs=1e-9)


@given(ANSWERS)
def test_where_right_or_wrong_it_is_the_point_biserial(answers):
    right, wrong = ([float(s) for s, r in answers if r is wanted] for wanted in (True, False))
    scores = [float(score) for score, _ in answers]
    assume(right and wrong and len(set(scores)) > 1)
    share = len(right) / len(scores)
    gap = statistics.fmean(right) - statistics.fmean(wrong)
    textbook = gap / statistics.pstdev(scores) * sqrt(share * (1 - share))
    assert correlation(*moments([float(r) for _, r in answers], scores)) == pytest.approx(textbook, abs=1e-9)


def test_the_point_biserial_of_a_worked_example():
    # Eight people; right: 9, 8, 8, 7; wrong: 6, 5, 5, 4. Means 8 and 5, deviation 1.6583 (population), shares one half.
    x = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    y = [9.0, 8.0, 8.0, 7.0, 6.0, 5.0, 5.0, 4.0]
    assert correlation(*moments(x, y)) == pytest.approx(3 / sqrt(2.75 + 0) * 0.5, abs=0.01)
    assert correlation(*moments(x, y)) == pytest.approx(statistics.correlation(x, y))


def test_groups_are_27_per_cent_at_least_one_and_never_more_than_half():
    assert [group_size(n) for n in (0, 1, 2, 3, 4, 10, 11, 37, 100, 370)] == [0, 0, 1, 1, 1, 3, 3, 10, 27, 100]


def test_upper_less_lower_of_a_class_of_100():
    # Kelley's groups of 27: 24 of the upper and 9 of the lower had it right: (24 - 9) / 27.
    levels = [(10.0, 27, 9.0), (50.0, 46, 20.0), (90.0, 27, 24.0)]
    assert upper_lower_index(levels) == pytest.approx(15 / 27)


def test_who_is_tied_at_the_border_counts_with_a_part():
    # Ten people, groups of three: two at the top, then four equals of whom two were right: one of them counts, by half.
    levels = [(1.0, 4, 0.0), (5.0, 4, 2.0), (9.0, 2, 2.0)]
    assert group_mean(levels[::-1], 3) == pytest.approx((2 + 0.5) / 3)
    assert upper_lower_index(levels) == pytest.approx(2.5 / 3)


@given(ANSWERS)
def test_the_index_lies_between_its_ends_and_turns_with_the_answers(answers):
    found = upper_lower_index(levels_of(answers))
    assert found is not None
    assert -1 <= found <= 1
    turned = upper_lower_index(levels_of([(score, not right) for score, right in answers]))
    assert turned == pytest.approx(-found, abs=1e-9)


@given(ANSWERS, st.randoms())
def test_no_order_among_equals_decides(answers, random):
    shuffled = answers[:]
    random.shuffle(shuffled)
    assert upper_lower_index(levels_of(shuffled)) == upper_lower_index(levels_of(answers))


def item(n_right_upper=20, n_wrong_lower=20, key="a"):
    upper, lower = [90.0, n_right_upper, float(n_right_upper)], [10.0, n_wrong_lower, 0.0]
    x, y = [1.0] * n_right_upper + [0.0] * n_wrong_lower, [0.9] * n_right_upper + [0.1] * n_wrong_lower
    keys = ("n", "x", "y", "xx", "yy", "xy")
    return {
        "question_id": "q",
        "text": "Is it?",
        "question_type": "multiple_choice",
        "place": 1,
        "answered_in": n_right_upper + n_wrong_lower,
        "earned": float(n_right_upper),
        "with_rest": dict(zip(keys, moments(x, y), strict=True)),
        "levels": [lower, upper],
        "options": [
            {"answer_id": "a", "text": "Yes", "is_correct": key == "a", "levels": [[90, n_right_upper]]},
            {"answer_id": "b", "text": "No", "is_correct": key == "b", "levels": [[10, n_wrong_lower]]},
            {"answer_id": "c", "text": "Perhaps", "is_correct": False, "levels": []},
        ],
    }


def test_a_question_that_tells_them_apart():
    found = quiz_item(item())
    assert (found.n, found.facility, found.discrimination, found.upper_lower) == (40, 0.5, 1.0, 1.0)
    assert [(o.chosen, o.share, o.upper_share, o.lower_share) for o in found.options] == [
        (20, 0.5, 1.0, 0.0),
        (20, 0.5, 0.0, 1.0),
        (0, 0.0, 0.0, 0.0),
    ]
    assert found.flags == ["unused_option"]


def test_of_fewer_than_thirty_nothing_is_flagged():
    assert quiz_item(item(15, 15)).flags
    few = quiz_item(item(15, 14))
    assert (few.too_few, few.flags, few.facility) == (True, [], 0.517)


@pytest.mark.parametrize(
    ("facility", "discrimination", "expected"),
    [
        (0.5, -0.01, ["check_the_key"]),
        (0.5, 0.19, ["tells_little"]),
        (0.5, 0.2, []),
        (0.29, 0.4, ["too_hard"]),
        (0.96, 0.4, ["too_easy"]),
        (0.96, None, ["too_easy"]),
        (None, None, []),
    ],
)
def test_what_is_flagged(facility, discrimination, expected):
    used = OptionCounts(
        answer_id="b", text="No", is_correct=False, chosen=9, share=0.3, upper_share=0.1, lower_share=0.5
    )
    assert flags(facility, discrimination, [used]) == expected
