"""Which badges what somebody has done is worth. Pure.

Badges are for doing something well, none for doing much of it. Each is earned once, at the moment that earned it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Badge = Literal[
    "first_certified", "empathy", "flawless_compliance", "right_first_time", "great_leap", "full_marks", "comeback"
]
SubjectKind = Literal["certification", "simulation_attempt", "quiz_attempt"]
EXCELLENT = "Excellent"
"""The judge's word for 90 points of empathy and more, with nobody offended."""
EMPATHIC_CALLS = 3
LEAP_POINTS = 30
FAILURES_BEFORE_COMEBACK = 2
FULL_MARKS = 100


@dataclass(frozen=True, slots=True)
class CertifiedFact:
    """Somebody was certified."""

    id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class CallFact:
    """A call that was judged, as it counts now; `compliance` has the verdicts on criteria critical for compliance."""

    id: UUID
    at: datetime
    simulation_id: UUID
    score: int
    passed: bool
    empathy: str | None
    compliance: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuizFact:
    """A quiz that was handed in."""

    id: UUID
    at: datetime
    quiz_id: UUID
    score: int


@dataclass(frozen=True, slots=True)
class History:
    """All that one person has done; provisional results are left out."""

    certified: Sequence[CertifiedFact] = ()
    calls: Sequence[CallFact] = ()
    quizzes: Sequence[QuizFact] = ()


@dataclass(frozen=True, slots=True)
class Earned:
    """A badge, and what earned it."""

    badge: Badge
    subject_kind: SubjectKind
    subject_id: UUID
    at: datetime


def badges_of(history: History) -> list[Earned]:
    """Each badge that is earned, at the first moment it was; the earliest first."""
    first: dict[Badge, Earned] = {}
    for earned in sorted(_occasions(history), key=lambda one: (one.at, one.badge, one.subject_id.int)):
        first.setdefault(earned.badge, earned)
    return list(first.values())


def _occasions(history: History) -> Iterator[Earned]:
    for certified in history.certified:
        yield Earned("first_certified", "certification", certified.id, certified.at)
    calls = sorted(history.calls, key=lambda call: (call.at, call.id.int))
    yield from (_by_call("flawless_compliance", call) for call in calls if is_flawless(call))
    empathic = [call for call in calls if call.empathy == EXCELLENT]
    if len(empathic) >= EMPATHIC_CALLS:
        yield _by_call("empathy", empathic[EMPATHIC_CALLS - 1])
    by_simulation: dict[UUID, list[CallFact]] = defaultdict(list)
    for call in calls:
        by_simulation[call.simulation_id].append(call)
    for tries in by_simulation.values():
        yield from _of_tries(tries)
    yield from _of_quizzes(history.quizzes)


def is_flawless(call: CallFact) -> bool:
    """Passed, with every criterion that is critical for compliance met, and one at least."""
    return call.passed and "met" in call.compliance and set(call.compliance) <= {"met", "not_applicable"}


def _of_tries(tries: Sequence[CallFact]) -> Iterator[Earned]:
    """Of one simulation, the first try first."""
    first = tries[0]
    if first.passed:
        yield _by_call("right_first_time", first)
    yield from (
        _by_call("great_leap", call) for call in tries if call.passed and call.score - first.score >= LEAP_POINTS
    )
    passed_at = next((place for place, call in enumerate(tries) if call.passed), 0)
    if passed_at >= FAILURES_BEFORE_COMEBACK:
        yield _by_call("comeback", tries[passed_at])


def _of_quizzes(quizzes: Iterable[QuizFact]) -> Iterator[Earned]:
    firsts: dict[UUID, QuizFact] = {}
    for quiz in sorted(quizzes, key=lambda one: (one.at, one.id.int)):
        firsts.setdefault(quiz.quiz_id, quiz)
    for quiz in firsts.values():
        if quiz.score == FULL_MARKS:
            yield Earned("full_marks", "quiz_attempt", quiz.id, quiz.at)


def _by_call(badge: Badge, call: CallFact) -> Earned:
    return Earned(badge, "simulation_attempt", call.id, call.at)
