"""The migrations on the oldest and the newest PostgreSQL, from empty and from the previous revision with data in it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest

from core.db import Database, connect
from core.identity import Person
from migrations.runner import LOGIN_ROLE, current_revision, migrate, newest_revision
from tests.people import CAST, hire, hire_everybody
from tests.support.cluster import SERVER_PASSWORD, Cluster
from tests.support.courses import build_course, complete, right_answers, submit
from tests.support.debian_postgres import DebianPostgres

FIRST, PREVIOUS = "0002", "0007"
"""The revisions that releases had."""

CATALOG = {
    "columns": """
        select c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
          pg_get_expr(d.adbin, d.adrelid), a.attidentity, col_description(c.oid, a.attnum)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relkind in ('r', 'p', 'v') and c.relnamespace::regnamespace::text = any ($1)""",
    "tables": """
        select c.oid::regclass, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, c.relowner::regrole,
          obj_description(c.oid, 'pg_class')
        from pg_class c where c.relkind in ('r', 'p', 'v', 'S') and c.relnamespace::regnamespace::text = any ($1)""",
    "constraints": """
        select conrelid::regclass, conname, pg_get_constraintdef(oid), condeferrable from pg_constraint
        where contype <> 'n' and connamespace::regnamespace::text = any ($1)""",
    "indexes": "select pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid "
    "where c.relnamespace::regnamespace::text = any ($1)",
    "policies": """
        select schemaname, tablename, policyname, permissive, roles::text[], cmd, qual, with_check from pg_policies
        where schemaname = any ($1)""",
    "functions": """
        select p.oid::regprocedure, pg_get_functiondef(p.oid), p.proowner::regrole, obj_description(p.oid, 'pg_proc')
        from pg_proc p where p.pronamespace::regnamespace::text = any ($1)""",
    "triggers": """
        select tgrelid::regclass, tgname, pg_get_triggerdef(t.oid) from pg_trigger t
        join pg_class c on c.oid = t.tgrelid
        where not tgisinternal and c.relnamespace::regnamespace::text = any ($1)""",
    "enums": """
        select enumtypid::regtype, enumlabel, enumsortorder from pg_enum e join pg_type t on t.oid = e.enumtypid
        where t.typnamespace::regnamespace::text = any ($1)""",
    "grants on tables": """
        select c.oid::regclass, g.grantee::regrole, g.privilege_type, g.is_grantable
        from pg_class c, aclexplode(c.relacl) g
        where g.grantee <> c.relowner and c.relnamespace::regnamespace::text = any ($1)""",
    "grants on columns": """
        select c.oid::regclass, a.attname, g.grantee::regrole, g.privilege_type
        from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) g
        where c.relnamespace::regnamespace::text = any ($1)""",
    "grants on functions": """
        select p.oid::regprocedure, case g.grantee when 0 then 'public' else g.grantee::regrole::text end
        from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
        where p.pronamespace::regnamespace::text = any ($1)""",
    "grants on schemas": """
        select n.nspname, case g.grantee when 0 then 'public' else g.grantee::regrole::text end, g.privilege_type
        from pg_namespace n, aclexplode(n.nspacl) g where n.nspname = any ($1)
          and n.nspowner <> g.grantee""",
}

OLD_DATA = f"""
insert into auth.users (id, email) values ('{CAST.tess.user_id}', 'tess@callx.example'),
  ('{CAST.ada.user_id}', 'ada@callx.example');
update public.user_roles set role = 'admin' where user_id = '{CAST.ada.user_id}';
insert into public.products (title, is_active) values ('Old', true), ('Off', false);
insert into public.modules (product_id, title, order_index, is_prerequisite)
  select id, 'M', n, n > 1 from public.products, generate_series(1, 2) n;
insert into public.lessons (module_id, title, lesson_type, order_index)
  select m.id, 'L', t.type, t.place from public.modules m,
    unnest(array['text', 'quiz']::public.lesson_type[]) with ordinality t (type, place);
insert into public.quizzes (lesson_id, passing_grade) select id, 80 from public.lessons where lesson_type = 'quiz';
insert into public.lesson_completions (user_id, lesson_id, completed_at)
  select '{CAST.tess.user_id}', l.id, '2025-01-01Z' from public.lessons l where lesson_type = 'quiz';
insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers, attempted_at)
  select '{CAST.tess.user_id}', id, 90, true, '[{{"is_correct": true}}]', '2025-01-01Z' from public.quizzes;
"""
UNUSABLE_SCENARIO = """
insert into public.simulations (lesson_id, scenario_description, ai_system_prompt, passing_grade)
  select id, 'D', 'P', 70 from public.lessons where lesson_type = 'text' limit 1;
insert into public.simulation_scenarios (simulation_id, title, customer_name, script, rubric)
  select id, 'T', 'C', '{"old": 1}', '{"old": 1}' from public.simulations;
