"""What could not be transcribed is shown, counted, and never held against the trainee."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from evaluation.conversation import Conversation
from evaluation.evidence import verified
from evaluation.local_judge.judge import judge_locally
from evaluation.measures import interruption_turns, pace, talk_ratio
from evaluation.report import ReportSubject, report_json
from evaluation.rubric import default_rubric
from evaluation.scores import CriterionScore, Scores, scores_of
from evaluation.untranscribed import LIMIT_MS, REASON, softened
from tests.pure.evaluation.calls import GOOD_CALL, conversation, without_verification

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def with_holes(call: Conversation, *places: int, length_ms: int | None = None) -> Conversation:
    """The call, of which the turns at these places were not transcribed."""
    turns = list(call.turns)
    for place in places:
        turn = turns[place]
        end_ms = turn.end_ms if length_ms is None else turn.start_ms + length_ms
        turns[place] = replace(turn, text="", end_ms=end_ms, not_transcribed="failed")
    return replace(call, turns=turns)


def scored(call: Conversation) -> Scores:
    rubric = default_rubric()
    return scores_of(rubric, verified(judge_locally(rubric, call), call), call, 80)


def report_of(call: Conversation) -> dict[str, Any]:
    rubric = default_rubric()
    judgement = verified(judge_locally(rubric, call), call)
    subject = ReportSubject(uuid4(), uuid4(), "Charged twice", "exam", 80, NOW, NOW)
    return report_json(subject, rubric, judgement, scores_of(rubric, judgement, call, 80), call)


def criterion(scores: Scores, key: str) -> CriterionScore:
    return next(c for c in scores.criteria if c.criterion.key == key)


def test_the_step_that_may_have_been_taken_in_the_missing_turn_is_not_assessable():
    scores = scored(with_holes(conversation(GOOD_CALL), 3))
    assert criterion(scores, "identity").verdict == "cannot_assess"
    assert criterion(scores, "identity").reason.startswith(REASON)
    assert criterion(scores, "verified_first").verdict == "cannot_assess"
    assert scores.auto_failed is None
    assert (scores.passed, scores.provisional) == (False, True)
    assert scores.provisional_because == ["7 seconds of what you said could not be transcribed."]


def test_what_was_done_before_the_missing_turn_stays_as_it_was():
    early = with_holes(conversation(without_verification()), 9)
    assert criterion(scored(early), "verified_first").verdict == "not_met", "the account was worked on before it"


def test_a_rude_word_is_a_rude_word_whatever_else_is_missing():
    rude = list(GOOD_CALL)
    rude[7] = ("user", "Calm down, you are being stupid. It looks like a mistake.")
    assert criterion(scored(with_holes(conversation(rude), 3)), "respect").verdict == "not_met"


def test_a_check_of_the_opening_is_open_only_when_the_opening_is_missing():
    rubric = default_rubric()
    cold = conversation([GOOD_CALL[0], ("user", "Yes, go on then."), *GOOD_CALL[2:]])

    def greeting(*missing: int) -> list[str]:
        call = with_holes(cold, *missing)
        checks = softened(verified(judge_locally(rubric, call), call), rubric, call).checks
        return [check.verdict for check in checks if check.criterion == "greeting"]

    assert greeting(9) == ["not_met", "not_met", "met"]
    assert greeting(1) == ["cannot_assess", "cannot_assess", "met"]


def test_a_call_that_passes_without_the_missing_words_has_passed_for_good():
    scores = scored(with_holes(conversation(GOOD_CALL), 5, length_ms=LIMIT_MS + 500))
    assert (scores.passed, scores.provisional) == (True, False)


def test_a_moment_that_is_missing_changes_nothing_and_is_told():
    call = conversation(without_verification())
    short = with_holes(call, 3, length_ms=LIMIT_MS)
    assert not scored(short).provisional
    assert criterion(scored(short), "identity").verdict == "not_met"
    assert report_of(short)["notices"] == [
        "One of your lines (2 seconds) could not be transcribed. The recording has what you said. "
        "It was too little to change the result."
    ]


def test_the_report_shows_the_turn_and_says_what_its_result_is_worth():
    report = report_of(with_holes(conversation(GOOD_CALL), 3))
    assert report["transcript"][3]["not_transcribed"] == "failed"
    assert report["transcript"][3]["text"] == ""
    assert all("not_transcribed" not in entry for entry in report["transcript"] if entry["turn_id"] != "t3")
    assert (report["provisional"], report["passed"]) == (True, False)
    assert report["provisional_because"] == ["7 seconds of what you said could not be transcribed."]
    assert "does not speak against you" in report["summary"]
    assert "does not count as missed" in report["notices"][0]
    assert report_of(conversation(GOOD_CALL))["notices"] == []


def test_missing_words_are_speech_on_the_clock_and_no_slow_speech():
    call = conversation(GOOD_CALL)
    holes = with_holes(call, 3)
    assert talk_ratio(holes) == talk_ratio(call)
    assert round(pace(holes) or 0) == round(pace(call) or 0)
    assert interruption_turns(holes) == []
