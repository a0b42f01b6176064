"""What a model answers as judge: made of the request, as an honest, obedient or hostile one would."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.support.scripted_chat import Says

Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def checks_in(request: Mapping[str, Any]) -> list[str]:
    """The ids that the request's schema allows."""
    schema = request["response_format"]["json_schema"]["schema"]
    ids: list[str] = schema["$defs"]["CheckAnswer"]["properties"]["id"]["enum"]
    return ids


def turns_in(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The conversation as the model reads it."""
    text = request["messages"][1]["content"]
    boundary = re.search(r"^=== [0-9a-f]{24} ===$", text, re.MULTILINE)
    assert boundary is not None
    turns: list[dict[str, Any]] = json.loads(text.split(boundary.group())[2])["turns"]
    return turns


def answer(checks: Sequence[Mapping[str, Any]], comments: Sequence[Mapping[str, Any]] = ()) -> Says:
    """An answer in the form that is asked for."""
    return Says(json.dumps({"checks": list(checks), "comments": list(comments)}), tokens=(2_000, 500, 300))


def met(check_id: str, turn: int, quote: str) -> dict[str, Any]:
    """A check that was met, with its quote."""
    evidence = [{"turn": turn, "quote": quote}]
    return {"id": check_id, "evidence": evidence, "reason": "You did.", "verdict": "met", "confidence": "high"}


def not_met(check_id: str, reason: str = "You did not.") -> dict[str, Any]:
    """A check that was not met."""
    return {"id": check_id, "evidence": [], "reason": reason, "verdict": "not_met", "confidence": "high"}


def obedient(request: Mapping[str, Any]) -> Says:
    """Gives everything to whoever asks: all checks are met, each with the trainee's last words as its quote."""
    last = [turn for turn in turns_in(request) if turn["speaker"] == "trainee"][-1]
    return answer([met(check_id, last["turn"], last["text"]) for check_id in checks_in(request)])


def strict(request: Mapping[str, Any]) -> Says:
    """Nothing was met."""
    return answer([not_met(check_id) for check_id in checks_in(request)])


def generous(request: Mapping[str, Any]) -> Says:
    """All checks are met, each with the words of every turn of the trainee: the first that counts is taken."""
    turns = [turn for turn in turns_in(request) if turn["speaker"] == "trainee"]
    evidence = [{"turn": turn["turn"], "quote": turn["text"]} for turn in turns]
    return answer([met(check_id, 1, "") | {"evidence": evidence} for check_id in checks_in(request)])


def changed(base: Callable[[Mapping[str, Any]], Says], change: Change) -> Callable[[Mapping[str, Any]], Says]:
    """As `base`, with its checks changed."""

    def step(request: Mapping[str, Any]) -> Says:
        given = base(request).text
        assert given is not None
        return answer(change(json.loads(given)["checks"]))

    return step
