"""Holes 19, 20 and 27 to 30 of the specification, tried over the wire."""

import asyncio
from uuid import uuid4

import jwt
import pytest
from argon2 import PasswordHasher

from accounts.sign_in.passwords import Passwords
from accounts.wire.limits import Limits
from core.rate_limits import Rate
from core.settings import Settings
from tests.app.support.asks import STRONG, VERSION, change, follow, post, refused, session_in, sign_up
from tests.app.support.postman import fragment_of, link_in, query_of, token_in
from tests.app.support.wires import PASSWORD, SECRET, bearer, give_passwords, sign_in, wires
from voice.recording_links import RecordingLinks

TESS, NOBODY = "tess@callx.example", "nobody@callx.example"


async def test_hole_19_the_role_comes_from_the_metadata(open_client, database, postman):
    wanted = {"full_name": "Eve", "role": "admin", "roles": ["admin"], "app_metadata": {"role": "admin"}}
    await sign_up(open_client, "eve@callx.example", data=wanted)
    [mail] = await postman.deliver()
    session = await session_in(await post(open_client, "verify", {"type": "signup", "token_hash": token_in(mail)}))
    assert (await change(open_client, session, data={"role": "admin"})).status == 200
    rows = await (await open_client.get("/rest/v1/user_roles?select=role", headers=bearer(session))).json()
    assert rows == [{"role": "trainee"}]


async def test_hole_20_the_profile_says_what_its_owner_likes(open_client, cast):
    session = await sign_in(open_client, "tess")
    for column, value in (("email", "x@callx.example"), ("id", str(cast.theo.user_id))):
        path = f"/rest/v1/profiles?id=eq.{cast.tess.user_id}"
        response = await open_client.patch(path, json={column: value}, headers=bearer(session))
        assert response.status in (403, 405)
    assert (await change(open_client, session, email="x@callx.example")).status == 200
    rows = await (await open_client.get("/rest/v1/profiles?select=email", headers=bearer(session))).json()
    assert rows == [{"email": TESS}]


async def test_hole_27_a_link_to_a_recording_signs_somebody_in(open_client, cast, clock):
    links = RecordingLinks(SECRET.derive("recording-link"))
    call_id, now_s = uuid4(), int(clock.now().timestamp())
    token, _ = links.token(call_id, cast.tess, now_s)
    assert links.opened_by(token, call_id, now_s)
    for bearer_token in (token, token.partition(".")[2]):
        headers = VERSION | {"Authorization": f"Bearer {bearer_token}"}
        await refused(await open_client.get("/auth/v1/user", headers=headers), 403, "bad_jwt")
        read = await open_client.get("/rest/v1/products", headers=headers)
        assert read.status == 401
    session = await sign_in(open_client, "tess")
    assert not links.opened_by(session["access_token"], call_id, 0)
    claims = jwt.decode(session["access_token"], options={"verify_signature": False})
    by_that_key = jwt.encode(claims, SECRET.derive("recording-link"), algorithm="HS256")
    headers = VERSION | {"Authorization": f"Bearer {by_that_key}"}
    await refused(await open_client.get("/auth/v1/user", headers=headers), 403, "bad_jwt")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "https://front.example.evil.example",
        "https://front.example@evil.example",
        "//evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "https://front.example:8443",
        "http://front.example",
        "https://front.example\\@evil.example",
    ],
)
async def test_hole_28_a_link_in_a_letter_leads_anywhere(open_client, postman, target):
    response = await open_client.post("/auth/v1/recover", params={"redirect_to": target}, json={"email": TESS})
    assert response.status == 200
    [mail] = await postman.deliver()
    assert "evil" not in mail.text + mail.html
    assert "evil" not in (await (await open_client.get(link_in(mail)[len("https://callx.example") :])).text())
    tampered = query_of(link_in(mail)) | {"redirect_to": target}
    location = await follow(open_client, **tampered)
    assert location.startswith("https://callx.example#access_token=")


async def test_hole_28_a_mail_scanner_uses_the_link_up(open_client, postman):
    await post(open_client, "recover", {"email": TESS})
    [mail] = await postman.deliver()
    for _ in range(3):  # a scanner opens what stands in the letter
        opened = await open_client.get(link_in(mail)[len("https://callx.example") :], allow_redirects=False)
        assert opened.status == 200
    assert "access_token" in fragment_of(await follow(open_client, **query_of(link_in(mail))))


