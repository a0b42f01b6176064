"""The embedded PostgreSQL starts and stops, wherever its folder is."""

import asyncio
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from core.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, program
from tests.support.blocking import nothing_may_block
from tests.support.embedded_postgres import (
    run,
)

pytestmark = pytest.mark.may_block  # these tests start, kill and look at processes


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


async def test_its_programs_run(server: EmbeddedPostgres) -> None:
    await run(server, "create table t as select 42 as n", "select 1")
    command = [str(program("pg_dump")), "--schema-only", server.url()]
    dumped = await asyncio.to_thread(lambda: subprocess.run(command, capture_output=True, text=True, check=True))
    assert "CREATE TABLE public.t" in dumped.stdout
    with pytest.raises(EmbeddedPostgresError):
        program("pg_nothing")
