"""Random courses, completions and due dates: the database says the same as a slow obvious model."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db import Tx
from tests.people import assign
from tests.support.progress_model import Course, Lesson, Module, Place, store
from tests.support.world import World

PEOPLE = st.integers(0, 1)
DUE = st.none() | st.sampled_from([timedelta(days=-1), timedelta(minutes=-5), timedelta(days=1)])
LESSONS = st.builds(
    Lesson,
    is_quiz=st.sampled_from([False, False, False, True]),
    is_archived=st.sampled_from([False, False, False, True]),
    by=st.dictionaries(PEOPLE, st.integers(0, 20)),
)
TIMES = ("due_at", "completed_at", "certified_at", "last_activity")


class _Undone(Exception):
    pass


def modules(*, without_archived: bool) -> st.SearchStrategy[list[Module]]:
    """Modules in their order; an archived one has archived lessons alone, as the database sees to."""
    one = st.builds(
        Module,
        order_index=st.integers(-3, 12),
        is_linked=st.booleans(),
        is_archived=st.just(False) if without_archived else st.sampled_from([False, False, False, True]),
        lessons=st.lists(LESSONS, max_size=3),
    )
    return st.lists(one, max_size=4, unique_by=lambda module: module.order_index).map(_in_order)


def _in_order(found: list[Module]) -> list[Module]:
    return sorted(found, key=lambda module: module.order_index)


COURSES = st.builds(
    Course,
    is_active=st.sampled_from([True, True, True, False]),
    modules=modules(without_archived=True) | modules(without_archived=False),
    own_due=st.dictionaries(PEOPLE, DUE, max_size=1),
    team_due=st.dictionaries(st.just("team"), DUE, max_size=1),
    certified=st.sets(PEOPLE, max_size=1),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(courses=st.lists(COURSES, max_size=3), open_enrolment=st.booleans())
async def test_the_database_agrees_with_the_model(world: World, courses: list[Course], open_enrolment: bool):
    people, mira = (world.cast.tess, world.cast.theo), world.cast.mira
    assert mira.user_id is not None
    try:
        async with world.database.acting_as_service() as tx:
            await tx.execute("update public.products set is_active = false")
            await assign(tx, trainee=world.cast.theo, manager=mira)
            now = await tx.fetchval("select now()")
            place = Place(now, [person.user_id for person in people if person.user_id], open_enrolment, courses)
            await store(tx, place, mira.user_id)
            for person in range(len(people)):
                await _one_person_agrees(tx, place, person)
            answer = await tx.fetchval("select callx.team_progress($1, null, 1000, 0)", mira.user_id)
            _the_team_agrees(answer, place)
            raise _Undone
    except _Undone:
        pass


async def _one_person_agrees(tx: Tx, place: Place, person: int) -> None:
    user_id = place.people[person]
    for course in place.courses:
        answer = _read(await tx.fetchval("select callx.user_progress($1, $2)", course.id, user_id))
        expected = place.state(person, course) | {"modules": place.modules(person, course), "user_id": str(user_id)}
        assert answer == expected
    found = [_read(one) for one in (await tx.fetchval("select callx.courses_of($1)", user_id))["courses"]]
    for one in found:
        del one["title"], one["description"]
        one["next_lesson"] = one["next_lesson"] and one["next_lesson"]["lesson_id"]
    by_id = {one["product_id"]: one for one in found}
    assert by_id == {
        str(course.id): place.state(person, course)
        | {"is_assigned": place.is_assigned(person, course), "next_lesson": place.next_lesson(person, course)}
        for course in place.visible(person)
    }
    assert [one["status"] == "Completed" for one in found] == sorted(one["status"] == "Completed" for one in found)


def _the_team_agrees(answer: dict[str, Any], place: Place) -> None:
    expected = [place.agent(person) for person in range(len(place.people))]
    agents = [_read(agent) for agent in answer["agents"]]
    assert [agent.pop("full_name") for agent in agents] == ["Tess", "Theo"]
    assert agents == expected
    words = [agent["certification_status"] for agent in expected]
    assert answer["team_stats"] == {
        "total_agents": len(expected),
        "certified": words.count("Certified"),
        "in_progress": words.count("In Progress"),
        "not_started": words.count("Not Started"),
        "overdue": sum(agent["products"]["past_due"] > 0 for agent in expected),
    }


def _read(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: datetime.fromisoformat(value) if name in TIMES and value else value for name, value in shown.items()}
