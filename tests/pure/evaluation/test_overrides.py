"""People decide verdicts, and numbers follow by the arithmetic that judges have."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.conversation import Conversation
from evaluation.evidence import verified
from evaluation.judgement import Judgement
from evaluation.local_judge.judge import judge_locally
from evaluation.report import ReportSubject, report_json
from evaluation.reviews.effective import ReviewInReport, decision_of, numbers_of, with_review
from evaluation.reviews.overrides import Override, overruled, problems_of, scores_again
from evaluation.reviews.stored import judgement_json, judgement_of, judgement_of_report
from evaluation.rubric import default_rubric
from tests.pure.evaluation.calls import GOOD_CALL, conversation, without_verification

GRADE = 80
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RUBRIC = default_rubric()
CHECKS = [(c.key, check.key) for c in RUBRIC.criteria for check in c.checks]
OTHERS = [(c.key, None) for c in RUBRIC.criteria if c.kind != "checks"]
VERDICTS = ("met", "not_met", "not_applicable", "cannot_assess")


def judged(call: Conversation) -> Judgement:
    return verified(judge_locally(RUBRIC, call), call)


def report_of(call: Conversation, judgement: Judgement) -> dict[str, Any]:
    subject = ReportSubject(UUID(int=1), UUID(int=2), "A call", "exam", GRADE, NOW, NOW)
    return report_json(subject, RUBRIC, judgement, scores_again(RUBRIC, judgement, call, GRADE), call)


def reviewed(call: Conversation, *overrides: Override, settles: bool = False) -> dict[str, Any]:
    """The report after a review of the local judge's."""
    machine = report_of(call, judged(call))
    report = report_of(call, overruled(judged(call), overrides, settles=settles))
    review = ReviewInReport(UUID(int=3), UUID(int=4), "Mira", "I listened to it.", settles, NOW)
    return with_review(report, machine, review, overrides)


@st.composite
def calls(draw: st.DrawFn) -> Conversation:
    """Some of the good call's lines, some said by whom they were not, ended in one way or another."""
    lines = [*draw(st.lists(st.sampled_from(GOOD_CALL), max_size=13)), GOOD_CALL[1]]
    end_reason = draw(st.sampled_from(["customer_hung_up", "trainee_hung_up", "interrupted"]))
    outcome = draw(st.sampled_from(["resolved", "angry", None]))
    return conversation(lines, end_reason=end_reason, outcome=outcome)


verdicts = st.builds(
    lambda place, verdict, reason: Override(criterion=place[0], check=place[1], verdict=verdict, reason=reason),
    st.sampled_from([*CHECKS, *OTHERS]),
    st.sampled_from(VERDICTS),
    st.sampled_from(["", "It is there at 0:12."]),
)
overrides_of_all_kinds = st.lists(verdicts, max_size=12, unique_by=lambda override: override.key)


@settings(deadline=None, max_examples=60)
@given(calls())
def test_overruling_nothing_changes_nothing(call: Conversation):
    judgement = judged(call)
    again = overruled(judgement, [], settles=False)
    assert report_of(call, again) == report_of(call, judgement)


@settings(deadline=None, max_examples=60)
@given(calls())
def test_a_judgement_survives_being_stored(call: Conversation):
    judgement = judged(call)
    stored = judgement_json(judgement)
    assert judgement_of(judgement_json(judgement_of(stored))) == judgement_of(stored)
    assert report_of(call, judgement_of(stored)) == report_of(call, judgement)


@settings(deadline=None, max_examples=60)
@given(calls())
def test_a_report_without_its_judgement_still_tells_the_same_numbers(call: Conversation):
    report = report_of(call, judged(call))
    again = report_of(call, judgement_of_report(report))
    assert numbers_of(again) == numbers_of(report)
    assert [s["score"] for s in again["sections"]] == [s["score"] for s in report["sections"]]


@settings(deadline=None, max_examples=80)
@given(calls(), overrides_of_all_kinds, st.booleans())
def test_what_a_person_decided_stands_in_the_report_as_they_decided_it(
    call: Conversation, overrides: list[Override], settles: bool
):
    assert problems_of(overrides, RUBRIC) == []
    report = reviewed(call, *overrides, settles=settles)
    shown = {
        key: verdict
        for section in report["sections"]
        for criterion in section["criteria"]
        for key, verdict in [
            (criterion["key"], criterion["verdict"]),
            *((f"{criterion['key']}.{check['key']}", check["verdict"]) for check in criterion["checks"]),
        ]
    }
    if report["sections"]:
        assert {override.key: shown[override.key] for override in overrides} == {o.key: o.verdict for o in overrides}
    assert 0 <= report["overall_score"] <= 100
    assert not (report["passed"] and report["overall_score"] < GRADE)
    assert not (settles and report["provisional"])


@settings(deadline=None, max_examples=60)
@given(calls(), st.sampled_from(CHECKS))
def test_to_find_one_more_thing_done_never_costs_points_in_its_criterion(call: Conversation, place: tuple[str, str]):
    def score(verdict: str) -> int | None:
        override = Override.model_validate({"criterion": place[0], "check": place[1], "verdict": verdict})
        report = reviewed(call, override)
        found: int | None = next(c["score"] for s in report["sections"] for c in s["criteria"] if c["key"] == place[0])
        return found

    met, not_met = score("met"), score("not_met")
    assert met is not None
    assert not_met is not None
    assert met >= not_met


