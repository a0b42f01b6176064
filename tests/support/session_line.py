"""A client of the embedded customer without a socket: the SDK's types check each event."""

import asyncio
import base64
import json
from typing import Any

from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter

from tests.clock import FixedClock
from tests.support.scenarios import DOUBLE_CHARGE
from tests.support.scripted_speech import ScriptedSpeech, loud, quiet
from voice.embedded_customer.outbox import Closing, Outbox
from voice.embedded_customer.session import RealtimeSession, SessionOptions
from voice.embedded_customer.speaking import Pace
from voice.realtime_protocol.audio import append_json
from voice.scenario import Scenario

SDK: TypeAdapter[RealtimeServerEvent] = TypeAdapter(RealtimeServerEvent)
TOOLS = [{"type": "function", "name": name, "parameters": {"type": "object"}} for name in ("set_mood", "end_call")]
SESSION: dict[str, Any] = {
    "type": "realtime",
    "prompt": {"id": "double-charge", "version": "1", "variables": {"seed": "7"}},
    "audio": {"input": {"transcription": {"model": "any"}}},
    "tools": TOOLS,
}


async def stored(scenario_id: str, _version: str | None) -> Scenario | None:
    return DOUBLE_CHARGE if scenario_id == "double-charge" else None


class Line:
    """A client at the end of a session without a socket."""

    def __init__(self, speech: ScriptedSpeech, clock: FixedClock, pace: Pace) -> None:
        self.speech = speech
        self.clock = clock
        self.outbox = Outbox()
        self.session = RealtimeSession(self.outbox, SessionOptions(speech, clock, stored, pace=pace))
        self.log: list[dict[str, Any]] = []
        self.closed: Closing | None = None

    async def send(self, kind: str, **fields: Any) -> None:
        await self.session.receive(json.dumps({"type": kind, **fields}))

    async def say(self, length_ms: int, silence_ms: int = 600) -> None:
        await self.session.receive(append_json(loud(length_ms) + quiet(silence_ms)))

    async def wait(self, length_ms: int) -> None:
        """Lets time pass on a line that is alive."""
        self.clock.advance(length_ms)
        await self.session.receive(append_json(quiet(100)))
        self.session.tick()

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(2):
            message = await self.outbox.take()
        if isinstance(message, Closing):
            self.closed = message
            return {"type": "closing"}
        event: dict[str, Any] = json.loads(message)
        assert SDK.validate_python(event).type == event["type"]
        self.log.append(event)
        return event

    async def until(self, kind: str) -> dict[str, Any]:
        while (event := await self.next())["type"] != kind:
            pass
        return event

    def nothing_waits(self) -> bool:
        return not self.outbox._waiting

    def kinds(self) -> list[str]:
        """What came, without repetitions of deltas."""
        names = [event["type"] for event in self.log]
        return [name for name, before in zip(names, [None, *names], strict=False) if name != before]

    def words(self) -> str:
        return "".join(e["delta"] for e in self.log if e["type"] == "response.output_audio_transcript.delta")

    def sound_ms(self) -> int:
        deltas = (e["delta"] for e in self.log if e["type"] == "response.output_audio.delta")
        return sum(len(base64.b64decode(delta)) for delta in deltas) // 48


def output_of(done: dict[str, Any]) -> list[str]:
    return [item.get("name") or item["content"][0]["type"] for item in done["response"]["output"]]
