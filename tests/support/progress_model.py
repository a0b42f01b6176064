"""Progress once more: slow, obvious, and in Python. Random courses, what two trainees did in them, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from core.db import Tx

Due = timedelta | None
"""From now on; None is assigned without a date."""


@dataclass
class Lesson:
    """`done` and `failed` say how many minutes ago somebody completed it, or used up all attempts."""

    is_quiz: bool
    is_archived: bool
    by: dict[int, int]
    id: UUID = field(default_factory=uuid4)

    def done(self, person: int) -> bool:
        return not self.is_quiz and person in self.by


@dataclass
class Module:
    order_index: int
    is_linked: bool
    is_archived: bool
    lessons: list[Lesson]
    id: UUID = field(default_factory=uuid4)

    @property
    def counted(self) -> list[Lesson]:
        return [lesson for lesson in self.lessons if not lesson.is_archived]

    def completed(self, person: int) -> int:
        return sum(lesson.done(person) for lesson in self.counted)


@dataclass
class Course:
    is_active: bool
    modules: list[Module]
    own_due: dict[int, Due]
    team_due: dict[str, Due]
    """`team` when the team is assigned."""
    certified: set[int]
    id: UUID = field(default_factory=uuid4)

    @property
    def shown(self) -> list[Module]:
        return [module for module in self.modules if not module.is_archived]


@dataclass
class Place:
    """Everything, at `now`; the people are the trainees of one manager, by their number."""

    now: datetime
    people: Sequence[UUID]
    open_enrolment: bool
    courses: list[Course]

    def state(self, person: int, course: Course) -> dict[str, Any]:
        """What is said of a person in a course."""
        lessons = [lesson for module in course.shown for lesson in module.counted]
        done = [lesson for lesson in lessons if lesson.done(person)]
        is_complete = bool(lessons) and len(done) == len(lessons)
        certified_at = self.now if person in course.certified else None
        completed_at = self._latest([lesson.by[person] for lesson in done]) if is_complete else certified_at
        activity = self._latest(
            [lesson.by[person] for module in course.modules for lesson in module.lessons if person in lesson.by]
        )
        due_at = self.due_at(person, course)
        if completed_at:
            status = "Completed"
        elif any(lesson.is_quiz and person in lesson.by for lesson in lessons):
            status = "Did not pass"
        elif due_at and due_at < self.now:
            status = "Past due"
        else:
            status = "In progress" if activity else "Not started"
        return {
            "product_id": str(course.id),
            "overall_progress": percent(len(done), len(lessons)),
            "completed_lessons": len(done),
            "total_lessons": len(lessons),
            "status": status,
            "due_at": due_at,
            "completed_at": completed_at,
            "is_late": bool(completed_at and due_at and completed_at > due_at),
            "certified_at": certified_at,
            "last_activity": activity,
        }

    def due_at(self, person: int, course: Course) -> datetime | None:
        due = course.own_due[person] if person in course.own_due else course.team_due.get("team")
        return None if due is None else self.now + due

    def is_assigned(self, person: int, course: Course) -> bool:
        return person in course.own_due or "team" in course.team_due

    def modules(self, person: int, course: Course) -> list[dict[str, Any]]:
        """The modules of a course with their locks: a walk back along the chain, unless the person is certified."""
        found, shown = [], course.shown
        for place, module in enumerate(shown):
            first, before = None, place
            while shown[before].is_linked and before > 0 and person not in course.certified:
                before -= 1
                if shown[before].completed(person) < len(shown[before].counted):
                    first = shown[before]
            found.append(
                {
                    "module_id": str(module.id),
                    "title": f"M{module.order_index}",
                    "order_index": module.order_index,
                    "progress": percent(module.completed(person), len(module.counted)),
                    "completed_lessons": module.completed(person),
                    "total_lessons": len(module.counted),
                    "is_locked": first is not None,
                    "lock_reason": first
                    and {"kind": "prerequisite", "module_id": str(first.id), "title": f"M{first.order_index}"},
                }
            )
        return found

    def next_lesson(self, person: int, course: Course) -> str | None:
        locks = [module["is_locked"] for module in self.modules(person, course)]
        for module, is_locked in zip(course.shown, locks, strict=True):
            for lesson in module.counted:
                if not is_locked and not lesson.done(person):
                    return str(lesson.id)
        return None

    def visible(self, person: int) -> list[Course]:
        """What a trainee may open."""
        return [
            course
            for course in self.courses
            if course.is_active
            and (
                self.open_enrolment
                or self.is_assigned(person, course)
                or person in course.certified
                or self._has_everything(person, course)
            )
        ]

    def agent(self, person: int) -> dict[str, Any]:
        """What a manager is told of a trainee."""
        active = [course for course in self.courses if course.is_active]
        counting = [course for course in active if self.is_assigned(person, course)]
        if not counting:
            counting = [course for course in active if self.open_enrolment or person in course.certified]
        states = [self.state(person, course) for course in counting]
        statuses = [state["status"] for state in states]
        to_certify = [state for state in states if state["total_lessons"] or state["certified_at"]]
        begun = any(state["last_activity"] or state["certified_at"] for state in states)
        if to_certify and all(state["certified_at"] for state in to_certify):
            certification = "Certified"
        else:
            certification = "In Progress" if begun else "Not Started"
        if "Did not pass" in statuses:
            status = "Did not pass"
        elif "Past due" in statuses:
            status = "Past due"
        elif statuses and set(statuses) == {"Completed"}:
            status = "Completed"
        else:
            status = "In progress" if begun or "Completed" in statuses else "Not started"
        return {
            "user_id": str(self.people[person]),
            "certification_status": certification,
            "overall_progress": percent(
                sum(state["completed_lessons"] for state in states), sum(state["total_lessons"] for state in states)
            ),
            "last_activity": max(
                (at for course in active if (at := self.state(person, course)["last_activity"])), default=None
            ),
            "status": status,
            "due_at": min(
                (state["due_at"] for state in states if state["due_at"] and state["status"] != "Completed"),
                default=None,
            ),
            "products": {
                "total": len(states),
                "certified": sum(state["certified_at"] is not None for state in states),
                "completed": statuses.count("Completed"),
                "in_progress": statuses.count("In progress"),
                "past_due": statuses.count("Past due"),
                "not_started": statuses.count("Not started"),
                "did_not_pass": statuses.count("Did not pass"),
            },
        }

    def _has_everything(self, person: int, course: Course) -> bool:
        lessons = [lesson for module in course.shown for lesson in module.counted]
        return bool(lessons) and all(lesson.done(person) for lesson in lessons)

    def _latest(self, minutes_ago: Sequence[int]) -> datetime | None:
        return self.now - timedelta(minutes=min(minutes_ago)) if minutes_ago else None


def percent(completed: int, total: int) -> int:
    """Rounded down."""
    return completed * 100 // total if total else 0


async def store(tx: Tx, place: Place, manager_id: UUID) -> None:
    """Writes the whole place; `tx` acts as the service, and `place.now` is its time."""
    await tx.execute("update public.site_settings set open_enrolment = $1", place.open_enrolment)
    for number, course in enumerate(place.courses):
        await tx.execute(
            "insert into public.products (id, title, is_active) values ($1, $2, $3)",
            course.id, f"Course {number}", course.is_active,
        )  # fmt: skip
        for module in course.modules:
            await _store_module(tx, place, course, module)
        for person in course.certified:
            await tx.execute(
                "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x')",
                place.people[person], course.id,
            )  # fmt: skip
        assigned: list[tuple[UUID | None, UUID | None, Due]] = [
            *((place.people[person], None, due) for person, due in course.own_due.items()),
            *((None, manager_id, due) for due in course.team_due.values()),
        ]
        for user_id, team_of, due in assigned:
            await tx.execute(
                "insert into public.assignments (product_id, user_id, manager_id, due_at) values ($1, $2, $3, $4)",
                course.id, user_id, team_of, None if due is None else place.now + due,
            )  # fmt: skip


async def _store_module(tx: Tx, place: Place, course: Course, module: Module) -> None:
    archived_at = place.now if module.is_archived else None
    await tx.execute(
        """insert into public.modules (id, product_id, title, order_index, is_prerequisite, archived_at)
           values ($1, $2, $3, $4, $5, $6)""",
        module.id, course.id, f"M{module.order_index}", module.order_index, module.is_linked, archived_at,
    )  # fmt: skip
    for order_index, lesson in enumerate(module.lessons):
        await tx.execute(
            """insert into public.lessons (id, module_id, title, lesson_type, order_index, archived_at)
               values ($1, $2, 'L', $3, $4, $5)""",
            lesson.id, module.id, "quiz" if lesson.is_quiz else "text", order_index,
            place.now if lesson.is_archived else None,
        )  # fmt: skip
        for person, minutes_ago in lesson.by.items():
            at = place.now - timedelta(minutes=minutes_ago)
            if lesson.is_quiz:
                await _fail(tx, lesson.id, place.people[person], at)
            else:
                await tx.execute(
                    "insert into public.lesson_completions (user_id, lesson_id, completed_at) values ($1, $2, $3)",
                    place.people[person], lesson.id, at,
                )  # fmt: skip


async def _fail(tx: Tx, lesson_id: UUID, user_id: UUID, at: datetime) -> None:
    quiz_id = await tx.fetchval(
        """insert into public.quizzes (lesson_id, passing_grade, max_attempts) values ($1, 80, 1)
           on conflict (lesson_id) do update set max_attempts = 1 returning id""",
        lesson_id,
    )
    await tx.execute(
        """insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers, attempted_at)
           values ($1, $2, 0, false, '[]', $3)""",
        user_id, quiz_id, at,
    )  # fmt: skip
