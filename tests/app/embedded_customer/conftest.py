"""Lines to the embedded customer on a clock that stands still."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tests.clock import FixedClock
from tests.support.scripted_speech import ScriptedSpeech
from tests.support.session_line import SESSION, Line
from voice.embedded_customer.speaking import Pace

Dial = Callable[..., Awaitable[Line]]


@pytest.fixture
async def dial(clock: FixedClock) -> AsyncIterator[Dial]:
    lines: list[Line] = []

    async def dial(*words: str | Exception, speed: float = 1e9, lead_ms: int = 1_000, **session: Any) -> Line:
        line = Line(ScriptedSpeech(*words), clock, Pace(speed, lead_ms))
        lines.append(line)
        await line.until("session.created")
        await line.send("session.update", session={**SESSION, **session})
        await line.until("session.updated")
        line.log.clear()
        return line

    yield dial
    for line in lines:
        await line.session.close()


@pytest.fixture
async def opened(dial: Dial) -> Callable[..., Awaitable[Line]]:
    """A line on which the customer has just said the opening words."""

    async def opened(*words: str | Exception, **session: Any) -> Line:
        line = await dial(*words, **session)
        await line.send("response.create")
        await line.until("response.done")
        return line

    return opened
