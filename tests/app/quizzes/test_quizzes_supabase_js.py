"""Quizzes with the real supabase-js: filled from a file, taken, handed in once, and helped along by a manager."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

import lms.courses.quizzes.handlers
from core.clock import SystemClock
from core.db import Database
from tests.app.support.wires import PASSWORD, give_passwords, wires
from tests.people import Cast
from tests.support.courses import Course
from tests.support.npm import NpmFolder

FILE = """question,type,points,correct,tolerance,match,answer_1,answer_2,explanation
Say it,short_text,3,,,,Thank you,Thanks,It is polite
How much?,numeric,1,"12,5","0,5",,,,
"""


@pytest.fixture
async def seen(
    supabase_js: NpmFolder, aiohttp_server: Any, database: Database, cast: Cast, course: Course
) -> dict[str, Any]:
    """What quizzes.mjs printed."""
    await give_passwords(database, cast)
    app = wires(database, SystemClock())
    lms.courses.quizzes.handlers.add_functions(app)
    server = await aiohttp_server(app)
    url = str(server.make_url("")).rstrip("/")
    people = (str(cast.tess.user_id), str(cast.theo.user_id))
    status, output = await supabase_js.run(
        "node", "quizzes.mjs", url, "sb_publishable_demo", PASSWORD, str(course.quiz_id), *people, FILE
    )
    assert status == 0, output
    answers: dict[str, Any] = json.loads(output)
    return answers


def minutes(started: dict[str, Any]) -> float:
    return (datetime.fromisoformat(started["deadline_at"]) - datetime.fromisoformat(started["started_at"])) / timedelta(
        minutes=1
    )


async def test_an_admin_fills_a_quiz_from_a_file_and_gets_the_file_back(seen: dict[str, Any], course: Course):
    assert (seen["tried"]["applied"], seen["tried"]["create"]) == (False, 2)
    assert (seen["imported"]["applied"], seen["imported"]["create"]) == (True, 2)
    again = seen["imported_again"]
    assert (again["applied"], again["create"], again["update"], again["unchanged"]) == (True, 0, 0, 3)
    assert seen["exported"].splitlines()[0].startswith("\ufeffquestion,type") or seen["exported"].startswith("question")
    assert seen["rules"] == {"needs_start": True}
    assert seen["trainee_exports"] == {"status": 403, "code": "not_admin"}


async def test_a_trainee_starts_saves_hands_in_once_and_reads_the_review(seen: dict[str, Any]):
    assert seen["signed_out"]["code"] == "PGRST202"
    assert seen["hidden"] == []
    standing = seen["standing"]
    assert (standing["question_count"], standing["time_limit_seconds"], standing["attempts_left"]) == (3, 600, 1)
    assert minutes(seen["started"]) == 10
    assert seen["saved"]["deadline_at"] == seen["started"]["deadline_at"]
    resumed = seen["resumed"]
    assert (resumed["is_resumed"], resumed["sitting_id"]) == (True, seen["started"]["sitting_id"])
    assert [answer["text"] for answer in resumed["answers"]] == ["  THANK   you ", "12,5"]
    submitted = seen["submitted"]
    assert (submitted["score"], submitted["passed"], submitted["was_submitted"]) == (80, True, False)
    assert seen["submitted_again"] == submitted | {"was_submitted": True}
    said, counted = (question for question in seen["review"]["questions"] if question["question_type"] != "true_false")
    assert (said["is_correct"], said["points_earned"], said["right_answer"]) == (True, 3, ["Thank you", "Thanks"])
    assert (said["explanation"], counted["right_answer"]) == ("It is polite", [12.5, 0.5])


async def test_what_is_refused_has_a_code_in_its_details(seen: dict[str, Any]):
    refused = {name: seen[name]["details"] for name in ("malformed", "saved_too_late", "no_more", "elsewhere")}
    assert refused == {
        "malformed": "answers_malformed",
        "saved_too_late": "handed_in",
        "no_more": "no_attempts_left",
        "elsewhere": "open_elsewhere",
    }


async def test_the_manager_of_a_person_gives_more_time_and_attempts(seen: dict[str, Any], cast: Cast):
    assert seen["granted_to_oneself"]["code"] == seen["granted_to_others"]["code"] == "42501"
    granted = seen["granted"]
    assert (granted["extra_attempts"], granted["granted_by"]) == (1, str(cast.mira.user_id))
    mine = seen["standing_of_mine"]
    assert (mine["attempts"], mine["attempts_left"], mine["time_limit_seconds"]) == (1, 1, 1200)
    assert seen["raised"] == {"extra_attempts": 2, "granted_by": str(cast.mira.user_id)}
    assert seen["my_allowances"] == [{"extra_attempts": 2, "time_factor": 2}]
    assert minutes(seen["second"]) == 20
