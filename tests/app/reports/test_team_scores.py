"""get-team-scores over HTTP: the heat map."""

from uuid import UUID

from tests.app.support import course
from tests.people import CAST, assign
from tests.support.courses import attempt as bare_attempt
from tests.support.courses import build_course
from tests.support.reported_calls import attempt, report_of

from tests.app.reports.conftest import Reports, day  # isort: skip


async def test_people_by_dimensions_with_latest_best_and_trend(reports: Reports):
    status, seen = await reports["mira"].post("get-team-scores")
    assert (status, seen["total_people"], seen["sections_left_out"]) == (200, 1, 0)
    [tess] = seen["people"]
    assert (tess["user_id"], tess["full_name"], tess["attempts"]) == (str(CAST.tess.user_id), "Tess", 3)
    assert tess["last_attempt_at"] == "2026-11-03T09:30:00Z"
    assert tess["scores"]["overall"] == {"latest": 80, "best": 90, "attempts": 3, "trend": 15}


async def test_the_sections_of_the_rubric_are_dimensions_too(reports: Reports):
    _, seen = await reports["mira"].post("get-team-scores")
    good = report_of("good")
    scored = [section for section in good["sections"] if section["score"] is not None]
    dimensions = seen["dimensions"]
    assert [one["key"] for one in dimensions[:4]] == ["overall", "script_adherence", "empathy", "call_flow"]
    assert [one["title"] for one in dimensions[4:]] == [section["title"] for section in scored]
    scores = seen["people"][0]["scores"]
    for section in scored:
        assert scores[f"section:{section['key']}"]["latest"] == section["score"]
    words = dimensions[2]["words"]
    assert words[scores["empathy"]["latest"]] == good["empathy_score"]
    assert dimensions[0]["words"] is None


async def test_one_attempt_has_no_trend_and_none_no_cells(reports: Reports):
    _, seen = await reports["otto"].post("get-team-scores")
    assert seen["people"][0]["scores"]["overall"] == {"latest": 70, "best": 70, "attempts": 1, "trend": None}
    _, seen = await reports["otto"].post("get-team-scores", since="2026-11-03T00:00:00Z")
    [theo] = seen["people"]
    assert (theo["attempts"], theo["last_attempt_at"], theo["scores"], seen["dimensions"]) == (0, None, {}, [])


async def test_only_some_attempts(reports: Reports):
    async with reports.database.acting_as_service() as tx:
        other = await build_course(tx, title="Other")
        await attempt(tx, CAST.tess, other.simulation_id, day(9), overall=10)
        await bare_attempt(tx, CAST.tess, other, passed=False)
    for filters, expected in (
        ({}, 5),
        ({"product_id": str(course.PRODUCT)}, 3),
        ({"product_id": str(other.product_id)}, 2),
        ({"simulation_id": str(course.SIMULATION)}, 3),
        ({"simulation_id": str(other.simulation_id), "product_id": str(course.PRODUCT)}, 0),
        ({"since": "2026-11-02T10:30:00+01:00", "product_id": str(course.PRODUCT)}, 2),
    ):
        status, seen = await reports["mira"].post("get-team-scores", **filters)
        assert (status, seen["people"][0]["attempts"]) == (200, expected), filters


async def test_a_team_comes_page_by_page(reports: Reports):
    async with reports.database.acting_as_service() as tx:
        await assign(tx, trainee=CAST.theo, manager=CAST.mira)
    _, first = await reports["mira"].get("get-team-scores", limit=1)
    _, second = await reports["mira"].get("get-team-scores", limit=1, offset=1)
    assert [person["full_name"] for person in (*first["people"], *second["people"])] == ["Tess", "Theo"]
    assert first["total_people"] == second["total_people"] == 2


async def test_people_with_closed_accounts_are_not_in_it(reports: Reports):
    await reports.as_service("update auth.users set deactivated_at = now() where id = $1", CAST.tess.user_id)
    _, seen = await reports["mira"].post("get-team-scores")
    assert (seen["total_people"], seen["people"], seen["dimensions"]) == (0, [], [])


async def test_who_sees_which_team(reports: Reports):
    assert await reports.statuses("get-team-scores") == {
        "tess": 403,
        "theo": 403,
        "mira": 200,
        "otto": 200,
        "ada": 400,
        "edna": 403,
    }
    assert await reports.statuses("get-team-scores", manager_id=CAST.mira.user_id) == {
        "tess": 403,
        "theo": 403,
        "mira": 200,
        "otto": 403,
        "ada": 200,
        "edna": 403,
    }
    _, of_mira = await reports["mira"].post("get-team-scores")
    assert await reports["ada"].post("get-team-scores", manager_id=str(CAST.mira.user_id)) == (200, of_mira)


async def test_what_is_wrong_is_said(reports: Reports):
    for query, expected in (
        ({"product_id": course.CLOSED_PRODUCT}, (404, "product_not_found")),
        ({"simulation_id": UUID(int=9)}, (404, "simulation_not_found")),
        ({"since": "2026-11-01T00:00:00"}, (400, "validation_failed")),
        ({"limit": 201}, (400, "validation_failed")),
    ):
        status, answer = await reports["mira"].get("get-team-scores", **query)
        assert (status, answer["code"]) == expected, query


async def test_a_look_at_a_team_is_noted_once(reports: Reports):
    for _ in range(2):
        await reports["mira"].post("get-team-scores", product_id=str(course.PRODUCT))
    [noted] = await reports.audited("results.viewed")
    assert noted["actor_id"] == CAST.mira.user_id
    assert noted["details"] == {
        "tables": ["evaluations", "simulation_attempts"],
        "query": f"get-team-scores?product_id={course.PRODUCT}",
        "rows": 1,
    }
