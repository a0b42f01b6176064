"""What a pack would change in the course of the same key, row by row. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from lms.courses.packs.course import PackCourse, PackLesson, PackModule

Outcome = Literal["create", "update", "unchanged", "keep", "remove"]
Kind = Literal["product", "module", "lesson"]
LessonKey = tuple[str, str]
"""The keys of a module and of a lesson in it."""


@dataclass(frozen=True, slots=True)
class KnownCourse:
    """A course that is there: what a pack of it would say, and the ids."""

    id: UUID
    is_published: bool
    course: PackCourse
    module_ids: Mapping[str, UUID]
    lesson_ids: Mapping[LessonKey, UUID]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What happens to a product, module or lesson. `keep`: it is not in the pack, and stays as it is."""

    kind: Kind
    key: str
    title: str
    outcome: Outcome
    changes: tuple[str, ...] = ()
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The course, its modules and lessons in the order of the pack, and what is not in the pack."""

    product: PlannedRow
    modules: Mapping[str, PlannedRow]
    lessons: Mapping[LessonKey, PlannedRow]
    others: Sequence[PlannedRow] = field(default=())

    def rows(self) -> list[PlannedRow]:
        """All of them."""
        return [self.product, *self.modules.values(), *self.lessons.values(), *self.others]


def plan(course: PackCourse, known: KnownCourse | None, *, remove_missing: bool) -> Plan:
    """Decides about everything. Lessons are found by their key, first in their module, then anywhere in the course."""
    if known is None:
        return Plan(
            PlannedRow("product", course.key, course.title, "create"),
            {module.key: PlannedRow("module", module.key, module.title, "create") for module in course.modules},
            {place: PlannedRow("lesson", lesson.key, lesson.title, "create") for place, lesson in _lessons(course)},
        )
    modules = {module.key: _module_row(module, course, known) for module in course.modules}
    origins = _origins(course, known)
    lessons = {place: _lesson_row(place, lesson, origins, course, known) for place, lesson in _lessons(course)}
    changes = _differences(course, known.course, ("title", "description", "certificate"))
    product = PlannedRow(
        "product", course.key, course.title, "update" if changes else "unchanged", tuple(changes), known.id
    )
    others = _not_in_the_pack(course, known, set(origins.values()), "remove" if remove_missing else "keep")
    return Plan(product, modules, lessons, others)


def _lessons(course: PackCourse) -> list[tuple[LessonKey, PackLesson]]:
    return [((module.key, lesson.key), lesson) for module in course.modules for lesson in module.lessons]


def _origins(course: PackCourse, known: KnownCourse) -> dict[LessonKey, LessonKey]:
    """From the places of the pack's lessons to where they are now."""
    wanted = [place for place, _ in _lessons(course)]
    origins = {place: place for place in wanted if place in known.lesson_ids}
    free = {place[1]: place for place in reversed(list(known.lesson_ids)) if place not in origins}
    for place in wanted:
        if place not in origins and (origin := free.pop(place[1], None)) is not None:
            origins[place] = origin
    return origins


def _module_row(module: PackModule, course: PackCourse, known: KnownCourse) -> PlannedRow:
    before = {each.key: each for each in known.course.modules}.get(module.key)
    if before is None:
        return PlannedRow("module", module.key, module.title, "create")
    changes = _differences(module, before, ("title", "description", "prerequisite"))
    now = [each.key for each in course.modules if each.key in known.module_ids]
    then = [each.key for each in known.course.modules if each.key in now]
    if now.index(module.key) != then.index(module.key):
        changes.append("place")
    outcome: Outcome = "update" if changes else "unchanged"
    return PlannedRow("module", module.key, module.title, outcome, tuple(changes), known.module_ids[module.key])


def _lesson_row(
    place: LessonKey,
    lesson: PackLesson,
    origins: Mapping[LessonKey, LessonKey],
    course: PackCourse,
    known: KnownCourse,
) -> PlannedRow:
    origin = origins.get(place)
    if origin is None:
        return PlannedRow("lesson", lesson.key, lesson.title, "create")
    before = dict(_lessons(known.course))[origin]
    parts = ("title", "type", "must_watch", "video", "text", "attachments", "quiz", "simulation")
    changes = _differences(lesson, before, parts)
    if origin[0] != place[0]:
        changes.append("module")
    else:
        now = [each for each, _ in _lessons(course) if each[0] == place[0] and origins.get(each) == each]
        then = [each for each, _ in _lessons(known.course) if each in now]
        if now.index(place) != then.index(place):
            changes.append("place")
    outcome: Outcome = "update" if changes else "unchanged"
    return PlannedRow("lesson", lesson.key, lesson.title, outcome, tuple(changes), known.lesson_ids[origin])


def _not_in_the_pack(
    course: PackCourse, known: KnownCourse, taken: set[LessonKey], outcome: Literal["keep", "remove"]
) -> list[PlannedRow]:
    keys = {module.key for module in course.modules}
    others: list[PlannedRow] = [
        PlannedRow("lesson", lesson.key, lesson.title, outcome, id=known.lesson_ids[place])
        for place, lesson in _lessons(known.course)
        if place not in taken
    ]
    others += [
        PlannedRow("module", module.key, module.title, outcome, id=known.module_ids[module.key])
        for module in known.course.modules
        if module.key not in keys
    ]
    return others


def _differences(now: BaseModel, before: BaseModel, names: Sequence[str]) -> list[str]:
    return [name for name in names if getattr(now, name) != getattr(before, name)]
