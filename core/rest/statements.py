"""Running statements as the person who asks, and what becomes of the errors."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from asyncpg import PostgresError

from core.app_keys import CLOCK
from core.db import Tx
from core.rest.catalog import Catalog
from core.rest.errors import RestError, database_error
from core.rest.incoming import Incoming
from core.rest.planner.denials import Plan, denial_hint
from core.rest.planner.plans import CallPlan, ReadPlan
from core.rest.presence import while_client_waits
from core.rest.sql_writer.forms import MAXIMUM_ANSWER_BYTES
from core.rest.sql_writer.statement import Statement

ReadingPlan = TypeVar("ReadingPlan", ReadPlan, CallPlan)
_NOT_RUN = "42"  # no such column, no right to it: refused before any row was looked at


@dataclass(frozen=True, slots=True)
class Result:
    """The one row that every statement answers.

    `rows` is how many rows the body holds or how many were written, `total` how many there are (None: not asked),
    `inserted` how many of those written are new (None: not asked).
    """

    body: str
    rows: int
    total: int | None
    inserted: int | None


@dataclass(slots=True)
class Session:
    """A transaction of the person who asks, the schema as their role sees it, and the plan that was run last."""

    incoming: Incoming
    tx: Tx
    catalog: Catalog
    plan: Plan | None = None

    async def run(self, plan: Plan, statement: Statement) -> Result:
        """Runs the plan's statement. Raises RestError 54000 (413) for a body that is too long, and PostgresError."""
        self.plan = plan
        found = await self.tx.fetchrow(statement.sql, *statement.values)
        if found["body"] is None:
            text = f"The answer is longer than {MAXIMUM_ANSWER_BYTES} bytes"
            raise RestError(413, "54000", text, hint="Ask for fewer rows, columns or embeds.")
        return Result(found["body"], found["rows"], found["total"], found["inserted"])

    async def tell(self, plan: Plan, rows: int) -> None:
        """Tells who follows reading, if the plan reads an observed table."""
        if touched := observed(self.incoming, plan):
            await _tell(self.incoming, self.tx, touched, rows)


@asynccontextmanager
async def session(incoming: Incoming, *, read_only: bool) -> AsyncIterator[Session]:
    """A transaction that ends with the block, or when the client hangs up.

    Raises RestError for what PostgreSQL refuses, at the end of the transaction too, TooManyRequests and Unavailable.
    """
    gateway = incoming.gateway
    now_ms = incoming.request.app[CLOCK].monotonic_ms()
    it: Session | None = None
    try:
        with while_client_waits(incoming.request):
            async with gateway.turnstile.place(incoming.caller):
                try:
                    async with incoming.database.acting(incoming.person, read_only=read_only) as acting:
                        catalog = await gateway.catalogs.of_role(acting, now_ms, incoming.schema)
                        it = Session(incoming, acting.tx, catalog)
                        yield it
                except (PostgresError, RestError) as error:
                    if it is not None and it.plan is not None:
                        await _tell_of_refused(incoming, it.plan, error)
                    raise
    except PostgresError as error:
        raise database_error(
            error.sqlstate or "XX000",
            getattr(error, "message", None) or str(error),
            getattr(error, "detail", None),
            getattr(error, "hint", None),
            anonymous=incoming.person.kind == "anonymous",
            denial=None if it is None or it.plan is None else denial_hint(it.plan),
        ) from error


async def _tell_of_refused(incoming: Incoming, plan: Plan, error: PostgresError | RestError) -> None:
    """Tells of what was refused after observed tables had been read: what the transaction had told is gone with it.

    The text of an error may quote a row, and how many rows there are is an answer too.
    """
    touched = observed(incoming, plan)
    if touched and not (isinstance(error, PostgresError) and (error.sqlstate or "").startswith(_NOT_RUN)):
        async with incoming.database.acting(incoming.person) as acting:
            await _tell(incoming, acting.tx, touched, 0)


async def _tell(incoming: Incoming, tx: Tx, touched: frozenset[str], rows: int) -> None:
    if incoming.gateway.on_read is not None:
        await incoming.gateway.on_read(tx, incoming.person, touched, incoming.request.rel_url.raw_path_qs, rows)


async def run_reading(
    incoming: Incoming, prepare: Callable[[Catalog], tuple[ReadingPlan, Statement]]
) -> tuple[ReadingPlan, Result]:
    """Plans and runs a statement that cannot write, and tells who follows reading.

    The transaction is read-only. Of an observed table it may write, because what is told is written in it, but the
    statement itself runs in a read-only part. Whether a request will touch one is guessed from its text; a wrong guess
    costs a second transaction.
    """
    may_write = _names_observed(incoming)
    async with session(incoming, read_only=not may_write) as first:
        plan, statement = prepare(first.catalog)
        if may_write:
            return plan, await _run_observed(first, plan, statement)
        if not observed(incoming, plan):
            return plan, await first.run(plan, statement)
    async with session(incoming, read_only=False) as second:
        plan, statement = prepare(second.catalog)
        return plan, await _run_observed(second, plan, statement)


async def _run_observed(session: Session, plan: Plan, statement: Statement) -> Result:
    async with session.tx.transaction():  # a savepoint: with it ends that nothing can be written
        await session.tx.execute("set transaction read only")
        result = await session.run(plan, statement)
    await session.tell(plan, result.rows)
    return result


def observed(incoming: Incoming, plan: Plan) -> frozenset[str]:
    """The observed tables that a plan reads; none where nobody follows reading."""
    if incoming.gateway.on_read is None:
        return frozenset()
    return plan.tables & incoming.exposure.observed


def _names_observed(incoming: Incoming) -> bool:
    if incoming.gateway.on_read is None:
        return False
    text = incoming.request.rel_url.path_qs
    return any(name in text for name in incoming.exposure.observed)
