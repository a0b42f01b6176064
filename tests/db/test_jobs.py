"""Jobs: each subscriber of each fact runs at least once, whatever dies, and none of a transaction that never was."""

import asyncio
import logging
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from pgqueuer import AsyncpgDriver
from pgqueuer.core.listeners import (
    PGNoticeEventListener,
    default_event_router,
    initialize_notice_event_listener,
)

from core.db import Database
from core.facts import Fact, emit
from core.jobs import Subscriptions, Worker, WorkerLimits, failed_jobs, run_again
from core.jobs.queue import SETTINGS, queries_on
from core.jobs.worker import PatientManager
from tests.people import Cast
from tests.support.courses import build_course

QUICK = WorkerLimits(
    attempts=3, first_delay_ms=20, heartbeat_timeout_ms=400, poll_ms=100, stop_grace_ms=2_000, concurrency=4
)
PROJECT = Path(__file__).parents[2]
DOOMED_WORKER = """
import asyncio, sys
sys.path.insert(0, sys.argv[2])
from core.jobs import Subscriptions, Worker, WorkerLimits

async def handler(fact):
    print("began", flush=True)
    await asyncio.sleep(60)

async def main():
    subscriptions = Subscriptions()
    subscriptions.on("CallEnded", "test.slow", handler)
    await Worker(sys.argv[1], subscriptions, WorkerLimits(heartbeat_timeout_ms=400, poll_ms=100)).run()

asyncio.run(main())
"""


class Seen(list[Fact]):
    """The facts that a handler was called with."""

    async def __call__(self, fact: Fact) -> None:
        self.append(fact)

    async def until(self, count: int) -> None:
        await until(lambda: len(self) >= count)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - conditions of any kind
            await asyncio.sleep(0.01)


@asynccontextmanager
async def working(dsn: str, subscriptions: Subscriptions, limits: WorkerLimits = QUICK) -> AsyncIterator[Worker]:
    worker = Worker(dsn, subscriptions, limits)
    async with asyncio.TaskGroup() as group:
        group.create_task(worker.run())
        await asyncio.sleep(0)
        yield worker
        await worker.stop()


async def happen(database: Database, kind: str = "CallEnded", **payload: object) -> int:
    async with database.acting_as_service() as tx:
        return await emit(tx, kind, payload)


async def jobs_left(dsn: str) -> list[tuple[str, str]]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("select entrypoint, status::text from callx.pgqueuer order by id")
        return [tuple(row) for row in rows]
    finally:
        await connection.close()


async def until_left(dsn: str, *jobs: tuple[str, str]) -> None:
    async with asyncio.timeout(10):
        while await jobs_left(dsn) != list(jobs):  # noqa: ASYNC110 - a table
            await asyncio.sleep(0.02)


async def until_the_queue_is_empty(dsn: str) -> None:
    await until_left(dsn)


async def test_a_fact_reaches_each_of_its_subscribers_once(database: Database, server_dsn: str) -> None:
    subscriptions, first, second, other = Subscriptions(), Seen(), Seen(), Seen()
    subscriptions.on("CallEnded", "test.first", first)
    subscriptions.on("CallEnded", "test.second", second)
    subscriptions.on("CallEvaluated", "test.other", other)
    fact_id = await happen(database, call_id="c1", count=3)
    async with working(server_dsn, subscriptions):
        await first.until(1)
        await second.until(1)
        await until_the_queue_is_empty(server_dsn)
    assert [(f.id, f.kind, f.payload) for f in first] == [(fact_id, "CallEnded", {"call_id": "c1", "count": 3})]
    assert first == second
    assert first[0].emitted_at.tzinfo is not None
    assert other == []


async def test_a_running_worker_is_notified(database: Database, server_dsn: str) -> None:
    subscriptions, seen = Subscriptions(), Seen()
    subscriptions.on("CallEnded", "test.first", seen)
    patient = WorkerLimits(poll_ms=60_000)
    async with working(server_dsn, subscriptions, patient):
        await happen(database, number=1)
        await seen.until(1)
        await happen(database, number=2)
        await seen.until(2)


async def test_a_question_that_is_sent_before_the_worker_listens_is_asked_again(server_dsn: str) -> None:
    connection = await asyncpg.connect(server_dsn)
    try:
        manager = PatientManager(queries_on(AsyncpgDriver(connection)), channel=SETTINGS.channel)
        asked = asyncio.ensure_future(manager.listener_healthy(timedelta(seconds=2)))
        await until(lambda: bool(manager.pending_health_check))
        hear = default_event_router(
            notice_event_queue=PGNoticeEventListener(),
            canceled=manager.job_context,
            pending_health_check=manager.pending_health_check,
        )
        await initialize_notice_event_listener(manager.queries.driver, SETTINGS.channel, hear)
        assert await asked
    finally:
        await connection.close()


