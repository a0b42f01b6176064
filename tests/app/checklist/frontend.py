"""Frontend Integration."""

from tests.app.checklist.conftest import Place
from tests.app.checklist.functions import finish, reach_the_call
from tests.app.checklist.lines import proves
from tests.support.rest_courses import GOOD_LINES, submit, talk
from tests.support.visitor import eventually


@proves("Trainee can view and complete lessons")
async def lessons(place: Place) -> None:
    """By the queries of section 8.2; what is locked cannot be completed, and progress follows."""
    course, tess = await place.course(), await place.join()
    products = await tess.rows("products?select=*&is_active=eq.true")
    assert course.product_id in {product["id"] for product in products}
    modules = await tess.rows(f"modules?select=*,lessons(*)&product_id=eq.{course.product_id}&order=order_index")
    assert [module["title"] for module in modules] == ["Basics", "Practice"]
    [text, _quiz] = sorted(modules[0]["lessons"], key=lambda lesson: lesson["order_index"])
    assert "Listen first" in text["text_content"]
    await tess.insert("lesson_completions", {"user_id": tess.user_id, "lesson_id": text["id"]})
    locked = {"user_id": tess.user_id, "lesson_id": course.call_lesson_id}
    assert (await tess.post("/rest/v1/lesson_completions", locked)).status >= 400
    progress = await tess.invoke("get-user-progress", product_id=course.product_id)
    assert progress["overall_progress"] == 33
    assert [module["is_locked"] for module in progress["modules"]] == [False, True]


@proves("Quizzes submit and score correctly")
async def quizzes(place: Place) -> None:
    """The server scores, whatever the client claims; only a passed quiz is a completed lesson."""
    course, tess = await place.course(), await place.join()
    done = f"lesson_completions?lesson_id=eq.{course.quiz_lesson_id}"
    failed = await submit(tess, course.quiz_id, right=False)
    assert (failed["score"], failed["passed"]) == (0, False)
    assert await tess.rows(done) == []
    passed = await submit(tess, course.quiz_id, right=True)
    assert (passed["score"], passed["passed"]) == (100, True)
    assert len(await tess.rows(done)) == 1
    assert [answer["is_correct"] for answer in passed["answers"]] == [True, True]


@proves("Simulations record attempts with full transcripts")
async def simulations(place: Place) -> None:
    """Everything that was said, in order, with times and feedback; written by the server alone."""
    tess = await place.join()
    course = await reach_the_call(place, tess)
    said = await talk(tess, course.simulation_id, GOOD_LINES)
    await tess.invoke("evaluate-simulation", simulation_id=course.simulation_id, transcript=said)
    [attempt] = await tess.rows(f"simulation_attempts?simulation_id=eq.{course.simulation_id}")
    kept = [(line["speaker"], line["text"]) for line in attempt["transcript"]]
    written = [(line["speaker"], line["text"]) for line in said]
    assert kept == written
    times = [line["timestamp"] for line in attempt["transcript"]]
    assert times == sorted(times)
    assert any(line.get("feedback") for line in attempt["transcript"])
    assert attempt["passed"]
    forged = {**{key: attempt[key] for key in ("simulation_id", "transcript")}, "user_id": tess.user_id}
    answer = await tess.post("/rest/v1/simulation_attempts", {**forged, "overall_score": 100, "passed": True})
    assert answer.status == 403


@proves("Managers can view team progress")
async def team_progress(place: Place) -> None:
    """Their own team, with who is certified; nobody else's, and trainees none."""
    admin, tess, mira = await place.admin(), await place.join(), await place.join("manager")
    stranger = await place.join()
    await admin.insert("manager_assignments", {"trainee_id": tess.user_id, "manager_id": mira.user_id})
    product_id = await finish(place, tess, "Harbour Team")
    await admin.insert("assignments", {"product_id": product_id, "user_id": tess.user_id})

    async def team() -> dict[str, object]:
        answer: dict[str, object] = (await mira.get("/functions/v1/get-team-progress")).data
        return answer

    seen = await eventually(team, lambda seen: seen["team_stats"]["certified"] == 1)
    assert seen["team_stats"]["total_agents"] == 1
    [agent] = seen["agents"]
    assert agent["user_id"] == tess.user_id
    assert (agent["certification_status"], agent["overall_progress"]) == ("Certified", 100)
    assert agent["last_activity"]
    for who in (tess, stranger):
        assert (await who.get("/functions/v1/get-team-progress")).status == 403
    hidden = await mira.post("/functions/v1/get-user-progress", {"product_id": product_id, "user_id": stranger.user_id})
    assert hidden.status == 403


@proves("Admins can create/edit courses")
async def courses(place: Place) -> None:
    """Made, changed, put in another order, hidden and removed; by nobody else."""
    course, admin, tess = await place.course(), await place.admin(), await place.join()
    shown = f"products?select=title&id=eq.{course.product_id}"
    await admin.change(f"products?id=eq.{course.product_id}", title="Another title", is_active=True)
    assert await tess.rows(shown) == [{"title": "Another title"}]
    await admin.change(f"lessons?id=eq.{course.text_lesson_id}", text_content="<p>Better words.</p>")
    [lesson] = await tess.rows(f"lessons?id=eq.{course.text_lesson_id}")
    assert "Better words" in lesson["text_content"]
    order = f"modules?select=title&product_id=eq.{course.product_id}&order=order_index"
    await admin.change(f"modules?id=eq.{course.basics_id}", order_index=7)
    assert [module["title"] for module in await tess.rows(order)] == ["Practice", "Basics"]
    await admin.change(f"products?id=eq.{course.product_id}", is_active=False)
    assert await tess.rows(shown) == []
    assert (await tess.ask("DELETE", f"/rest/v1/products?id=eq.{course.product_id}")).status in (204, 403)
    assert len(await admin.rows(shown)) == 1
    assert (await admin.ask("DELETE", f"/rest/v1/products?id=eq.{course.product_id}")).status == 204
    assert await admin.rows(shown) == []
