"""From verdicts to numbers: every figure of a report card is computed here. PURE.

`reference/product.md` 3.3, made non-compensating as `reference/evaluation.md` 4.7 asks: courtesy never buys off a
missing critical step.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from evaluation.conversation import Conversation
from evaluation.judgement import CheckVerdict, Evidence, Judgement, OutcomeVerdict
from evaluation.measures import VALUES
from evaluation.rubric import Criterion, Rubric, Section
from evaluation.untranscribed import seconds_text, softened, too_much_untranscribed

CriterionVerdict = Literal["met", "partial", "not_met", "not_applicable", "cannot_assess"]
EmpathyWord = Literal["Excellent", "Good", "Needs Improvement"]

FAILED_BELOW = 50
PROVISIONAL_SHARE = 0.10
EXCHANGE_CAPS = {0: 20, 1: 20, 2: 40, 3: 70}
"""A call of so few exchanges proves little: the most it can score."""


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """One criterion's result; `score` is 0 to 100, or None when it does not count."""

    criterion: Criterion
    score: float | None
    verdict: CriterionVerdict
    checks: Sequence[CheckVerdict]
    evidence: Sequence[Evidence]
    reason: str

    @property
    def failed(self) -> bool:
        """Whether it counts as not done."""
        return self.verdict == "not_met"


@dataclass(frozen=True, slots=True)
class SectionScore:
    """One section's result; `score` is None when nothing in it could be assessed."""

    section: Section
    score: float | None
    criteria: Sequence[CriterionScore]


@dataclass(frozen=True, slots=True)
class Scores:
    """The specification's numbers and what stands behind them."""

    overall: int
    raw: float
    passed: bool
    provisional_because: Sequence[str]
    """Why nobody should rely on these numbers, in sentences; then the call cannot be passed."""
    auto_failed: CriterionScore | None
    script_adherence: int | None
    call_flow: int | None
    empathy: EmpathyWord | None
    sections: Sequence[SectionScore]

    @property
    def provisional(self) -> bool:
        """Whether the result is only an estimate, through no fault of the trainee."""
        return bool(self.provisional_because)

    @property
    def criteria(self) -> list[CriterionScore]:
        """All criteria in the rubric's order."""
        return [criterion for section in self.sections for criterion in section.criteria]


def round_half_up(value: float) -> int:
    """Commercial rounding: 79.5 becomes 80. The value is first cut to six decimals, so that 79.499999999 stays 79."""
    return int(Decimal(f"{value:.6f}").quantize(Decimal(1), rounding=ROUND_HALF_UP))


def weighted_mean(pairs: Iterable[tuple[float, float | None]]) -> float | None:
    """The mean of the values that are there, by weight; None when there is none."""
    counted = [(weight, value) for weight, value in pairs if value is not None]
    total = sum(weight for weight, _ in counted)
    return sum(weight * value for weight, value in counted) / total if total > 0 else None


def score_of_metric(value: float, ok: tuple[float, float], warn: tuple[float, float]) -> float:
    """100 inside `ok`, falling in a straight line to 0 at the edge of `warn`."""
    if ok[0] <= value <= ok[1]:
        return 100.0
    inner, outer = (ok[0], warn[0]) if value < ok[0] else (ok[1], warn[1])
    if inner == outer:
        return 0.0
    return max(0.0, 100 * (outer - value) / (outer - inner))


def _by_checks(criterion: Criterion, verdicts: Sequence[CheckVerdict]) -> tuple[float | None, CriterionVerdict]:
    assessable = [verdict for verdict in verdicts if verdict.verdict in ("met", "not_met")]
    if not assessable:
        applicable = any(verdict.verdict == "cannot_assess" for verdict in verdicts) or not verdicts
        return None, "cannot_assess" if applicable else "not_applicable"
    score = 100 * sum(verdict.verdict == "met" for verdict in assessable) / len(assessable)
    return score, "met" if score == 100 else "partial" if score >= FAILED_BELOW else "not_met"


def _score_checks(criterion: Criterion, judgement: Judgement) -> CriterionScore:
    known = {check.key for check in criterion.checks}
    verdicts = [v for v in judgement.checks if v.criterion == criterion.key and v.check in known]
    score, verdict = _by_checks(criterion, verdicts)
    evidence = [item for check in verdicts for item in check.evidence]
    missed = [v.reason for v in verdicts if v.verdict != "met" and v.reason]
    return CriterionScore(criterion, score, verdict, verdicts, evidence, " ".join(missed))


def _score_outcome(criterion: Criterion, judgement: Judgement) -> CriterionScore:
    found = next((v for v in judgement.outcomes if v.criterion == criterion.key), None)
    found = found or OutcomeVerdict(criterion.key, "cannot_assess", reason="It was not decided.")
    score = {"met": 100.0, "not_met": 0.0}.get(found.verdict)
    return CriterionScore(criterion, score, found.verdict, (), found.evidence, found.reason)


def _score_metric(criterion: Criterion, conversation: Conversation) -> CriterionScore:
    assert criterion.metric is not None
    assert criterion.band_ok is not None
    assert criterion.band_warn is not None
    value = VALUES[criterion.metric](conversation)
    if value is None:
        return CriterionScore(criterion, None, "not_applicable", (), (), "There was too little to measure.")
    score = score_of_metric(value, criterion.band_ok, criterion.band_warn)
    verdict: CriterionVerdict = "met" if score == 100 else "partial" if score >= FAILED_BELOW else "not_met"
    return CriterionScore(criterion, score, verdict, (), (), "")


