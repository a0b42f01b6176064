"""The specification's own policies of section 4.2, run as printed, beside ours: each difference is a numbered hole."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

from core.db import Database, connect
from core.identity import Person
from tests.people import CAST, EX_MANAGER, Cast, hire_everybody, hire_ex_manager
from tests.support.cluster import Cluster
from tests.support.courses import build_course, build_modules, complete

AS_PRINTED = Path(__file__).with_name("spec_policies.sql").read_text(encoding="utf-8")

WITHOUT_OURS = """
do $$
declare
  _row record;
begin
  for _row in select * from pg_policies where schemaname = 'public' and roles <> '{service_role}' loop
    execute format('drop policy %I on public.%I', _row.policyname, _row.tablename);
  end loop;
  for _row in select tgname, tgrelid::regclass as name from pg_trigger
              where not tgisinternal and tgrelid::regclass::text in ('lesson_completions', 'quiz_attempts') loop
    execute format('drop trigger %I on %s', _row.tgname, _row.name);
  end loop;
  for _row in select tablename from pg_tables where schemaname = 'public' loop
    execute format('alter table public.%I no force row level security', _row.tablename);
    execute format('alter table public.%I enable row level security', _row.tablename); -- "repeat for all tables"
  end loop;
end
$$;
grant all on all tables in schema public to authenticated; -- as Supabase does
"""

OWN_SIDE = """
create policy "own roles" on public.user_roles for select to authenticated using (auth.uid() = user_id);
create policy "own teams" on public.manager_assignments for select to authenticated
  using (auth.uid() in (trainee_id, manager_id));
"""
"""What 4.2 leaves out, and what its policies for managers need to mean what their names say (hole 16)."""


class Case(NamedTuple):
    """What a person tries, what comes of it (rows, or refused) there and here, and the hole that makes a difference."""

    text: str
    person: Person
    sql: str
    printed: int | str
    ours: int | str
    hole: int | None = None


TESS, THEO, MIRA, ADA = CAST.tess, CAST.theo, CAST.mira, CAST.ada
OF_TESS = f"where user_id = '{TESS.user_id}'"
LESSON = "select id from public.lessons where title"
INSERT = f"insert into public.lesson_completions (user_id, lesson_id) select '{TESS.user_id}', id from public.lessons"

CASES = [
    Case("Users can view own profile", TESS, "select id from public.profiles", 1, 1),
    Case("Managers can view trainee profiles", MIRA, "select id from public.profiles", 1, 2, 16),
    Case("Managers need the role", EX_MANAGER, "select id from public.profiles", 1, 1),
    Case("Admins can view all profiles", ADA, "select id from public.profiles", 6, 6),
    Case("Users see their role", TESS, "select id from public.user_roles", 0, 1, 16),
    Case("Users can view own completions", TESS, f"select id from public.lesson_completions {OF_TESS}", 1, 1),
    Case("... and nobody else's", THEO, f"select id from public.lesson_completions {OF_TESS}", 0, 0),
    Case("Users can insert own completions", TESS, f"{INSERT} where title = 'Video'", 1, 1),
    Case("... in visible modules", TESS, f"{INSERT} where title = 'Secret Video'", 1, 0, 21),
    Case("... of lessons that are passed", TESS, f"{INSERT} where title = 'Quiz'", 1, "refused", 5),
    Case("... and nobody else's", THEO, f"{INSERT} where title = 'Video'", "refused", "refused"),
    Case("(for all) update", TESS, "update public.lesson_completions set completed_at = '2001-01-01'", 1, "refused", 6),
    Case("(for all) delete", TESS, "delete from public.lesson_completions", 1, "refused", 7),
    Case(
        "Managers can view trainee completions", MIRA, f"select id from public.lesson_completions {OF_TESS}", 0, 1, 16
    ),
    Case("All users can view courses", TESS, "select id from public.products", 2, 2),
    Case("... that are active", TESS, "select id from public.products where title = 'Secret'", 0, 0),
    Case("All users can view modules", TESS, "select id from public.modules where title = 'Secret First'", 1, 0, 21),
    Case("All users can view lessons", TESS, f"{LESSON} = 'Secret Text'", 1, 0, 21),
    Case("... of locked modules", TESS, f"{LESSON} = 'L'", 2, 1, 22),
    Case("... and managers", MIRA, f"{LESSON} = 'L'", 2, 2),
    Case("Admins can manage products", ADA, "insert into public.products (title) values ('x')", 1, 1),
    Case("... change", ADA, "update public.products set title = 'x'", 3, 3),
    Case("... delete", ADA, "delete from public.products where title = 'Secret'", 1, 1),
    Case("... and nobody else", MIRA, "insert into public.products (title) values ('x')", "refused", "refused"),
    Case("Admins can modify courses", ADA, "update public.modules set title = 'x' where title = 'First'", 0, 1, 16),
    Case("Nobody makes himself an admin", TESS, "update public.user_roles set role = 'admin'", 0, "refused", 16),
    Case("Archived behind its back", ADA, "update public.products set archived_at = now()", 3, "refused", 32),
]

WITH_OWN_SIDE = [
    Case("Managers can view trainee profiles", MIRA, "select id from public.profiles", 2, 2),
    Case("Managers need the role", EX_MANAGER, "select id from public.profiles", 1, 1),
    Case("Managers can view trainee completions", MIRA, f"select id from public.lesson_completions {OF_TESS}", 1, 1),
    Case("... with the role", EX_MANAGER, f"select id from public.lesson_completions {OF_TESS}", 1, 0, 15),
]

RULES_OF_4_1 = """
create policy "authenticated can read" on public.quiz_answers for select to authenticated using (true);
create policy "authenticated can read" on public.simulations for select to authenticated using (true);
create policy "own" on public.quiz_attempts to authenticated using (auth.uid() = user_id);
create policy "own" on public.simulation_attempts to authenticated using (auth.uid() = user_id);
create policy "own" on public.certifications to authenticated using (auth.uid() = user_id);
create policy "own" on public.profiles for update to authenticated using (auth.uid() = id);
"""
"""What 4.1 and the calls of section 8 ask for, in the manner of 4.2."""

ATTEMPT = f"""insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers)
              select '{TESS.user_id}', q.id, 85, true, '[]' from public.quizzes q"""
CALL = f"""insert into public.simulation_attempts (user_id, simulation_id, overall_score, passed, transcript)
           select '{TESS.user_id}', s.id, 100, true, '[]' from public.simulations s"""
CERTIFICATE = f"""insert into public.certifications (user_id, product_id, certificate_url)
                  select '{TESS.user_id}', p.id, 'x' from public.products p where title = 'Billing'"""

WITH_RULES_OF_4_1 = [
    Case("Right answers", TESS, "select id from public.quiz_answers where is_correct", 2, "refused", 1),
    Case("The customer's prompt", TESS, "select ai_system_prompt from public.simulations", 2, "refused", 2),
    Case("Own simulation attempts", TESS, CALL, 2, "refused", 10),
    Case("Own certificate", TESS, CERTIFICATE, 1, "refused", 10),
    Case("Own e-mail address", TESS, "update public.profiles set email = 'boss@callx.example'", 1, "refused", 20),
]


@pytest.fixture
async def printed(cluster: Cluster, owner_dsn: str) -> AsyncIterator[tuple[Database, asyncpg.Connection]]:
    """A copy with the same data, where the specification's policies stand in place of ours; and its superuser."""
    name = await cluster.clone()
    database, owner = (
        await connect(cluster.server_dsn(name), pool_size=2),
        await asyncpg.connect(cluster.owner_dsn(name)),
    )
    await _fill(database)
    await owner.execute(WITHOUT_OURS)
    await owner.execute(AS_PRINTED)
    yield database, owner
    await database.close()
    await owner.close()
    await cluster.drop(name)


