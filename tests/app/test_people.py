"""What admins do with people, over the wire."""

import asyncio
import io
import json
import time
from uuid import UUID

import aiohttp
import pytest

from core.clock import SystemClock
from core.tokens import TokenIssuer
from tests.app.support.wires import PASSWORD, SECRET, bearer, give_passwords, sign_in, wires
from tests.people import IRIS, hire

USERS = "/auth/v1/admin/users"
MOST_SECONDS = 20
"""One to two on two idle cores; this is for busy ones."""
IMPORT = "/auth/v1/admin/people/import"
NEW = {"email": "New@callx.example", "password": "a good long one", "email_confirm": True}
FILE = """email;full_name;roles;manager_email
nora@callx.example;Nora New;;max@callx.example
max@callx.example;Max Moss;manager;
tess@callx.example;Tess;trainee;max@callx.example
"""


@pytest.fixture
async def client(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    return await aiohttp_client(wires(database, clock))


@pytest.fixture
async def ada(client):
    return bearer(await sign_in(client, "ada"))


@pytest.fixture
def service(clock):
    key = TokenIssuer(SECRET, clock).api_key("service_role")
    return {"apikey": key, "Authorization": f"Bearer {key}"}


async def answer(response, status=200):
    body = await response.json()
    assert response.status == status, body
    return body


async def refused(response, status, code):
    body = await answer(response, status)
    assert (body["code"], body["error_code"]) == (code, code)
    return body


async def noted(database, action):
    async with database.acting_as_service() as tx:
        return await tx.fetch("select * from public.audit_events where action = $1 order by id", action)


async def import_csv(client, headers, text, **query):
    data = text if isinstance(text, bytes) else text.encode()
    return await client.post(
        IMPORT, params=query, data=io.BytesIO(data), headers=headers | {"Content-Type": "text/csv"}
    )


async def test_only_admins_and_the_service_key_manage_people(client, cast, service):
    person = f"{USERS}/{cast.tess.user_id}"
    requests = [("POST", USERS), ("GET", USERS), ("POST", IMPORT), ("GET", person), ("PUT", person), ("DELETE", person)]
    for name in ("tess", "mira"):
        headers = bearer(await sign_in(client, name))
        for method, path in requests:
            await refused(await client.request(method, path, json=NEW, headers=headers), 403, "not_admin")
    for method, path in requests:
        await refused(await client.request(method, path, json=NEW), 401, "no_authorization")
    assert (await answer(await client.get(USERS, headers=service)))["aud"] == "authenticated"


async def test_a_person_is_made_and_can_sign_in(client, ada, database, cast):
    user = await answer(await client.post(USERS, json=NEW | {"user_metadata": {"full_name": "New"}}, headers=ada))
    assert (user["email"], user["role"]) == ("new@callx.example", "authenticated")
    assert user["email_confirmed_at"]
    assert user["user_metadata"] == {"full_name": "New"}
    response = await client.post("/auth/v1/token?grant_type=password", json=NEW)
    assert (await answer(response))["user"]["id"] == user["id"]
    [event] = await noted(database, "person.created")
    assert (event["actor_id"], event["actor_role"]) == (cast.ada.user_id, "admin")
    assert (str(event["subject_id"]), event["details"]) == (user["id"], {"email": "new@callx.example"})
    assert len(event["request_id"]) == 16


async def test_a_person_without_a_password_cannot_sign_in_yet(client, service, database):
    await answer(await client.post(USERS, json={"email": "new@callx.example"}, headers=service))
    response = await client.post("/auth/v1/token?grant_type=password", json=NEW)
    assert response.status == 400
    [event] = await noted(database, "person.created")
    assert (event["actor_id"], event["actor_role"]) == (None, "service")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "validation_failed"),
        ({"email": "x"}, 400, "validation_failed"),
        ({"email": 1}, 400, "validation_failed"),
        ({"email": "tess@callx.example"}, 422, "email_exists"),
        (NEW | {"password": "password"}, 422, "weak_password"),
        (NEW | {"app_metadata": {"role": "admin"}}, 400, "validation_failed"),
        (NEW | {"phone": "123"}, 400, "validation_failed"),
        (NEW | {"user_metadata": [1]}, 400, "validation_failed"),
        (NEW | {"user_metadata": {"a": "x" * 5_000}}, 400, "validation_failed"),
        (NEW | {"ban_duration": "24h"}, 400, "validation_failed"),
        (NEW | {"ban_duration": "long"}, 400, "validation_failed"),
    ],
)
async def test_what_cannot_be_made_is_told(client, ada, body, status, code):
    await refused(await client.post(USERS, json=body, headers=ada), status, code)


