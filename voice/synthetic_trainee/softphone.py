"""The synthetic trainee's telephone: microphone, loudspeaker and the socket of docs/protocol.md."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from voice.audio_format import FRAME_BYTES, FRAME_MS, duration_ms, silence
from voice.synthetic_trainee.loudspeaker import Loudspeaker, Progress
from voice.transports.wire import AUDIO_KIND, HEADER, LAST_FRAME

OPEN_TIMEOUT_S = 15
Message = Mapping[str, Any]


class CallRefused(Exception):
    """The server did not let the call begin; the message is the server's own."""


class Softphone:
    """One call. `on_message` sees every control message as it arrives."""

    def __init__(self, url: str, token: str, on_message: Callable[[Message], None]) -> None:
        self._url = url
        self._token = token
        self._on_message = on_message
        self._loudspeaker = Loudspeaker()
        self._microphone = bytearray()
        self._spoken = asyncio.Event()
        self._ended = asyncio.Event()
        self._answered = asyncio.Event()
        self._failure: str | None = None
        self.end_reason: str | None = None
        self.heard_replies = 0

    @property
    def ended(self) -> bool:
        """Whether the call is over."""
        return self._ended.is_set()

    @property
    def customer_is_speaking(self) -> bool:
        """Whether the loudspeaker has something to play."""
        return self._loudspeaker.playing

    async def say(self, pcm: bytes) -> None:
        """Speaks into the microphone at the pace of speech; returns when the last of it is said."""
        self._spoken.clear()
        self._microphone += pcm
        await self._spoken.wait()

    async def hang_up(self, socket: ClientConnection) -> None:
        """Ends the call."""
        await socket.send(json.dumps({"type": "hangup"}))

    async def run(self, conversation: Callable[["Softphone", ClientConnection], Any]) -> None:
        """Dials, holds the call while `conversation` speaks, and returns when it has ended. Raises CallRefused."""
        async with connect(self._url, compression=None, open_timeout=OPEN_TIMEOUT_S, proxy=None) as socket:
            await socket.send(json.dumps({"type": "hello", "token": self._token, "resume_from": 0}))
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(self._listen(socket))
                await self._wait_for_answer(listening)
                sounding = group.create_task(self._sound(socket))
                speaking = group.create_task(conversation(self, socket))
                await self._ended.wait()
                for task in (sounding, speaking):
                    task.cancel()
        if self._failure and not self._answered.is_set():
            raise CallRefused(self._failure)

    async def _wait_for_answer(self, listening: "asyncio.Task[None]") -> None:
        answered = asyncio.ensure_future(self._answered.wait())  # noqa: TID251 - awaited below, by this very method
        await asyncio.wait({answered, listening}, return_when=asyncio.FIRST_COMPLETED)
        answered.cancel()

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            async for frame in socket:
                if isinstance(frame, bytes):
                    self._hear(frame)
                else:
                    await self._read(socket, json.loads(frame))
        except ConnectionClosed as closed:
            self._failure = self._failure or f"The connection was lost ({closed})."
        finally:
            self._ended.set()

    def _hear(self, frame: bytes) -> None:
        kind, flags, epoch, _sequence, _t_ms = HEADER.unpack_from(frame)
        if kind == AUDIO_KIND:
            last = bool(flags & LAST_FRAME)
            self._loudspeaker.receive(epoch, duration_ms(len(frame) - HEADER.size), last=last)
            self.heard_replies = max(self.heard_replies, epoch)

    async def _read(self, socket: ClientConnection, message: Message) -> None:
        match message["type"]:
            case "ready":
                self._answered.set()
            case "clear":
                done = self._loudspeaker.clear(message["epoch"])
                await socket.send(json.dumps({"type": "cleared", "epoch": done.epoch, "played_ms": done.played_ms}))
            case "error":
                self._failure = f"{message['message']} [{message['code']}]"
            case "ended":
                self.end_reason = message["reason"]
        self._on_message(message)

    async def _sound(self, socket: ClientConnection) -> None:
        loop = asyncio.get_running_loop()
        began_s, sequence = loop.time(), 0
        while True:
            pcm = bytes(self._microphone[:FRAME_BYTES])
            del self._microphone[:FRAME_BYTES]
            if not self._microphone:
                self._spoken.set()
            pcm = pcm + silence(FRAME_MS)[len(pcm) :]
            captured_ms = sequence * FRAME_MS
            try:
                await socket.send(HEADER.pack(AUDIO_KIND, 0, 0, sequence, captured_ms) + pcm)
                for progress in self._loudspeaker.advance(FRAME_MS):
                    await socket.send(_played(progress, captured_ms))
            except ConnectionClosed:
                return
            sequence += 1
            await asyncio.sleep(max(0.0, began_s + sequence * FRAME_MS / 1_000 - loop.time()))


def _played(progress: Progress, captured_ms: int) -> str:
    return json.dumps({"type": "played", "epoch": progress.epoch, "played_ms": progress.played_ms, "t_ms": captured_ms})
