"""The functions about recognition."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from aiohttp import web

from core.app_keys import CLOCK
from core.errors import Unauthorized
from core.functions import FUNCTIONS, FunctionCall
from lms.recognition import queries
from lms.recognition.answers import (
    Leaderboard,
    LeaderboardWanted,
    MyRecognition,
    Nothing,
    leaderboard_for,
    my_recognition,
)

READERS: tuple[Literal["GET", "POST"], ...] = ("GET", "POST")
"""functions.invoke asks by POST when it is not told how."""


async def get_my_recognition(call: FunctionCall, _: Nothing) -> MyRecognition:
    """One's own badges and streak, if a team of one's has recognition."""
    async with call.acting(read_only=True) as tx:
        return my_recognition(await queries.my_recognition(tx, call.app[CLOCK].now()))


async def get_leaderboard(call: FunctionCall, wanted: LeaderboardWanted) -> Leaderboard:
    """Who of a team has improved most. Only where the team has recognition; nobody is shown as last."""
    until = call.app[CLOCK].now()
    since = until - timedelta(days=wanted.days)
    async with call.acting(read_only=True) as tx:
        found = await queries.improvements(tx, wanted.manager_id, since, until)
    return leaderboard_for(found, since, _caller(call))


def _caller(call: FunctionCall) -> UUID:
    if call.person.user_id is None:
        raise Unauthorized("Sign in first.", code="no_authorization")
    return call.person.user_id


def add_functions(app: web.Application) -> None:
    """Enters the functions."""
    functions = app[FUNCTIONS]
    functions.add("get-my-recognition", get_my_recognition, methods=READERS)
    functions.add(
        "get-leaderboard",
        get_leaderboard,
        methods=READERS,
        errors={403: "`no_recognition`: no team of the caller's, or it has no recognition."},
    )