async def test_people_are_listed_by_pages(client, ada):
    seen = []
    for page, links in ((1, 2), (2, 2), (3, 1)):
        response = await client.get(USERS, params={"page": page, "per_page": 2}, headers=ada)
        seen += [user["email"] for user in (await answer(response))["users"]]
        assert response.headers["X-Total-Count"] == "5"
        assert response.headers["Link"].count("rel=") == links
        assert 'page=3&per_page=2>; rel="last"' in response.headers["Link"]
    assert len(set(seen)) == 5
    assert (await answer(await client.get(f"{USERS}?page=9", headers=ada)))["users"] == []
    for query in ("page=0", "page=x", "page=99999999999", "per_page=1001"):
        await refused(await client.get(f"{USERS}?{query}", headers=ada), 400, "validation_failed")


async def test_a_person_is_shown_and_changed(client, ada, database, cast):
    path = f"{USERS}/{cast.tess.user_id}"
    session = await sign_in(client, "tess")
    change = {"email": "Tessa@callx.example", "password": "another good one", "user_metadata": {"shift": "late"}}
    changed = await answer(await client.put(path, json=change, headers=ada))
    assert changed["email"] == "tessa@callx.example"
    assert changed["user_metadata"] == {"full_name": "Tess", "shift": "late"}
    assert await answer(await client.get(path, headers=ada)) == changed
    assert (await client.get("/auth/v1/user", headers=bearer(session))).status == 403, "a new password ends logins"
    await sign_in(client, "tessa", "another good one")
    await answer(await client.put(path, json={"user_metadata": {"shift": None}}, headers=ada))
    [first, _] = await noted(database, "person.changed")
    assert first["details"] == {
        "columns": ["email", "password", "user_metadata"],
        "changed": {"email": ["tess@callx.example", "tessa@callx.example"]},
    }
    assert "another good one" not in str(dict(first))
    await refused(await client.put(path, json={"email": "theo@callx.example"}, headers=ada), 422, "email_exists")


async def test_nobody_is_told_as_nobody(client, ada):
    for name in (UUID(int=1), "x"):
        for method in ("GET", "PUT", "DELETE"):
            response = await client.request(method, f"{USERS}/{name}", json={}, headers=ada)
            await refused(response, 404, "user_not_found")


async def test_a_deactivated_person_is_out_at_the_next_request(client, ada, database, cast):
    session = await sign_in(client, "tess")
    path = f"{USERS}/{cast.tess.user_id}"
    banned = await answer(await client.put(path, json={"ban_duration": "876000h"}, headers=ada))
    assert banned["banned_until"] > "2100"
    assert (await client.get("/rest/v1/profiles", headers=bearer(session))).status == 401
    await refused(await client.get("/auth/v1/user", headers=bearer(session)), 403, "session_not_found")
    again = {"email": "tess@callx.example", "password": PASSWORD}
    await refused(await client.post("/auth/v1/token?grant_type=password", json=again), 400, "user_banned")
    back = await answer(await client.put(path, json={"ban_duration": "none"}, headers=ada))
    assert "banned_until" not in back
    assert (await client.get("/rest/v1/profiles", headers=bearer(session))).status == 401, "old logins stay ended"
    await sign_in(client, "tess")
    for action in ("person.deactivated", "person.reactivated"):
        [event] = await noted(database, action)
        assert (event["actor_id"], event["subject_id"]) == (cast.ada.user_id, cast.tess.user_id)


