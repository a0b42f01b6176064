"""The migrations: what they lead to, that they can be repeated, and who may run them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from core.db import Database, Tx, connect, login_dsn
from core.embedded_postgres import EmbeddedPostgres, program
from migrations.dump import SCHEMA
from migrations.runner import LOGIN_ROLE, current_revision, dump_schema, migrate, newest_revision
from tests.people import IRIS, Cast, hire, hire_everybody
from tests.support.cluster import SERVER_PASSWORD, Cluster


@pytest.fixture
async def empty_dsn(cluster: Cluster) -> AsyncIterator[str]:
    """The superuser's address of a database that was never migrated."""
    name = await cluster.empty()
    yield cluster.owner_dsn(name)
    await cluster.drop(name)


@pytest.fixture
def pg_dump() -> Path:
    """Found outside of the event loop, because looking for it reads the disk."""
    return program("pg_dump")


@pytest.fixture
async def owner(owner_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser in the test's database."""
    connection = await asyncpg.connect(owner_dsn)
    yield connection
    await connection.close()


async def test_the_migrations_lead_to_the_committed_schema(pg_dump: Path, owner_dsn: str):
    dumped = await dump_schema(pg_dump, owner_dsn)
    assert dumped == SCHEMA.read_text(encoding="utf-8"), "Run `make schema` after a change of the migrations."


async def test_migrating_again_changes_nothing(pg_dump: Path, owner_dsn: str):
    before = await dump_schema(pg_dump, owner_dsn)
    await migrate(owner_dsn, server_password=SERVER_PASSWORD)
    assert await dump_schema(pg_dump, owner_dsn) == before


async def test_two_servers_may_migrate_at_once(empty_dsn: str):
    assert await current_revision(empty_dsn) is None
    await asyncio.gather(*(migrate(empty_dsn, server_password=SERVER_PASSWORD) for _ in range(3)))
    assert await current_revision(empty_dsn) == newest_revision()


async def test_a_failing_migration_leaves_nothing_behind(empty_dsn: str):
    owner = await asyncpg.connect(empty_dsn)
    await owner.execute("create table public.calls ()")
    with pytest.raises(asyncpg.DuplicateTableError):
        await migrate(empty_dsn, server_password=SERVER_PASSWORD)
    assert await owner.fetchval("select count(*) from pg_tables where schemaname in ('auth', 'callx', 'public')") == 1
    await owner.close()


async def test_postgres_urls_of_both_spellings_are_taken(empty_dsn: str):
    await migrate(empty_dsn.replace("postgresql://", "postgres://"), server_password=SERVER_PASSWORD)
    assert await current_revision(empty_dsn) == newest_revision()


async def test_every_table_has_forced_row_security_and_a_policy(owner: asyncpg.Connection):
    open_tables = await owner.fetch(
        """select c.oid::regclass::text as name from pg_class c
           where c.relkind in ('r', 'p') and c.relnamespace in
             ('public'::regnamespace, 'auth'::regnamespace, 'storage'::regnamespace)
             and not (c.relrowsecurity and c.relforcerowsecurity
                      and exists (select from pg_policy p where p.polrelid = c.oid))"""
    )
    assert [row["name"] for row in open_tables] == []


async def test_every_policy_names_its_roles(owner: asyncpg.Connection):
    public = await owner.fetch("select tablename, policyname from pg_policies where roles = '{public}'")
    assert public == []


async def test_anon_is_granted_no_table(owner: asyncpg.Connection):
    granted = await owner.fetch(
        """select c.oid::regclass::text from pg_class c
           where c.relkind in ('r', 'p', 'v', 'S')
             and c.relnamespace in
               ('public'::regnamespace, 'auth'::regnamespace, 'storage'::regnamespace, 'callx'::regnamespace)
             and (has_table_privilege('anon', c.oid, 'select, insert, update, delete')
                  or (c.relkind <> 'S' and has_any_column_privilege('anon', c.oid, 'select, insert, update')))"""
    )
    assert granted == []


async def test_definer_functions_have_no_search_path_and_are_closed_to_the_public(owner: asyncpg.Connection):
    careless = await owner.fetch(
        """select p.oid::regprocedure::text as name from pg_proc p
           where p.pronamespace in
             ('public'::regnamespace, 'auth'::regnamespace, 'storage'::regnamespace, 'callx'::regnamespace)
             and (has_function_privilege('public', p.oid, 'execute')
                  or (p.prosecdef and not coalesce('search_path=""' = any (p.proconfig), false)))"""
    )
    assert [row["name"] for row in careless] == []


async def test_every_foreign_key_has_an_index(owner: asyncpg.Connection):
    slow = await owner.fetch(
        """select k.conname from pg_constraint k
           where k.contype = 'f' and k.connamespace in
             ('public'::regnamespace, 'auth'::regnamespace, 'storage'::regnamespace)
             and not exists (select from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = k.conkey[1])"""
    )
    assert [row["conname"] for row in slow] == []


async def test_the_login_is_no_superuser_and_owns_nothing(owner: asyncpg.Connection):
    login = await owner.fetchrow("select * from pg_roles where rolname = $1", LOGIN_ROLE)
    assert login["rolcanlogin"]
    for right in ("rolsuper", "rolinherit", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls"):
        assert not login[right], right
    assert (
        await owner.fetchval("select count(*) from pg_shdepend where refobjid = $1 and deptype = 'o'", login["oid"])
        == 0
    )
    reachable = await owner.fetch(
        """select rolname from pg_roles
           where pg_has_role($1, oid, 'member') and (rolsuper or rolbypassrls or rolcreaterole)""",
        LOGIN_ROLE,
    )
    assert reachable == []
    assert not await owner.fetchval("select pg_has_role($1, 'callx_owner', 'member')", LOGIN_ROLE)


async def test_sign_up_gives_a_profile_and_the_role_trainee(database: Database):
    long_name = "  Tess \n\t Trainee " + "x" * 300
    async with database.acting_as_service() as tx:
        user_id = await _sign_up(tx, {"full_name": long_name, "role": "admin", "roles": ["admin"]})
        profile = await tx.fetchrow("select full_name, email from public.profiles where id = $1", user_id)
        roles = await tx.fetch("select role::text from public.user_roles where user_id = $1", user_id)
    assert profile["full_name"] == ("Tess Trainee " + "x" * 300)[:200]
    assert profile["email"] == "new@callx.example"
    assert [row["role"] for row in roles] == ["trainee"]


@pytest.mark.parametrize(
    "metadata", [{}, {"full_name": None}, {"full_name": {"a": 1}}, {"full_name": "  "}, [], "text"]
)
async def test_sign_up_without_a_usable_name_gives_an_empty_one(database: Database, metadata: object):
    async with database.acting_as_service() as tx:
        user_id = await _sign_up(tx, metadata)
        assert await tx.fetchval("select full_name from public.profiles where id = $1", user_id) == ""


async def test_a_changed_email_is_changed_in_the_profile(database: Database):
    async with database.acting_as_service() as tx:
        user_id = await _sign_up(tx, {})
        await tx.execute("update auth.users set email = 'other@callx.example' where id = $1", user_id)
        assert await tx.fetchval("select email from public.profiles") == "other@callx.example"


async def test_emails_are_unique_and_in_lower_case(database: Database):
    async with database.acting_as_service() as tx:
        await _sign_up(tx, {})
    for email, error in (
        ("new@callx.example", asyncpg.UniqueViolationError),
        ("A@b.example", asyncpg.CheckViolationError),
    ):
        with pytest.raises(error):
            async with database.acting_as_service() as tx:
                await tx.execute("insert into auth.users (email) values ($1)", email)


async def test_updated_at_moves_wherever_it_exists(database: Database, owner: asyncpg.Connection):
    triggers = await owner.fetch(
        """select a.attrelid::regclass::text as name,
                  exists (select from pg_trigger t where t.tgrelid = a.attrelid
                          and t.tgfoid = 'callx.touch_updated_at'::regproc) as touched
           from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
           where a.attname = 'updated_at' and c.relnamespace in
             ('public'::regnamespace, 'auth'::regnamespace, 'storage'::regnamespace)"""
    )
    assert [row["name"] for row in triggers if not row["touched"]] == []
    async with database.acting_as_service() as tx:
        await _sign_up(tx, {})
        await tx.execute("update public.profiles set full_name = 'Other'")
        assert await tx.fetchval("select updated_at > created_at from public.profiles")


async def test_removing_the_author_keeps_the_course(database: Database, cast: Cast):
    async with database.acting_as(cast.ada) as tx:
        await tx.execute("insert into public.products (title) values ('P')")
    async with database.acting_as_service() as tx:
        await hire(tx, "iris", IRIS, "admin")
        await tx.execute("delete from auth.users where id = $1", cast.ada.user_id)
        assert await tx.fetchval("select created_by from public.products") is None


async def test_an_owner_who_is_no_superuser_can_migrate_and_the_server_works(tmp_path: Path):
    """On a cluster of its own, because roles belong to a cluster and the other one's are a superuser's."""
    server = EmbeddedPostgres(tmp_path / "postgres", settings={"fsync": "off"})
    await server.start()
    try:
        superuser = await asyncpg.connect(server.url())
        await superuser.execute("create role landlord login createrole createdb")
        await superuser.close()
        landlord = await asyncpg.connect(server.url("postgres", "landlord"))
        for name in ("first", "second"):
            await landlord.execute(f"create database {name}")
        await landlord.close()
        for name in ("first", "second", "first"):
            await migrate(server.url(name, "landlord"), server_password=SERVER_PASSWORD)
        database = await connect(login_dsn(server.url("first", "landlord"), LOGIN_ROLE, SERVER_PASSWORD), pool_size=2)
        async with database.acting_as_service() as tx:
            cast = await hire_everybody(tx)
        async with database.acting_as(cast.mira) as tx:
            assert await tx.fetchval("select count(*) from public.profiles") == 2
        await database.close()
    finally:
        await server.stop()


async def _sign_up(tx: Tx, metadata: object) -> object:
    return await tx.fetchval(
        "insert into auth.users (email, raw_user_meta_data) values ('new@callx.example', $1) returning id", metadata
    )
