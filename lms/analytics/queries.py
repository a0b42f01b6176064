"""Every statement about training. The database counts, decides who may ask, and says by a code why not.

All raise Forbidden `team_not_yours`, NotFound `product_not_found`, `simulation_not_found`, `quiz_not_found` or
`manager_not_found`.
"""

from datetime import datetime, timedelta
from typing import Any

from core.db import Tx
from core.refusals import database_refusals
from lms.analytics.asked import (
    AnalysisWanted,
    CourseAnalysisWanted,
    CoursesAnalysisWanted,
    QuizAnalysisWanted,
    ScoresWanted,
    SimulationsAnalysisWanted,
)

_PATIENCE = "set local statement_timeout = '50s'"
"""For ten thousand people; what others ask ends after eight."""


async def funnel(tx: Tx, wanted: CoursesAnalysisWanted) -> Any:
    """People by product and stage."""
    return await _counted(tx, "training_funnel($1, $2, $3, $4)", wanted, wanted.product_id)


async def passes(tx: Tx, wanted: CoursesAnalysisWanted) -> Any:
    """Attempts and people by quiz and simulation."""
    return await _counted(tx, "pass_counts($1, $2, $3, $4)", wanted, wanted.product_id)


async def scores(tx: Tx, wanted: ScoresWanted) -> Any:
    """Attempts by simulation, dimension and points."""
    asked = (wanted.product_id, wanted.simulation_id, wanted.attempts)
    return await _counted(tx, "score_counts($1, $2, $5, $6, $3, $4)", wanted, *asked)


async def criteria(tx: Tx, wanted: SimulationsAnalysisWanted) -> Any:
    """Verdicts by criterion."""
    asked = (wanted.product_id, wanted.simulation_id)
    return await _counted(tx, "criterion_counts($1, $2, $5, $3, $4)", wanted, *asked)


async def quiz_items(tx: Tx, wanted: QuizAnalysisWanted) -> Any:
    """Points and choices by question; `knows_key` says whether who asks may be told the right answers."""
    counted = await _counted(tx, "quiz_item_counts($1, $2, $3, $4)", wanted, wanted.quiz_id)
    return {**counted, "knows_key": await tx.fetchval("select callx.is_admin()")}


async def lesson_stops(tx: Tx, wanted: CourseAnalysisWanted, now: datetime) -> Any:
    """People by lesson."""
    asked = (wanted.product_id, timedelta(days=wanted.idle_days), now)
    return await _counted(tx, "lesson_stops($1, $2, $5, $6, $3, $4)", wanted, *asked)


async def certifying_times(tx: Tx, wanted: CoursesAnalysisWanted) -> Any:
    """Certificates by product and hours."""
    return await _counted(tx, "certifying_times($1, $2, $3, $4)", wanted, wanted.product_id)


async def costs(tx: Tx, wanted: CoursesAnalysisWanted) -> Any:
    """Costs by product and by month."""
    return await _counted(tx, "training_costs($1, $2, $3, $4)", wanted, wanted.product_id)


async def _counted(tx: Tx, function: str, wanted: AnalysisWanted, about: object, *more: object) -> Any:
    """Parameters: $1 the manager, $2 what it is about, $3 from when, $4 before when, and more."""
    with database_refusals():
        await tx.execute(_PATIENCE)
        return await tx.fetchval(
            f"select callx.{function}",
            wanted.manager_id,
            about,
            wanted.since,
            wanted.until,
            *more,
        )
