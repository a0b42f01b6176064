"""Work that is done at set times, once for all servers of one place."""

from collections.abc import Awaitable, Callable

import asyncpg
from pgqueuer import AsyncpgPoolDriver
from pgqueuer.core.sm import SchedulerManager
from pgqueuer.models import Schedule

from core.jobs.queue import queries_on
from core.jobs.subscriptions import Chore


class Timetable:
    """Does chores when they are due; what fails is logged and done the next time.

    Servers share the table `callx.pgqueuer_schedules`: whoever looks first takes a chore. One that was due while no
    server ran is done at the next start.
    """

    def __init__(self, pool: asyncpg.Pool, chores: list[Chore]) -> None:
        self._manager = SchedulerManager(queries_on(AsyncpgPoolDriver(pool)))
        self._chores = chores
        for chore in chores:
            self._manager.schedule(chore.name, chore.cron, accepts_context=False)(_without_schedule(chore))

    async def run(self) -> None:
        """Until `stop`, when what is being done is finished first. Raises when the database is lost."""
        if self._chores:
            await self._manager.run()
        else:
            await self._manager.shutdown.wait()

    def stop(self) -> None:
        """Lets nothing begin any more."""
        self._manager.shutdown.set()


def _without_schedule(chore: Chore) -> Callable[[Schedule], Awaitable[None]]:
    async def do(_: Schedule) -> None:
        await chore.handler()

    return do
