"""The functions about progress."""

from typing import Literal
from uuid import UUID

from aiohttp import web

from core.errors import Unauthorized
from core.functions import FUNCTIONS, FunctionCall
from lms.progress import queries
from lms.progress.answers import Courses, CoursesWanted, ProgressWanted, TeamProgress, TeamWanted, UserProgress

NOT_YOURS = "`progress_not_yours`: neither oneself nor somebody of one's team."
READERS: tuple[Literal["GET", "POST"], ...] = ("GET", "POST")
"""functions.invoke asks by POST when it is not told how."""
NO_SUCH_PERSON = "`person_not_found`."
NO_SUCH_PRODUCT = "`product_not_found`: unknown, or hidden from the caller."


async def get_user_progress(call: FunctionCall, wanted: ProgressWanted) -> UserProgress:
    """How far somebody is in a product.

    Answers for oneself, for managers of their team, for admins of anybody. Lessons that were archived do not count.
    """
    async with call.acting(read_only=True) as tx:
        progress = await queries.user_progress(tx, wanted.product_id, wanted.user_id or _caller(call))
    return UserProgress.model_validate(progress)


async def get_my_courses(call: FunctionCall, wanted: CoursesWanted) -> Courses:
    """All products that somebody may open, with progress, due date and where to go on.

    Answers for oneself, for managers of their team, for admins of anybody.
    """
    async with call.acting(read_only=True) as tx:
        found = await queries.courses(tx, wanted.user_id or _caller(call))
    return Courses.model_validate(found)


async def get_team_progress(call: FunctionCall, wanted: TeamWanted) -> TeamProgress:
    """How far everybody in a manager's team is.

    Managers get their own team; admins say whose. What counts for an agent are the products assigned; without any, all
    that are open to everybody. Closed accounts belong to no team.
    """
    async with call.acting(read_only=True) as tx:
        progress = await queries.team_progress(
            tx, wanted.manager_id, wanted.product_id, limit=wanted.limit, offset=wanted.offset
        )
    return TeamProgress.model_validate(progress)


def _caller(call: FunctionCall) -> UUID:
    if call.person.user_id is None:
        raise Unauthorized("Sign in first.", code="no_authorization")
    return call.person.user_id


def add_functions(app: web.Application) -> None:
    """Enters the functions."""
    functions = app[FUNCTIONS]
    functions.add(
        "get-user-progress",
        get_user_progress,
        methods=READERS,
        errors={403: NOT_YOURS, 404: f"{NO_SUCH_PRODUCT} {NO_SUCH_PERSON}"},
    )
    functions.add("get-my-courses", get_my_courses, methods=READERS, errors={403: NOT_YOURS, 404: NO_SUCH_PERSON})
    functions.add(
        "get-team-progress",
        get_team_progress,
        methods=READERS,
        errors={
            400: "`manager_id_needed`: an admin who manages nobody must say whose team.",
            403: "`team_not_yours`: no manager, or somebody else's team.",
            404: f"{NO_SUCH_PRODUCT} `manager_not_found`: nobody with the role of a manager.",
        },
    )
