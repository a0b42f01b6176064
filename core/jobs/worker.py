"""Runs the jobs."""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, Job, QueueManager, RetryRequested
from pgqueuer.core.buffers import JobStatusLogBuffer
from pgqueuer.errors import FailingListenerError
from pgqueuer.executors import AbstractEntrypointExecutor
from pgqueuer.models import HealthCheckEvent

from core.facts import Fact
from core.jobs.queue import SETTINGS, Executor, fact_id_of, queries_on
from core.jobs.subscriptions import RESERVED_NAME, Subscriber, Subscriptions
from core.jobs.timetable import Timetable
from core.tasks import Tasks

log = logging.getLogger(__name__)

_DEATHS_ALLOWED = 3
_CONNECT_TIMEOUT_S = 10
_COMMAND_TIMEOUT_S = 60
_TIDY_EVERY_S = 3_600
_RECONNECT_S = 2.0
_LAST_WORDS_S = 5.0
_FOLLOWED = """
    update callx.facts set followed_at = clock_timestamp() where id = $1 and followed_at is null returning kind
"""
_FACT = """
    select f.id, f.kind, f.payload::text as payload, f.emitted_at,
           (select count(*) from callx.pgqueuer_log l where l.job_id = $2 and l.status = 'picked' and l.id >
              (select coalesce(max(q.id), 0) from callx.pgqueuer_log q where q.job_id = $2 and q.status = 'queued')
           ) as picks
    from callx.facts f where f.id = $1
"""
_TIDY = """
    delete from callx.pgqueuer_log l
    where l.created < now() - $1::interval and not exists (select from callx.pgqueuer q where q.id = l.job_id)
"""


@dataclass(frozen=True)
class WorkerLimits:
    """How a worker waits and gives up.

    `concurrency` jobs run at once. The n-th failure is followed by a wait of `first_delay_ms` · 2^(n-1), at most
    `max_delay_ms`, give or take a fifth; with the defaults the eighth and last attempt is some ten minutes after the
    first. `poll_ms` is how often the queue is looked at when no notification comes.
    """

    concurrency: int = 8
    attempts: int = 8
    first_delay_ms: int = 5_000
    max_delay_ms: int = 3_600_000
    heartbeat_timeout_ms: int = 30_000
    poll_ms: int = 5_000
    stop_grace_ms: int = 10_000
    log_kept_days: int = 30


