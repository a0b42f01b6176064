"""The demo content in a real database."""

from uuid import UUID

import pytest

from core.blobs import Blobs
from core.db import Database
from core.identity import Person
from lms.demo_content import demo_id, seed_demo, seed_demo_media
from lms.demo_people import DemoPeople, seed_people
from voice.scenario import Scenario

_COUNTED = ("products", "modules", "lessons", "quizzes", "quiz_questions", "quiz_answers", "simulations")


async def _hash(password: str) -> str:
    return f"hash of {password}"


@pytest.fixture
async def people(database: Database) -> DemoPeople:
    async with database.acting_as_service() as tx:
        people = await seed_people(tx, _hash, {"admin": "another"})
        await seed_demo(tx, people=people)
        return people


def _signed_in(user_id: UUID) -> Person:
    return Person("authenticated", user_id=user_id, claims={"sub": str(user_id), "role": "authenticated"})


async def _counts(database: Database) -> dict[str, int]:
    async with database.acting_as_service() as tx:
        return {table: await tx.fetchval(f"select count(*) from public.{table}") for table in _COUNTED}


async def test_seeding_twice_changes_nothing(database: Database, people: DemoPeople) -> None:
    before = await _counts(database)
    async with database.acting_as_service() as tx:
        assert await seed_people(tx, _hash) == people
        await seed_demo(tx, people=people)
    assert await _counts(database) == before
    assert before["products"] == 2
    assert before["simulations"] == 2


async def test_what_an_admin_changed_stays_changed(database: Database, people: DemoPeople) -> None:
    product_id = demo_id("product", "retention_and_refunds")
    async with database.acting_as_service() as tx:
        await tx.execute("update public.products set title = 'Ours' where id = $1", product_id)
        await tx.execute("delete from public.modules where product_id = $1", product_id)
        await seed_demo(tx, people=people)
        assert await tx.fetchval("select title from public.products where id = $1", product_id) == "Ours"
        assert await tx.fetchval("select count(*) from public.modules where product_id = $1", product_id) == 0


async def test_the_demo_people_have_their_roles_names_and_team(database: Database, people: DemoPeople) -> None:
    async with database.acting_as_service() as tx:
        rows = await tx.fetch(
            """select p.email, p.full_name, array_agg(r.role::text) as roles, u.encrypted_password as hash
               from public.profiles p join public.user_roles r on r.user_id = p.id join auth.users u on u.id = p.id
               group by 1, 2, 4 order by 1"""
        )
        team = await tx.fetch("select manager_id, trainee_id from public.manager_assignments")
    assert [(row["email"], row["roles"]) for row in rows] == [
        ("admin@callx.example", ["admin"]),
        ("manager@callx.example", ["manager"]),
        ("trainee@callx.example", ["trainee"]),
    ]
    assert all(" " in row["full_name"] for row in rows)
    assert [row["hash"] for row in rows] == ["hash of another", "hash of callx-demo", "hash of callx-demo"]
    assert [tuple(row) for row in team] == [(people.manager, people.trainee)]


async def test_the_lessons_cover_all_four_types_and_have_their_content(database: Database, people: DemoPeople) -> None:
    async with database.acting_as_service() as tx:
        types = await tx.fetch("select distinct lesson_type::text as type from public.lessons")
        empty = await tx.fetchval(
            """select count(*) from public.lessons l where case l.lesson_type
                 when 'text' then l.text_content is null
                 when 'video' then l.video_url is null or l.text_content is null
                 when 'quiz' then not exists (select from public.quizzes q join public.quiz_questions on quiz_id = q.id
                                              where q.lesson_id = l.id having count(*) >= 4)
                 else not exists (select from public.simulations s join public.simulation_scenarios c
                                  on c.simulation_id = s.id where s.lesson_id = l.id) end"""
        )
        unanswerable = await tx.fetch(
            """select q.question_text from public.quiz_questions q
               cross join lateral (
                 select count(*) as answers, count(*) filter (where a.is_correct) as right_ones
                 from public.quiz_answers a where a.question_id = q.id
               ) n
               where not case q.question_type
                 when 'multi_select' then n.right_ones > 0 and n.answers > n.right_ones
                 when 'short_text' then q.accepted_texts <> '{}'
                 when 'numeric' then q.numeric_value is not null
                 when 'ordering' then n.answers > 2
                 else n.right_ones = 1
               end"""
        )
    assert {row["type"] for row in types} == {"video", "text", "quiz", "simulation"}
    assert empty == 0
    assert unanswerable == []


async def test_the_trainee_sees_the_courses_and_the_brief(database: Database, people: DemoPeople) -> None:
    async with database.acting_as(_signed_in(people.trainee)) as tx:
        assert await tx.fetchval("select count(*) from public.products") == 2
        row = await tx.fetchrow(
            "select title, customer_name, goals, customer_card from simulation_scenarios where simulation_id = $1",
            demo_id("simulation", "charged_twice"),
        )
    assert (row["title"], row["customer_name"]) == ("Charged twice", "Dana Ortiz")
    assert len(row["goals"]) >= 3
    assert {fact["label"] for fact in row["customer_card"]["facts"]} >= {"Account number"}


async def test_the_scripts_in_the_database_are_scenarios(database: Database, people: DemoPeople) -> None:
    async with database.acting_as_service() as tx:
        rows = await tx.fetch("select script, customer_name, rubric from public.simulation_scenarios")
    for row in rows:
        assert Scenario.model_validate(row["script"]).customer.name == row["customer_name"]
        assert row["rubric"] == {}


@pytest.mark.may_block
async def test_the_demos_films_and_captions_are_there_and_stored_once(database: Database):
    blobs = Blobs.open("memory://")
    for _ in range(2):
        await seed_demo_media(database, blobs)
        async with database.acting_as_service() as tx:
            await seed_demo(tx)
    async with database.acting_as_service() as tx:
        missing = await tx.fetch(
            """select l.title from public.lessons l where l.lesson_type = 'video' and not exists (
                 select from storage.objects o where o.bucket_id = 'lesson-videos' and o.name = l.video_url)"""
        )
        captions = await tx.fetch(
            """select o.metadata from public.lesson_attachments a
                 join storage.objects o on o.bucket_id = 'lesson-attachments' and o.name = a.file_path
                where a.kind = 'captions'"""
        )
        assert await tx.fetchval("select count(*) from storage.objects") == 4
    assert missing == []
    assert [row["metadata"]["mimetype"] for row in captions] == ["text/vtt", "text/vtt"]
