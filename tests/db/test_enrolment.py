"""Who may open which product, once an admin has closed enrolment; and who assigns to whom."""

from uuid import UUID

import pytest

from core.identity import Person
from tests.people import assign
from tests.support.courses import Course, build_course, complete
from tests.support.world import World

PRODUCTS = "select title from public.products order by title"
TO_PERSON = "insert into public.assignments (product_id, user_id) values ($1, $2)"
TO_TEAM = "insert into public.assignments (product_id, manager_id) values ($1, $2)"


@pytest.fixture
async def refunds(world: World) -> Course:
    """A second product beside "Billing"."""
    async with world.database.acting_as_service() as tx:
        return await build_course(tx, title="Refunds")


async def _close(world: World) -> None:
    changed = await world.as_person(
        world.cast.ada, "update public.site_settings set open_enrolment = false where id returning id"
    )
    assert len(changed) == 1


async def _titles(world: World, person: Person) -> list[str]:
    rows = await world.as_person(person, PRODUCTS)
    lessons = await world.as_person(person, "select distinct module_id from public.lessons")
    assert len(lessons) == len(rows)  # what hangs on a product is seen with it
    return [row["title"] for row in rows]


async def test_everything_active_is_open_to_everybody_by_default(world: World, refunds: Course):
    for person in (world.cast.tess, world.cast.mira, world.edna):
        assert await _titles(world, person) == ["Billing", "Refunds"]


async def test_closed_enrolment_leaves_what_is_assigned_to_the_person_or_the_team(world: World, refunds: Course):
    await _close(world)
    assert await _titles(world, world.cast.tess) == []
    await world.as_person(world.cast.ada, TO_PERSON, refunds.product_id, world.cast.tess.user_id)
    assert await _titles(world, world.cast.tess) == ["Refunds"]
    assert await _titles(world, world.cast.theo) == []
    await world.as_person(world.cast.mira, TO_TEAM, world.course.product_id, world.cast.mira.user_id)
    assert await _titles(world, world.cast.tess) == ["Billing", "Refunds"]
    assert await _titles(world, world.cast.theo) == []
    for person in (world.cast.mira, world.cast.otto, world.cast.ada):
        assert await _titles(world, person) == ["Billing", "Refunds"]


async def test_who_joins_a_team_later_gets_what_the_team_was_assigned(world: World):
    await _close(world)
    await world.as_person(world.cast.mira, TO_TEAM, world.course.product_id, world.cast.mira.user_id)
    assert await _titles(world, world.cast.theo) == []
    async with world.database.acting_as_service() as tx:
        await assign(tx, trainee=world.cast.theo, manager=world.cast.mira)
    assert await _titles(world, world.cast.theo) == ["Billing"]
    await world.as_service("delete from public.manager_assignments where trainee_id = $1", world.cast.theo.user_id)
    assert await _titles(world, world.cast.theo) == []


async def test_what_is_certified_or_completed_stays_open(world: World, refunds: Course):
    tess, theo = world.cast.tess, world.cast.theo
    await world.as_service(
        "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x')",
        tess.user_id,
        refunds.product_id,
    )
    await world.as_service("delete from public.lessons where lesson_type in ('quiz', 'simulation')")
    async with world.database.acting_as_service() as tx:
        for lesson_id in (world.course.text_lesson_id, world.course.video_lesson_id):
            await complete(tx, theo, lesson_id)
    await _close(world)
    assert await _titles(world, tess) == ["Refunds"]
    assert await _titles(world, theo) == ["Billing"]


async def test_an_assignment_opens_no_inactive_product(world: World):
    await world.as_service(TO_PERSON, world.course.product_id, world.cast.tess.user_id)
    await world.as_service("update public.products set is_active = false")
    for _ in range(2):
        assert await _titles(world, world.cast.tess) == []
        await _close(world)