def test_a_fatal_verdict_that_a_person_takes_back_costs_nothing_any_more():
    call = conversation(without_verification())
    machine = report_of(call, judged(call))
    assert machine["auto_fail"]
    report = reviewed(call, *_everything("met"))
    assert report["auto_fail"] is None
    assert report["passed"]
    assert report["overall_score"] == 100
    assert report["review"]["machine"]["overall_score"] == machine["overall_score"]
    assert report["review"]["machine"]["auto_fail"] == machine["auto_fail"]
    assert report["review"]["decision"] == "changed"


def test_a_person_may_fail_what_the_judge_has_passed():
    call = conversation(GOOD_CALL)
    assert report_of(call, judged(call))["passed"]
    report = reviewed(
        call, Override(criterion="verified_first", verdict="not_met", reason="He said the balance first.")
    )
    failed = next(c for s in report["sections"] for c in s["criteria"] if c["key"] == "verified_first")
    assert not report["passed"]
    assert failed["machine"]["verdict"] == "met"
    assert failed["reason"] == failed["overridden_because"] == "He said the balance first."


def test_a_measure_can_be_overruled():
    call = conversation(GOOD_CALL)
    metric = next(c.key for c in RUBRIC.criteria if c.kind == "metric")
    report = reviewed(call, Override(criterion=metric, verdict="not_met"))
    found = next(c for s in report["sections"] for c in s["criteria"] if c["key"] == metric)
    assert (found["verdict"], found["score"]) == ("not_met", 0)
    assert found["overridden_because"] == "I listened to it."


def test_evidence_that_speaks_against_the_person_goes():
    call = conversation(GOOD_CALL)
    judgement = judged(call)
    praised = next(verdict for verdict in judgement.checks if verdict.verdict == "met" and verdict.evidence)
    override = Override(criterion=praised.criterion, check=praised.check, verdict="not_met")
    after = next(v for v in overruled(judgement, [override], settles=False).checks if v.check == praised.check)
    assert after.evidence == ()


def test_a_provisional_result_is_settled_only_when_the_person_says_so():
    call = conversation(GOOD_CALL, end_reason="server_stopped")
    assert report_of(call, judged(call))["provisional"]
    assert reviewed(call)["provisional"]
    report = reviewed(call, settles=True)
    assert report["passed"]
    assert report["provisional_because"] == []
    assert report["review"]["settled"]
    assert report["review"]["decision"] == "confirmed"


def test_what_could_not_be_transcribed_softens_nothing_that_a_person_has_heard():
    call = conversation(GOOD_CALL)
    turns = list(call.turns)
    turns[3] = replace(turns[3], text="", not_transcribed="failed")
    call = replace(call, turns=turns)
    open_ones = [
        (c["key"], check["key"])
        for s in report_of(call, judged(call))["sections"]
        for c in s["criteria"]
        for check in c["checks"]
        if check["verdict"] == "cannot_assess"
    ]
    key, check = open_ones[0]
    report = reviewed(call, Override(criterion=key, check=check, verdict="not_met"))
    found = next(c for s in report["sections"] for c in s["criteria"] if c["key"] == key)
    assert {c["key"]: c["verdict"] for c in found["checks"]}[check] == "not_met"


def test_an_outcome_that_a_person_denies_is_not_opened_by_missing_words():
    call = conversation(GOOD_CALL)
    turns = list(call.turns)
    turns[3] = replace(turns[3], text="", start_ms=0, end_ms=9_000, not_transcribed="failed")
    call = replace(call, turns=turns)
    [goal] = [criterion.key for criterion in RUBRIC.criteria if criterion.outcome == "customer_goal_reached"]
    report = reviewed(call, Override(criterion=goal, check=None, verdict="not_met"))
    [shown] = [one for section in report["sections"] for one in section["criteria"] if one["key"] == goal]
    assert shown["verdict"] == "not_met"


def test_a_silent_exam_stays_at_nothing_whatever_is_overruled():
    call = conversation(GOOD_CALL[:1])
    silent = overruled(Judgement("rule", "1", ()), _everything("met"), settles=True)
    assert report_of(call, silent)["overall_score"] == 0


def test_saying_what_the_judge_said_is_a_confirmation():
    call = conversation(GOOD_CALL)
    machine = report_of(call, judged(call))
    same = [
        Override(criterion=c["key"], check=check["key"], verdict=check["verdict"])
        for s in machine["sections"]
        for c in s["criteria"]
        for check in c["checks"]
    ]
    assert decision_of(machine, same) == "confirmed"
    assert numbers_of(reviewed(call, *same)) == numbers_of(machine)


@pytest.mark.parametrize(
    ("override", "field"),
    [
        ({"criterion": "nonsense", "verdict": "met"}, "overrides.0.criterion"),
        ({"criterion": CHECKS[0][0], "check": "nonsense", "verdict": "met"}, "overrides.0.check"),
        ({"criterion": CHECKS[0][0], "verdict": "met"}, "overrides.0.check"),
        ({"criterion": OTHERS[0][0], "check": "x", "verdict": "met"}, "overrides.0.check"),
    ],
)
def test_what_does_not_fit_the_rubric_is_named(override: dict[str, str], field: str):
    assert [name for name, _ in problems_of([Override.model_validate(override)], RUBRIC)] == [field]


def test_the_same_is_not_overruled_twice():
    twice = [Override(criterion=CHECKS[0][0], check=CHECKS[0][1], verdict="met")] * 2
    assert [name for name, _ in problems_of(twice, RUBRIC)] == ["overrides.1"]


def _everything(verdict: str) -> list[Override]:
    return [
        Override.model_validate({"criterion": key, "check": check, "verdict": verdict})
        for key, check in CHECKS + OTHERS
    ]
