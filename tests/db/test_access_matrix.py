"""Every table by every role and verb: what happens to rows that are about tess, as one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from core.db import Database, Tx
from core.identity import ANONYMOUS, Person
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
watch_lesson(uuid,jsonb,integer)          -       x        x        x
"""
"""The functions of the exposed schema that anybody may call at all; trigger functions are nobody's."""

CONTENT_IS_SPARE = "content comes from a course that nobody has results in: what has results is archived, not deleted"


@dataclass(frozen=True)
class Probe:
    """How a table is tried: which rows are meant, an insert and an update that the best-entitled person may do."""

    rows: str
    insert: str
    update: str


def _refused(rows: str, column: str) -> Probe:
    return Probe(rows, "default values", f"{column} = {column}")


PROBES: Mapping[str, Probe] = {
    "auth.users": _refused("id = '{tess}'", "email"),
    "auth.logins": _refused("user_id = '{tess}'", "ip"),
    "auth.refresh_tokens": _refused("true", "used_at"),
    "auth.letters": _refused("true", "recipient"),
    "auth.one_time_tokens": _refused("true", "used_at"),
    "auth.email_changes": _refused("true", "new_email"),
    "profiles": Probe("id = '{tess}'", "default values", "full_name = 'Tess'"),
    "user_roles": Probe("user_id = '{tess}'", "(user_id, role) values ('{tess}', 'manager')", "role = 'manager'"),
    "manager_assignments": Probe(
        "trainee_id = '{tess}' and manager_id = '{mira}'",
        "(trainee_id, manager_id) values ('{tess}', '{otto}')",
        "manager_id = '{otto}'",
    ),
    "site_settings": Probe("true", "default values", "open_enrolment = false"),
    "assignments": Probe("user_id = '{tess}'", "(user_id, product_id) values ('{tess}', '{spare}')", "due_at = now()"),
    "products": Probe("id = '{spare}'", "(title) values ('New')", "title = 'New'"),
    "modules": Probe(
        "product_id = '{spare}'", "(product_id, title, order_index) values ('{spare}', 'New', 9)", "title = 'New'"
    ),
    "lessons": Probe(
        "module_id = '{module}'",
        "(module_id, title, lesson_type, order_index) values ('{module}', 'New', 'text', 9)",
        "title = 'New'",
    ),
    "lesson_attachments": Probe(
        "lesson_id = '{text}'", "(lesson_id, file_name, file_path) values ('{text}', 'a', 'b')", "file_name = 'New'"
    ),
    "lesson_videos": Probe("lesson_id = '{video}'", "(lesson_id) values ('{text}')", "duration_ms = 1"),
    "documents": _refused("path = 'x/a.pdf'", "state"),
    "document_pages": Probe("text = 'Page.'", "default values", "text = ''"),
    "video_watching": Probe(
        "user_id = '{tess}'", "(user_id, lesson_id) values ('{tess}', '{text}')", "watched = '{{[0,9)}}'"
    ),
    "quizzes": Probe("id = '{quiz}'", "(lesson_id, passing_grade) values ('{text}', 1)", "passing_grade = 2"),
    "quiz_questions": Probe(
        "quiz_id = '{quiz}'",
        "(quiz_id, question_text, question_type, order_index) values ('{quiz}', 'New?', 'true_false', 9)",
        "question_text = 'New?'",
    ),
    "quiz_answers": Probe(
        "question_id = '{question}'",
        "(question_id, answer_text, is_correct, order_index) values ('{question}', 'New', true, 9)",
        "is_correct = true",
    ),
    "simulations": Probe(
        "id = '{simulation}'",
        """(lesson_id, scenario_description, ai_system_prompt, passing_grade) values ('{text}', 'New', 'New', 1)""",
        "ai_system_prompt = 'New'",
    ),
    "simulation_scenarios": Probe(
        "simulation_id = '{simulation}'",
        """(simulation_id, title, customer_name, script) values ('{bare_simulation}', 'New', 'Casey', '{{}}')""",
        "script = '{{}}'",
    ),
    "module_locks": Probe("product_id = '{spare}'", "(is_locked) values (false)", "is_locked = false"),
    "lesson_completions": Probe(
        "user_id = '{tess}'", "(user_id, lesson_id) values ('{tess}', '{text}')", "user_id = user_id"
    ),
    "quiz_attempts": Probe(
        "user_id = '{tess}'",
        "(user_id, quiz_id, score, passed, answers) values ('{tess}', '{quiz}', 1, true, '[]')",
        "score = 100",
    ),
    "quiz_allowances": Probe(
        "user_id = '{tess}'", "(user_id, quiz_id) values ('{tess}', '{quiz}')", "extra_attempts = 2"
    ),
    "simulation_attempts": Probe(
        "user_id = '{tess}'",
        """(user_id, simulation_id, overall_score, passed, transcript)
           values ('{tess}', '{simulation}', 99, true, '[]')""",
        "passed = true",
    ),
    "certifications": Probe(
        "user_id = '{tess}'",
        "(user_id, product_id, certificate_url) values ('{tess}', '{spare}', 'x')",
        "certificate_url = 'x'",
    ),
    "certificate_issues": Probe(
        "number = 1",
        """(certification_id, number, code, holder_name, product_title, issuer, issued_at, object_name, pdf_sha256)
           select id, 9, '0000000000000000', 'T', 'B', 'C', now(), 'z.pdf', repeat('0', 64)
           from public.certifications""",
        "revoked_at = null",
    ),
    "certificate_badges": Probe(
        "status_number >= 0",
        "(issue_id, status_number, credential, printed_at) select id, 8, 'x.y.z', now() from public.certificate_issues",
        "credential = 'x.y.z'",
    ),
    "certificate_reissues": Probe(
        "reason = 'A new logo.'",
        "(product_id, how, which, reason, total) values ('{spare}', 'reprint', 'all', 'Because.', 1)",
        "done = 1",
    ),
    "certificate_reissue_items": Probe("true", "default values", "problem = 'None.'"),
    "calls": Probe(
        "user_id = '{tess}'",
        "(user_id, simulation_id, mode, token_hash, seed) values ('{tess}', '{simulation}', 'exam', '', 1)",
        "state = 'ended'",
    ),
    "call_turns": Probe(
        "call_id = '{call}'",
        "(call_id, number, speaker, text, start_ms, end_ms) values ('{call}', 9, 'user', 'Sorry!', 1, 2)",
        "text = 'Sorry!'",
    ),
    "call_gaps": Probe(
        "call_id = '{call}'", "(call_id, line, from_ms, to_ms) values ('{call}', 'customer', 9, 99)", "to_ms = 999"
    ),
    "call_moods": Probe("call_id = '{call}'", "(call_id, at_ms, mood) values ('{call}', 9, 99)", "mood = 99"),
    "recordings": Probe("call_id = '{call}'", "default values", "state = 'ready'"),
    "letters": Probe("user_id = '{tess}'", "(kind) values ('x')", "kind = 'x'"),
    "personal_settings": Probe(
        "user_id = '{tess}'",
        "(user_id, language) values ('{tess}', 'fr') on conflict (user_id) do update set language = 'fr'",
        "time_zone = 'Europe/Paris'",
    ),
    "notifications": Probe(
        "user_id = '{tess}'",
        "(user_id, kind, subject_id, title) values ('{tess}', 'welcome', '{tess}', 'New')",
        "read_at = now()",
    ),
    "notification_preferences": Probe(
        "user_id = '{tess}'",
        "(user_id, kind, channel, enabled) values ('{tess}', 'all', 'email', false)",
        "enabled = true",
    ),
    "awards": Probe(
        "user_id = '{tess}'",
        """(user_id, badge, subject_kind, subject_id, earned_at)
           values ('{tess}', 'x', 'quiz_attempt', '{quiz}', now())""",
        "badge = 'x'",
    ),
    "team_settings": Probe(
        "manager_id = '{mira}'",
        "(manager_id, recognition) values ('{mira}', true) on conflict (manager_id) do update set recognition = false",
        "recognition = false",
    ),
    "audit_events": _refused("true", "action"),
    "storage.buckets": Probe("id = 'extra'", "(id, name) values ('another', 'another')", "public = true"),
    "storage.objects": Probe(
        "name = 'spare.mp4'",
        "(bucket_id, name) values ('lesson-videos', 'another.mp4')",
        "name = 'renamed.mp4'",
    ),
    "storage.resumable_uploads": Probe(
        "name = 'half.mp4'",
        """(bucket_id, name, length, content_type, cache_control, upsert, expires_at)
           values ('extra', 'more.mp4', 1, 'video/mp4', '', false, now())""",
        "received = 9",
    ),
    "storage.upload_parts": Probe(
        "upload_id = '{upload}'",
        "(upload_id, start, size_bytes, version) values ('{upload}', 8, 1, gen_random_uuid())",
        "size_bytes = 9",
    ),
    "call_comments": Probe(
        "call_id = '{call}'", "(call_id, body) values ('{call}', 'Well said.')", "resolved_at = now()"
    ),
    "reviews": _refused("call_id = '{call}'", "reason"),
    "evaluation_versions": Probe("call_id = '{call}'", "default values", "report = '{{}}'"),
    "review_requests": Probe(
        "call_id = '{call}'", "(call_id, reason) values ('{second_call}', 'I did say it.')", "state = 'answered'"
    ),
    "review_claims": _refused("call_id = '{call}'", "claimed_at"),
    "review_queue": Probe("call_id = '{call}'", "(call_id) values ('{call}')", "title = 'New'"),
    "report_subscriptions": Probe(
        "user_id = '{mira}'",
        "(user_id, every) values ('{mira}', 'month')",
        "language = 'fr'",
    ),
    "unverified_evaluations": Probe("user_id = '{tess}'", "default values", "report = '{{}}'"),
    "model_usage": Probe("user_id = '{tess}'", "default values", "cost_usd = 0"),
    "evaluations": Probe("call_id = '{call}'", "(call_id) values ('{call}')", "report = '{{}}'"),
}


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
