"""Courses are built, published and taken elsewhere with the real supabase-js."""

import json
from typing import Any

import pytest

import lms.courses.packs.handlers
from core.clock import SystemClock
from core.settings import Settings
from tests.app.support.wires import PASSWORD, give_passwords, wires

BOTH = [["Refunds", [["First", [["Check"], ["Read this"]]]]]] * 2


@pytest.fixture
async def seen(supabase_js, aiohttp_server, database, cast) -> dict[str, Any]:
    """What authoring.mjs printed."""
    await give_passwords(database, cast)
    app = wires(database, SystemClock(), settings=Settings())
    lms.courses.packs.handlers.add_functions(app)
    server = await aiohttp_server(app)
    url = str(server.make_url("")).rstrip("/")
    status, output = await supabase_js.run("node", "authoring.mjs", url, "sb_publishable_demo", PASSWORD)
    assert status == 0, output
    told: dict[str, Any] = json.loads(output)
    return told


def building(seen: dict[str, Any]) -> None:
    assert seen["text"] == "<p>Hello <b>you</b></p>"
    assert (seen["refused"]["published"], [each["code"] for each in seen["refused"]["findings"]]) == (
        False,
        ["quiz_empty"],
    )
    assert seen["hidden"] == []
    assert (seen["published"]["published"], seen["published"]["findings"]) == (True, [])
    assert seen["published"]["impact"]["new_lessons"] == 2
    assert seen["by_trainee"]["code"] == "PGRST202"
    assert seen["shown"] == [["First", [["Check"], ["Read"]]]]


def drafts(seen: dict[str, Any]) -> None:
    assert (seen["forced"]["code"], seen["forced"]["details"]) == ("42501", "publish_checks")
    assert seen["draft_hidden"] == [["Check"], ["Read"]]
    assert seen["whole_row_back"] == {"title": "Read this", "status": "published"}


def packs(seen: dict[str, Any]) -> None:
    assert seen["pack"] == {"type": "application/octet-stream", "size": True}
    assert (seen["unchanged"]["applied"], seen["unchanged"]["unchanged"]) == (True, 5)
    assert (seen["tried"]["applied"], seen["tried"]["create"]) == (False, 5)
    assert (seen["imported"]["applied"], seen["imported"]["create"], seen["imported"]["errors"]) == (True, 5, [])
    [error] = seen["wrong"]["errors"]
    assert (seen["wrong"]["applied"], error["field"]) == (False, "modules.0.lessons.1.quiz.questions.0.type")
    assert error["line"] > 1
    assert (seen["import_by_trainee"]["status"], seen["import_by_trainee"]["code"]) == (403, "not_admin")
    assert seen["both_shown"] == BOTH


def copies_and_back(seen: dict[str, Any]) -> None:
    assert len(seen["copy"]) == 36
    assert seen["copy_hidden"] == 2
    assert (seen["unpublished"]["unpublished"], seen["unpublished"]["impact"]["removed_lessons"]) == (True, 2)
    assert seen["left"] == [{"title": "Refunds", "key": "refunds_elsewhere"}]


async def test_an_admin_builds_publishes_and_takes_a_course_elsewhere_and_a_trainee_sees_it(seen: dict[str, Any]):
    building(seen)
    drafts(seen)
    packs(seen)
    copies_and_back(seen)
