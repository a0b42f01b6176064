"""The language models that answer in writing, tried with a question that costs next to nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.chat_model import AnswerSchema, ChatFailed, ChatModel
from core.settings import Settings
from wiring.language_models import chat_model, judge_model

PATIENCE_S = 15.0
MOST_TOKENS = 64
QUESTION = ({"role": "user", "content": "Answer with the word ok."},)
ANSWERED = frozenset({"cut_short", "refused"})
"""A model that thinks longer than it may, or does not want to, has the key and the name right all the same."""
SCHEMA = AnswerSchema(
    "answer",
    {
        "type": "object",
        "properties": {"word": {"type": "string"}},
        "required": ["word"],
        "additionalProperties": False,
    },
)
TOOL = {
    "type": "function",
    "function": {
        "name": "hang_up",
        "description": "Ends the call.",
        "parameters": {"type": "object", "properties": {}},
    },
}


@dataclass(frozen=True, slots=True)
class Use:
    """What a model is for: its settings (`CALLX_<name>_…`), what it must be able to do, and what happens without it."""

    name: str
    instead: str
    until_then: str
    needs: str
    tools: Sequence[Mapping[str, Any]] = ()
    answer: AnswerSchema | None = None


CHAT = Use(
    name="CHAT",
    instead="the embedded customer answers typed calls",
    until_then="Until then typed calls are answered with 503 customer_unavailable.",
    needs="tools",
    tools=(TOOL,),
)
JUDGE = Use(
    name="JUDGE",
    instead="rules judge",
    until_then="Until then rules judge, and every result is provisional: nobody passes a call.",
    needs="JSON schemas",
    answer=SCHEMA,
)


async def typed_customer(settings: Settings) -> str:
    """Who plays the customer of typed calls. Raises RuntimeError for a model that does not answer as it must."""
    return await _tried(CHAT, chat_model(settings))


async def judging(settings: Settings) -> str:
    """Who judges calls. Raises RuntimeError for a model that does not answer as it must."""
    return await _tried(JUDGE, judge_model(settings))


async def _tried(use: Use, model: ChatModel | None) -> str:
    if model is None:
        return f"{use.instead}; set OPENAI_API_KEY or CALLX_{use.name}_URL for a language model"
    patient = ChatModel(replace(model.endpoint, request_s=PATIENCE_S, total_s=PATIENCE_S, retries=0))
    try:
        wrong = await _what_is_wrong(use, patient)
    finally:
        await patient.close()
    endpoint = patient.endpoint
    if wrong:
        raise RuntimeError(f"{endpoint.model} at {endpoint.url}: {wrong} {use.until_then}")
    return f"{endpoint.model} at {endpoint.url}, which takes the key, answers"


async def _what_is_wrong(use: Use, model: ChatModel) -> str:
    """A sentence with advice, or nothing. What the server says of itself is not repeated: it may hold the key."""
    code = await _refusal(model, use.tools, use.answer)
    if code == "rejected" and not await _refusal(model):
        return f"It answers, but does not take {use.needs}: choose another CALLX_{use.name}_MODEL."
    return {
        "": "",
        "unauthorized": f"It does not take OPENAI_API_KEY or CALLX_{use.name}_API_KEY, or not for this model.",
        "rejected": f"It does not know this model: look at CALLX_{use.name}_MODEL and CALLX_{use.name}_URL.",
        "busy": "It takes no more requests at the moment, or the account has no quota left.",
        "unreachable": f"It cannot be reached: look at the network and at CALLX_{use.name}_URL.",
        "timeout": f"It has not answered within {PATIENCE_S:g} s: look at the network and at CALLX_{use.name}_URL.",
        "broken": f"What answers there does not speak chat completions: look at CALLX_{use.name}_URL.",
    }[code]


async def _refusal(
    model: ChatModel, tools: Sequence[Mapping[str, Any]] = (), answer: AnswerSchema | None = None
) -> str:
    try:
        await model.complete(QUESTION, max_tokens=MOST_TOKENS, tools=tools, answer=answer)
    except ChatFailed as failed:
        return "" if failed.code in ANSWERED else failed.code
    return ""