"""
"""What nobody could play or judge by was let in."""
OLD_ROWS = (
    "select simulation_id, title, script, rubric from public.simulation_scenarios",
    "select user_id, lesson_id, completed_at from public.lesson_completions order by lesson_id",
    "select user_id, quiz_id, score, passed, answers, attempted_at from public.quiz_attempts order by quiz_id",
    "select id, product_id, order_index, is_prerequisite from public.modules order by id",
)


class Place:
    """A server on which a test makes databases."""

    def __init__(self, url: Callable[..., str]) -> None:
        self.url, self._made = url, 0

    async def create(self) -> str:
        """The name of a new empty database."""
        self._made += 1
        name = f"path_{self._made}"
        owner = await asyncpg.connect(self.url())
        await owner.execute(f"drop database if exists {name} with (force)")
        await owner.execute(f"create database {name} template template0")
        await owner.close()
        return name


@pytest.fixture
async def debian() -> AsyncIterator[Place]:
    """PostgreSQL 15."""
    postgres = DebianPostgres()
    try:
        await postgres.start()
        yield Place(postgres.url)
    finally:
        await postgres.stop()


@pytest.fixture
def embedded(cluster: Cluster) -> Place:
    """PostgreSQL 18."""
    return Place(cluster.server.url)


@pytest.mark.may_block
async def test_both_versions_get_the_same_catalog(debian: Place, embedded: Place):
    catalogs: list[dict[str, Any]] = []
    for place, version in ((debian, 15), (embedded, 18)):
        dsn = place.url(await place.create())
        await migrate(dsn, server_password=SERVER_PASSWORD)
        owner = await asyncpg.connect(dsn)
        assert owner.get_server_version().major == version
        catalogs.append({name: await _rows(owner, sql) for name, sql in CATALOG.items()})
        await owner.close()
    for name in CATALOG:
        old, new = (catalog[name] for catalog in catalogs)
        assert old == new, name
        assert old, name


@pytest.mark.may_block
@pytest.mark.parametrize("revision", [FIRST, PREVIOUS])
@pytest.mark.parametrize("version", ["debian", "embedded"])
async def test_an_earlier_release_is_brought_up_to_date_with_its_data(cluster: Cluster, version: str, revision: str):
    postgres = DebianPostgres()
    try:
        if version == "debian":
            await postgres.start()
        place = Place(postgres.url if version == "debian" else cluster.server.url)
        name = await place.create()
        dsn = place.url(name)
        await migrate(dsn, server_password=SERVER_PASSWORD, revision=revision)
        owner = await asyncpg.connect(dsn)
        await owner.execute(OLD_DATA + (UNUSABLE_SCENARIO if revision == PREVIOUS else ""))
        before = [await owner.fetch(sql) for sql in OLD_ROWS]
        await migrate(dsn, server_password=SERVER_PASSWORD)
        assert await current_revision(dsn) == newest_revision()
        assert [await owner.fetch(sql) for sql in OLD_ROWS] == before
        await owner.close()
        database = await connect(place.url(name, LOGIN_ROLE), pool_size=2)
        await _old_and_new_results_stand_side_by_side(database)
        await database.close()
    finally:
        await postgres.stop()


@pytest.mark.may_block
async def test_the_rules_hold_on_the_oldest_version(debian: Place):
    name = await debian.create()
    await migrate(debian.url(name), server_password=SERVER_PASSWORD)
    database = await connect(debian.url(name, LOGIN_ROLE), pool_size=2)
    async with database.acting_as_service() as tx:
        cast, course = await hire_everybody(tx), await build_course(tx)
        answers = await right_answers(tx, course.quiz_id)
    async with database.acting_as(cast.tess) as tx:
        assert (await submit(tx, cast.tess, course.quiz_id, answers))["passed"]
        assert await complete(tx, cast.tess, course.quiz_lesson_id) == 0
        assert await complete(tx, cast.tess, course.text_lesson_id) == 1
        assert await tx.fetchval("select completed_lessons from public.module_locks") == 2
    async with database.acting_as(cast.ada) as tx:
        await tx.execute("select public.move_lesson($1, 4)", course.text_lesson_id)
        await tx.execute("delete from public.products")
        assert await tx.fetchval("select count(*) from public.archived_content()") == 1
    async with database.acting_as(cast.mira) as tx:
        assert await tx.fetchval("select count(*) from public.lesson_completions") == 2
    await database.close()


async def _old_and_new_results_stand_side_by_side(database: Database) -> None:
    async with database.acting_as_service() as tx:
        await hire(tx, "theo", CAST.theo)
    async with database.acting_as(CAST.tess) as tx:
        assert await tx.fetchval("select count(*) from public.products") == 1
        assert await tx.fetchval("select count(*) from public.quiz_attempts where questions = '[]'") == 4
        locks = await tx.fetch("select is_locked from public.module_locks order by order_index")
        assert [row["is_locked"] for row in locks] == [False, True]  # the text lesson of the first is not read
    async with database.acting_as(CAST.ada) as tx:
        await tx.execute("delete from public.products")
    async with database.acting_as(Person("service")) as tx:
        assert await tx.fetchval("select count(*) from public.lesson_completions") == 4
        assert await tx.fetchval("select count(*) from public.products where archived_at is not null") == 2


async def _rows(owner: asyncpg.Connection, sql: str) -> list[tuple[str, ...]]:
    rows = await owner.fetch(sql, ["public", "auth", "callx"])
    return sorted(tuple(str(value) for value in row) for row in rows)