@pytest.fixture
async def ours(database: Database) -> Database:
    """The same data under our policies."""
    await _fill(database)
    return database


async def test_as_printed_beside_ours(printed: tuple[Database, asyncpg.Connection], ours: Database):
    await _compare(CASES, printed[0], ours)


async def test_as_printed_beside_ours_once_the_manager_policies_can_read_what_they_ask(
    printed: tuple[Database, asyncpg.Connection], ours: Database
):
    await printed[1].execute(OWN_SIDE)
    await _compare(WITH_OWN_SIDE, printed[0], ours)


async def test_what_4_1_asks_for_beside_ours(printed: tuple[Database, asyncpg.Connection], ours: Database):
    await printed[1].execute("""create policy "quizzes" on public.quizzes for select to authenticated using (true)""")
    await printed[1].execute(RULES_OF_4_1)
    await _compare(WITH_RULES_OF_4_1, printed[0], ours)


async def test_the_grade_is_the_clients_there_and_ours_here(
    printed: tuple[Database, asyncpg.Connection], ours: Database
):
    """Hole 3."""
    await printed[1].execute("""create policy "quizzes" on public.quizzes for select to authenticated using (true)""")
    await printed[1].execute(RULES_OF_4_1)
    for database, grades in ((printed[0], {(85, True)}), (ours, {(0, False)})):
        async with database.acting_as(TESS) as tx:
            rows = await tx.fetch(ATTEMPT + " returning score, passed")
        assert {tuple(row) for row in rows} == grades


async def test_roles_of_others_can_be_asked_for_there(printed: tuple[Database, asyncpg.Connection], ours: Database):
    """Hole 18, with has_role as section 3.1 prints it."""
    await printed[1].execute(
        """create or replace function public.has_role(_user_id uuid, _role public.app_role) returns boolean
           language sql stable security definer set search_path = public as $$
             select exists (select 1 from public.user_roles where user_id = _user_id and role = _role)
           $$"""
    )
    for database, answer in ((printed[0], True), (ours, False)):
        async with database.acting_as(TESS) as tx:
            assert await tx.fetchval("select public.has_role($1, 'admin')", ADA.user_id) is answer


async def _fill(database: Database) -> None:
    async with database.acting_as_service() as tx:
        cast: Cast = await hire_everybody(tx)
        await hire_ex_manager(tx)
        course = await build_course(tx)
        secret = await build_course(tx, title="Secret", is_active=False)
        for table, column in (("modules", "id"), ("lessons", "module_id")):
            await tx.execute(
                f"update public.{table} set title = 'Secret ' || title where {column} = $1", secret.module_id
            )
        await build_modules(tx, [(1, False, 1), (2, True, 1)])
        await complete(tx, cast.tess, course.text_lesson_id)


async def _compare(cases: list[Case], printed: Database, ours: Database) -> None:
    for case in cases:
        outcomes = (await _outcome(printed, case), await _outcome(ours, case))
        assert outcomes == (case.printed, case.ours), case.text
        assert (case.printed == case.ours) == (case.hole is None), case.text


class _Undone(Exception):
    pass


async def _outcome(database: Database, case: Case) -> int | str:
    rows = -1
    try:
        async with database.acting_as(case.person) as tx:
            status = await tx.execute(case.sql)
            rows = int(status.rpartition(" ")[2])
            raise _Undone
    except _Undone:
        return rows
    except asyncpg.InsufficientPrivilegeError:
        return "refused"
