"""A folder for a cluster, and a server in it."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.embedded_postgres import EmbeddedPostgres


def new_parent() -> Path:
    """In memory if there is room: copying and removing a cluster of 40 MB is most of a test's time."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1_000_000_000
    return Path(tempfile.mkdtemp(prefix="callx-test-", dir=memory if roomy else None))


@pytest.fixture
def empty_folder() -> Iterator[Path]:
    """Not tmp_path, which keeps the last three runs."""
    parent = new_parent()
    yield parent / "postgres"
    shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture(scope="session")
def stopped_cluster() -> Iterator[Path]:
    folder = new_parent() / "postgres"

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
