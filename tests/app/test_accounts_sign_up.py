"""Signing up: nothing is told about who has an account, and no account is made for an address of another."""

from functools import reduce

import pytest

from core.settings import Settings
from tests.app.support.asks import STRONG, follow, post, refused, session_in, sign_up
from tests.app.support.postman import code_in, fragment_of, link_in, query_of, token_in
from tests.app.support.wires import give_passwords, sign_in, wires

NEW = "nina@callx.example"
DEEP: list[object] = reduce(lambda inner, _: [inner], range(900), [])


async def roles_of(database, email):
    async with database.acting_as_service() as tx:
        rows = await tx.fetch(
            "select r.role::text from public.user_roles r join auth.users u on u.id = r.user_id where u.email = $1",
            email,
        )
    return [row["role"] for row in rows]


async def test_an_account_is_made_when_its_address_is_confirmed(open_client, database, postman):
    response = await sign_up(open_client, " Nina@CallX.example ", data={"full_name": "Nina N."})
    user = await response.json()
    assert (response.status, user["email"], user["email_confirmed_at"]) == (200, NEW, None)
    assert "access_token" not in user
    assert await roles_of(database, NEW) == []
    [mail] = await postman.deliver()
    assert (mail.to, mail.subject) == (NEW, "Confirm your e-mail address")

    session = await session_in(await post(open_client, "verify", {"type": "signup", "token_hash": token_in(mail)}))
    assert session["user"]["id"] == user["id"]
    assert session["user"]["email_confirmed_at"]
    assert session["user"]["user_metadata"] == {"full_name": "Nina N."}
    assert await roles_of(database, NEW) == ["trainee"]
    await sign_in(open_client, "nina", STRONG)


async def test_the_code_of_the_letter_does_the_same(open_client, postman):
    await sign_up(open_client, NEW)
    [mail] = await postman.deliver()
    for kind in ("recovery", "email_change"):
        wrong_kind = {"type": kind, "email": NEW, "token": code_in(mail)}
        await refused(await post(open_client, "verify", wrong_kind), 403, "otp_expired")
    await session_in(await post(open_client, "verify", {"type": "email", "email": NEW, "token": code_in(mail)}))


async def test_the_link_leads_to_a_page_that_uses_nothing_up(open_client, postman):
    asked = "https://front.example/welcome"
    response = await open_client.post(f"/auth/v1/signup?redirect_to={asked}", json={"email": NEW, "password": STRONG})
    assert response.status == 200
    [mail] = await postman.deliver()
    given = query_of(link_in(mail))
    assert (given["type"], given["redirect_to"]) == ("signup", asked)
    for _ in range(3):
        page = await open_client.get("/auth/v1/confirm", params=given)
        text = await page.text()
        assert page.status == 200
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert given["token"] in text
        assert "<script" not in text
    assert (await open_client.head("/auth/v1/verify", params=given)).status == 405
    location = await follow(open_client, **given)
    assert location.startswith(f"{asked}#")
    tokens = fragment_of(location)
    assert tokens["type"] == "signup"
    assert tokens["token_type"] == "bearer"
    assert {"access_token", "refresh_token", "expires_in", "expires_at"} <= tokens.keys()
    again = fragment_of(await follow(open_client, **given))
    assert (again["error"], again["error_code"]) == ("access_denied", "otp_expired")


async def test_an_unconfirmed_sign_up_cannot_sign_in_and_is_told_so(open_client, postman):
    await sign_up(open_client, NEW)
    await postman.deliver()
    body = {"email": NEW, "password": STRONG}
    await refused(await post(open_client, "token?grant_type=password", body), 400, "email_not_confirmed")
    wrong = body | {"password": "wrong"}
    await refused(await post(open_client, "token?grant_type=password", wrong), 400, "invalid_credentials")


async def test_whoever_confirms_first_has_the_address_with_their_own_password(open_client, postman):
    await sign_up(open_client, NEW, "the password of a thief")
    await sign_up(open_client, NEW, STRONG)
    thiefs, owners = await postman.deliver()
    await session_in(await post(open_client, "verify", {"type": "signup", "token_hash": token_in(owners)}))
    late = await post(open_client, "verify", {"type": "signup", "token_hash": token_in(thiefs)})
    await refused(late, 403, "otp_expired")
    await sign_in(open_client, "nina", STRONG)


