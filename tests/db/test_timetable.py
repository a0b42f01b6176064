"""What is done at set times."""

import asyncio

import asyncpg
import pytest

from core.jobs import Subscriptions
from tests.db.test_jobs import Seen, until, working


async def test_a_chore_is_done_at_its_times_by_one_of_two_workers_even_if_it_failed_before(server_dsn: str):
    done: list[int] = []

    async def chore() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise RuntimeError("not today")

    subscriptions = Subscriptions()
    subscriptions.at("* * * * * *", "test.chore", chore)
    async with working(server_dsn, subscriptions), working(server_dsn, subscriptions):
        await until(lambda: len(done) >= 2)
    connection = await asyncpg.connect(server_dsn)
    rows = await connection.fetch("select entrypoint, status::text from callx.pgqueuer_schedules")
    await connection.close()
    assert [tuple(row) for row in rows] == [("test.chore", "queued")]


def test_a_chore_and_a_subscriber_do_not_share_a_name():
    subscriptions = Subscriptions()
    subscriptions.at("0 * * * *", "test.one", lambda: asyncio.sleep(0))
    for again in (
        lambda: subscriptions.on("CallEnded", "test.one", Seen()),
        lambda: subscriptions.at("5 * * * *", "test.one", lambda: asyncio.sleep(0)),
    ):
        with pytest.raises(ValueError, match="cannot be named"):
            again()
