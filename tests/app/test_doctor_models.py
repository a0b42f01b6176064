"""What the doctor says of the language models that play customers of typed calls, and judge."""

import json
import socket
from typing import Any

import pytest

from core.settings import Settings
from tests.support.scripted_chat import SILENCE, Fails, Raw, Says, ScriptedChat
from wiring import model_checks

NAMES = {"typed_customer": "CHAT", "judging": "JUDGE"}


def settings(url: str) -> Settings:
    return Settings(chat_url=url, judge_url=url, chat_api_key="sk-SECRET", judge_api_key="sk-SECRET")


async def told(check: str, url: str) -> str:
    """What is said, good or bad."""
    try:
        return str(await getattr(model_checks, check)(settings(url)))
    except RuntimeError as error:
        return f"WRONG {error}"


async def test_without_a_model_it_says_who_does_it_instead():
    assert "the embedded customer answers typed calls" in await model_checks.typed_customer(Settings())
    assert "rules judge; set OPENAI_API_KEY or CALLX_JUDGE_URL" in await model_checks.judging(Settings())


@pytest.mark.parametrize("check", NAMES)
async def test_a_model_that_answers_is_named_and_asked_one_short_question(check: str):
    async with ScriptedChat([Says("ok")]) as chat:
        said = await told(check, chat.url)
        [request] = chat.requests
    assert not said.startswith("WRONG")
    assert request["model"] in said
    assert request["max_completion_tokens"] == model_checks.MOST_TOKENS
    assert len(json.dumps(request)) < 600
    assert ("tools" in request, "response_format" in request) == (check == "typed_customer", check == "judging")


def _only_plainly(request: dict[str, Any]) -> Any:
    return Fails(400, "invalid_request_error") if "tools" in request or "response_format" in request else Says("ok")


@pytest.mark.parametrize("check", NAMES)
@pytest.mark.parametrize(
    ("step", "advice"),
    [
        (Fails(401, "invalid_api_key"), "It does not take OPENAI_API_KEY or CALLX_{}_API_KEY"),
        (Fails(403, "model_not_allowed"), "or not for this model"),
        (Fails(404, "model_not_found"), "It does not know this model: look at CALLX_{}_MODEL"),
        (Fails(429, "insufficient_quota"), "no quota left"),
        (Fails(503), "It cannot be reached"),
        (Raw("<html>"), "does not speak chat completions: look at CALLX_{}_URL"),
        (_only_plainly, "choose another CALLX_{}_MODEL"),
    ],
    ids=["wrong key", "not allowed", "unknown model", "no quota", "down", "html", "too simple a model"],
)
async def test_what_is_wrong_is_told_with_what_it_means(check: str, step: Any, advice: str):
    async with ScriptedChat([step]) as chat:
        said = await told(check, chat.url)
        assert len(chat.requests) <= 2, "the doctor does not insist"
    assert said.startswith("WRONG")
    assert advice.format(NAMES[check]) in said
    assert "Until then" in said
    assert "SECRET" not in said


@pytest.mark.parametrize("step", [Says("", finish="length"), Says(refusal="No.")], ids=["thinks too long", "refuses"])
async def test_a_model_that_does_not_finish_is_there_all_the_same(step: Says):
    async with ScriptedChat([step]) as chat:
        assert not (await told("judging", chat.url)).startswith("WRONG")


async def test_a_model_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(model_checks, "PATIENCE_S", 0.2)
    async with ScriptedChat([SILENCE]) as chat:
        said = await told("judging", chat.url)
    assert "It has not answered within 0.2 s" in said


async def test_an_address_where_nobody_listens_is_told():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        said = await told("typed_customer", f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
    assert "It cannot be reached: look at the network and at CALLX_CHAT_URL" in said
