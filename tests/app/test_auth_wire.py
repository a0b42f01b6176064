import asyncio
from datetime import timedelta

import jwt
import pytest
from argon2 import PasswordHasher

from accounts.wire.limits import Limits
from core.clock import Clock
from core.rate_limits import Rate
from core.tokens import TokenIssuer
from tests.app.support.wires import PASSWORD, SECRET, Client, bearer, give_passwords, sign_in, wires

VERSION = {"X-Supabase-Api-Version": "2024-01-01"}
MINUTE_MS = 60_000


@pytest.fixture
async def client(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    return await aiohttp_client(wires(database, clock))


async def password_grant(client: Client, email, password):
    return await client.post(
        "/auth/v1/token?grant_type=password", json={"email": email, "password": password}, headers=VERSION
    )


async def refresh(client: Client, token):
    return await client.post("/auth/v1/token?grant_type=refresh_token", json={"refresh_token": token}, headers=VERSION)


async def refused(response, status, code):
    body = await response.json()
    assert (response.status, body["code"], body["error_code"]) == (status, code, code)
    assert body["message"] == body["msg"]
    assert response.headers["X-Supabase-Api-Version"] == "2024-01-01"
    return body


async def test_a_sign_in_answers_the_session_object(client, cast, clock):
    session = await sign_in(client, "tess")
    assert session["token_type"] == "bearer"
    assert session["expires_in"] == 3_600
    assert session["expires_at"] == int(clock.now().timestamp()) + 3_600
    assert session["user"]["id"] == str(cast.tess.user_id)
    assert session["user"]["user_metadata"] == {"full_name": "Tess"}
    assert session["user"]["last_sign_in_at"] == clock.now().isoformat()
    claims = jwt.decode(session["access_token"], options={"verify_signature": False})
    assert {name: claims[name] for name in ("sub", "aud", "role", "email", "phone", "aal", "is_anonymous")} == {
        "sub": str(cast.tess.user_id),
        "aud": "authenticated",
        "role": "authenticated",
        "email": "tess@callx.example",
        "phone": "",
        "aal": "aal1",
        "is_anonymous": False,
    }
    assert claims["amr"] == [{"method": "password", "timestamp": int(clock.now().timestamp())}]
    assert claims["exp"] - claims["iat"] == 3_600


async def test_the_address_is_compared_without_case(client):
    assert (await password_grant(client, "  Tess@CallX.example", PASSWORD)).status == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("tess@callx.example", "wrong"),
        ("nobody@callx.example", PASSWORD),
        ("\0", PASSWORD),
        ("\ud800", PASSWORD),
        ("tess@callx.example", "\ud800"),
        ("tess@callx.example", "x" * 10_000),
    ],
)
async def test_wrong_password_and_unknown_person_are_told_alike(client, email, password):
    body = await refused(await password_grant(client, email, password), 400, "invalid_credentials")
    assert body["message"] == "Invalid login credentials"


async def test_somebody_without_a_password_cannot_sign_in(client, database, cast):
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set encrypted_password = null where id = $1", cast.tess.user_id)
    await refused(await password_grant(client, "tess@callx.example", PASSWORD), 400, "invalid_credentials")


async def test_somebody_deactivated_cannot_sign_in_or_refresh(client, database, cast, clock):
    session = await sign_in(client, "tess")
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", cast.tess.user_id)
    await refused(await password_grant(client, "tess@callx.example", PASSWORD), 400, "user_banned")
    await refused(await refresh(client, session["refresh_token"]), 400, "refresh_token_not_found")
    await refused(await client.get("/auth/v1/user", headers=VERSION | bearer(session)), 403, "session_not_found")


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"email": 1, "password": "x"}', b"\xff"])
async def test_a_bad_body_is_told(client, body):
    response = await client.post("/auth/v1/token?grant_type=password", data=body, headers=VERSION)
    assert response.status == 400
    assert (await response.json())["error_code"] in ("bad_json", "validation_failed")


async def test_other_grants_are_refused(client):
    response = await client.post("/auth/v1/token?grant_type=id_token", json={}, headers=VERSION)
    await refused(response, 400, "validation_failed")


async def test_a_password_is_hashed_anew_when_the_parameters_changed(client, database, cast):
    old = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash(PASSWORD)
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set encrypted_password = $2 where id = $1", cast.tess.user_id, old)
    await sign_in(client, "tess")
    async with database.acting_as_service() as tx:
        after = await tx.fetchval("select encrypted_password from auth.users where id = $1", cast.tess.user_id)
    assert "t=1" in after
    await sign_in(client, "tess")


