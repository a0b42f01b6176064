"""Who sees what: tables by people, hidden columns, and what may be written."""

from uuid import UUID

import asyncpg
import pytest

from core.db import Database, Tx
from core.identity import ANONYMOUS, Person
from tests.people import Cast
from tests.support.courses import Course, attempt, build_course, record_everything

DENIED = asyncpg.InsufficientPrivilegeError

PERSONAL = {
    "profiles": "id",
    "lesson_completions": "user_id",
    "quiz_attempts": "user_id",
    "simulation_attempts": "user_id",
    "certifications": "user_id",
    "calls": "user_id",
}
"""Tables whose rows belong to somebody, and the column that says to whom."""

OF_A_CALL = ["call_turns", "call_moods", "call_gaps", "call_events", "recordings", "evaluations"]

COURSE = {
    "products": "id",
    "modules": "product_id",
    "lessons": "module_id",
    "lesson_attachments": "lesson_id",
    "quizzes": "lesson_id",
    "quiz_questions": "quiz_id",
    "quiz_answers": "question_id",
    "simulations": "lesson_id",
    "simulation_scenarios": "simulation_id",
}
"""Tables of the courses, and a readable column of each."""

WRITTEN_BY_ADMINS = [
    ("quiz_answers", "is_correct"),
    ("simulations", "ai_system_prompt"),
    ("simulation_scenarios", "script"),
    ("simulation_scenarios", "rubric"),
]
"""Hidden from everybody else."""

HIDDEN = [
    ("products", "archived_at"),
    ("modules", "archived_at"),
    ("lessons", "archived_at"),
    ("calls", "token_hash"),
    ("calls", "seed"),
    ("calls", "scenario"),
    ("calls", "rubric"),
    ("calls", "lease_holder"),
    ("calls", "lease_expires_at"),
    ("recordings", "journal"),
]

VISIBLE_PEOPLE = {
    "tess": {"tess"},
    "theo": {"theo"},
    "mira": {"mira", "tess"},
    "otto": {"otto", "theo"},
    "demoted": {"demoted"},
    "ada": {"tess", "theo", "mira", "otto", "demoted", "ada"},
}
"""Whose rows each person sees."""


@pytest.fixture
async def people(database: Database, cast: Cast) -> dict[str, Person]:
    """The cast and a manager of tess who lost the role, not the assignment."""
    demoted = Person("authenticated", UUID(int=0xDE))
    async with database.acting_as_service() as tx:
        await tx.execute("insert into auth.users (id, email) values ($1, 'demoted@callx.example')", demoted.user_id)
        await tx.execute(
            "insert into public.manager_assignments (trainee_id, manager_id) values ($1, $2)",
            cast.tess.user_id,
            demoted.user_id,
        )
    return {**dict(cast), "demoted": demoted}


@pytest.fixture
async def course(database: Database) -> Course:
    """A course that everybody sees."""
    async with database.acting_as_service() as tx:
        return await build_course(tx)


@pytest.fixture
async def calls(database: Database, people: dict[str, Person], course: Course) -> dict[str, UUID]:
    """A call of everybody, with all that it leaves behind."""
    async with database.acting_as_service() as tx:
        return {name: await record_everything(tx, person, course) for name, person in people.items()}


@pytest.mark.usefixtures("calls")
async def test_everybody_sees_the_rows_of_exactly_their_people(database: Database, people: dict[str, Person]):
    names = {person.user_id: name for name, person in people.items()}
    for name, person in people.items():
        async with database.acting_as(person) as tx:
            for table, column in PERSONAL.items():
                rows = await tx.fetch(f"select {column} from public.{table}")
                assert sorted(names[row[0]] for row in rows) == sorted(VISIBLE_PEOPLE[name]), (name, table)


async def test_what_belongs_to_a_call_is_seen_by_those_who_see_the_call(
    database: Database, people: dict[str, Person], calls: dict[str, UUID]
):
    names = {call_id: name for name, call_id in calls.items()}
    for name, person in people.items():
        async with database.acting_as(person) as tx:
            for table in OF_A_CALL:
                rows = await tx.fetch(f"select distinct call_id from public.{table}")
                assert sorted(names[row[0]] for row in rows) == sorted(VISIBLE_PEOPLE[name]), (name, table)


@pytest.mark.parametrize(
    ("name", "roles", "assignments"),
    [("tess", 1, 2), ("theo", 1, 1), ("mira", 1, 1), ("otto", 1, 1), ("demoted", 1, 0), ("ada", 6, 3)],
)
async def test_roles_and_teams_are_seen_from_ones_own_side(
    database: Database, people: dict[str, Person], name: str, roles: int, assignments: int
):
    async with database.acting_as(people[name]) as tx:
        assert await tx.fetchval("select count(*) from public.user_roles") == roles
        assert await tx.fetchval("select count(*) from public.manager_assignments") == assignments


