"""Responses of one session: at most one runs, and it stops at once when it is cancelled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from core.errors import CallXError
from core.tasks import Tasks
from voice.embedded_customer.response_writer import CancelReason, ResponseWriter

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


class Responding:
    """Runs one response after another; `on_done` is called after each that was not cancelled."""

    def __init__(self, on_done: Callable[[], None]) -> None:
        self._on_done = on_done
        self._tasks = Tasks("response")
        self._writer: ResponseWriter | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> ResponseWriter | None:
        """The response that is being made."""
        return self._writer

    def start(self, writer: ResponseWriter, work: Work) -> None:
        """Makes the response `writer` by `work`; none may be running."""
        assert self._writer is None
        self._writer = writer
        self._task = self._tasks.start(self._run(writer, work), writer.id)

    def cancel(self, reason: CancelReason) -> bool:
        """Stops the running response and says so. False when none is running."""
        writer, task = self._writer, self._task
        if writer is None or task is None:
            return False
        self._writer = self._task = None
        writer.cancel(reason)
        task.cancel()
        return True

    async def close(self) -> None:
        """Stops without a word."""
        self._writer = self._task = None
        await self._tasks.close()

    async def _run(self, writer: ResponseWriter, work: Work) -> None:
        try:
            await work()
            writer.finish()
        except CallXError as error:
            log.warning("A response failed: %s", error.code)
            writer.fail(error.code, error.message)
        except Exception:
            writer.fail("server_error", "The server had an error while making the response.")
            raise  # logged by the owner of the task
        finally:
            if self._writer is writer:
                self._writer = self._task = None
                self._on_done()
