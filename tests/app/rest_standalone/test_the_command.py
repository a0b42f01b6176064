"""`python server.py rest`, started as an operator starts it, and asked by the real clients."""

import asyncio
import json
import re
import signal
import sys

import pytest

from tests.app.rest_standalone.conftest import KEY, token
from tests.support.library import login_dsn
from tests.support.running_server import ROOT, run_command

READY = re.compile(r"is ready: (http://\S+) and")
WAIT_S = 30


@pytest.fixture
async def gateway(cluster, library_name, tmp_path):
    """The address of the running command."""
    secret = tmp_path / "secret"
    secret.write_bytes(KEY + b"\n")
    options = ["--schemas", "library,cards", "--anon-role", "library_visitor", "--jwt-secret-file", str(secret)]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "server.py", "rest", "--port", "0", *options),
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": login_dsn(cluster, library_name)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(WAIT_S):
        line = (await process.stdout.readline()).decode()
    ready = READY.search(line)
    assert ready, line
    yield ready[1]
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(WAIT_S):
        assert await process.wait() == 0


async def test_both_clients_read_and_write(gateway, supabase_js):
    status, output = await supabase_js.run("node", "library.mjs", gateway, token("library_librarian"))
    assert status == 0, output
    seen = json.loads(output)

    for client in ("root", "prefixed"):
        data = {name.removeprefix(f"{client} "): found["data"] for name, found in seen.items() if client in name}
        assert data["nested"][1] == {
            "title": "Good Omens",
            "categories": {"name": "Fantasy"},
            "authors": [{"name": "Neil Gaiman"}, {"name": "Terry Pratchett"}],
            "editions": [{"number": 1, "copies": [{"condition": "new"}]}],
        }
        assert seen[f"{client} count"]["count"] == 1
        assert data["range"] == [{"id": 2}, {"id": 3}]
        assert data["json"] == [{"first": "Boston Globe"}]
        assert seen[f"{client} single"]["error"] == "PGRST116"
        assert data["rpc"] == [{"id": 1}]
        assert data["rpc get"] == 2
        assert data["other schema"] == [{"number": "C-1"}]
        assert data["upsert"] == {"stars": 4, "books": {"title": "The Dispossessed"}}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--schemas", "library"], "nobody_may_ask"),
        (["--schemas", "library", "--anon-role", "x"], "no_database"),
        (["--schemas", "library", "--anon-role", "x", "--database-url", "postgresql://x@127.0.0.1:1/x"], "unavailable"),
        (["--anon-role", "x"], "--schemas"),
        (["--schemas", "a", "--max-rows", "0"], "less than 1"),
    ],
)
async def test_a_command_that_cannot_be_meant_says_why(options, words):
    status, printed = await run_command("rest", "--port", "0", *options)

    assert status == 2, printed
    assert words in printed
