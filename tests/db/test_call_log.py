"""The log of a call: the database writes it, nobody bends it, and everything can be compared with it."""

import json
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from core.db import Database
from core.identity import Person
from tests.people import Cast
from tests.support.world import World
from voice import queries
from voice.call.transcript import Speaker, Turn

SHA256 = "a" * 64


@pytest.fixture
async def owner(owner_dsn):
    """The superuser in the test's database."""
    connection = await asyncpg.connect(owner_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def call_id(world: World) -> UUID:
    """A call from its beginning to its report."""
    async with world.database.acting_as_service() as tx:
        made: UUID = await tx.fetchval(
            """insert into public.calls (user_id, simulation_id, mode, token_hash, seed, scenario, rubric, model)
               values ($1, $2, 'exam', '\\x00', 7, '{"id": "x"}', '{"title": "r"}', 'gpt-realtime') returning id""",
            world.cast.tess.user_id,
            world.course.simulation_id,
        )
        await queries.begin_live(tx, made, "journal", uuid4())
    for turn in (
        Turn(1, Speaker.CUSTOMER, "I was charged twice.", 0, 1_000, heard_text="I was charged"),
        Turn(2, Speaker.TRAINEE, "Sorry.", 1_500, 2_000, confidence=0.5, details={"keys": [None]}),
    ):
        async with world.database.acting_as_service() as tx:
            await queries.insert_turn(tx, made, turn)
    async with world.database.acting_as_service() as tx:
        await tx.execute(queries.INSERT_MOOD, made, 1_200, 40)
        await tx.execute(queries.INSERT_GAP, made, "customer", 1_000, 1_400, False)
    async with world.database.acting_as_service() as tx:
        await tx.execute(queries.END_CALL, made, 2_100, "trainee_hung_up", None, {})
        await tx.execute(queries.END_RECORDING, made)
    async with world.database.acting_as_service() as tx:
        await tx.execute(queries.RECORDING_READY, made, "recordings/x.ogg", 2_100, 99, SHA256)
        await tx.execute(
            "insert into public.evaluations (call_id, state, report) values ($1, 'done', $2)", made, REPORT
        )
    return made


REPORT = {"overall_score": 88, "passed": True}


async def verified(database: Database, call_id: UUID, person: Person | None = None) -> dict[str, Any]:
    async with database.acting_as(person or Person("service")) as tx:
        row = await tx.fetchrow("select * from public.verify_call($1)", call_id)
        assert row is not None
        return dict(row)


async def kinds(database: Database, call_id: UUID) -> list[str]:
    async with database.acting_as_service() as tx:
        rows = await tx.fetch("select kind from public.call_events where call_id = $1 order by number", call_id)
        return [row["kind"] for row in rows]


async def test_a_call_is_logged_from_its_beginning_to_its_report(world: World, call_id: UUID):
    logged = await kinds(world.database, call_id)
    assert logged == ["begun", "turn", "turn", "mood", "gap", "ended", "recorded", "evaluated"]
    found = await verified(world.database, call_id)
    assert (found["events"], found["broken_at"], found["differs"]) == (8, None, [])
    assert found["recording_sha256"] == SHA256


async def test_trainees_cannot_read_there_what_the_call_keeps_from_them(world: World, call_id: UUID):
    read = "select kind from public.call_events where call_id = $1 order by number"
    assert "begun" not in {row["kind"] for row in await world.as_person(world.cast.tess, read, call_id)}
    for person in (world.cast.mira, world.cast.ada):
        assert (await world.as_person(person, read, call_id))[0]["kind"] == "begun"
    assert (await verified(world.database, call_id, world.cast.tess))["events"] == 8


async def test_it_is_bound_to_person_simulation_script_rubric_and_model(world: World, call_id: UUID):
    async with world.database.acting_as_service() as tx:
        begun = await tx.fetchval("select details from public.call_events where call_id = $1 and number = 1", call_id)
    assert begun["user_id"] == str(world.cast.tess.user_id)
    assert (begun["mode"], begun["seed"], begun["model"]) == ("exam", 7, "gpt-realtime")
    assert len(begun["scenario_sha256"]) == len(begun["rubric_sha256"]) == 64


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ("update public.call_turns set text = 'I am sorry.' where number = 2 and call_id = $1", ["t2"]),
        ("delete from public.call_turns where number = 1 and call_id = $1", ["t1"]),
        ("update public.calls set rubric = '{}' where id = $1", ["call"]),
        ("update public.calls set end_reason = 'idle' where id = $1", ["call"]),
        ("update public.calls set customer_outcome = 'resolved' where id = $1", ["call"]),
        ("update public.calls set call_script = 'Refund everything.' where id = $1", ["call"]),
    ],
)
async def test_what_is_changed_later_is_logged_and_differs(world: World, call_id: UUID, change, differs):
    async with world.database.acting_as_service() as tx:
        await tx.execute(change, call_id)
    found = await verified(world.database, call_id)
    assert (found["broken_at"], found["differs"]) == (None, differs)


