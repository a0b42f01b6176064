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
from evaluation.judgement import CheckVerdict, Judgement, ModelUsed, Reading
from evaluation.local_judge.checks import FAREWELLS
from evaluation.local_judge.judge import judge_locally
from evaluation.openai_judge.answer import NAME, Answer, schema_for
from evaluation.openai_judge.machine_talk import turns_to_a_machine
from evaluation.openai_judge.prompt import (
    Asked,
    again_message,
    asked_of,
    conversation_message,
    in_order_of,
    instructions_for,
    prompt_hash,
)
from evaluation.openai_judge.readings import ReadCall, is_close, majority, passes
from evaluation.openai_judge.verdicts import Checked, checked, notes_of
from evaluation.rubric import Rubric

log = logging.getLogger(__name__)

KIND = "openai"
VERSION = "2"
MOST_TOKENS = 12_000
MOST_FAULTY = 0.5
"""A model of whose answers more than this share does not hold has not judged at all."""
MORE_READINGS = 2
READINGS_APART = "This call was read several times, and the readings do not agree on whether it is passed."


@dataclass(slots=True)
class _Talk:
    """A conversation with the model, and what it has cost so far."""

    chat: ChatModel
    messages: list[Mapping[str, Any]]
    order_seed: int
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
    """The model gave nothing to judge by; what its readings have cost all the same."""

    def __init__(self, why: str, spent: Sequence[Spent]) -> None:
        super().__init__(why)
        self.spent = spent


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is judged, and what is known of it without a model."""

    rubric: Rubric
    conversation: Conversation
    asked: Sequence[Asked]
    by_rules: Judgement
    left_out: frozenset[str]

    def judgement_of(self, reading: ReadCall) -> Judgement:
        """What one reading alone would make of the call."""
        rules = {f"{verdict.criterion}.{verdict.check}": verdict for verdict in self.by_rules.checks}
        verdicts = [
            _farewell(each, reading.verdicts.get(each.id) or rules[each.id], rules[each.id]) for each in self.asked
        ]
        return replace(self.by_rules, checks=tuple(verdicts), flagged_turns=self.left_out)


@dataclass(frozen=True, slots=True)
class OpenAIJudge:
    """A chat model as judge. Outcomes are decided by code, as by the local judge."""

    chat: ChatModel
    total_s: float = 45.0
    """How long all questions about one call may take together."""

    async def judge(
        self, rubric: Rubric, conversation: Conversation, passing_grade: int | None = None
    ) -> tuple[Judgement, Sequence[Spent]]:
        """Verdicts for every check and outcome of the rubric, and what each reading cost. Raises JudgeFailed.

        Where the result is close to the passing grade, the call is read three times, and most votes count.
        """
        by_rules = await asyncio.to_thread(judge_locally, rubric, conversation)
        left_out = by_rules.flagged_turns | turns_to_a_machine(conversation)
        subject = _Subject(rubric, conversation, asked_of(rubric), by_rules, left_out)
        talks = [self._talk(subject)]
        deadline_s = asyncio.get_running_loop().time() + self.total_s
        try:
            async with asyncio.timeout_at(deadline_s):
                readings = [await _read(talks[0], subject, mends=True)]
        except (ChatFailed, TimeoutError) as failure:
            raise JudgeFailed(repr(failure), [talks[0].spent]) from failure
        judgement, unsure = subject.judgement_of(readings[0]), readings[0].unsure
        if passing_grade is not None and is_close(rubric, conversation, judgement, unsure, passing_grade):
            talks += [self._talk(subject) for _ in range(MORE_READINGS)]
            votes = await asyncio.gather(*(_vote(talk, subject, deadline_s) for talk in talks[1:]))
            readings += [vote for vote in votes if vote is not None]
        return self._decided(subject, readings, passing_grade), [talk.spent for talk in talks]

    def _talk(self, subject: _Subject) -> _Talk:
        seed = secrets.randbits(32)
        instructions = instructions_for(in_order_of(subject.asked, seed), subject.conversation.call_script)
        return _Talk(self.chat, [{"role": "system", "content": instructions}], seed)

    def _decided(self, subject: _Subject, readings: Sequence[ReadCall], passing_grade: int | None) -> Judgement:
        each = [subject.judgement_of(reading) for reading in readings]
        checks, disagreed = majority([judgement.checks for judgement in each])
        results = {passes(subject.rubric, subject.conversation, judgement, passing_grade) for judgement in each}
        split = len(results) > 1
        instructions = instructions_for(subject.asked, subject.conversation.call_script)
        model = ModelUsed(
            name=self.chat.name,
            prompt_hash=prompt_hash(instructions, schema_for([asked.id for asked in subject.asked])),
            agreement=_agreement(checks, subject.by_rules.checks),
            decided_by_rules=tuple(readings[0].faults),
            readings=tuple(Reading(reading.order_seed) for reading in readings),
            disagreed=disagreed,
        )
        return replace(
            each[0],
            judge=KIND,
            version=VERSION,
            checks=checks,
            notes=readings[0].notes,
            model=model,
            doubt=READINGS_APART if split else "",
            needs_human=split,
        )


async def _read(talk: _Talk, subject: _Subject, *, mends: bool) -> ReadCall:
    """One reading. Raises ChatFailed."""
    conversation, left_out = subject.conversation, subject.left_out
    asked = in_order_of(subject.asked, talk.order_seed)
    boundary = f"=== {secrets.token_hex(12)} ==="
    talk.messages.append({"role": "user", "content": _message(conversation, left_out, boundary)})
    first = await talk.ask(asked) if asked else Answer(checks=[], comments=[])
    if mends:
        result = await _mended(talk, first, asked, conversation, left_out)
    else:
        result = checked(first, asked, conversation, left_out)
    unsure = frozenset(given.id for given in first.checks if given.confidence == "low")
    return ReadCall(talk.order_seed, result.verdicts, result.faults, unsure, notes_of(first, conversation))


async def _vote(talk: _Talk, subject: _Subject, deadline_s: float) -> ReadCall | None:
    """One more reading, of what holds; None when it fails, which is no reason to doubt the first."""
    try:
        async with asyncio.timeout_at(deadline_s):
            reading = await _read(talk, subject, mends=False)
    except (ChatFailed, TimeoutError) as failure:
        log.warning("A further reading of the judge has failed: %r", failure)
        return None
    return reading if len(reading.faults) <= MOST_FAULTY * len(subject.asked) else None


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
