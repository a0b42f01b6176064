"""`GET /v1/realtime`: the embedded customer for anybody who speaks the Realtime protocol and has a key."""

import asyncio
import hmac
import logging
from collections.abc import Sequence
from typing import Any

from aiohttp import WSMsgType, web

from core.errors import CallXError, TooManyRequests, Unauthorized
from core.openapi import Content, operation
from core.web import ERROR_SHAPES
from voice.embedded_customer.outbox import Closing, Outbox
from voice.embedded_customer.session import MODEL, RealtimeSession, SessionOptions
from voice.places import Places
from voice.schemas import RealtimeError, RealtimeQuery

log = logging.getLogger(__name__)

PATH = "/v1/realtime"
LARGEST_MESSAGE_BYTES = 21 * 1024 * 1024
"""An append of 15 MiB in base64, and a little."""
TICK_S = 0.1
CLOSE_TIMEOUT_S = 5.0
HEARTBEAT_S = 30.0
SEND_TIMEOUT_S = 10.0


class EmbeddedCustomer:
    """The service behind the address: who may use it, how many at once, and what their sessions stand on.

    `internal_key` is the server's own: only with it can a session name a stored scenario. `outside_keys` are for
    others. `places` are shared with this server's calls, which take theirs before they ring: an outsider gets one only
    while one is free.
    """

    def __init__(
        self,
        options: SessionOptions,
        *,
        internal_key: str,
        outside_keys: Sequence[str] = (),
        session_limit: int,
        places: Places | None = None,
    ) -> None:
        self._options = options
        self._outsiders_options = SessionOptions(
            options.speech, options.clock, None, pace=options.pace, longest_ms=options.longest_ms
        )
        self._internal_key = internal_key.encode()
        self._outside_keys = tuple(key.encode() for key in outside_keys)
        self._session_limit = session_limit
        self._places = places or Places(session_limit)
        self._calls_have_places = places is not None
        self._placed: set[Outbox] = set()
        self._outboxes: set[Outbox] = set()
        self._nobody = asyncio.Event()
        self._nobody.set()

    @property
    def sessions(self) -> int:
        """How many sessions are open."""
        return len(self._outboxes)

    def options_for(self, authorization: str) -> SessionOptions:
        """What the bearer of a key may do. Raises Unauthorized."""
        scheme, _, key = authorization.partition(" ")
        given = key.strip().encode(errors="surrogateescape")  # a header may hold any bytes
        if scheme.lower() == "bearer" and given:
            if hmac.compare_digest(given, self._internal_key):
                return self._options
            if any([hmac.compare_digest(given, known) for known in self._outside_keys]):
                return self._outsiders_options
        raise Unauthorized("The API key is missing or wrong.", code="invalid_api_key")

    def open(self, options: SessionOptions) -> Outbox:
        """Takes one of the places for a session of these options. Raises TooManyRequests when all are taken."""
        needs_place = options is self._outsiders_options or not self._calls_have_places
        if needs_place and not self._places.take():
            text = f"All {self._session_limit} sessions of the embedded customer are in use."
            raise TooManyRequests(text, code="session_limit_reached")
        outbox = Outbox()
        if needs_place:
            self._placed.add(outbox)
        self._outboxes.add(outbox)
        self._nobody.clear()
        return outbox

    def release(self, outbox: Outbox) -> None:
        """Gives the place back."""
        self._outboxes.discard(outbox)
        if outbox in self._placed:
            self._placed.remove(outbox)
            self._places.give_back()
        if not self._outboxes:
            self._nobody.set()

    async def close(self) -> None:
        """Ends every session, because the server goes down; waits a little for the clients to agree."""
        for outbox in self._outboxes:
            outbox.close(1001, "The server is going down.")
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._nobody.wait()
        except TimeoutError:
            log.warning("%d sessions of the embedded customer did not end in time.", self.sessions)


EMBEDDED_CUSTOMER = web.AppKey("embedded_customer", EmbeddedCustomer)


def add_routes(app: web.Application) -> None:
    """Adds the address; the service is expected under EMBEDDED_CUSTOMER, and is closed when the server goes down."""
    app.router.add_get(PATH, realtime)
    app.on_shutdown.append(_close_service)
    app.setdefault(ERROR_SHAPES, {})[PATH] = openai_error


def openai_error(error: CallXError, request_id: str) -> dict[str, Any]:
    """An HTTP error as OpenAI's clients expect it."""
    kind = "invalid_request_error" if error.status < 500 else "server_error"
    return {
        "error": {
            "message": error.message,
            "type": kind,
            "param": None,
            "code": error.code,
            "request_id": request_id,
        }
    }


@operation(
    "Talk to the embedded customer",
    tag="Realtime protocol",
    description="A WebSocket that speaks OpenAI's Realtime protocol, for any client of it.",
    access=("customer_key",),
    query=RealtimeQuery,
    answers={101: Content({}, "The session is open.")},
    errors={
        400: "`bad_request`: no WebSocket handshake.",
        401: "`invalid_api_key`.",
        429: "`session_limit_reached`.",
    },
    error=RealtimeError,
)
async def realtime(request: web.Request) -> web.StreamResponse:
    """One session, from the handshake to the end of the connection."""
    service = request.app[EMBEDDED_CUSTOMER]
    options = service.options_for(request.headers.get("Authorization", ""))
    outbox = service.open(options)
    try:
        socket = web.WebSocketResponse(
            protocols=("realtime",),
            max_msg_size=LARGEST_MESSAGE_BYTES,
            compress=False,
            timeout=CLOSE_TIMEOUT_S,
            heartbeat=HEARTBEAT_S,
        )
        await socket.prepare(request)
        session = RealtimeSession(outbox, options, request.query.get("model", MODEL))
        await _converse(socket, session, outbox)
        return socket
    finally:
        service.release(outbox)


async def _close_service(app: web.Application) -> None:
    await app[EMBEDDED_CUSTOMER].close()


async def _converse(socket: web.WebSocketResponse, session: RealtimeSession, outbox: Outbox) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            receiving = group.create_task(_receive(socket, session))
            ticking = group.create_task(_tick(session))
            sending = group.create_task(_send(socket, outbox))
            await asyncio.wait((receiving, sending), return_when=asyncio.FIRST_COMPLETED)
            outbox.close(1000, "")
            await asyncio.wait((sending,), timeout=CLOSE_TIMEOUT_S)
            for task in (receiving, ticking, sending):
                task.cancel()
    except* Exception:  # one broken session must not reach the server's error page: its socket is open
        log.exception("A session of the embedded customer failed.")
        await socket.close(code=1011, message=b"The server had an error.")
    finally:
        await session.close()


async def _receive(socket: web.WebSocketResponse, session: RealtimeSession) -> None:
    async for message in socket:
        if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
            await session.receive(message.data)


async def _send(socket: web.WebSocketResponse, outbox: Outbox) -> None:
    try:
        while True:
            message = await outbox.take()
            if isinstance(message, Closing):
                await socket.close(code=message.code, message=message.reason.encode()[:120])
                return
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await socket.send_str(message)
    except (ConnectionError, TimeoutError) as error:
        log.info("The client of an embedded customer is gone or does not read: %r", error)


async def _tick(session: RealtimeSession) -> None:
    while True:
        await asyncio.sleep(TICK_S)
        session.tick()
