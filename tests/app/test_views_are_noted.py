"""Who looks at the call of another stands in the audit log, whichever address shows it."""

from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest
from aiohttp import web

import evaluation.handlers
from core.app_keys import BLOBS, CLOCK, DATABASE
from core.blobs import Blobs
from core.secrets import Secrets
from core.web import IDENTIFY, errors_to_json, request_context
from tests.support.bridge import CALLS, bearer, identify_by_name
from tests.support.courses import build_course, record_everything
from voice import handlers, recording_handlers
from voice.keys import RECORDING_LINKS
from voice.recording_links import RecordingLinks


@pytest.fixture
async def call_id(database, cast) -> UUID:
    """A call of tess, with all that is left of a call."""
    async with database.acting_as_service() as tx:
        call_id = await record_everything(tx, cast.tess, await build_course(tx))
        await tx.execute("update public.recordings set state = 'ready', object_key = 'recordings/it.ogg'")
        await tx.execute("""update public.evaluations set state = 'done', report = '{"summary": "Good."}'""")
    return call_id


@pytest.fixture
async def client(aiohttp_client, database, clock):
    blobs = Blobs.open("memory://")
    await blobs.put("recordings/it.ogg", b"OggS and more", "audio/ogg")
    app = web.Application(middlewares=[request_context, errors_to_json])
    app[DATABASE], app[CLOCK], app[BLOBS] = database, clock, blobs
    app[IDENTIFY] = identify_by_name
    app[RECORDING_LINKS] = RecordingLinks(Secrets("x" * 40).derive("recording-link"))
    for package in (handlers, recording_handlers, evaluation.handlers):
        package.add_routes(app)
    return await aiohttp_client(app)


async def views(database) -> list[tuple[str, UUID]]:
    """What was noted since the test's people were hired: what, and by whom."""
    async with database.acting_as_service() as tx:
        rows = await tx.fetch(
            "select action, actor_id from public.audit_events where action like '%.viewed' order by id"
        )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("what", ["transcript", "recording", "evaluation"])
async def test_a_look_at_the_call_of_another_is_noted(client, database, cast, call_id, what):
    for who, status in (("tess", 200), ("theo", 404), ("otto", 404), ("mira", 200), ("mira", 200), ("ada", 200)):
        async with client.get(f"{CALLS}/{call_id}/{what}", headers=bearer(who)) as answer:
            assert answer.status == status, await answer.text()
    assert await views(database) == [(f"{what}.viewed", cast.mira.user_id), (f"{what}.viewed", cast.ada.user_id)]


async def test_a_link_to_a_recording_is_the_look(client, database, cast, call_id):
    for who, status in (("tess", 200), ("theo", 404), ("mira", 200)):
        async with client.post(f"{CALLS}/{call_id}/recording/link", headers=bearer(who)) as answer:
            assert answer.status == status
            link = await answer.json()
    async with client.get(link["url"]) as answer:
        assert await answer.read() == b"OggS and more"
    assert await views(database) == [("recording.viewed", cast.mira.user_id)]


@pytest.mark.parametrize(
    "loss",
    [
        "delete from public.manager_assignments",
        "update public.user_roles set role = 'trainee' where role = 'manager'",
        "update auth.users set deactivated_at = now() where email = 'mira@callx.example'",
    ],
)
async def test_a_link_to_a_recording_closes_with_the_right_to_hear_it(client, database, call_id, loss):
    async with client.post(f"{CALLS}/{call_id}/recording/link", headers=bearer("mira")) as answer:
        url = (await answer.json())["url"]
    assert (await client.get(url)).status == 200
    async with database.acting_as_service() as tx:
        await tx.execute(loss)
    assert (await client.get(url)).status in (401, 404)


async def test_a_link_to_a_recording_closes_with_the_login_that_asked_for_it(client, database, cast, clock, call_id):
    async with database.acting_as_service() as tx:
        login_id = await tx.fetchval("insert into auth.logins (user_id) values ($1) returning id", cast.tess.user_id)
    tess = replace(cast.tess, login_id=login_id)
    token, _ = client.app[RECORDING_LINKS].token(call_id, tess, int(clock.now().timestamp()))
    url = f"{CALLS}/{call_id}/recording?token={token}"
    assert (await client.get(url)).status == 200
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.logins set revoked_at = now()")
    assert (await client.get(url)).status == 401
    clock.advance(15 * 60_000)
    async with client.get(url) as answer:
        assert (await answer.json())["error"]["code"] == "link_expired"


async def test_waiting_for_a_report_is_no_look(client, database, call_id):
    async with database.acting_as_service() as tx:
        await tx.execute("update public.evaluations set state = 'running', report = null")
    async with client.get(f"{CALLS}/{call_id}/evaluation", headers=bearer("mira")) as answer:
        assert (await answer.json())["state"] == "running"
    assert await views(database) == []


async def test_what_cannot_be_noted_is_not_shown(client, owner_dsn, call_id):
    """Without the log nobody would know, so nobody looks."""
    owner = await asyncpg.connect(owner_dsn)
    await owner.execute("revoke execute on function callx.audit_view(text, uuid) from authenticated")
    await owner.close()
    for what in ("transcript", "recording", "evaluation"):
        async with client.get(f"{CALLS}/{call_id}/{what}", headers=bearer("mira")) as answer:
            assert answer.status == 500
            assert "report" not in await answer.text()
