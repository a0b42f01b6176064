"""The audit log: who did what, in a chain that nobody can bend unseen."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from accounts import audit
from core import logs
from core.db import Database
from core.errors import Forbidden, Unauthorized
from core.identity import ANONYMOUS, Person
from tests.people import IRIS, Cast, hire
from tests.support.courses import Course, build_course, record_everything


@pytest.fixture
async def owner(owner_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser in the test's database."""
    connection = await asyncpg.connect(owner_dsn)
    yield connection
    await connection.close()


@pytest.fixture
async def course(database: Database, cast: Cast) -> Course:
    """A course, whose making is in the log."""
    async with database.acting_as_service() as tx:
        return await build_course(tx)


async def events(database: Database, after: int = 0) -> list[asyncpg.Record]:
    async with database.acting_as_service() as tx:
        rows: list[asyncpg.Record] = await tx.fetch(
            "select * from public.audit_events where id > $1 order by id", after
        )
        return rows


async def newest(database: Database) -> int:
    return max((event["id"] for event in await events(database)), default=0)


async def broken_at(database: Database) -> int | None:
    async with database.acting_as_service() as tx:
        broken: int | None = await tx.fetchval("select broken_at from callx.verify_audit()")
        return broken


async def test_a_change_of_roles_is_noted_with_who_did_it(database: Database, cast: Cast):
    before = await newest(database)
    logs.request_id.set("the request")
    async with database.acting_as(cast.ada) as tx:
        await tx.execute("update public.user_roles set role = 'manager' where user_id = $1", cast.tess.user_id)
    taken, granted = await events(database, before)
    for event, action, role in ((taken, "role.taken", "trainee"), (granted, "role.granted", "manager")):
        assert (event["action"], event["details"]) == (action, {"role": role})
        assert (event["actor_id"], event["actor_role"]) == (cast.ada.user_id, "admin")
        assert (event["subject_kind"], event["subject_id"]) == ("person", cast.tess.user_id)
        assert event["request_id"] == "the request"


async def test_teams_and_names_and_accounts_are_noted(database: Database, cast: Cast):
    before = await newest(database)
    async with database.acting_as(cast.ada) as tx:
        await tx.execute("update public.manager_assignments set manager_id = $1 where manager_id = $2",
                         cast.otto.user_id, cast.mira.user_id)  # fmt: skip
        await tx.execute("update public.profiles set full_name = 'Theodor' where id = $1", cast.theo.user_id)
    async with database.acting_as(cast.tess) as tx:
        await tx.execute("update public.profiles set full_name = 'Tessa'")
    async with database.acting_as_service() as tx:
        await tx.execute("update public.profiles set full_name = 'Tess T.' where full_name = 'Tessa'")
    async with database.acting_as_service() as tx:
        await audit.act_for_admin(tx, cast.ada)
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", cast.theo.user_id)
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", cast.theo.user_id)
        await tx.execute("update auth.users set deactivated_at = null where id = $1", cast.theo.user_id)
        await tx.execute("delete from auth.users where id = $1", cast.theo.user_id)
    noted = await events(database, before)
    assert {event["actor_id"] for event in noted} == {cast.ada.user_id}
    assert {event["actor_role"] for event in noted} == {"admin"}
    assert [event["action"] for event in noted[:5]] == [
        "manager.removed", "manager.assigned", "person.changed", "person.deactivated", "person.reactivated",
    ]  # fmt: skip
    assert noted[2]["details"] == {"changed": {"full_name": ["Theo", "Theodor"]}}
    assert {event["action"] for event in noted[5:]} == {"role.taken", "manager.removed", "person.deleted"}
    [deleted] = [event for event in noted if event["action"] == "person.deleted"]
    assert deleted["details"] == {"email": "theo@callx.example"}


async def test_an_account_begins_without_a_word_about_its_first_role(database: Database, cast: Cast):
    before = await newest(database)
    async with database.acting_as_service() as tx:
        await tx.execute("insert into auth.users (email) values ('new@callx.example')")
    assert await events(database, before) == []


async def test_changes_of_courses_are_noted_with_what_was_before(database: Database, cast: Cast, course: Course):
    before = await newest(database)
    async with database.acting_as(cast.ada) as tx:
        await tx.execute(
            "update public.lessons set title = 'Better', text_content = repeat('long ', 200) where id = $1",
            course.text_lesson_id,
        )
        await tx.execute("update public.lessons set title = title")
        await tx.execute("update public.site_settings set open_enrolment = false")
        await tx.execute("delete from public.quizzes")
    async with database.acting_as(cast.mira) as tx:
        await tx.execute(
            "insert into public.assignments (product_id, user_id) values ($1, $2)",
            course.product_id,
            cast.tess.user_id,
        )
    lesson, settings, *quiz, assigned = await events(database, before)
    assert (lesson["action"], lesson["subject_id"]) == ("lesson.changed", course.text_lesson_id)
    assert lesson["details"]["changed"]["title"] == ["Text", "Better"]
    short, long = lesson["details"]["changed"]["text_content"]
    assert (short, long["length"]) == ("Words.", 1_002)
    assert len(long["sha256"]) == 64
    assert (settings["action"], settings["subject_id"]) == ("site_settings.changed", None)
    assert {event["subject_kind"] for event in quiz} == {"quiz", "question", "answer"}
    assert (assigned["action"], assigned["actor_id"], assigned["actor_role"]) == (
        "assignment.created", cast.mira.user_id, "manager",
    )  # fmt: skip


