"""What a call is judged by: sections of weighted criteria, each made of small checks. PURE.

The model is `reference/product.md` 3.2 in the words of the trade. A rubric is data: JSON in
`simulation_scenarios.rubric`, frozen with each call, so that a report can be computed again.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

T = TypeVar("T")
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]

Kind = Literal["checks", "metric", "outcome"]
Severity = Literal["non_critical", "critical_customer", "critical_business", "critical_compliance"]
Dimension = Literal["script", "empathy", "flow", "resolution"]
OutcomeFact = Literal[
    "verified_before_account_work", "customer_goal_reached", "nothing_rude_said", "acknowledged_early"
]
MetricName = Literal["talk_ratio", "pace", "longest_monologue", "interruptions", "response_gap", "dead_air"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Check(_Strict):
    """One observable behaviour, answered yes or no.

    `acts` and `phrases` are for the local judge: a trainee's turn that carries one of these speech acts, or one of
    these phrases, fulfils the check. A language model reads `text` alone.
    """

    key: Key
    text: Text
    acts: tuple[str, ...] = ()
    phrases: tuple[Text, ...] = ()
    count: int = Field(1, ge=1, le=5)
    """In how many different ways it must be done, for example two identifiers asked for."""
    within_turns: int | None = Field(None, ge=1, le=50)
    """Only the trainee's first so many turns count: a farewell opens no call."""
    within_last_turns: int | None = Field(None, ge=1, le=50)
    """Only the trainee's last so many turns count: a thank-you for an account number closes no call."""

    def window(self, turns: Sequence[T]) -> Sequence[T]:
        """Those of the trainee's turns in which the check can be fulfilled."""
        first = turns[: self.within_turns]
        return first if self.within_last_turns is None else first[-self.within_last_turns :]


class Criterion(_Strict):
    """A group of checks, a measured value or an outcome, with its weight inside the section."""

    key: Key
    title: Text
    kind: Kind
    dimension: Dimension
    weight: float = Field(gt=0, le=100)
    severity: Severity = "non_critical"
    on_fail: Literal["none", "cap", "auto_fail"] = "none"
    cap: int | None = Field(None, ge=0, le=100)
    guidance: str = ""
    suggestion: str = ""
    """What the trainee could have said, shown where the criterion failed."""
    needs_verification: bool = False
    """Applies only when the scenario holds facts that prove who is calling."""
    checks: tuple[Check, ...] = ()
    metric: MetricName | None = None
    band_ok: tuple[float, float] | None = None
    band_warn: tuple[float, float] | None = None
    outcome: OutcomeFact | None = None

    @model_validator(mode="after")
    def _parts_fit_the_kind(self) -> Self:
        if self.kind == "checks" and not 1 <= len(self.checks) <= 6:
            raise ValueError(f"{self.key}: a criterion of kind checks has 1 to 6 checks.")
        if self.kind == "metric" and (self.metric is None or self.band_ok is None or self.band_warn is None):
            raise ValueError(f"{self.key}: a metric needs its name, band_ok and band_warn.")
        if self.kind == "outcome" and self.outcome is None:
            raise ValueError(f"{self.key}: an outcome needs the name of its fact.")
        if (self.on_fail == "cap") != (self.cap is not None):
            raise ValueError(f"{self.key}: cap goes with on_fail cap, and only with it.")
        return self

    @property
    def critical(self) -> bool:
        """Whether missing it is an error of its own, whatever else went well."""
        return self.severity != "non_critical"


class Section(_Strict):
    """A part of the call; the weights of all sections make 100."""

    key: Key
    title: Text
    weight: float = Field(gt=0, le=100)
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=20)


class Rubric(_Strict):
    """The whole scorecard."""

    title: Text
    version: int = Field(ge=1)
    auto_fail_policy: Literal["cap", "zero", "flag"] = "cap"
    empathy_excellent: int = Field(90, ge=0, le=100)
    empathy_good: int = Field(70, ge=0, le=100)
    sections: tuple[Section, ...] = Field(min_length=1, max_length=12)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(section.weight for section in self.sections)
        if abs(total - 100) > 0.01:
            raise ValueError(f"The sections' weights must make 100; they make {total:g}.")
        keys = [criterion.key for criterion in self.criteria]
        if len(keys) != len(set(keys)):
            raise ValueError("Each criterion needs a key of its own.")
        return self

    @property
    def criteria(self) -> list[Criterion]:
        """All criteria in the order of the sections."""
        return [criterion for section in self.sections for criterion in section.criteria]

    @property
    def content_hash(self) -> str:
        """Names this exact rubric; stored with each evaluation."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()[:16]


@cache
def default_rubric() -> Rubric:
    """`Inbound service`: what a simulation without a rubric of its own is judged by."""
    path = Path(__file__).parent / "rubrics" / "inbound_service.yaml"
    return Rubric.model_validate(yaml.safe_load(path.read_text("utf8")))


def rubric_of(frozen: object) -> Rubric:
    """The rubric that was frozen with a call; an empty one means the default. Raises ValidationError."""
    return Rubric.model_validate(frozen) if frozen else default_rubric()
