"""Attempts side by side, out of the reports that the judge really writes."""

from typing import Any
from uuid import UUID

import pytest

from lms.reports.answers import CriterionRecord, strengths_of, weaknesses_of
from lms.reports.comparing import Change, ComparedAttempt, Comparison, Gain, StoredReport, change_of, compare
from tests.support.reported_calls import report_of

GAIN = Gain(attempts=2, first=40, best=90, points=50)


def attempt(number: int, **changed: Any) -> ComparedAttempt:
    facts: dict[str, Any] = dict.fromkeys(ComparedAttempt.model_fields)
    facts |= {"attempt_id": UUID(int=number), "overall_score": 50, "passed": False, "rubric_hash": "h"}
    return ComparedAttempt.model_validate(facts | {"has_report": True} | changed)


def compared(*reports: Any) -> Comparison:
    attempts = [attempt(number) for number, _ in enumerate(reports)]
    stored = [StoredReport.model_validate(report) if report else None for report in reports]
    return compare(UUID(int=1), UUID(int=2), attempts, stored, GAIN)


def test_a_check_that_was_missed_first_and_done_then_is_gained():
    seen = compared(report_of("unverified"), report_of("good"))
    gained = {check.key for check in seen.checks if check.change == "gained"}
    assert gained
    for check in seen.checks:
        if check.change == "gained":
            assert check.verdicts == ["not_met", "met"]
    back = compared(report_of("good"), report_of("unverified"))
    assert {check.key for check in back.checks if check.change == "lost"} == gained


def test_every_section_criterion_check_and_measure_of_a_report_is_there():
    report = report_of("good")
    seen = compared(report, report)
    assert [section.key for section in seen.sections] == [section["key"] for section in report["sections"]]
    assert [section.scores for section in seen.sections] == [[one["score"]] * 2 for one in report["sections"]]
    criteria = [criterion for section in report["sections"] for criterion in section["criteria"]]
    assert [(one.key, one.verdicts[0]) for one in seen.criteria] == [(one["key"], one["verdict"]) for one in criteria]
    assert len(seen.checks) == sum(len(one["checks"]) for one in criteria)
    assert [one.values for one in seen.measures] == [[one["value"]] * 2 for one in report["measures"]]
    assert {check.change for check in seen.checks} <= {"same", "unclear"}


def test_an_attempt_without_a_report_leaves_gaps():
    seen = compared(None, report_of("good"))
    assert all(section.scores[0] is None for section in seen.sections)
    assert {check.change for check in seen.checks} == {"unclear"}
    assert compared(None, None).checks == []


def test_what_only_an_older_rubric_has_comes_at_the_end():
    old = {"sections": [{"key": "old", "title": "Old"}, {"key": "both", "title": "Then"}]}
    new = {"sections": [{"key": "new", "title": "New"}, {"key": "both", "title": "Now", "score": 7}]}
    seen = compared(old, new)
    assert [(one.key, one.title, one.scores) for one in seen.sections] == [
        ("new", "New", [None, None]),
        ("both", "Now", [None, 7]),
        ("old", "Old", [None, None]),
    ]


def test_the_rubric_is_the_same_only_if_it_is_known():
    for hashes, same in ((("a", "a"), True), (("a", "b"), False), ((None, None), False), (("a", None), False)):
        attempts = [attempt(number, rubric_hash=found) for number, found in enumerate(hashes)]
        assert compare(UUID(int=1), UUID(int=2), attempts, [None, None], GAIN).same_rubric is same


@pytest.mark.parametrize(
    ("verdicts", "change"),
    [
        (["not_met", "met"], "gained"),
        (["not_met", "cannot_assess", "met"], "gained"),
        (["met", "not_met", "met"], "same"),
        (["met", None, "not_met"], "lost"),
        (["met", "cannot_assess"], "unclear"),
        ([None, None], "unclear"),
    ],
)
def test_a_change_is_from_the_first_to_the_last_clear_verdict(verdicts: list[str | None], change: Change):
    assert change_of(verdicts) == change


def test_strengths_and_weaknesses_share_no_criterion():
    def record(key: str, average: int, assessed: int = 1) -> CriterionRecord:
        return CriterionRecord(
            key=key, title=key, section_title=None, assessed=assessed, met=0, partial=0, not_met=0, average=average,
            latest="met",
        )  # fmt: skip

    records = [
        record("a", 100),
        record("b", 100, 9),
        record("c", 80),
        record("d", 79),
        record("e", 0),
        record("f", 0, 2),
    ]
    assert [one.key for one in strengths_of(records)] == ["b", "a", "c"]
    assert [one.key for one in weaknesses_of(records)] == ["f", "e", "d"]
    assert len(weaknesses_of([record(str(number), 10) for number in range(9)])) == 5
