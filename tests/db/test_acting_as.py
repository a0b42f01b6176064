"""core.db: whom a transaction acts as, and that nothing of it stays behind."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from core.db import Database, connect, login_dsn
from core.errors import Unauthorized, Unavailable
from core.identity import ANONYMOUS, Person
from tests.people import IRIS, Cast, hire
from tests.support.cluster import Cluster

WHO = "select current_user::text as role, auth.uid() as uid, auth.role() as claim"


@pytest.mark.parametrize(
    ("name", "role"),
    [("tess", "callx_trainee"), ("mira", "callx_manager"), ("ada", "callx_admin")],
)
async def test_a_person_acts_with_the_database_role_of_their_greatest_role(
    database: Database, cast: Cast, name: str, role: str
):
    person: Person = getattr(cast, name)
    async with database.acting_as(person) as tx:
        assert tuple(await tx.fetchrow(WHO)) == (role, person.user_id, "authenticated")


async def test_somebody_without_any_role_is_only_authenticated(database: Database, cast: Cast):
    async with database.acting_as_service() as tx:
        await tx.execute("delete from public.user_roles where user_id = $1", cast.tess.user_id)
    async with database.acting_as(cast.tess) as tx:
        assert await tx.fetchval("select current_user::text") == "authenticated"


async def test_an_admin_who_is_also_a_trainee_acts_as_admin(database: Database, cast: Cast):
    async with database.acting_as_service() as tx:
        await tx.execute("insert into public.user_roles (user_id, role) values ($1, 'trainee')", cast.ada.user_id)
    async with database.acting_as(cast.ada) as tx:
        assert await tx.fetchval("select current_user::text") == "callx_admin"


async def test_nobody_acts_as_anon_and_the_service_as_service_role(database: Database):
    async with database.acting_as(ANONYMOUS) as tx:
        assert tuple(await tx.fetchrow(WHO.replace("auth.uid()", "auth.uid()::text"))) == ("anon", None, "anon")
    async with database.acting_as_service() as tx:
        assert tuple(await tx.fetchrow(WHO)) == ("service_role", None, "service_role")
    async with database.acting_as(Person("service")) as tx:
        assert await tx.fetchval("select current_user::text") == "service_role"


async def test_claims_that_say_otherwise_do_not_change_who_acts(database: Database, cast: Cast):
    liar = Person("authenticated", cast.tess.user_id, claims={"sub": str(cast.ada.user_id), "role": "service_role"})
    async with database.acting_as(liar) as tx:
        assert tuple(await tx.fetchrow(WHO)) == ("callx_trainee", cast.tess.user_id, "authenticated")


async def test_other_claims_are_there_as_jwt(database: Database, cast: Cast):
    person = Person("authenticated", cast.tess.user_id, claims={"app_metadata": {"provider": "email"}})
    async with database.acting_as(person) as tx:
        claims = await tx.fetchval("select auth.jwt()")
    assert claims == {
        "app_metadata": {"provider": "email"},
        "sub": str(cast.tess.user_id),
        "role": "authenticated",
    }


async def test_a_role_taken_away_counts_at_the_next_transaction(database: Database, cast: Cast):
    async with database.acting_as_service() as tx:
        await hire(tx, "iris", IRIS, "admin")
        await tx.execute("update public.user_roles set role = 'trainee' where user_id = $1", cast.ada.user_id)
    async with database.acting_as(cast.ada) as tx:
        assert await tx.fetchval("select current_user::text") == "callx_trainee"


async def test_somebody_deactivated_is_refused(database: Database, cast: Cast):
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", cast.tess.user_id)
    with pytest.raises(Unauthorized):
        async with database.acting_as(cast.tess):
            pytest.fail("The transaction must not begin.")


async def test_somebody_unknown_is_refused(database: Database):
    for user_id in (UUID(int=1), None):
        with pytest.raises(Unauthorized):
            async with database.acting_as(Person("authenticated", user_id)):
                pytest.fail("The transaction must not begin.")


async def test_a_revoked_login_is_refused_and_another_login_is_not(database: Database, cast: Cast):
    async with database.acting_as_service() as tx:
        revoked, other = [
            await tx.fetchval("insert into auth.logins (user_id) values ($1) returning id", cast.tess.user_id)
            for _ in range(2)
        ]
        await tx.execute("update auth.logins set revoked_at = now() where id = $1", revoked)
    async with database.acting_as(Person("authenticated", cast.tess.user_id, other)):
        pass
    with pytest.raises(Unauthorized):
        async with database.acting_as(Person("authenticated", cast.tess.user_id, revoked)):
            pytest.fail("The transaction must not begin.")


async def test_read_only_refuses_to_write(database: Database, cast: Cast):
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with database.acting_as(Person("service"), read_only=True) as tx:
            await tx.execute("delete from public.profiles")


async def test_an_exception_rolls_back(database: Database, cast: Cast):
    async def fail_half_way() -> None:
        async with database.acting_as_service() as tx:
            await tx.execute("delete from public.manager_assignments")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select count(*) from public.manager_assignments") == 2


async def test_statements_and_locks_have_limits(database: Database, cast: Cast):
    limits = "select current_setting('statement_timeout'), current_setting('lock_timeout')"
    async with database.acting_as(cast.tess) as tx:
        assert tuple(await tx.fetchrow(limits)) == ("8s", "2s")
    async with database.acting_as(ANONYMOUS) as tx:
        assert tuple(await tx.fetchrow(limits)) == ("3s", "2s")


async def test_a_statement_over_its_limit_is_cancelled_and_not_called_an_outage(database: Database, cast: Cast):
    async with database.acting_as(cast.tess) as tx:
        await tx.execute("set local statement_timeout = 20")
        with pytest.raises(asyncpg.QueryCanceledError):
            await tx.execute("select pg_sleep(5)")


async def test_two_people_over_two_connections_never_see_each_other(server_dsn: str, database: Database, cast: Cast):
    narrow = await connect(server_dsn, pool_size=2)

    async def ask(person: Person) -> None:
        async with narrow.acting_as(person) as tx:
            before = await tx.fetchval("select auth.uid()")
            await asyncio.sleep(0)
            names = await tx.fetch("select id from public.profiles")
        assert before == person.user_id
        assert [row["id"] for row in names] == [person.user_id]

    async with asyncio.TaskGroup() as group:
        for number in range(200):
            group.create_task(ask((cast.tess, cast.theo)[number % 2]))
    await narrow.close()


async def test_a_connection_comes_back_to_the_pool_as_nobody(server_dsn: str, database: Database, cast: Cast):
    pool = await asyncpg.create_pool(server_dsn, min_size=1, max_size=1)
    single = Database(pool)
    for ending in (None, ZeroDivisionError):
        try:
            async with single.acting_as(cast.ada):
                if ending:
                    raise ending
        except ZeroDivisionError:
            pass
        async with pool.acquire() as connection:
            row = await connection.fetchrow(
                "select current_user::text as role, current_setting('request.jwt.claims', true) as claims"
            )
            assert row["role"] == "callx_server"
            assert not row["claims"]
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch("select * from public.profiles")
    await pool.close()


async def test_values_travel_as_python_values(database: Database):
    value = {"a": [1, 2.5, None, "ä"], "b": {"c": True}}
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select $1::jsonb", value) == value
        assert await tx.fetchval("select $1::json", value) == value
        assert await tx.fetchval("select $1::uuid", UUID(int=7)) == UUID(int=7)


async def test_a_lost_connection_is_unavailable_and_the_next_transaction_works(
    database: Database, owner_dsn: str, cast: Cast
):
    async def lose_the_connection() -> None:
        async with database.acting_as(cast.tess) as tx:
            pid = await tx.fetchval("select pg_backend_pid()")
            owner = await asyncpg.connect(owner_dsn)
            await owner.execute("select pg_terminate_backend($1)", pid)
            await owner.close()
            await tx.fetchval("select 1")

    with pytest.raises(Unavailable):
        await lose_the_connection()
    async with database.acting_as(cast.tess) as tx:
        assert await tx.fetchval("select 1") == 1


async def test_no_database_is_unavailable(tmp_path: object):
    with pytest.raises(Unavailable):
        await connect(f"postgresql://callx_server@/callx?host={tmp_path}", pool_size=2)


async def test_an_exhausted_pool_is_unavailable(
    database: Database, server_dsn: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("core.db._ACQUIRE_TIMEOUT_S", 0.05)
    narrow = await connect(server_dsn, pool_size=1)
    async with narrow.acting_as(cast.tess):
        with pytest.raises(Unavailable):
            async with narrow.acting_as(cast.theo):
                pytest.fail("There is no second connection.")
    await narrow.close()


def test_login_dsn_replaces_credentials_wherever_they_are():
    made = login_dsn(
        "postgres://owner:pa%40ss@db.example:5433/callx?sslmode=require&user=owner&password=x", "me", "p@/"
    )
    assert made == "postgres://me:p%40%2F@db.example:5433/callx?sslmode=require"
    assert login_dsn("postgresql:///callx?host=/run/pg", "me", "x") == "postgresql://me:x@/callx?host=/run/pg"


async def test_the_server_logs_in_with_its_password(cluster: Cluster, server_dsn: str):
    connection = await asyncpg.connect(server_dsn)
    row = await connection.fetchrow(
        """select rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolbypassrls
           from pg_roles where rolname = session_user"""
    )
    await connection.close()
    assert not any(row.values())


async def test_one_person_holds_at_most_half_of_the_connections(
    database: Database, server_dsn: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("core.db._ACQUIRE_TIMEOUT_S", 0.5)
    narrow = await connect(server_dsn, pool_size=4)
    at_once, most = 0, 0
    done = asyncio.Event()

    async def hold() -> None:
        nonlocal at_once, most
        async with narrow.acting_as(cast.tess):
            at_once += 1
            most = max(most, at_once)
            await done.wait()
            at_once -= 1

    flood = [asyncio.create_task(hold()) for _ in range(50)]
    await asyncio.sleep(0.1)
    async with narrow.acting_as(cast.theo) as tx, narrow.acting_as_service() as service:
        assert await tx.fetchval("select auth.uid()") == cast.theo.user_id
        assert await service.fetchval("select 1") == 1
    refused = [ended for ended in await _ended(flood, done) if ended is not None]
    assert most == 2
    assert len(refused) == 48
    assert all(isinstance(error, Unavailable) for error in refused)
    await narrow.close()


async def _ended(tasks: list[asyncio.Task[None]], done: asyncio.Event) -> list[BaseException | None]:
    """What became of them, those that still wait after a second being let go."""
    await asyncio.sleep(1)
    done.set()
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_transaction_within_one_of_the_same_person_does_not_wait_for_itself(
    database: Database, server_dsn: str, cast: Cast
):
    narrow = await connect(server_dsn, pool_size=2)
    async with narrow.acting_as(cast.tess), narrow.acting_as(cast.tess) as inner:
        assert await inner.fetchval("select auth.uid()") == cast.tess.user_id
    await narrow.close()
