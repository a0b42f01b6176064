"""How a large video goes in and out: `python benchmarks/large_upload.py [--gigabytes 3] [--folder DIR]`.

Starts the real server over a folder, sends a file raw, resumably in the six-megabyte chunks of tus-js-client, and
resumably in one request, and fetches it back each time. Prints the memory of the server's process before, at its peak
and after, and the speed beside that of a plain copy of the same file on the same disk, measured before and after. Needs
four times the file's size of disk; everything is removed at the end.
"""

import argparse
import asyncio
import base64
import contextlib
import os
import re
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from aiohttp import ClientResponse, ClientSession, ClientTimeout

ROOT = Path(__file__).parents[1]
READY = re.compile(r"CallX is ready: (http://\S+)")
MIB = 1024 * 1024
CHUNK_BYTES = 6 * MIB
SAMPLE_S = 0.05
NAME = "benchmark/film.mp4"


class Server:
    """The real program in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.url = url
        self._process = process

    @classmethod
    async def start(cls, data_dir: Path) -> "Server":
        """Starts it with the demo people on a free port."""
        command = [sys.executable, "server.py", "serve", "--demo", "--port", "0", "--data-dir", str(data_dir)]
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        while line := (await process.stdout.readline()).decode():
            if ready := READY.search(line):
                return cls(process, ready[1])
        raise RuntimeError("The server did not start.")

    def resident_mib(self) -> float:
        """What it has in memory now."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / MIB

    async def stop(self) -> None:
        """As Ctrl-C does."""
        self._process.send_signal(2)
        await self._process.wait()


class Meter:
    """Time and memory of one step."""

    def __init__(self, server: Server, size_bytes: int, copy_s: float) -> None:
        self._server = server
        self.size_bytes = size_bytes
        self._copy_s = copy_s

    @contextlib.asynccontextmanager
    async def measured(self, step: str) -> AsyncIterator[None]:
        """Prints the line of a step."""
        before = self._server.resident_mib()
        peak = [before]
        async with asyncio.TaskGroup() as group:
            watch = group.create_task(self._watch(peak))
            begun = time.perf_counter()
            yield
            took_s = time.perf_counter() - begun
            watch.cancel()
        after = self._server.resident_mib()
        speed, ratio = self.size_bytes / MIB / took_s, took_s / self._copy_s
        print(
            f"{step:34} {took_s:7.1f} s {speed:7.0f} MiB/s {ratio:6.2f} x copy   "
            f"memory {before:5.0f} -> {peak[0]:5.0f} -> {after:5.0f} MiB"
        )

    async def _watch(self, peak: list[float]) -> None:
        while True:
            peak[0] = max(peak[0], self._server.resident_mib())
            await asyncio.sleep(SAMPLE_S)


async def main(size_bytes: int, parent: Path | None) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory(dir=parent, prefix="callx-large-upload-") as name:
        folder = Path(name)
        film = folder / "film.mp4"
        checksum = make_film(film, size_bytes)
        copy_s = plain_copy_s(film)
        print(f"{size_bytes / MIB:.0f} MiB; a plain copy takes {copy_s:.1f} s, {size_bytes / MIB / copy_s:.0f} MiB/s")
        server = await Server.start(folder / "data")
        timeout = ClientTimeout(total=None, sock_read=600)
        try:
            async with ClientSession(server.url, timeout=timeout) as client:
                client.headers.update(await sign_in(client))
                meter = Meter(server, size_bytes, copy_s)
                for step in ("raw", "resumable, 6 MiB a request", "resumable, one request"):
                    await one_way(client, meter, film, step)
                    async with meter.measured("  and down again"):
                        assert await download(client) == (size_bytes, checksum)
                    await remove(client)
        finally:
            await server.stop()
        print(f"a plain copy takes {plain_copy_s(film):.1f} s at the end")


async def one_way(client: ClientSession, meter: Meter, film: Path, step: str) -> None:
    """Uploads the film."""
    async with meter.measured(f"up, {step}"):
        if step == "raw":
            await upload_raw(client, film, meter.size_bytes)
        else:
            await upload_resumably(client, film, meter.size_bytes, CHUNK_BYTES if "6 MiB" in step else meter.size_bytes)


