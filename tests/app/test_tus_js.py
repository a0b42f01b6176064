"""The real tus-js-client against our wire: six-megabyte chunks, a closed tab, and the rest later."""

import asyncio
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from core.blobs import Blobs
from core.clock import SystemClock
from core.db import Database
from tests.app.support.wires import PASSWORD, bearer, give_passwords, sign_in, wires
from tests.people import Cast
from tests.support.npm import TUS_JS, NpmFolder

MIB = 1024 * 1024
LENGTH = 20 * MIB + 12_345
CHUNK = 6 * MIB


@pytest.fixture
async def tus_js() -> NpmFolder:
    """The client, installed as the lock file says."""
    await TUS_JS.install()
    return TUS_JS


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
    status, output = await TUS_JS.run("node", "upload.mjs", url, token, str(film), "folder/Grüße.mp4", *stop_at)
    assert status == 0, output
    result: dict[str, Any] = json.loads(output)
    return result


@pytest.mark.may_block
async def test_an_upload_goes_on_after_a_closed_tab(
    tus_js: NpmFolder, server: TestServer, film: Path, aiohttp_client: Any
):
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
    tus_js: NpmFolder, server: TestServer, film: Path, aiohttp_client: Any
):
    session = await sign_in(await aiohttp_client(server), "tess", PASSWORD)
    refused = await upload(server, session["access_token"], film)
    assert refused["status"] == 403
    assert "row-level security" in refused["error"]
    assert len(refused["requests"]) == 1
