"""Every table by every role and verb: what happens to rows that are about tess, as one table."""

from collections.abc import Mapping
from uuid import UUID

import asyncpg
import pytest

from core.db import Database, Tx
from core.identity import ANONYMOUS, Person
from tests.db.access_probes import PROBES
from tests.people import Cast, hire_ex_manager
from tests.support import recognition
from tests.support.courses import Course, build_course, record_everything
from tests.support.reviews import record_reviews

MATRIX = """
table                  nobody  tess    theo    mira    otto    edna    ada
auth.users             ----    ----    ----    ----    ----    ----    ----
auth.logins            ----    ----    ----    ----    ----    ----    ----
auth.refresh_tokens    ----    ----    ----    ----    ----    ----    ----
auth.letters           ----    ----    ----    ----    ----    ----    ----
auth.one_time_tokens   ----    ----    ----    ----    ----    ----    ----
auth.email_changes     ----    ----    ----    ----    ----    ----    ----
profiles               ----    s-u-    0-0-    s-0-    0-0-    0-0-    s-u-
user_roles             ----    s---    0---    0---    0---    0---    siud
manager_assignments    ----    s---    0---    s---    0---    0---    siud
site_settings          ----    s---    s---    s---    s---    s---    s-u-
assignments            ----    s---    0---    si00    0-00    0---    siud
products               ----    s---    s---    s---    s---    s---    siud
modules                ----    s---    s---    s---    s---    s---    siud
lessons                ----    s---    s---    s---    s---    s---    siud
lesson_attachments     ----    s---    s---    s---    s---    s---    siud
lesson_videos          ----    s---    s---    s---    s---    s---    s---
documents              ----    s---    s---    s---    s---    s---    s---
document_pages         ----    s---    s---    s---    s---    s---    s---
quizzes                ----    s---    s---    s---    s---    s---    siud
quiz_questions         ----    s---    s---    s---    s---    s---    siud
quiz_answers           ----    s---    s---    s---    s---    s---    siud
simulations            ----    s---    s---    s---    s---    s---    siud
simulation_scenarios   ----    s---    s---    s---    s---    s---    siud
module_locks           ----    s---    s---    s---    s---    s---    s---
lesson_completions     ----    siu-    0-0-    s-0-    0-0-    0-0-    s-0-
video_watching         ----    s---    0---    s---    0---    0---    s---
quiz_attempts          ----    si--    0---    s---    0---    0---    s---
quiz_allowances        ----    s---    0---    siud    0-00    0---    siud
simulation_attempts    ----    s---    0---    s---    0---    0---    s---
certifications         ----    s---    0---    s---    0---    0---    s---
certificate_issues     ----    s---    0---    s---    0---    0---    s---
certificate_badges     ----    s---    0---    s---    0---    0---    s---
certificate_reissues   ----    ----    ----    ----    ----    ----    s---
certificate_reissue_items ----    ----    ----    ----    ----    ----    s---
calls                  ----    s---    0---    s---    0---    0---    s---
call_turns             ----    s---    0---    s---    0---    0---    s---
call_moods             ----    s---    0---    s---    0---    0---    s---
call_gaps              ----    s---    0---    s---    0---    0---    s---
call_events            ----    s---    0---    s---    0---    0---    s---
recordings             ----    s---    0---    s---    0---    0---    s---
evaluations            ----    s---    0---    s---    0---    0---    s---
unverified_evaluations ----    s---    0---    s---    0---    0---    s---
call_comments          ----    s-0-    0-0-    siu-    0-0-    0-0-    siu-
reviews                ----    s---    0---    s--0    0--0    0---    s--0
evaluation_versions    ----    s---    0---    s---    0---    0---    s---
review_requests        ----    si--    0---    s---    0---    0---    s---
review_claims          ----    ----    ----    s---    0---    ----    s---
review_queue           ----    ----    ----    s---    0---    ----    s---
model_usage            ----    ----    ----    ----    ----    ----    s---
letters                ----    ----    ----    ----    ----    ----    s---
personal_settings      ----    siu-    0-0-    0-0-    0-0-    0-0-    0-0-
notifications          ----    s-u-    0-0-    0-0-    0-0-    0-0-    0-0-
awards                 ----    s---    0---    s---    0---    0---    s---
team_settings          ----    s---    0---    siu-    0-0-    0---    siu-
notification_preferences ----    siud    0-00    0-00    0-00    0-00    0-00
report_subscriptions   ----    0--0    0--0    siud    0-00    0--0    0-00
audit_events           ----    ----    ----    ----    ----    ----    s---
storage.buckets        ----    0---    0---    0---    0---    0---    siud
storage.objects        ----    s---    s---    s---    s---    s---    siud
storage.resumable_uploads ----    0i00    0i00    0i00    0i00    0i00    siud
storage.upload_parts   ----    0---    0---    0---    0---    0---    si--
"""
"""Who: nobody is signed in; tess and theo are trainees; mira is manager of tess, otto of theo; edna was manager of tess
and lost the role, not the assignment; ada is admin. The object is a video of a lesson that everybody sees; tests/db/
test_storage_policies.py has the other objects. The upload is ada's: everybody may have some of their own.

What, for select, insert, update, delete: the letter when it happens, `0` when the statement runs and touches no row,
`-` when it is refused. The update of lesson_completions changes nothing, which is all that it can do.
"""

