"""The progress of a team, as the database computes it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.identity import Person
from tests.people import IRIS, assign, hire
from tests.support.courses import build_course, build_modules, complete
from tests.support.world import World

YESTERDAY, TOMORROW = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))
ASSIGN = "insert into public.assignments (product_id, user_id, due_at) values ($1, $2, $3)"
CERTIFY = "insert into public.certifications (user_id, product_id, certificate_url) values ($1, $2, 'x')"


async def team(
    world: World,
    person: Person,
    *,
    of: Person | None = None,
    product_id: UUID | None = None,
    limit: int = 1_000,
    offset: int = 0,
) -> Any:
    """What get-team-progress answers to `person`."""
    ask = "select callx.team_progress($1, $2, $3, $4)"
    [row] = await world.as_person(person, ask, of and of.user_id, product_id, limit, offset)
    return row[0]


async def test_a_team_has_its_numbers_and_its_agents_by_name(world: World):
    tess, theo, mira = world.cast.tess, world.cast.theo, world.cast.mira
    await world.as_service("update public.products set is_active = false")
    async with world.database.acting_as_service() as tx:
        product_id, _, [lessons] = await build_modules(tx, [(1, False, 3)])
        zoe = Person("authenticated", UUID(int=0x20E))
        await hire(tx, "zoe", zoe)
        for trainee in (theo, zoe):
            await assign(tx, trainee=trainee, manager=mira)
        for lesson_id in lessons:
            await complete(tx, tess, lesson_id)
        await complete(tx, theo, lessons[0])
        await tx.execute(CERTIFY, tess.user_id, product_id)
        await tx.execute(ASSIGN, product_id, theo.user_id, YESTERDAY)
    answer = await team(world, mira)
    assert answer["team_stats"] == {
        "total_agents": 3,
        "certified": 1,
        "in_progress": 1,
        "not_started": 1,
        "overdue": 1,
    }
    shown = ("full_name", "certification_status", "overall_progress", "status")
    assert [tuple(agent[name] for name in shown) for agent in answer["agents"]] == [
        ("Tess", "Certified", 100, "Completed"),
        ("Theo", "In Progress", 33, "Past due"),
        ("Zoe", "Not Started", 0, "Not started"),
    ]
    tess_shown, theo_shown, zoe_shown = answer["agents"]
    assert tess_shown["user_id"] == str(tess.user_id)
    assert tess_shown["due_at"] is None
    assert datetime.fromisoformat(theo_shown["due_at"]) == YESTERDAY
    assert datetime.fromisoformat(theo_shown["last_activity"])
    assert zoe_shown["last_activity"] is None
    assert zoe_shown["products"] == {
        "total": 1,
        "certified": 0,
        "completed": 0,
        "in_progress": 0,
        "past_due": 0,
        "not_started": 1,
        "did_not_pass": 0,
    }


async def test_a_page_leaves_the_numbers_of_the_whole_team(world: World):
    async with world.database.acting_as_service() as tx:
        for number in range(5):
            agent = Person("authenticated", UUID(int=0xA0 + number))
            await hire(tx, f"agent{number}", agent)
            await assign(tx, trainee=agent, manager=world.cast.mira)
    names, total = [], 0
    for offset in (0, 4, 8):
        answer = await team(world, world.cast.mira, limit=4, offset=offset)
        names.append([agent["full_name"] for agent in answer["agents"]])
        total = answer["team_stats"]["total_agents"]
    assert names == [["Agent0", "Agent1", "Agent2", "Agent3"], ["Agent4", "Tess"], []]
    assert total == 6


async def test_nobody_but_the_manager_and_admins_sees_a_team(world: World):
    tess, mira, otto, ada = world.cast.tess, world.cast.mira, world.cast.otto, world.cast.ada
    for person, of in ((tess, None), (tess, mira), (otto, mira), (world.edna, None), (world.edna, mira)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError) as caught:
            await team(world, person, of=of)
        assert caught.value.detail == "team_not_yours"
    for person, of in ((mira, None), (mira, mira), (ada, mira)):
        answer = await team(world, person, of=of)
        assert [agent["full_name"] for agent in answer["agents"]] == ["Tess"]


async def test_an_admin_says_whose_team_unless_there_is_one_of_their_own(world: World):
    ada = world.cast.ada
    for of, code in ((None, "manager_id_needed"), (world.cast.tess, "manager_not_found"), (IRIS, "manager_not_found")):
        with pytest.raises((asyncpg.InvalidParameterValueError, asyncpg.NoDataFoundError)) as caught:
            await team(world, ada, of=of)
        assert caught.value.detail == code
    async with world.database.acting_as_service() as tx:
        await tx.execute("insert into public.user_roles (user_id, role) values ($1, 'manager')", ada.user_id)
        await assign(tx, trainee=world.cast.theo, manager=ada)
    assert [agent["full_name"] for agent in (await team(world, ada))["agents"]] == ["Theo"]


async def test_closed_accounts_belong_to_no_team(world: World):
    await world.as_service("update auth.users set deactivated_at = now() where id = $1", world.cast.tess.user_id)
    answer = await team(world, world.cast.mira)
    assert (answer["team_stats"]["total_agents"], answer["agents"]) == (0, [])


async def test_an_empty_team_has_nobody(world: World):
    await world.as_service("delete from public.manager_assignments")
    assert await team(world, world.cast.mira) == {
        "team_stats": {"total_agents": 0, "certified": 0, "in_progress": 0, "not_started": 0, "overdue": 0},
        "agents": [],
    }


async def test_a_place_without_products_has_agents(world: World):
    await world.as_service("update public.products set is_active = false")
    [agent] = (await team(world, world.cast.mira))["agents"]
    assert (agent["certification_status"], agent["overall_progress"]) == ("Not Started", 0)


async def test_what_counts_are_the_products_assigned_or_all_that_are_open(world: World):
    tess, mira = world.cast.tess, world.cast.mira
    async with world.database.acting_as_service() as tx:
        small, _, [[lesson_id]] = await build_modules(tx, [(1, False, 1)], title="Small")
        await build_modules(tx, [], title="Empty")
        await complete(tx, tess, lesson_id)
        await tx.execute(CERTIFY, tess.user_id, small)

    async def shown(**asked: Any) -> tuple[str, int, int]:
        [agent] = (await team(world, mira, **asked))["agents"]
        return agent["certification_status"], agent["overall_progress"], agent["products"]["total"]

    assert await shown() == ("In Progress", 20, 3)
    assert await shown(product_id=small) == ("Certified", 100, 1)
    assert await shown(product_id=world.course.product_id) == ("Not Started", 0, 1)
    await world.as_service("update public.site_settings set open_enrolment = false")
    assert await shown() == ("Certified", 100, 1)
    await world.as_service(ASSIGN, world.course.product_id, tess.user_id, TOMORROW)
    assert await shown() == ("Not Started", 0, 1)
    assert await shown(product_id=small) == ("Certified", 100, 1)
    await world.as_service(
        "insert into public.assignments (product_id, manager_id) values ($1, $2)", small, mira.user_id
    )
    assert await shown() == ("In Progress", 20, 2)
    await world.as_service("delete from public.assignments where user_id is not null")
    assert await shown() == ("Certified", 100, 1)


async def test_a_product_that_is_hidden_is_not_asked_about(world: World):
    async with world.database.acting_as_service() as tx:
        hidden = (await build_course(tx, title="Secret", is_active=False)).product_id
    with pytest.raises(asyncpg.NoDataFoundError) as caught:
        await team(world, world.cast.mira, product_id=hidden)
    assert caught.value.detail == "product_not_found"
    answer = await team(world, world.cast.ada, of=world.cast.mira, product_id=hidden)
    assert answer["agents"][0]["products"]["total"] == 1
