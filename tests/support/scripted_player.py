"""Plays a `Script` to one client of `scripted_realtime`. Written by hand: not to share our mistakes."""

import asyncio
import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.realtime_script import BYTES_PER_MS, Connection, Drop, ErrorEvent, Reply, Turn

DELTA_MS = 200

BETA = {
    "response.output_audio.delta": "response.audio.delta",
    "response.output_audio.done": "response.audio.done",
    "response.output_audio_transcript.delta": "response.audio_transcript.delta",
    "response.output_audio_transcript.done": "response.audio_transcript.done",
    "conversation.item.added": "conversation.item.created",
}


@dataclass
class Running:
    """A reply that is being given."""

    id: str
    item_id: str
    reply: Reply
    task: asyncio.Task[None] | None = None
    sent_ms: int = 0
    words: str = ""
    turn: Turn | None = None
    turn_item: str = ""
    begun: bool = False


class ScriptedPlayer:
    """Plays the script to one client."""

    def __init__(
        self, call: Connection, socket: web.WebSocketResponse, request: web.Request, group: asyncio.TaskGroup
    ) -> None:
        self.call = call
        self.script = call.script
        self.socket = socket
        self.request = request
        self.group = group
        self.turns = list(call.script.turns)
        self.mishaps = list(call.script.mishaps)
        self.given = 0
        self.ids = 0
        self.event_ids = 0
        self.last_item: str | None = None
        self.speaking: str | None = None
        self.running: Running | None = None
        self.committed_ms = 0

    async def play(self) -> None:
        """Until the client or the script ends it."""
        if self.script.greet_with is not None:
            await self.error(self.script.greet_with, "No.", None)
        elif not self.script.silent:
            await self.send("session.created", session={**self.session(), "id": f"sess_{self.call.number}"})
        async for message in self.socket:
            if message.type == WSMsgType.TEXT:
                await self.receive(json.loads(message.data))
        if self.running is not None and self.running.task is not None:
            self.running.task.cancel()

    async def receive(self, event: dict[str, Any]) -> None:
        if event["type"] == "input_audio_buffer.append":
            self.call.appended += base64.b64decode(event["audio"])
            await self.hear()
            return
        self.call.received.append(event)
        match event["type"]:
            case "session.update":
                await self.update(event)
            case "response.create":
                await self.create(event)
            case "response.cancel":
                await self.cancel(event)
            case "input_audio_buffer.commit":
                await self.commit()
            case "input_audio_buffer.clear":
                await self.send("input_audio_buffer.cleared")
            case _:
                await self.change_item(event)

    async def update(self, event: dict[str, Any]) -> None:
        if self.script.reject_update is not None:
            await self.error(self.script.reject_update, "The update is refused.", event)
            return
        self.call.session = event["session"]
        await self.send("session.updated", session={**self.session(), **event["session"]})

    async def create(self, event: dict[str, Any]) -> None:
        if self.running is not None:
            code = "conversation_already_has_active_response"
            await self.error(code, "Conversation already has an active response in progress.", event)
        else:
            await self.begin(None, "")

    async def cancel(self, event: dict[str, Any]) -> None:
        self.call.cancelled.append(event.get("response_id"))
        if self.running is None:
            await self.error("response_cancel_not_active", "Cancellation failed: no active response found", event)
        else:
            await self.stop("client_cancelled")

    async def change_item(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "conversation.item.create":
                item = {"id": self.new_id(), "object": "realtime.item", "status": "completed", **event["item"]}
                await self.add_item(item)
            case "conversation.item.truncate":
                await self.truncate(event)
            case "conversation.item.delete":
                self.call.deleted.append(event["item_id"])
                await self.send("conversation.item.deleted", item_id=event["item_id"])
            case other:
                await self.error("invalid_value", f"Invalid value: '{other}'.", event)

    async def truncate(self, event: dict[str, Any]) -> None:
        item_id, end_ms = event["item_id"], event["audio_end_ms"]
        sent_ms = self.call.sent_ms.get(item_id, 0)
        self.call.truncated.append((item_id, end_ms))
        if end_ms > sent_ms:
            text = f"Audio content of {sent_ms}ms is already shorter than {end_ms}ms"
            await self.error("invalid_value", text, event)
        else:
            await self.send("conversation.item.truncated", item_id=item_id, content_index=0, audio_end_ms=end_ms)

    # Hearing
    def detection(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.call.session.get("audio", {}).get("input", {}).get("turn_detection", {})
        return found

    async def hear(self) -> None:
        appended_ms, detection = self.call.appended_ms, self.detection()
        if detection is not None and self.turns:
            turn = self.turns[0]
            waiting_ms = detection.get("silence_duration_ms", 500)
            if self.speaking is None and appended_ms >= turn.at_ms + turn.notice_ms:
                self.speaking = self.new_id()
                start_ms = max(0, turn.at_ms - detection.get("prefix_padding_ms", 300))
                await self.send("input_audio_buffer.speech_started", audio_start_ms=start_ms, item_id=self.speaking)
                if self.running is not None and detection.get("interrupt_response", True):
                    await self.stop("turn_detected")
            if self.speaking is not None and appended_ms >= turn.at_ms + turn.length_ms + waiting_ms:
                item_id, self.speaking = self.speaking, None
                end_ms = turn.at_ms + turn.length_ms + waiting_ms
                await self.send("input_audio_buffer.speech_stopped", audio_end_ms=end_ms, item_id=item_id)
                await self.turn_ended(self.turns.pop(0), item_id, create=detection.get("create_response", True))
        while self.mishaps and appended_ms >= self.mishaps[0].at_ms:
            await self.mishap(self.mishaps.pop(0))

    async def commit(self) -> None:
        if self.call.appended_ms - self.committed_ms < 100:
            text = "Error committing input audio buffer: buffer too small."
            await self.error("input_audio_buffer_commit_empty", text, None)
            return
        self.committed_ms = self.call.appended_ms
        turn = self.turns.pop(0) if self.turns else Turn(0)
        await self.turn_ended(turn, self.new_id(), create=False)

    async def turn_ended(self, turn: Turn, item_id: str, *, create: bool) -> None:
        await self.send("input_audio_buffer.committed", item_id=item_id, previous_item_id=self.last_item)
        content = [{"type": "input_audio", "transcript": None}]
        await self.add_item(
            {"id": item_id, "object": "realtime.item", "type": "message", "role": "user", "status": "completed",
             "content": content}
        )  # fmt: skip
        if turn.told in ("before_reply", "failed") or not create:
            await self.tell(turn, item_id)
        if create:
            await self.begin(turn, item_id)

    async def tell(self, turn: Turn, item_id: str) -> None:
        event = "conversation.item.input_audio_transcription"
        where = {"item_id": item_id, "content_index": 0}
        if turn.told == "never" or self.call.session.get("audio", {}).get("input", {}).get("transcription") is None:
            return
        if turn.told == "failed":
            error = {
                "type": "transcription_error",
                "code": "audio_unintelligible",
                "message": "No words.",
                "param": None,
            }
            await self.send(f"{event}.failed", **where, error=error)
            return
        await self.send(f"{event}.delta", **where, delta=turn.text)
        logprobs = None if turn.logprob is None else [{"token": turn.text, "logprob": turn.logprob, "bytes": None}]
        usage = {"type": "duration", "seconds": turn.length_ms / 1_000}
        await self.send(f"{event}.completed", **where, transcript=turn.text, usage=usage, logprobs=logprobs)

    async def mishap(self, mishap: ErrorEvent | Drop) -> None:
        if isinstance(mishap, ErrorEvent):
            await self.error(mishap.code, mishap.message, None)
        elif mishap.code == 1006:
            assert self.request.transport is not None
            self.request.transport.abort()
        else:
            await self.socket.close(code=mishap.code, message=mishap.reason.encode())

    # Speaking
    async def begin(self, turn: Turn | None, turn_item: str) -> None:
        reply = self.script.replies[min(self.given, len(self.script.replies) - 1)]
        self.given += 1
        number = f"{self.call.number}_{self.given}"
        self.running = Running(f"resp_{number}", f"item_{number}", reply, turn=turn, turn_item=turn_item)
        await self.send("response.created", response=self.response(self.running, "in_progress", []))
        self.running.task = self.group.create_task(self.give(self.running))

    async def give(self, running: Running) -> None:
        reply = running.reply
        item = self.message(running, "in_progress")
        await self.send("response.output_item.added", response_id=running.id, output_index=0, item=item)
        await self.send("conversation.item.added", previous_item_id=self.last_item, item=item)
        self.last_item = running.item_id
        running.begun = True
        where = self.place(running)
        await self.send("response.content_part.added", **where, part={"type": "audio", "transcript": ""})
        half = len(reply.text) // 2
        loop = asyncio.get_running_loop()
        began = loop.time()
        for start_ms in range(0, reply.audio_ms, DELTA_MS):
            if self.script.speed:
                await asyncio.sleep(max(0, began + start_ms / 1_000 / self.script.speed - loop.time()))
            words = reply.text[:half] if start_ms == 0 else reply.text[half:] if start_ms == DELTA_MS else ""
            if words:
                running.words += words
                await self.send("response.output_audio_transcript.delta", **where, delta=words)
            await self.delta(running, min(DELTA_MS, reply.audio_ms - start_ms))
        running.words = reply.text
        await self.finish(running, reply.status, reply.tools)

    async def delta(self, running: Running, length_ms: int) -> None:
        running.sent_ms += length_ms
        self.call.sent_ms[running.item_id] = running.sent_ms
        audio = base64.b64encode(b"\x00\x10" * (length_ms * BYTES_PER_MS // 2)).decode()
        await self.send("response.output_audio.delta", **self.place(running), delta=audio)

    async def stop(self, reason: str) -> None:
        running, self.running = self.running, None
        assert running is not None
        assert running.task is not None
        running.task.cancel()
        if running.begun:
            for _ in range(self.script.stragglers):
                await self.delta(running, DELTA_MS)
        await self.finish(running, "cancelled", (), reason=reason)

    async def finish(
        self, running: Running, status: str, tools: Sequence[tuple[str, dict[str, Any]]], reason: str | None = None
    ) -> None:
        output = []
        if running.begun:
            where = self.place(running)
            item = self.message(running, "completed" if status == "completed" else "incomplete")
            await self.send("response.output_audio.done", **where)
            await self.send("response.output_audio_transcript.done", **where, transcript=running.words)
            part = {"type": "audio", "transcript": running.words}
            await self.send("response.content_part.done", **where, part=part)
            await self.send("response.output_item.done", response_id=running.id, output_index=0, item=item)
            await self.send("conversation.item.done", previous_item_id=None, item=item)
            output.append(item)
        for index, (name, arguments) in enumerate(tools, start=1):
            output.append(await self.use_tool(running, index, name, json.dumps(arguments)))
        if self.running is running:
            self.running = None
        details: dict[str, Any] = {"type": status, "reason": reason}
        if status == "failed":
            details = {"type": "failed", "error": {"type": "server_error", "code": "overloaded", "message": "Sorry."}}
        await self.send("response.done", response=self.response(running, status, output, details))
        if running.turn is not None and running.turn.told == "after_reply":
            await self.tell(running.turn, running.turn_item)

    async def use_tool(self, running: Running, index: int, name: str, arguments: str) -> dict[str, Any]:
        item: dict[str, Any] = {
            "id": self.new_id(), "object": "realtime.item", "type": "function_call", "status": "in_progress",
            "call_id": f"call_{running.id}_{index}", "name": name, "arguments": "",
        }  # fmt: skip
        where = {"response_id": running.id, "output_index": index}
        await self.send("response.output_item.added", **where, item=item)
        await self.send("conversation.item.added", previous_item_id=self.last_item, item=item)
        self.last_item = item["id"]
        ids = {**where, "item_id": item["id"], "call_id": item["call_id"]}
        await self.send("response.function_call_arguments.delta", **ids, delta=arguments)
        named = {"name": name} if self.script.names == "ga" else {}
        await self.send("response.function_call_arguments.done", **ids, **named, arguments=arguments)
        item = {**item, "arguments": arguments, "status": "completed"}
        await self.send("response.output_item.done", **where, item=item)
        await self.send("conversation.item.done", previous_item_id=None, item=item)
        return item

    # Objects
    def new_id(self) -> str:
        self.ids += 1
        return f"item_u{self.call.number}_{self.ids}"

    def place(self, running: Running) -> dict[str, Any]:
        return {"response_id": running.id, "item_id": running.item_id, "output_index": 0, "content_index": 0}

    def message(self, running: Running, status: str) -> dict[str, Any]:
        content = [] if status == "in_progress" else [{"type": "output_audio", "transcript": running.words}]
        return {"id": running.item_id, "object": "realtime.item", "type": "message", "role": "assistant",
                "status": status, "content": content}  # fmt: skip

    def response(
        self, running: Running, status: str, output: list[dict[str, Any]], details: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        usage = None
        if status != "in_progress":
            audio = running.sent_ms // 50
            usage = {
                "total_tokens": 60 + audio, "input_tokens": 50, "output_tokens": 10 + audio,
                "input_token_details": {"text_tokens": 20, "audio_tokens": 30, "cached_tokens": 10,
                                        "cached_tokens_details": {"text_tokens": 10, "audio_tokens": 0}},
                "output_token_details": {"text_tokens": 10, "audio_tokens": audio},
            }  # fmt: skip
        return {"id": running.id, "object": "realtime.response", "status": status, "status_details": details,
                "output": output, "conversation_id": "conv_1", "output_modalities": ["audio"],
                "max_output_tokens": "inf", "usage": usage, "metadata": None}  # fmt: skip

    def session(self) -> dict[str, Any]:
        pcm = {"type": "audio/pcm", "rate": 24_000}
        vad = {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 500,
               "create_response": True, "interrupt_response": True, "idle_timeout_ms": None}  # fmt: skip
        return {
            "type": "realtime", "object": "realtime.session", "model": self.call.query.get("model", ""),
            "output_modalities": ["audio"], "instructions": "", "tools": [], "tool_choice": "auto",
            "audio": {"input": {"format": pcm, "turn_detection": vad, "transcription": None, "noise_reduction": None},
                      "output": {"format": pcm, "voice": "marin", "speed": 1.0}},
        }  # fmt: skip

    async def add_item(self, item: dict[str, Any]) -> None:
        for name in ("added", "done") if self.script.names == "ga" else ("added",):
            await self.send(f"conversation.item.{name}", previous_item_id=self.last_item, item=item)
        self.last_item = item["id"]

    async def error(self, code: str | None, message: str, event: dict[str, Any] | None) -> None:
        event_id = (event or {}).get("event_id")
        kind = "server_error" if code == "server_error" else "invalid_request_error"
        error = {"type": kind, "code": code, "message": message, "param": None, "event_id": event_id}
        await self.send("error", error=error)

    async def send(self, kind: str, **fields: Any) -> None:
        if self.script.names == "beta":
            kind = BETA.get(kind, kind)
        self.event_ids += 1
        if not self.socket.closed:
            message = json.dumps({"type": kind, "event_id": f"event_{self.event_ids}", **fields})
            try:
                await self.socket.send_str(message)
            except ConnectionError:
                return
