"""Edge Functions."""

import io
from datetime import datetime
from typing import Any

import pypdf

from tests.app.checklist.conftest import Place
from tests.app.checklist.lines import proves
from tests.support.rest_courses import GOOD_LINES, GRADE, POOR_LINES, RestCourse, submit, talk
from tests.support.visitor import Visitor, eventually


async def reach_the_call(place: Place, who: Visitor) -> RestCourse:
    """A course of which everything but the call is done."""
    course = await place.course()
    await who.insert("lesson_completions", {"user_id": who.user_id, "lesson_id": course.text_lesson_id})
    assert (await submit(who, course.quiz_id, right=True))["passed"]
    return course


async def finish(place: Place, who: Visitor, title: str) -> str:
    """A course of one lesson, which is done; the product's id."""
    admin = await place.admin()
    [product] = await admin.insert("products", {"title": title})
    [module] = await admin.insert("modules", {"product_id": product["id"], "title": "One", "order_index": 0})
    lesson = {"module_id": module["id"], "title": "Read", "lesson_type": "text", "order_index": 0}
    [stored] = await admin.insert("lessons", {**lesson, "text_content": "<p>All of it.</p>"})
    await who.insert("lesson_completions", {"user_id": who.user_id, "lesson_id": stored["id"]})
    product_id: str = product["id"]
    return product_id


@proves("`ai-call-simulation` returns valid AI responses")
async def typed_calls(place: Place) -> None:
    """In the printed form, to what was said, with the conversation kept on the server; and not to everybody."""
    tess = await place.join()
    course = await reach_the_call(place, tess)
    first = await tess.invoke("ai-call-simulation", simulation_id=course.simulation_id, user_message=GOOD_LINES[0])
    entry = first["transcript_entry"]
    assert first["ai_response"] == entry["text"]
    assert entry["speaker"] == "ai"
    assert datetime.fromisoformat(entry["timestamp"]).tzinfo is not None
    asked = await tess.invoke("ai-call-simulation", simulation_id=course.simulation_id, user_message=GOOD_LINES[1])
    assert asked["call_id"] == first["call_id"]
    assert "four four one seven" in asked["ai_response"], "Dana gives the account number that she was asked for"
    locked = await place.join()
    body = {"simulation_id": course.simulation_id, "user_message": "Hello?"}
    assert (await locked.post("/functions/v1/ai-call-simulation", body)).status == 404


@proves("`evaluate-simulation` generates accurate scores and feedback")
async def evaluations(place: Place) -> None:
    """A good call is far better than a poor one, says why, and a transcript that was made up counts for nothing."""
    tess, theo, mallory = await place.join(), await place.join(), await place.join()
    reports = []
    for who, lines in ((tess, GOOD_LINES), (theo, POOR_LINES)):
        course = await reach_the_call(place, who)
        transcript = await talk(who, course.simulation_id, lines)
        reports.append(
            await who.invoke("evaluate-simulation", simulation_id=course.simulation_id, transcript=transcript)
        )
    good, poor = reports
    for report in reports:
        assert 0 <= report["overall_score"] <= 100
        assert report["empathy_score"] in ("Excellent", "Good", "Needs Improvement", None)
        assert report["verified"]
    assert good["passed"]
    assert not poor["passed"]
    assert good["overall_score"] >= GRADE > poor["overall_score"] + 20
    assert good["script_adherence"] > poor["script_adherence"]
    told = [line["feedback"] for line in poor["transcript_with_feedback"] if line.get("feedback")]
    assert any(feedback["rating"] == "poor" and feedback["comment"] for feedback in told)

    course = await reach_the_call(place, mallory)
    made_up = [{"speaker": "user", "text": line, "timestamp": "2026-11-24T09:00:00Z"} for line in GOOD_LINES]
    report = await mallory.invoke("evaluate-simulation", simulation_id=course.simulation_id, transcript=made_up)
    assert not report["verified"]
    assert await mallory.rows(f"simulation_attempts?simulation_id=eq.{course.simulation_id}") == []


@proves("`generate-certificate` creates valid PDFs")
async def certificates(place: Place) -> None:
    """A PDF that can be read, with name and product, once for all who ask, and only when everything is done."""
    tess = await place.join(name="Zoë Łukasz-Nguyễn")
    course = await place.course()
    early = await tess.post("/functions/v1/generate-certificate", {"product_id": course.product_id})
    assert (early.status, early.data["code"]) == (409, "not_completed")
    product_id = await finish(place, tess, "Harbour Basics")
    certificate = await tess.invoke("generate-certificate", product_id=product_id)
    assert certificate["path"] == f"{tess.user_id}/{product_id}.pdf"
    found = await (await place.nobody()).get(certificate["certificate_url"])
    assert (found.status, found.headers["Content-Type"], found.body[:5]) == (200, "application/pdf", b"%PDF-")
    text = " ".join(pypdf.PdfReader(io.BytesIO(found.body)).pages[0].extract_text().split())
    assert "Zoë Łukasz-Nguyễn" in text
    assert "Harbour Basics" in text
    again = await tess.invoke("generate-certificate", product_id=product_id)
    assert again["certification_id"] == certificate["certification_id"]
    stored = await tess.rows(f"certifications?product_id=eq.{product_id}&select=certificate_url")
    assert stored == [{"certificate_url": certificate["path"]}]
    page = await (await place.nobody()).get(f"/verify/{certificate['code']}", Accept="application/json")
    assert page.data["state"] == "valid"


@proves("`send-notification-email` delivers emails")
async def letters(place: Place) -> None:
    """The congratulation is delivered, once; an address that is nobody's business gets nothing."""
    tess, admin = await place.join(), await place.admin()
    product_id = await finish(place, tess, "Harbour Letters")
    await tess.invoke("generate-certificate", product_id=product_id)
    email = (await tess.rows(f"profiles?id=eq.{tess.user_id}"))[0]["email"]
    body: dict[str, Any] = {"template": "certification_complete", "data": {"user_name": "Mallory"}}
    body["data"]["product_title"] = "Harbour Letters"
    sent = await admin.invoke("send-notification-email", to_email=email, **body)
    assert sent["success"] is True

    async def congratulations() -> list[str]:
        return [letter for letter in place.letters_to(email) if "Harbour Letters" in letter]

    [letter] = await eventually(congratulations)
    assert "Mallory" not in letter, "names come from the database"
    again = await tess.invoke("send-notification-email", to_email=email, **body)
    assert again == sent
    assert len(await congratulations()) == 1
    foreign = await tess.post("/functions/v1/send-notification-email", {"to_email": "victim@elsewhere.example", **body})
    assert (foreign.status, foreign.data["code"]) == (403, "recipient_not_allowed")
