"""The real program is killed in the middle of an upload, and the next one goes on."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from core.storage.resumable.handlers import PIECE_BYTES
from tests.app.storage_resumable.tus import CONTENT, PATH, metadata
from tests.support.running_server import RunningServer

LENGTH = 3 * PIECE_BYTES + 4_321
VERSION = {"Tus-Resumable": "1.0.0"}


async def signed_in(client: aiohttp.ClientSession, server: RunningServer) -> dict[str, str]:
    body = {"email": "admin@callx.example", "password": "callx-demo"}
    async with client.post(f"{server.url}/auth/v1/token?grant_type=password", json=body) as response:
        return VERSION | {"Authorization": f"Bearer {(await response.json())['access_token']}"}


async def offset_of(client: aiohttp.ClientSession, url: str, headers: dict[str, str]) -> int:
    async with client.head(url, headers=headers) as response:
        assert response.status == 200
        return int(response.headers["Upload-Offset"])


async def patch(
    client: aiohttp.ClientSession, url: str, headers: dict[str, str], offset: int, data: AsyncIterator[bytes]
) -> int:
    sent = headers | CONTENT | {"Upload-Offset": str(offset)}
    async with client.patch(url, headers=sent, data=data) as response:
        return response.status


def parts_in(folder: Path) -> int:
    return sum(path.is_file() for path in (folder / "objects" / "uploads").rglob("*"))


@pytest.mark.slow
@pytest.mark.may_block
async def test_another_process_goes_on_where_a_killed_one_stopped(tmp_path: Path):
    film = os.urandom(LENGTH)
    server = RunningServer(tmp_path / "data")
    await server.start()
    async with aiohttp.ClientSession() as client:
        headers = await signed_in(client, server)
        named = metadata(bucketName="lesson-videos", objectName="film.mp4", contentType="video/mp4")
        begin = headers | {"Upload-Length": str(LENGTH), "Upload-Metadata": named}
        async with client.post(server.url + PATH, headers=begin) as response:
            assert response.status == 201
            place = response.headers["Location"]

        async def rest() -> AsyncIterator[bytes]:
            yield film[PIECE_BYTES:]

        async def half() -> AsyncIterator[bytes]:
            yield film[: PIECE_BYTES * 3 // 2]
            async with asyncio.timeout(30):
                while await offset_of(client, server.url + place, headers) < PIECE_BYTES:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            await server.kill()

        with pytest.raises(aiohttp.ClientError):
            await patch(client, server.url + place, headers, 0, half())

        await server.start()
        headers = await signed_in(client, server)
        assert await offset_of(client, server.url + place, headers) == PIECE_BYTES
        assert await patch(client, server.url + place, headers, PIECE_BYTES, rest()) == 204
        async with client.get(f"{server.url}/storage/v1/object/lesson-videos/film.mp4", headers=headers) as response:
            received = hashlib.sha256(await response.read()).hexdigest()
        assert received == hashlib.sha256(film).hexdigest()
        async with asyncio.timeout(30):
            while parts_in(tmp_path / "data"):  # noqa: ASYNC110 - a job of the server removes them
                await asyncio.sleep(0.1)
    await server.stop()