async def test_has_access_answers_for_the_caller(world: World, refunds: Course):
    await _close(world)
    await world.as_service(TO_PERSON, refunds.product_id, world.cast.tess.user_id)
    for person, product_id, answer in (
        (world.cast.tess, refunds.product_id, True),
        (world.cast.tess, world.course.product_id, False),
        (world.cast.theo, refunds.product_id, False),
        (world.cast.mira, refunds.product_id, True),
        (world.cast.tess, UUID(int=1), False),
    ):
        assert (await world.as_person(person, "select callx.has_access($1)", product_id))[0][0] is answer


async def test_a_manager_assigns_to_own_trainees_and_own_team_only(world: World):
    mira, product_id = world.cast.mira, world.course.product_id
    [row] = await world.as_person(mira, TO_PERSON + " returning assigned_by", product_id, world.cast.tess.user_id)
    assert row["assigned_by"] == mira.user_id
    await world.as_person(mira, TO_TEAM, product_id, mira.user_id)
    for person, sql, whom in (
        (mira, TO_PERSON, world.cast.theo),
        (mira, TO_PERSON, mira),
        (mira, TO_TEAM, world.cast.otto),
        (world.edna, TO_PERSON, world.cast.tess),
        (world.edna, TO_TEAM, world.edna),
        (world.cast.tess, TO_PERSON, world.cast.tess),
    ):
        await world.refuses(person, sql, product_id, whom.user_id)
    async with world.database.acting_as_service() as tx:
        closed = await build_course(tx, title="Secret", is_active=False)
    await world.refuses(mira, TO_PERSON, closed.product_id, world.cast.tess.user_id)
    await world.as_person(world.cast.ada, TO_PERSON, closed.product_id, world.cast.tess.user_id)


async def test_a_manager_changes_own_assignments_and_not_an_admins(world: World, refunds: Course):
    mira, tess = world.cast.mira, world.cast.tess
    await world.as_person(mira, TO_PERSON, world.course.product_id, tess.user_id)
    await world.as_person(world.cast.ada, TO_PERSON, refunds.product_id, tess.user_id)
    changed = await world.as_person(mira, "update public.assignments set due_at = now() returning product_id")
    assert [row["product_id"] for row in changed] == [world.course.product_id]
    upsert = TO_PERSON + " on conflict (product_id, user_id) do update set due_at = excluded.due_at returning id"
    assert len(await world.as_person(mira, upsert, world.course.product_id, tess.user_id)) == 1
    await world.refuses(mira, upsert, refunds.product_id, tess.user_id)
    await world.refuses(
        mira, "update public.assignments set user_id = $1", world.cast.theo.user_id, saying="row-level security"
    )
    assert len(await world.as_person(tess, "select id, due_at from public.assignments")) == 2
    assert len(await world.as_person(mira, "delete from public.assignments returning id")) == 1


async def test_team_assignments_are_seen_by_the_team(world: World):
    await world.as_person(world.cast.mira, TO_TEAM, world.course.product_id, world.cast.mira.user_id)
    for person, rows in (
        (world.cast.tess, 1),
        (world.cast.mira, 1),
        (world.cast.ada, 1),
        (world.cast.theo, 0),
        (world.cast.otto, 0),
        (world.edna, 0),
    ):
        assert len(await world.as_person(person, "select id from public.assignments")) == rows


async def test_an_assignment_is_to_exactly_one_person_or_team(world: World):
    insert = "insert into public.assignments (product_id, user_id, manager_id) values ($1, $2, $3)"
    for user_id, manager_id in ((None, None), (world.cast.tess.user_id, world.cast.mira.user_id)):
        with pytest.raises(Exception, match="check constraint"):
            await world.as_person(world.cast.ada, insert, world.course.product_id, user_id, manager_id)


async def test_only_admins_change_the_settings_and_there_is_one_row(world: World):
    await world.refuses(world.cast.mira, "update public.site_settings set open_enrolment = false")
    for sql in ("insert into public.site_settings default values", "delete from public.site_settings"):
        await world.refuses(world.cast.ada, sql)
