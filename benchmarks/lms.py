"""What progress and teams cost: `python benchmarks/lms.py`.

Fills a throw-away PostgreSQL with 100, 1,000 and 10,000 trainees in a course of 60 lessons in six linked modules, of
which each has completed between none and all, with attempts and calls beside them, and prints how long the database
takes for teams of several sizes, for what one person asks, and for what admins ask about everybody. Then ten such
courses, of which the first thousand have completed some, and what the parts of the team's view take. About a minute.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from core.db import Database, connect
from core.embedded_postgres import EmbeddedPostgres
from core.identity import Person
from migrations.runner import LOGIN_ROLE, migrate

POPULATIONS = (100, 1_000, 10_000)
TEAMS = (50, 100, 200, 400, 1_000, 10_000)
WANTED = 200
"""The team for which 50 ms are promised."""
IN_ALL_COURSES = 1_000
COURSES = 10
MANAGERS = {size: UUID(int=20_000 + place) for place, size in enumerate(TEAMS)}
ADMIN, TRAINEE = UUID(int=30_000), UUID(int=77)
STAFF = f"""
insert into auth.users (id, email)
  select lpad(to_hex(n), 32, '0')::uuid, 'person' || n || '@callx.example'
  from (select generate_series(20000, {20_000 + len(TEAMS) - 1}) union select {ADMIN.int}) p (n);
update user_roles set role = 'manager' where user_id >= '{UUID(int=20_000)}';
update user_roles set role = 'admin' where user_id = '{ADMIN}';
"""
TRAINEES = """
insert into auth.users (id, email)
  select lpad(to_hex(n), 32, '0')::uuid, 'person' || n || '@callx.example'
  from generate_series(1, {population}) n on conflict do nothing;
"""
TEAM = """
insert into manager_assignments (trainee_id, manager_id)
  select id, '{manager_id}' from profiles where id < '{first_manager}' order by id limit {size} on conflict do nothing
"""
COURSE = """
insert into products (title) values ('Course');
insert into modules (product_id, title, order_index, is_prerequisite)
  select p.id, 'Module', n, n > 1 from products p, generate_series(1, 6) n
  where not exists (select from modules m where m.product_id = p.id);
insert into lessons (module_id, title, lesson_type, order_index, text_content)
  select m.id, 'Lesson', t.type, t.place, repeat('words ', 200) from modules m, unnest(
    array['text', 'video', 'text', 'text', 'text', 'text', 'text', 'quiz', 'quiz', 'simulation']::lesson_type[]
  ) with ordinality t (type, place)
  where not exists (select from lessons l where l.module_id = m.id);
insert into quizzes (lesson_id, passing_grade, max_attempts)
  select id, 80, 3 from lessons where lesson_type = 'quiz' on conflict do nothing;
insert into simulations (lesson_id, scenario_description, ai_system_prompt, passing_grade)
  select id, 'A customer calls.', 'Be angry.', 70 from lessons where lesson_type = 'simulation' on conflict do nothing;
"""
RESULTS = """
set session_replication_role = replica;
insert into lesson_completions (user_id, lesson_id, completed_at)
  select u.id, l.id, now() - make_interval(hours => place::int)
  from (select id, row_number() over (order by id) % 61 as done from profiles order by id limit {people}) u
  join (
    select l.id, row_number() over (partition by m.product_id order by m.order_index, l.order_index) as place
    from lessons l join modules m on m.id = l.module_id
  ) l on l.place <= u.done
  on conflict do nothing;
insert into quiz_attempts (user_id, quiz_id, score, passed, answers)
  select p.id, q.id, 50, n = 2, '[]' from profiles p, (select id from quizzes limit 3) q, generate_series(1, 2) n
  where not exists (select from quiz_attempts a where a.user_id = p.id);
insert into calls (user_id, simulation_id, mode, state, token_hash, seed)
  select p.id, s.id, 'practice', 'ended', '', 1 from profiles p, (select id from simulations limit 3) s
  where not exists (select from calls a where a.user_id = p.id);
insert into simulation_attempts (user_id, simulation_id, overall_score, passed, transcript)
  select p.id, s.id, 60, false, '[]' from profiles p, (select id from simulations limit 3) s
  where not exists (select from simulation_attempts a where a.user_id = p.id);
insert into assignments (product_id, user_id, due_at)
  select p.id, u.id, now() + interval '1 day' from products p, profiles u where u.id::text like '%7'
  on conflict do nothing;
insert into assignments (product_id, manager_id, due_at)
  select p.id, r.user_id, now() - interval '1 day' from products p, user_roles r where r.role = 'manager'
  on conflict do nothing;
