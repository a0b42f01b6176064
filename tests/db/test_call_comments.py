"""Who says what about a call, to whom, and what becomes of it."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core.identity import Person
from tests.people import CAST
from tests.support.courses import record_everything
from tests.support.world import World

SAY = "insert into public.call_comments (call_id, body, at_ms) values ($1, $2, 83000) returning *"
SAY_TO_MANAGERS = """
insert into public.call_comments (call_id, body, visibility) values ($1, $2, 'managers') returning *
"""
ANSWER = "insert into public.call_comments (call_id, body, reply_to) values ($1, $2, $3) returning *"


@pytest.fixture
async def call_id(world: World) -> UUID:
    """A call of tess."""
    async with world.database.acting_as_service() as tx:
        return await record_everything(tx, world.cast.tess, world.course)


async def say(world: World, person: Person, sql: str, *values: Any) -> Any:
    [row] = await world.as_person(person, sql, *values)
    return row


async def bodies(world: World, person: Person) -> list[str]:
    rows = await world.as_person(person, "select body from public.call_comments order by created_at, body")
    return [row["body"] for row in rows]


async def test_a_manager_says_something_and_the_trainee_answers(world: World, call_id: UUID):
    cast = world.cast
    said = await say(world, cast.mira, SAY, call_id, "  Here she calms down.  ")
    assert (said["body"], said["author_name"], said["author_role"]) == ("Here she calms down.", "Mira", "manager")
    assert (said["user_id"], said["at_ms"], said["visibility"]) == (cast.tess.user_id, 83_000, "trainee")
    answer = await say(world, cast.tess, ANSWER, call_id, "Thank you.", said["id"])
    assert (answer["author_role"], answer["reply_to"]) == ("trainee", said["id"])
    deeper = await say(world, cast.ada, ANSWER, call_id, "I agree.", answer["id"])
    assert (deeper["author_role"], deeper["reply_to"]) == ("admin", said["id"]), "threads are one level deep"
    facts = await world.as_service("select payload from callx.facts where kind = 'CallCommented' order by id")
    assert [fact["payload"]["comment_id"] for fact in facts] == [str(c["id"]) for c in (said, answer, deeper)]


async def test_what_managers_say_among_themselves_the_trainee_does_not_see(world: World, call_id: UUID):
    cast = world.cast
    secret = await say(world, cast.mira, SAY_TO_MANAGERS, call_id, "She is tired these days.")
    answer = await say(world, cast.ada, ANSWER, call_id, "So it seems.", secret["id"])
    assert answer["visibility"] == "managers", "an answer goes no further than its thread"
    assert await bodies(world, cast.tess) == []
    assert await bodies(world, cast.mira) == ["She is tired these days.", "So it seems."]
    await world.refuses(cast.tess, ANSWER, call_id, "What?", secret["id"])


async def test_a_trainee_begins_no_thread(world: World, call_id: UUID):
    await world.refuses(world.cast.tess, SAY, call_id, "May I?")


@pytest.mark.parametrize("name", ["theo", "otto", "edna"])
async def test_others_have_no_part_in_it(world: World, call_id: UUID, name: str):
    person = world.edna if name == "edna" else getattr(world.cast, name)
    said = await say(world, world.cast.mira, SAY, call_id, "Well said.")
    await world.refuses(person, SAY, call_id, "Me too.", saying="no such call")
    await world.refuses(person, ANSWER, call_id, "Me too.", said["id"], saying="no such call")
    assert await bodies(world, person) == []
    changed = await world.as_person(person, "update public.call_comments set body = 'x' returning id")
    assert changed == []


async def test_a_call_that_is_not_there_is_no_different_from_one_that_is_not_yours(world: World, call_id: UUID):
    await world.refuses(world.cast.mira, SAY, UUID(int=9), "Hello?", saying="no such call")


@pytest.mark.parametrize(
    "column", ["user_id", "author_name", "author_role", "created_at", "edited_at", "resolved_by", "resolved_at"]
)
async def test_what_the_database_writes_nobody_else_writes(world: World, call_id: UUID, column: str):
    value = {"user_id": "$3::uuid", "resolved_by": "$3::uuid", "author_name": "$3::uuid::text"}.get(column, "null")
    sql = (
        f"insert into public.call_comments (call_id, body, {column}) select $1, $2, {value} where $3::uuid is not null"
    )
    await world.refuses(world.cast.mira, sql, call_id, "I am the director.", CAST.ada.user_id)


async def test_nobody_speaks_for_somebody_else(world: World, call_id: UUID):
    sql = "insert into public.call_comments (call_id, body, author_id) values ($1, 'Fired.', $2)"
    await world.refuses(world.cast.mira, sql, call_id, world.cast.ada.user_id)


async def test_only_the_author_changes_words_and_the_time_is_noted(world: World, call_id: UUID):
    cast = world.cast
    said = await say(world, cast.mira, SAY, call_id, "Wel said.")
    change = "update public.call_comments set body = $2 where id = $1 returning body, edited_at"
    await world.refuses(cast.ada, change, said["id"], "Badly said.", saying="Only its author")
    assert await world.as_person(cast.tess, change, said["id"], "x") == []
    row = await say(world, cast.mira, change, said["id"], "Well said.")
    assert row["body"] == "Well said."
    assert row["edited_at"] is not None


async def test_managers_say_when_a_thread_is_done_and_when_it_is_not(world: World, call_id: UUID):
    cast = world.cast
    said = await say(world, cast.mira, SAY, call_id, "Please listen again.")
    answer = await say(world, cast.tess, ANSWER, call_id, "Done.", said["id"])
    resolve = """update public.call_comments set resolved_at = '1999-01-01' where id = $1
                 returning resolved_by, resolved_at > now() - interval '1 minute' as is_now"""
    assert await world.as_person(cast.tess, resolve, said["id"]) == []
    await world.refuses(cast.tess, resolve, answer["id"], saying="Managers and admins")
    row = await say(world, cast.ada, resolve, said["id"])
    assert tuple(row) == (cast.ada.user_id, True)
    reopen = "update public.call_comments set resolved_at = null where id = $1 returning resolved_by, body"
    row = await say(world, cast.mira, reopen, said["id"])
    assert tuple(row) == (None, "Please listen again.")
    with pytest.raises(asyncpg.CheckViolationError):
        await world.as_person(cast.mira, resolve, answer["id"])


async def test_of_a_deleted_comment_no_word_is_kept(world: World, call_id: UUID):
    cast = world.cast
    said = await say(world, cast.mira, SAY, call_id, "I take that back.")
    delete = "update public.call_comments set deleted_at = 'epoch' where id = $1 returning body, deleted_at"
    row = await say(world, cast.mira, delete, said["id"])
    assert row["body"] == ""
    assert row["deleted_at"].year > 2000
    assert await bodies(world, cast.tess) == [""], "its place stays"
    for sql in (delete, "update public.call_comments set body = 'Again.' where id = $1 returning id"):
        await world.refuses(cast.mira, sql, said["id"], saying="was deleted")
    [event] = await world.as_person(
        cast.ada, "select actor_id, subject_id, details from public.audit_events where action = 'comment.deleted'"
    )
    assert (event["actor_id"], event["subject_id"]) == (cast.mira.user_id, call_id)
    assert "take that back" not in str(event["details"])


async def test_admins_delete_what_others_said_and_managers_do_not(world: World, call_id: UUID):
    cast = world.cast
    said = await say(world, cast.mira, SAY, call_id, "Nonsense.")
    answer = await say(world, cast.tess, ANSWER, call_id, "Nonsense yourself.", said["id"])
    delete = "update public.call_comments set deleted_at = now() where id = $1 returning id"
    await world.refuses(cast.mira, delete, answer["id"], saying="Only its author")
    assert len(await world.as_person(cast.ada, delete, answer["id"])) == 1


@pytest.mark.parametrize("body", ["", "   ", "\n\t"])
async def test_silence_is_no_comment(world: World, call_id: UUID, body: str):
    with pytest.raises((asyncpg.DataError, asyncpg.CheckViolationError)):
        await world.as_person(world.cast.mira, SAY, call_id, body)
    said = await say(world, world.cast.mira, SAY, call_id, "Something.")
    with pytest.raises((asyncpg.DataError, asyncpg.CheckViolationError)):
        await world.as_person(
            world.cast.mira, "update public.call_comments set body = $2 where id = $1", said["id"], body
        )


async def test_there_is_a_limit_to_what_is_said_at_once_and_in_all(world: World, call_id: UUID):
    mira = world.cast.mira
    with pytest.raises(asyncpg.CheckViolationError):
        await world.as_person(mira, SAY, call_id, "x" * 4_001)
    for number in range(30):
        await world.as_person(mira, SAY, call_id, f"And {number}.")
    with pytest.raises(asyncpg.RaiseError, match="thirty a minute"):
        await world.as_person(mira, SAY, call_id, "And one more.")
    await world.as_person(world.cast.ada, SAY, call_id, "Somebody else may.")


async def test_an_answer_belongs_to_a_thread_on_the_same_call(world: World, call_id: UUID):
    said = await say(world, world.cast.mira, SAY, call_id, "Here.")
    [other] = await world.as_service(
        """insert into public.calls (user_id, simulation_id, mode, state, token_hash, seed)
           select user_id, simulation_id, mode, state, '\\x01', 2 from public.calls where id = $1 returning id""",
        call_id,
    )
    await world.refuses(world.cast.mira, ANSWER, other["id"], "There?", said["id"], saying="no such comment")


async def test_what_somebody_said_outlasts_their_account(world: World, call_id: UUID):
    said = await say(world, world.cast.mira, SAY, call_id, "Remember me.")
    await world.as_service("delete from auth.users where id = $1", world.cast.mira.user_id)
    [row] = await world.as_person(world.cast.tess, "select id, author_id, author_name from public.call_comments")
    assert tuple(row) == (said["id"], None, "Mira")