def _score_criterion(criterion: Criterion, judgement: Judgement, conversation: Conversation) -> CriterionScore:
    by_a_person = any(key.partition(".")[0] == criterion.key for key in judgement.decided_by_people)
    if criterion.needs_verification and not conversation.identifying_facts and not by_a_person:
        return CriterionScore(criterion, None, "not_applicable", (), (), "Nobody had to be identified in this call.")
    if criterion.kind == "checks":
        return _score_checks(criterion, judgement)
    if criterion.kind == "metric" and not by_a_person:
        return _score_metric(criterion, conversation)
    return _score_outcome(criterion, judgement)


def _absolute_weights(sections: Sequence[SectionScore]) -> dict[str, float]:
    """Each counted criterion's share of the whole, in percent."""
    alive = [section for section in sections if section.score is not None]
    total = sum(section.section.weight for section in alive)
    shares: dict[str, float] = {}
    for section in alive:
        counted = [c for c in section.criteria if c.score is not None]
        inside = sum(c.criterion.weight for c in counted)
        for c in counted:
            shares[c.criterion.key] = 100 * section.section.weight / total * c.criterion.weight / inside
    return shares


def _ceiling(criteria: Sequence[CriterionScore], shares: dict[str, float], passing_grade: int) -> float:
    """The most that a call with these failures can have."""
    failed = [c for c in criteria if c.failed]
    critical = [c for c in failed if c.criterion.critical]
    ceiling = 100 - sum(shares.get(c.criterion.key, 0) for c in critical)
    if critical:
        ceiling = min(ceiling, max(passing_grade - 1, 0))
    return min([ceiling, *(float(c.criterion.cap) for c in failed if c.criterion.cap is not None)])


def _much_is_unknown(criteria: Sequence[CriterionScore]) -> bool:
    unknown = [c for c in criteria if c.verdict == "cannot_assess"]
    total = sum(c.criterion.weight for c in criteria if c.verdict != "not_applicable")
    share = sum(c.criterion.weight for c in unknown) / total if total else 0
    return share > PROVISIONAL_SHARE or any(c.criterion.critical for c in unknown)


def _provisional_because(
    criteria: Sequence[CriterionScore], judgement: Judgement, conversation: Conversation, unheard: str
) -> list[str]:
    if judgement.settled:
        return []
    reasons = [reason for reason in (judgement.doubt, unheard) if reason]
    if conversation.ended_by_platform:
        reasons.append("The call ended through a fault on our side.")
    if not reasons and _much_is_unknown(criteria):
        reasons.append("Part of this call could not be assessed.")
    return reasons


def _empathy_word(rubric: Rubric, criteria: Sequence[CriterionScore]) -> EmpathyWord | None:
    empathy = [c for c in criteria if c.criterion.dimension == "empathy"]
    value = weighted_mean((c.criterion.weight, c.score) for c in empathy)
    if value is None:
        return None
    offended = any(item.polarity == "negative" for c in empathy for item in c.evidence)
    if value >= rubric.empathy_excellent and not offended:
        return "Excellent"
    return "Good" if value >= rubric.empathy_good else "Needs Improvement"


def silent_scores() -> Scores:
    """Of an exam in which the trainee said nothing at all: nothing was shown."""
    return Scores(
        overall=0,
        raw=0.0,
        passed=False,
        provisional_because=(),
        auto_failed=None,
        script_adherence=None,
        call_flow=None,
        empathy=None,
        sections=(),
    )


def _dimension(criteria: Sequence[CriterionScore], name: str) -> int | None:
    value = weighted_mean((c.criterion.weight, c.score) for c in criteria if c.criterion.dimension == name)
    return None if value is None else round_half_up(value)


def scores_of(rubric: Rubric, judgement: Judgement, conversation: Conversation, passing_grade: int) -> Scores:
    """Every number of the report. `judgement` must have gone through `evidence.verified`.

    Where much of what the trainee said could not be transcribed, a call that passes even so has passed; any other is
    scored with the benefit of the doubt, and provisional.
    """
    scores = _scores(rubric, judgement, conversation, passing_grade)
    if scores.passed or not too_much_untranscribed(conversation):
        return scores
    unheard = f"{seconds_text(conversation)} of what you said could not be transcribed."
    return _scores(rubric, softened(judgement, rubric, conversation), conversation, passing_grade, unheard)


def _scores(
    rubric: Rubric, judgement: Judgement, conversation: Conversation, passing_grade: int, unheard: str = ""
) -> Scores:
    sections = []
    for section in rubric.sections:
        results = [_score_criterion(criterion, judgement, conversation) for criterion in section.criteria]
        mean = weighted_mean((r.criterion.weight, r.score) for r in results)
        sections.append(SectionScore(section, mean, results))
    criteria = [criterion for section in sections for criterion in section.criteria]
    raw = weighted_mean((s.section.weight, s.score) for s in sections) or 0.0
    ceiling = min(
        _ceiling(criteria, _absolute_weights(sections), passing_grade),
        float(EXCHANGE_CAPS.get(conversation.exchanges, 100)),
    )
    overall = round_half_up(min(raw, ceiling))
    auto_failed = next((c for c in criteria if c.failed and c.criterion.on_fail == "auto_fail"), None)
    if auto_failed and rubric.auto_fail_policy != "flag":
        overall = 0 if rubric.auto_fail_policy == "zero" else min(overall, max(passing_grade - 1, 0))
    because = _provisional_because(criteria, judgement, conversation, unheard)
    return Scores(
        overall=overall,
        raw=raw,
        passed=auto_failed is None and not because and overall >= passing_grade,
        provisional_because=because,
        auto_failed=auto_failed,
        script_adherence=_dimension(criteria, "script"),
        call_flow=_dimension(criteria, "flow"),
        empathy=_empathy_word(rubric, criteria),
        sections=sections,
    )
