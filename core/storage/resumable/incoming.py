"""The body of a request in pieces that fit into memory, whatever becomes of the connection."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Protocol

from aiohttp import ClientError
from aiohttp.http_exceptions import HttpProcessingError

log = logging.getLogger(__name__)

IDLE_S = 60.0
_READ_BYTES = 256 * 1024  # aiohttp keeps as much again, and twice, of what is asked for at once


class Body(Protocol):
    """What comes: `request.content`."""

    async def read(self, n: int, /) -> bytes:
        """At most `n` bytes, as soon as there are some; none at the end."""


async def pieces(body: Body, piece_bytes: int, *, idle_s: float = IDLE_S) -> AsyncGenerator[bytes, None]:
    """Pieces of `piece_bytes`, the last one shorter.

    When the connection is lost, or nothing comes for `idle_s` seconds, what has come until then is the last piece: the
    client asks how much that was, and goes on from there.
    """
    chunks: list[bytes] = []
    gathered = 0
    while chunk := await _next(body, min(_READ_BYTES, piece_bytes - gathered), idle_s):
        chunks.append(chunk)
        gathered += len(chunk)
        if gathered == piece_bytes:
            piece = b"".join(chunks)
            chunks.clear()
            gathered = 0
            yield piece
    if chunks:
        yield b"".join(chunks)


async def _next(body: Body, most_bytes: int, idle_s: float) -> bytes:
    try:
        async with asyncio.timeout(idle_s):
            return await body.read(most_bytes)
    except (ClientError, HttpProcessingError, OSError, TimeoutError) as error:
        log.info("An upload broke off: %r", error)
        return b""