async def test_a_look_at_the_call_of_another_is_noted_once(database: Database, cast: Cast, course: Course):
    async with database.acting_as_service() as tx:
        call_id = await record_everything(tx, cast.tess, course)
    before = await newest(database)
    for person in (cast.tess, cast.mira, cast.mira, cast.ada):
        async with database.acting_as(person) as tx:
            await audit.record_view(tx, "recording", call_id)
    async with database.acting_as(cast.mira) as tx:
        await audit.record_view(tx, "transcript", call_id)
        await audit.record_view(tx, "transcript", UUID(int=1))
    noted = await events(database, before)
    assert [(event["action"], event["actor_id"], event["actor_role"]) for event in noted] == [
        ("recording.viewed", cast.mira.user_id, "manager"),
        ("recording.viewed", cast.ada.user_id, "admin"),
        ("transcript.viewed", cast.mira.user_id, "manager"),
    ]
    assert {event["subject_id"] for event in noted} == {call_id}
    assert noted[0]["details"] == {"trainee_id": str(cast.tess.user_id)}


async def test_the_service_acts_for_admins_only(database: Database, cast: Cast):
    async def act(person: Person) -> None:
        async with database.acting_as_service() as tx:
            await audit.act_for_admin(tx, person)
            await audit.record(tx, "tried", "thing", None, {"n": 1})

    before = await newest(database)
    await act(cast.ada)
    await act(Person("service"))
    async with database.acting_as_service() as tx:
        await audit.record_all(tx, "tried", "thing", {UUID(int=1): {"n": 2}, UUID(int=2): {"n": 3}})
    for person, error, code in (
        (cast.mira, Forbidden, "not_admin"),
        (cast.tess, Forbidden, "not_admin"),
        (ANONYMOUS, Unauthorized, "no_authorization"),
        (IRIS, Unauthorized, "login_ended"),
    ):
        with pytest.raises(error) as caught:
            await act(person)
        assert caught.value.code == code
    noted = await events(database, before)
    assert [(event["actor_id"], event["actor_role"]) for event in noted] == [
        (cast.ada.user_id, "admin"), (None, "service"), (None, "service"), (None, "service"),
    ]  # fmt: skip
    assert [event["details"]["n"] for event in noted] == [1, 1, 2, 3]


async def test_what_is_rolled_back_was_not_done(database: Database, cast: Cast):
    async def fail_half_way() -> None:
        async with database.acting_as(cast.ada) as tx:
            await tx.execute("delete from public.manager_assignments")
            raise ZeroDivisionError

    before = await newest(database)
    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    async with database.acting_as(cast.ada) as tx:
        await tx.execute("delete from public.manager_assignments where trainee_id = $1", cast.tess.user_id)
    assert [event["id"] for event in await events(database, before)] == [before + 1]


async def test_many_at_once_make_one_chain_without_gaps(database: Database, cast: Cast, owner: asyncpg.Connection):
    async def change(number: int) -> None:
        async with database.acting_as(cast.ada) as tx:
            await tx.execute("insert into public.products (title) values ($1)", f"P{number}")
            await tx.execute("insert into public.products (title) values ($1)", f"Q{number}")

    before = await newest(database)
    await asyncio.gather(*(change(number) for number in range(60)))
    noted = await events(database, before)
    assert [event["id"] for event in noted] == list(range(before + 1, before + 121))
    titles = [event["details"]["changed"]["title"][1] for event in noted]
    assert all(titles[index + 1] == "Q" + titles[index][1:] for index in range(0, 120, 2))
    assert await broken_at(database) is None
    assert await owner.fetchval("select count(*) from callx.pending_audit_events") == 0


async def test_an_open_transaction_keeps_nobody_waiting(database: Database, cast: Cast):
    async with database.acting_as(cast.ada) as slow:
        await slow.execute("insert into public.products (title) values ('Slow')")
        async with database.acting_as(cast.ada) as quick:
            await quick.execute("set local lock_timeout = '50ms'")
            await quick.execute("insert into public.products (title) values ('Quick')")
    quick_event, slow_event = (await events(database))[-2:]
    assert quick_event["details"]["changed"]["title"][1] == "Quick"
    assert slow_event["at"] < quick_event["at"], "the order is that of the commits"
    assert await broken_at(database) is None


