"""What still has to be sent to one client: bounded, because a client that does not read must not fill the memory."""

import asyncio
from collections import deque
from dataclasses import dataclass

LIMIT_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Closing:
    """The last thing in an outbox: how the connection is to be closed."""

    code: int
    reason: str


class Outbox:
    """Messages in order. When more than `limit_bytes` wait, all of them are dropped and the connection is closed."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._waiting: deque[str | Closing] = deque()
        self._waiting_bytes = 0
        self._closed = False
        self._something = asyncio.Event()

    @property
    def closed(self) -> bool:
        """Whether nothing more is taken."""
        return self._closed

    def put(self, message: str) -> None:
        """Queues `message`; after `close` it is dropped."""
        if self._closed:
            return
        self._waiting_bytes += len(message)
        if self._waiting_bytes > self._limit_bytes:
            self._waiting.clear()
            self.close(1008, "The client reads too slowly.")
            return
        self._waiting.append(message)
        self._something.set()

    def close(self, code: int, reason: str) -> None:
        """Lets the connection end after what is queued. Only the first call counts."""
        if not self._closed:
            self._closed = True
            self._waiting.append(Closing(code, reason))
            self._something.set()

    async def take(self) -> str | Closing:
        """The next message, when there is one."""
        while not self._waiting:
            self._something.clear()
            await self._something.wait()
        message = self._waiting.popleft()
        if isinstance(message, str):
            self._waiting_bytes -= len(message)
        return message
