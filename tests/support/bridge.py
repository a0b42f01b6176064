"""The bridge on a real server, with a customer whose every word the test decides and a telephone that it holds."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientWebSocketResponse, WSMsgType, web
from aiohttp.test_utils import TestClient

from core.errors import Unauthorized
from core.identity import ANONYMOUS, Person
from tests.people import CAST
from voice.audio_format import silence
from voice.call.actions import Said
from voice.call.events import UpstreamClosed, UpstreamEvent, UpstreamReady
from voice.transports.wire import AUDIO_KIND, HEADER, LAST_FRAME
from voice.upstream.base import CustomerConfig, UpstreamRefused

PATIENCE_S = 20.0
CHECK = {"key": "greets", "text": "Greets the customer.", "acts": ["greeting"]}
CRITERION = {
    "key": "greeting",
    "title": "Greets",
    "kind": "checks",
    "dimension": "flow",
    "weight": 1,
    "checks": [CHECK],
}
RUBRIC = {
    "title": "A rubric",
    "version": 1,
    "sections": [{"key": "opening", "title": "Opening", "weight": 100, "criteria": [CRITERION]}],
}
CALLS = "/voice/v1/calls"


class ScriptedUpstream:
    """A customer: `tell` makes events come, `verbs` is what was asked of it."""

    def __init__(self, config: CustomerConfig) -> None:
        self.config = config
        self.verbs: list[tuple[Any, ...]] = []
        self.appended = bytearray()
        self.closed = False
        self._events: asyncio.Queue[UpstreamEvent | Exception] = asyncio.Queue()
        self._changed = asyncio.Event()
        self.tell(UpstreamReady())

    def tell(self, *events: UpstreamEvent | Exception) -> None:
        """These things happen now; an exception is a fault of the driver."""
        for event in events:
            self._events.put_nowait(event)

    async def asked_for(self, verb: str) -> tuple[Any, ...]:
        """The first verb of this name, as soon as it comes."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                if found := [known for known in self.verbs if known[0] == verb]:
                    return found[0]
                self._changed.clear()
                await self._changed.wait()

    async def done(self) -> None:
        """Returns when the server is through with this session."""
        async with asyncio.timeout(PATIENCE_S):
            while not self.closed:
                self._changed.clear()
                await self._changed.wait()

    async def heard(self, length_bytes: int) -> None:
        """Returns when so much of the trainee's sound was appended."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.appended) < length_bytes:
                self._changed.clear()
                await self._changed.wait()

    async def events(self) -> AsyncIterator[UpstreamEvent]:
        while True:
            event = await self._events.get()
            if isinstance(event, Exception):
                raise event
            yield event
            if isinstance(event, UpstreamClosed):
                return

    async def send_audio(self, pcm: bytes) -> None:
        self.appended += pcm
        self._changed.set()

    async def start_reply(self) -> None:
        self._note("start_reply")

    async def send_text(self, text: str) -> None:
        self._note("send_text", text)

    async def inform(self, text: str) -> None:
        self._note("inform", text)

    async def restore(self, said: Sequence[Said]) -> None:
        self._note("restore", *((one.speaker.value, one.text) for one in said))

    async def commit_audio(self) -> None:
        self._note("commit_audio")

    async def cancel_reply(self, reply_id: str) -> None:
        self._note("cancel_reply", reply_id)

    async def truncate(self, item_id: str, heard_ms: int) -> None:
        self._note("truncate", item_id, heard_ms)

    async def delete_item(self, item_id: str) -> None:
        self._note("delete_item", item_id)

    async def answer_tool(self, tool_call_id: str, output: str) -> None:
        self._note("answer_tool", tool_call_id, output)

    async def close(self) -> None:
        self.closed = True
        self._changed.set()
        self.tell(UpstreamClosed(1000, ""))

    def _note(self, *verb: Any) -> None:
        self.verbs.append(verb)
        self._changed.set()


@dataclass
class ScriptedDriver:
    """Opens scripted customers, or refuses."""

    refusal: UpstreamRefused | None = None
    answers: bool = True
    may_open: asyncio.Event = field(default_factory=asyncio.Event)
    """Set: a driver that does not answer does so now."""
    opened: list[ScriptedUpstream] = field(default_factory=list)
    more_opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self, config: CustomerConfig) -> ScriptedUpstream:
        if self.refusal:
            raise self.refusal
        if not self.answers:
            await self.may_open.wait()
        self.opened.append(ScriptedUpstream(config))
        self.more_opened.set()
        return self.opened[-1]

    async def next_after(self, upstream: ScriptedUpstream) -> ScriptedUpstream:
        """The session that was opened after this one."""
        place = self.opened.index(upstream) + 1
        async with asyncio.timeout(PATIENCE_S):
            while len(self.opened) <= place:
                self.more_opened.clear()
                await self.more_opened.wait()
        return self.opened[place]


async def identify_by_name(request: web.Request) -> Person:
    """The cast's members say who they are: `Authorization: Bearer tess`."""
    name = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not name:
        return ANONYMOUS
    for known, person in CAST:
        if known == name:
            return person
    raise Unauthorized("This token is no good.", code="bad_jwt")