async def shown(response):
    """Status and body, without what differs between any two answers."""
    body = await response.json()
    for name in ("id", "identities", "created_at", "updated_at", "request_id"):
        if name in body:
            assert body[name]
            body[name] = "…"
    headers = {name for name in response.headers if name not in ("X-Request-Id", "Date", "Content-Length")}
    return response.status, body, headers


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("signup", {"password": STRONG}),
        ("signup", {"password": "short"}),
        ("recover", {}),
        ("resend", {"type": "signup"}),
        ("resend", {"type": "email_change"}),
        ("token?grant_type=password", {"password": STRONG}),
        ("verify", {"type": "recovery", "token": "123456"}),
        ("verify", {"type": "signup", "token": "123456"}),
        ("otp", {}),
    ],
)
async def test_hole_29_answers_tell_who_has_an_account(open_client, path, more):
    answers = []
    for email in (TESS, "ghos@callx.example"):  # as long as the other
        answers.append(await shown(await post(open_client, path, {"email": email} | more)))
        for part in answers[-1][1]:
            if answers[-1][1][part] == email:
                answers[-1][1][part] = "…"
    assert answers[0] == answers[1]


async def test_hole_29_identities_tell_who_has_an_account(open_client):
    for email in (TESS, NOBODY):
        user = await (await sign_up(open_client, email)).json()
        assert [identity["user_id"] for identity in user["identities"]] == [user["id"]]


class CountingHasher(PasswordHasher):
    """Says how much work was done."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=64, parallelism=1)
        self.work: list[str] = []

    def hash(self, password, **options):
        self.work.append("hash")
        return super().hash(password, **options)

    def verify(self, stored, password):
        self.work.append("verify")
        return super().verify(stored, password)


@pytest.mark.parametrize(
    ("path", "more", "work"),
    [
        ("token?grant_type=password", {"password": "wrong"}, ["verify"]),
        ("signup", {"password": STRONG}, ["hash"]),
        ("signup", {"password": "short"}, []),
        ("recover", {}, []),
        ("resend", {"type": "signup"}, []),
        ("verify", {"type": "recovery", "token": "123456"}, []),
    ],
)
async def test_hole_29_the_work_tells_who_has_an_account(aiohttp_client, database, cast, clock, path, more, work):
    """What takes long is argon2: it is done alike for both. Whether letters go out is decided later, by a job."""
    await give_passwords(database, cast)
    hasher = CountingHasher()
    settings, passwords = Settings(sign_up="open"), Passwords(hasher=hasher)
    client = await aiohttp_client(wires(database, clock, settings=settings, passwords=passwords))
    for email in (TESS, NOBODY):
        hasher.work.clear()
        await post(client, path, {"email": email} | more)
        assert hasher.work == work


async def test_hole_29_asking_is_limited_by_account_and_by_address(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    limits = Limits(letters_by_account=Rate("account", burst=2, refill_ms=60_000))
    client = await aiohttp_client(wires(database, clock, limits=limits))
    for email in (TESS, NOBODY):
        statuses = [(await post(client, "recover", {"email": email})).status for _ in range(2)]
        limited = await post(client, "recover", {"email": email.upper()})
        assert statuses == [200, 200]
        await refused(limited, 429, "over_email_send_rate_limit")
        assert limited.headers["Retry-After"] == "60"


async def test_hole_30_a_stolen_login_changes_the_password(open_client, clock, postman):
    stolen = await sign_in(open_client, "tess")
    owners = await sign_in(open_client, "tess")
    clock.advance(20 * 60_000)
    await refused(await change(open_client, stolen, password="the thief's own"), 400, "reauthentication_needed")
    await change(open_client, stolen, email="thief@callx.example")
    to_thief, _ = await postman.deliver()
    await follow(open_client, **query_of(link_in(to_thief)))
    await sign_in(open_client, "tess")
    await change(open_client, owners, password=STRONG, current_password=PASSWORD)
    body = {"refresh_token": stolen["refresh_token"]}
    await refused(await post(open_client, "token?grant_type=refresh_token", body), 400, "refresh_token_not_found")
    await refused(await open_client.get("/auth/v1/user", headers=VERSION | bearer(stolen)), 403, "session_not_found")
    read = await open_client.get("/rest/v1/products", headers=bearer(stolen))
    assert read.status == 401


async def test_hole_30_a_sign_in_that_overlaps_the_change_keeps_the_old_password_alive(open_client):
    session = await sign_in(open_client, "tess")
    signing_in = [
        post(open_client, "token?grant_type=password", {"email": TESS, "password": PASSWORD}) for _ in range(4)
    ]
    changed, *answers = await asyncio.gather(change(open_client, session, password=STRONG), *signing_in)
    assert changed.status == 200
    for answer in answers:
        body = await answer.json()
        if answer.status == 200:
            response = await open_client.get("/auth/v1/user", headers=VERSION | bearer(body))
            await refused(response, 403, "session_not_found")
