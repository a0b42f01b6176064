"""What the tests of the embedded PostgreSQL share: owners that can be killed, and looks at processes."""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg

from core.embedded_postgres import EmbeddedPostgres, program
from core.embedded_postgres.account import Account
from core.embedded_postgres.leftovers import server_process

PROJECT = Path(__file__).parents[2]
OWNER = """
import asyncio, os, sys, time
from pathlib import Path
sys.path += SYS_PATH
from core.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(asyncio.run(server.start()), flush=True)
if sys.argv[2:] == ["forks"] and os.fork() == 0:
    print(os.getpid(), flush=True)
time.sleep(60)
"""


async def run(server: EmbeddedPostgres, *statements: str) -> object:
    connection = await asyncpg.connect(server.url())
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


async def until(condition: Callable[[], bool], limit_s: float = 15) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < limit_s, "it did not happen in time"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


def pid_of(folder: Path) -> int:
    process_id = server_process(folder / "data")
    assert process_id is not None
    return process_id


def parent_of(process_id: int) -> int:
    shown = subprocess.run(["ps", "-o", "ppid=", "-p", str(process_id)], capture_output=True, text=True, check=True)
    return int(shown.stdout)


def owner_program() -> str:
    """With the path of our packages, so that any Python can run it."""
    return OWNER.replace("SYS_PATH", repr([str(PROJECT), str(program("postgres").parents[3])]))


def readable_python(account: Account) -> str | None:
    """One that the account can run: ours may lie in /root."""
    major, minor = sys.version_info[:2]
    for path in (sys.executable, f"/usr/bin/python{major}.{minor}", f"/usr/local/bin/python{major}.{minor}"):
        if account.can_read(Path(path)):
            return path
    return None


@contextlib.contextmanager
def owner_process(folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", owner_program(), str(folder), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline().startswith("postgresql://")
        yield owner
        owner.kill()
