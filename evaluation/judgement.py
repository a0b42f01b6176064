"""What a judge says about a call: verdicts with quoted evidence, and no numbers. PURE."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from uuid import UUID

from evaluation.conversation import Conversation
from evaluation.rubric import Rubric

Verdict = Literal["met", "not_met", "not_applicable", "cannot_assess"]
Polarity = Literal["positive", "negative"]
StandIn = Literal["model_failed", "limit_reached"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of one turn that a verdict stands on; `quote` is a part of that turn's text."""

    turn_id: str
    quote: str
    polarity: Polarity = "positive"


@dataclass(frozen=True, slots=True)
class CheckVerdict:
    """A yes or no about one check of one criterion."""

    criterion: str
    check: str
    verdict: Verdict
    evidence: Sequence[Evidence] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeVerdict:
    """What became of an outcome criterion, decided by code from the call's facts."""

    criterion: str
    verdict: Verdict
    evidence: Sequence[Evidence] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TurnNote:
    """A comment on one of the trainee's turns that no criterion covers."""

    turn_id: str
    comment: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One time that a language model has read a call, and the seed of the order in which it was asked."""

    order_seed: int


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """The language model behind a judgement, exactly: which one, told what, and what it cost.

    `usage` are `input_tokens`, `cached_tokens`, `output_tokens` and, where the price is known, `cost_usd`; of several
    readings also `readings`, the same of each.
    `agreement` is the share of checks, 0 to 1, that the rules alone decide alike; `decided_by_rules` names the checks
    (`criterion.check`) for which the model had no answer that holds.
    """

    name: str
    prompt_hash: str
    """Of what it was told, but for the conversation and the order of the checks."""
    usage: Mapping[str, Any] = field(default_factory=dict)
    agreement: float | None = None
    decided_by_rules: Sequence[str] = ()
    readings: Sequence[Reading] = ()
    """How often the call was read: once, or where it is close several times, each with its own order of the checks."""
    disagreed: Sequence[str] = ()
    """The checks (`criterion.check`) that the readings decide differently; most votes count."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything a judge has to say about one call."""

    judge: str
    version: str
    checks: Sequence[CheckVerdict]
    outcomes: Sequence[OutcomeVerdict] = ()
    notes: Sequence[TurnNote] = ()
    flagged_turns: frozenset[str] = field(default_factory=frozenset)
    """Turns that earn nothing: echoes, repetitions, talk about the assessment."""
    doubt: str = ""
    """Why nobody should rely on these verdicts, as a sentence for the trainee; the result is then provisional."""
    model: ModelUsed | None = None
    needs_human: bool = False
    """The readings do not agree on whether the call is passed: somebody has to look."""
    stood_in: StandIn | None = None
    """Why the rules have judged although a model should have: it may be judged again by the model."""
    decided_by_people: frozenset[str] = field(default_factory=frozenset)
    """What a person has decided: `criterion.check`, or `criterion` of an outcome or a measure. Nothing softens that."""
    settled: bool = False
    """A person says that the result is one, whatever speaks for calling it provisional."""


@dataclass(frozen=True, slots=True)
class ForWhom:
    """Whose conversation is judged, for limits and books; `call_id` is None when it was no call of this server."""

    user_id: UUID
    call_id: UUID | None = None
    passing_grade: int | None = None
    """Near it a judge looks more closely. What a judge is told, and which verdicts it gives, does not depend on it."""


class Judge(Protocol):
    """Reads a call against a rubric. The local one answers at once; a language model takes seconds and may fail."""

    async def judge(self, rubric: Rubric, conversation: Conversation, for_whom: ForWhom) -> Judgement:
        """Verdicts for every check of the rubric."""
