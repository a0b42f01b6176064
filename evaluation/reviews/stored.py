"""A judgement as JSON, and out of a report that was stored without one. PURE."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from evaluation.judgement import CheckVerdict, Evidence, Judgement, OutcomeVerdict

_JUDGEMENT = TypeAdapter(Judgement)


def judgement_json(judgement: Judgement) -> dict[str, Any]:
    """The judgement, for `callx.judgements`."""
    written: dict[str, Any] = _JUDGEMENT.dump_python(judgement, mode="json")
    return written


def judgement_of(stored: Mapping[str, Any]) -> Judgement:
    """The judgement that `judgement_json` wrote. Raises ValidationError."""
    return _JUDGEMENT.validate_python(stored)


def judgement_of_report(report: Mapping[str, Any]) -> Judgement:
    """What a report of an earlier version tells of its judgement: all verdicts, and evidence by criterion.

    Comments on turns that belong to no criterion are not told, nor is which of its checks a quote was for.
    """
    checks, outcomes = [], []
    for section in report.get("sections", ()):
        for criterion in section["criteria"]:
            evidence = tuple(
                Evidence(item["turn_id"], item["quote"], item["polarity"]) for item in criterion["evidence"]
            )
            if criterion["kind"] == "outcome":
                outcomes.append(OutcomeVerdict(criterion["key"], criterion["verdict"], evidence, criterion["reason"]))
            checks += [
                CheckVerdict(
                    criterion["key"],
                    check["key"],
                    check["verdict"],
                    evidence if place == 0 else (),
                    criterion["reason"] if place == 0 else "",
                )
                for place, check in enumerate(criterion["checks"])
            ]
    judge = report["judge"]
    because = report.get("provisional_because") or []
    return Judgement(judge["kind"], judge["version"], tuple(checks), tuple(outcomes), doubt=" ".join(because))
