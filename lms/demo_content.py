"""Puts the demo content into the database.

Every row has an id derived from its place in the files, so that seeding twice changes nothing. A product that exists
is left as it is: an admin may have worked on it.
"""

import asyncio
from uuid import UUID, uuid5

from core.db import Tx
from lms import queries
from lms.demo_files import DemoFiles, DemoLesson, DemoModule, DemoProduct, DemoQuiz, DemoSimulation, read_demo_files
from lms.demo_people import DemoPeople

_NAMESPACE = UUID("6d1f3c52-9a0e-5b7c-8f64-ca11ca11ca11")


def demo_id(*path: str) -> UUID:
    """The id of a row of the demo content, for example `demo_id("simulation", "charged_twice")`."""
    return uuid5(_NAMESPACE, "/".join(path))


async def seed_demo(tx: Tx, *, people: DemoPeople | None = None) -> None:
    """Puts in the products that are missing, made by the demo admin if there is one; `tx` is the service's."""
    files = await asyncio.to_thread(read_demo_files)
    for product in files.products:
        await _seed_product(tx, product, files, created_by=people.admin if people else None)


async def _seed_product(tx: Tx, product: DemoProduct, files: DemoFiles, *, created_by: UUID | None) -> None:
    product_id = demo_id("product", product.key)
    if not await queries.insert_product(tx, product_id, product.title, product.description, created_by):
        return
    for place, module in enumerate(product.modules):
        await _seed_module(tx, product, module, place, files)


async def _seed_module(tx: Tx, product: DemoProduct, module: DemoModule, place: int, files: DemoFiles) -> None:
    module_id = demo_id("module", product.key, module.key)
    await queries.insert_module(
        tx,
        module_id,
        demo_id("product", product.key),
        module.title,
        module.description,
        place,
        prerequisite=module.prerequisite,
    )
    for lesson_place, lesson in enumerate(module.lessons):
        lesson_id = demo_id("lesson", product.key, module.key, lesson.key)
        await _seed_lesson(tx, lesson, lesson_id, module_id, lesson_place, files)


async def _seed_lesson(
    tx: Tx, lesson: DemoLesson, lesson_id: UUID, module_id: UUID, place: int, files: DemoFiles
) -> None:
    await queries.insert_lesson(
        tx, lesson_id, module_id, lesson.title, lesson.type, place, video_path=lesson.video, text_html=lesson.text
    )
    if lesson.quiz is not None:
        await _seed_quiz(tx, lesson.quiz, lesson_id)
    if lesson.simulation is not None:
        await _seed_simulation(tx, files.simulations[lesson.simulation], lesson_id)


async def _seed_quiz(tx: Tx, quiz: DemoQuiz, lesson_id: UUID) -> None:
    quiz_id = uuid5(lesson_id, "quiz")
    await queries.insert_quiz(tx, quiz_id, lesson_id, quiz.passing_grade)
    for place, question in enumerate(quiz.questions):
        question_id = uuid5(quiz_id, str(place))
        answers = [
            (uuid5(question_id, str(number)), answer.text, answer.correct)
            for number, answer in enumerate(question.answers)
        ]
        await queries.insert_question(tx, question_id, quiz_id, question.text, question.type, place, answers)


async def _seed_simulation(tx: Tx, simulation: DemoSimulation, lesson_id: UUID) -> None:
    simulation_id = demo_id("simulation", simulation.key)
    await queries.insert_simulation(
        tx,
        simulation_id,
        lesson_id,
        simulation.scenario_description,
        simulation.ai_system_prompt,
        simulation.passing_grade,
    )
    await queries.insert_scenario(
        tx,
        simulation_id,
        simulation.title,
        simulation.script.customer.name,
        simulation.customer_card,
        simulation.goals,
        simulation.script.model_dump(mode="json"),
        simulation.rubric,
    )
