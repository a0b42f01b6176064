"""The report card as JSON: what the screen shows and the attempt stores. PURE."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from evaluation.conversation import Conversation, Turn
from evaluation.feedback import Feedback, feedback_by_turn
from evaluation.judgement import Evidence, Judgement
from evaluation.measures import measures_of
from evaluation.rubric import Rubric
from evaluation.scores import CriterionScore, Scores, SectionScore, round_half_up
from evaluation.untranscribed import seconds_text

MOST_POINTS = 3
FAIR_AGREEMENT = 0.6
JUDGES_APART = "The judge and the simple rules see this call very differently: somebody should look at it."
CLOSE = "This is close to the pass mark, so the judge has read the call {times} times. What most readings say counts."
SILENT = "Not passed: the customer was on the line, and you said nothing."


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """Which call the report is about."""

    call_id: UUID
    simulation_id: UUID
    title: str
    mode: str
    passing_grade: int
    answered_at: datetime
    judged_at: datetime


def transcript_json(
    conversation: Conversation, feedback: dict[str, Feedback], answered_at: datetime
) -> list[dict[str, Any]]:
    """The turns unchanged and in order, `feedback` added; also the specification's `transcript` column."""
    return [_turn_json(turn, feedback.get(turn.turn_id), answered_at) for turn in conversation.turns]


def _turn_json(turn: Turn, feedback: Feedback | None, answered_at: datetime) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "turn_id": turn.turn_id,
        "number": turn.number,
        "speaker": turn.speaker,
        "text": turn.text,
        "heard_text": turn.heard_text,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "cut_off": turn.cut_off,
        **({"not_transcribed": turn.not_transcribed} if turn.not_transcribed else {}),
        "timestamp": (answered_at + timedelta(milliseconds=turn.start_ms)).isoformat(),
    }
    if feedback is not None:
        entry["feedback"] = {
            "rating": feedback.rating,
            "comment": feedback.comment,
            "try": feedback.suggestion,
            "criteria": list(feedback.criteria),
        }
    return entry


def _evidence_json(evidence: Sequence[Evidence], conversation: Conversation) -> list[dict[str, Any]]:
    found = []
    for item in evidence:
        turn = conversation.turn(item.turn_id)
        if turn is not None:
            found.append({**asdict(item), "start_ms": turn.start_ms, "end_ms": turn.end_ms})
    return found


def _criterion_json(result: CriterionScore, conversation: Conversation) -> dict[str, Any]:
    criterion = result.criterion
    verdicts = {verdict.check: verdict.verdict for verdict in result.checks}
    wanting = result.verdict in ("partial", "not_met")
    return {
        "key": criterion.key,
        "title": criterion.title,
        "kind": criterion.kind,
        "severity": criterion.severity,
        "weight": criterion.weight,
        "score": None if result.score is None else round_half_up(result.score),
        "verdict": result.verdict,
        "reason": result.reason,
        "suggestion": criterion.suggestion if wanting and criterion.suggestion else None,
        "checks": [
            {"key": check.key, "text": check.text, "verdict": verdicts.get(check.key, "cannot_assess")}
            for check in criterion.checks
        ],
        "evidence": _evidence_json(result.evidence, conversation),
    }


def _section_json(section: SectionScore, conversation: Conversation) -> dict[str, Any]:
    return {
        "key": section.section.key,
        "title": section.section.title,
        "weight": section.section.weight,
        "score": None if section.score is None else round_half_up(section.score),
        "criteria": [_criterion_json(result, conversation) for result in section.criteria],
    }


def _keep(scores: Scores) -> list[str]:
    best = [c for c in scores.criteria if c.verdict == "met" and c.evidence]
    best.sort(key=lambda c: -c.criterion.weight)
    return [c.criterion.title for c in best[:MOST_POINTS]]


def _improve(scores: Scores) -> list[str]:
    worst = [c for c in scores.criteria if c.verdict in ("not_met", "partial")]
    worst.sort(key=lambda c: (not c.criterion.critical, -c.criterion.weight * (100 - (c.score or 0))))
    return [c.reason or c.criterion.title for c in worst[:MOST_POINTS]]


