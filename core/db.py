"""The only door to the data: a transaction that acts as a person.

Each transaction runs as a database role with the person's claims, both set for that transaction alone, so row-level
security decides what it sees and nothing stays behind in the pool. The one importer of asyncpg's pool.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import asyncpg

from core import logs
from core.errors import Unauthorized, Unavailable
from core.fair_shares import FairShares
from core.identity import Person

Tx: TypeAlias = asyncpg.Connection
"""A connection inside one transaction."""

Become: TypeAlias = Callable[[Tx, Person], Awaitable[str]]
"""Gives a transaction that has just begun the rights of a person; answers the name of the database role."""


@dataclass(frozen=True, slots=True)
class Acting:
    """A transaction, and the database role that it acts as."""

    tx: Tx
    role: str


SERVICE = Person("service", claims={"role": "service_role"})

_ACT = """
    select set_config('role', coalesce($1, callx.database_role_of($2, $3)), true) as role,
           set_config('request.jwt.claims', $4, true),
           set_config('statement_timeout', $5, true),
           set_config('lock_timeout', '2s', true),
           set_config('callx.request_id', $6, true)
"""
_STATEMENT_TIMEOUT = {"anonymous": "3s", "authenticated": "8s", "service": "30s"}
_ACQUIRE_TIMEOUT_S = 10
_CONNECT_TIMEOUT_S = 10
_CLOSE_TIMEOUT_S = 10
_COMMAND_TIMEOUT_S = 60
_CONNECTION_SETTINGS = {
    "application_name": "callx",
    "search_path": "public",
    "idle_in_transaction_session_timeout": "60s",
}
_OF_OURS = {"jit": "off"}
"""Policies look dear to the planner and are not: where PostgreSQL has LLVM, compiling a read took ten seconds."""
_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    ConnectionError,
)


class Database:
    """A pool of connections that log in as `callx_server`, which by itself may do nothing.

    Values travel natively: uuid as UUID, timestamptz as an aware datetime, bytea as bytes, and json and jsonb as plain
    Python values (`json.loads` on the way out, `json.dumps` on the way in), so never dump or load them yourself. A
    query that wants PostgreSQL's own JSON text selects `...::text`.
    """

    def __init__(self, pool: asyncpg.Pool, become: Become | None = None) -> None:
        self._pool = pool
        self._become = become or _become
        self._shares = FairShares(max(1, pool.get_max_size() // 2))

    def acting_as(self, person: Person, *, read_only: bool = False) -> AbstractAsyncContextManager[Tx]:
        """A transaction with the rights of `person`, committed at the end and rolled back on an exception.

        Raises Unauthorized when the person no longer exists, is deactivated, or the login was revoked, and Unavailable
        when the database does not answer, or has no connection free for ten seconds: one person holds at most half of
        them. Statements end after 8 s (anonymous: 3 s, service: 30 s), waits for a lock after 2 s.
        """
        return self._transaction(person, read_only)

    def acting(self, person: Person, *, read_only: bool = False) -> AbstractAsyncContextManager[Acting]:
        """As `acting_as`, for whoever needs to know the role too."""
        return self._acting(person, read_only)

    def acting_as_service(self) -> AbstractAsyncContextManager[Tx]:
        """A transaction as `service_role`, which sees everything: for what exceeds a person's rights."""
        return self._transaction(SERVICE, read_only=False)

    def as_login(self) -> AbstractAsyncContextManager[Tx]:
        """A read-only transaction of the login itself, which acts as nobody: to look at the database's own catalog."""
        return self._transaction(None, read_only=True)

    async def close(self) -> None:
        """Waits until every transaction has ended, at most ten seconds, and closes the connections."""
        try:
            async with asyncio.timeout(_CLOSE_TIMEOUT_S):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    @asynccontextmanager
    async def _transaction(self, person: Person | None, read_only: bool) -> AsyncIterator[Tx]:
        async with self._acting(person, read_only) as acting:
            yield acting.tx

    @asynccontextmanager
    async def _acting(self, person: Person | None, read_only: bool) -> AsyncIterator[Acting]:
        async with AsyncExitStack() as share:
            if person is not None and person.user_id is not None:
                try:
                    await share.enter_async_context(self._shares.place(person.user_id, _ACQUIRE_TIMEOUT_S))
                except TimeoutError as error:
                    text = "Too many requests of yours wait for the database."
                    raise Unavailable(text, code="database_unavailable") from error
            async with self._connected(person, read_only) as acting:
                yield acting

    @asynccontextmanager
    async def _connected(self, person: Person | None, read_only: bool) -> AsyncIterator[Acting]:
        try:
            connection = await self._pool.acquire(timeout=_ACQUIRE_TIMEOUT_S)
        except (*_LOST, OSError, TimeoutError, asyncpg.InsufficientResourcesError) as error:
            raise Unavailable("The database does not answer.", code="database_unavailable") from error
        try:
            async with connection.transaction(readonly=read_only):
                yield Acting(connection, "" if person is None else await self._become(connection, person))
        except _LOST as error:
            # A query cancelled by its time limit is the same class, but leaves the connection alive.
            if not _is_lost(connection, error):
                raise
            raise Unavailable("The database does not answer.", code="database_unavailable") from error
        finally:
            await self._pool.release(connection)


