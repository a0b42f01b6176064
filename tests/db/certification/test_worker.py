"""The real worker follows the last lesson."""

import asyncio

from core.jobs import Subscriptions, Worker
from core.tasks import Tasks
from lms.certification.jobs import subscribe
from tests.db.certification.conftest import ONCE


async def test_two_workers_certify_who_completes_the_last_lesson_once(office, server_dsn):
    workers, tasks = [], Tasks("test")
    for issuer in (office.issuer, office.another_server()):
        following = Subscriptions()
        subscribe(following, office.database, office.clock, issuer, office.badges)
        workers.append(Worker(server_dsn, following))
        tasks.start(workers[-1].run(), "worker")
    await office.finish(office.world.cast.tess)

    async with asyncio.timeout(30):
        while (await office.counts())["facts"] == 0:  # noqa: ASYNC110 - other processes would write it
            await asyncio.sleep(0.05)
    for worker in workers:
        await worker.stop()
    await tasks.close()

    assert await office.counts() == ONCE
    assert len(await office.blob_keys()) == 1
