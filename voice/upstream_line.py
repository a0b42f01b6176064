"""The server's end towards the customer: connects, passes events in, carries out the machine's verbs in order."""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeAlias

from voice.call.actions import (
    AnswerTool,
    CancelReply,
    DeleteItem,
    InformCustomer,
    SendAudioUpstream,
    SendText,
    StartReply,
    TruncateReply,
)
from voice.call.events import CallEvent, UpstreamClosed, UpstreamFailed
from voice.upstream.base import CustomerConfig, Upstream, UpstreamDriver, UpstreamRefused

log = logging.getLogger(__name__)

MOST_WAITING = 500
"""Verbs, some ten seconds of sound. An upstream that lets more pile up is lost."""
CLOSE_TIMEOUT_S = 3.0

Verb: TypeAlias = (
    SendAudioUpstream | SendText | InformCustomer | StartReply | CancelReply | TruncateReply | DeleteItem | AnswerTool
)


class UpstreamLine:
    """One call's connection to its customer; `run` in a task, `do` from anywhere."""

    def __init__(self, driver: UpstreamDriver, config: CustomerConfig, receive: Callable[[CallEvent], None]) -> None:
        self._driver = driver
        self._config = config
        self._receive = receive
        self._upstream: Upstream | None = None
        self._verbs: asyncio.Queue[Verb] = asyncio.Queue(MOST_WAITING)

    def do(self, verb: Verb) -> None:
        """Will be carried out after the verbs before it."""
        try:
            self._verbs.put_nowait(verb)
        except asyncio.QueueFull:
            self._receive(UpstreamFailed("upstream_stuck", "The customer's connection is stuck.", fatal=True))

    async def run(self) -> None:
        """Connects, and passes events on until the session ends."""
        try:
            self._upstream = upstream = await self._driver.connect(self._config)
        except UpstreamRefused as refusal:
            log.warning("The customer cannot be reached: %s: %s", refusal.code, refusal.message)
            self._receive(UpstreamFailed(refusal.code, refusal.message, fatal=True))
            return
        try:
            await self._converse(upstream)
        finally:  # also when the call ended while the line was being opened
            await self.close()
        self._receive(UpstreamClosed(1006, ""))

    async def close(self) -> None:
        """Ends the session."""
        if self._upstream is None:
            return
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._upstream.close()
        except (TimeoutError, OSError) as error:
            log.info("The customer's session did not close: %s", error)

    async def _converse(self, upstream: Upstream) -> None:
        async with asyncio.TaskGroup() as group:
            doing = group.create_task(self._do_verbs(upstream))
            try:
                async for event in upstream.events():
                    if isinstance(event, UpstreamFailed):
                        log.warning("The customer's session reports %s: %s", event.code, event.message)
                    self._receive(event)
            finally:
                doing.cancel()

    async def _do_verbs(self, upstream: Upstream) -> None:
        while True:
            await _carry_out(upstream, await self._verbs.get())


async def _carry_out(upstream: Upstream, verb: Verb) -> None:
    match verb:
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