async def test_the_user_is_shown_to_its_token(client, cast):
    session = await sign_in(client, "tess")
    response = await client.get("/auth/v1/user", headers=bearer(session))
    assert response.status == 200
    assert await response.json() == session["user"]


async def test_nobody_without_a_token_is_shown(client):
    await refused(await client.get("/auth/v1/user", headers=VERSION), 401, "no_authorization")
    key = {"apikey": "sb_publishable_x", "Authorization": "Bearer sb_publishable_x"}
    await refused(await client.get("/auth/v1/user", headers=VERSION | key), 401, "no_authorization")


async def test_an_expired_and_a_forged_token_are_told(client, clock):
    session = await sign_in(client, "tess")
    forged = session["access_token"][:-4] + "AAAA"
    headers = VERSION | {"Authorization": f"Bearer {forged}"}
    await refused(await client.get("/auth/v1/user", headers=headers), 403, "bad_jwt")
    clock.advance(3_600_000)
    await refused(await client.get("/auth/v1/user", headers=VERSION | bearer(session)), 403, "bad_jwt")


async def test_a_refresh_gives_a_new_pair(client, clock):
    first = await sign_in(client, "tess")
    clock.advance(MINUTE_MS)
    response = await refresh(client, first["refresh_token"])
    second = await response.json()
    assert response.status == 200
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert (await client.get("/auth/v1/user", headers=bearer(second))).status == 200


async def test_tabs_that_refresh_at_once_all_stay_signed_in(client, clock):
    first = await sign_in(client, "tess")
    responses = await asyncio.gather(*(refresh(client, first["refresh_token"]) for _ in range(4)))
    assert [response.status for response in responses] == [200] * 4
    tokens = {(await response.json())["refresh_token"] for response in responses}
    assert len(tokens) == 4
    for token in tokens:
        assert (await refresh(client, token)).status == 200


async def test_a_used_token_works_within_its_grace_and_then_ends_the_login(client, clock):
    first = await sign_in(client, "tess")
    second = await (await refresh(client, first["refresh_token"])).json()
    clock.advance(10_000)
    assert (await refresh(client, first["refresh_token"])).status == 200
    clock.advance(1)
    await refused(await refresh(client, first["refresh_token"]), 400, "refresh_token_already_used")
    await refused(await refresh(client, second["refresh_token"]), 400, "refresh_token_not_found")
    await refused(await client.get("/auth/v1/user", headers=VERSION | bearer(second)), 403, "session_not_found")


async def test_reuse_ends_that_login_only(client, clock):
    phone, laptop = await sign_in(client, "tess"), await sign_in(client, "tess")
    await refresh(client, phone["refresh_token"])
    clock.advance(MINUTE_MS)
    await refresh(client, phone["refresh_token"])
    assert (await refresh(client, laptop["refresh_token"])).status == 200


async def test_a_refresh_token_expires(client, clock):
    session = await sign_in(client, "tess")
    clock.advance(30 * 24 * 60 * MINUTE_MS)
    await refused(await refresh(client, session["refresh_token"]), 400, "refresh_token_not_found")


@pytest.mark.parametrize("token", ["unknown", "\0", "\ud800"])
async def test_an_unknown_refresh_token_is_refused(client, token):
    await refused(await refresh(client, token), 400, "refresh_token_not_found")


async def test_refresh_tokens_are_not_stored(client, database):
    session = await sign_in(client, "tess")
    async with database.acting_as_service() as tx:
        stored = await tx.fetchval("select string_agg(t::text, ' ') from auth.refresh_tokens t")
    assert session["refresh_token"] not in stored
    assert session["refresh_token"].encode().hex() not in stored


@pytest.mark.parametrize(
    ("scope", "alive"),
    [("local", ["others"]), ("others", ["own"]), ("global", [])],
)
async def test_signing_out_ends_the_logins_of_its_scope(client, scope, alive):
    sessions = {"own": await sign_in(client, "tess"), "others": await sign_in(client, "tess")}
    bystander = await sign_in(client, "theo")
    response = await client.post(f"/auth/v1/logout?scope={scope}", headers=bearer(sessions["own"]))
    assert (response.status, await response.read()) == (204, b"")
    for name, session in sessions.items():
        assert (await refresh(client, session["refresh_token"])).status == (200 if name in alive else 400)
    assert (await refresh(client, bystander["refresh_token"])).status == 200


async def test_an_unknown_scope_is_refused(client):
    session = await sign_in(client, "tess")
    response = await client.post("/auth/v1/logout?scope=all", headers=VERSION | bearer(session))
    await refused(response, 400, "validation_failed")


