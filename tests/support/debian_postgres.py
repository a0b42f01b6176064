"""Debian's PostgreSQL 15, the oldest that CallX runs on, in a throw-away cluster behind a private socket."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest

from core.embedded_postgres.account import account_for

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
AUTH = ("--auth-local=trust", "--auth-host=scram-sha-256")
_TIMEOUT_S = 120


class DebianPostgres:
    """One cluster; `start` skips the test, loudly, where the programs are not installed.

    With a `port` it also listens on 127.0.0.1, where everybody needs a password; on its socket nobody does.
    """

    def __init__(self, port: int | None = None) -> None:
        self.port = port
        self._folder = Path(tempfile.mkdtemp(prefix="callx-pg15-", dir="/tmp"))
        self._account = account_for("callx-postgres")

    async def start(self) -> None:
        """Makes the cluster and starts it."""
        if not (PROGRAMS / "postgres").is_file():
            pytest.skip("!!! PostgreSQL 15 was not tried: install Debian's postgresql-15.")
        if self._account is not None:
            os.chown(self._folder, self._account.uid, self._account.gid)
        data = self._folder / "data"
        await self._run("initdb", "-D", data, "-U", "postgres", *AUTH, "--encoding=UTF8", "--locale=C.UTF-8")
        address = f"-c listen_addresses=127.0.0.1 -p {self.port}" if self.port else "-c listen_addresses=''"
        options = f"{address} -c unix_socket_directories={self._folder} -c fsync=off"
        await self._run("pg_ctl", "-D", data, "-w", "-l", self._folder / "log", "-o", options, "start")

    async def stop(self) -> None:
        """Ends it and removes its folder."""
        data = self._folder / "data"
        if (data / "postmaster.pid").exists():
            await self._run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self._folder)

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """The address for asyncpg."""
        port = f"&port={self.port}" if self.port else ""
        return f"postgresql://{user}@/{database}?host={self._folder}{port}"

    @property
    def socket_folder(self) -> Path:
        """Where its socket lies: `PGHOST` for those who need no password."""
        return self._folder

    async def _run(self, program: str, *arguments: str | Path) -> None:
        identity: dict[str, Any] = {}
        if self._account is not None:
            identity = {"user": self._account.uid, "group": self._account.gid, "extra_groups": []}
        with (self._folder.parent / f"{self._folder.name}.out").open("w+b") as output:
            process = await asyncio.create_subprocess_exec(
                PROGRAMS / program,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,  # no pipe: the server that pg_ctl leaves behind would hold it open
                stderr=output,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                **identity,
            )
            async with asyncio.timeout(_TIMEOUT_S):
                status = await process.wait()
            output.seek(0)
            said = output.read().decode(errors="replace")
        Path(output.name).unlink()
        assert status == 0, said
