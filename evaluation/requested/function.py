"""The function `evaluate-simulation`."""

from typing import Any, Literal, Self
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.functions import FUNCTIONS, FunctionCall
from core.openapi import Exact
from core.rate_limits import Rate
from evaluation.requested.desk import Requested, RequestedEvaluations
from evaluation.requested.transcripts import LONGEST_TRANSCRIPT, MOST_LINES, Line

NAME = "evaluate-simulation"
REQUESTED_EVALUATIONS: web.AppKey[RequestedEvaluations] = web.AppKey("requested_evaluations", RequestedEvaluations)
TIMEOUT_S = 90.0
RATE = Rate(NAME, burst=10, refill_ms=6_000)


class WantedEvaluation(BaseModel):
    """Which simulation, and what the client thinks was said."""

    simulation_id: UUID
    transcript: list[Line] = Field(
        default_factory=list,
        max_length=MOST_LINES,
        description="Compared with what the server heard, and never believed.",
    )

    @model_validator(mode="after")
    def _is_not_too_long(self) -> Self:
        if sum(len(line.text) for line in self.transcript) > LONGEST_TRANSCRIPT:
            raise ValueError(f"The transcript has at most {LONGEST_TRANSCRIPT} characters.")
        return self


class JudgedLine(BaseModel):
    """A line, unchanged; `feedback` only stands where there is some."""

    model_config = ConfigDict(extra="allow")

    speaker: Literal["ai", "user"]
    text: str
    timestamp: str | None


class SimulationReport(Exact):
    """The report card in short; the whole of it is at `/voice/v1/calls/<call_id>/evaluation`."""

    overall_score: int = Field(description="0 to 100.")
    script_adherence: int | None
    empathy_score: str | None = Field(description="`Excellent`, `Good` or `Needs Improvement`.")
    call_flow_score: int | None
    transcript_with_feedback: list[JudgedLine]
    passed: bool
    provisional: bool = Field(description="It does not speak against the trainee, and cannot be passed.")
    provisional_because: list[str]
    summary: str
    verified: bool = Field(
        description="False: the server has not heard this conversation. It is no attempt and completes nothing."
    )
    transcript_differs: bool = Field(description="The transcript in the request is not what the server heard.")
    call_id: UUID | None
    attempt_id: UUID | None
    judge: dict[str, Any] = Field(description="`kind`, `version`, and of a language model `model`, `prompt_hash`.")


ERRORS = {
    404: "`simulation_not_found`: there is none, or its lesson is locked.",
    409: "`no_call`: no call and no transcript; `not_assessable`, `rubric_unusable`, `scenario_invalid`.",
    429: "`too_many_unverified_evaluations`.",
    503: "`call_still_ending`: ask again; `database_unavailable`.",
}


async def evaluate_simulation(call: FunctionCall, wanted: WantedEvaluation) -> SimulationReport:
    """Judge your newest call of a simulation.

    Typed or spoken: a call that still runs is hung up. What the server itself heard is judged, once; asked again, the
    same report comes again. The transcript is only compared with it. A conversation that this server never heard gets a
    report that is marked `verified: false`, kept apart in `unverified_evaluations`, and counts for nothing.
    """
    found = await call.app[REQUESTED_EVALUATIONS].evaluate(call.person, wanted.simulation_id, wanted.transcript)
    return _shown(found)


def _shown(found: Requested) -> SimulationReport:
    report = found.report
    return SimulationReport(
        overall_score=report["overall_score"],
        script_adherence=report["script_adherence"],
        empathy_score=report["empathy_score"],
        call_flow_score=report["call_flow_score"],
        transcript_with_feedback=[JudgedLine.model_validate(line) for line in report["transcript"]],
        passed=report["passed"],
        provisional=report["provisional"],
        provisional_because=report.get("provisional_because", []),
        summary=report["summary"],
        verified=report.get("verified", True),
        transcript_differs=found.transcript_differs,
        call_id=report["call_id"],
        attempt_id=found.attempt_id,
        judge=report["judge"],
    )


def add_functions(app: web.Application) -> None:
    """Enters the function; expects the evaluations under REQUESTED_EVALUATIONS."""
    app[FUNCTIONS].add(NAME, evaluate_simulation, rate=RATE, timeout_s=TIMEOUT_S, errors=ERRORS)
