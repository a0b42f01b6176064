"""What progress costs: `python benchmarks/progress.py`.

Fills a throw-away PostgreSQL with 10,000 trainees in a course of 60 lessons in six linked modules, of which each has
completed between none and all, with attempts and calls beside them, and prints how long the database takes for a team
of 50, 100, 200, 400, 1,000 and 10,000, and for what one person asks. Then the same with ten such courses, up to 1,000.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from core.db import Database, connect
from core.embedded_postgres import EmbeddedPostgres
from core.identity import Person
from migrations.runner import LOGIN_ROLE, migrate

TEAMS = (50, 100, 200, 400, 1_000, 10_000)
MANAGERS = {size: UUID(int=20_000 + place) for place, size in enumerate(TEAMS)}
TRAINEE = UUID(int=77)
PEOPLE = f"""
insert into auth.users (id, email)
  select lpad(to_hex(n), 32, '0')::uuid, 'person' || n || '@callx.example'
  from (select generate_series(1, 10000) union select generate_series(20000, {20_000 + len(TEAMS) - 1})) p (n);
update user_roles set role = 'manager' where user_id >= '{UUID(int=20_000)}';
"""
TEAM = """
insert into manager_assignments (trainee_id, manager_id)
  select id, '{manager_id}' from profiles where id < '{first_manager}' order by id limit {size}
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
  from (select id, row_number() over (order by id) % 61 as done from profiles) u
  join (
    select l.id, row_number() over (partition by m.product_id order by m.order_index, l.order_index) as place
    from lessons l join modules m on m.id = l.module_id
  ) l on l.place <= u.done
  on conflict do nothing;
insert into quiz_attempts (user_id, quiz_id, score, passed, answers)
  select p.id, q.id, 50, n = 2, '[]' from profiles p, (select id from quizzes limit 3) q, generate_series(1, 2) n;
insert into calls (user_id, simulation_id, mode, state, token_hash, seed)
  select p.id, s.id, 'practice', 'ended', '', 1 from profiles p, (select id from simulations limit 3) s;
insert into simulation_attempts (user_id, simulation_id, overall_score, passed, transcript)
  select p.id, s.id, 60, false, '[]' from profiles p, (select id from simulations limit 3) s;
insert into assignments (product_id, user_id, due_at)
  select p.id, u.id, now() + interval '1 day' from products p, profiles u where u.id::text like '%7'
  on conflict do nothing;
insert into assignments (product_id, manager_id, due_at)
  select p.id, r.user_id, now() - interval '1 day' from products p, user_roles r where r.role = 'manager'
  on conflict do nothing;
set session_replication_role = origin;
vacuum analyze;
"""
ROUNDS = 21


async def main() -> None:
    """Prints the tables."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        dsn = await server.start()
        try:
            await migrate(dsn, server_password="thrown away with the cluster")
            owner = await asyncpg.connect(dsn)
            await owner.execute(PEOPLE)
            for size, manager_id in MANAGERS.items():
                await owner.execute(TEAM.format(manager_id=manager_id, first_manager=UUID(int=20_000), size=size))
            database = await connect(server.url("postgres", LOGIN_ROLE), pool_size=2)
            for courses, most in ((1, 10_000), (10, 1_000)):
                await _add_courses(owner, courses)
                print(f"{courses} courses of 60 lessons, {await _completions(owner)} completions", flush=True)
                await _measure(database, owner, most)
            await database.close()
            await owner.close()
        finally:
            await server.stop()


async def _add_courses(owner: asyncpg.Connection, courses: int) -> None:
    while await owner.fetchval("select count(*) from products") < courses:
        await owner.execute(COURSE)
    for statement in RESULTS.split(";"):
        if statement.strip():
            await owner.execute(statement)  # one by one, because VACUUM is in no transaction


async def _completions(owner: asyncpg.Connection) -> int:
    count: int = await owner.fetchval("select count(*) from lesson_completions")
    return count


async def _measure(database: Database, owner: asyncpg.Connection, most: int) -> None:
    product_id = await owner.fetchval("select id from products limit 1")
    for size, manager_id in MANAGERS.items():
        if size <= most:
            name = f"a team of {size}"
            await _print_times(database, manager_id, name, "callx.team_progress(null, null, 1000, 0)")
            await _print_times(
                database, manager_id, "  in one course", "callx.team_progress(null, $1, 1000, 0)", product_id
            )
    await _print_times(database, TRAINEE, "get-user-progress", "callx.user_progress($1, $2)", product_id, TRAINEE)
    await _print_times(database, TRAINEE, "get-my-courses", "callx.courses_of($1)", TRAINEE)


async def _print_times(database: Database, user_id: UUID, name: str, answer: str, *values: Any) -> None:
    """Of making an answer, not of sending it: by the clock, and the processor's time, which others do not lengthen."""
    sql = f"select length({answer}::text)"
    clock_ms: list[float] = []
    async with database.acting_as(Person("authenticated", user_id=user_id), read_only=True) as tx:
        backend = await tx.fetchval("select pg_backend_pid()")
        await tx.fetchval(sql, *values)
        processor_began_ms = _processor_ms(backend)
        while len(clock_ms) < ROUNDS and sum(clock_ms) < 5_000:
            began = time.perf_counter()
            await tx.fetchval(sql, *values)
            clock_ms.append((time.perf_counter() - began) * 1_000)
        processor_ms = (_processor_ms(backend) - processor_began_ms) / len(clock_ms)
    print(f"  {name:17}  {statistics.median(clock_ms):8.2f} ms   processor {processor_ms:8.2f} ms", flush=True)


def _processor_ms(process_id: int) -> float:
    """How long a process has run so far; 0 on systems that do not tell."""
    file = Path(f"/proc/{process_id}/schedstat")
    return int(file.read_text("ascii").split()[0]) / 1_000_000 if file.exists() else 0.0


if __name__ == "__main__":
    asyncio.run(main())