def _summary(scores: Scores, passing_grade: int, conversation: Conversation) -> str:
    if not conversation.trainee_turns:
        return SILENT
    if scores.auto_failed:
        return f"Not passed, whatever the rest: {scores.auto_failed.reason or scores.auto_failed.criterion.title}"
    if scores.provisional:
        return f"{' '.join(scores.provisional_because)} So this result is provisional: it does not speak against you."
    if scores.passed:
        return f"Passed with {scores.overall} of 100 points; {passing_grade} were needed."
    return f"Not passed: {scores.overall} of 100 points; {passing_grade} are needed."


def _notices(scores: Scores, judgement: Judgement, conversation: Conversation) -> list[str]:
    """What whoever reads the report has to know about how it came about."""
    model = judgement.model
    apart = model is not None and model.agreement is not None and model.agreement < FAIR_AGREEMENT
    times = len(model.readings) if model is not None else 0
    close = [CLOSE.format(times=times)] if times > 1 else []
    return [*([JUDGES_APART] if apart else []), *close, *_missing_words(scores, conversation)]


def _missing_words(scores: Scores, conversation: Conversation) -> list[str]:
    missing = sum(1 for turn in conversation.trainee_turns if turn.not_transcribed)
    if not missing:
        return []
    lines = "One of your lines" if missing == 1 else f"{missing} of your lines"
    told = f"{lines} ({seconds_text(conversation)}) could not be transcribed. The recording has what you said."
    if scores.passed:
        return [f"{told} You passed without it."]
    if scores.provisional:
        return [f"{told} What may have been said there does not count as missed."]
    return [f"{told} It was too little to change the result."]


def _auto_fail_json(failed: CriterionScore | None, conversation: Conversation) -> dict[str, Any] | None:
    if failed is None:
        return None
    evidence = next((e for e in _evidence_json(failed.evidence, conversation) if e["polarity"] == "negative"), None)
    return {
        "criterion": failed.criterion.title,
        "reason": failed.reason,
        "turn_id": evidence["turn_id"] if evidence else None,
        "at_ms": evidence["start_ms"] if evidence else None,
    }


def _judge_json(judgement: Judgement) -> dict[str, Any]:
    judge: dict[str, Any] = {"kind": judgement.judge, "version": judgement.version}
    if judgement.model is not None:
        judge["model"] = judgement.model.name
        judge["prompt_hash"] = judgement.model.prompt_hash
        judge["agreement_with_rules"] = judgement.model.agreement
        judge["decided_by_rules"] = list(judgement.model.decided_by_rules)
        judge["order_seeds"] = [reading.order_seed for reading in judgement.model.readings]
        judge["disagreed"] = list(judgement.model.disagreed)
    if judgement.stood_in is not None:
        judge["stood_in"] = judgement.stood_in
    return judge


def report_json(
    subject: ReportSubject, rubric: Rubric, judgement: Judgement, scores: Scores, conversation: Conversation
) -> dict[str, Any]:
    """The whole report card, ready to be stored and shown."""
    feedback = feedback_by_turn(scores, judgement, conversation)
    return {
        "call_id": str(subject.call_id),
        "simulation_id": str(subject.simulation_id),
        "title": subject.title,
        "mode": subject.mode,
        "passed": scores.passed,
        "provisional": scores.provisional,
        "provisional_because": list(scores.provisional_because),
        "needs_human": judgement.needs_human and scores.provisional,
        "notices": _notices(scores, judgement, conversation),
        "passing_grade": subject.passing_grade,
        "overall_score": scores.overall,
        "raw_score": round(scores.raw, 2),
        "script_adherence": scores.script_adherence,
        "empathy_score": scores.empathy,
        "call_flow_score": scores.call_flow,
        "auto_fail": _auto_fail_json(scores.auto_failed, conversation),
        "summary": _summary(scores, subject.passing_grade, conversation),
        "keep": _keep(scores),
        "improve": _improve(scores),
        "judge": _judge_json(judgement),
        "rubric": {"title": rubric.title, "version": rubric.version, "hash": rubric.content_hash},
        "sections": [_section_json(section, conversation) for section in scores.sections],
        "measures": [asdict(measure) for measure in measures_of(conversation)],
        "mood": [{"at_ms": change.at_ms, "mood": change.mood} for change in conversation.moods],
        "transcript": transcript_json(conversation, feedback, subject.answered_at),
        "duration_ms": conversation.duration_ms,
        "end_reason": conversation.end_reason,
        "created_at": subject.judged_at.isoformat(),
    }
