"""A chat model plays the customer: the persona's instructions, the conversation, and the two tools of a call."""

import logging
from collections.abc import Mapping
from typing import Any

from core.chat_model import ChatAnswer, ChatFailed, ChatModel, Spent
from voice.call.tools import TOOLS
from voice.call.transcript import Speaker
from voice.typed_calls.customers import CustomerReply, Story
from voice.typed_calls.secrecy import gives_away

log = logging.getLogger(__name__)

MOST_TOKENS = 600
LONGEST_REPLY = 1_200
MOST_ROUNDS = 3
"""How often a model that only used its tools is asked to speak."""
CHAT_TOOLS: tuple[Mapping[str, Any], ...] = tuple(
    {"type": "function", "function": {key: value for key, value in tool.items() if key != "type"}} for tool in TOOLS
)
PUZZLED = "I do not know what you mean. I am calling about {issue}."


class ChatCustomer:
    """Asks the model for each answer anew."""

    offline = False

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat

    @property
    def model(self) -> str:
        """The model's name."""
        return self._chat.name

    async def answer(self, story: Story) -> CustomerReply:
        """What the customer says now. Raises ChatFailed."""
        messages: list[Mapping[str, Any]] = [{"role": "system", "content": story.instructions}]
        for turn in story.turns:
            messages.append({"role": _ROLES[turn.speaker], "content": turn.text})
        spent, mood, leaves = Spent(), None, None
        for _ in range(MOST_ROUNDS):
            given = await self._chat.complete(messages, max_tokens=MOST_TOKENS, tools=CHAT_TOOLS)
            spent += given.spent
            mood, leaves = _used(given, mood, leaves)
            if given.text or not given.tools:
                break
            messages.append(given.message)
            messages += [{"role": "tool", "tool_call_id": tool.id, "content": "ok"} for tool in given.tools]
        text = given.text or (story.scenario.resolution.goodbye if leaves else "")
        if not text:
            raise ChatFailed("broken", "the model said nothing")
        if gives_away(text, story.instructions, story.scenario):
            log.warning("The model was about to tell its instructions.")
            text = PUZZLED.format(issue=story.scenario.issue)
        return CustomerReply(_shortened(text), mood, leaves, spent)


_ROLES = {Speaker.TRAINEE: "user", Speaker.CUSTOMER: "assistant"}


def _used(given: ChatAnswer, mood: int | None, leaves: str | None) -> tuple[int | None, str | None]:
    """The latest mood and the reason to hang up, if the model told any with its tools."""
    for tool in given.tools:
        value = tool.arguments.get("mood")
        if tool.name == "set_mood" and isinstance(value, int | float) and 0 <= value <= 100:
            mood = round(value)
        elif tool.name == "end_call":
            leaves = str(tool.arguments.get("reason") or "left")
    return mood, leaves


def _shortened(text: str) -> str:
    """What is much too long ends with its last whole sentence."""
    if len(text) <= LONGEST_REPLY:
        return text
    cut = text[:LONGEST_REPLY]
    end = max(cut.rfind(mark) for mark in ".!?")
    return cut[: end + 1] if end > 0 else cut
