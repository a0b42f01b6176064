"""The body of a request in pieces that fit into memory, whatever becomes of the connection."""

import asyncio
import logging
from collections.abc import AsyncGenerator

from aiohttp import ClientError, StreamReader
from aiohttp.http_exceptions import HttpProcessingError

log = logging.getLogger(__name__)

IDLE_S = 60.0


async def pieces(body: StreamReader, piece_bytes: int, *, idle_s: float = IDLE_S) -> AsyncGenerator[bytes, None]:
    """Pieces of `piece_bytes`, the last one shorter.

    When the connection is lost, or nothing comes for `idle_s` seconds, what has come until then is the last piece: the
    client asks how much that was, and goes on from there.
    """
    chunks: list[bytes] = []
    gathered = 0
    while chunk := await _next(body, piece_bytes - gathered, idle_s):
        chunks.append(chunk)
        gathered += len(chunk)
        if gathered == piece_bytes:
            yield b"".join(chunks)
            chunks, gathered = [], 0
    if chunks:
        yield b"".join(chunks)


async def _next(body: StreamReader, most_bytes: int, idle_s: float) -> bytes:
    try:
        async with asyncio.timeout(idle_s):
            return await body.read(most_bytes)
    except (ClientError, HttpProcessingError, OSError, TimeoutError) as error:
        log.info("An upload broke off: %r", error)
        return b""