async def test_a_fact_without_subscribers_is_fine(database: Database, server_dsn: str) -> None:
    subscriptions, seen = Subscriptions(), Seen()
    subscriptions.on("CallEnded", "test.first", seen)
    await happen(database, "RecordingReady")
    await happen(database)
    async with working(server_dsn, subscriptions):
        await seen.until(1)
        await until_the_queue_is_empty(server_dsn)


async def test_a_fact_of_a_rolled_back_transaction_never_was(database: Database, server_dsn: str) -> None:
    subscriptions, seen = Subscriptions(), Seen()
    subscriptions.on("CallEnded", "test.first", seen)
    with suppress(ZeroDivisionError):
        async with database.acting_as_service() as tx:
            await emit(tx, "CallEnded", {"number": 1})
            raise ZeroDivisionError
    await happen(database, number=2)
    async with working(server_dsn, subscriptions):
        await seen.until(1)
        await until_the_queue_is_empty(server_dsn)
    assert [fact.payload for fact in seen] == [{"number": 2}]


async def test_a_handler_that_fails_twice_is_tried_a_third_time(database: Database, server_dsn: str) -> None:
    subscriptions, attempts, other = Subscriptions(), Seen(), Seen()

    async def fails_twice(fact: Fact) -> None:
        await attempts(fact)
        if len(attempts) < 3:
            raise OSError("not yet")

    subscriptions.on("CallEnded", "test.fails-twice", fails_twice)
    subscriptions.on("CallEnded", "test.other", other)
    await happen(database)
    async with working(server_dsn, subscriptions):
        await attempts.until(3)
        await until_the_queue_is_empty(server_dsn)
    assert len(attempts) == 3
    assert len(other) == 1


async def test_a_job_that_always_fails_is_given_up_and_can_be_run_again(
    database: Database, server_dsn: str, caplog: pytest.LogCaptureFixture
) -> None:
    subscriptions, attempts, broken = Subscriptions(), Seen(), [True]

    async def poison(fact: Fact) -> None:
        await attempts(fact)
        if broken and fact.payload["number"] == 1:
            raise ValueError("poison")

    subscriptions.on("CallEnded", "test.poison", poison)
    poisoned = await happen(database, number=1)
    with caplog.at_level(logging.ERROR):
        async with working(server_dsn, subscriptions):
            await happen(database, number=2)
            await attempts.until(4)
            await until_left(server_dsn, ("test.poison", "failed"))
            assert [fact.payload["number"] for fact in attempts].count(2) == 1

            async with database.acting_as_service() as tx:
                (failed,) = await failed_jobs(tx)
            assert (failed.subscriber, failed.fact.id) == ("test.poison", poisoned)
            assert "ValueError('poison')" in (failed.error or "")
            broken.clear()
            async with database.acting_as_service() as tx:
                await run_again(tx, [failed.id])
            await attempts.until(5)
            await until_the_queue_is_empty(server_dsn)
    assert any("test.poison will not follow" in record.getMessage() for record in caplog.records)


async def test_a_permanent_error_is_not_tried_again(database: Database, server_dsn: str) -> None:
    subscriptions, attempts = Subscriptions(), Seen()

    class HopelessError(Exception):
        permanent = True

    async def hopeless(fact: Fact) -> None:
        await attempts(fact)
        raise HopelessError("no use")

    subscriptions.on("CallEnded", "test.hopeless", hopeless)
    await happen(database)
    async with working(server_dsn, subscriptions):
        await until_left(server_dsn, ("test.hopeless", "failed"))
    assert len(attempts) == 1


