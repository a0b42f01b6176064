"""Giving up what nobody waits for any more."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

LOOK_EVERY_S = 0.25


@contextmanager
def while_client_waits(request: web.Request) -> Iterator[None]:
    """Cancels the running task within a quarter of a second after the client has hung up.

    Only a block that may be stopped anywhere belongs inside, such as a transaction: a statement that is under way is
    cancelled in the database too. (The server at large does not cancel handlers of clients who left.)
    """
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle

    def look() -> None:
        nonlocal timer
        if task is not None and (request.transport is None or request.transport.is_closing()):
            task.cancel("The client has hung up.")
        else:
            timer = loop.call_later(LOOK_EVERY_S, look)

    timer = loop.call_later(LOOK_EVERY_S, look)
    try:
        yield
    finally:
        timer.cancel()
