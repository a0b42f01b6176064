"""A course that an admin builds over `/rest/v1`, as a front end does, and what a trainee does in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.app.evaluate_simulation.messages import CHARGED_TWICE
from tests.support.scenarios import DOUBLE_CHARGE
from tests.support.visitor import Visitor

GRADE = 60
QUESTIONS = (
    ("What comes first?", "multiple_choice", ("The greeting", True), ("The account number", False)),
    ("One sincere apology is enough.", "true_false", ("True", True), ("False", False)),
)
GOOD_LINES = CHARGED_TWICE
POOR_LINES = ("Hello.", "What's your account number?", "Calm down, you are being stupid.")


@dataclass(frozen=True)
class RestCourse:
    """The ids of a product and of all that is in it."""

    product_id: str
    title: str
    basics_id: str
    practice_id: str
    text_lesson_id: str
    quiz_lesson_id: str
    call_lesson_id: str
    quiz_id: str
    simulation_id: str


async def build(admin: Visitor, title: str) -> RestCourse:
    """Two modules, the second of which opens after the first: a text and a quiz, then a call."""
    [product] = await admin.insert("products", {"title": title, "description": "Built over REST."})
    basics, practice = await admin.insert(
        "modules",
        {"product_id": product["id"], "title": "Basics", "order_index": 0, "is_prerequisite": False},
        {"product_id": product["id"], "title": "Practice", "order_index": 1, "is_prerequisite": True},
    )
    text, quiz, call = await admin.insert(
        "lessons",
        _lesson(basics, "Read", "text", 0, "<p>Listen first.</p>"),
        _lesson(basics, "Answer", "quiz", 1),
        _lesson(practice, "Talk", "simulation", 0),
    )
    return RestCourse(
        product_id=product["id"],
        title=title,
        basics_id=basics["id"],
        practice_id=practice["id"],
        text_lesson_id=text["id"],
        quiz_lesson_id=quiz["id"],
        call_lesson_id=call["id"],
        quiz_id=await _build_quiz(admin, quiz["id"]),
        simulation_id=await _build_simulation(admin, call["id"]),
    )


async def submit(trainee: Visitor, quiz_id: str, *, right: bool) -> dict[str, Any]:
    """Hands a quiz in, with score and pass of the client's own imagination; the attempt as it was graded."""
    answers = []
    for question in await trainee.rows(f"quiz_questions?select=id,quiz_answers(id,answer_text)&quiz_id=eq.{quiz_id}"):
        wanted = {text for _, _, *options in QUESTIONS for text, is_right in options if is_right == right}
        chosen = next(option for option in question["quiz_answers"] if option["answer_text"] in wanted)
        answers.append({"question_id": question["id"], "selected_answer_id": chosen["id"]})
    sent = {"quiz_id": quiz_id, "score": 100 - 100 * right, "passed": not right, "answers": answers}
    [attempt] = await trainee.insert("quiz_attempts", {**sent, "user_id": trainee.user_id})
    return attempt


async def talk(trainee: Visitor, simulation_id: str, lines: Sequence[str]) -> list[dict[str, Any]]:
    """Writes to the customer until they hang up; the transcript as a front end keeps it."""
    transcript: list[dict[str, Any]] = []
    for number, line in enumerate(lines):
        begins = {"new_call": True} if number == 0 else {}
        answer = await trainee.invoke("ai-call-simulation", simulation_id=simulation_id, user_message=line, **begins)
        entry = answer["transcript_entry"]
        transcript += [{"speaker": "user", "text": line, "timestamp": entry["timestamp"]}, entry]
        if answer["state"] == "ended":
            break
    return transcript


def _lesson(module: dict[str, Any], title: str, kind: str, place: int, text: str | None = None) -> dict[str, Any]:
    lesson = {"module_id": module["id"], "title": title, "lesson_type": kind, "order_index": place}
    return {**lesson, "text_content": text}


async def _build_quiz(admin: Visitor, lesson_id: str) -> str:
    [quiz] = await admin.insert("quizzes", {"lesson_id": lesson_id, "passing_grade": 80})
    for place, (text, kind, *options) in enumerate(QUESTIONS):
        question = {"quiz_id": quiz["id"], "question_text": text, "question_type": kind, "order_index": place}
        [stored] = await admin.insert("quiz_questions", question)
        rows = [
            {"question_id": stored["id"], "answer_text": answer, "is_correct": is_right, "order_index": number}
            for number, (answer, is_right) in enumerate(options)
        ]
        await admin.insert("quiz_answers", *rows)
    quiz_id: str = quiz["id"]
    return quiz_id


async def _build_simulation(admin: Visitor, lesson_id: str) -> str:
    simulation = {
        "lesson_id": lesson_id,
        "scenario_description": "Dana was charged twice.",
        "ai_system_prompt": "You are Dana Ortiz, who was charged twice.",
        "passing_grade": GRADE,
    }
    [stored] = await admin.insert("simulations", simulation)
    script = DOUBLE_CHARGE.model_dump(mode="json")
    scenario = {"simulation_id": stored["id"], "title": "Charged twice", "customer_name": "Dana", "script": script}
    await admin.insert("simulation_scenarios", scenario)
    simulation_id: str = stored["id"]
    return simulation_id
