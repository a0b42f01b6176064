"""The line to the customer, at moments that a whole call rarely hits."""

import asyncio

from tests.support.bridge import ScriptedDriver
from voice.call.events import CallEvent, UpstreamReady
from voice.upstream.base import CustomerConfig
from voice.upstream_line import UpstreamLine


async def test_a_line_that_opens_while_the_call_ends_is_closed_again() -> None:
    driver = ScriptedDriver(answers=False)
    received: asyncio.Queue[CallEvent] = asyncio.Queue()
    line = UpstreamLine(driver, CustomerConfig("Be angry.", "marin"), received.put_nowait)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(line.run())
        await asyncio.sleep(0)
        await line.close()  # the trainee hung up while it rang
        driver.may_open.set()
        assert await received.get() == UpstreamReady()
        running.cancel()
    assert received.empty()
    assert driver.opened[0].closed
