"""Tokens that are no good: each is refused with the wire's own code, and an outage is nobody's fault."""

from datetime import timedelta

import jwt
import pytest

from core.db import connect
from core.secrets import Secrets
from core.tokens import ALGORITHM, TokenIssuer
from tests.app.support.asks import VERSION, change, post, refused
from tests.app.support.wires import SECRET, bearer, sign_in, wires

KEY = SECRET.derive("access-token")


CHANGED_CLAIMS = {
    "expired": lambda now: {"exp": now - 1},
    "not yet valid": lambda now: {"nbf": now + 60},
    "another audience": lambda now: {"aud": "storage"},
    "no audience": lambda now: {"aud": None},
    "another issuer": lambda now: {"iss": "somebody"},
    "no subject": lambda now: {"sub": None},
    "an unknown role": lambda now: {"role": "callx_admin"},
}
OTHER_SIGNATURES = {
    "unsigned": ("", "none"),
    "another key": (Secrets("another master secret that is long enough").derive("access-token"), ALGORITHM),
    "the key of another purpose": (SECRET.derive("recording-link"), ALGORITHM),
    "another algorithm": (KEY, "HS384"),
}


def forged(claims, kind):
    """The token's claims, signed or dated as `kind` says."""
    key, algorithm = OTHER_SIGNATURES.get(kind, (KEY, ALGORITHM))
    changed = CHANGED_CLAIMS[kind](claims["iat"]) if kind in CHANGED_CLAIMS else {}
    kept = {name: value for name, value in {**claims, **changed}.items() if value is not None}
    return jwt.encode(kept, key, algorithm=algorithm)


@pytest.mark.parametrize("kind", [*OTHER_SIGNATURES, *CHANGED_CLAIMS])
async def test_a_token_that_is_no_good_opens_nothing(open_client, kind):
    session = await sign_in(open_client, "tess")
    claims = jwt.decode(session["access_token"], options={"verify_signature": False})
    headers = VERSION | {"Authorization": f"Bearer {forged(claims, kind)}"}
    for method, path in (("get", "user"), ("put", "user"), ("get", "logins"), ("post", "logout")):
        await refused(await open_client.request(method, f"/auth/v1/{path}", headers=headers), 403, "bad_jwt")
    response = await open_client.get("/rest/v1/products", headers=headers)
    assert response.status == 401
    assert (await response.json())["code"] in ("PGRST301", "PGRST303")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_the_same_token_untouched_is_good(open_client):
    session = await sign_in(open_client, "tess")
    assert (await open_client.get("/auth/v1/user", headers=bearer(session))).status == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic dGVzczp4", "Bearer a.b.c", "Bearer " + "x" * 8_100])
async def test_a_malformed_header_is_refused(open_client, header):
    await refused(await open_client.get("/auth/v1/user", headers=VERSION | {"Authorization": header}), 403, "bad_jwt")


async def test_a_refresh_token_used_twice_ends_its_whole_login(open_client, clock):
    session = await sign_in(open_client, "tess")
    path, body = "token?grant_type=refresh_token", {"refresh_token": session["refresh_token"]}
    renewed = await (await post(open_client, path, body)).json()
    clock.advance(11_000)
    await refused(await post(open_client, path, body), 400, "refresh_token_already_used")
    newest = {"refresh_token": renewed["refresh_token"]}
    await refused(await post(open_client, path, newest), 400, "refresh_token_not_found")
    await refused(await open_client.get("/auth/v1/user", headers=VERSION | bearer(renewed)), 403, "session_not_found")


async def test_a_refresh_token_is_no_bearer_and_an_access_token_no_refresh_token(open_client):
    session = await sign_in(open_client, "tess")
    headers = VERSION | {"Authorization": f"Bearer {session['refresh_token']}"}
    await refused(await open_client.get("/auth/v1/user", headers=headers), 403, "bad_jwt")
    body = {"refresh_token": session["access_token"]}
    await refused(await post(open_client, "token?grant_type=refresh_token", body), 400, "refresh_token_not_found")


async def test_a_service_key_changes_no_account(open_client, clock):
    key = TokenIssuer(SECRET, clock).api_key("service_role")
    headers = VERSION | {"apikey": key, "Authorization": f"Bearer {key}"}
    await refused(await open_client.put("/auth/v1/user", json={}, headers=headers), 401, "no_authorization")


@pytest.mark.parametrize("whose", ["nobody's", "somebody else's", "none"])
async def test_a_token_whose_login_is_not_there_opens_nothing(open_client, clock, cast, database, whose):
    theo = await sign_in(open_client, "theo")
    of_theo = jwt.decode(theo["access_token"], options={"verify_signature": False})["session_id"]
    claims = {"role": "authenticated", "sub": str(cast.tess.user_id), "session_id": str(cast.tess.user_id)}
    if whose == "somebody else's":
        claims["session_id"] = of_theo
    elif whose == "none":
        del claims["session_id"]
    token = TokenIssuer(SECRET, clock).sign(claims, lifetime=timedelta(hours=1))
    expected = "bad_jwt" if whose == "none" else "session_not_found"
    await refused(await change(open_client, {"access_token": token}, data={}), 403, expected)
    response = await open_client.get("/rest/v1/products", headers=bearer({"access_token": token}))
    assert response.status == 401
    assert (await response.json())["code"] in ("PGRST301", "PGRST303")


async def test_an_outage_is_a_5xx_everywhere_and_logs_nobody_out(open_client, database):
    session = await sign_in(open_client, "tess")
    await database.close()
    email = {"email": "tess@callx.example"}
    for response in (
        await post(open_client, "token?grant_type=password", email | {"password": "correct horse"}),
        await post(open_client, "token?grant_type=refresh_token", {"refresh_token": session["refresh_token"]}),
        await post(open_client, "token?grant_type=pkce", {"auth_code": "x", "code_verifier": "y"}),
        await post(open_client, "signup", email | {"password": "staple battery"}),
        await post(open_client, "recover", email),
        await post(open_client, "resend", email | {"type": "signup"}),
        await post(open_client, "verify", {"type": "recovery", "token_hash": "x"}),
        await post(open_client, "verify", email | {"type": "recovery", "token": "123456"}),
        await open_client.get("/auth/v1/user", headers=VERSION | bearer(session)),
        await open_client.get("/auth/v1/logins", headers=VERSION | bearer(session)),
        await open_client.get("/auth/v1/reauthenticate", headers=VERSION | bearer(session)),
        await change(open_client, session, data={"full_name": "T"}),
        await post(open_client, "logout", {}, session),
    ):
        await refused(response, 503, "database_unavailable")
    for response in (
        await open_client.get("/rest/v1/products", headers=bearer(session)),
        await open_client.get("/storage/v1/object/lesson-videos/a.mp4", headers=bearer(session)),
    ):
        assert response.status == 503
    followed = await open_client.get("/auth/v1/verify?token=x&type=signup", allow_redirects=False)
    assert "error=server_error" in followed.headers["Location"]


async def test_a_login_outlives_an_outage(open_client, aiohttp_client, database, server_dsn, clock):
    session = await sign_in(open_client, "tess")
    await database.close()
    body = {"refresh_token": session["refresh_token"]}
    await refused(await post(open_client, "token?grant_type=refresh_token", body), 503, "database_unavailable")
    healed = await connect(server_dsn, pool_size=2)
    client = await aiohttp_client(wires(healed, clock))
    renewed = await post(client, "token?grant_type=refresh_token", body)
    assert renewed.status == 200
    assert (await client.get("/auth/v1/user", headers=bearer(session))).status == 200
    await healed.close()
