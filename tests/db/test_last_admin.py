"""The last active admin can be neither demoted nor deactivated nor deleted, by whomever and however."""

import asyncio

import asyncpg
import pytest

from accounts.people import teams
from core.db import Database
from core.errors import Conflict
from core.identity import Person
from tests.clock import FixedClock
from tests.people import IRIS, Cast, hire

ACTIVE_ADMINS = """
    select u.id from auth.users u join public.user_roles r on r.user_id = u.id
    where r.role = 'admin' and u.deactivated_at is null
"""
BY_ROLE = (
    "delete from public.user_roles where user_id = $1",
    "delete from public.user_roles where user_id = $1 and role = 'admin'",
    "update public.user_roles set role = 'trainee' where user_id = $1 and role = 'admin'",
)
BY_ACCOUNT = (
    "update auth.users set deactivated_at = now() where id = $1",
    "delete from public.profiles where id = $1",
    "delete from auth.users where id = $1",
)
SERVICE = Person("service")


@pytest.fixture
async def two_admins(database: Database, cast: Cast) -> tuple[Person, Person]:
    """ada and iris."""
    async with database.acting_as_service() as tx:
        await hire(tx, "iris", IRIS, "admin")
    return cast.ada, IRIS


async def admins(database: Database) -> set[object]:
    async with database.acting_as_service() as tx:
        return {row["id"] for row in await tx.fetch(ACTIVE_ADMINS)}


@pytest.mark.parametrize("sql", BY_ROLE + BY_ACCOUNT)
async def test_the_only_admin_stays(database: Database, cast: Cast, sql: str):
    for person in (cast.ada, SERVICE) if sql in BY_ROLE else (SERVICE,):
        with pytest.raises(asyncpg.RaiseError, match="last admin") as caught:
            async with database.acting_as(person) as tx:
                await tx.execute(sql, cast.ada.user_id)
        assert caught.value.constraint_name == "keep_an_admin"
    assert await admins(database) == {cast.ada.user_id}


async def test_the_role_is_not_moved_to_somebody_deactivated(database: Database, cast: Cast):
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", cast.tess.user_id)
    with pytest.raises(asyncpg.RaiseError, match="last admin"):
        async with database.acting_as(cast.ada) as tx:
            await tx.execute("update public.user_roles set user_id = $1 where role = 'admin'", cast.tess.user_id)


async def test_a_deactivated_admin_is_no_second_one(database: Database, two_admins: tuple[Person, Person]):
    ada, iris = two_admins
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", iris.user_id)
    for sql in BY_ROLE + BY_ACCOUNT:
        with pytest.raises(asyncpg.RaiseError, match="last admin"):
            async with database.acting_as_service() as tx:
                await tx.execute(sql, ada.user_id)


async def test_the_only_active_account_of_all_stays_as_well(database: Database, cast: Cast):
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set deactivated_at = now() where id <> $1", cast.ada.user_id)
    for sql in BY_ACCOUNT:
        with pytest.raises(asyncpg.RaiseError, match="last admin"):
            async with database.acting_as_service() as tx:
                await tx.execute(sql, cast.ada.user_id)


async def test_all_admins_at_once_stay(database: Database, two_admins: tuple[Person, Person]):
    for sql in (
        "delete from public.user_roles where role = 'admin'",
        "update public.user_roles set role = 'manager' where role = 'admin'",
        "update auth.users set deactivated_at = now()",
        "delete from auth.users",
    ):
        with pytest.raises(asyncpg.RaiseError, match="last admin"):
            async with database.acting_as_service() as tx:
                await tx.execute(sql)
    assert len(await admins(database)) == 2


async def test_one_of_two_admins_may_go(database: Database, two_admins: tuple[Person, Person]):
    ada, iris = two_admins
    async with database.acting_as(iris) as tx:
        await tx.execute(BY_ROLE[0], ada.user_id)
    assert await admins(database) == {iris.user_id}


async def test_an_admin_hands_over_in_one_step(database: Database, cast: Cast, clock: FixedClock):
    ada, mira = cast.ada.user_id, cast.mira.user_id
    assert ada
    assert mira
    async with database.acting_as_service() as tx:
        await teams.set_roles(tx, {ada: ["manager"], mira: ["admin"]})
    assert await admins(database) == {mira}
    async with database.acting_as_service() as tx:
        for refused in (
            teams.set_roles(tx, {mira: ["manager"]}),
            teams.deactivate(tx, mira, clock.now()),
            teams.remove(tx, mira),
        ):
            savepoint = tx.transaction()
            await savepoint.start()
            with pytest.raises(Conflict) as caught:
                await refused
            assert caught.value.code == "last_admin"
            await savepoint.rollback()


@pytest.mark.parametrize("first", [BY_ROLE[0], BY_ROLE[2], *BY_ACCOUNT])
@pytest.mark.parametrize("second", [BY_ROLE[0], BY_ACCOUNT[0], BY_ACCOUNT[2]])
async def test_two_admins_who_remove_each_other_at_once_leave_one(
    database: Database, two_admins: tuple[Person, Person], first: str, second: str
):
    ada, iris = two_admins
    done, may_commit = asyncio.Event(), asyncio.Event()

    async def quicker() -> None:
        async with database.acting_as_service() as tx:
            await tx.execute(first, iris.user_id)
            done.set()
            await may_commit.wait()

    async def slower() -> None:
        await done.wait()
        async with database.acting_as_service() as tx:
            removing = asyncio.ensure_future(tx.execute(second, ada.user_id))
            await _waits_for_a_lock(database)
            may_commit.set()
            await removing

    outcomes = await asyncio.gather(quicker(), slower(), return_exceptions=True)
    assert outcomes[0] is None
    assert isinstance(outcomes[1], asyncpg.RaiseError)
    assert await admins(database) == {ada.user_id}


async def _waits_for_a_lock(database: Database) -> None:
    """Returns when the other connection waits for the first one's lock."""
    async with asyncio.timeout(5):
        waiting = False
        while not waiting:
            async with database.acting_as_service() as tx:
                waiting = await tx.fetchval(
                    """select exists (select from pg_locks where locktype = 'advisory' and not granted
                       and database = (select oid from pg_database where datname = current_database()))"""
                )
