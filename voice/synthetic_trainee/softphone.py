"""The synthetic trainee's telephone: microphone, loudspeaker and the socket of docs/protocol.md."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
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
        self._moment = asyncio.Condition()
        self._answered = False
        self._ended = False
        self._failure: str | None = None
        self._hang_up_wanted = False
        self.end_reason: str | None = None
        self.heard_replies = 0

    async def say(self, pcm: bytes) -> None:
        """Speaks into the microphone at the pace of speech; returns when the last of it is said."""
        self._microphone += pcm
        await self._until(lambda: not self._microphone)

    async def reply_after(self, heard: int) -> None:
        """Waits for the first sound of a reply later than the `heard`-th."""
        await self._until(lambda: self.heard_replies > heard)

    async def quiet_for(self, length_ms: int) -> None:
        """Waits until the customer has said nothing for so long."""
        await self._until(lambda: self._loudspeaker.quiet_ms >= length_ms)

    async def hang_up(self) -> None:
        """Ends the call, and waits for the server's last word."""
        self._hang_up_wanted = True
        await self._until(lambda: self._ended)

    async def run(self, conversation: Callable[["Softphone"], Coroutine[Any, Any, None]]) -> None:
        """Dials, holds the call while `conversation` speaks, and returns when it has ended. Raises CallRefused."""
        async with connect(self._url, compression=None, open_timeout=OPEN_TIMEOUT_S, proxy=None) as socket:
            await socket.send(json.dumps({"type": "hello", "token": self._token, "resume_from": 0}))
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(socket))
                await self._until(lambda: self._answered or self._ended)
                sounding = group.create_task(self._sound(socket))
                speaking = group.create_task(conversation(self))
                await self._until(lambda: self._ended)
                sounding.cancel()
                speaking.cancel()
        if self._failure and not self._answered:
            raise CallRefused(self._failure)

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with self._moment:
            await self._moment.wait_for(condition)

    async def _tell(self) -> None:
        async with self._moment:
            self._moment.notify_all()

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            async for frame in socket:
                if isinstance(frame, bytes):
                    self._hear(frame)
                else:
                    await self._read(socket, json.loads(frame))
                await self._tell()
        except ConnectionClosed as closed:
            self._failure = self._failure or f"The connection was lost ({closed})."
        finally:
            self._ended = True
            await self._tell()

    def _hear(self, frame: bytes) -> None:
        kind, flags, epoch, _sequence, _t_ms = HEADER.unpack_from(frame)
        if kind == AUDIO_KIND:
            last = bool(flags & LAST_FRAME)
            self._loudspeaker.receive(epoch, duration_ms(len(frame) - HEADER.size), last=last)
            self.heard_replies = max(self.heard_replies, epoch)

    async def _read(self, socket: ClientConnection, message: Message) -> None:
        match message["type"]:
            case "ready":
                self._answered = True
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
            pcm = pcm + silence(FRAME_MS)[len(pcm) :]
            captured_ms = sequence * FRAME_MS
            try:
                await socket.send(HEADER.pack(AUDIO_KIND, 0, 0, sequence, captured_ms) + pcm)
                for progress in self._loudspeaker.advance(FRAME_MS):
                    await socket.send(_played(progress, captured_ms))
                if self._hang_up_wanted:
                    await socket.send(json.dumps({"type": "hangup"}))
                    self._hang_up_wanted = False
            except ConnectionClosed:
                return
            sequence += 1
            await self._tell()
            await asyncio.sleep(max(0.0, began_s + sequence * FRAME_MS / 1_000 - loop.time()))


def _played(progress: Progress, captured_ms: int) -> str:
    return json.dumps({"type": "played", "epoch": progress.epoch, "played_ms": progress.played_ms, "t_ms": captured_ms})
