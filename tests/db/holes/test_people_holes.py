"""Holes 15 to 20, 32 and 34 of the specification: people, their roles and teams."""

import asyncpg
import pytest

from tests.people import IRIS, hire
from tests.support.courses import record_everything
from tests.support.world import World

OF_TESS = ("lesson_completions", "quiz_attempts", "simulation_attempts", "certifications", "calls", "call_turns")


async def test_hole_15_a_manager_keeps_seeing_after_the_role_is_gone(world: World):
    async with world.database.acting_as_service() as tx:
        await record_everything(tx, world.cast.tess, world.course)
    for person, rows in ((world.cast.mira, 1), (world.edna, 0), (world.cast.otto, 0)):
        for table in OF_TESS:
            assert len(await world.as_person(person, f"select 1 from public.{table}")) == rows, table
        [row] = await world.as_person(person, "select public.is_manager_of($1)", world.cast.tess.user_id)
        assert row[0] is (rows == 1)
    team = "select callx.team_progress($1, null, 9, 0) #>> '{agents,0,full_name}'"
    for person, name in ((world.cast.mira, "Tess"), (world.cast.otto, "Theo")):
        [row] = await world.as_person(person, team, None)
        assert row[0] == name
    for person in (world.edna, world.cast.otto):
        await world.refuses(person, team, world.cast.mira.user_id, saying="only their own")
    await world.refuses(world.edna, team, None, saying="Only managers")


async def test_hole_16_roles_and_teams_are_open_or_broken(world: World):
    tess, mira = world.cast.tess, world.cast.mira
    for person in (tess, mira):
        assert len(await world.as_person(person, "select role from public.user_roles")) == 1
        await world.refuses(
            person, "insert into public.user_roles (user_id, role) values ($1, 'admin')", person.user_id
        )
        await world.refuses(person, "update public.user_roles set role = 'admin'")
        await world.refuses(
            person,
            "insert into public.manager_assignments (trainee_id, manager_id) values ($1, $2)",
            world.cast.theo.user_id,
            person.user_id,
        )
    assignments = await world.as_person(mira, "select trainee_id from public.manager_assignments")
    assert [row["trainee_id"] for row in assignments] == [tess.user_id]
    ada = world.cast.ada
    await world.as_person(
        ada, "insert into public.user_roles (user_id, role) values ($1, 'manager')", world.cast.theo.user_id
    )
    await world.as_person(ada, "delete from public.manager_assignments where trainee_id = $1", tess.user_id)


async def test_hole_17_policies_ask_tables_that_have_policies(world: World):
    async with world.database.acting_as_service() as tx:
        await record_everything(tx, world.cast.tess, world.course)
    tables = await world.as_service(
        """select relname as tablename from pg_catalog.pg_class
           where relnamespace = 'public'::regnamespace and relkind = 'r'
             and has_any_column_privilege('authenticated', oid, 'select')"""
    )
    for person in (world.cast.tess, world.cast.mira, world.cast.ada):
        for table in tables:
            await world.as_person(person, f"select from public.{table['tablename']}")
    assert len(await world.as_person(world.cast.mira, "select from public.profiles")) == 2


async def test_hole_18_roles_of_others_are_found_out_by_asking(world: World):
    ask = "select public.has_role($1, 'admin')"
    for person, answer in ((world.cast.tess, False), (world.cast.mira, False), (world.cast.ada, True)):
        assert (await world.as_person(person, ask, world.cast.ada.user_id))[0][0] is answer
    own = await world.as_person(world.cast.tess, "select public.has_role($1, 'trainee')", world.cast.tess.user_id)
    assert own[0][0] is True


async def test_hole_19_the_role_comes_from_the_metadata(world: World):
    [row] = await world.as_service(
        """insert into auth.users (email, raw_user_meta_data)
           values ('new@callx.example', '{"full_name": "New", "role": "admin", "roles": ["admin"]}') returning id"""
    )
    roles = await world.as_service("select role::text from public.user_roles where user_id = $1", row["id"])
    assert [role["role"] for role in roles] == ["trainee"]


async def test_hole_20_a_profile_says_what_its_owner_likes(world: World):
    tess = world.cast.tess
    for column in ("id", "email"):
        await world.refuses(tess, f"update public.profiles set {column} = default")
    sent = "update public.profiles set created_at = '2001-01-01', updated_at = '2001-01-01' where id = $1 returning *"
    [row] = await world.as_person(tess, sent, tess.user_id)
    assert min(row["created_at"], row["updated_at"]).year > 2001
    changed = await world.as_person(
        tess, "update public.profiles set full_name = E' Tess\\r\\nT. ' returning full_name"
    )
    assert [row["full_name"] for row in changed] == ["Tess T."]
    others = "update public.profiles set full_name = 'Tess' where id <> $1 returning id"
    assert await world.as_person(tess, others, tess.user_id) == []


async def test_hole_32_columns_that_the_server_fills_are_sent(world: World):
    ada = world.cast.ada
    await world.refuses(ada, "insert into public.products (title, archived_at) values ('x', now())")
    await world.refuses(ada, "update public.products set archived_at = now()")
    made = "returning id, created_by, created_at, updated_at"
    tess_made = "values ('x', (select id from public.profiles where full_name = 'Tess'), '2001-01-01', '2001-01-01')"
    insert = f"insert into public.products (title, created_by, created_at, updated_at) {tess_made} {made}"
    [row] = await world.as_person(ada, insert)
    assert row["created_by"] == ada.user_id
    assert min(row["created_at"], row["updated_at"]).year > 2001
    update = "update public.products set created_by = null, created_at = now(), updated_at = '2001-01-01' where id = $1"
    [changed] = await world.as_person(ada, f"{update} {made}", row["id"])
    assert (changed["created_by"], changed["created_at"]) == (ada.user_id, row["created_at"])
    assert changed["updated_at"] > row["updated_at"]
    await world.refuses(
        world.cast.mira,
        "insert into public.assignments (user_id, product_id, assigned_by) values ($1, $2, $1)",
        world.cast.tess.user_id,
        world.course.product_id,
    )


async def test_hole_34_the_last_admin_goes(world: World):
    ada = world.cast.ada
    for person in (ada, None):
        for sql in (
            "delete from public.user_roles where user_id = $1",
            "update public.user_roles set role = 'manager' where user_id = $1",
        ):
            with pytest.raises(asyncpg.RaiseError, match="last admin"):
                await (world.as_person(person, sql, ada.user_id) if person else world.as_service(sql, ada.user_id))
    for sql in (
        "update auth.users set deactivated_at = now() where id = $1",
        "delete from auth.users where id = $1",
    ):
        with pytest.raises(asyncpg.RaiseError, match="last admin"):
            await world.as_service(sql, ada.user_id)
    async with world.database.acting_as_service() as tx:
        await hire(tx, "iris", IRIS, "admin")
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", IRIS.user_id)
    with pytest.raises(asyncpg.RaiseError, match="last admin"):
        await world.as_person(ada, "delete from public.user_roles where user_id = $1", ada.user_id)
    await world.as_service("update auth.users set deactivated_at = null")
    await world.as_person(ada, "delete from public.user_roles where user_id = $1", ada.user_id)
