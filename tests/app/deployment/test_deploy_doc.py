"""docs/deploy.md, run as it is printed: in an empty folder, against PostgreSQL 15, with real server processes."""

import asyncio
import os
import re
import signal
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

import asyncpg
import pytest

from tests.support.debian_postgres import DebianPostgres

pytestmark = [pytest.mark.slow, pytest.mark.may_block]

ROOT = Path(__file__).parents[3]
DOCUMENT = ROOT / "docs" / "deploy.md"
SECTION_11 = (
    "Enable Lovable Cloud / Supabase",
    "Run all SQL migrations",
    "Add secrets",
    "Deploy edge functions",
    "Upload seed data",
    "Create test users",
    "Test critical user flows",
)
TIMEOUT_S = 900
PEOPLE = ["ada@callx.example", "mira@callx.example", "tess@callx.example"]
_ROLES = """
select p.email, r.role::text from public.profiles p join public.user_roles r on r.user_id = p.id order by 1
"""
WALKS = 4
"""The server, a second one, the restored one, and the server after the upgrade."""


def blocks(language: str) -> list[str]:
    """The document's blocks in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", DOCUMENT.read_text("utf8"), re.DOTALL | re.MULTILINE)


def free_ports(count: int) -> int:
    """The first of so many free ports in a row."""
    for first in range(20_000, 30_000, 10):
        with ExitStack() as stack, suppress(OSError):
            for port in range(first, first + count):
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
            return first
    raise AssertionError("There are no free ports.")


@pytest.fixture
async def postgres() -> AsyncIterator[DebianPostgres]:
    """A PostgreSQL server as Debian has it: passwords over TCP, none for its own account on the socket."""
    postgres = DebianPostgres(free_ports(1))
    await postgres.start()
    yield postgres
    await postgres.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder with the checkout in `app`."""
    (tmp_path / "app").symlink_to(ROOT)
    return tmp_path


async def run(folder: Path, script: str, environment: Mapping[str, str]) -> str:
    """What a shell script says; whatever it has left running is ended."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    log = folder / "script.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            "bash",
            "-euo",
            "pipefail",
            "-c",
            script,
            cwd=folder,
            env={**kept, **environment},
            stdout=output,
            stderr=output,
        )
        try:
            async with asyncio.timeout(TIMEOUT_S):
                status = await process.wait()
        finally:
            _end_what_runs(folder)
    said = log.read_text(errors="replace")
    assert status == 0, said[-6_000:] + "".join(_tails(folder))
    return said


def _end_what_runs(folder: Path) -> None:
    for file in folder.glob("*.pid"):
        with suppress(ProcessLookupError):
            os.kill(int(file.read_text()), signal.SIGKILL)


def _tails(folder: Path) -> list[str]:
    return [f"\n{file.name}: {file.read_text(errors='replace')[-1_500:]}" for file in folder.glob("*.log")]


def test_each_step_of_section_11_is_there():
    text = DOCUMENT.read_text("utf8")
    table = [row.split("|")[1].strip() for row in text.splitlines() if row.startswith("|")][2:]
    assert tuple(table) == SECTION_11


async def test_the_document_does_what_it_says(postgres: DebianPostgres, folder: Path):
    port = free_ports(3)
    environment = {
        "PGHOST": str(postgres.socket_folder),
        "PGPORT": str(postgres.port),
        "CALLX_PORT": str(port),
    }
    said = await run(folder, "".join(f"\necho '### {n}'\n{block}" for n, block in enumerate(blocks("sh"))), environment)

    assert "WRONG" not in said, said
    assert len(re.findall(r"^ok +cleaned up", said, re.MULTILINE)) == WALKS
    assert len(re.findall(r"^ok +schema", said, re.MULTILINE)) == 2, "the doctor came twice"
    assert (folder / "again" / "people").read_text().split() == PEOPLE, "and nobody whom a walk has made"
    assert (folder / "callx.env").stat().st_mode & 0o077 == 0
    await check_roles(postgres)


async def check_roles(postgres: DebianPostgres) -> None:
    """The people of the document have their roles, and their owner is no superuser."""
    connection = await asyncpg.connect(postgres.url("callx"))
    try:
        rows = await connection.fetch(_ROLES)
        superuser = await connection.fetchval("select rolsuper from pg_roles where rolname = 'callx_dba'")
    finally:
        await connection.close()
    assert [tuple(row) for row in rows] == list(zip(PEOPLE, ("admin", "manager", "trainee"), strict=True))
    assert superuser is False
