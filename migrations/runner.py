"""Brings a database up to date, tells which revision it has, and dumps its schema."""

import asyncio
import base64
import hashlib
import hmac
import os
import re
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from core.errors import Unavailable
from migrations import sql_files

LOGIN_ROLE = "callx_server"
_LOCK = 0x63616C6C78  # any number that nobody else takes: "callx"
_DUMP_TIMEOUT_S = 60
_SCRAM_ROUNDS = 4096


async def migrate(owner_dsn: str, *, server_password: str, revision: str = "head") -> None:
    """Brings the database up to `revision`, and lets `callx_server` log in with `server_password`.

    `owner_dsn` (postgres:// or postgresql://, unix sockets as `?host=/folder`) names the database's owner: a superuser,
    or a role with CREATEROLE that owns the database. All is done in one transaction, so a failure leaves everything as
    it was. Two servers that start at once wait for each other. Raises Unavailable when the database is not there.
    """
    engine = _engine(owner_dsn)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            await connection.execute(text("set local statement_timeout = 0"))
            await _prepare_roles(connection, server_password)
            await connection.execute(text("set local role callx_owner"))
            await connection.execute(text("set local search_path = public"))
            await connection.execute(text("create schema if not exists callx"))
            await connection.run_sync(_upgrade, revision)
    finally:
        await engine.dispose()


async def current_revision(dsn: str) -> str | None:
    """The revision that the database has; None when it was never migrated."""
    engine = _engine(dsn)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_current)
    finally:
        await engine.dispose()


def newest_revision() -> str | None:
    """The revision that `migrate` leads to."""
    return ScriptDirectory.from_config(_config()).get_current_head()


async def dump_schema(pg_dump: Path, dsn: str) -> str:
    """The schema as SQL text, without what differs between two dumps of the same thing (versions, random tokens).

    Raises RuntimeError when `pg_dump` fails.
    """
    process = await asyncio.create_subprocess_exec(
        pg_dump,
        "--schema-only",
        "--no-owner",
        f"--dbname={dsn}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(_DUMP_TIMEOUT_S):
        out, complaint = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"pg_dump failed: {complaint.decode(errors='replace')}")
    return normalised(out.decode())


def normalised(dump: str) -> str:
    """The dump without version lines, settings and restrict tokens, and with single blank lines."""
    lines = [line for line in dump.splitlines() if not re.match(r"--|SET |SELECT pg_catalog\.set_config|\\", line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _engine(dsn: str) -> AsyncEngine:
    async def connect() -> asyncpg.Connection:
        try:
            return await asyncpg.connect(dsn, timeout=10, server_settings={"application_name": "callx migrate"})
        except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            reason = str(error) or "it does not answer in time."
            if isinstance(error, ValueError) and not isinstance(error, asyncpg.InterfaceError):
                reason = "its address is malformed; marks in a password must be percent-encoded."
            raise Unavailable(f"The database cannot be reached: {reason}", code="database_unavailable") from error

    return create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _current(connection: Connection) -> str | None:
    options = {"version_table": "schema_version", "version_table_schema": "callx"}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


async def _prepare_roles(connection: AsyncConnection, server_password: str) -> None:
    raw = await connection.get_raw_connection()
    driver: asyncpg.Connection = raw.driver_connection
    await driver.execute(sql_files.read("roles"))
    await driver.execute(f"alter role {LOGIN_ROLE} login password '{_scram_verifier(server_password)}'")


def _scram_verifier(password: str) -> str:
    """What PostgreSQL stores of a password, computed here so that the password itself gets into no server log."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _SCRAM_ROUNDS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    salt64, stored64, server64 = (
        base64.b64encode(part).decode() for part in (salt, hashlib.sha256(client_key).digest(), server_key)
    )
    return f"SCRAM-SHA-256${_SCRAM_ROUNDS}:{salt64}${stored64}:{server64}"
