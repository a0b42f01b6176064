"""A worker that is killed at every step of every job: `python -m tests.support.mortal_worker FILE`.

Settings come from the environment, as a worker's do. It has many lives, each a process of its own that runs the real
jobs and kills itself (SIGKILL) at the first step at which no life before it has died: before and after each transaction
of a job commits, before and after each object is stored or removed. `FILE` lists the steps at which somebody died. The
last life finds nothing new to die of, empties the queue and ends well.

Between two lives time passes: clocks are ten minutes later, heartbeats of the dead are old, and what was given up
because it took three workers down is run again, as an operator would.

`python -m tests.support.mortal_worker --again` lets everybody follow every fact once more, and does all chores.
"""

import asyncio
import json
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import asyncpg
from pgqueuer import Job

from core import logs
from core.blobs import BlobInfo, Blobs
from core.clock import SystemClock
from core.db import Acting, Database, connect, login_dsn
from core.facts import Fact
from core.identity import Person
from core.jobs import Subscriptions, Worker, WorkerLimits, failed_jobs, run_again
from core.jobs.subscriptions import RESERVED_NAME, Handler
from core.settings import Settings
from migrations.runner import LOGIN_ROLE
from wiring.application import subscriptions
from wiring.stores import Stores, secrets_of

OWN_URL = "http://127.0.0.1:1"
BETWEEN_LIVES = timedelta(minutes=10)
MOST_LIVES = 200
DIED_OFTEN = "workers down"
GAVE_UP = 75
_PENDING = "select count(*) from callx.pgqueuer where status in ('queued', 'picked')"
_AGE = "update callx.pgqueuer set heartbeat = now() - interval '1 hour', execute_after = now() where status <> 'failed'"
_FACTS = "select id, kind, payload::text as payload, emitted_at from callx.facts order by id"


@dataclass
class Doing:
    """The job that a task is at, and how many steps it has made."""

    job: str
    steps: int = 0


_doing: ContextVar[Doing | None] = ContextVar("doing", default=None)


@dataclass
class Death:
    """Comes once for each step of each job."""

    file: Path
    met: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.met = set(self.file.read_text("utf8").splitlines()) if self.file.exists() else set()

    def may_come(self, step: str, *, counts: bool = True) -> None:
        """Kills this process, unless somebody has died here before, or no job is being done."""
        doing = _doing.get()
        if doing is None:
            return
        doing.steps += counts
        place = f"{doing.job}: {step} {doing.steps}"
        if place not in self.met:
            with self.file.open("a", encoding="utf8") as file:
                file.write(place + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.kill(os.getpid(), signal.SIGKILL)


NOWHERE = Death(Path(os.devnull))


class MortalDatabase(Database):
    """A database at whose commits death may come."""

    death: ClassVar[Death] = NOWHERE

    @asynccontextmanager
    async def _acting(self, person: Person | None, read_only: bool) -> AsyncIterator[Acting]:
        async with super()._acting(person, read_only) as acting:
            yield acting
            self.death.may_come("before commit")
        self.death.may_come("after commit", counts=False)


class MortalBlobs(Blobs):
    """An object store at whose changes death may come."""

    death: ClassVar[Death] = NOWHERE

    async def put(self, key: str, content: Any, content_type: str, *, most_bytes: int | None = None) -> BlobInfo:
        """Stores an object."""
        self.death.may_come("before storing")
        stored = await super().put(key, content, content_type, most_bytes=most_bytes)
        self.death.may_come("after storing", counts=False)
        return stored

    async def delete(self, key: str) -> None:
        """Removes an object."""
        self.death.may_come("before removing")
        await super().delete(key)
        self.death.may_come("after removing", counts=False)


class MortalWorker(Worker):
    """A worker at whose own bookkeeping death may come, too."""

    death: ClassVar[Death] = NOWHERE

    async def _follow(self, pool: asyncpg.Pool, job: Job) -> None:
        _doing.set(Doing(RESERVED_NAME))
        self.death.may_come("before queueing")
        await super()._follow(pool, job)
        self.death.may_come("after queueing", counts=False)


@dataclass(frozen=True)
class LaterClock(SystemClock):
    """The time, for somebody who lives later."""

    later: timedelta

    def now(self) -> datetime:
        """Now, and so much later."""
        return super().now() + self.later


def main(arguments: list[str]) -> int:
    """Lives until nothing is left to die of; prints how many lives it took."""
    settings = Settings()
    if arguments == ["--again"]:
        logs.configure("WARNING")
        asyncio.run(_follow_everything_again(settings))
        return 0
    for life in range(MOST_LIVES):
        process_id = os.fork()
        if process_id == 0:
            _live(settings, Path(arguments[0]), life)
        _, status = os.waitpid(process_id, 0)
        if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status) != GAVE_UP:
            sys.stdout.write(f"It took {life + 1} lives.\n")
            return os.waitstatus_to_exitcode(status)
        assert os.waitstatus_to_exitcode(status) in (GAVE_UP, -signal.SIGKILL), status
    raise AssertionError("It has died too often.")