async def connect(dsn: str, *, pool_size: int, become: Become | None = None) -> Database:
    """Opens the pool. Raises Unavailable when nobody answers.

    `dsn` logs in as `callx_server` (see `login_dsn`); a database without CallX's schema needs another way to `become`
    a person.
    """
    try:
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=pool_size,
            timeout=_CONNECT_TIMEOUT_S,
            command_timeout=_COMMAND_TIMEOUT_S,
            server_settings=_CONNECTION_SETTINGS if become else {**_CONNECTION_SETTINGS, **_OF_OURS},
            init=_teach_json,
            # What a stranger's function sets may stay behind; of ours nothing outlives its transaction, and to reset
            # what is not set would cost each transaction another round trip.
            reset=_leave_as_it_is if become is None else None,
        )
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise Unavailable("The database does not answer.", code="database_unavailable") from error
    return Database(pool, become)


def login_dsn(owner_dsn: str, user: str, password: str) -> str:
    """The address of the same database for another login; credentials anywhere in `owner_dsn` are dropped."""
    parts = urlsplit(owner_dsn)
    host = parts.netloc.rpartition("@")[2]
    query = [(key, value) for key, value in parse_qsl(parts.query) if key not in ("user", "password", "passfile")]
    netloc = f"{quote(user, safe='')}:{quote(password, safe='')}@{host}"
    return urlunsplit((parts.scheme, netloc, parts.path, urlencode(query, safe="/"), ""))


async def _become(connection: asyncpg.Connection, person: Person) -> str:
    fixed_role = {"anonymous": "anon", "service": "service_role"}.get(person.kind)
    role: str = await connection.fetchval(
        _ACT,
        fixed_role,
        person.user_id,
        person.login_id,
        json.dumps(_claims(person), default=str),
        _STATEMENT_TIMEOUT[person.kind],
        logs.request_id.get(),
    )
    if fixed_role is None and role == "anon":
        raise Unauthorized("This sign-in is no longer valid.", code="login_ended")
    return role


async def _leave_as_it_is(_connection: asyncpg.Connection) -> None:
    """For a connection whose transactions set everything locally."""


def _claims(person: Person) -> Mapping[str, Any]:
    if person.kind == "anonymous":
        return {**person.claims, "role": "anon"}
    if person.kind == "service":
        return {**person.claims, "role": "service_role"}
    return {**person.claims, "sub": person.user_id, "role": "authenticated"}


def _is_lost(connection: asyncpg.Connection, error: BaseException) -> bool:
    dying = (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError)
    if isinstance(error, dying):
        return True
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True  # the pool has already taken the dead connection out of our hands


async def _teach_json(connection: asyncpg.Connection) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=_json_text, decoder=json.loads)


def _json_text(value: Any) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False)