class Worker:
    """Runs jobs until it is stopped; any number of workers, in any number of processes, share the queue.

    `dsn` logs in as `callx_server`, which has rights on the queue of its own and gets none here beyond them.
    """

    def __init__(self, dsn: str, subscriptions: Subscriptions, limits: WorkerLimits | None = None) -> None:
        self._dsn = dsn
        self._subscriptions = subscriptions
        self._limits = limits or WorkerLimits()
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._interrupted = False
        self._handling: set[asyncio.Task[Any]] = set()

    async def run(self) -> None:
        """Works until `stop` is called or the task is cancelled; reconnects when the database was away.

        Either way the running jobs have `stop_grace_ms` to finish; what does not is put back into the queue.
        """
        self._ended.clear()
        try:
            while not self._stopping.is_set():
                try:
                    await self._serve()
                except Exception as error:  # noqa: BLE001 - the worker's loop outlives whatever the database does
                    log.warning("The worker has lost the queue and tries again: %r", error)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._stopping.wait(), _RECONNECT_S)
        finally:
            self._ended.set()

    async def stop(self) -> None:
        """Ends `run`, and returns when the running jobs are finished or put back."""
        self._stopping.set()
        await self._ended.wait()

    async def _serve(self) -> None:
        """One connection's life."""
        pool = await asyncpg.create_pool(
            self._dsn,
            min_size=1,
            max_size=4,
            timeout=_CONNECT_TIMEOUT_S,
            command_timeout=_COMMAND_TIMEOUT_S,
            server_settings={"application_name": "callx worker"},
        )
        tasks = Tasks("worker")
        try:
            manager, timetable = self._manager(pool), Timetable(pool, self._subscriptions.chores())
            working = tasks.start(self._work(manager), "queue")
            keeping_time = tasks.start(timetable.run(), "timetable")
            stopping = tasks.start(self._stopping.wait(), "stop")
            tasks.start(self._tidy(pool), "tidy")
            try:
                await asyncio.wait({working, keeping_time, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                timetable.stop()
                await self._drain(manager, working)
                await asyncio.wait({keeping_time}, timeout=self._limits.stop_grace_ms / 1000)
            await working
            if keeping_time.done():
                keeping_time.result()  # raises what ended it
        finally:
            await tasks.close()
            pool.terminate()

    async def _work(self, manager: QueueManager) -> None:
        limits = self._limits
        await manager.run(
            dequeue_timeout=timedelta(milliseconds=limits.poll_ms),
            batch_size=max(1, limits.concurrency // 2),
            max_concurrent_tasks=max(2, limits.concurrency),
            shutdown_on_listener_failure=True,
            heartbeat_timeout=timedelta(milliseconds=limits.heartbeat_timeout_ms),
            log_aggregation_interval=timedelta(0),
        )

    async def _drain(self, manager: QueueManager, working: "asyncio.Task[None]") -> None:
        """Never cancels `working` while jobs run: pgqueuer would take them for cancelled, and delete them."""
        manager.shutdown.set()
        await asyncio.wait({working}, timeout=self._limits.stop_grace_ms / 1000)
        self._interrupted = True
        for task in list(self._handling):
            task.cancel()
        await asyncio.wait({working}, timeout=_LAST_WORDS_S)
        self._interrupted = False

    def _manager(self, pool: asyncpg.Pool) -> QueueManager:
        manager = PatientManager(queries_on(AsyncpgPoolDriver(pool)), channel=SETTINGS.channel)

        async def follow(job: Job) -> None:
            async with self._else_later(RESERVED_NAME, job):
                await self._follow(pool, job)

        manager.register_executor(RESERVED_NAME, Executor(follow))
        for subscriber in self._subscriptions.everybody():
            manager.register_executor(subscriber.name, Executor(self._runner(pool, subscriber)))
        return manager

    async def _follow(self, pool: asyncpg.Pool, job: Job) -> None:
        """Queues a job for each subscriber of the fact: all of them, and never twice."""
        async with pool.acquire() as connection, connection.transaction():
            kind = await connection.fetchval(_FOLLOWED, fact_id_of(job))
            names = [subscriber.name for subscriber in self._subscriptions.of(kind)] if kind is not None else []
            if names:
                payloads = [job.payload] * len(names)
                await queries_on(AsyncpgDriver(connection)).enqueue(names, payloads, [0] * len(names))

    def _runner(self, pool: asyncpg.Pool, subscriber: Subscriber) -> Callable[[Job], Awaitable[None]]:
        async def run(job: Job) -> None:
            async with self._else_later(subscriber.name, job):
                row = await pool.fetchrow(_FACT, fact_id_of(job), job.id)
            if row is None:
                log.warning("%s has nothing to follow: fact %d was removed.", subscriber.name, fact_id_of(job))
                return
            fact = Fact(row["id"], row["kind"], json.loads(row["payload"]), row["emitted_at"])
            if row["picks"] > _DEATHS_ALLOWED:
                raise _gave_up(subscriber, fact, f"it took {row['picks'] - 1} workers down")
            await self._handle(subscriber, fact, job)

        return run

    @asynccontextmanager
    async def _else_later(self, name: str, job: Job) -> AsyncIterator[None]:
        """What fails for the queue's own reasons is tried again for ever."""
        try:
            yield
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("Job %d (%s) waits for the queue: %r", job.id, name, error)
            raise RetryRequested(timedelta(milliseconds=self._limits.first_delay_ms), repr(error)) from error

    async def _handle(self, subscriber: Subscriber, fact: Fact, job: Job) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._handling.add(task)
        try:
            await subscriber.handler(fact)
        except asyncio.CancelledError:
            if not self._interrupted:
                raise self._try_again(subscriber, fact, job, "cancelled") from None
            task.uncancel()
            raise RetryRequested(timedelta(0), "The worker stops.") from None
        except Exception as error:
            if getattr(error, "permanent", False):
                raise _gave_up(subscriber, fact, repr(error)) from error
            raise self._try_again(subscriber, fact, job, repr(error)) from error
        finally:
            self._handling.discard(task)

    def _try_again(self, subscriber: Subscriber, fact: Fact, job: Job, reason: str) -> Exception:
        """What to raise after a failure."""
        number = job.attempts + 1
        if number >= self._limits.attempts:
            return _gave_up(subscriber, fact, f"attempt {number} failed: {reason}")
        delay_ms = min(self._limits.first_delay_ms * 2**job.attempts, self._limits.max_delay_ms)
        delay_ms *= random.uniform(0.8, 1.2)  # noqa: S311 - so that many that failed together do not return together
        log.warning("%s failed to follow %s (attempt %d): %s", subscriber.name, fact, number, reason)
        return RetryRequested(timedelta(milliseconds=delay_ms), reason)

    async def _tidy(self, pool: asyncpg.Pool) -> None:
        """Every hour forgets the history of finished jobs that is too old."""
        while True:
            try:
                await pool.execute(_TIDY, timedelta(days=self._limits.log_kept_days))
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("The history of jobs cannot be tidied up: %r", error)
            await asyncio.sleep(_TIDY_EVERY_S)


class JobGaveUp(Exception):
    """The job stays in the queue as failed."""


def _gave_up(subscriber: Subscriber, fact: Fact, reason: str) -> JobGaveUp:
    log.error("%s will not follow %s any more: %s", subscriber.name, fact, reason)
    return JobGaveUp(reason)


class PatientManager(QueueManager):
    """Holds a job as failed only if it was given up, and asks twice before it takes its ear for deaf.

    Any other failure that pgqueuer reports is its own, as when a job cannot be put back because the connection is lost:
    such a job is left as it is, and its missing heartbeat gets it another worker.
    """

    async def listener_healthy(
        self,
        timeout: timedelta = timedelta(seconds=10),  # noqa: ASYNC109 - pgqueuer's own
    ) -> HealthCheckEvent:
        """pgqueuer may send its first question before it listens, and then waits in vain for the echo."""
        try:
            return await super().listener_healthy(timeout / 2)
        except FailingListenerError:
            return await super().listener_healthy(timeout / 2)

    async def log_failure(
        self, job: Job, executor: AbstractEntrypointExecutor, exc: Exception, jbuff: JobStatusLogBuffer
    ) -> None:
        if isinstance(exc, JobGaveUp):
            await super().log_failure(job, executor, exc, jbuff)
        else:
            log.warning("Job %d (%s) is left to be taken over: %r", job.id, job.entrypoint, exc)