async def test_the_service_key_is_no_person(client, clock: Clock):
    key = TokenIssuer(SECRET, clock).api_key("service_role")
    headers = VERSION | {"apikey": key, "Authorization": f"Bearer {key}"}
    await refused(await client.get("/auth/v1/user", headers=headers), 401, "no_authorization")


async def test_a_token_whose_login_never_was_is_refused(client, clock, cast):
    claims = {"role": "authenticated", "sub": str(cast.tess.user_id), "session_id": str(cast.tess.user_id)}
    token = TokenIssuer(SECRET, clock).sign(claims, lifetime=timedelta(hours=1))
    headers = VERSION | {"Authorization": f"Bearer {token}"}
    await refused(await client.get("/auth/v1/user", headers=headers), 403, "session_not_found")


async def test_guessing_passwords_is_limited_and_right_ones_do_not_count_there(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    limits = Limits(sign_in_by_account=Rate("account", burst=3, refill_ms=MINUTE_MS))
    client = await aiohttp_client(wires(database, clock, limits=limits))
    for _ in range(5):
        await sign_in(client, "tess")
    for _ in range(3):
        await refused(await password_grant(client, "tess@callx.example", "wrong"), 400, "invalid_credentials")
    limited = await password_grant(client, "TESS@callx.example", PASSWORD)
    await refused(limited, 429, "over_request_rate_limit")
    await sign_in(client, "theo")
    clock.advance(MINUTE_MS)
    await sign_in(client, "tess")


async def test_a_program_that_signs_in_over_and_over_is_stopped_whoever_guesses_meanwhile(
    aiohttp_client, database, cast, clock
):
    await give_passwords(database, cast)
    limits = Limits(sign_ins_by_account=Rate("sign-ins", burst=3, refill_ms=MINUTE_MS))
    client = await aiohttp_client(wires(database, clock, limits=limits))
    for _ in range(5):
        await refused(await password_grant(client, "tess@callx.example", "wrong"), 400, "invalid_credentials")
    for _ in range(3):
        await sign_in(client, "tess")
    await refused(await password_grant(client, "Tess@callx.example", PASSWORD), 429, "over_request_rate_limit")
    await sign_in(client, "theo")
    clock.advance(MINUTE_MS)
    await sign_in(client, "tess")


async def test_guesses_at_the_same_moment_count(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    limits = Limits(sign_in_by_address=Rate("address", burst=3, refill_ms=MINUTE_MS))
    client = await aiohttp_client(wires(database, clock, limits=limits))
    guesses = (password_grant(client, f"{number}@callx.example", "wrong") for number in range(10))
    statuses = [response.status for response in await asyncio.gather(*guesses)]
    assert (statuses.count(400), statuses.count(429)) == (3, 7)


async def test_a_database_that_is_gone_is_never_the_clients_fault(client, database):
    session = await sign_in(client, "tess")
    await database.close()
    for response in (
        await password_grant(client, "tess@callx.example", PASSWORD),
        await refresh(client, session["refresh_token"]),
        await client.get("/auth/v1/user", headers=VERSION | bearer(session)),
    ):
        await refused(response, 503, "database_unavailable")


async def test_what_needs_no_database_is_served(client):
    assert (await (await client.get("/auth/v1/.well-known/jwks.json")).json()) == {"keys": []}
    assert (await (await client.get("/auth/v1/settings")).json())["external"]["email"] is True
    assert (await client.get("/auth/v1/health")).status == 200


async def test_an_unknown_address_has_the_shape_of_this_wire(client):
    await refused(await client.get("/auth/v1/nothing", headers=VERSION), 404, "no_such_address")


async def test_a_preflight_of_an_allowed_page_is_answered(client):
    headers = {"Origin": "https://front.example", "Access-Control-Request-Method": "POST"}
    response = await client.options("/auth/v1/token", headers=headers)
    assert response.status == 204
    assert response.headers["Access-Control-Allow-Origin"] == "https://front.example"
    assert "x-supabase-api-version" in response.headers["Access-Control-Allow-Headers"]
    assert int(response.headers["Access-Control-Max-Age"]) > 0


async def test_errors_too_may_be_read_by_an_allowed_page_only(client):
    for origin, allowed in (("https://front.example", "https://front.example"), ("https://evil.example", None)):
        response = await client.get("/auth/v1/user", headers={"Origin": origin})
        assert response.status == 401
        assert response.headers.get("Access-Control-Allow-Origin") == allowed
        assert response.headers["Vary"] == "Origin"
