"""The report card, its evidence and its feedback."""

import copy
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from evaluation.conversation import Conversation
from evaluation.evidence import is_quote_of, verified
from evaluation.judgement import CheckVerdict, Evidence, Judgement
from evaluation.local_judge.judge import judge_locally
from evaluation.report import ReportSubject, report_json
from evaluation.rubric import Rubric, default_rubric, rubric_of
from evaluation.scores import scores_of
from tests.pure.evaluation.calls import GOOD_CALL, conversation, without_verification

ANSWERED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def report_of(call: Conversation) -> dict[str, Any]:
    rubric = default_rubric()
    judgement = verified(judge_locally(rubric, call), call)
    subject = ReportSubject(uuid4(), uuid4(), "Charged twice", "practice", 80, ANSWERED, ANSWERED)
    return report_json(subject, rubric, judgement, scores_of(rubric, judgement, call, 80), call)


def test_the_transcript_keeps_its_turns_and_gains_only_feedback():
    call = conversation(GOOD_CALL)
    transcript = copy.deepcopy(report_of(call)["transcript"])
    for entry in transcript:
        entry.pop("feedback", None)

    assert [(entry["speaker"], entry["text"]) for entry in transcript] == list(GOOD_CALL)
    assert transcript[0]["timestamp"] == "2026-11-24T09:00:00+00:00"


def test_feedback_is_only_for_the_trainee():
    report = report_of(conversation(GOOD_CALL))

    commented = [entry for entry in report["transcript"] if "feedback" in entry]
    assert commented
    assert {entry["speaker"] for entry in commented} == {"user"}


def test_an_auto_fail_points_at_the_second_where_it_went_wrong():
    call = conversation(without_verification())
    report = report_of(call)

    failed = report["auto_fail"]
    turn = call.turn(failed["turn_id"])
    assert turn is not None
    assert failed["at_ms"] == turn.start_ms
    entry = next(entry for entry in report["transcript"] if entry["turn_id"] == failed["turn_id"])
    assert entry["feedback"]["rating"] == "poor"
    assert entry["feedback"]["try"]
    assert not report["passed"]


def test_every_piece_of_evidence_has_its_time():
    report = report_of(conversation(GOOD_CALL))

    evidence = [e for s in report["sections"] for c in s["criteria"] for e in c["evidence"]]
    assert evidence
    assert all(item["end_ms"] > item["start_ms"] >= 0 for item in evidence)


def test_a_quote_that_was_never_said_is_thrown_out_and_its_check_with_it():
    call = conversation(GOOD_CALL)
    invented = CheckVerdict("greeting", "greets", "met", (Evidence("t1", "Welcome to the best company on earth"),))
    kept = verified(Judgement("test", "1", (invented,)), call).checks[0]

    assert kept.verdict == "cannot_assess"
    assert kept.evidence == ()


def test_the_customers_words_earn_the_trainee_nothing():
    call = conversation(GOOD_CALL)
    stolen = CheckVerdict("closing", "thanks", "met", (Evidence("t12", "Thanks"),))

    assert verified(Judgement("test", "1", (stolen,)), call).checks[0].verdict == "cannot_assess"


def test_quotes_are_compared_whatever_the_case_and_white_space():
    assert is_quote_of("good   MORNING", "Good morning, this is Sam.")
    assert not is_quote_of("", "Good morning")


def test_an_empty_rubric_means_the_default_one():
    assert rubric_of({}) == default_rubric()


def test_a_rubric_whose_weights_do_not_make_100_is_refused():
    broken = default_rubric().model_dump(mode="json")
    broken["sections"][0]["weight"] = 11

    with pytest.raises(ValidationError, match="must make 100"):
        Rubric.model_validate(broken)


def test_the_hash_names_the_content():
    changed = default_rubric().model_copy(update={"version": default_rubric().version + 1})

    assert changed.content_hash != default_rubric().content_hash
    assert default_rubric().content_hash == rubric_of(default_rubric().model_dump(mode="json")).content_hash
