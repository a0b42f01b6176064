"""The queue in PostgreSQL, and the jobs that were given up."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from pgqueuer import AsyncpgDriver, Job, JobId, Queries
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.executors import AbstractEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.models import Context
from pgqueuer.ports.driver import Driver
from pgqueuer.types import Channel

from core.db import Tx
from core.facts import Fact

# Named here, because pgqueuer would take what is not named from environment variables.
SETTINGS = DBSettings(
    prefix="",
    db_schema="callx",
    channel=Channel("ch_pgqueuer"),
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
    durability=Durability.durable,
)

_FAILED = """
    select q.id as job_id, q.entrypoint as subscriber, q.updated as failed_at,
           f.id, f.kind, f.payload::text as payload, f.emitted_at,
           (select l.traceback ->> 'exception_message' from callx.pgqueuer_log l
            where l.job_id = q.id and l.status = 'failed' order by l.id desc limit 1) as error
    from callx.pgqueuer q join callx.facts f on f.id = convert_from(q.payload, 'UTF8')::bigint
    where q.status = 'failed' order by q.updated desc limit $1
"""


@dataclass(frozen=True)
class FailedJob:
    """A job that was given up, with the fact that it was to follow."""

    id: int
    subscriber: str
    fact: Fact
    failed_at: datetime
    error: str | None


async def failed_jobs(tx: Tx, *, limit: int = 100) -> list[FailedJob]:
    """The jobs that were given up, latest first; `tx` acts as the service."""
    return [
        FailedJob(
            row["job_id"],
            row["subscriber"],
            Fact(row["id"], row["kind"], json.loads(row["payload"]), row["emitted_at"]),
            row["failed_at"],
            row["error"],
        )
        for row in await tx.fetch(_FAILED, limit)
    ]


async def run_again(tx: Tx, job_ids: list[int]) -> None:
    """Gives failed jobs all their attempts again; others are left alone. `tx` acts as the service."""
    await queries_on(AsyncpgDriver(tx)).requeue_jobs([JobId(job_id) for job_id in job_ids])


class Executor(AbstractEntrypointExecutor):
    """Calls a function with the job; a job that it gives up is held as failed."""

    def __init__(self, run: Callable[[Job], Awaitable[None]]) -> None:
        super().__init__(EntrypointExecutorParameters(concurrency_limit=0, func=run, on_failure="hold"))
        self._run = run

    async def execute(self, job: Job, context: Context) -> None:
        await self._run(job)


def queries_on(driver: Driver) -> Queries:
    """pgqueuer's operations, on a connection or a pool."""
    builders = (QueryBuilderEnvironment(SETTINGS), QueryQueueBuilder(SETTINGS), QuerySchedulerBuilder(SETTINGS))
    return Queries(driver, *builders)


def fact_id_of(job: Job) -> int:
    """The fact that the job follows."""
    assert job.payload is not None
    return int(job.payload)
