"""What is stored while it comes: chunks that can be too many, stop coming, or be wanted no more."""

import asyncio
from collections.abc import AsyncIterator, Awaitable

from core.errors import TooLarge

_LAST_WORDS_S = 30.0


class Source:
    """Chunks as they come: counted, with what they raised kept in `error`, and the deadline moved on at each.

    Raises TooLarge beyond `most_bytes`. `stall_s` is how long the next chunk, or the rest of the storing, may take.
    """

    def __init__(
        self, chunks: AsyncIterator[bytes], most_bytes: int | None, deadline: asyncio.Timeout, stall_s: float
    ) -> None:
        self.error: Exception | None = None
        self._chunks = chunks
        self._left = most_bytes
        self._deadline = deadline
        self._stall_s = stall_s
        self._stopped = False
        self._waiting: asyncio.Task[object] | None = None

    def stop(self) -> None:
        """Nothing more comes, and that is an error: also for whoever waits for the next chunk now."""
        self._stopped = True
        if self._waiting is not None:
            self._waiting.cancel()

    def __aiter__(self) -> "Source":
        return self

    async def __anext__(self) -> bytes:
        if self._stopped:
            raise _Stopped
        self._waiting = asyncio.current_task()
        try:
            chunk = await anext(self._chunks)
            if self._left is not None:
                self._left -= len(chunk)
                if self._left < 0:
                    raise TooLarge("That is more than may be stored here.")
        except StopAsyncIteration:
            raise
        except asyncio.CancelledError:
            if self._stopped:
                raise _Stopped from None
            raise
        except Exception as error:
            self.error = error
            raise
        finally:
            self._waiting = None
        if not self._deadline.expired():
            self._deadline.reschedule(asyncio.get_running_loop().time() + self._stall_s)
        return chunk


class _Stopped(Exception):
    pass


async def stopped_in_order(storing: Awaitable[object], source: Source) -> None:
    """Waits until all is stored. When it is cancelled, the source fails, so that obstore clears away what it has begun.

    Cancelled by itself, obstore would leave that in the store, and the source waiting.
    """
    future = asyncio.ensure_future(storing)  # noqa: TID251 - obstore's own future, of which this is the owner
    try:
        await asyncio.shield(future)
    except asyncio.CancelledError:
        source.stop()
        await asyncio.wait([future], timeout=_LAST_WORDS_S)
        if not future.cancel() and not future.cancelled():
            future.exception()  # that it was stopped is no news
        raise
