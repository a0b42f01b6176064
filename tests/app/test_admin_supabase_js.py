"""What admins do, with the real @supabase/supabase-js."""

import json

import pytest

from core.clock import SystemClock
from tests.app.support import course
from tests.app.support.wires import PASSWORD, give_passwords, wires


@pytest.fixture
async def seen(supabase_js, aiohttp_server, database, cast):
    """What every call of admin.mjs brought: data, status, code and message."""
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
    server = await aiohttp_server(wires(database, SystemClock()))
    known = {
        **{name: str(person.user_id) for name, person in cast},
        "product": str(course.PRODUCT),
        "welcome": str(course.WELCOME),
        "video": str(course.VIDEO),
        "basics": str(course.BASICS),
        "practice": str(course.PRACTICE),
        "quiz": str(course.QUIZ),
        "question": str(course.QUESTION),
        "simulation": str(course.SIMULATION),
    }
    url = str(server.make_url("")).rstrip("/")
    status, output = await supabase_js.run("node", "admin.mjs", url, "sb_publishable_demo", PASSWORD, json.dumps(known))
    assert status == 0, output
    return json.loads(output)


def told(seen, *names):
    """Status and code of each."""
    return [(seen[name]["status"], seen[name]["code"]) for name in names]


def names(rows, column):
    return [row[column] for row in rows]


def roles_and_teams(seen):
    assert seen["role_given"]["data"] == {"role": "manager"}
    assert told(seen, "role_again") == [(409, "23505")]
    assert names(seen["seen_by_the_new_manager"]["data"], "full_name") == ["Tess", "Theo"]
    assert seen["role_taken"]["data"] == [{"role": "manager"}]
    assert names(seen["seen_by_who_was_manager"]["data"], "full_name") == ["Theo"]
    assert told(seen, "role_for_oneself", "role_changed_by_oneself") == [(403, "42501")] * 2


def the_last_admin(seen):
    assert told(seen, "last_admin_deleted", "last_admin_demoted") == [(400, "P0001")] * 2
    assert seen["last_admin_deleted"]["message"] == "The last admin stays an admin."
    assert seen["still_admin"]["data"] == [{"role": "admin"}]


def what_the_server_fills_in(seen, cast):
    assert told(seen, "certificate", "attempt_with_an_answer_key") == [(403, "42501")] * 2
    for sent in ("product_of_another", "product_of_long_ago"):
        assert seen[sent]["data"]["created_by"] == str(cast.ada.user_id)
        assert seen[sent]["data"]["created_at"] > "2026"
    assert seen["role_of_long_ago"]["data"]["created_at"] > "2026"
    assert seen["product"]["data"] == {"title": "Mine", "created_by": str(cast.ada.user_id), "is_active": True}
    assert seen["attempt"]["data"] == {"score": 0, "passed": False}


def orders(seen):
    assert told(seen, "lesson_moved", "module_moved", "question_moved") == [(204, None)] * 3
    assert names(seen["lessons"]["data"], "title") == ['Watch, and "learn"', "Welcome (all)"]
    assert names(seen["modules"]["data"], "title") == ["Practice", "Basics"]
    assert names(seen["questions"]["data"], "question_text") == ["And now?", "Who is right?"]
    assert told(seen, "moved_by_a_trainee", "moved_nowhere") == [(404, "PGRST202"), (400, "P0002")]


def completions(seen):
    first = seen["completed"]["data"]
    assert first["completed_at"] > "2026"
    assert seen["completed_again"]["data"] == first
    assert seen["upserted"]["data"] == {"lesson_id": str(course.WELCOME)}
    assert seen["upserted_and_dated"]["data"] == {"completed_at": first["completed_at"]}
    assert seen["upserted_anew"]["data"] == {"lesson_id": str(course.VIDEO)}
    assert told(seen, "completed_silently", "ignored", "completed_for_another") == [
        (201, None),
        (201, None),
        (403, "42501"),
    ]
    assert names(seen["completions"]["data"], "lesson_id") == [str(course.WELCOME), str(course.VIDEO)]
    assert seen["completions"]["data"][0]["completed_at"] == first["completed_at"]


def progress(seen):
    own = seen["own_progress"]["data"]
    assert [(row["module_id"], row["completed_lessons"], row["is_locked"]) for row in own] == [
        (str(course.PRACTICE), 0, False),
        (str(course.BASICS), 2, False),
    ]
    assert seen["progress_for_an_admin"]["data"] == own
    assert told(seen, "progress_of_another") == [(403, "42501")]


def profiles(seen):
    assert seen["renamed"]["data"] == {"full_name": "Tess T."}
    assert told(seen, "address_taken", "id_taken") == [(403, "42501")] * 2
    assert seen["another_renamed"]["data"] == []
    assert seen["renamed_by_the_admin"]["data"] == {"full_name": "Theo T."}


def enrolment(seen, cast):
    assert seen["closed"]["data"] == {"open_enrolment": False}
    assert seen["products_before"]["data"] == []
    assert seen["enrolled"]["data"] == {"assigned_by": str(cast.ada.user_id)}
    assert seen["products_after"]["data"] == [{"title": "Billing"}]


def scenarios(seen):
    assert told(seen, "bad_rubric", "bad_script", "default_rubric") == [(400, "23514"), (400, "23514"), (200, None)]
    assert "rubric.sections must have at least 1 items" in seen["bad_rubric"]["message"]


def the_log(seen, cast):
    done = [row["action"] for row in seen["audit"]["data"] if row["actor_id"] == str(cast.ada.user_id)]
    assert done == ["role.granted", "role.taken", "role.granted", "role.taken", "person.changed"]
    whole = seen["audit_whole"]["data"]
    assert (whole["broken_at"], whole["events"]) == (None, whole["last_id"])
    assert told(seen, "audit_for_a_trainee", "audit_changed") == [(404, "PGRST202"), (403, "42501")]


def the_archive(seen):
    assert "Billing" not in names(seen["products_left"]["data"], "title")
    assert seen["results_left"]["count"] == 2


async def test_an_admin_works_with_the_real_client(seen, cast):
    roles_and_teams(seen)
    the_last_admin(seen)
    what_the_server_fills_in(seen, cast)
    orders(seen)
    completions(seen)
    progress(seen)
    profiles(seen)
    enrolment(seen, cast)
    scenarios(seen)
    the_log(seen, cast)
    the_archive(seen)
