"""A server that speaks OpenAI's chat completions by a script: `async with ScriptedChat([...]) as chat:`.

Each request gets the next step of the script; the last one is repeated. A step is a `Says` (an answer), a `Fails` (an
HTTP status with OpenAI's error object), a `Raw` body, `SILENCE` (no answer until the client has gone), or a function of
the request's JSON that gives one of these. What it says is built from the SDK's own types, so it is what OpenAI sends.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionMessage
from openai.types.chat.chat_completion import Choice
from openai.types.chat.chat_completion_message_function_tool_call import (
    ChatCompletionMessageFunctionToolCall,
    Function,
)
from openai.types.completion_usage import PromptTokensDetails


@dataclass(frozen=True)
class Says:
    """A complete answer; `tools` are pairs of a name and its arguments."""

    text: str | None = None
    tools: Sequence[tuple[str, dict[str, Any]]] = ()
    refusal: str | None = None
    finish: str = "stop"
    tokens: tuple[int, int, int] = (100, 40, 20)
    """Read, of these cached, and written."""


@dataclass(frozen=True)
class Fails:
    """An error; the client may try again at once."""

    status: int
    code: str = "server_error"


@dataclass(frozen=True)
class Raw:
    """A body that is whatever it is."""

    body: str


SILENCE = "silence"
Step = Says | Fails | Raw | str
Script = Sequence[Step | Callable[[dict[str, Any]], Step]]


@dataclass
class ScriptedChat:
    """The server; `requests` is the JSON of everything that was asked."""

    script: Script
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event | None = None
    """Given: no answer goes out before it is set."""
    _runner: web.AppRunner | None = None
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _complete(self, request: web.Request) -> web.Response:
        wanted = json.loads(await request.text())
        step = self.script[min(len(self.requests), len(self.script) - 1)]
        self.requests.append(wanted)
        self.keys.append(request.headers.get("Authorization", ""))
        self.asked.set()
        if self.may_answer is not None:
            await self.may_answer.wait()
        given = step(wanted) if callable(step) else step
        if given == SILENCE:
            await self._closing.wait()
            return web.Response()
        if isinstance(given, Fails):
            error = {
                "message": "Something of sk-SECRET is wrong.",
                "type": given.code,
                "param": None,
                "code": given.code,
            }
            return web.json_response({"error": error}, status=given.status, headers={"Retry-After-Ms": "1"})
        if isinstance(given, Raw):
            return web.Response(text=given.body, content_type="application/json")
        assert isinstance(given, Says)
        return web.Response(text=completion(given, wanted["model"]).to_json(), content_type="application/json")


def completion(says: Says, model: str) -> ChatCompletion:
    """What OpenAI would send."""
    calls = [
        ChatCompletionMessageFunctionToolCall(
            id=f"call_{number}", type="function", function=Function(name=name, arguments=json.dumps(arguments))
        )
        for number, (name, arguments) in enumerate(says.tools)
    ]
    read, cached, written = says.tokens
    message = ChatCompletionMessage(
        role="assistant", content=says.text, refusal=says.refusal, tool_calls=list(calls) or None
    )
    finish: Any = "tool_calls" if calls else says.finish
    return ChatCompletion(
        id="chatcmpl-1",
        object="chat.completion",
        created=1_790_000_000,
        model=f"{model}-2026-03-17",
        choices=[Choice(index=0, finish_reason=finish, message=message, logprobs=None)],
        usage=CompletionUsage(
            prompt_tokens=read,
            completion_tokens=written,
            total_tokens=read + written,
            prompt_tokens_details=PromptTokensDetails(cached_tokens=cached, audio_tokens=0),
        ),
    )
