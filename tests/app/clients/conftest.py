"""The demo server, its key, and a Python that has the client."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.python_client import PythonClient
from tests.support.running_server import RunningServer, run_command


@dataclass(frozen=True)
class Demo:
    """A running demo server: `url` and anonymous `key`, as a front end gets them."""

    url: str
    key: str
    data_dir: Path


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """The program as `make run` starts it. The tests of this folder do not mind what others did."""
    server = RunningServer(tmp_path_factory.mktemp("demo") / "data")
    await server.start()
    status, printed = await run_command("keys", "--json", "--data-dir", str(server.data_dir))
    assert status == 0, printed
    yield Demo(server.url, json.loads(printed)["anon_key"], server.data_dir)
    await server.stop()


@pytest.fixture
async def supabase_py() -> PythonClient:
    """The real client for Python."""
    client = PythonClient(Path(__file__).parent / "supabase_py")
    await client.install()
    return client
