"""What `server.py call` says in the end."""

from collections.abc import Mapping

from voice.synthetic_trainee.call import clock_text, show_report


def shown(answer: Mapping[str, object]) -> list[str]:
    lines: list[str] = []
    show_report(answer, lines.append)
    return lines


def test_a_call_that_cannot_be_assessed_is_told_why() -> None:
    answer = {"state": "not_assessable", "report": None, "message": "Nothing that you said could be heard."}
    assert shown(answer) == ["There is no report card: not_assessable. Nothing that you said could be heard."]


def test_an_evaluation_that_failed_is_told_without_a_reason() -> None:
    assert shown({"state": "failed", "report": None, "message": None}) == ["There is no report card: failed."]


def test_a_report_names_what_was_missed() -> None:
    criteria = [
        {"title": "Greets", "verdict": "met", "reason": ""},
        {"title": "Verifies", "verdict": "not_met", "reason": "You never asked."},
    ]
    report = {
        "passed": False,
        "overall_score": 40,
        "passing_grade": 80,
        "script_adherence": None,
        "empathy_score": "Good",
        "call_flow_score": 76,
        "summary": "Not passed.",
        "sections": [{"title": "Opening", "score": 50, "weight": 10, "criteria": criteria}],
    }
    lines = shown({"state": "done", "report": report})
    assert lines[0] == "NOT PASSED  40 of 100 (80 needed)"
    assert "script adherence – · empathy Good · call flow 76" in lines[1]
    assert lines[-1] == "    – Verifies: You never asked."


def test_times_are_told_in_tenths_of_a_second() -> None:
    assert [clock_text(at_ms) for at_ms in (0, 59_999, 61_250)] == ["0:00.0", "0:59.9", "1:01.2"]