async def test_the_last_admin_stays(client, ada, service, cast):
    path = f"{USERS}/{cast.ada.user_id}"
    for headers in (ada, service):
        await refused(await client.put(path, json={"ban_duration": "876000h"}, headers=headers), 409, "last_admin")
        await refused(await client.delete(path, headers=headers), 409, "last_admin")
    for roles in ("user_roles?role=eq.admin", "user_roles?user_id=not.is.null"):
        response = await client.delete(f"/rest/v1/{roles}", headers=ada)
        assert response.status >= 400
    report = await answer(await import_csv(client, ada, "email,roles\nada@callx.example,manager\n"), 422)
    assert report["rows"][0]["errors"] == [{"column": "roles", "reason": "The last admin stays an admin."}]


async def test_two_admins_who_deactivate_each_other_at_once_leave_one(client, ada, database, cast):
    async with database.acting_as_service() as tx:
        await hire(tx, "iris", IRIS, "admin")
        stored = await tx.fetchval("select encrypted_password from auth.users where id = $1", cast.ada.user_id)
        await tx.execute("update auth.users set encrypted_password = $2 where id = $1", IRIS.user_id, stored)
    iris = bearer(await sign_in(client, "iris"))
    statuses = sorted(
        response.status
        for response in await asyncio.gather(
            client.put(f"{USERS}/{IRIS.user_id}", json={"ban_duration": "876000h"}, headers=ada),
            client.put(f"{USERS}/{cast.ada.user_id}", json={"ban_duration": "876000h"}, headers=iris),
        )
    )
    assert statuses[0] == 200
    assert statuses[1] in (401, 409)


async def test_a_person_is_deleted(client, ada, cast):
    path = f"{USERS}/{cast.tess.user_id}"
    soft = await client.delete(path, json={"should_soft_delete": True}, headers=ada)
    await refused(soft, 422, "validation_failed")
    assert await answer(await client.delete(path, json={"should_soft_delete": False}, headers=ada)) == {}
    assert (await client.get(path, headers=ada)).status == 404


async def test_roles_and_teams_are_plain_tables_for_admins(client, ada, database, cast):
    role = {"user_id": str(cast.tess.user_id), "role": "manager"}
    mira = bearer(await sign_in(client, "mira"))
    assert (await client.post("/rest/v1/user_roles", json=role, headers=mira)).status == 403
    assert (await client.post("/rest/v1/user_roles", json=role, headers=ada)).status == 201
    [*_, event] = await noted(database, "role.granted")
    assert (event["actor_id"], event["details"], len(event["request_id"])) == (
        cast.ada.user_id,
        {"role": "manager"},
        16,
    )
    listed = await answer(await client.get("/rest/v1/audit_events?actor_id=not.is.null", headers=ada))
    assert [each["action"] for each in listed] == ["role.granted"]
    assert (await client.get("/rest/v1/audit_events", headers=mira)).status == 403


async def test_a_dry_run_says_what_would_happen_and_does_nothing(client, ada, database):
    report = await answer(await import_csv(client, ada, FILE, dry_run="true"))
    assert (report["dry_run"], report["applied"]) == (True, False)
    assert report["counts"] == {"create": 2, "update": 1, "unchanged": 0, "error": 0}
    assert report["rows"][2] == {
        "row": 4, "email": "tess@callx.example", "outcome": "update", "changes": ["manager_email"], "errors": [],
    }  # fmt: skip
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select count(*) from auth.users") == 5


async def test_an_import_is_done_once(client, ada, database, cast):
    first = await answer(await import_csv(client, ada, "\ufeff" + FILE))
    assert first["applied"]
    second = await answer(await import_csv(client, ada, FILE))
    assert second["counts"] == {"create": 0, "update": 0, "unchanged": 3, "error": 0}
    async with database.acting_as_service() as tx:
        teams = await tx.fetch(
            """select t.full_name as trainee, m.full_name as manager, t.email, u.encrypted_password
               from public.manager_assignments a join public.profiles t on t.id = a.trainee_id
               join public.profiles m on m.id = a.manager_id join auth.users u on u.id = t.id order by 1"""
        )
        roles = await tx.fetch(
            """select r.role from public.user_roles r join public.profiles p on p.id = r.user_id
               where p.email = 'max@callx.example'"""
        )
    assert [(row["trainee"], row["manager"]) for row in teams] == [
        ("Nora New", "Max Moss"), ("Tess", "Max Moss"), ("Theo", "Otto"),
    ]  # fmt: skip
    assert teams[0]["encrypted_password"] is None
    assert [row["role"] for row in roles] == ["manager"]
    events = [event for action in ("person.created", "role.granted", "manager.assigned", "manager.removed")
              for event in await noted(database, action) if event["actor_id"]]  # fmt: skip
    assert {event["actor_id"] for event in events} == {cast.ada.user_id}
    assert len({event["request_id"] for event in events}) == 1
    assert len(events) == 2 + 1 + 2 + 1