set session_replication_role = origin;
vacuum analyze;
"""
PARTS = {
    "completions": """
        select count(*) from (
          select c.user_id, m.product_id, count(*), max(c.completed_at)
          from lesson_completions c join lessons l on l.id = c.lesson_id join modules m on m.id = l.module_id
          where c.user_id = any ($1) group by c.user_id, m.product_id) x""",
    "attempts and calls": """
        select count(*) from (
          select a.user_id, l.product_id, max(a.active_at)
          from callx.activities a join callx.lesson_places l on l.lesson_id = a.lesson_id
          where a.user_id = any ($1) and not a.is_completion group by a.user_id, l.product_id) x""",
    "exhausted quizzes": "select count(*) from callx.exhausted_quizzes e where e.user_id = any ($1)",
}
"""What callx.course_states puts together, each by itself, for people given as an array."""
ROUNDS = 15
MOST_MS = 1_500


async def main() -> None:
    """Prints the tables."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        dsn = await server.start()
        try:
            await migrate(dsn, server_password="thrown away with the cluster")
            owner = await asyncpg.connect(dsn)
            await owner.execute(STAFF)
            async with _database(server) as database:
                for population in POPULATIONS:
                    await _fill(owner, population, courses=1, people=population)
                    await _measure(owner, database, population)
                await _fill(owner, POPULATIONS[-1], courses=COURSES, people=IN_ALL_COURSES)
                await _measure_courses(owner, database)
            await owner.close()
        finally:
            await server.stop()


@asynccontextmanager
async def _database(server: EmbeddedPostgres) -> AsyncIterator[Database]:
    database = await connect(server.url("postgres", LOGIN_ROLE), pool_size=2)
    yield database
    await database.close()


async def _fill(owner: asyncpg.Connection, population: int, *, courses: int, people: int) -> None:
    await owner.execute(TRAINEES.format(population=population))
    for size, manager_id in MANAGERS.items():
        if size <= population:
            await owner.execute(TEAM.format(manager_id=manager_id, first_manager=UUID(int=20_000), size=size))
    while await owner.fetchval("select count(*) from products") < courses:
        await owner.execute(COURSE)
    for statement in RESULTS.format(people=people).split(";"):
        if statement.strip():
            await owner.execute(statement)  # one by one, because VACUUM is in no transaction


async def _measure(owner: asyncpg.Connection, database: Database, population: int) -> None:
    completions = await owner.fetchval("select count(*) from lesson_completions")
    print(f"{population} trainees in a course of 60 lessons, {completions} completions", flush=True)
    product_id = await owner.fetchval("select id from products limit 1")
    for size, manager_id in MANAGERS.items():
        if size <= population:
            await _print(database, manager_id, f"team of {size}", "callx.team_progress(null, null, 1000, 0)")
    await _print(database, TRAINEE, "get-user-progress", "callx.user_progress($1, $2)", product_id, TRAINEE)
    await _print(database, TRAINEE, "get-my-courses", "callx.courses_of($1)", TRAINEE)
    for name in ("training_funnel", "pass_counts"):
        await _print(database, ADMIN, f"{name}, everybody", f"callx.{name}(null, null, null, null)")


async def _measure_courses(owner: asyncpg.Connection, database: Database) -> None:
    completions = await owner.fetchval("select count(*) from lesson_completions")
    print(f"{COURSES} courses of 60 lessons, {completions} completions", flush=True)
    for size, manager_id in MANAGERS.items():
        if size <= IN_ALL_COURSES:
            await _print(database, manager_id, f"team of {size}", "callx.team_progress(null, null, 1000, 0)")
    people = await owner.fetchval(
        "select array_agg(trainee_id) from manager_assignments where manager_id = $1", MANAGERS[WANTED]
    )
    print(f"parts of a team of {WANTED}, as the owner", flush=True)
    for name, statement in PARTS.items():
        clock_ms, processor_ms = await _times(owner, statement, people)
        _line(name, clock_ms, processor_ms)
    plan = await owner.fetch(f"explain (costs off) {PARTS['completions']}", people)
    print("plan of the completions", flush=True)
    for row in plan:
        if "any" not in row[0].lower():  # the people by name are long
            print(f"    {row[0]}")


async def _print(database: Database, user_id: UUID, name: str, answer: str, *values: Any) -> None:
    """Of making an answer, not of sending it."""
    async with database.acting_as(Person("authenticated", user_id=user_id), read_only=True) as tx:
        _line(name, *await _times(tx, f"select length({answer}::text)", *values))


async def _times(tx: Any, sql: str, *values: Any) -> tuple[float, float]:
    """By the clock, and the processor's time, which others on the machine do not lengthen; milliseconds."""
    clock_ms: list[float] = []
    backend = await tx.fetchval("select pg_backend_pid()")
    await tx.fetchval(sql, *values)
    began_ms = _processor_ms(backend)
    while len(clock_ms) < ROUNDS and sum(clock_ms) < MOST_MS:
        began = time.perf_counter()
        await tx.fetchval(sql, *values)
        clock_ms.append((time.perf_counter() - began) * 1_000)
    return statistics.median(clock_ms), (_processor_ms(backend) - began_ms) / len(clock_ms)


def _line(name: str, clock_ms: float, processor_ms: float) -> None:
    print(f"  {name:28}  {clock_ms:8.2f} ms   processor {processor_ms:8.2f} ms", flush=True)


def _processor_ms(process_id: int) -> float:
    """How long a process has run so far; 0 on systems that do not tell."""
    file = Path(f"/proc/{process_id}/schedstat")
    return int(file.read_text("ascii").split()[0]) / 1_000_000 if file.exists() else 0.0


if __name__ == "__main__":
    asyncio.run(main())
