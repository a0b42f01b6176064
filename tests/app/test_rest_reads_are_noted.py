"""Who reads the results of others over REST stands in the audit log, once a look, before they get them."""

import asyncpg
import pytest

from core.tokens import TokenIssuer
from tests.app.support.wires import SECRET, bearer, give_passwords, sign_in, wires
from tests.support.courses import build_course, record_everything

WATCHED = ["call_moods", "call_turns", "calls", "evaluations", "quiz_attempts", "recordings", "simulation_attempts"]


@pytest.fixture
async def client(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    async with database.acting_as_service() as tx:
        await record_everything(tx, cast.tess, await build_course(tx))
    return await aiohttp_client(wires(database, clock))


async def noted(database):
    """Who, and what they asked for."""
    async with database.acting_as_service() as tx:
        rows = await tx.fetch(
            """select actor_id, actor_role, subject_kind, subject_id, details, request_id
               from public.audit_events where action = 'results.viewed' order by id"""
        )
    return [dict(row) for row in rows]


async def read(client, who, path, *, status=200, method="GET", **headers):
    response = await client.request(method, f"/rest/v1/{path}", headers=bearer(who) | headers)
    assert response.status == status, await response.text()
    return response


@pytest.mark.parametrize("table", WATCHED)
async def test_a_manager_and_an_admin_who_read_are_noted_and_the_trainee_is_not(client, database, cast, table):
    people = {name: await sign_in(client, name) for name in ("tess", "mira", "ada")}
    for session in people.values():
        answer = await read(client, session, f"{table}?limit=5")
        assert len(await answer.json()) >= 1
    first, second = await noted(database)
    assert (first["actor_id"], first["actor_role"]) == (cast.mira.user_id, "manager")
    assert (second["actor_id"], second["actor_role"]) == (cast.ada.user_id, "admin")
    assert (first["subject_kind"], first["subject_id"]) == ("tables", None)
    assert first["details"]["tables"] == [table]
    assert first["details"]["query"] == f"/rest/v1/{table}?limit=5"
    assert first["details"]["rows"] >= 1
    assert second["request_id"] == answer.headers["X-Request-Id"]


async def test_what_somebody_watched_is_a_look(client, database, cast):
    async with database.acting_as_service() as tx:
        await tx.execute(
            """insert into public.video_watching (user_id, lesson_id, watched, watched_ms)
               select $1, id, '{[0,5000)}', 5000 from public.lessons where lesson_type = 'video'""",
            cast.tess.user_id,
        )
    for name in ("tess", "mira"):
        answer = await read(client, await sign_in(client, name), "video_watching?select=watched_ms")
        assert await answer.json() == [{"watched_ms": 5000}]
    [event] = await noted(database)
    assert (event["actor_id"], event["details"]["tables"]) == (cast.mira.user_id, ["video_watching"])


async def test_an_embed_is_a_look_and_two_tables_are_one(client, database):
    mira = await sign_in(client, "mira")
    await read(client, mira, "profiles?select=full_name,quiz_attempts(score),calls(id,call_turns(text))")
    [event] = await noted(database)
    assert event["details"]["tables"] == ["call_turns", "calls", "quiz_attempts"]


async def test_counting_is_a_look(client, database):
    mira = await sign_in(client, "mira")
    await read(client, mira, "call_turns?text=like.*refund*", method="HEAD", Prefer="count=exact")
    [event] = await noted(database)
    assert "refund" in event["details"]["query"]


async def test_the_same_question_within_ten_minutes_is_the_same_look(client, database):
    mira = await sign_in(client, "mira")
    for path in ("quiz_attempts?select=score", "quiz_attempts?select=score", "quiz_attempts?select=passed"):
        await read(client, mira, path)
    assert [event["details"]["query"].partition("=")[2] for event in await noted(database)] == ["score", "passed"]


async def test_a_question_as_long_as_it_may_be_is_noted_in_part(client, database):
    mira = await sign_in(client, "mira")
    await read(client, mira, "quiz_attempts?id=in.(" + ",".join(["00000000-0000-0000-0000-000000000000"] * 100) + ")")
    [event] = await noted(database)
    assert len(event["details"]["query"]) == 1_000


async def test_what_is_refused_and_what_shows_no_results_is_no_look(client, database, clock):
    mira, theo = await sign_in(client, "mira"), await sign_in(client, "theo")
    await read(client, mira, "quiz_attempts?select=answer_key", status=403)
    await read(client, mira, "profiles?select=full_name")
    await read(client, theo, "quiz_attempts")
    key = TokenIssuer(SECRET, clock).api_key("service_role")
    await read(client, {"access_token": key}, "quiz_attempts")
    assert await noted(database) == []


async def test_what_cannot_be_noted_is_not_shown(client, owner_dsn):
    mira = await sign_in(client, "mira")
    owner = await asyncpg.connect(owner_dsn)
    await owner.execute("drop table callx.pending_audit_events cascade")
    await owner.close()
    response = await client.get("/rest/v1/quiz_attempts", headers=bearer(mira))
    assert response.status >= 400
    assert "score" not in await response.text()


async def test_nobody_writes_the_log_by_asking_for_it(client, database):
    tess = await sign_in(client, "tess")
    body = {"_tables": ["x"], "_query": "x", "_rows": 1}
    response = await client.post("/rest/v1/rpc/audit_read", json=body, headers=bearer(tess))
    assert response.status == 404
    assert await noted(database) == []


async def test_long_questions_that_differ_only_at_their_end_are_two_looks(client, database, cast):
    mira = await sign_in(client, "mira")
    padding = "quiz_attempts?select=" + ",".join(["id"] * 190) + "&quiz_id=not.in.(" + f"{cast.ada.user_id}," * 20 + ")"
    padding = padding.replace(",)", ")")
    for end in (f"user_id=eq.{cast.tess.user_id}", f"user_id=eq.{cast.mira.user_id}"):
        await read(client, mira, f"{padding}&{end}")
    first, second = await noted(database)
    assert first["details"]["query"] != second["details"]["query"]
    assert len(first["details"]["query"]) == 1_000
