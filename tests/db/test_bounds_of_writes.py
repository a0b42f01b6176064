"""What one person may write has bounds, and content has the shape that whoever plays or judges it relies on."""

import json
from typing import Any

import asyncpg
import pytest

from core.db import Database
from core.identity import Person
from tests.people import Cast
from tests.support.courses import Course, build_course

ATTEMPTS = """
    insert into public.quiz_attempts (user_id, quiz_id, score, passed, answers)
    select $1, $2, 0, false, '[]' from generate_series(1, $3)
"""

SHAPES: dict[str, Any] = {"script": {}, "rubric": {}, "customer_card": {}, "goals": []}
SCENARIO = """
    insert into public.simulation_scenarios (simulation_id, title, customer_name, script, rubric, customer_card, goals)
    select $1, 'T', 'C', script, rubric, customer_card, goals
    from json_to_record(($2::text)::json) as s (script jsonb, rubric jsonb, customer_card jsonb, goals jsonb)
"""


@pytest.fixture
async def course(database: Database, cast: Cast) -> Course:
    async with database.acting_as_service() as tx:
        return await build_course(tx)


async def attempts_of(database: Database, person: Person) -> int:
    async with database.acting_as(person) as tx:
        count: int = await tx.fetchval("select count(*) from public.quiz_attempts")
    return count


async def test_nobody_fills_the_disk_with_attempts(database: Database, cast: Cast, course: Course):
    for person in (cast.tess, cast.mira, cast.ada):
        with pytest.raises(asyncpg.RaiseError, match="60 times in an hour"):
            async with database.acting_as(person) as tx:
                await tx.execute(ATTEMPTS, person.user_id, course.quiz_id, 61)
    async with database.acting_as(cast.tess) as tx:
        await tx.execute(ATTEMPTS, cast.tess.user_id, course.quiz_id, 60)
    with pytest.raises(asyncpg.RaiseError, match="60 times in an hour"):
        async with database.acting_as(cast.tess) as tx:
            await tx.execute(ATTEMPTS, cast.tess.user_id, course.quiz_id, 1)
    async with database.acting_as_service() as tx:
        await tx.execute("update public.quiz_attempts set attempted_at = attempted_at - interval '1 hour'")
    async with database.acting_as(cast.tess) as tx:
        await tx.execute(ATTEMPTS, cast.tess.user_id, course.quiz_id, 1)
    assert await attempts_of(database, cast.tess) == 61


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *((column, value) for column in ("script", "rubric", "customer_card") for value in ("[]", '"x"', "5")),
        ("goals", "{}"),
    ],
)
async def test_a_scenario_of_another_shape_is_refused(
    database: Database, cast: Cast, course: Course, column: str, value: str
):
    refusal = f"simulation_scenarios_{column}_check|{column} must be an object"
    with pytest.raises(asyncpg.CheckViolationError, match=refusal):
        async with database.acting_as(cast.ada) as tx:
            await tx.execute(f"update public.simulation_scenarios set {column} = ($1::text)::jsonb", value)
    async with database.acting_as(cast.ada) as tx:
        await tx.execute("delete from public.simulation_scenarios")
    with pytest.raises(asyncpg.CheckViolationError, match=refusal):
        async with database.acting_as(cast.ada) as tx:
            await tx.execute(SCENARIO, course.simulation_id, json.dumps(SHAPES | {column: json.loads(value)}))