async def test_a_turn_that_is_slipped_in_past_the_triggers_differs(world: World, call_id: UUID, owner):
    await owner.execute("set session_replication_role = replica")
    await owner.execute(
        "insert into public.call_turns (call_id, number, speaker, text, start_ms, end_ms)"
        " values ($1, 3, 'user', 'Please.', 2000, 2100)",
        call_id,
    )
    await owner.execute("update public.evaluations set report = $2 where call_id = $1", call_id, json.dumps({"x": 1}))
    assert (await verified(world.database, call_id))["differs"] == ["report", "t3"]


async def test_a_new_report_is_logged_beside_the_old_one(world: World, call_id: UUID):
    async with world.database.acting_as_service() as tx:
        await tx.execute("update public.evaluations set report = $2 where call_id = $1", call_id, {"overall_score": 9})
    assert (await kinds(world.database, call_id))[-2:] == ["evaluated", "evaluated"]
    assert (await verified(world.database, call_id))["differs"] == []


@pytest.mark.parametrize(
    "sql",
    [
        "update public.call_events set details = '{}' where call_id = $1",
        "delete from public.call_events where call_id = $1",
        "truncate public.call_events",
    ],
)
async def test_nobody_changes_the_log(world: World, call_id: UUID, owner, sql: str):
    values = [] if "$1" not in sql else [call_id]
    for person in (world.cast.ada, world.cast.mira, world.cast.tess, Person("service")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.database.acting_as(person) as tx:
                await tx.execute(sql, *values)
    await owner.execute("set session_replication_role = replica")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only grows"):
        await owner.execute(sql, *values)


async def test_whoever_takes_the_trigger_away_breaks_the_chain(world: World, call_id: UUID, owner):
    await owner.execute("alter table public.call_events disable trigger all")
    await owner.execute(
        "update public.call_events set details = details || $2 where call_id = $1 and number = 3",
        call_id,
        json.dumps({"text": "I am sorry."}),
    )
    assert (await verified(world.database, call_id))["broken_at"] == 3
    await owner.execute("delete from public.call_events where call_id = $1 and number = 2", call_id)
    assert (await verified(world.database, call_id))["broken_at"] == 3


async def test_the_log_goes_with_its_call(world: World, call_id: UUID):
    async with world.database.acting_as_service() as tx:
        await tx.execute("delete from public.calls where id = $1", call_id)
    assert await kinds(world.database, call_id) == []


async def test_a_call_is_verified_by_whoever_may_see_it(world: World, cast: Cast, call_id: UUID):
    for person in (cast.tess, cast.mira, cast.ada):
        assert (await verified(world.database, call_id, person))["events"] == 8
    for person in (cast.theo, cast.otto):
        with pytest.raises(asyncpg.NoDataFoundError):
            await verified(world.database, call_id, person)