@pytest.mark.parametrize(
    "sql",
    [
        "update public.audit_events set action = 'x'",
        "update public.audit_events set action = 'x' where false",
        "delete from public.audit_events",
        "truncate public.audit_events",
    ],
)
async def test_nobody_changes_the_log(database: Database, cast: Cast, owner: asyncpg.Connection, sql: str):
    for person in (cast.ada, cast.mira, cast.tess, Person("service"), ANONYMOUS):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.acting_as(person) as tx:
                await tx.execute(sql)
    await owner.execute("set session_replication_role = replica")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only grows"):
        await owner.execute(sql)


async def test_nobody_writes_into_the_log_by_hand(database: Database, cast: Cast):
    for person in (cast.ada, cast.mira, cast.tess, Person("service")):
        for sql in (
            "insert into public.audit_events default values",
            "insert into callx.pending_audit_events default values",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with database.acting_as(person) as tx:
                    await tx.execute(sql)
    for person in (cast.ada, cast.mira, cast.tess):
        for sql in ("select callx.audit('x', 'y', null)", "select callx.act_for(null, null)"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with database.acting_as(person) as tx:
                    await tx.execute(sql)


async def test_admins_read_and_verify_the_log(database: Database, cast: Cast, course: Course):
    async with database.acting_as(cast.ada, read_only=True) as tx:
        verdict = await tx.fetchrow("select * from public.verify_audit()")
        last = await tx.fetchrow("select id, hash from public.audit_events order by id desc limit 1")
        count = await tx.fetchval("select count(*) from public.audit_events")
    assert tuple(verdict) == (count, None, last["id"], last["hash"])
    for person in (cast.mira, cast.tess):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.acting_as(person) as tx:
                await tx.execute("select * from public.verify_audit()")


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("update public.audit_events set action = 'x' where id = 3", 3),
        ("update public.audit_events set actor_id = gen_random_uuid() where id = 3", 3),
        ("update public.audit_events set at = at + interval '1 microsecond' where id = 3", 3),
        ("update public.audit_events set request_id = 'x' where id = 3", 3),
        ("""update public.audit_events set details = details || '{"a": 1}' where id = 3""", 3),
        ("update public.audit_events e set action = 'x', hash = callx.audit_hash(e) where id = 3", 3),
        ("delete from public.audit_events where id = 3", 4),
        ("delete from public.audit_events where id < 3", 3),
        ("update public.audit_events set id = 99 where id = 3", 4),
        ("""update public.audit_events set action = 'x' where id = 3;
            update public.audit_events e set hash = callx.audit_hash(e) where id = 3""", 4),
    ],
)  # fmt: skip
async def test_tampering_is_found_where_it_happened(
    database: Database, cast: Cast, owner: asyncpg.Connection, tampering: str, broken: int
):
    assert await broken_at(database) is None
    await owner.execute("alter table public.audit_events disable trigger audit_events_only_grow")
    await owner.execute(tampering)
    assert await broken_at(database) == broken


async def test_a_cut_end_shows_against_what_was_noted_elsewhere(
    database: Database, cast: Cast, owner: asyncpg.Connection
):
    noted = await owner.fetchrow("select last_id, last_hash from callx.verify_audit()")
    await owner.execute("alter table public.audit_events disable trigger audit_events_only_grow")
    await owner.execute("delete from public.audit_events where id = $1", noted["last_id"])
    now = await owner.fetchrow("select last_id, last_hash, broken_at from callx.verify_audit()")
    assert now["broken_at"] is None
    assert (now["last_id"], now["last_hash"]) != tuple(noted)


async def test_a_part_of_the_log_can_be_verified(database: Database, cast: Cast, owner: asyncpg.Connection):
    await owner.execute("alter table public.audit_events disable trigger audit_events_only_grow")
    await owner.execute("update public.audit_events set action = 'x' where id = 2")
    assert await owner.fetchval("select broken_at from callx.verify_audit(4)") is None
    assert await owner.fetchval("select broken_at from callx.verify_audit(2)") == 2


async def test_whoever_goes_round_the_server_is_noted_as_such(
    database: Database, cast: Cast, owner: asyncpg.Connection
):
    before = await newest(database)
    await owner.execute("insert into public.user_roles (user_id, role) values ($1, 'admin')", cast.theo.user_id)
    [event] = await events(database, before)
    assert (event["actor_id"], event["actor_role"]) == (None, "database")


async def test_a_deactivated_persons_logins_stay_ended(database: Database, cast: Cast):
    async with database.acting_as_service() as tx:
        await hire(tx, "iris", IRIS, "admin")
        login_id = await tx.fetchval("insert into auth.logins (user_id) values ($1) returning id", IRIS.user_id)
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", IRIS.user_id)
        await tx.execute("update auth.users set deactivated_at = null where id = $1", IRIS.user_id)
    with pytest.raises(Unauthorized):
        async with database.acting_as(Person("authenticated", user_id=IRIS.user_id, login_id=login_id)):
            pass
    async with database.acting_as(IRIS) as tx:
        assert await tx.fetchval("select current_setting('role')") == "callx_admin"
