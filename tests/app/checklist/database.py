"""Database."""

from typing import Any

import asyncpg

from tests.app.checklist.conftest import Place
from tests.app.checklist.lines import proves
from tests.app.checklist.spec import FOREIGN_KEYS
from tests.support.visitor import Visitor, eventually

RESULTS = {"lesson_completions", "quiz_attempts", "simulation_attempts", "certifications"}
"""What people have achieved stays when a course goes: deleting a course with results archives it."""
_KEYS = """
select t.relname as owner, a.attname as key_column, fn.nspname || '.' || ft.relname as target,
       c.confdeltype = 'c' as cascades
  from pg_constraint c
  join pg_class t on t.oid = c.conrelid
  join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public'
  join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
  join pg_class ft on ft.oid = c.confrelid
  join pg_namespace fn on fn.oid = ft.relnamespace
 where c.contype = 'f' and array_length(c.conkey, 1) = 1
"""


@proves("All tables created with correct foreign keys")
async def all_tables(place: Place) -> None:
    """Where the specification says `auth.users`, `profiles` is as good: its id is that of `auth.users`."""
    connection = await asyncpg.connect(place.owner_dsn)
    try:
        rows = await connection.fetch(_KEYS)
    finally:
        await connection.close()
    keys = {(row["owner"], row["key_column"]): (row["target"], row["cascades"]) for row in rows}
    admin = await place.admin()
    for table, columns in FOREIGN_KEYS.items():
        assert (await admin.get(f"/rest/v1/{table}?select={','.join(columns)}&limit=1")).status == 200, table
        for column, wanted in columns.items():
            target, cascades = keys[table, column]
            assert target == wanted.split()[0] or (wanted.startswith("auth.users") and target == "public.profiles")
            about_a_course = table in RESULTS and column != "user_id"
            assert cascades == (wanted.endswith("cascade") and not about_a_course), (table, column)
    assert keys["profiles", "id"] == ("auth.users", True)


@proves("RLS policies tested for each role (trainee, manager, admin)")
async def policies_of_each_role(place: Place) -> None:
    """Each reads what is theirs to read, and writes what is theirs to write."""
    course, admin = await place.course(), await place.admin()
    tess, theo, mira = await place.join(), await place.join(), await place.join("manager")
    await admin.insert("manager_assignments", {"trainee_id": tess.user_id, "manager_id": mira.user_id})
    for trainee in (tess, theo):
        completion = {"user_id": trainee.user_id, "lesson_id": course.text_lesson_id}
        await trainee.insert("lesson_completions", completion)
    done = f"lesson_completions?select=user_id&lesson_id=eq.{course.text_lesson_id}"
    both = {tess.user_id, theo.user_id}
    for who, seen in ((tess, {tess.user_id}), (theo, {theo.user_id}), (mira, {tess.user_id}), (admin, both)):
        assert {row["user_id"] for row in await who.rows(done)} == seen
        profiles = await who.rows(f"profiles?select=id&id=in.({tess.user_id},{theo.user_id})")
        assert {row["id"] for row in profiles} == seen
    for who in (tess, mira):
        assert await refused(who, "products", title="Mine")
        assert await refused(who, "user_roles", user_id=who.user_id, role="admin")
        assert await refused(who, "lesson_completions", user_id=theo.user_id, lesson_id=course.text_lesson_id)
        changed = await who.ask("PATCH", f"/rest/v1/products?id=eq.{course.product_id}", json={"title": "Mine"})
        assert changed.status == 403
    assert await tess.rows("quiz_answers?select=id,question_id&limit=1"), "a trainee reads options"
    assert (await tess.get("/rest/v1/quiz_answers?select=is_correct")).status in (401, 403), "and not what is right"
    [ours] = await admin.change(f"products?id=eq.{course.product_id}", title="Ours")
    assert ours["title"] == "Ours"


async def refused(who: Visitor, table: str, **row: Any) -> bool:
    """Whether an insert is not allowed."""
    answer = await who.post(f"/rest/v1/{table}", row)
    return answer.status == 403 and answer.data["code"] == "42501"


@proves("Triggers fire correctly (e.g., profile creation on signup)")
async def triggers(place: Place) -> None:
    """An account brings its profile and role; a change its time; a passed quiz its completion."""
    nina, admin = await place.join(name="Nina Ng"), await place.admin()
    [profile] = await nina.rows(f"profiles?id=eq.{nina.user_id}")
    assert profile["full_name"] == "Nina Ng"
    assert profile["email"].endswith("@callx.example")
    [changed] = await nina.change(f"profiles?id=eq.{nina.user_id}", full_name="Nina N.")
    assert changed["updated_at"] > profile["updated_at"]

    course = await place.course()
    answers = await _right_answers(admin, course.quiz_id)
    await nina.insert("quiz_attempts", {"user_id": nina.user_id, "quiz_id": course.quiz_id, **answers})
    completed = f"lesson_completions?lesson_id=eq.{course.quiz_lesson_id}"
    assert len(await nina.rows(completed)) == 1
    await eventually(lambda: nina.rows("notifications?kind=eq.welcome"))


async def _right_answers(admin: Visitor, quiz_id: str) -> dict[str, Any]:
    rows = await admin.rows(
        f"quiz_questions?select=id,quiz_answers(id)&quiz_answers.is_correct=is.true&quiz_id=eq.{quiz_id}"
    )
    answers = [{"question_id": row["id"], "selected_answer_id": row["quiz_answers"][0]["id"]} for row in rows]
    return {"score": 0, "passed": False, "answers": answers}
