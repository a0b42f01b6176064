"""Progress with the real supabase-js."""

import json

import pytest

import lms.progress.handlers
from core.clock import SystemClock
from tests.app.support import course
from tests.app.support.wires import PASSWORD, give_passwords, wires
from tests.people import CAST
from tests.support.courses import complete


@pytest.fixture
async def server(aiohttp_server, database, cast):
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
        await tx.execute("update public.modules set is_prerequisite = true where id = $1", course.PRACTICE)
        await complete(tx, cast.tess, course.WELCOME)
    app = wires(database, SystemClock())
    lms.progress.handlers.add_functions(app)
    return await aiohttp_server(app)


async def test_the_real_client_asks_for_progress_by_get_and_by_post(supabase_js, server):
    url, tess = str(server.make_url("")).rstrip("/"), str(CAST.tess.user_id)
    status, output = await supabase_js.run(
        "node", "progress.mjs", url, "sb_publishable_demo", PASSWORD, str(course.PRODUCT), tess
    )
    assert status == 0, output
    seen = json.loads(output)
    own = seen["own"]
    assert own["overall_progress"] == 25
    assert [
        {name: module[name] for name in ("title", "progress", "completed_lessons", "total_lessons", "is_locked")}
        for module in own["modules"]
    ] == [
        {"title": "Basics", "progress": 50, "completed_lessons": 1, "total_lessons": 2, "is_locked": False},
        {"title": "Practice", "progress": 0, "completed_lessons": 0, "total_lessons": 2, "is_locked": True},
    ]
    assert own == seen["own_by_post"] == seen["of_my_trainee"]
    assert [(one["title"], one["next_lesson"]["title"]) for one in seen["my_courses"]["courses"]] == [
        ("Billing", 'Watch, and "learn"')
    ]
    team = seen["my_team"]
    assert team == seen["my_team_by_get"]
    assert (team["team_stats"]["total_agents"], team["team_stats"]["in_progress"]) == (1, 1)
    assert [(agent["user_id"], agent["certification_status"]) for agent in team["agents"]] == [(tess, "In Progress")]
    refused = {name: (answer["status"], answer["code"]) for name, answer in seen.items() if "code" in answer}
    assert refused == {
        "signed_out": (401, "no_authorization"),
        "no_product": (400, "validation_failed"),
        "team_of_a_trainee": (403, "team_not_yours"),
        "of_another_team": (403, "progress_not_yours"),
    }
