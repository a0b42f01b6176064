"""Language models that answer in writing: OpenAI's and every server that speaks its chat completions.

The one importer of openai. What comes back is read by models of our own, so that whatever a server sends is either an
answer or a `ChatFailed`.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, ValidationError

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Message = Mapping[str, Any]
"""One message in the protocol's own words: `{"role": …, "content": …}`."""
Failure = Literal["unreachable", "timeout", "busy", "unauthorized", "rejected", "refused", "cut_short", "broken"]


class ChatFailed(Exception):
    """No usable answer. `code` is stable; the text is for the log, because servers tell of keys and addresses in it."""

    def __init__(self, code: Failure, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Spent:
    """The tokens of one or several answers; `cached_tokens` are part of `input_tokens`."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A function that the model wants called; arguments that are no JSON object are empty."""

    id: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatAnswer:
    """What the model answered; `message` is it as the next request repeats it."""

    text: str
    tools: Sequence[ToolUse]
    model: str
    spent: Spent
    message: Message


@dataclass(frozen=True, slots=True)
class AnswerSchema:
    """The JSON schema that an answer must keep to."""

    name: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatEndpoint:
    """Where a model answers, and how patient to be; the whole of `complete`, with its retries, ends in `total_s`."""

    url: str
    api_key: str
    model: str
    request_s: float = 20.0
    total_s: float = 25.0
    retries: int = 2


class ChatModel:
    """One model at one place. Opened at its first question, in a thread: the library takes a second to load."""

    def __init__(self, endpoint: ChatEndpoint) -> None:
        self.endpoint = endpoint
        self._client: AsyncOpenAI | None = None
        self._opening = asyncio.Lock()

    @property
    def name(self) -> str:
        """The model that is asked for."""
        return self.endpoint.model

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        tools: Sequence[Mapping[str, Any]] = (),
        answer: AnswerSchema | None = None,
    ) -> ChatAnswer:
        """The model's answer. Raises ChatFailed."""
        wanted: dict[str, Any] = {
            "model": self.endpoint.model,
            "messages": list(messages),
            "max_completion_tokens": max_tokens,
        }
        if tools:
            wanted["tools"] = list(tools)
        if answer is not None:
            schema = {"name": answer.name, "strict": True, "schema": dict(answer.schema)}
            wanted["response_format"] = {"type": "json_schema", "json_schema": schema}
        try:
            async with asyncio.timeout(self.endpoint.total_s):
                return _answer_of(await self._ask(wanted))
        except TimeoutError as error:
            raise ChatFailed("timeout", f"no answer in {self.endpoint.total_s:g} s") from error

    async def close(self) -> None:
        """Ends its connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _ask(self, wanted: Mapping[str, Any]) -> str:
        client = await self._open()
        import openai

        try:
            raw = await client.chat.completions.with_raw_response.create(**wanted)
        except openai.APITimeoutError as error:
            raise ChatFailed("timeout", str(error)) from error
        except openai.APIConnectionError as error:
            raise ChatFailed("unreachable", str(error)) from error
        except openai.APIStatusError as error:
            raise ChatFailed(_failure_of(error.status_code), str(error)[:500]) from error
        except openai.OpenAIError as error:
            raise ChatFailed("broken", str(error)[:500]) from error
        text: str = raw.http_response.text
        return text

    async def _open(self) -> "AsyncOpenAI":
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(_client_for, self.endpoint)
            return self._client


def _client_for(endpoint: ChatEndpoint) -> "AsyncOpenAI":
    from openai import AsyncOpenAI

    return AsyncOpenAI(
        api_key=endpoint.api_key or "none",
        base_url=endpoint.url,
        timeout=endpoint.request_s,
        max_retries=endpoint.retries,
    )


def _failure_of(status: int) -> Failure:
    if status in (401, 403):
        return "unauthorized"
    if status == 429:
        return "busy"
    return "unreachable" if status >= 500 or status == 408 else "rejected"


class _Function(BaseModel):
    name: str
    arguments: str = ""


class _ToolCall(BaseModel):
    id: str
    type: Literal["function"] = "function"
    function: _Function


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _CachedTokens(BaseModel):
    cached_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int = Field(0, ge=0)
    completion_tokens: int = Field(0, ge=0)
    prompt_tokens_details: _CachedTokens | None = None


class _Completion(BaseModel):
    model: str = ""
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


def _answer_of(body: str) -> ChatAnswer:
    try:
        completion = _Completion.model_validate_json(body)
    except ValidationError as error:
        raise ChatFailed("broken", f"no completion: {error.error_count()} faults") from error
    choice = completion.choices[0]
    if choice.message.refusal:
        raise ChatFailed("refused", choice.message.refusal[:200])
    if choice.finish_reason in ("length", "content_filter"):
        raise ChatFailed("cut_short" if choice.finish_reason == "length" else "refused", choice.finish_reason)
    calls = choice.message.tool_calls or []
    tools = [ToolUse(call.id, call.function.name, _arguments(call.function.arguments)) for call in calls]
    message: dict[str, Any] = {"role": "assistant", "content": choice.message.content}
    if calls:
        message["tool_calls"] = [call.model_dump() for call in calls]
    return ChatAnswer(
        (choice.message.content or "").strip(), tools, completion.model, _spent(completion.usage), message
    )


def _arguments(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _spent(usage: _Usage | None) -> Spent:
    if usage is None:
        return Spent()
    cached = usage.prompt_tokens_details.cached_tokens if usage.prompt_tokens_details else 0
    return Spent(usage.prompt_tokens, min(cached or 0, usage.prompt_tokens), usage.completion_tokens)


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in US dollars; without `cached_input` cached ones cost what others do."""

    input: float = 0.0
    output: float = 0.0
    cached_input: float | None = None


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices by the names of models."""

    by_model: Mapping[str, Price] = field(default_factory=dict)

    def cost_usd(self, model: str, spent: Spent) -> float | None:
        """What it cost; None for a model without a price. A dated model (`name-2026-03-17`) has its family's price."""
        price = self.by_model.get(model) or self.by_model.get(_family(model))
        if price is None:
            return None
        cached = price.input if price.cached_input is None else price.cached_input
        fresh_tokens = spent.input_tokens - spent.cached_tokens
        total = fresh_tokens * price.input + spent.cached_tokens * cached + spent.output_tokens * price.output
        return round(total / 1_000_000, 8)


def _family(model: str) -> str:
    name, _, date = model.rpartition("-20")
    return name if name and date.replace("-", "").isdigit() else model