async def test_a_link_expires(open_client, postman, clock):
    await sign_up(open_client, NEW)
    [mail] = await postman.deliver()
    clock.advance(24 * 3_600_000 + 1)
    late = await post(open_client, "verify", {"type": "signup", "token_hash": token_in(mail)})
    await refused(late, 403, "otp_expired")
    assert await (await post(open_client, "resend", {"type": "signup", "email": NEW})).json() == {}
    [again] = await postman.deliver()
    await session_in(await post(open_client, "verify", {"type": "signup", "token_hash": token_in(again)}))
    await sign_in(open_client, "nina", STRONG)


async def test_somebody_known_gets_a_letter_that_says_so(open_client, postman):
    await sign_up(open_client, "tess@callx.example")
    [mail] = await postman.deliver()
    assert mail.subject == "You have an account already"
    await sign_in(open_client, "tess")


async def test_somebody_made_without_a_confirmed_address_can_confirm_it(open_client, database, postman, cast):
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set email_confirmed_at = null where id = $1", cast.tess.user_id)
    body = {"email": "tess@callx.example", "password": "correct horse"}
    await refused(await post(open_client, "token?grant_type=password", body), 400, "email_not_confirmed")
    await post(open_client, "resend", {"type": "signup", "email": "tess@callx.example"})
    [mail] = await postman.deliver()
    await session_in(await post(open_client, "verify", {"type": "signup", "token_hash": token_in(mail)}))
    await sign_in(open_client, "tess")


@pytest.mark.parametrize(
    ("password", "reasons"),
    [("short", ["length"]), ("Password1", ["pwned"]), (NEW, ["personal"]), ("aaaaaaaa", ["pwned"])],
)
async def test_a_weak_password_is_refused_with_reasons(open_client, password, reasons):
    body = await refused(await sign_up(open_client, NEW, password), 422, "weak_password")
    assert body["weak_password"] == {"reasons": reasons}


@pytest.mark.parametrize(
    "email", ["nina", "@callx.example", "nina@", "a@b@c", "nina@x\r\nBcc: all@callx.example", "<nina>@x", "n" * 400]
)
async def test_what_is_no_address_is_refused(open_client, email):
    for path, body in (("signup", {"password": STRONG}), ("recover", {}), ("resend", {"type": "signup"})):
        await refused(await post(open_client, path, body | {"email": email}), 400, "validation_failed")


@pytest.mark.parametrize("data", ["text", ["list"], {"big": "x" * 3_000}, {"deep": DEEP}, {"number": 1e999}])
async def test_odd_metadata_is_refused_and_breaks_nothing(open_client, data):
    await refused(await sign_up(open_client, NEW, data=data), 400, "validation_failed")


async def test_odd_characters_in_metadata_are_stored_as_they_can_be(open_client, postman):
    assert (await sign_up(open_client, NEW, data={"full_name": "Ni\0na \ud800", "n\0": [None, "\0"]})).status == 200
    [mail] = await postman.deliver()
    session = await session_in(await post(open_client, "verify", {"type": "signup", "token_hash": token_in(mail)}))
    assert session["user"]["user_metadata"] == {"full_name": "Ni?na ?", "n?": [None, "?"]}


async def test_where_sign_up_is_closed_nobody_signs_up(aiohttp_client, database, clock, cast):
    client = await aiohttp_client(wires(database, clock))
    await refused(await sign_up(client, NEW), 422, "signup_disabled")
    assert (await (await client.get("/auth/v1/settings")).json())["disable_signup"] is True


async def test_without_confirmation_one_is_signed_in_at_once(aiohttp_client, database, clock, cast):
    await give_passwords(database, cast)
    settings = Settings(sign_up="open", confirm_email=False)
    client = await aiohttp_client(wires(database, clock, settings=settings))
    session = await session_in(await sign_up(client, NEW))
    assert session["user"]["email"] == NEW
    await refused(await sign_up(client, NEW), 422, "user_already_exists")
    shown = await (await client.get("/auth/v1/settings")).json()
    assert (shown["disable_signup"], shown["mailer_autoconfirm"]) == (False, True)


async def test_what_is_not_offered_is_refused_by_name(open_client):
    await refused(await post(open_client, "otp", {"email": NEW}), 422, "otp_disabled")
    await refused(await post(open_client, "signup", {"data": {}}), 422, "anonymous_provider_disabled")
    await refused(await post(open_client, "resend", {"type": "sms", "email": NEW}), 400, "validation_failed")
