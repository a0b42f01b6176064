"""A Realtime server that follows a script and keeps to OpenAI's order of events (GA).

    script = Script(
        replies=[Reply("Hi, I was charged twice.", audio_ms=2_000), Reply("Thank you.", tools=[("end_call", {})])],
        turns=[Turn(at_ms=1_000, length_ms=800, text="Let me check", told="after_reply")],
    )
    async with ScriptedRealtime(script) as server:
        driver = RealtimeDriver(server.url, "key", "any-model", "any-transcriber")
        ...
        call = await server.connection()       # the newest connection: what the client did
        assert call.truncated == [("item_1_2", 700)]

What drives it is only what the client does, so that a test needs no timing of its own:

- A `Reply` is given for each `response.create` and for each `Turn` that the detector hears, in the script's order. When
  the script has no more replies, the last one is repeated.
- A `Turn` is heard by the *amount of appended audio*, whatever is in it: `speech_started` when `at_ms + notice_ms` were
  appended (`audio_start_ms` = `at_ms - prefix_padding_ms`), `speech_stopped` when `at_ms + length_ms +
  silence_duration_ms` were (`audio_end_ms` = that sum). Padding and silence are those of the client's `session.update`.
  In push-to-talk (`turn_detection: null`) a turn is what is committed, and a reply waits for `response.create`.
- Speech that starts while a reply is running cancels it (`response.done`, `cancelled`, `turn_detected`), unless the
  session forbids it. `stragglers` audio deltas of the cancelled reply still come before its `response.done`.
- Audio is sent in deltas of 200 ms at `speed` times real time; 0 means all at once: such a reply is never interrupted.
- `told` says when a turn's words come: `before_reply`, `after_reply` (after its `response.done`), `failed`, `never`.
- `mishaps` happen when so much audio was appended: an `ErrorEvent` or a `Drop` (a close code, or 1006 for a broken
  connection).

How the beginning can fail: `refuse_with` (an HTTP status instead of the handshake, `refuse_times` times),
`silent` (no `session.created`), `greet_with` (an error event instead of it), `reject_update` (an error's code).
`names="beta"` speaks the older names of the events.
"""

import asyncio
from typing import Self

from aiohttp import web

from tests.support.realtime_script import Connection, Drop, ErrorEvent, Reply, Script, Turn
from tests.support.scripted_player import ScriptedPlayer

__all__ = ["Connection", "Drop", "ErrorEvent", "Reply", "Script", "ScriptedRealtime", "Turn"]


class ScriptedRealtime:
    """The server; an async context manager. `url` is the base address for a driver."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.url = ""
        self.connections: list[Connection] = []
        self.refused = 0
        """How many handshakes were refused."""
        self._arrived = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/v1/realtime", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"ws://127.0.0.1:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def connection(self, number: int = -1) -> Connection:
        """A connection by its number from 0 up (the newest by default); waits for the first one."""
        async with asyncio.timeout(5):
            await self._arrived.wait()
        return self.connections[number]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.script.refuse_with is not None and self.refused < self.script.refuse_times:
            self.refused += 1
            return web.json_response({"error": {"code": "refused"}}, status=self.script.refuse_with)
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        call = Connection(self.script, len(self.connections) + 1, dict(request.headers), dict(request.query))
        self.connections.append(call)
        self._arrived.set()
        async with asyncio.TaskGroup() as group:
            await ScriptedPlayer(call, socket, request, group).play()
        call.close_code = socket.close_code
        call.closed.set()
        return socket
