"""One PostgreSQL for the whole test run, and a fresh migrated database for each test that wants one."""

from itertools import count
from pathlib import Path

import asyncpg

from core.embedded_postgres import EmbeddedPostgres
from migrations.runner import LOGIN_ROLE, migrate

SERVER_PASSWORD = "only-for-tests-" + "0" * 32
_TEMPLATE = "callx_template"


class Cluster:
    """A throw-away cluster whose template database is migrated once and cloned in some 30 ms."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedPostgres(
            folder, settings={"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        )
        self._numbers = count(1)

    async def start(self) -> None:
        """Starts PostgreSQL and migrates the template."""
        await self.server.start()
        await self.run(f"create database {_TEMPLATE}")
        await migrate(self.server.url(_TEMPLATE), server_password=SERVER_PASSWORD)

    async def stop(self) -> None:
        """Ends it; the folder is pytest's to remove."""
        await self.server.stop()

    async def clone(self) -> str:
        """Makes a fresh migrated database; its name."""
        name = f"test_{next(self._numbers)}"
        await self.run(f"create database {name} template {_TEMPLATE}")
        return name

    async def empty(self) -> str:
        """Makes a database that was never migrated; its name."""
        name = f"test_{next(self._numbers)}"
        await self.run(f"create database {name} template template0")
        return name

    async def drop(self, name: str) -> None:
        """Removes a database, whoever is still connected to it."""
        await self.run(f"drop database {name} with (force)")

    def owner_dsn(self, name: str) -> str:
        """The superuser's address of a database."""
        return self.server.url(name)

    def server_dsn(self, name: str) -> str:
        """The address under which the server logs in."""
        return self.server.url(name, LOGIN_ROLE)

    async def run(self, sql: str) -> None:
        """Executes SQL as the superuser, outside of the tests' databases."""
        connection = await asyncpg.connect(self.server.url())
        try:
            await connection.execute(sql)
        finally:
            await connection.close()
