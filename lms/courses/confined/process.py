"""The server's side of a confined reading: one process for one file, ended whatever happens.

A process and not a thread: a hostile PDF or film can take all memory or never end, and code written in C can be broken
by what it reads. This one has limits of memory and time set by the kernel, an empty environment of its own, writes
no file, and gets no part of anything but the file. It has the server's user: what that user may read, a decoder that
was taken over may read too.
"""

import asyncio
import json
import logging
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from core.blobs import Blobs
from lms.courses.confined.worker import LENGTH_BYTES, PIECE_BYTES

log = logging.getLogger(__name__)

End = Literal["done", "too_slow", "too_large", "died"]
_PROJECT = Path(__file__).parents[3]
_LONGEST_LINE_BYTES = 1 << 22
_MOST_ANSWER_BYTES = 1 << 26
_LEFT_RUNNING_S = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may take. `total_s` is time on the wall, and includes waiting for the object store."""

    memory_bytes: int
    cpu_s: int
    total_s: float
    read_bytes: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out: all answers that came before the end, and how it ended."""

    answers: tuple[dict[str, Any], ...]
    end: End


async def read_confined(module: str, blobs: Blobs, key: str, size_bytes: int, limits: Limits) -> Reading:
    """Has `python -m module` read the object. Raises NotFound and Unavailable as the object store does."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, str(size_bytes), str(limits.memory_bytes), str(limits.cpu_s)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_PROJECT,
        env={"LC_ALL": "C.UTF-8"},
        limit=_LONGEST_LINE_BYTES,
        start_new_session=True,
    )
    answers: list[dict[str, Any]] = []
    end: End | None = None
    try:
        async with asyncio.timeout(limits.total_s):
            end = await _talk(process, blobs, key, limits, answers)
            if end is None:
                end = _manner_of_death(await process.wait())
    except TimeoutError:
        end = "too_slow"
    finally:
        await _end(process)
    if end != "done":
        log.info("Reading %s with %s ended: %s.", key, module, end)
    return Reading(tuple(answers), end)


async def _talk(
    process: asyncio.subprocess.Process, blobs: Blobs, key: str, limits: Limits, answers: list[dict[str, Any]]
) -> End | None:
    """Serves the reader until it is done; None when it fell silent."""
    reader, writer = process.stdout, process.stdin
    assert reader is not None
    assert writer is not None
    handed, told = 0, 0
    while True:
        try:
            line = await reader.readline()
            if not line:
                return None
            message = json.loads(line)
        except (ValueError, RecursionError):
            return "died"
        told += len(line)
        if told > _MOST_ANSWER_BYTES:
            return "too_large"
        match message:
            case {"answer": dict() as answer}:
                answers.append(answer)
            case {"done": True}:
                return "done"
            case {"at": int() as start, "length": int() as length} if start >= 0 and 0 < length <= PIECE_BYTES:
                handed += length
                if handed > limits.read_bytes:
                    return "too_large"
                piece = await blobs.get_range(key, start, start + length)
                with suppress(ConnectionError):  # then the reader has ended, and says nothing more
                    writer.write(len(piece).to_bytes(LENGTH_BYTES, "big") + piece)
                    await writer.drain()
            case _:
                return "died"


def _manner_of_death(status: int) -> End:
    return "too_slow" if status in (-signal.SIGXCPU, -signal.SIGKILL) else "died"


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    async with asyncio.timeout(_LEFT_RUNNING_S):
        await process.wait()