def _live(settings: Settings, file: Path, life: int) -> NoReturn:
    """The process is a copy of its parent, and must not go on as that."""
    logs.configure("WARNING")
    status = 1
    try:
        status = asyncio.run(_work(settings, Death(file), BETWEEN_LIVES * life))
    finally:
        if status == 1:
            traceback.print_exc()
        os._exit(status)


async def _work(settings: Settings, death: Death, later: timedelta) -> int:
    """Empties the queue; GAVE_UP when jobs are left that somebody has to run again."""
    stores = await _open(settings)
    MortalDatabase.death = MortalBlobs.death = MortalWorker.death = death
    owner = await asyncpg.connect(stores.owner_dsn)
    await owner.execute(_AGE)
    await _run_given_up_again(stores.database)
    following = _watched(subscriptions(settings, stores, LaterClock(later), own_url=OWN_URL))
    limits = WorkerLimits(concurrency=2, first_delay_ms=100, max_delay_ms=500, attempts=100, poll_ms=200)
    worker = MortalWorker(stores.database_dsn, following, limits)
    working = asyncio.create_task(worker.run())
    while True:
        if not await owner.fetchval(_PENDING):
            break
        await asyncio.sleep(0.05)
    await worker.stop()
    await working
    given_up = await owner.fetchval("select count(*) from callx.pgqueuer")
    await owner.close()
    await stores.database.close()
    return GAVE_UP if given_up else 0


async def _run_given_up_again(database: Database) -> None:
    async with database.acting_as_service() as tx:
        failed = await failed_jobs(tx)
        assert all(job.error and DIED_OFTEN in job.error for job in failed), failed
        await run_again(tx, [job.id for job in failed])


def _watched(following: Subscriptions) -> Subscriptions:
    watched = Subscriptions()
    for subscriber in following.everybody():
        watched.on(subscriber.kind, subscriber.name, _named(subscriber.name, subscriber.handler))
    return watched


def _named(name: str, handler: Handler) -> Callable[[Fact], Awaitable[None]]:
    async def follow(fact: Fact) -> None:
        _doing.set(Doing(name))
        await handler(fact)

    return follow


async def _open(settings: Settings) -> Stores:
    assert settings.database_url is not None
    secrets, owner_dsn = secrets_of(settings), settings.database_url.get_secret_value()
    dsn = login_dsn(owner_dsn, LOGIN_ROLE, secrets.derive("database-login"))
    database = await connect(dsn, pool_size=8)
    database.__class__ = MortalDatabase
    blobs = MortalBlobs.open(settings.storage_url or settings.data_dir / "objects")
    return Stores(database, dsn, owner_dsn, blobs, secrets, None)


async def _follow_everything_again(settings: Settings) -> None:
    stores = await _open(settings)
    following = subscriptions(settings, stores, SystemClock(), own_url=OWN_URL)
    owner = await asyncpg.connect(stores.owner_dsn)
    for row in await owner.fetch(_FACTS):
        fact = Fact(row["id"], row["kind"], json.loads(row["payload"]), row["emitted_at"])
        for subscriber in following.of(fact.kind):
            await subscriber.handler(fact)
    for chore in following.chores():
        await chore.handler()
    await owner.close()
    await stores.database.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
