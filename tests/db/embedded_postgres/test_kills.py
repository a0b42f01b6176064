"""The embedded PostgreSQL outlives kills, second owners and stale files."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from core.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresInUse
from core.embedded_postgres.account import account_for
from core.embedded_postgres.leftovers import server_process
from tests.support.embedded_postgres import (
    owner_process,
    parent_of,
    pid_of,
    run,
    until,
)

pytestmark = pytest.mark.may_block  # these tests start, kill and look at processes
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")


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
