"""Writes what a plan says, in the order that the database wants it."""

from collections.abc import Callable
from uuid import UUID, uuid4

from core.db import Tx
from lms.courses.packs import queries
from lms.courses.packs.course import PackCourse, PackLesson, PackModule
from lms.courses.packs.plan import Plan, PlannedRow

NewId = Callable[..., UUID]
"""The id of something new: `new_id("lesson", product_key, module_key, lesson_key)`."""


def any_id(*_path: str) -> UUID:
    """One that nobody has."""
    return uuid4()


class CourseWriter:
    """One course, in one transaction. `as_drafts`: what is new in it is a draft, whatever the pack says."""

    def __init__(
        self, tx: Tx, course: PackCourse, *, new_id: NewId, as_drafts: bool, created_by: UUID | None = None
    ) -> None:
        self._tx = tx
        self._course = course
        self._new_id = new_id
        self._as_drafts = as_drafts
        self._created_by = created_by

    async def write(self, plan: Plan) -> UUID:
        """The id of the product."""
        tx, course = self._tx, self._course
        product_id = plan.product.id or self._new_id("product", course.key)
        if plan.product.outcome == "create":
            await queries.insert_product(tx, product_id, course, self._created_by)
        elif plan.product.outcome == "update":
            await queries.update_product(tx, product_id, course)
        module_ids = {module.key: await self._module(product_id, module, plan) for module in course.modules}
        for module in course.modules:
            ids = [await self._lesson(module_ids[module.key], module, lesson, plan) for lesson in module.lessons]
            await queries.put_in_order(tx, queries.LESSONS, module_ids[module.key], ids)
        await queries.put_in_order(tx, queries.MODULES, product_id, list(module_ids.values()))
        for row in plan.others:
            if row.outcome == "remove":
                await tx.execute(queries.REMOVE[row.kind], row.id)
        return product_id

    async def _module(self, product_id: UUID, module: PackModule, plan: Plan) -> UUID:
        row = plan.modules[module.key]
        if row.id is not None:
            if set(row.changes) - {"place"}:
                await queries.update_module(self._tx, row.id, module)
            return row.id
        module_id = self._new_id("module", self._course.key, module.key)
        place = await queries.next_place(self._tx, queries.MODULES, product_id)
        await queries.insert_module(self._tx, module_id, product_id, module, place, self._status(module.draft))
        return module_id

    async def _lesson(self, module_id: UUID, module: PackModule, lesson: PackLesson, plan: Plan) -> UUID:
        row = plan.lessons[module.key, lesson.key]
        if row.id is None:
            lesson_id = self._new_id("lesson", self._course.key, module.key, lesson.key)
            place = await queries.next_place(self._tx, queries.LESSONS, module_id)
            await queries.insert_lesson(self._tx, lesson_id, module_id, lesson, place, self._status(lesson.draft))
            await self._parts(lesson_id, module, lesson)
            return lesson_id
        if "module" in row.changes:
            await queries.move_lesson(self._tx, row.id, module_id, lesson.key)
        if set(row.changes) - {"place", "module"}:
            await queries.update_lesson(self._tx, row.id, lesson)
            await self._changed_parts(row.id, module, lesson, row)
        return row.id

    async def _changed_parts(self, lesson_id: UUID, module: PackModule, lesson: PackLesson, row: PlannedRow) -> None:
        gone = {part: part in row.changes and getattr(lesson, part) is None for part in ("quiz", "simulation")}
        await queries.remove_parts(self._tx, lesson_id, quiz=gone["quiz"], simulation=gone["simulation"])
        if {"attachments", "quiz", "simulation"} & set(row.changes):
            await self._parts(lesson_id, module, lesson)

    async def _parts(self, lesson_id: UUID, module: PackModule, lesson: PackLesson) -> None:
        await queries.put_attachments(self._tx, lesson_id, lesson.attachments)
        if lesson.quiz is not None:
            await queries.put_quiz(self._tx, lesson_id, lesson.quiz)
        if lesson.simulation is not None:
            simulation_id = self._new_id("simulation", self._course.key, module.key, lesson.key)
            await queries.put_simulation(self._tx, simulation_id, lesson_id, lesson.simulation)

    def _status(self, is_draft: bool) -> str:
        return "draft" if is_draft or self._as_drafts else "published"