@pytest.mark.may_block
async def test_the_job_of_a_killed_worker_is_finished_by_another(database: Database, server_dsn: str) -> None:
    command = [sys.executable, "-c", DOOMED_WORKER, server_dsn, str(PROJECT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as doomed:
        await happen(database)
        assert doomed.stdout is not None
        assert await asyncio.to_thread(doomed.stdout.readline) == "began\n"
        doomed.send_signal(signal.SIGKILL)
    assert ("test.slow", "picked") in await jobs_left(server_dsn)
    subscriptions, seen = Subscriptions(), Seen()
    subscriptions.on("CallEnded", "test.slow", seen)
    async with working(server_dsn, subscriptions):
        await seen.until(1)
        await until_the_queue_is_empty(server_dsn)
    assert len(seen) == 1


async def test_a_job_that_takes_its_workers_down_is_given_up(
    database: Database, server_dsn: str, owner_dsn: str
) -> None:
    subscriptions, seen = Subscriptions(), Seen()
    subscriptions.on("CallEnded", "test.deadly", seen)
    fact_id = await happen(database)
    connection = await asyncpg.connect(owner_dsn)
    await connection.execute("delete from callx.pgqueuer")
    await queries_on(AsyncpgDriver(connection)).enqueue("test.deadly", str(fact_id).encode())
    await connection.execute(
        """insert into callx.pgqueuer_log (job_id, status, priority, entrypoint)
           select id, 'picked', 0, entrypoint from callx.pgqueuer, generate_series(1, 3)"""
    )
    await connection.close()
    async with working(server_dsn, subscriptions):
        await until_left(server_dsn, ("test.deadly", "failed"))
    assert seen == []


async def test_a_stopped_worker_finishes_what_it_has_begun(database: Database, server_dsn: str) -> None:
    subscriptions, began, finished = Subscriptions(), Seen(), Seen()

    async def takes_a_while(fact: Fact) -> None:
        await began(fact)
        await asyncio.sleep(0.2)
        await finished(fact)

    subscriptions.on("CallEnded", "test.while", takes_a_while)
    await happen(database)
    async with working(server_dsn, subscriptions):
        await began.until(1)
    assert len(finished) == 1
    assert await jobs_left(server_dsn) == []


@pytest.mark.parametrize("how", ["stopped", "cancelled"])
async def test_a_job_that_outlasts_the_grace_is_put_back_at_once(database: Database, server_dsn: str, how: str) -> None:
    subscriptions, began = Subscriptions(), Seen()

    async def endless(fact: Fact) -> None:
        await began(fact)
        await asyncio.sleep(60)

    subscriptions.on("CallEnded", "test.endless", endless)
    await happen(database)
    worker = Worker(server_dsn, subscriptions, WorkerLimits(stop_grace_ms=50))
    running = asyncio.get_running_loop().create_task(worker.run())
    await began.until(1)
    if how == "stopped":
        await worker.stop()
        await running
    else:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert await jobs_left(server_dsn) == [("test.endless", "queued")]


async def test_a_worker_comes_back_when_its_connections_were_lost(
    database: Database, server_dsn: str, owner_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.jobs.worker._RECONNECT_S", 0.05)
    subscriptions, seen = Subscriptions(), Seen()
    subscriptions.on("CallEnded", "test.first", seen)
    async with working(server_dsn, subscriptions):
        await happen(database, number=1)
        await seen.until(1)
        connection = await asyncpg.connect(owner_dsn)
        killed = await connection.fetch(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'callx worker'"
        )
        await connection.close()
        assert killed
        await happen(database, number=2)
        await until(lambda: {"number": 2} in [fact.payload for fact in seen])


async def test_a_worker_waits_for_a_database_that_is_not_there_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.jobs.worker._RECONNECT_S", 0.05)
    async with working("postgresql://nobody@/nothing?host=/nowhere", Subscriptions()):
        await asyncio.sleep(0.1)


async def test_two_workers_share_the_work_without_doing_it_twice(database: Database, server_dsn: str) -> None:
    subscriptions, seen = Subscriptions(), Seen()
    subscriptions.on("CallEnded", "test.first", seen)
    for number in range(30):
        await happen(database, number=number)
    async with working(server_dsn, subscriptions), working(server_dsn, subscriptions):
        await until_the_queue_is_empty(server_dsn)
    assert sorted(fact.payload["number"] for fact in seen) == list(range(30))


async def test_a_completed_lesson_is_a_fact(database: Database, cast: Cast, server_dsn: str) -> None:
    async with database.acting_as_service() as tx:
        lesson_id = (await build_course(tx)).text_lesson_id
        await tx.execute(
            "insert into public.lesson_completions (user_id, lesson_id) values ($1, $2)", cast.tess.user_id, lesson_id
        )
    subscriptions, seen = Subscriptions(), Seen()
    subscriptions.on("LessonCompleted", "test.lesson", seen)
    async with working(server_dsn, subscriptions):
        await seen.until(1)
    assert seen[0].payload == {"user_id": str(cast.tess.user_id), "lesson_id": str(lesson_id)}


async def test_a_person_cannot_emit_facts(database: Database, cast: Cast) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.acting_as(cast.ada) as tx:
            await emit(tx, "CallEnded", {})


@pytest.mark.parametrize("kind", ["callEnded", "Call ended", "", "X'; drop table callx.facts; --"])
async def test_an_odd_kind_is_refused(database: Database, kind: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await happen(database, kind)


@pytest.mark.parametrize("name", ["follow-fact", "Test", "", "test name", "test.taken"])
def test_an_odd_or_taken_subscriber_name_is_refused(name: str) -> None:
    subscriptions = Subscriptions()
    subscriptions.on("CallEnded", "test.taken", Seen())
    with pytest.raises(ValueError, match="cannot be named"):
        subscriptions.on("CallEnded", name, Seen())


async def test_the_migration_installs_what_this_release_of_pgqueuer_declares(owner_dsn: str) -> None:
    connection = await asyncpg.connect(owner_dsn)
    try:
        plan = await queries_on(AsyncpgDriver(connection)).plan_upgrade()
    finally:
        await connection.close()
    assert list(plan.statements) == []


def test_a_handler_is_any_awaitable_callable() -> None:
    handler: Callable[[Fact], Awaitable[None]] = Seen()
    Subscriptions().on("CallEnded", "test.first", handler)