def bearer(who: str) -> dict[str, str]:
    """The headers of this member of the cast; none for nobody."""
    return {"Authorization": f"Bearer {who}"} if who else {}


@dataclass
class Bridge:
    """A running server, and short ways to use it."""

    client: "TestClient[web.Request, web.Application]"
    driver: ScriptedDriver
    simulation_id: str

    async def post(self, path: str, who: str = "tess", **body: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON of a POST."""
        async with self.client.post(path, json=body, headers=bearer(who)) as response:
            return response.status, await response.json()

    async def get(self, path: str, who: str = "tess") -> tuple[int, dict[str, Any]]:
        """Status and JSON of a GET."""
        async with self.client.get(path, headers=bearer(who)) as response:
            return response.status, await response.json()

    async def place(self, who: str = "tess", mode: str = "practice") -> dict[str, Any]:
        """A call that waits for its socket."""
        status, placed = await self.post(CALLS, who, simulation_id=self.simulation_id, mode=mode)
        assert status == 201, placed
        return placed

    async def open(self, placed: dict[str, Any], **headers: str) -> "Telephone":
        """A socket of this call, nothing said yet."""
        return Telephone(await self.client.ws_connect(placed["socket"], headers=headers))

    async def dial(self, placed: dict[str, Any] | None = None, resume_from: int = 0) -> "Telephone":
        """A telephone whose call was answered."""
        placed = placed or await self.place()
        phone = await self.open(placed)
        await phone.say("hello", token=placed["token"], resume_from=resume_from)
        await phone.until("ready")
        phone.call_id = placed["call_id"]
        return phone

    @property
    def customer(self) -> ScriptedUpstream:
        """The customer of the latest call."""
        return self.driver.opened[-1]

    async def lose_customer(self, customer: ScriptedUpstream, *events: UpstreamEvent | Exception) -> ScriptedUpstream:
        """These things happen to the customer's session; the session that is opened instead."""
        latest = self.customer
        customer.tell(*events)
        return await self.driver.next_after(latest)


class Telephone:
    """The trainee's end of one socket."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.call_id = ""
        self.messages: list[dict[str, Any]] = []
        self.frames: list[tuple[int, int, int, int, bytes]] = []
        """epoch, flags, sequence, t_ms, sound"""
        self.captured_ms = 0
        self.close_code: int | None = None

    async def say(self, kind: str, **fields: Any) -> None:
        """Sends a control message."""
        await self.socket.send_str(json.dumps({"type": kind, **fields}))

    async def speak(self, pcm: bytes) -> None:
        """Sends sound at once, in frames of 20 ms."""
        for begin in range(0, len(pcm), 960):
            await self.socket.send_bytes(
                HEADER.pack(AUDIO_KIND, 0, 0, self.captured_ms // 20, self.captured_ms) + pcm[begin : begin + 960]
            )
            self.captured_ms += 20

    async def quiet(self, length_ms: int) -> None:
        """Sends silence at once."""
        await self.speak(silence(length_ms))

    async def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next message of this kind with these fields; what comes before it is kept in `messages` and `frames`."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message = await self._next()
                assert message is not None, f"closed with {self.close_code} before {kind}; {self.messages[-3:]}"
                if message.get("type") == kind and all(message.get(name) == value for name, value in fields.items()):
                    return message

    async def until_frames(self, length_ms: int, epoch: int) -> bytes:
        """The sound of an epoch, once so much of it has come."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.sound(epoch)) < length_ms * 48:
                assert await self._next() is not None
        return self.sound(epoch)

    async def until_closed(self) -> int:
        """The code with which the server closes."""
        async with asyncio.timeout(PATIENCE_S):
            while await self._next() is not None:
                pass
        assert self.close_code is not None
        return self.close_code

    def sound(self, epoch: int) -> bytes:
        """What has come of an epoch."""
        return b"".join(frame[4] for frame in self.frames if frame[0] == epoch)

    def last_seq(self) -> int:
        """The number of the latest message."""
        return max(int(message["seq"]) for message in self.messages)

    def of_kind(self, kind: str) -> Sequence[dict[str, Any]]:
        """All messages of a kind."""
        return [message for message in self.messages if message["type"] == kind]

    async def _next(self) -> dict[str, Any] | None:
        received = await self.socket.receive()
        if received.type is WSMsgType.BINARY:
            kind, flags, epoch, sequence, t_ms = HEADER.unpack_from(received.data)
            assert (kind, flags & ~LAST_FRAME) == (AUDIO_KIND, 0)
            self.frames.append((epoch, flags, sequence, t_ms, received.data[HEADER.size :]))
            return {}
        if received.type is WSMsgType.TEXT:
            message: dict[str, Any] = json.loads(received.data)
            self.messages.append(message)
            return message
        self.close_code = self.socket.close_code
        return None