async def test_everybody_signed_in_sees_active_courses_and_only_admins_the_others(
    database: Database, people: dict[str, Person], course: Course
):
    async with database.acting_as_service() as tx:
        await build_course(tx, title="Secret", is_active=False)
        both = await _count(tx)
    for name, person in people.items():
        async with database.acting_as(person) as tx:
            seen = await _count(tx)
        assert seen == (both if name == "ada" else {table: rows // 2 for table, rows in both.items()}), name


async def test_switching_a_product_off_hides_everything_in_it_at_once(database: Database, cast: Cast, course: Course):
    async with database.acting_as_service() as tx:
        await tx.execute("update public.products set is_active = false where id = $1", course.product_id)
    async with database.acting_as(cast.tess) as tx:
        assert set((await _count(tx)).values()) == {0}


@pytest.mark.usefixtures("calls")
async def test_nobody_signed_in_is_denied_every_table(database: Database, owner_dsn: str):
    for schema, table in await _tables(owner_dsn):
        for sql in (f"select from {schema}.{table}", f"delete from {schema}.{table}"):
            with pytest.raises(DENIED):
                async with database.acting_as(ANONYMOUS) as tx:
                    await tx.execute(sql)


async def test_accounts_are_denied_to_everybody(database: Database, cast: Cast):
    for person in (cast.tess, cast.mira, cast.ada):
        for table in ("users", "logins", "refresh_tokens"):
            with pytest.raises(DENIED):
                async with database.acting_as(person) as tx:
                    await tx.execute(f"select from auth.{table}")


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize(("table", "column"), [*WRITTEN_BY_ADMINS, ("quiz_attempts", "answer_key"), *HIDDEN])
async def test_a_hidden_column_cannot_be_reached(database: Database, cast: Cast, table: str, column: str):
    for person in (cast.tess, cast.mira, *([cast.ada] if (table, column) in HIDDEN else [])):
        for sql in (
            f"select {column} from public.{table}",
            f"select * from public.{table}",
            f"select 1 from public.{table} where {column} is not null",
            f"select 1 from public.{table} order by {column}",
            f"select count({column}) from public.{table}",
            f"select row_to_json(t) from public.{table} t",
            f"select t::text from public.{table} t",
            f"update public.{table} set {column} = default",
            f"update public.{table} set {column} = {column}",
        ):
            with pytest.raises(DENIED):
                async with database.acting_as(person) as tx:
                    await tx.execute(sql)


async def test_the_service_reads_hidden_columns(database: Database, calls: dict[str, UUID]):
    async with database.acting_as_service() as tx:
        for table, column in (*WRITTEN_BY_ADMINS, *HIDDEN):
            assert await tx.fetch(f"select {column} from public.{table}")


async def test_an_admin_writes_courses(database: Database, cast: Cast):
    async with database.acting_as(cast.ada) as tx:
        product_id = await tx.fetchval("insert into public.products (title) values ('New') returning id")
        module_id = await tx.fetchval(
            "insert into public.modules (product_id, title, order_index) values ($1, 'M', 1) returning id", product_id
        )
        await tx.execute(
            "insert into public.lessons (module_id, title, lesson_type, order_index) values ($1, 'L', 'text', 1)",
            module_id,
        )
        await tx.execute("update public.products set is_active = false")
        assert await tx.fetchval("select created_by from public.products") == cast.ada.user_id
        await tx.execute("delete from public.products")
        assert await tx.fetchval("select count(*) from public.lessons") == 0


async def test_has_role_tells_about_others_only_to_admins_and_the_service(database: Database, cast: Cast):
    ask = "select public.has_role($1, 'manager')"
    answers = {}
    for name, person in (("tess", cast.tess), ("mira", cast.mira), ("ada", cast.ada), ("service", Person("service"))):
        async with database.acting_as(person) as tx:
            answers[name] = await tx.fetchval(ask, cast.mira.user_id)
    assert answers == {"tess": False, "mira": True, "ada": True, "service": True}
    with pytest.raises(DENIED):
        async with database.acting_as(ANONYMOUS) as tx:
            await tx.fetchval(ask, cast.mira.user_id)


async def test_is_manager_of_needs_the_assignment_and_the_role(database: Database, people: dict[str, Person]):
    answers = {}
    for name, person in people.items():
        async with database.acting_as(person) as tx:
            answers[name] = await tx.fetchval("select public.is_manager_of($1)", people["tess"].user_id)
    assert answers == {**dict.fromkeys(people, False), "mira": True}


async def test_a_passed_attempt_completes_its_lesson_once_and_a_failed_one_does_not(
    database: Database, cast: Cast, course: Course
):
    completed = "select count(*) from public.lesson_completions where user_id = $1 and lesson_id = $2"
    for passed, expected in ((False, 0), (True, 1), (True, 1)):
        async with database.acting_as_service() as tx:
            await attempt(tx, cast.tess, course, passed=passed)
            assert await tx.fetchval(completed, cast.tess.user_id, course.simulation_lesson_id) == expected
            facts = await tx.fetch("select payload from callx.facts where kind = 'LessonCompleted'")
        fact = {"user_id": str(cast.tess.user_id), "lesson_id": str(course.simulation_lesson_id)}
        assert [row["payload"] for row in facts] == [fact] * expected


async def _count(tx: Tx) -> dict[str, int]:
    return {table: len(await tx.fetch(f"select {column} from public.{table}")) for table, column in COURSE.items()}


async def _tables(owner_dsn: str) -> list[tuple[str, str]]:
    owner = await asyncpg.connect(owner_dsn)
    rows = await owner.fetch("select schemaname, tablename from pg_tables where schemaname in ('public', 'auth')")
    await owner.close()
    return [(row["schemaname"], row["tablename"]) for row in rows]
