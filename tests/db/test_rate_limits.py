"""Token buckets that all servers share."""

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import TooManyRequests, Unavailable
from core.rate_limits import Bucket, Rate, RateLimiter
from tests.clock import FixedClock

PROJECT = Path(__file__).parents[2]
ANOTHER_SERVER = """
import asyncio, sys
sys.path.insert(0, sys.argv[2])
from core.db import connect
from core.rate_limits import Bucket, Rate, RateLimiter
from tests.clock import FixedClock

async def main():
    database = await connect(sys.argv[1], pool_size=4)
    limiter = RateLimiter(database, FixedClock())
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    bucket = Bucket(Rate("shared", burst=50, refill_ms=60_000), "somebody")
    waits = await asyncio.gather(*(limiter.wait_ms([bucket]) for _ in range(40)))
    print(waits.count(0), flush=True)
    await database.close()

asyncio.run(main())
"""


@pytest.fixture
def limiter(database, clock):
    return RateLimiter(database, clock)


def bucket(key="a", *, name="test", burst=2, refill_ms=1_000):
    return Bucket(Rate(name, burst, refill_ms), key)


async def test_a_burst_passes_and_then_one_each_refill(limiter, clock):
    assert [await limiter.wait_ms([bucket()]) for _ in range(3)] == [0, 0, 1_000]
    clock.advance(999)
    assert await limiter.wait_ms([bucket()]) == 1
    clock.advance(1)
    assert [await limiter.wait_ms([bucket()]) for _ in range(2)] == [0, 1_000]


async def test_keys_and_names_do_not_touch_each_other(limiter):
    for one in (bucket("a", burst=1), bucket("b", burst=1), bucket("a", name="other", burst=1)):
        assert await limiter.wait_ms([one]) == 0


async def test_when_one_bucket_is_empty_none_is_taken_from(limiter):
    narrow, wide = bucket("narrow", burst=1), bucket("wide", burst=2)
    assert await limiter.wait_ms([narrow, wide]) == 0
    for _ in range(5):
        assert await limiter.wait_ms([narrow, wide]) == 1_000
    assert await limiter.wait_ms([wide]) == 0


async def test_what_is_given_back_can_be_taken_again(limiter):
    one = bucket(burst=1)
    await limiter.wait_ms([one])
    await limiter.give_back([one, bucket("never seen")])
    assert [await limiter.wait_ms([one]) for _ in range(2)] == [0, 1_000]
    for _ in range(3):
        await limiter.give_back([one])
    assert [await limiter.wait_ms([one]) for _ in range(2)].count(0) <= 2


async def test_the_refusal_says_how_long_to_wait(limiter):
    one = bucket(burst=1, refill_ms=90_500)
    await limiter.take([one], code="slow", what="Too much.")
    with pytest.raises(TooManyRequests, match="91 seconds") as caught:
        await limiter.take([one], code="slow", what="Too much.")
    assert (caught.value.code, caught.value.retry_after_s) == ("slow", 91)


async def test_takers_of_the_same_two_buckets_do_not_wait_for_each_other_for_ever(limiter):
    first, second = bucket("a", burst=100), bucket("b", burst=100)
    waits = await asyncio.gather(
        *(limiter.wait_ms([first, second] if number % 2 else [second, first]) for number in range(60))
    )
    assert waits.count(0) == 60


@pytest.mark.may_block
async def test_a_limit_holds_across_two_server_processes(server_dsn):
    command = [sys.executable, "-c", ANOTHER_SERVER, server_dsn, str(PROJECT)]
    servers = [
        await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)
    ]
    async with asyncio.timeout(30):
        for server in servers:
            assert server.stdout is not None
            assert await server.stdout.readline() == b"ready\n"
        answers = await asyncio.gather(*(server.communicate(b"go\n") for server in servers))
    passed = [int(printed) for printed, _ in answers]
    assert sum(passed) == 50
    assert all(passed)


async def test_full_buckets_are_forgotten_in_time(limiter, clock, owner_dsn):
    for number in range(50):
        await limiter.wait_ms([bucket(str(number))])
    clock.advance(3_600_000)
    owner = await asyncpg.connect(owner_dsn)
    for _ in range(40):
        for number in range(50):
            await limiter.wait_ms([bucket(f"more {number % 5}", burst=1_000)])
        if await owner.fetchval("select count(*) from callx.rate_limits") < 20:
            break
    assert await owner.fetchval("select count(*) from callx.rate_limits") < 20
    await owner.close()


async def test_no_key_is_legible_and_nobody_else_may_look(limiter, owner_dsn, database, cast):
    await limiter.wait_ms([bucket("tess@callx.example")])
    owner = await asyncpg.connect(owner_dsn)
    assert b"tess" not in await owner.fetchval("select key from callx.rate_limits")
    await owner.close()
    for statement in ("select * from callx.rate_limits", "select callx.return_tokens('{}', '{}')"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.acting_as(cast.ada) as tx:
                await tx.fetch(statement)


async def test_without_the_database_nobody_passes(limiter, database):
    await database.close()
    with pytest.raises(Unavailable):
        await limiter.wait_ms([bucket()])


def test_a_rate_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        Rate("none", burst=0, refill_ms=1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=20), st.integers(1, 5), st.integers(1, 2_000))
async def test_never_more_than_burst_and_refill_allow(database, gaps_ms, burst, refill_ms):
    clock, key = FixedClock(), uuid4()
    limiter, now_ms, taken = RateLimiter(database, clock), 0, 0
    for gap_ms in gaps_ms:
        clock.advance(gap_ms)
        now_ms += gap_ms
        wait_ms = await limiter.wait_ms([bucket(str(key), burst=burst, refill_ms=refill_ms)])
        taken += wait_ms == 0
        assert taken <= burst + now_ms / refill_ms + 1e-6
        assert 0 <= wait_ms <= refill_ms
    assert clock.now() - FixedClock().now() == timedelta(milliseconds=now_ms)
