"""Two hundred interleaved requests of two people over a pool of two connections, as the wires answer them."""

import asyncio

import pytest

from core.db import connect
from tests.app.support import course
from tests.app.support.wires import bearer, give_passwords, sign_in, wires

PEOPLE = ("tess", "theo")


@pytest.fixture
async def narrow(aiohttp_client, database, server_dsn, cast, clock):
    """A client of a server that has two connections to the database."""
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
    pool = await connect(server_dsn, pool_size=2)
    yield await aiohttp_client(wires(pool, clock))
    await pool.close()


async def test_nobody_ever_sees_or_writes_the_rows_of_the_other(narrow, database, cast):
    sessions = {name: await sign_in(narrow, name) for name in PEOPLE}

    async def ask(number: int) -> None:
        name = PEOPLE[number % 2]
        headers, own_id = bearer(sessions[name]), str(getattr(cast, name).user_id)
        match number // 2 % 4:
            case 0:
                answer = await narrow.get("/rest/v1/profiles?select=id,user_roles(user_id)", headers=headers)
                assert await answer.json() == [{"id": own_id, "user_roles": [{"user_id": own_id}]}]
            case 1:
                answer = await narrow.get("/auth/v1/user", headers=headers)
                assert (await answer.json())["id"] == own_id
            case 2:
                row = {"quiz_id": str(course.QUIZ), "score": 0, "passed": False, "answers": [], "user_id": own_id}
                wanted = headers | {"Prefer": "return=representation"}
                answer = await narrow.post("/rest/v1/quiz_attempts?select=user_id", json=row, headers=wanted)
                assert await answer.json() == [{"user_id": own_id}]
            case _:
                answer = await narrow.get("/rest/v1/quiz_attempts?select=user_id", headers=headers)
                assert {row["user_id"] for row in await answer.json()} <= {own_id}

    async with asyncio.TaskGroup() as group:
        for number in range(200):
            group.create_task(ask(number))
    async with database.acting_as_service() as tx:
        rows = await tx.fetch("select count(*) from public.quiz_attempts group by user_id")
    assert [row["count"] for row in rows] == [25, 25]


async def test_a_role_taken_away_counts_at_the_next_request(narrow, database, cast):
    mira = bearer(await sign_in(narrow, "mira"))
    names = [row["full_name"] for row in await (await narrow.get("/rest/v1/profiles", headers=mira)).json()]
    assert sorted(names) == ["Mira", "Tess"]
    async with database.acting_as_service() as tx:
        await tx.execute("delete from public.user_roles where user_id = $1", cast.mira.user_id)
    names = [row["full_name"] for row in await (await narrow.get("/rest/v1/profiles", headers=mira)).json()]
    assert names == ["Mira"]
