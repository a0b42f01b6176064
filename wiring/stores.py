"""The database and the object store of a server, opened in the right order and closed again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from core.blobs import Blobs
from core.db import Database, connect, login_dsn
from core.embedded_postgres import EmbeddedPostgres
from core.errors import BadRequest
from core.secrets import Secrets, load_or_create
from core.settings import Settings
from migrations.runner import LOGIN_ROLE, migrate


@dataclass(frozen=True, slots=True)
class Stores:
    """What outlives a request: the database and where big things lie."""

    database: Database
    database_dsn: str
    owner_dsn: str
    blobs: Blobs
    secrets: Secrets
    embedded_postgres: EmbeddedPostgres | None


@asynccontextmanager
async def open_stores(settings: Settings) -> AsyncIterator[Stores]:
    """Starts the embedded PostgreSQL if no other is named, brings the schema up to date, opens everything."""
    secrets = await asyncio.to_thread(secrets_of, settings)
    password = secrets.derive("database-login")
    async with AsyncExitStack() as stack:
        postgres: EmbeddedPostgres | None = None
        if settings.database_url:
            owner_dsn = settings.database_url.get_secret_value()
        else:
            postgres = EmbeddedPostgres(settings.data_dir / "postgres")
            owner_dsn = await postgres.start()
            stack.push_async_callback(postgres.stop)
        await migrate(owner_dsn, server_password=password)
        dsn = login_dsn(owner_dsn, LOGIN_ROLE, password)
        database = await connect(dsn, pool_size=settings.database_pool_size)
        stack.push_async_callback(database.close)
        blobs = await asyncio.to_thread(_open_blobs, settings)
        yield Stores(database, dsn, owner_dsn, blobs, secrets, postgres)


def _open_blobs(settings: Settings) -> Blobs:
    try:
        return Blobs.open(settings.storage_url or settings.data_dir / "objects")
    except (ValueError, OSError) as error:
        raise BadRequest(str(error), code="bad_storage_url") from error


def secrets_of(settings: Settings) -> Secrets:
    """The secrets of this installation; makes them at the first start."""
    return load_or_create(settings.secret.get_secret_value() if settings.secret else None, settings.data_dir)
