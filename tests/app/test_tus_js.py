"""The real tus-js-client against our wire: six-megabyte chunks, a closed tab, and the rest later."""

import asyncio
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from core.blobs import Blobs
from core.clock import SystemClock
from core.db import Database
from tests.app.support.wires import PASSWORD, bearer, give_passwords, sign_in, wires
from tests.people import Cast

FOLDER = Path(__file__).parent / "tus_js"
TIMEOUT_S = 120
MIB = 1024 * 1024
LENGTH = 20 * MIB + 12_345
CHUNK = 6 * MIB


async def run(*command: str) -> tuple[int, str]:
    """Exit status and output of a program that runs in the client's folder."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=FOLDER, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(TIMEOUT_S):
        output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, (output if process.returncode == 0 else output + errors).decode()


def skip_loudly(reason: str) -> None:
    pytest.skip(f"!!! the real tus-js-client was not tried: {reason}")


@pytest.fixture
async def tus_js() -> None:
    """The client, installed as the lock file says."""
    if not (shutil.which("node") and shutil.which("npm")):
        skip_loudly("Node and npm are not installed.")
    if not (FOLDER / "node_modules" / "tus-js-client").is_dir():
        status, output = await run("npm", "ci", "--ignore-scripts")
        if status:
            skip_loudly(f"npm could not install it: {output.strip().splitlines()[-1:]}")


@pytest.fixture
async def server(aiohttp_server: Any, database: Database, cast: Cast, tmp_path: Path) -> TestServer:
    """The wires over a folder."""
    await give_passwords(database, cast)
    blobs = await asyncio.to_thread(Blobs.open, tmp_path / "objects")
    server: TestServer = await aiohttp_server(wires(database, SystemClock(), blobs=blobs))
    return server


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """More than three chunks."""
    file = tmp_path / "film.mp4"
    file.write_bytes(os.urandom(LENGTH))
    return file


async def upload(server: TestServer, token: str, film: Path, *stop_at: str) -> dict[str, Any]:
    url = str(server.make_url("")).rstrip("/")
    status, output = await run("node", "upload.mjs", url, token, str(film), "folder/Grüße.mp4", *stop_at)
    assert status == 0, output
    result: dict[str, Any] = json.loads(output)
    return result


@pytest.mark.may_block
async def test_an_upload_goes_on_after_a_closed_tab(tus_js: None, server: TestServer, film: Path, aiohttp_client: Any):
    client = await aiohttp_client(server)
    session = await sign_in(client, "ada", PASSWORD)
    first = await upload(server, session["access_token"], film, str(8 * MIB))
    assert first["requests"] == [["POST", None], ["PATCH", str(CHUNK)]]

    second = await upload(server, session["access_token"], film)
    assert second["requests"][0] == ["HEAD", None]
    resumed_at = int(second["requests"][1][1])
    assert CHUNK <= resumed_at < LENGTH
    assert [method for method, _ in second["requests"]][1:] == ["PATCH"] * (len(second["requests"]) - 1)

    url = "/storage/v1/object/lesson-videos/folder/Gr%C3%BC%C3%9Fe.mp4"
    async with client.get(url, headers=bearer(session)) as response:
        assert response.headers["Cache-Control"] == "private, max-age=3600"
        received = hashlib.sha256(await response.read()).hexdigest()
    assert received == hashlib.sha256(film.read_bytes()).hexdigest()


@pytest.mark.may_block
async def test_a_refusal_reaches_the_client_with_its_status(
    tus_js: None, server: TestServer, film: Path, aiohttp_client: Any
):
    session = await sign_in(await aiohttp_client(server), "tess", PASSWORD)
    refused = await upload(server, session["access_token"], film)
    assert refused["status"] == 403
    assert "row-level security" in refused["error"]
    assert len(refused["requests"]) == 1
