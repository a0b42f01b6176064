"""The official OpenAI SDK holds a spoken conversation with the embedded customer: real ears, a real voice."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from openai import AsyncOpenAI

from core.web import errors_to_json
from tests.clock import FixedClock
from tests.support.scenarios import DOUBLE_CHARGE
from voice.audio_format import duration_ms, silence
from voice.embedded_customer.server import EMBEDDED_CUSTOMER, EmbeddedCustomer, add_routes
from voice.embedded_customer.session import SessionOptions
from voice.embedded_customer.speaking import Pace
from voice.embedded_customer.speech_engines import SpeechEngines
from voice.scenario import Scenario

pytestmark = pytest.mark.slow


def session(**fields: Any) -> Any:
    audio = {"input": {"transcription": {"model": "any", "language": "en"}}}
    return {"type": "realtime", "audio": audio, **fields}


async def stored(scenario_id: str, _version: str | None) -> Scenario | None:
    return DOUBLE_CHARGE if scenario_id == "double-charge" else None


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the recognizer keeps what it has built."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture
async def engines(models: Path) -> AsyncIterator[SpeechEngines]:
    engines = SpeechEngines(workers=1, cache_dir=models)
    await engines.start()
    yield engines
    await engines.close()


@pytest.fixture
async def port(aiohttp_server, engines: SpeechEngines, clock: FixedClock) -> int:
    app = web.Application(middlewares=[errors_to_json])
    options = SessionOptions(engines, clock, stored, pace=Pace(speed=100.0))
    app[EMBEDDED_CUSTOMER] = EmbeddedCustomer(
        options, internal_key="internal", outside_keys=("outside",), session_limit=2
    )
    add_routes(app)
    server: TestServer = await aiohttp_server(app)
    assert server.port is not None
    return server.port


class Conversation:
    """A trainee at the SDK's end; speaks with the server's other voice, faster than real time."""

    def __init__(self, connection: Any, engines: SpeechEngines, clock: FixedClock) -> None:
        self.connection = connection
        self.engines = engines
        self.clock = clock
        self.said: list[str] = []
        self.heard: list[str] = []
        self.replies: list[str] = []
        self.kinds: list[str] = []

    async def say(self, text: str) -> None:
        """Speaks after the customer has finished."""
        self.said.append(text)
        sound = b"".join([pcm async for pcm in self.engines.speak(text, "male", 150)])
        for piece in (silence(500), sound, silence(1_000)):
            self.clock.advance(duration_ms(len(piece)))
            await self.connection.input_audio_buffer.append(audio=base64.b64encode(piece).decode())

    async def reply(self) -> str:
        """Waits for the customer's next whole reply, and until it was listened to."""
        words, sound_bytes = "", 0
        async for event in self.connection:
            self.kinds.append(event.type)
            match event.type:
                case "error":
                    raise AssertionError(event.error.message)
                case "response.output_audio.delta":
                    sound_bytes += len(base64.b64decode(event.delta))
                case "response.output_audio_transcript.done":
                    words = event.transcript
                case "conversation.item.input_audio_transcription.completed":
                    self.heard.append(event.transcript)
                case "response.done" if event.response.status == "completed":
                    break
        assert duration_ms(sound_bytes) > 300
        self.clock.advance(duration_ms(sound_bytes))
        self.replies.append(words)
        return words


def share_understood(said: str, heard: str) -> float:
    """How many of the words of `said` are in `heard`, 0 to 1."""
    words = [word.strip(".,?!").lower() for word in said.split()]
    found = {word.strip(".,?!").lower() for word in heard.split()}
    return sum(word in found for word in words) / len(words)


def client(port: int, key: str) -> AsyncOpenAI:
    return AsyncOpenAI(
        api_key=key, base_url=f"http://127.0.0.1:{port}/v1", websocket_base_url=f"ws://127.0.0.1:{port}/v1"
    )


async def test_a_spoken_conversation_about_a_stored_scenario(port, engines, clock):
    async with client(port, "internal") as sdk, sdk.realtime.connect(model="any") as connection:
        prompt: Any = {"id": "double-charge", "version": "1", "variables": {"seed": "3"}}
        await connection.session.update(session=session(prompt=prompt))
        call = Conversation(connection, engines, clock)
        await connection.response.create()
        assert await call.reply() == DOUBLE_CHARGE.opening
        await call.say("I am very sorry about that. May I have your account number please?")
        assert "four four one seven" in await call.reply()
        await call.say("Thank you. I will refund the second charge today.")
        await call.reply()
    assert share_understood(" ".join(call.said), " ".join(call.heard)) > 0.6
    assert call.kinds[:2] == ["session.created", "session.updated"]


async def test_a_spoken_conversation_with_improvised_instructions(port, engines, clock):
    instructions = "You are Tom Baker, a customer whose parcel never arrived. You want it delivered or a refund."
    async with client(port, "outside") as sdk, sdk.realtime.connect(model="any") as connection:
        await connection.session.update(session=session(instructions=instructions))
        call = Conversation(connection, engines, clock)
        await call.say("Thank you for calling, how can I help you today?")
        await call.reply()
        await call.say("I am so sorry. Can you tell me what happened?")
        await call.reply()
    assert share_understood(" ".join(call.said), " ".join(call.heard)) > 0.6
    assert len(set(call.replies)) == 2
