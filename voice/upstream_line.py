"""The server's end towards the customer: connects, passes events in, carries out the machine's verbs in order."""

import asyncio
import logging
from collections.abc import Callable

from voice.call.actions import (
    AnswerTool,
    CancelReply,
    DeleteItem,
    InformCustomer,
    RestoreConversation,
    SendAudioUpstream,
    SendText,
    StartReply,
    TruncateReply,
    UpstreamVerb,
)
from voice.call.events import CallEvent, UpstreamClosed, UpstreamFailed
from voice.upstream.base import CustomerConfig, Upstream, UpstreamDriver, UpstreamRefused

log = logging.getLogger(__name__)

MOST_WAITING = 500
"""Verbs, some ten seconds of sound. An upstream that lets more pile up is lost."""
CLOSE_TIMEOUT_S = 3.0


class UpstreamLine:
    """One call's connection to its customer, one session after the other; `run` in a task, the rest from anywhere."""

    def __init__(self, driver: UpstreamDriver, config: CustomerConfig, receive: Callable[[CallEvent], None]) -> None:
        self._driver = driver
        self._config = config
        self._receive = receive
        self._wanted = asyncio.Event()
        self._session: asyncio.Task[None] | None = None
        self._verbs: asyncio.Queue[UpstreamVerb] = asyncio.Queue(MOST_WAITING)

    def open(self) -> None:
        """Connects, in a new session if there is one; verbs from now on are for it alone."""
        self._verbs = asyncio.Queue(MOST_WAITING)
        if self._session is not None:
            self._session.cancel()
        self._wanted.set()

    def do(self, verb: UpstreamVerb) -> None:
        """Will be carried out after the verbs before it."""
        try:
            self._verbs.put_nowait(verb)
        except asyncio.QueueFull:
            self._receive(UpstreamFailed("upstream_stuck", "The customer's connection is stuck.", fatal=True))

    async def run(self) -> None:
        """Opens what is wanted, until it is cancelled; then the session is closed."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                self._session = group.create_task(self._hold_session(self._verbs))

    async def close(self) -> None:
        """Ends the session."""
        if self._session is not None:
            self._session.cancel()
            await asyncio.wait({self._session})

    async def _hold_session(self, verbs: asyncio.Queue[UpstreamVerb]) -> None:
        try:
            await self._converse(await self._driver.connect(self._config), verbs)
            self._receive(UpstreamClosed(1006, ""))
        except UpstreamRefused as refusal:
            log.warning("The customer cannot be reached: %s: %s", refusal.code, refusal.message)
            self._receive(UpstreamFailed(refusal.code, refusal.message, fatal=True, permanent=refusal.permanent))
        except Exception:  # a driver's fault loses this call's customer, with everything stored
            log.exception("The customer's line failed.")
            self._receive(UpstreamClosed(1011, "The driver failed."))

    async def _converse(self, upstream: Upstream, verbs: asyncio.Queue[UpstreamVerb]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                doing = group.create_task(_do_verbs(upstream, verbs))
                try:
                    async for event in upstream.events():
                        if isinstance(event, UpstreamFailed):
                            log.warning("The customer's session reports %s: %s", event.code, event.message)
                        if self._verbs is verbs:  # what still comes of a session that was given up counts no more
                            self._receive(event)
                finally:
                    doing.cancel()
        finally:
            await _close(upstream)


async def _do_verbs(upstream: Upstream, verbs: asyncio.Queue[UpstreamVerb]) -> None:
    while True:
        await _carry_out(upstream, await verbs.get())


async def _close(upstream: Upstream) -> None:
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await upstream.close()
    except (TimeoutError, OSError) as error:
        log.info("The customer's session did not close: %s", error)


async def _carry_out(upstream: Upstream, verb: UpstreamVerb) -> None:
    match verb:
        case RestoreConversation(said):
            await upstream.restore(said)
        case SendAudioUpstream(pcm):
            await upstream.send_audio(pcm)
        case SendText(text):
            await upstream.send_text(text)
        case InformCustomer(text):
            await upstream.inform(text)
        case StartReply():
            await upstream.start_reply()
        case CancelReply(reply_id):
            await upstream.cancel_reply(reply_id)
        case TruncateReply(item_id, heard_ms):
            await upstream.truncate(item_id, heard_ms)
        case DeleteItem(item_id):
            await upstream.delete_item(item_id)
        case AnswerTool(tool_call_id, output):
            await upstream.answer_tool(tool_call_id, output)