def make_film(film: Path, size_bytes: int) -> int:
    """Fills the file with what does not compress; its CRC-32."""
    block, checksum, left = os.urandom(16 * MIB), 0, size_bytes
    with film.open("wb") as file:
        while left:
            part = block[: min(left, len(block))]
            file.write(part)
            checksum = zlib.crc32(part, checksum)
            left -= len(part)
        os.fsync(file.fileno())
    return checksum


def plain_copy_s(film: Path) -> float:
    """How long it takes to copy the file and to have the copy on disk."""
    begun = time.perf_counter()
    with film.open("rb") as source, film.with_suffix(".copy").open("wb") as target:
        shutil.copyfileobj(source, target, MIB)
        target.flush()
        os.fsync(target.fileno())
    took_s = time.perf_counter() - begun
    film.with_suffix(".copy").unlink()
    return took_s


async def sign_in(client: ClientSession) -> dict[str, str]:
    """The headers of the demo admin."""
    body = {"email": "admin@callx.example", "password": "callx-demo"}
    async with client.post("/auth/v1/token?grant_type=password", json=body) as response:
        await expect(response, 200)
        return {"Authorization": f"Bearer {(await response.json())['access_token']}"}


async def upload_raw(client: ClientSession, film: Path, size: int) -> None:
    """One POST."""
    headers = {"Content-Type": "video/mp4", "Content-Length": str(size)}
    async with client.post(
        f"/storage/v1/object/lesson-videos/{NAME}", data=content(film, 0, size), headers=headers
    ) as response:
        await expect(response, 200)


async def upload_resumably(client: ClientSession, film: Path, size: int, chunk_bytes: int) -> None:
    """POST and PATCHes."""
    fields = {"bucketName": "lesson-videos", "objectName": NAME, "contentType": "video/mp4"}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in fields.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(size), "Upload-Metadata": metadata}
    async with client.post("/storage/v1/upload/resumable", headers=headers) as response:
        await expect(response, 201)
        url = response.headers["Location"]
    for offset in range(0, size, chunk_bytes):
        end = min(size, offset + chunk_bytes)
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(end - offset),
        }
        begun = time.perf_counter()
        async with client.patch(url, headers=headers, data=content(film, offset, end)) as response:
            await expect(response, 204)
    if chunk_bytes < size:
        print(f"  the last request, which puts the parts together, took {time.perf_counter() - begun:.1f} s")


async def content(film: Path, start: int, end: int) -> AsyncIterator[bytes]:
    """A part of the file, as it is read."""
    for block in blocks(film, start, end):
        yield block


def blocks(film: Path, start: int, end: int) -> Iterator[bytes]:
    """The same for whoever does not wait."""
    with film.open("rb") as file:
        file.seek(start)
        while start < end and (block := file.read(min(MIB, end - start))):
            start += len(block)
            yield block


async def download(client: ClientSession) -> tuple[int, int]:
    """Length and CRC-32 of what comes back."""
    length = checksum = 0
    async with client.get(f"/storage/v1/object/lesson-videos/{NAME}") as response:
        await expect(response, 200)
        async for chunk in response.content.iter_any():
            length += len(chunk)
            checksum = zlib.crc32(chunk, checksum)
    return length, checksum


async def remove(client: ClientSession) -> None:
    """Removes the object; a job removes its bytes."""
    async with client.delete(f"/storage/v1/object/lesson-videos/{NAME}") as response:
        await expect(response, 200)


async def expect(response: ClientResponse, status: int) -> None:
    """Stops at an answer that was not expected."""
    if response.status != status:
        raise RuntimeError(f"{response.method} {response.url.path}: {response.status} {await response.text()}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=3.0)
    parser.add_argument("--folder", type=Path, default=None, help="where the files lie meanwhile")
    options = parser.parse_args()
    asyncio.run(main(int(options.gigabytes * 1024**3), options.folder))
