"""Asks the model, has what does not hold mended once, and leaves the rest to the rules."""

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from core.chat_model import AnswerSchema, ChatAnswer, ChatFailed, ChatModel, Spent
from evaluation.conversation import Conversation
from evaluation.judgement import CheckVerdict, Judgement, ModelUsed
from evaluation.local_judge.checks import FAREWELLS
from evaluation.local_judge.judge import judge_locally
from evaluation.openai_judge.answer import NAME, Answer, schema_for
from evaluation.openai_judge.machine_talk import turns_to_a_machine
from evaluation.openai_judge.prompt import (
    Asked,
    again_message,
    asked_of,
    conversation_message,
    instructions_for,
    prompt_hash,
)
from evaluation.openai_judge.verdicts import Checked, checked, notes_of
from evaluation.rubric import Rubric

log = logging.getLogger(__name__)

KIND = "openai"
VERSION = "1"
MOST_TOKENS = 12_000
MOST_FAULTY = 0.5
"""A model of whose answers more than this share does not hold has not judged at all."""


@dataclass(slots=True)
class _Talk:
    """A conversation with the model, and what it has cost so far."""

    chat: ChatModel
    messages: list[Mapping[str, Any]]
    spent: Spent = Spent()  # noqa: RUF009 - frozen

    async def ask(self, asked: Sequence[Asked]) -> Answer:
        """The model's answer about these checks; once more if it was no answer at all. Raises ChatFailed."""
        schema = AnswerSchema(NAME, schema_for([each.id for each in asked]))
        for last in (False, True):
            given = await self.chat.complete(self.messages, max_tokens=MOST_TOKENS, answer=schema)
            self.spent += given.spent
            try:
                answer = Answer.model_validate_json(given.text)
            except ValidationError as error:
                if last:
                    raise ChatFailed("broken", f"the answer has {error.error_count()} faults") from error
            else:
                self.messages.append(_kept(given))
                return answer
        raise AssertionError("unreachable")


class JudgeFailed(Exception):
    """The model gave nothing to judge by; what it has cost all the same."""

    def __init__(self, why: str, spent: Spent) -> None:
        super().__init__(why)
        self.spent = spent


@dataclass(frozen=True, slots=True)
class OpenAIJudge:
    """A chat model as judge. Outcomes are decided by code, as by the local judge."""

    chat: ChatModel
    total_s: float = 45.0
    """How long all questions about one call may take together."""

    async def judge(self, rubric: Rubric, conversation: Conversation) -> tuple[Judgement, Spent]:
        """Verdicts for every check and outcome of the rubric, and what they cost. Raises JudgeFailed."""
        by_rules = await asyncio.to_thread(judge_locally, rubric, conversation)
        left_out = by_rules.flagged_turns | turns_to_a_machine(conversation)
        asked = asked_of(rubric)
        instructions = instructions_for(asked, conversation.call_script)
        talk = _Talk(self.chat, [{"role": "system", "content": instructions}])
        try:
            boundary = f"=== {secrets.token_hex(12)} ==="
            talk.messages.append({"role": "user", "content": _message(conversation, left_out, boundary)})
            async with asyncio.timeout(self.total_s):
                first = await talk.ask(asked) if asked else Answer(checks=[], comments=[])
                result = await _mended(talk, first, asked, conversation, left_out)
        except (ChatFailed, TimeoutError) as failure:
            raise JudgeFailed(repr(failure), talk.spent) from failure
        rules = {f"{verdict.criterion}.{verdict.check}": verdict for verdict in by_rules.checks}
        verdicts = [_farewell(each, result.verdicts.get(each.id) or rules[each.id], rules[each.id]) for each in asked]
        model = ModelUsed(
            name=self.chat.name,
            prompt_hash=prompt_hash(instructions, schema_for([each.id for each in asked])),
            agreement=_agreement(verdicts, by_rules.checks),
            decided_by_rules=tuple(result.faults),
        )
        judgement = replace(
            by_rules,
            judge=KIND,
            version=VERSION,
            checks=tuple(verdicts),
            notes=notes_of(first, conversation),
            flagged_turns=left_out,
            model=model,
        )
        return judgement, talk.spent


def _message(conversation: Conversation, left_out: frozenset[str], boundary: str) -> str:
    try:
        return conversation_message(conversation, left_out, boundary)
    except ValueError as error:
        raise ChatFailed("rejected", str(error)) from error


async def _mended(
    talk: _Talk, first: Answer, asked: Sequence[Asked], conversation: Conversation, left_out: frozenset[str]
) -> Checked:
    """What holds of the first answer and of one more about what did not. Raises ChatFailed."""
    result = checked(first, asked, conversation, left_out)
    if not result.faults:
        return result
    faulty = [each for each in asked if each.id in result.faults]
    talk.messages.append({"role": "user", "content": again_message(list(result.faults.values()))})
    again = checked(await talk.ask(faulty), faulty, conversation, left_out)
    if len(again.faults) > MOST_FAULTY * len(asked):
        raise ChatFailed("broken", f"{len(again.faults)} of {len(asked)} answers do not hold")
    if again.faults:
        log.warning("The judge's answers about %s do not hold; rules decide.", ", ".join(again.faults))
    return Checked({**result.verdicts, **again.verdicts}, again.faults)


def _farewell(asked: Asked, verdict: CheckVerdict, by_rules: CheckVerdict) -> CheckVerdict:
    """A satisfied customer who hangs up leaves no time for a farewell: that is a fact, whatever the model says."""
    farewell = asked.check.acts and FAREWELLS.issuperset(asked.check.acts)
    excused = farewell and verdict.verdict == "not_met" and by_rules.verdict == "not_applicable"
    return by_rules if excused else verdict


def _agreement(verdicts: Sequence[CheckVerdict], by_rules: Sequence[CheckVerdict]) -> float | None:
    pairs = [
        (one.verdict, other.verdict)
        for one, other in zip(verdicts, by_rules, strict=True)
        if {one.verdict, other.verdict} <= {"met", "not_met"}
    ]
    return round(sum(one == other for one, other in pairs) / len(pairs), 2) if pairs else None


def _kept(given: ChatAnswer) -> Mapping[str, Any]:
    return {"role": "assistant", "content": given.text}
