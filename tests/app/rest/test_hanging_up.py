"""Whoever hangs up frees what their request held."""

import asyncio

import asyncpg
import pytest
from aiohttp.test_utils import TestServer

from core.db import connect
from tests.app.support.harbour import build_harbour, harbour
from tests.app.support.reader import Reader


class ServerAsInProduction(TestServer):
    """Unlike aiohttp's own server for tests it does not cancel handlers whose client has gone."""

    async def _make_runner(self, **kwargs):
        return await super()._make_runner(**(kwargs | {"handler_cancellation": False}))


@pytest.fixture
async def narrow_sea(aiohttp_client, server_dsn, cast, clock, owner_dsn):
    """A wire over a single connection."""
    await build_harbour(owner_dsn)
    database = await connect(server_dsn, pool_size=1)
    yield Reader(await aiohttp_client(ServerAsInProduction(harbour(database, clock))), {})
    await database.close()


@pytest.fixture
async def naps(owner_dsn):
    """Waits until so many statements sleep in the database."""
    owner = await asyncpg.connect(owner_dsn)

    async def until(number):
        asleep = "select count(*) from pg_stat_activity where query like '%nap%' and wait_event = 'PgSleep'"
        async with asyncio.timeout(5):
            while await owner.fetchval(asleep) != number:  # noqa: ASYNC110 - another process cannot set an event
                await asyncio.sleep(0.01)

    yield until
    await owner.close()


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_statement_nobody_waits_for_is_cancelled_and_its_connection_is_used_again(narrow_sea, naps, method):
    sea = narrow_sea
    asked = asyncio.get_running_loop().create_task(
        sea.client.get("/rest/v1/rpc/nap?seconds=7")
        if method == "GET"
        else sea.client.post("/rest/v1/rpc/nap", json={"seconds": 7})
    )
    await naps(1)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    await naps(0)
    async with asyncio.timeout(2):
        assert len(await sea.get("boats")) == 3
        assert await sea.get("rpc/nap?seconds=0") == 1


async def test_what_was_written_before_hanging_up_is_rolled_back(narrow_sea, naps, owner_dsn):
    owner = await asyncpg.connect(owner_dsn)
    await owner.execute(
        """create function public.write_and_nap() returns int language sql volatile as
           'update public.boats set berth = ''wet''; select public.nap(7)'"""
    )
    await owner.close()
    asked = asyncio.get_running_loop().create_task(narrow_sea.post("rpc/write_and_nap", {}))
    await naps(1)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    await naps(0)
    assert await narrow_sea.get("boats?berth=eq.wet") == []


async def test_a_request_that_waits_for_a_connection_is_given_up_too(narrow_sea, naps):
    loop = asyncio.get_running_loop()
    first = loop.create_task(narrow_sea.get("rpc/nap?seconds=1"))
    await naps(1)
    second = loop.create_task(narrow_sea.post("boats", {"name": "never"}))
    await asyncio.sleep(0.05)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    assert await first == 1
    assert await narrow_sea.get("boats?name=eq.never") == []


async def test_a_statement_that_takes_too_long_is_told(sea):
    error = await (await sea.post("rpc/refuse", {"status": "57014"})).json()  # what PostgreSQL raises after its limit
    assert (error["code"], error["message"]) == ("57014", "Not today.")
