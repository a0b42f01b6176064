"""The function `review-call`."""

from typing import Annotated, Any, Literal
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, Field, StringConstraints

from core.app_keys import CLOCK, DATABASE
from core.functions import FUNCTIONS, FunctionCall
from core.openapi import Exact
from core.rate_limits import Rate
from evaluation.reviews.overrides import MOST_OVERRIDES, Override
from evaluation.reviews.reviewing import Reviewing, Wish

NAME = "review-call"
RATE = Rate(NAME, burst=60, refill_ms=1_000)


class WantedReview(BaseModel):
    """What you say about a call: all of it each time, not only what is new."""

    call_id: UUID
    overrides: list[Override] = Field(
        default_factory=list, max_length=MOST_OVERRIDES, description="Verdicts that you see otherwise than the judge."
    )
    reason: Annotated[str, StringConstraints(max_length=2_000, strip_whitespace=True)] = Field(
        "", description="Publishing needs one; the trainee reads it."
    )
    settles: bool = Field(True, description="A provisional result becomes a result.")
    publish: bool = Field(False, description="Else it is kept as your draft, and shows what would come of it.")
    based_on: UUID | None = Field(
        None, description="`report.review.review_id` as you have seen it. Another one published since is a 409."
    )


class Numbers(Exact):
    """A result in short."""

    overall_score: int
    passed: bool
    provisional: bool
    script_adherence: int | None
    empathy_score: str | None
    call_flow_score: int | None


class Change(Exact):
    """What the judge had given, what counted before, and what counts with this review."""

    machine: Numbers
    before: Numbers
    after: Numbers


class ReviewedCall(BaseModel):
    """Your review, and the report with it."""

    review_id: UUID
    state: Literal["draft", "published"]
    decision: Literal["confirmed", "changed"]
    result: Change
    certificate_stands: bool = Field(
        description="Published: the call is not passed any more, and the certificate that it helped to earn stands."
    )
    report: dict[str, Any] = Field(description="As at `/voice/v1/calls/<call_id>/evaluation`.")


ERRORS = {
    403: "`not_a_reviewer`: the trainee is not in your team, or it is your own call.",
    404: "`call_not_found`",
    409: "`not_evaluated`, `review_outdated`: somebody has published another review; `rubric_changed`.",
}


async def review_call(call: FunctionCall, wanted: WantedReview) -> ReviewedCall:
    """Overrule verdicts of the judge, or confirm them.

    For managers of the trainee and for admins. Numbers are computed from the verdicts. Without `publish` it is your
    draft. A published review counts from then on: report, attempt, lesson, unlocks and certificate follow it, and the
    trainee is told. The judge's verdicts and numbers stay beside it.
    """
    wish = Wish(
        call_id=wanted.call_id,
        overrides=wanted.overrides,
        reason=wanted.reason,
        settles=wanted.settles,
        publish=wanted.publish,
        based_on=wanted.based_on,
        says_based_on="based_on" in wanted.model_fields_set,
    )
    done = await Reviewing(call.database, call.app[CLOCK]).review(call.person, wish)
    return ReviewedCall(
        review_id=done.review_id,
        state="published" if done.published else "draft",
        decision=done.report["review"]["decision"],
        result=Change.model_validate(done.result),
        certificate_stands=done.certificate_stands,
        report=done.report,
    )


def add_functions(app: web.Application) -> None:
    """Enters the function; database and clock are there already."""
    assert DATABASE in app
    app[FUNCTIONS].add(NAME, review_call, rate=RATE, errors=ERRORS)
