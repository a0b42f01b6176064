"""The report card with the review in it: what counts, who decided it and why, and what the judge had said. PURE."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from evaluation.report import JUDGES_APART
from evaluation.reviews.overrides import Override

NUMBERS = ("overall_score", "passed", "provisional", "script_adherence", "empathy_score", "call_flow_score")
Decision = Literal["confirmed", "changed"]


@dataclass(frozen=True, slots=True)
class ReviewInReport:
    """Who has decided, and when; `published_at` is None for a draft."""

    review_id: UUID
    reviewer_id: UUID
    reviewer_name: str
    reason: str
    settled: bool
    published_at: datetime | None
    certificate_stands: bool = False


def numbers_of(report: Mapping[str, Any]) -> dict[str, Any]:
    """The few numbers that results are compared by."""
    return {name: report[name] for name in NUMBERS}


def attempt_values(report: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a report makes of its attempt, in the order of CHANGE_ATTEMPT and CORRECT_ATTEMPT."""
    return (
        report["overall_score"],
        report["passed"],
        report["script_adherence"],
        report["empathy_score"],
        report["call_flow_score"],
        report["transcript"],
    )


def decision_of(machine: Mapping[str, Any], overrides: Sequence[Override]) -> Decision:
    """Whether the person sees anything otherwise than the judge's report has it."""
    said = _verdicts(machine)
    return "changed" if any(said.get(override.key) != override.verdict for override in overrides) else "confirmed"


def with_review(
    report: Mapping[str, Any], machine: Mapping[str, Any], review: ReviewInReport, overrides: Sequence[Override]
) -> dict[str, Any]:
    """`report` was computed from the overruled verdicts; `machine` is the judge's own report on the same call."""
    because = {override.key: override.reason or review.reason for override in overrides}
    return {
        **report,
        "attempt_id": machine.get("attempt_id"),
        "created_at": machine["created_at"],
        "needs_human": False,
        "notices": [notice for notice in report["notices"] if notice != JUDGES_APART],
        "sections": _marked(report["sections"], machine, because),
        "review": {
            "review_id": str(review.review_id),
            "decision": decision_of(machine, overrides),
            "reviewer_id": str(review.reviewer_id),
            "reviewer_name": review.reviewer_name,
            "reason": review.reason,
            "published_at": review.published_at.isoformat() if review.published_at else None,
            "settled": review.settled and bool(machine["provisional"]),
            "certificate_stands": review.certificate_stands,
            "machine": {**numbers_of(machine), "auto_fail": machine.get("auto_fail")},
        },
    }


def _marked(
    sections: Sequence[Mapping[str, Any]], machine: Mapping[str, Any], because: Mapping[str, str]
) -> list[dict[str, Any]]:
    criteria = {criterion["key"]: criterion for section in machine["sections"] for criterion in section["criteria"]}
    return [
        {
            **section,
            "criteria": [_criterion(each, criteria.get(each["key"]), because) for each in section["criteria"]],
        }
        for section in sections
    ]


def _criterion(
    criterion: Mapping[str, Any], machine: Mapping[str, Any] | None, because: Mapping[str, str]
) -> dict[str, Any]:
    if machine is None:
        return dict(criterion)
    said = {check["key"]: check["verdict"] for check in machine["checks"]}
    checks = [_check(check, said.get(check["key"]), because, criterion["key"]) for check in criterion["checks"]]
    marked: dict[str, Any] = {**criterion, "checks": checks}
    if (criterion["verdict"], criterion["score"]) != (machine["verdict"], machine["score"]):
        marked["machine"] = {"verdict": machine["verdict"], "score": machine["score"]}
    if criterion["key"] in because:
        marked["overridden_because"] = because[criterion["key"]]
    return marked


def _check(check: Mapping[str, Any], machine: str | None, because: Mapping[str, str], criterion: str) -> dict[str, Any]:
    key = f"{criterion}.{check['key']}"
    return {
        **check,
        **({"machine": {"verdict": machine}} if machine is not None and machine != check["verdict"] else {}),
        **({"overridden_because": because[key]} if key in because else {}),
    }


def _verdicts(report: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for section in report["sections"]:
        for criterion in section["criteria"]:
            found[criterion["key"]] = criterion["verdict"]
            found |= {f"{criterion['key']}.{check['key']}": check["verdict"] for check in criterion["checks"]}
    return found
