"""Attempts with the report cards that the local judge really writes."""

from datetime import datetime
from functools import cache
from typing import Any, Literal
from uuid import UUID, uuid4

from core.db import Tx
from core.identity import Person
from evaluation.evidence import verified
from evaluation.local_judge.judge import judge_locally
from evaluation.report import ReportSubject, report_json
from evaluation.rubric import default_rubric
from evaluation.scores import scores_of
from tests.pure.evaluation.calls import GOOD_CALL, conversation, without_verification

How = Literal["good", "unverified"]


@cache
def report_of(how: How) -> dict[str, Any]:
    """The report of a good call, or of one in which the trainee verified nobody."""
    call = conversation(GOOD_CALL if how == "good" else without_verification())
    rubric = default_rubric()
    judgement = verified(judge_locally(rubric, call), call)
    at = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
    subject = ReportSubject(uuid4(), uuid4(), "Charged twice", "practice", 80, at, at)
    return report_json(subject, rubric, judgement, scores_of(rubric, judgement, call, 80), call)


async def attempt(
    tx: Tx, person: Person, simulation_id: UUID, at: datetime, *, how: How = "good", overall: int | None = None
) -> UUID:
    """Writes one attempt with its call and report, as the evaluation does; its id. `tx` acts as the service."""
    report = report_of(how)
    call_id = await tx.fetchval(
        """insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed)
           values ($1, $2, 'practice', 'ended', '\\x00', 1) returning id""",
        person.user_id,
        simulation_id,
    )
    attempt_id: UUID = await tx.fetchval(
        """insert into public.simulation_attempts
             (user_id, simulation_id, overall_score, passed, script_adherence, empathy_score, call_flow_score,
              transcript, attempted_at, call_id, duration_ms, mode)
           values ($1, $2, $3, $4, $5, $6, $7, '[]', $8, $9, 61500, 'practice') returning id""",
        person.user_id,
        simulation_id,
        report["overall_score"] if overall is None else overall,
        report["passed"],
        report["script_adherence"],
        report["empathy_score"],
        report["call_flow_score"],
        at,
        call_id,
    )
    await tx.execute(
        """insert into public.evaluations (call_id, state, judge, rubric_hash, report, attempt_id)
           values ($1, 'done', 'local', $2, $3, $4)""",
        call_id,
        report["rubric"]["hash"],
        report,
        attempt_id,
    )
    return attempt_id
