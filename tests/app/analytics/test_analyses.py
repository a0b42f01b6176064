"""The functions about training over HTTP: what they count, and whom they answer."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.app.reports.conftest import Reports, day
from tests.app.support import course
from tests.people import CAST
from tests.support.courses import complete, right_answers, submit

ASKED: dict[str, dict[str, object]] = {
    "get-training-funnel": {},
    "get-pass-rates": {},
    "get-score-distributions": {},
    "get-hardest-criteria": {},
    "get-quiz-items": {"quiz_id": course.QUIZ},
    "get-lesson-drop-off": {"product_id": course.PRODUCT},
    "get-certifying-times": {},
    "get-training-costs": {},
    "export-analytics": {"table": "training_funnel"},
}
USAGE = """
insert into public.model_usage (user_id, call_id, purpose, model, input_tokens, cached_tokens, output_tokens, cost_usd,
  created_at)
select a.user_id, a.call_id, $2, 'm', 100, 0, 10, $3, $4 from public.simulation_attempts a where a.id = $1
"""
CERTIFY = "insert into public.certifications (user_id, product_id, certificate_url, issued_at) values ($1, $2, 'x', $3)"


async def answer(training: Reports, who: str, name: str, **asked: object) -> Any:
    status, found = await training[who].get(name, **ASKED.get(name, {}) | asked)
    assert status == 200, found
    return found


async def statuses(training: Reports, name: str, **asked: object) -> dict[str, int]:
    """What each of the cast is answered; files are not read."""
    found = {}
    for who, asker in training.askers.items():
        query = {key: str(value) for key, value in (ASKED[name] | asked).items()}
        async with asker.client.get(f"/functions/v1/{name}", params=query, headers=asker.headers) as response:
            found[who] = response.status
    return found


@pytest.mark.parametrize("name", ASKED)
async def test_admins_are_answered_about_all_and_managers_about_their_team(training, name):
    assert await statuses(training, name) == {
        "tess": 403,
        "theo": 403,
        "mira": 200,
        "otto": 200,
        "ada": 200,
        "edna": 403,
    }
    of_mira = {"manager_id": CAST.mira.user_id}
    assert await statuses(training, name, **of_mira) == {
        "tess": 403,
        "theo": 403,
        "mira": 200,
        "otto": 403,
        "ada": 200,
        "edna": 403,
    }


async def test_the_funnel_counts_who_got_at_least_so_far(training):
    [product] = [
        p for p in (await answer(training, "ada", "get-training-funnel"))["products"] if p["title"] == "Billing"
    ]
    assert {stage["stage"]: stage["people"] for stage in product["stages"]} == {
        "entered": 2,
        "started": 2,
        "half_way": 1,
        "finished": 0,
        "certified": 0,
    }
    assert (product["assigned"], product["lessons"]) == (2, 4)
    await training.as_service(CERTIFY, CAST.theo.user_id, course.PRODUCT, day(9))
    for who, expected in (("ada", [2, 2, 2, 1, 1]), ("mira", [1, 1, 1, 0, 0]), ("otto", [1, 1, 1, 1, 1])):
        found = await answer(training, who, "get-training-funnel", product_id=course.PRODUCT)
        assert [stage["people"] for stage in found["products"][0]["stages"]] == expected
    assert found["products"][0]["stages"][3]["of_previous"]["per_cent"] == 100
    empty = await answer(training, "ada", "get-training-funnel", since=day(5).isoformat(), product_id=course.PRODUCT)
    assert empty["products"][0]["stages"][0]["people"] == 0


async def test_whoever_works_here_is_not_counted(training):
    async with training.database.acting_as_service() as tx:
        await complete(tx, CAST.ada, course.WELCOME)
    [product] = (await answer(training, "ada", "get-training-funnel", product_id=course.PRODUCT))["products"]
    assert product["stages"][0]["people"] == 2


async def test_pass_rates_count_people_attempts_and_firsts(training):
    [call] = (await answer(training, "ada", "get-pass-rates"))["subjects"]
    assert (call["kind"], call["title"], call["passing_grade"]) == ("simulation", "The bill", 70)
    shares = ("people_passed", "attempts_passed", "passed_at_once")
    assert [(call[key]["count"], call[key]["of"]) for key in shares] == [(2, 2), (2, 3), (1, 2)]
    assert [bar["count"] for bar in call["attempts_to_pass"]["bars"]] == [1, 1, 0, 0, 0, 0]
    assert call["attempts_to_pass"]["too_few"]


async def test_which_attempt_it_was_counts_from_the_first_also_before_that_time(training):
    [call] = (await answer(training, "mira", "get-pass-rates", since=day(3).isoformat()))["subjects"]
    assert (call["attempts_passed"]["of"], call["passed_at_once"]["of"]) == (1, 0)
    assert call["attempts_to_pass"]["median"] == 2
    [call] = (await answer(training, "mira", "get-pass-rates", until=day(3).isoformat()))["subjects"]
    assert (call["people_passed"]["count"], call["people_passed"]["of"]) == (0, 1)


async def test_points_are_spread_by_dimension(training):
    async def overall(**asked: object) -> Any:
        [found] = (await answer(training, "ada", "get-score-distributions", **asked))["simulations"]
        assert found["dimensions"][0]["key"] == "overall"
        return found

    found = await overall()
    assert (found["attempts"], found["reached_grade"]["count"]) == (3, 2)
    assert found["dimensions"][0]["points"]["median"] == 70
    assert {"script_adherence", "call_flow"} < {d["key"] for d in found["dimensions"]}
    assert any(d["key"].startswith("section:") for d in found["dimensions"])
    assert sum(found["empathy"].values()) == 3
    for which, mean in (("first", 55), ("best", 80), ("latest", 80)):
        points = (await overall(attempts=which))["dimensions"][0]["points"]
        assert (points["n"], points["mean"]) == (2, mean)


async def test_the_hardest_criterion_comes_first(training):
    criteria = (await answer(training, "ada", "get-hardest-criteria"))["criteria"]
    means = [c["mean_score"] for c in criteria if c["mean_score"] is not None]
    assert means == sorted(means)
    assert criteria[0]["met"]["count"] < criteria[0]["met"]["of"]
    assert all(c["assessed"] == c["met"]["count"] + c["partial"] + c["not_met"] for c in criteria)


async def test_a_quiz_is_taken_apart_by_first_attempts(training):
    async with training.database.acting_as_service() as tx:
        right = await right_answers(tx, course.QUIZ)
    for person, given in ((CAST.tess, []), (CAST.theo, right), (CAST.tess, right)):
        async with training.database.acting_as(person) as tx:
            await submit(tx, person, course.QUIZ, given)
    found = await answer(training, "ada", "get-quiz-items")
    [item] = found["items"]
    assert (found["people"], item["n"], item["facility"], item["too_few"], item["flags"]) == (2, 2, 0.5, True, [])
    assert (item["discrimination"], item["upper_lower"]) == (None, 1.0)
    assert [(o["text"], o["is_correct"], o["chosen"]) for o in item["options"]] == [
        ("The customer", True, 1),
        ("Nobody", False, 0),
    ]
    [of_team] = (await answer(training, "otto", "get-quiz-items"))["items"]
    assert of_team["facility"] == 1.0
    assert [o["is_correct"] for o in of_team["options"]] == [None, None], "a manager may still have to pass it"


async def test_where_people_stop_is_the_first_lesson_they_miss(training):
    found = await answer(training, "ada", "get-lesson-drop-off")
    assert (found["started"], found["finished"]["count"]) == (2, 0)
    assert [(one["title"], one["completed"]["count"], one["stopped"]["count"]) for one in found["lessons"]] == [
        ("Welcome (all)", 1, 1),
        ('Watch, and "learn"', 0, 1),
        ("The quiz", 0, 0),
        ("The call", 2, 0),
    ]


async def test_time_to_certify_is_in_days_from_both_beginnings(training):
    await training.as_service(CERTIFY, CAST.theo.user_id, course.PRODUCT, day(11))
    [product] = (await answer(training, "ada", "get-certifying-times"))["products"]
    assert (product["certified"], product["days_since_began"]["n"]) == (1, 1)
    assert product["days_since_assigned"]["median"] == 10
    assert (await answer(training, "mira", "get-certifying-times"))["products"] == []


async def test_costs_are_by_product_and_month_and_say_what_they_miss(training):
    theos, tess = training.theos, training.attempts[0]
    at = datetime(2026, 11, 4, tzinfo=UTC)
    for attempt_id, purpose, usd in ((theos, "judge", 0.25), (tess, "customer", 0.5), (tess, "judge", None)):
        await training.as_service(USAGE, attempt_id, purpose, usd, at)
    await training.as_service(CERTIFY, CAST.theo.user_id, course.PRODUCT, day(11))
    found = await answer(training, "ada", "get-training-costs")
    [billing] = found["products"]
    assert (billing["cost_usd"], billing["customer_usd"], billing["judge_usd"]) == (0.75, 0.5, 0.25)
    assert (billing["requests"], billing["requests_without_price"], billing["tokens"]) == (3, 1, 330)
    assert (billing["cost_per_attempt_usd"], billing["cost_per_certificate_usd"]) == (0.25, 0.75)
    [mine] = (await answer(training, "otto", "get-training-costs"))["products"]
    assert (mine["cost_usd"], mine["attempts"]) == (0.25, 1)
    months = {month["month"]: month["certificates"] for month in found["months"]}
    assert months["2026-11"] == 1


async def test_what_is_unknown_or_hidden_is_not_found(training):
    for who in ("ada", "mira"):
        for name, asked in (
            ("get-quiz-items", {"quiz_id": course.PRODUCT}),
            ("get-lesson-drop-off", {"product_id": course.QUIZ}),
            ("get-score-distributions", {"simulation_id": course.QUIZ}),
        ):
            assert (await training[who].get(name, **asked))[0] == 404
    hidden = {"product_id": course.CLOSED_PRODUCT}
    assert (await training["mira"].get("get-training-funnel", **hidden))[0] == 404
    assert (await training["ada"].get("get-training-funnel", **hidden))[0] == 200