async def test_one_wrong_row_keeps_all_from_happening_unless_it_is_skipped(client, ada, database):
    wrong = FILE + "nobody;;boss;\n"
    report = await answer(await import_csv(client, ada, wrong), 422)
    assert (report["code"], report["applied"]) == ("rows_have_errors", False)
    assert [error["column"] for error in report["rows"][3]["errors"]] == ["email", "roles"]
    assert await noted(database, "person.created") == []
    report = await answer(await import_csv(client, ada, wrong, skip_errors="true"))
    assert report["applied"]
    assert report["counts"] == {"create": 2, "update": 1, "unchanged": 0, "error": 1}
    assert len(await noted(database, "person.created")) == 2


async def test_a_form_is_taken_and_a_csv_given_back(client, ada):
    form = aiohttp.FormData()
    form.add_field("note", "hello")
    form.add_field("file", FILE.encode(), filename="people.csv", content_type="application/vnd.ms-excel")
    response = await client.post(f"{IMPORT}?dry_run=1", data=form, headers=ada | {"Accept": "text/csv"})
    assert response.content_type == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    assert (await response.text()).splitlines()[1] == "2,nora@callx.example,create,,"


async def test_uploads_that_are_none_are_told(client, ada):
    await refused(await import_csv(client, ada, FILE.replace("Moss", "Müß").encode("latin-1")), 400, "not_utf8")
    await refused(await import_csv(client, ada, b""), 400, "missing_column")
    await refused(await import_csv(client, ada, b"x" * (2 * 1024 * 1024 + 1)), 413, "too_large")
    empty = aiohttp.FormData()
    empty.add_field("note", "hello")
    await refused(await client.post(IMPORT, data=empty(), headers=ada), 400, "missing_column")
    no_header = b'--b\r\nContent-Disposition: form-data; name="\x1e"\r\n\r\nx\r\n--b--\r\n'
    for body, kind in (
        (b"x", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=b"),
        (no_header, "multipart/form-data; boundary=b"),
    ):
        response = await client.post(IMPORT, data=body, headers=ada | {"Content-Type": kind})
        assert response.status == 400


async def test_two_imports_of_the_same_people_take_turns(client, ada):
    reports = await asyncio.gather(*(import_csv(client, ada, FILE) for _ in range(3)))
    created = sorted([(await answer(report))["counts"]["create"] for report in reports])
    assert created == [0, 0, 2]


@pytest.mark.slow
async def test_five_thousand_people_are_taken_in_one_go(client, ada, database):
    lines = ["email,full_name,roles,manager_email"]
    lines += [f"m{number}@callx.example,Manager {number},manager," for number in range(100)]
    lines += [f"t{number}@callx.example,Trainee {number},,m{number % 100}@callx.example" for number in range(4_900)]
    for counted in ("create", "unchanged"):
        started = time.perf_counter()
        report = await answer(await import_csv(client, ada, "\n".join(lines)))
        assert time.perf_counter() - started < MOST_SECONDS
        assert report["counts"][counted] == 5_000
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select broken_at from callx.verify_audit()") is None


async def test_the_real_supabase_js_manages_people(supabase_js, aiohttp_server, database, cast):
    server = await aiohttp_server(wires(database, SystemClock()))
    key = TokenIssuer(SECRET, SystemClock()).api_key("service_role")
    status, output = await supabase_js.run("node", "people.mjs", str(server.make_url("")).rstrip("/"), key)
    assert status == 0, output
    seen = json.loads(output)
    assert seen == {
        "created": "new@callx.example",
        "taken": "email_exists",
        "listed": {"users": 4, "total": 6, "nextPage": 2, "lastPage": 2},
        "banned": True,
        "unbanned": None,
        "found": "new@callx.example",
        "deleted": None,
        "gone": "user_not_found",
    }