FUNCTIONS = """
function                                  nobody  trainee  manager  admin
archive_content(uuid)                     -       -        -        x
archived_content()                        -       -        -        x
check_content(uuid,boolean)               -       -        -        x
claim_review(uuid,uuid,boolean)           -       -        x        x
duplicate_content(uuid,text)              -       -        -        x
has_role(uuid,app_role)                   -       x        x        x
is_manager_of(uuid)                       -       x        x        x
module_progress(uuid,uuid)                -       x        x        x
move_lesson(uuid,integer)                 -       -        -        x
move_lesson_to_module(uuid,uuid,integer)  -       -        -        x
move_module(uuid,integer)                 -       -        -        x
move_question(uuid,integer)               -       -        -        x
publish_content(uuid,boolean,boolean)     -       -        -        x
reinstate_certification(uuid,text)        -       -        -        x
quiz_result(uuid,uuid)                    -       x        x        x
quiz_review(uuid)                         -       x        x        x
release_review(uuid)                      -       -        x        x
restore_archived(uuid)                    -       -        -        x
revoke_certification(uuid,text)           -       -        -        x
save_quiz_answers(uuid,jsonb,uuid)        -       x        x        x
search_lessons(text,integer)              -       x        x        x
start_quiz(uuid,uuid)                     -       x        x        x
submit_quiz(uuid,jsonb,uuid)              -       x        x        x
unpublish_content(uuid,boolean)           -       -        -        x
verify_audit()                            -       -        -        x
verify_call(uuid)                         -       x        x        x
watch_lesson(uuid,jsonb,integer)          -       x        x        x
"""
"""The functions of the exposed schema that anybody may call at all; trigger functions are nobody's."""

CONTENT_IS_SPARE = "content comes from a course that nobody has results in: what has results is archived, not deleted"


@pytest.fixture
async def people(database: Database, cast: Cast) -> dict[str, Person]:
    """The columns of the table."""
    async with database.acting_as_service() as tx:
        edna = await hire_ex_manager(tx)
    everybody = {"nobody": ANONYMOUS, **dict(cast), "edna": edna}
    return {name: everybody[name] for name in MATRIX.split("\n")[1].split()[1:]}


@pytest.fixture
async def names(database: Database, cast: Cast, people: dict[str, Person]) -> dict[str, UUID]:
    """What stands in braces in the probes."""
    async with database.acting_as_service() as tx:
        call_id = await record_everything(tx, cast.tess, await build_course(tx))
        spare: Course = await build_course(tx, title="Spare")
        bare_simulation = await tx.fetchval(
            """insert into public.simulations (lesson_id, scenario_description, ai_system_prompt, passing_grade)
               values ($1, 'x', 'y', 1) returning id""",
            spare.video_lesson_id,
        )
        await tx.execute("update public.lessons set video_url = 'spare.mp4' where id = $1", spare.video_lesson_id)
        await record_notices(tx, cast.tess)
        await recognition.turn_on(tx, cast.mira)
        await recognition.award(tx, cast.tess)
        await record_video_and_document(tx, cast.tess, spare.video_lesson_id)
        await tx.execute("insert into storage.buckets (id, name) values ('extra', 'extra')")
        await tx.execute("insert into storage.objects (bucket_id, name) values ('lesson-videos', 'spare.mp4')")
        second_call = await record_reviews(tx, call_id, trainee=cast.tess, manager=cast.mira)
        upload_id = await tx.fetchval(
            """insert into storage.resumable_uploads
                 (bucket_id, name, owner_id, length, received, content_type, cache_control, upsert, expires_at)
               values ('extra', 'half.mp4', $1, 16, 8, 'video/mp4', '', false, now()) returning id""",
            cast.ada.user_id,
        )
        await tx.execute("insert into storage.upload_parts values ($1, 0, 8, gen_random_uuid())", upload_id)
    return {
        **{name: person.user_id for name, person in people.items() if person.user_id},
        "spare": spare.product_id,
        "module": spare.module_id,
        "video": spare.video_lesson_id,
        "text": spare.text_lesson_id,
        "quiz": spare.quiz_id,
        "question": spare.question_id,
        "simulation": spare.simulation_id,
        "bare_simulation": bare_simulation,
        "call": call_id,
        "second_call": second_call,
        "upload": upload_id,
    }


