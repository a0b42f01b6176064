"""The voice wire over a WebSocket: a thin shell round `wire`."""

import asyncio
import logging
from collections import deque
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import WSMessage, WSMsgType, web

from core.clock import Clock
from core.errors import Forbidden
from voice.call.actions import SendAudioToTrainee
from voice.call.events import TraineeAudio, TraineeConnected, TraineeDisconnected
from voice.call.messages import error as error_message
from voice.call.messages import pong
from voice.transports import wire
from voice.transports.base import KEPT_MESSAGES, CallPort
from voice.transports.wire import Hello, Ping, WireError

log = logging.getLogger(__name__)

HELLO_TIMEOUT_S = 10.0
HEARTBEAT_S = 10.0
CLOSE_TIMEOUT_S = 3.0
MOST_WAITING = KEPT_MESSAGES + 512
"""Not sent yet; a device that lets more pile up has gone. One that comes back gets all kept messages at once."""
WHY_OVER = {
    "call_over": "This call has ended.",
    "call_elsewhere": "This call runs on another server. Connect again.",
}
DEAD_AFTER_MS = 3_000
"""A device from which nothing came for so long makes room for another one."""


def check_origin(request: web.Request, allowed: Collection[str]) -> None:
    """Refuses pages of other sites. Programs send no Origin. Raises Forbidden `origin_refused`."""
    origin = request.headers.get("Origin")
    if origin is None or origin in allowed:
        return
    try:
        host = urlsplit(origin).netloc
    except ValueError:  # no origin that a browser would send
        host = ""
    if host != request.host:
        raise Forbidden("This page may not make calls here.", code="origin_refused")


class SocketDevice:
    """A device behind one WebSocket. What is sent waits in one queue, so that nothing overtakes anything."""

    def __init__(self, socket: web.WebSocketResponse, clock: Clock) -> None:
        self._socket = socket
        self._clock = clock
        self._waiting: deque[str | SendAudioToTrainee] = deque()
        self._wake = asyncio.Event()
        self._close_code: int | None = None
        self._close_reason = ""
        self._heard_ms = clock.monotonic_ms()

    @property
    def last_heard_ms(self) -> int:
        """When something came from the device the last time."""
        return self._heard_ms

    def heard(self) -> int:
        """Something came, just now; the time."""
        self._heard_ms = self._clock.monotonic_ms()
        return self._heard_ms

    def send_control(self, message: Mapping[str, Any], seq: int) -> None:
        """Queues a control message."""
        self._queue(wire.control_text(message, seq))

    def send_audio(self, frame: SendAudioToTrainee) -> None:
        """Queues a frame."""
        self._queue(frame)

    def drop_audio(self, epoch: int) -> None:
        """Takes frames of this epoch out of the queue."""
        kept = [item for item in self._waiting if isinstance(item, str) or item.epoch != epoch]
        self._waiting = deque(kept)

    def close(self, code: int, reason: str) -> None:
        """Closes once everything that waits is sent."""
        if self._close_code is None:
            self._close_code, self._close_reason = code, reason
            self._wake.set()

    async def send(self) -> None:
        """Sends what waits until the connection is closed. The device's only writer."""
        try:
            while self._waiting or self._close_code is None:
                if not self._waiting:
                    self._wake.clear()
                    await self._wake.wait()
                    continue
                item = self._waiting.popleft()
                if isinstance(item, str):
                    await self._socket.send_str(item)
                else:
                    await self._socket.send_bytes(wire.audio_frame(item))
        except ConnectionError:
            return
        await self._socket.close(code=self._close_code, message=self._close_reason.encode()[:120])

    def _queue(self, item: str | SendAudioToTrainee) -> None:
        if self._close_code is not None:
            return
        if len(self._waiting) >= MOST_WAITING:
            log.info("A device takes nothing any more; its socket is given up.")
            self._waiting.clear()
            self.close(1013, "too slow")
            return
        self._waiting.append(item)
        self._wake.set()


async def serve(request: web.Request, port: CallPort | None, clock: Clock) -> web.WebSocketResponse:
    """Carries one device's connection from the handshake to its end. `port` None: the call does not run here."""
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_S,
        compress=False,
        max_msg_size=wire.LARGEST_MESSAGE_BYTES,
        timeout=CLOSE_TIMEOUT_S,
    )
    await socket.prepare(request)
    device = SocketDevice(socket, clock)
    try:
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(device.send())
            receiving = group.create_task(_converse(socket, device, port))
            await asyncio.wait((sending, receiving), return_when=asyncio.FIRST_COMPLETED)
            device.close(wire.NORMAL_CLOSE, "")
            await asyncio.wait((sending,), timeout=CLOSE_TIMEOUT_S)
            for task in (sending, receiving):
                task.cancel()
    finally:
        if port and port.line.detach(device):
            port.receive(TraineeDisconnected())
    return socket


async def _converse(socket: web.WebSocketResponse, device: SocketDevice, port: CallPort | None) -> None:
    try:
        connected = await _connect(socket, device, port)
        pace = wire.AudioPace()
        async for message in socket:
            if connected.line.device is not device:
                return
            _take(message, device, connected, pace)
    except WireError as error:
        told = error_message(error.code, error.message)
        if port and port.line.device is device:
            port.line.send_once(told)
        else:
            device.send_control(told, seq=0)
        device.close(error.close_code, error.code)


async def _connect(socket: web.WebSocketResponse, device: SocketDevice, port: CallPort | None) -> CallPort:
    hello = await _hello(socket)
    access = port.admit(hello.token) if port else "no"
    if port is None or access == "no":
        raise WireError("call_token_invalid", "This token does not open this call.")
    if port.over:
        raise WireError(port.why_over, WHY_OVER[port.why_over])
    other = port.line.device
    alive = other is not None and device.heard() - other.last_heard_ms < DEAD_AFTER_MS
    if access == "taken_over" or (alive and access == "yes"):
        raise WireError("call_taken", "This call is live on another connection.")
    if other is not None:
        port.line.send_once(
            error_message("call_taken", "You went on with this call in another tab or on another device.")
        )
        port.line.detach(other)
        other.close(wire.CLOSE_CODES["call_taken"], "call_taken")
        port.receive(TraineeDisconnected())
    port.line.attach(device, hello.resume_from)
    port.receive(TraineeConnected(resumed=hello.resume_from > 0))
    return port


async def _hello(socket: web.WebSocketResponse) -> Hello:
    try:
        message = await socket.receive(timeout=HELLO_TIMEOUT_S)
    except TimeoutError as error:
        raise WireError("hello_expected", "The first message is hello, within ten seconds.") from error
    if message.type is WSMsgType.TEXT:
        control = wire.read_control(message.data)
        if isinstance(control, Hello):
            return control
    raise WireError("hello_expected", "The first message is hello.")


def _take(message: WSMessage, device: SocketDevice, port: CallPort, pace: wire.AudioPace) -> None:
    now_ms = device.heard()
    if message.type is WSMsgType.BINARY:
        audio: TraineeAudio = wire.read_audio(message.data)
        pace.take(len(audio.pcm), now_ms)
        port.receive(audio)
    elif message.type is WSMsgType.TEXT:
        control = wire.read_control(message.data)
        if isinstance(control, Ping):
            port.line.send_once(pong(control.id, port.clock_ms))
        elif isinstance(control, Hello):
            raise WireError("bad_message", "This connection has said hello already.")
        else:
            port.receive(control)
