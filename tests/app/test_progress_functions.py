"""get-user-progress, get-my-courses and get-team-progress over HTTP."""

from typing import Any
from uuid import UUID

import pytest

import lms.progress.handlers
from tests.app.support import course
from tests.app.support.wires import bearer, give_passwords, sign_in, wires
from tests.people import CAST
from tests.support.courses import complete

SPECIFIED = {"module_id", "title", "progress", "completed_lessons", "total_lessons", "is_locked"}


class Asker:
    """Somebody who calls functions."""

    def __init__(self, client: Any, headers: dict[str, str]) -> None:
        self._client, self._headers = client, headers

    async def get(self, name: str, **query: object) -> tuple[int, Any]:
        """Status and body."""
        asked = {key: str(value) for key, value in query.items()}
        async with self._client.get(f"/functions/v1/{name}", params=asked, headers=self._headers) as response:
            return response.status, await response.json()

    async def post(self, name: str, body: Any = None) -> tuple[int, Any]:
        """Status and body."""
        given = {} if body is None else {"json": body}
        async with self._client.post(f"/functions/v1/{name}", headers=self._headers, **given) as response:
            return response.status, await response.json()


@pytest.fixture
async def client(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await course.add_course(tx)
        await complete(tx, cast.tess, course.WELCOME)
    app = wires(database, clock)
    lms.progress.handlers.add_functions(app)
    return await aiohttp_client(app)


@pytest.fixture
async def people(client) -> dict[str, Asker]:
    return {name: Asker(client, bearer(await sign_in(client, name))) for name, _ in CAST}


async def test_progress_is_answered_as_specified(people):
    status, answer = await people["tess"].get("get-user-progress", product_id=course.PRODUCT)
    assert (status, answer["overall_progress"]) == (200, 25)
    assert set(answer["modules"][0]) >= SPECIFIED
    assert answer["modules"][0] == {
        "module_id": str(course.BASICS),
        "title": "Basics",
        "order_index": 1,
        "progress": 50,
        "completed_lessons": 1,
        "total_lessons": 2,
        "is_locked": False,
        "lock_reason": None,
    }
    assert await people["tess"].post("get-user-progress", {"product_id": str(course.PRODUCT)}) == (200, answer)
    assert answer["last_activity"].endswith("Z")


async def test_who_may_ask_about_whom(people):
    allowed = {}
    for name, asker in people.items():
        asked = {"product_id": course.PRODUCT, "user_id": CAST.tess.user_id}
        allowed[name] = await asker.get("get-user-progress", **asked)
        assert (await asker.get("get-my-courses", user_id=CAST.tess.user_id))[0] == allowed[name][0]
    assert {name: status for name, (status, _) in allowed.items()} == {
        "tess": 200,
        "theo": 403,
        "mira": 200,
        "otto": 403,
        "ada": 200,
    }
    assert allowed["theo"][1] == {"error": "This person's progress is not yours to see.", "code": "progress_not_yours"}
    assert allowed["mira"] == allowed["tess"]


async def test_what_is_missing_or_not_there(people):
    tess, ada = people["tess"], people["ada"]
    status, answer = await tess.get("get-user-progress")
    assert (status, answer["details"][0]["field"]) == (400, "product_id")
    assert (await tess.post("get-user-progress"))[0] == 400
    assert (await tess.get("get-user-progress", product_id="x"))[1]["code"] == "validation_failed"
    for product_id in (course.CLOSED_PRODUCT, UUID(int=9)):
        status, answer = await tess.get("get-user-progress", product_id=product_id)
        assert (status, answer["code"]) == (404, "product_not_found")
    status, answer = await ada.get("get-user-progress", product_id=course.PRODUCT, user_id=UUID(int=9))
    assert (status, answer["code"]) == (404, "person_not_found")
    status, answer = await people["mira"].get("get-user-progress", product_id=course.PRODUCT, user_id=UUID(int=9))
    assert (status, answer["code"]) == (403, "progress_not_yours")


async def test_my_courses_are_on_one_page(people):
    status, answer = await people["tess"].post("get-my-courses")
    assert (status, answer["user_id"]) == (200, str(CAST.tess.user_id))
    [billing] = answer["courses"]
    assert (billing["title"], billing["overall_progress"], billing["status"]) == ("Billing", 25, "In progress")
    assert billing["next_lesson"]["lesson_id"] == str(course.VIDEO)


async def test_the_team_is_answered_as_specified(people):
    status, answer = await people["mira"].post("get-team-progress")
    assert status == 200
    assert answer["team_stats"] == {"total_agents": 1, "certified": 0, "in_progress": 1, "not_started": 0, "overdue": 0}
    [agent] = answer["agents"]
    assert set(agent) >= {"user_id", "full_name", "certification_status", "overall_progress", "last_activity"}
    assert (agent["full_name"], agent["certification_status"], agent["overall_progress"]) == ("Tess", "In Progress", 25)
    assert await people["ada"].get("get-team-progress", manager_id=CAST.mira.user_id) == (200, answer)


async def test_who_sees_which_team(people):
    for name, query, expected in (
        ("tess", {}, (403, "team_not_yours")),
        ("mira", {"manager_id": CAST.otto.user_id}, (403, "team_not_yours")),
        ("ada", {}, (400, "manager_id_needed")),
        ("ada", {"manager_id": CAST.tess.user_id}, (404, "manager_not_found")),
        ("mira", {"product_id": course.CLOSED_PRODUCT}, (404, "product_not_found")),
        ("mira", {"limit": 0}, (400, "validation_failed")),
        ("mira", {"limit": 1_001}, (400, "validation_failed")),
    ):
        status, answer = await people[name].get("get-team-progress", **query)
        assert (status, answer["code"]) == expected, (name, query)
    status, answer = await people["mira"].get("get-team-progress", limit=1, offset=1)
    assert (status, answer["agents"], answer["team_stats"]["total_agents"]) == (200, [], 1)


async def test_a_manager_whose_role_is_taken_away_sees_no_team_from_then_on(people, database):
    async with database.acting_as_service() as tx:
        await tx.execute("update public.user_roles set role = 'trainee' where user_id = $1", CAST.mira.user_id)
    status, answer = await people["mira"].post("get-team-progress")
    assert (status, answer["code"]) == (403, "team_not_yours")
    status, answer = await people["mira"].get("get-user-progress", product_id=course.PRODUCT, user_id=CAST.tess.user_id)
    assert (status, answer["code"]) == (403, "progress_not_yours")


async def test_nobody_is_signed_in(client):
    for name in ("get-user-progress", "get-my-courses", "get-team-progress"):
        async with client.get(f"/functions/v1/{name}", params={"product_id": str(course.PRODUCT)}) as response:
            assert (response.status, (await response.json())["code"]) == (401, "no_authorization")