async def record_notices(tx: Tx, person: Person) -> None:
    """A letter, a notification and choices of this person."""
    for sql in (
        "insert into auth.letters (kind, recipient, user_id) values ('recovery', 'x@callx.example', $1)",
        "insert into public.personal_settings (user_id, language) values ($1, 'de')",
        "insert into public.notifications (user_id, kind, subject_id, title) values ($1, 'assigned', $1, 'New')",
        """insert into public.notification_preferences (user_id, kind, channel, enabled)
           values ($1, 'welcome', 'email', false)""",
    ):
        await tx.execute(sql, person.user_id)


async def record_video_and_document(tx: Tx, person: Person, lesson_id: UUID) -> None:
    """A lesson's video that this person has begun, and the PDF that the course's text has attached, read."""
    await tx.execute(
        "insert into public.video_watching (user_id, lesson_id) values ($1, $2)", person.user_id, lesson_id
    )
    object_id = await tx.fetchval(
        """insert into storage.objects (bucket_id, name, metadata)
           values ('lesson-attachments', 'x/a.pdf', '{"mimetype": "application/pdf"}') returning id"""
    )
    await tx.execute("insert into public.document_pages values ($1, 1, 'Page.')", object_id)


async def test_every_table_by_every_role_and_verb(
    database: Database, people: dict[str, Person], names: dict[str, UUID]
):
    header, *expected = MATRIX.strip().splitlines()
    actual = [header]
    for line in expected:
        table = line.split()[0]
        cells = [await _cell(database, person, table, names) for person in people.values()]
        actual.append(f"{table:<22} " + "    ".join(cells))
    assert actual == [header, *expected], CONTENT_IS_SPARE


async def test_a_new_table_needs_a_row_in_the_matrix(owner_dsn: str):
    owner = await asyncpg.connect(owner_dsn)
    rows = await owner.fetch(
        """select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as name
           from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where n.nspname not in ('callx', 'pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'
             and c.relkind in ('r', 'p', 'v', 'm', 'f')"""
    )
    await owner.close()
    listed = [line.split()[0] for line in MATRIX.strip().splitlines()[1:]]
    assert sorted(row["name"] for row in rows) == sorted(listed)
    assert sorted(PROBES) == sorted(listed)


async def test_a_function_that_may_be_called_needs_a_row(owner_dsn: str):
    owner = await asyncpg.connect(owner_dsn)
    rows = await owner.fetch(
        """select p.oid::regprocedure::text as name, r.role, has_function_privilege(r.role, p.oid, 'execute') as may
           from pg_proc p, unnest(array['anon', 'callx_trainee', 'callx_manager', 'callx_admin']) with ordinality
             as r (role, place)
           where p.pronamespace = 'public'::regnamespace order by p.oid::regprocedure::text, r.place"""
    )
    await owner.close()
    may: dict[str, list[str]] = {}
    for row in rows:
        may.setdefault(row["name"], []).append("x" if row["may"] else "-")
    header, *expected = FUNCTIONS.strip().splitlines()
    actual = [
        f"{name:<42}{cells[0]:<8}{cells[1]:<9}{cells[2]:<9}{cells[3]}" for name, cells in may.items() if "x" in cells
    ]
    assert sorted(actual) == sorted(expected), header


async def _cell(database: Database, person: Person, table: str, names: Mapping[str, UUID]) -> str:
    probe = PROBES[table]
    name = table if "." in table else f"public.{table}"
    rows, insert, update = (text.format(**names) for text in (probe.rows, probe.insert, probe.update))
    statements = {
        "s": f"select from {name} where {rows}",
        "i": f"insert into {name} {insert}",
        "u": f"update {name} set {update} where {rows}",
        "d": f"delete from {name} where {rows}",
    }
    return "".join([await _outcome(database, person, letter, sql) for letter, sql in statements.items()])


class _Undone(Exception):
    pass


async def _outcome(database: Database, person: Person, letter: str, sql: str) -> str:
    status = ""
    try:
        async with database.acting_as(person) as tx:
            status = await _run(tx, sql)
            raise _Undone
    except _Undone:
        return "0" if status.endswith(" 0") else letter
    except (asyncpg.InsufficientPrivilegeError, asyncpg.ObjectNotInPrerequisiteStateError):  # the latter: a view
        return "-"


async def _run(tx: Tx, sql: str) -> str:
    status: str = await tx.execute(sql)
    return status
