"""Keeps drafts of reviews and publishes them: in one transaction report, attempt and request follow.

What hangs on the attempt (lesson, unlocks, certificate) follows by the triggers and facts that it has from a judge's
result, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from accounts import audit
from core import facts
from core.clock import Clock
from core.db import Database, Tx
from core.errors import Conflict, Forbidden, NotFound
from core.functions import InvalidInput
from core.identity import Person
from evaluation import queries as calls
from evaluation.conversation import Conversation
from evaluation.jobs import frozen_rubric_of, subject_of
from evaluation.judgement import Judgement
from evaluation.loading import conversation_of
from evaluation.report import report_json
from evaluation.reviews import queries
from evaluation.reviews.effective import ReviewInReport, attempt_values, decision_of, numbers_of, with_review
from evaluation.reviews.overrides import Override, overruled, problems_of, scores_again
from evaluation.reviews.stored import judgement_of, judgement_of_report
from evaluation.rubric import Rubric

CALL_REVIEWED = "CallReviewed"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to say about a call. `based_on` is the review that they have seen, if they say so."""

    call_id: UUID
    overrides: Sequence[Override] = ()
    reason: str = ""
    settles: bool = True
    publish: bool = False
    based_on: UUID | None = None
    says_based_on: bool = False


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What has come of it, or would come of it."""

    review_id: UUID
    published: bool
    result: dict[str, Any]
    certificate_stands: bool
    report: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Case:
    """A judged call, its row locked."""

    call: Any
    conversation: Conversation
    rubric: Rubric
    judgement: Judgement
    current: dict[str, Any]
    machine: dict[str, Any]
    review_id: UUID | None
    attempt_id: UUID


@dataclass(frozen=True, slots=True)
class Reviewing:
    """People's word over the judge's."""

    database: Database
    clock: Clock

    async def review(self, person: Person, wish: Wish) -> Reviewed:
        """Keeps the person's draft, or publishes it.

        Raises NotFound `call_not_found`, Forbidden `not_a_reviewer`, Conflict `not_evaluated`, `review_outdated` and
        `rubric_changed`, and InvalidInput for overrides that do not fit the rubric and for a missing reason.
        """
        await self._require_reviewer(person, wish.call_id)
        async with self.database.acting_as_service() as tx:
            await tx.execute("select callx.act_for($1, $2)", person.user_id, person.login_id)
            case = await _case(tx, wish.call_id)
            _require_sound(wish, case)
            review = await self._draft(tx, person, wish, case)
            report = _report(case, wish, review)
            if wish.publish:
                return await self._publish(tx, wish, case, review, report)
        return Reviewed(review.review_id, False, _result(case, report), False, report)

    async def _require_reviewer(self, person: Person, call_id: UUID) -> None:
        async with self.database.acting_as(person, read_only=True) as tx:
            may = await tx.fetchval(queries.MAY_REVIEW, call_id)
        if may is None:
            raise NotFound("There is no such call.", code="call_not_found")
        if not may:
            raise Forbidden("This call is not yours to review.", code="not_a_reviewer")

    async def _draft(self, tx: Tx, person: Person, wish: Wish, case: _Case) -> ReviewInReport:
        assert person.user_id is not None
        name = await tx.fetchval(queries.REVIEWER, person.user_id)
        draft = await tx.fetchrow(queries.DRAFT, wish.call_id, person.user_id)
        seen = wish.based_on if wish.says_based_on else draft["based_on"] if draft else case.review_id
        if seen != case.review_id:
            raise Conflict("Somebody has reviewed this call meanwhile. Look at it again.", code="review_outdated")
        draft_id = (
            draft["id"]
            if draft
            else await tx.fetchval(
                queries.BEGIN_DRAFT,
                wish.call_id,
                case.call["user_id"],
                person.user_id,
                name,
                case.review_id,
                self.clock.now(),
            )
        )
        overrides = [override.model_dump() for override in wish.overrides]
        await tx.execute(queries.KEEP_DRAFT, draft_id, wish.reason, overrides, wish.settles, case.review_id)
        return ReviewInReport(draft_id, person.user_id, name, wish.reason, wish.settles, None)

    async def _publish(
        self, tx: Tx, wish: Wish, case: _Case, review: ReviewInReport, draft: dict[str, Any]
    ) -> Reviewed:
        now = self.clock.now()
        await tx.execute(queries.KEEP_VERSION, wish.call_id, now)
        await tx.execute(queries.CHANGE_ATTEMPT, case.attempt_id, *attempt_values(draft), now, review.reviewer_id)
        stands = case.current["passed"] and not draft["passed"]
        stands = stands and bool(await tx.fetchval(queries.CERTIFICATE_STANDS, case.attempt_id))
        report = _report(case, wish, replace(review, published_at=now, certificate_stands=stands))
        result = _result(case, report)
        decision = decision_of(case.machine, wish.overrides)
        await tx.execute(queries.PUBLISH, review.review_id, decision, result, stands, now, review.reviewer_name)
        await tx.execute(queries.REPLACE_REPORT, wish.call_id, report, review.review_id)
        await tx.execute(queries.ANSWER, wish.call_id, review.review_id, now)
        await tx.execute(queries.END_CLAIM, wish.call_id)
        told = {
            "trainee_id": str(case.call["user_id"]),
            "review_id": str(review.review_id),
            "decision": decision,
            "reason": wish.reason,
            "before": result["before"],
            "after": result["after"],
            "certificate_stands": stands,
        }
        await audit.record(tx, "review.published", "call", wish.call_id, told)
        payload = {
            "call_id": str(wish.call_id),
            "attempt_id": str(case.attempt_id),
            "review_id": str(review.review_id),
            "passed": report["passed"],
        }
        await facts.emit(tx, CALL_REVIEWED, payload)
        return Reviewed(review.review_id, True, result, stands, report)


def _require_sound(wish: Wish, case: _Case) -> None:
    problems = problems_of(wish.overrides, case.rubric)
    if wish.publish and not wish.reason:
        problems.append(("reason", "Say why: the trainee reads it."))
    if problems:
        raise InvalidInput(problems)


async def _case(tx: Tx, call_id: UUID) -> _Case:
    row = await tx.fetchrow(queries.JUDGED, call_id)
    if row is None or row["state"] != "done" or row["report"] is None or row["attempt_id"] is None:
        raise Conflict("There is no report on this call yet.", code="not_evaluated")
    call = await calls.call(tx, call_id)
    assert call is not None, "an evaluation belongs to a call"
    machine = row["report"] if row["review_id"] is None else await tx.fetchval(queries.REPORT_OF_JUDGE, call_id)
    rubric = await frozen_rubric_of(call)
    if rubric.content_hash != machine["rubric"]["hash"]:
        raise Conflict("The rubric that this call was judged by is not there any more.", code="rubric_changed")
    return _Case(
        call=call,
        conversation=conversation_of(call, await calls.turns(tx, call_id), await calls.moods(tx, call_id)),
        rubric=rubric,
        judgement=judgement_of(row["judgement"]) if row["judgement"] else judgement_of_report(machine),
        current=row["report"],
        machine=machine,
        review_id=row["review_id"],
        attempt_id=row["attempt_id"],
    )


def _report(case: _Case, wish: Wish, review: ReviewInReport) -> dict[str, Any]:
    """The report as it is with the review. One that changes nothing keeps the judge's report to the letter."""
    settles = wish.settles and case.machine["provisional"]
    if not wish.overrides and not settles:
        return with_review(case.machine, case.machine, review, ())
    judgement = overruled(case.judgement, wish.overrides, settles=settles)
    passing_grade = case.machine["passing_grade"]
    scores = scores_again(case.rubric, judgement, case.conversation, passing_grade)
    subject = subject_of(case.call, passing_grade, review.published_at or case.call["created_at"])
    report = report_json(subject, case.rubric, judgement, scores, case.conversation)
    return with_review(report, case.machine, review, wish.overrides)


def _result(case: _Case, report: dict[str, Any]) -> dict[str, Any]:
    return {"machine": numbers_of(case.machine), "before": numbers_of(case.current), "after": numbers_of(report)}
