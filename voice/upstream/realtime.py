"""The Realtime driver: OpenAI, any compatible server, and the embedded customer, over one code path.

The server's only importer of websockets.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from core.clock import Clock, SystemClock
from voice.call.actions import Said
from voice.call.events import UpstreamClosed, UpstreamEvent, UpstreamFailed, UpstreamReady
from voice.call.transcript import Speaker
from voice.realtime_protocol import client_events as say
from voice.realtime_protocol import server_events as said
from voice.realtime_protocol.audio import append_json
from voice.realtime_protocol.errors import ProtocolError
from voice.realtime_protocol.items import NewContentPart, NewItem
from voice.upstream.base import CustomerConfig, UpstreamRefused
from voice.upstream.realtime_events import Translator
from voice.upstream.realtime_session import endpoint, expires_in_ms, session_patch

log = logging.getLogger(__name__)

LARGEST_MESSAGE_BYTES = 16 * 1024 * 1024
WAITING_MESSAGES = 64
"""Received and not yet taken; beyond that the server has to wait."""
WAITING_SEND_BYTES = 1024 * 1024
"""Sent and not yet gone, about 16 s of sound; beyond that the sender has to wait."""
SEND_TIMEOUT_S = 5.0
CLOSE_TIMEOUT_S = 2.0
PAUSES_BETWEEN_ATTEMPTS_S = (0.3, 1.0)
BUSY_CODES = frozenset({"session_limit_reached", "rate_limit_exceeded", "insufficient_quota"})
UNAUTHORIZED_CODES = frozenset({"invalid_api_key", "account_deactivated"})
UPDATE_ID = "callx_session_update"

Awaited = TypeVar("Awaited", bound=said.ServerEvent)


@dataclass(frozen=True, slots=True)
class RealtimeDriver:
    """Opens sessions with one Realtime server.

    `url` is the base, for example `wss://api.openai.com/v1`; an empty `api_key` is for a server that asks for none;
    `embedded` says that the server is our own, which takes a scenario instead of instructions.
    """

    url: str
    api_key: str
    model: str
    transcription_model: str
    embedded: bool = False
    deadline_s: float = 10.0
    clock: Clock = field(default_factory=SystemClock)

    async def connect(self, config: CustomerConfig) -> "RealtimeUpstream":
        """A configured session. Raises UpstreamRefused, after `deadline_s` at the latest."""
        try:
            async with asyncio.timeout(self.deadline_s):
                socket = await self._open()
                try:
                    session = await self._configure(socket, config)
                except BaseException:
                    socket.transport.abort()
                    raise
        except TimeoutError as error:
            text = f"The Realtime server did not answer within {self.deadline_s:g} s."
            raise UpstreamRefused("upstream_unreachable", text, permanent=False) from error
        translator = Translator(config.turn_detection, model=self.model, transcription_model=self.transcription_model)
        return RealtimeUpstream(socket, translator, expires_in_ms(session, self.clock.now()))

    async def _open(self) -> ClientConnection:
        try:
            address = endpoint(self.url, self.model)
        except ValueError as error:
            raise UpstreamRefused("upstream_rejected", str(error), permanent=True) from error
        for pause_s in (*PAUSES_BETWEEN_ATTEMPTS_S, None):
            try:
                return await connect(
                    address,
                    additional_headers={"Authorization": f"Bearer {self.api_key}"} if self.api_key else {},
                    user_agent_header="callx",
                    compression=None,
                    proxy=None,
                    open_timeout=self.deadline_s,
                    close_timeout=CLOSE_TIMEOUT_S,
                    max_size=LARGEST_MESSAGE_BYTES,
                    max_queue=WAITING_MESSAGES,
                    write_limit=WAITING_SEND_BYTES,
                )  # asyncio itself sets TCP_NODELAY
            except InvalidURI as error:
                raise UpstreamRefused("upstream_rejected", str(error), permanent=True) from error
            except (OSError, InvalidHandshake) as error:
                refusal = _refusal(error)
                if pause_s is None or refusal.code != "upstream_unreachable":
                    raise refusal from error
                log.warning("The Realtime server was not reached, trying again: %s", refusal.message)
            await asyncio.sleep(pause_s)
        raise AssertionError("the last attempt returns or raises")

    async def _configure(self, socket: ClientConnection, config: CustomerConfig) -> Mapping[str, Any]:
        patch = session_patch(config, transcription_model=self.transcription_model, embedded=self.embedded)
        try:
            await _wait_for(socket, said.SessionCreated)
            await socket.send(say.SessionUpdate(event_id=UPDATE_ID, session=patch).to_json())
            return (await _wait_for(socket, said.SessionUpdated)).session
        except ConnectionClosed as error:
            text = f"The Realtime server closed the connection: {error}"
            raise UpstreamRefused("upstream_unreachable", text, permanent=False) from error
        except ProtocolError as error:
            text = f"This is no Realtime server: {error.message}"
            raise UpstreamRefused("upstream_rejected", text, permanent=True) from error


class RealtimeUpstream:
    """One open session. After the connection is lost the verbs do nothing; `events` tells of it."""

    def __init__(self, socket: ClientConnection, translator: Translator, expires_in_ms: int | None) -> None:
        self._socket = socket
        self._expires_in_ms = expires_in_ms
        self._translator = translator

    async def events(self) -> AsyncIterator[UpstreamEvent]:
        """What happens, in order, ending with `UpstreamClosed`. To be iterated once, by one task."""
        yield UpstreamReady(self._expires_in_ms)
        try:
            while True:
                message = await self._socket.recv()
                try:
                    event = said.parse_server_event(message)
                except ProtocolError as error:
                    yield UpstreamFailed("bad_upstream_message", error.message)
                    continue
                for translated in self._translator.translate(event):
                    yield translated
        except ConnectionClosed as error:
            log.info("The Realtime session ended: %s", error)
        yield UpstreamClosed(self._socket.close_code or 1006, self._socket.close_reason or "")

    async def send_audio(self, pcm: bytes) -> None:
        """Appends the trainee's sound (PCM16, 24 kHz, mono)."""
        await self._send(append_json(pcm))

    async def start_reply(self) -> None:
        """Asks the customer to speak now."""
        await self._send(say.CreateResponse().to_json())

    async def send_text(self, text: str) -> None:
        """Adds what the trainee typed."""
        await self._add_message("user", text)

    async def inform(self, text: str) -> None:
        """Lets the customer know something about the line that nobody has said."""
        await self._add_message("system", text)

    async def restore(self, said: Sequence[Said]) -> None:
        """Tells the session what was said before it began."""
        for one in said:
            if one.speaker is Speaker.TRAINEE:
                await self._add_message("user", one.text)
            else:
                await self._add_message("assistant", one.text)

    async def commit_audio(self) -> None:
        """Push-to-talk: the utterance is complete."""
        await self._send(say.CommitAudio().to_json())

    async def cancel_reply(self, reply_id: str) -> None:
        """Stops a reply; when it is already over, a harmless `UpstreamFailed` comes back."""
        await self._send(say.CancelResponse(response_id=reply_id).to_json())

    async def truncate(self, item_id: str, heard_ms: int) -> None:
        """Only the first `heard_ms` of the item were heard."""
        event = say.TruncateItem(item_id=item_id, content_index=0, audio_end_ms=heard_ms)
        await self._send(event.to_json())

    async def delete_item(self, item_id: str) -> None:
        """Removes an item of which nothing was heard."""
        await self._send(say.DeleteItem(item_id=item_id).to_json())

    async def answer_tool(self, tool_call_id: str, output: str) -> None:
        """Gives back a tool's result."""
        item = NewItem(type="function_call_output", call_id=tool_call_id, output=output)
        await self._send(say.CreateItem(item=item).to_json())

    async def close(self) -> None:
        """Ends the session; `events` then finishes."""
        await self._socket.close()

    async def _add_message(self, role: Literal["user", "system", "assistant"], text: str) -> None:
        part = NewContentPart(type="output_text" if role == "assistant" else "input_text", text=text)
        item = NewItem(type="message", role=role, content=(part,))
        await self._send(say.CreateItem(item=item).to_json())

    async def _send(self, text: str) -> None:
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self._socket.send(text)
        except TimeoutError:
            log.warning("The Realtime server takes nothing any more; the connection is given up.")
            self._socket.transport.abort()
        except ConnectionClosed:
            log.debug("Nothing was sent: the connection is closed.")


