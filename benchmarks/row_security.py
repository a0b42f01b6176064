"""What the policies cost: `python benchmarks/row_security.py`.

Fills a throw-away PostgreSQL with 10,000 trainees, 10 products of 60 lessons in six linked modules, and 300,000
completions, and prints how long reads and writes take as a trainee, a manager of 50 and an admin.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import asyncpg

from core.db import Database, connect
from core.embedded_postgres import EmbeddedPostgres
from core.identity import Person
from migrations.runner import LOGIN_ROLE, migrate

MANAGER, ADMIN, TRAINEE = (UUID(int=number) for number in (1, 2, 77))
CONTENT = f"""
insert into auth.users (id, email)
  select lpad(to_hex(n), 32, '0')::uuid, 'person' || n || '@callx.example' from generate_series(1, 10000) n;
update user_roles set role = 'manager' where user_id = '{MANAGER}';
update user_roles set role = 'admin' where user_id = '{ADMIN}';
insert into manager_assignments (trainee_id, manager_id)
  select id, '{MANAGER}' from profiles where id > '{ADMIN}' order by id limit 50;
insert into products (title) select 'Product ' || n from generate_series(1, 10) n;
insert into modules (product_id, title, order_index, is_prerequisite)
  select id, 'Module', n, n > 1 from products, generate_series(1, 6) n;
insert into lessons (module_id, title, lesson_type, order_index, text_content)
  select m.id, 'Lesson', t.type, t.place, repeat('words ', 200) from modules m, unnest(
    array['text', 'video', 'text', 'text', 'text', 'text', 'text', 'quiz', 'quiz', 'simulation']::lesson_type[]
  ) with ordinality t (type, place);
insert into quizzes (lesson_id, passing_grade) select id, 80 from lessons where lesson_type = 'quiz';
insert into quiz_questions (quiz_id, question_text, question_type, order_index)
  select id, 'Why?', 'multiple_choice', n from quizzes, generate_series(1, 8) n;
insert into quiz_answers (question_id, answer_text, is_correct, order_index)
  select id, 'Because.', n = 1, n from quiz_questions, generate_series(1, 4) n;
"""
COMPLETIONS = """
alter table lesson_completions disable trigger user;
insert into lesson_completions (user_id, lesson_id)
  select u.id, l.id from auth.users u cross join lessons l join modules m on m.id = l.module_id
  where m.product_id = (select min(id::text)::uuid from products) and m.order_index <= 3;
alter table lesson_completions enable trigger user;
analyze;
"""
READS = {
    "one lesson": "select id, text_content from lessons where id = '{lesson}'",
    "a product with its lessons": "select m.title, (select json_agg(l.title) from lessons l where l.module_id = m.id) "
    "from modules m where product_id = '{product}'",
    "every lesson": "select id from lessons",
    "the locks of a product": "select * from module_locks where product_id = '{product}'",
    "a quiz with its answers": "select k.question_text, (select json_agg(a.answer_text) from quiz_answers a "
    "where a.question_id = k.id) from quiz_questions k where k.quiz_id = '{quiz}'",
    "every answer": "select id from quiz_answers",
    "completions": "select lesson_id from lesson_completions where user_id = '{trainee}'",
}
ROUNDS = 50


async def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres")
        dsn = await server.start()
        try:
            await migrate(dsn, server_password="thrown away with the cluster")
            owner = await asyncpg.connect(dsn)
            await owner.execute(CONTENT)
            await owner.execute(COMPLETIONS)
            names = await _names(owner)
            database = await connect(server.url("postgres", LOGIN_ROLE), pool_size=2)
            for who, user_id in (("trainee", TRAINEE), ("manager", MANAGER), ("admin", ADMIN)):
                await _reads(database, who, Person("authenticated", user_id=user_id), names)
            await _writes(database, names)
            await database.close()
            await owner.close()
        finally:
            await server.stop()


async def _names(owner: asyncpg.Connection) -> dict[str, UUID]:
    row = await owner.fetchrow(
        """select m.product_id as product, l.id as lesson, q.id as quiz from modules m
           join lessons l on l.module_id = m.id join quizzes q on q.lesson_id = l.id
           where m.order_index = 1 order by m.product_id, l.order_index limit 1"""
    )
    return {**row, "trainee": TRAINEE}


async def _reads(database: Database, who: str, person: Person, names: dict[str, UUID]) -> None:
    for name, sql in READS.items():
        statement = sql.format(**names)
        async with database.acting_as(person, read_only=True) as tx:
            rows = len(await tx.fetch(statement))
            median_ms = await _median_ms(lambda: tx.fetch(statement))  # noqa: B023 - awaited in this round
        print(f"{who:8} reads {name:27} {rows:6} rows  {median_ms:7.2f} ms")


async def _writes(database: Database, names: dict[str, UUID]) -> None:
    person = Person("authenticated", user_id=TRAINEE)
    async with database.acting_as(person) as tx:
        attempt = "insert into quiz_attempts (user_id, quiz_id, answers) values ($1, $2, '[]')"
        median_ms = await _median_ms(lambda: tx.execute(attempt, TRAINEE, names["quiz"]))
        print(f"trainee  attempts a quiz of eight questions         {median_ms:7.2f} ms")
        complete = "insert into lesson_completions (user_id, lesson_id) values ($1, $2)"
        lessons = iter(
            await tx.fetch(
                "select l.id from lessons l where lesson_type = 'text' except select lesson_id from lesson_completions"
            )
        )
        median_ms = await _median_ms(lambda: tx.execute(complete, TRAINEE, next(lessons)["id"]))
        print(f"trainee  completes a text lesson                    {median_ms:7.2f} ms")


async def _median_ms(act: Callable[[], Awaitable[object]]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await act()
        times.append((time.perf_counter() - began) * 1_000)
    return statistics.median(times)


if __name__ == "__main__":
    asyncio.run(main())
