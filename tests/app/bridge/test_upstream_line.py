"""The line to the customer, at moments that a whole call rarely hits."""

import asyncio

from tests.support.bridge import ScriptedDriver
from voice.call.actions import SendText, StartReply
from voice.call.events import CallEvent, CustomerWrote, UpstreamReady
from voice.upstream.base import CustomerConfig
from voice.upstream_line import UpstreamLine

CONFIG = CustomerConfig("Be angry.", "marin")


async def test_a_line_that_opens_while_the_call_ends_is_closed_again() -> None:
    driver = ScriptedDriver()
    received: asyncio.Queue[CallEvent] = asyncio.Queue()
    line = UpstreamLine(driver, CONFIG, received.put_nowait)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(line.run())
        line.open()
        assert await received.get() == UpstreamReady()
        await line.close()  # the trainee hung up
        running.cancel()
    assert received.empty()
    assert driver.opened[0].closed


async def test_a_line_that_is_still_being_opened_can_be_put_down() -> None:
    driver = ScriptedDriver(answers=False)
    received: asyncio.Queue[CallEvent] = asyncio.Queue()
    line = UpstreamLine(driver, CONFIG, received.put_nowait)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(line.run())
        line.open()
        await asyncio.sleep(0)
        await line.close()
        running.cancel()
    assert received.empty()
    assert driver.opened == []


async def test_a_new_session_gets_nothing_that_was_meant_for_the_one_before() -> None:
    driver = ScriptedDriver()
    received: asyncio.Queue[CallEvent] = asyncio.Queue()
    line = UpstreamLine(driver, CONFIG, received.put_nowait)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(line.run())
        line.do(SendText("for the old one"))
        line.open()
        line.do(StartReply())
        await driver_asked(driver, 0, "start_reply")
        line.open()
        driver.opened[0].tell(CustomerWrote("A ghost."))
        line.do(StartReply())
        await driver_asked(driver, 1, "start_reply")
        await line.close()
        running.cancel()
    assert [[verb[0] for verb in session.verbs] for session in driver.opened] == [["start_reply"], ["start_reply"]]
    assert [received.get_nowait() for _ in range(received.qsize())] == [UpstreamReady(), UpstreamReady()]


async def driver_asked(driver: ScriptedDriver, number: int, verb: str) -> None:
    async with asyncio.timeout(20):
        while len(driver.opened) <= number:
            driver.more_opened.clear()
            await driver.more_opened.wait()
    await driver.opened[number].asked_for(verb)
