"""What is of no use any more goes; what may be asked for again stays."""

from datetime import datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from accounts.tidying import Tidying
from core.db import Database
from core.errors import Unauthorized
from core.identity import Person
from core.rate_limits import Bucket, Rate, RateLimiter
from tests.clock import FixedClock
from tests.people import Cast

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TABLES = ("auth.logins", "auth.refresh_tokens", "auth.one_time_tokens", "auth.letters", "auth.email_changes")


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


async def left(owner_dsn: str) -> dict[str, int]:
    owner = await asyncpg.connect(owner_dsn)
    counted = {table: await owner.fetchval(f"select count(*) from {table}") for table in (*TABLES, "callx.rate_limits")}
    await owner.close()
    return counted


async def add_login(database, person, *, refreshed_at, expires_at=None, revoked_at=None):
    """A login of the person; its refresh token, if it has one, ends at `expires_at`."""
    async with database.acting_as_service() as tx:
        login_id = await tx.fetchval(
            """insert into auth.logins (user_id, created_at, refreshed_at, revoked_at) values ($1, $2, $2, $3)
               returning id""",
            person.user_id,
            refreshed_at,
            revoked_at,
        )
        if expires_at:
            await add_refresh_token(tx, login_id, expires_at)
    return login_id


async def add_refresh_token(tx, login_id, expires_at):
    await tx.execute(
        "insert into auth.refresh_tokens (login_id, token_hash, expires_at) values ($1, $2, $3)",
        login_id,
        uuid4().bytes,
        expires_at,
    )


async def add_token(database, expires_at):
    async with database.acting_as_service() as tx:
        await tx.execute(
            """insert into auth.one_time_tokens (id, kind, token_hash, email, expires_at)
               values ($1, 'recovery', $2, 'x@callx.example', $3)""",
            uuid4(),
            uuid4().bytes,
            expires_at,
        )


async def test_logins_that_can_come_back_to_no_life_go_with_their_tokens(database, cast, clock, now, owner_dsn):
    live = await add_login(database, cast.tess, refreshed_at=now - 20 * DAY, expires_at=now + 10 * DAY)
    fresh = await add_login(database, cast.tess, refreshed_at=now - HOUR)
    just_ended = await add_login(
        database, cast.tess, refreshed_at=now - HOUR, expires_at=now + DAY, revoked_at=now - 23 * HOUR
    )
    await add_login(database, cast.tess, refreshed_at=now - 40 * DAY, expires_at=now - 10 * DAY)
    await add_login(database, cast.tess, refreshed_at=now - 2 * DAY)
    ended = await add_login(
        database, cast.tess, refreshed_at=now - HOUR, expires_at=now + 29 * DAY, revoked_at=now - 25 * HOUR
    )
    async with database.acting_as_service() as tx:
        await add_refresh_token(tx, live, now - DAY)
    assert await Tidying(database, clock).tidy() == 4
    async with database.acting_as_service() as tx:
        rows = await tx.fetch("select id from auth.logins")
    assert {row["id"] for row in rows} == {live, fresh, just_ended}
    assert (await left(owner_dsn))["auth.refresh_tokens"] == 2
    with pytest.raises(Unauthorized):  # an access token of a login that was forgotten brings nobody back
        async with database.acting_as(Person("authenticated", user_id=cast.tess.user_id, login_id=ended)):
            pass
    async with database.acting_as(Person("authenticated", user_id=cast.tess.user_id, login_id=live)):
        pass


async def test_links_letters_changes_and_full_buckets_go_in_time(
    database: Database, cast: Cast, clock: FixedClock, now: datetime, owner_dsn: str
):
    for age in (6 * DAY, 8 * DAY):
        await add_token(database, now - age)
    async with database.acting_as_service() as tx:
        for person, age in ((cast.tess, 7 * DAY), (cast.theo, 9 * DAY)):
            await tx.execute(
                "insert into auth.letters (kind, recipient, created_at) values ('recovery', 'x@callx.example', $1)",
                now - age,
            )
            await tx.execute(
                "insert into auth.email_changes (user_id, new_email, requested_at) values ($1, 'x@callx.example', $2)",
                person.user_id,
                now - age,
            )
    limiter = RateLimiter(database, clock)
    await limiter.wait_ms([Bucket(Rate("slow", burst=1, refill_ms=3_600_000), "a")])
    await limiter.wait_ms([Bucket(Rate("quick", burst=1, refill_ms=1_000), "a")])
    clock.advance(2_000)
    assert await Tidying(database, clock).tidy() == 4
    assert await left(owner_dsn) == dict.fromkeys((*TABLES[2:], "callx.rate_limits"), 1) | dict.fromkeys(TABLES[:2], 0)


async def test_a_mountain_goes_in_small_pieces_and_not_all_at_once(database, clock, now, owner_dsn):
    for _ in range(8):
        await add_token(database, now - 30 * DAY)
    assert await Tidying(database, clock, batch=2, most_batches=3).tidy() == 6
    assert await Tidying(database, clock, batch=2, most_batches=3).tidy() == 2
    assert (await left(owner_dsn))["auth.one_time_tokens"] == 0