async def _wait_for(socket: ClientConnection, kind: type[Awaited]) -> Awaited:
    """The first event of `kind`. Raises UpstreamRefused at an error that comes before it."""
    while True:
        event = said.parse_server_event(await socket.recv())
        if isinstance(event, kind):
            return event
        if isinstance(event, said.ErrorReported):
            raise _rejection(event.error)


def _rejection(error: said.ErrorDetails) -> UpstreamRefused:
    if error.code in BUSY_CODES:
        return UpstreamRefused("upstream_busy", error.message, permanent=False)
    if error.code in UNAUTHORIZED_CODES:
        return UpstreamRefused("upstream_unauthorized", error.message, permanent=True)
    if error.type == "server_error":
        return UpstreamRefused("upstream_unreachable", error.message, permanent=False)
    return UpstreamRefused("upstream_rejected", error.message, permanent=True)


def _refusal(error: OSError | InvalidHandshake) -> UpstreamRefused:
    if not isinstance(error, InvalidStatus):
        text = f"The Realtime server cannot be reached: {error}"
        return UpstreamRefused("upstream_unreachable", text, permanent=False)
    status = error.response.status_code
    text = f"The Realtime server answered with HTTP {status}."
    if status in (401, 403):
        return UpstreamRefused("upstream_unauthorized", text, permanent=True)
    if status == 429:
        return UpstreamRefused("upstream_busy", text, permanent=False)
    if status >= 500:
        return UpstreamRefused("upstream_unreachable", text, permanent=False)
    return UpstreamRefused("upstream_rejected", text, permanent=True)
