"""Every number of a report card, by hand-worked examples and by properties."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.judgement import CheckVerdict, Evidence, Judgement, OutcomeVerdict, Verdict
from evaluation.rubric import Check, Criterion, Rubric, Section, default_rubric
from evaluation.scores import round_half_up, score_of_metric, scores_of, weighted_mean
from tests.pure.evaluation.calls import GOOD_CALL, conversation

CALL = conversation(GOOD_CALL)
EVIDENCE = (Evidence("t1", "Good morning"),)


def rubric_of_checks(*sections: tuple[str, float, int], **changes: object) -> Rubric:
    """A rubric with one criterion a section: (key, weight, number of checks)."""
    return Rubric(
        title="Worked example",
        version=1,
        sections=tuple(
            Section(
                key=key,
                title=key,
                weight=weight,
                criteria=(
                    Criterion(
                        key=f"{key}_criterion",
                        title=key,
                        kind="checks",
                        dimension="script",
                        weight=1,
                        checks=tuple(
                            Check(key=f"c{number}", text="Does it.", phrases=("x",)) for number in range(count)
                        ),
                        **changes,
                    ),
                ),
            )
            for key, weight, count in sections
        ),
    )


def judgement(**met: tuple[int, int]) -> Judgement:
    """For each section, (checks met, checks assessed); checks beyond are not applicable."""
    verdicts = []
    for key, (good, assessed) in met.items():
        for number in range(6):
            verdict = "met" if number < good else "not_met" if number < assessed else "not_applicable"
            evidence = EVIDENCE if verdict == "met" else ()
            verdicts.append(CheckVerdict(f"{key}_criterion", f"c{number}", verdict, evidence))  # type: ignore[arg-type]
    return Judgement("test", "1", tuple(verdicts))


EXAMPLE = rubric_of_checks(
    ("opening", 10, 6),
    ("verification", 15, 6),
    ("discovery", 15, 6),
    ("empathy", 20, 6),
    ("resolution", 25, 6),
    ("compliance", 10, 6),
    ("closing", 5, 6),
)
EXAMPLE_VERDICTS = {
    "opening": (3, 3),
    "verification": (3, 3),
    "discovery": (2, 3),
    "empathy": (3, 5),
    "resolution": (4, 5),
    "compliance": (2, 2),
    "closing": (2, 4),
}


def test_the_worked_example_of_the_reference_comes_out():
    scores = scores_of(EXAMPLE, judgement(**EXAMPLE_VERDICTS), CALL, 80)

    assert scores.raw == pytest.approx(79.5)
    assert scores.overall == 80
    assert scores.passed


def test_a_section_that_does_not_apply_leaves_the_sum():
    scores = scores_of(EXAMPLE, judgement(**{**EXAMPLE_VERDICTS, "closing": (0, 0)}), CALL, 80)

    assert scores.raw == pytest.approx(81.0526, abs=1e-4)
    assert scores.overall == 81


def test_an_auto_fail_keeps_the_score_below_the_pass_mark_and_shows_the_raw_one():
    failing = rubric_of_checks(("opening", 90, 1), ("compliance", 10, 1), on_fail="auto_fail")
    scores = scores_of(failing, judgement(opening=(1, 1), compliance=(0, 1)), CALL, 80)

    assert scores.auto_failed is not None
    assert (scores.overall, scores.passed) == (79, False)
    assert scores.raw == 90


def test_courtesy_does_not_buy_off_a_missing_critical_step():
    critical = rubric_of_checks(("verification", 15, 1), ("courtesy", 85, 1), severity="critical_business")
    scores = scores_of(critical, judgement(verification=(0, 1), courtesy=(1, 1)), CALL, 60)

    assert scores.raw == 85
    assert scores.overall == 59
    assert not scores.passed


def test_what_could_not_be_assessed_makes_the_result_provisional():
    verdicts = judgement(opening=(1, 1)).checks
    unknown = CheckVerdict("closing_criterion", "c0", "cannot_assess")
    rubric = rubric_of_checks(("opening", 50, 1), ("closing", 50, 1))
    scores = scores_of(rubric, Judgement("test", "1", (*verdicts, unknown)), CALL, 80)

    assert scores.overall == 100
    assert scores.provisional
    assert not scores.passed


def test_a_call_that_the_platform_ended_is_provisional():
    interrupted = conversation(GOOD_CALL, end_reason="interrupted")
    scores = scores_of(EXAMPLE, judgement(**EXAMPLE_VERDICTS), interrupted, 50)

    assert scores.provisional
    assert not scores.passed


@pytest.mark.parametrize(("exchanges", "most"), [(1, 20), (2, 40), (3, 70)])
def test_a_call_of_few_exchanges_proves_little(exchanges: int, most: int):
    short = conversation(GOOD_CALL[: 2 * exchanges])
    perfect = judgement(**{key: (6, 6) for key in EXAMPLE_VERDICTS})

    assert scores_of(EXAMPLE, perfect, short, 80).overall == most


def test_an_undecided_outcome_is_not_counted_as_failed():
    scores = scores_of(default_rubric(), Judgement("test", "1", ()), CALL, 80)

    assert {c.verdict for c in scores.criteria if c.criterion.kind == "outcome"} == {"cannot_assess"}
    assert scores.provisional


@pytest.mark.parametrize(("value", "rounded"), [(79.5, 80), (79.4999, 79), (80.5, 81), (0.0, 0), (66.666, 67)])
def test_rounding_is_half_up(value: float, rounded: int):
    assert round_half_up(value) == rounded


@given(st.floats(0, 200))
def test_a_metric_scores_between_0_and_100_and_never_rises_away_from_its_band(value: float):
    score = score_of_metric(value, (35, 60), (30, 65))

    assert 0 <= score <= 100
    assert (score == 100) == (35 <= value <= 60)
    if value > 60:
        assert score_of_metric(value + 1, (35, 60), (30, 65)) <= score


VERDICTS: st.SearchStrategy[Verdict] = st.sampled_from(get_args(Verdict))


@given(st.data(), st.integers(0, 100))
def test_whatever_the_verdicts_the_numbers_hold_together(data: st.DataObject, passing_grade: int):
    rubric = default_rubric()
    checks = tuple(
        CheckVerdict(criterion.key, check.key, data.draw(VERDICTS), EVIDENCE)
        for criterion in rubric.criteria
        for check in criterion.checks
    )
    outcomes = tuple(OutcomeVerdict(c.key, data.draw(VERDICTS)) for c in rubric.criteria if c.outcome)
    scores = scores_of(rubric, Judgement("test", "1", checks, outcomes), CALL, passing_grade)

    assert 0 <= scores.overall <= 100
    assert scores.overall <= round_half_up(scores.raw)
    assert scores.passed <= (scores.overall >= passing_grade)
    if scores.passed:
        assert not scores.provisional
        assert not any(c.failed and c.criterion.critical for c in scores.criteria) or passing_grade == 0


@given(st.lists(st.tuples(st.floats(0.1, 100), st.none() | st.floats(0, 100)), max_size=8))
def test_a_weighted_mean_lies_between_its_values(pairs: list[tuple[float, float | None]]):
    values = [value for _, value in pairs if value is not None]
    mean = weighted_mean(pairs)

    if values:
        assert mean is not None
        assert min(values) - 1e-6 <= mean <= max(values) + 1e-6
    else:
        assert mean is None
