"""What a person overrules, and the judgement with it. PURE.

A person decides verdicts, as a judge does; every number comes of them by `evaluation.scores`, as ever.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from evaluation.conversation import Conversation
from evaluation.judgement import CheckVerdict, Evidence, Judgement, OutcomeVerdict, Polarity, Verdict
from evaluation.rubric import Rubric
from evaluation.scores import Scores, scores_of, silent_scores

MOST_OVERRIDES = 300
LONGEST_REASON = 400
_GOES_WITH: dict[Verdict, Polarity] = {"met": "positive", "not_met": "negative"}

Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class Override(BaseModel):
    """One verdict as a person sees it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    criterion: Name
    check: Name | None = Field(
        None, description="A check's key; null for criteria of the kinds `outcome` and `metric`."
    )
    verdict: Verdict
    reason: Annotated[str, StringConstraints(max_length=LONGEST_REASON, strip_whitespace=True)] = ""

    @property
    def key(self) -> str:
        """As in `Judgement.decided_by_people`."""
        return self.criterion if self.check is None else f"{self.criterion}.{self.check}"


def problems_of(overrides: Sequence[Override], rubric: Rubric) -> list[tuple[str, str]]:
    """What is wrong with overrides, as pairs of a field, like `overrides.0.check`, and a sentence."""
    criteria = {criterion.key: criterion for criterion in rubric.criteria}
    seen: set[str] = set()
    problems = []
    for place, override in enumerate(overrides):
        criterion = criteria.get(override.criterion)
        if criterion is None:
            problems.append((f"overrides.{place}.criterion", "The rubric of this call has no such criterion."))
        elif criterion.kind == "checks" and override.check not in {check.key for check in criterion.checks}:
            problems.append((f"overrides.{place}.check", "The criterion has no such check."))
        elif criterion.kind != "checks" and override.check is not None:
            problems.append((f"overrides.{place}.check", f"A criterion of kind {criterion.kind} has no checks."))
        elif override.key in seen:
            problems.append((f"overrides.{place}", "The same is overruled twice."))
        seen.add(override.key)
    return problems


def overruled(judgement: Judgement, overrides: Sequence[Override], *, settles: bool) -> Judgement:
    """The judgement as the person sees it; evidence that speaks against a new verdict goes.

    `overrides` fit the rubric (`problems_of`). Without any, and when nothing is settled, it is the same judgement.
    """
    by_key = {override.key: override for override in overrides}
    checks = [_check(verdict, by_key.get(f"{verdict.criterion}.{verdict.check}")) for verdict in judgement.checks]
    outcomes = [_outcome(verdict, by_key.get(verdict.criterion)) for verdict in judgement.outcomes]
    known = {f"{verdict.criterion}.{verdict.check}" for verdict in judgement.checks}
    known |= {verdict.criterion for verdict in judgement.outcomes}
    for override in overrides:
        if override.key in known:
            continue
        if override.check is None:
            outcomes.append(OutcomeVerdict(override.criterion, override.verdict, (), override.reason))
        else:
            checks.append(CheckVerdict(override.criterion, override.check, override.verdict, (), override.reason))
    return replace(
        judgement,
        checks=tuple(checks),
        outcomes=tuple(outcomes),
        decided_by_people=frozenset(by_key),
        settled=settles,
    )


def scores_again(rubric: Rubric, judgement: Judgement, conversation: Conversation, passing_grade: int) -> Scores:
    """The numbers of a call that was judged before. One without a word of the trainee shows nothing, whoever looks."""
    if not conversation.anything_in_words:
        return silent_scores()
    return scores_of(rubric, judgement, conversation, passing_grade)


def _check(verdict: CheckVerdict, override: Override | None) -> CheckVerdict:
    if override is None:
        return verdict
    kept = _still_speaking(verdict.evidence, override.verdict)
    return replace(verdict, verdict=override.verdict, evidence=kept, reason=override.reason)


def _outcome(verdict: OutcomeVerdict, override: Override | None) -> OutcomeVerdict:
    if override is None:
        return verdict
    kept = _still_speaking(verdict.evidence, override.verdict)
    return replace(verdict, verdict=override.verdict, evidence=kept, reason=override.reason)


def _still_speaking(evidence: Sequence[Evidence], verdict: Verdict) -> tuple[Evidence, ...]:
    return tuple(item for item in evidence if item.polarity == _GOES_WITH.get(verdict))
