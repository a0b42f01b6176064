"""get-my-recognition and get-leaderboard over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

import lms.recognition.handlers
from core.identity import Person
from tests.app.reports.conftest import Asker
from tests.app.support import course
from tests.app.support.wires import bearer, give_passwords, sign_in, wires
from tests.people import CAST, assign, hire
from tests.support import recognition

ATTEMPT = """
insert into public.simulation_attempts (user_id, simulation_id, overall_score, passed, transcript, attempted_at)
values ($1, $2, $3, false, '[]', $4)
"""
TEAM = {"tess": 10, "una": 40, "vera": 30, "wim": 20, "xavi": 5, "yves": 3}
"""Who is in mira's team, and how many points each has gained."""


def person(name: str) -> Person:
    """Tess, or somebody new."""
    return CAST.tess if name == "tess" else Person("authenticated", UUID(int=0xF000 + ord(name[0])))


@pytest.fixture
async def people(aiohttp_client: Any, database: Any, cast: Any, clock: Any) -> dict[str, Asker]:
    """All but yves signed in; each has two attempts, the better one yesterday."""
    now = clock.now()
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
        for name, gain in TEAM.items():
            if name != "tess":
                await hire(tx, name, person(name))
                await assign(tx, trainee=person(name), manager=cast.mira)
            for hours, score in ((48, 50), (24, 50 + gain)):
                at = now - timedelta(hours=hours)
                await tx.execute(ATTEMPT, person(name).user_id, course.SIMULATION, score, at)
    everybody = [*cast, *((name, person(name)) for name in ("una", "xavi"))]
    await give_passwords(database, everybody)  # type: ignore[arg-type]
    app = wires(database, clock)
    lms.recognition.handlers.add_functions(app)
    client = await aiohttp_client(app)
    return {name: Asker(client, bearer(await sign_in(client, name))) for name, _ in everybody}


@pytest.fixture
async def team(database: Any, people: dict[str, Asker]) -> dict[str, Asker]:
    """Mira's team with recognition."""
    async with database.acting_as_service() as tx:
        await recognition.turn_on(tx, CAST.mira)
    return people


async def lines(asker: Asker, **asked: object) -> list[tuple[str, int | None, int]]:
    status, answer = await asker.get("get-leaderboard", **asked)
    assert status == 200, answer
    return [(line["full_name"], line["place"], line["gain"]) for line in answer["lines"]]


async def test_without_recognition_there_is_nothing(people):
    for asker in people.values():
        status, answer = await asker.get("get-leaderboard")
        assert (status, answer["code"]) == (403, "no_recognition")
    status, mine = await people["tess"].get("get-my-recognition")
    assert (status, mine["is_on"], mine["awards"], mine["streak"]["current"]) == (200, False, [], 0)


async def test_the_board_has_the_top_third_and_those_to_catch_up_with(team):
    top = [("Una", 1, 40), ("Vera", 2, 30)]
    assert await lines(team["una"]) == top
    assert await lines(team["tess"]) == [*top, ("Wim", None, 20), ("Tess", None, 10)]
    assert await lines(team["xavi"]) == [*top, ("Wim", None, 20), ("Tess", None, 10), ("Xavi", None, 5)]
    assert await lines(team["mira"]) == top
    assert await lines(team["ada"], manager_id=CAST.mira.user_id) == top


async def test_other_teams_and_their_managers_see_no_board(team):
    for who in ("theo", "otto"):
        for asked in ({}, {"manager_id": CAST.mira.user_id}):
            status, answer = await team[who].get("get-leaderboard", **asked)
            assert (status, answer["code"]) == (403, "no_recognition")
    assert (await team["ada"].get("get-leaderboard"))[0] == 403


async def test_people_can_hide_themselves_by_rest(team):
    asker = team["una"]
    async with asker.client.post(
        "/rest/v1/personal_settings", json={"off_leaderboards": True}, headers=asker.headers
    ) as response:
        assert response.status == 201, await response.text()
    assert await lines(team["tess"]) == [("Vera", 1, 30), ("Wim", 2, 20), ("Tess", None, 10)]
    assert await lines(asker) == [("Vera", 1, 30), ("Wim", 2, 20), ("Una", None, 40)]
    assert (await asker.get("get-my-recognition"))[1]["off_leaderboards"]


async def test_attempts_outside_of_the_window_do_not_count(team, database, clock):
    async with database.acting_as_service() as tx:
        await tx.execute(ATTEMPT, CAST.tess.user_id, course.SIMULATION, 0, clock.now() - timedelta(days=10))
    assert await lines(team["tess"], days=7) == await lines(team["tess"], days=9)
    assert ("Tess", 1, 60) in await lines(team["tess"], days=20)


async def test_a_streak_is_by_the_persons_own_clock(team, database, clock):
    async with database.acting_as_service() as tx:
        await tx.execute("delete from public.simulation_attempts")
        await tx.execute(
            "insert into public.personal_settings (user_id, time_zone) values ($1, 'Pacific/Kiritimati')",
            CAST.tess.user_id,
        )
        midnight_utc = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        for at in (midnight_utc - timedelta(hours=13), midnight_utc - timedelta(hours=15)):
            await tx.execute(ATTEMPT, CAST.tess.user_id, course.SIMULATION, 1, at)
    _, mine = await team["tess"].get("get-my-recognition")
    assert (mine["time_zone"], mine["streak"]["current"], mine["streak"]["longest"]) == ("Pacific/Kiritimati", 2, 2)
    async with database.acting_as_service() as tx:
        await tx.execute("update public.personal_settings set time_zone = 'UTC'")
    _, mine = await team["tess"].get("get-my-recognition")
    assert mine["streak"]["current"] == 1


async def test_ones_own_badges_are_there_and_over_rest(team, database):
    async with database.acting_as_service() as tx:
        await recognition.award(tx, CAST.tess, "empathy")
    _, mine = await team["tess"].get("get-my-recognition")
    assert [(award["badge"], award["subject_kind"]) for award in mine["awards"]] == [("empathy", "certification")]
    asker = team["una"]
    async with asker.client.get("/rest/v1/awards", params={"select": "badge"}, headers=asker.headers) as response:
        assert await response.json() == [{"badge": "empathy"}]
