"""What people change about their own account, and what a stolen login cannot."""

import pytest

from tests.app.support.asks import STRONG, VERSION, change, follow, post, refused, session_in
from tests.app.support.postman import code_in, fragment_of, link_in, query_of, token_in
from tests.app.support.wires import PASSWORD, bearer, sign_in

TESS, MOVED = "tess@callx.example", "moved@callx.example"
MINUTE_MS = 60_000


@pytest.fixture
async def session(open_client):
    return await sign_in(open_client, "tess")


@pytest.fixture
async def old_session(open_client, session, clock):
    clock.advance(16 * MINUTE_MS)
    return session


async def test_a_name_reaches_the_profile(open_client, session, database):
    response = await change(open_client, session, data={"full_name": "  Tess \n T. ", "role": "admin", "theme": "dark"})
    user = await response.json()
    assert user["user_metadata"] == {"full_name": "Tess T.", "role": "admin", "theme": "dark"}
    async with database.acting_as_service() as tx:
        assert await tx.fetchval("select full_name from public.profiles where email = $1", TESS) == "Tess T."
    response = await change(open_client, session, data={"theme": None})
    assert (await response.json())["user_metadata"] == {"full_name": "Tess T.", "role": "admin"}


async def test_metadata_never_grow_out_of_the_token(open_client, session, database, cast):
    assert (await change(open_client, session, data={"one": "x" * 1_500})).status == 200
    await refused(await change(open_client, session, data={"two": "x" * 1_500}), 400, "validation_failed")
    async with database.acting_as_service() as tx:
        await tx.execute(
            "update auth.users set raw_user_meta_data = jsonb_build_object('n', repeat('x', 9000)) where id = $1",
            cast.tess.user_id,
        )
    again = await sign_in(open_client, "tess")
    assert (await open_client.get("/auth/v1/user", headers=bearer(again))).status == 200


async def test_soon_after_signing_in_a_password_may_be_changed(open_client, session, postman):
    elsewhere = await sign_in(open_client, "tess")
    assert (await change(open_client, session, password=STRONG)).status == 200
    assert (await open_client.get("/auth/v1/user", headers=bearer(session))).status == 200
    await refused(await open_client.get("/auth/v1/user", headers=VERSION | bearer(elsewhere)), 403, "session_not_found")
    await sign_in(open_client, "tess", STRONG)
    assert [mail.subject for mail in await postman.deliver()] == ["Your password was changed"]


async def test_later_the_current_password_is_needed(open_client, old_session):
    await refused(await change(open_client, old_session, password=STRONG), 400, "reauthentication_needed")
    wrong = await change(open_client, old_session, password=STRONG, current_password="wrong")
    await refused(wrong, 422, "current_password_invalid")
    assert (await change(open_client, old_session, password=STRONG, current_password=PASSWORD)).status == 200
    await sign_in(open_client, "tess", STRONG)


async def test_or_a_code_from_a_letter(open_client, old_session, postman):
    response = await open_client.get("/auth/v1/reauthenticate", headers=bearer(old_session))
    assert (response.status, await response.json()) == (200, {})
    [mail] = await postman.deliver()
    assert code_in(mail) not in mail.subject
    wrong = f"{(int(code_in(mail)) + 1) % 1_000_000:06}"
    for nonce in (wrong, "text", ""):
        response = await change(open_client, old_session, password=STRONG, nonce=nonce)
        assert response.status in (400, 422)
    assert (await change(open_client, old_session, password=STRONG, nonce=code_in(mail))).status == 200
    again = await change(open_client, old_session, password="another " + STRONG, nonce=code_in(mail))
    await refused(again, 422, "reauthentication_not_valid")


async def test_a_refreshed_login_is_as_old_as_its_sign_in(open_client, old_session):
    body = {"refresh_token": old_session["refresh_token"]}
    fresh = await session_in(await post(open_client, "token?grant_type=refresh_token", body))
    await refused(await change(open_client, fresh, password=STRONG), 400, "reauthentication_needed")


async def test_a_recovery_login_may_choose_one_password_within_an_hour(open_client, postman, clock):
    await post(open_client, "recover", {"email": TESS})
    [mail] = await postman.deliver()
    session = await session_in(await post(open_client, "verify", {"type": "recovery", "token_hash": token_in(mail)}))
    clock.advance(50 * MINUTE_MS)
    assert (await change(open_client, session, password=STRONG)).status == 200
    await refused(await change(open_client, session, password="another " + STRONG), 400, "reauthentication_needed")


async def test_the_same_or_a_weak_password_is_refused(open_client, session):
    await refused(await change(open_client, session, password=PASSWORD), 422, "same_password")
    body = await refused(await change(open_client, session, password="letmein1"), 422, "weak_password")
    assert body["weak_password"]["reasons"] == ["pwned"]
    await refused(await change(open_client, session, password=TESS), 422, "weak_password")


async def test_guessing_the_current_password_is_limited_like_signing_in(open_client, old_session, clock):
    for _ in range(10):
        await change(open_client, old_session, password=STRONG, current_password="wrong")
    limited = await change(open_client, old_session, password=STRONG, current_password=PASSWORD)
    await refused(limited, 429, "over_request_rate_limit")
    assert int(limited.headers["Retry-After"]) > 0
    signing_in = await post(open_client, "token?grant_type=password", {"email": TESS, "password": PASSWORD})
    await refused(signing_in, 429, "over_request_rate_limit")


async def test_an_address_changes_when_both_have_agreed(open_client, session, postman):
    user = await (await change(open_client, session, email=f" {MOVED.upper()} ")).json()
    assert (user["email"], user["new_email"]) == (TESS, MOVED)
    to_new, to_current = await postman.deliver()
    assert (to_new.to, to_current.to) == (MOVED, TESS)
    assert MOVED in to_current.text
    assert TESS not in to_new.text

    half = await post(open_client, "verify", {"type": "email_change", "token_hash": token_in(to_new)})
    assert half.status == 200
    assert "access_token" not in await half.json()
    assert (await sign_in(open_client, "tess"))["user"]["email"] == TESS
    location = await follow(open_client, **query_of(link_in(to_current)))
    assert fragment_of(location)["type"] == "email_change"
    assert (await sign_in(open_client, "moved"))["user"]["email"] == MOVED
    [notice] = await postman.deliver()
    assert (notice.to, notice.subject) == (TESS, "Your e-mail address was changed")


async def test_one_address_that_agrees_twice_is_not_both(open_client, session, postman):
    await change(open_client, session, email=MOVED)
    first, _ = await postman.deliver()
    await post(open_client, "resend", {"type": "email_change", "email": TESS})
    second, _ = await postman.deliver()
    for mail in (first, second):
        location = await follow(open_client, **query_of(link_in(mail)))
        assert "message" in fragment_of(location)
    assert (await sign_in(open_client, "tess"))["user"]["email"] == TESS


async def test_a_later_wish_overtakes_the_links_of_an_earlier_one(open_client, session, postman):
    await change(open_client, session, email=MOVED)
    overtaken = await postman.deliver()
    await change(open_client, session, email="elsewhere@callx.example")
    for mail in overtaken:
        late = await post(open_client, "verify", {"type": "email_change", "token_hash": token_in(mail)})
        await refused(late, 403, "otp_expired")


async def test_the_address_of_another_is_not_told_and_not_taken(open_client, session, postman):
    response = await change(open_client, session, email="theo@callx.example")
    assert (response.status, (await response.json())["new_email"]) == (200, "theo@callx.example")
    to_theo, to_tess = await postman.deliver()
    assert to_theo.subject == "You have an account already"
    assert to_tess.to == TESS
    await follow(open_client, **query_of(link_in(to_tess)))
    assert (await sign_in(open_client, "theo"))["user"]["email"] == "theo@callx.example"


async def test_an_address_taken_meanwhile_is_not_taken_over(open_client, session, postman, database):
    await change(open_client, session, email=MOVED)
    to_new, to_current = await postman.deliver()
    await follow(open_client, **query_of(link_in(to_new)))
    async with database.acting_as_service() as tx:
        await tx.execute("insert into auth.users (email, email_confirmed_at) values ($1, now())", MOVED)
    late = await post(open_client, "verify", {"type": "email_change", "token_hash": token_in(to_current)})
    await refused(late, 403, "otp_expired")


async def test_logins_are_listed_and_can_be_ended_one_by_one(open_client, session):
    other = await sign_in(open_client, "tess")
    theos = await sign_in(open_client, "theo")
    listed = (await (await open_client.get("/auth/v1/logins", headers=bearer(session))).json())["logins"]
    assert len(listed) == 2
    assert [login["is_current"] for login in listed].count(True) == 1
    assert {login["method"] for login in listed} == {"password"}
    assert all(login["ip"] == "127.0.0.1" and "aiohttp" in login["user_agent"] for login in listed)
    [foreign] = (await (await open_client.get("/auth/v1/logins", headers=bearer(theos))).json())["logins"]
    for login_id in (foreign["id"], "nonsense"):
        gone = await open_client.delete(f"/auth/v1/logins/{login_id}", headers=VERSION | bearer(session))
        await refused(gone, 404, "login_not_found")
    [ended] = [login["id"] for login in listed if not login["is_current"]]
    assert (await open_client.delete(f"/auth/v1/logins/{ended}", headers=bearer(session))).status == 204
    body = {"refresh_token": other["refresh_token"]}
    await refused(await post(open_client, "token?grant_type=refresh_token", body), 400, "refresh_token_not_found")
    await refused(await open_client.get("/auth/v1/user", headers=VERSION | bearer(other)), 403, "session_not_found")


async def test_nobody_signed_in_changes_and_lists_nothing(open_client):
    for method, path in (
        ("put", "user"),
        ("get", "logins"),
        ("get", "reauthenticate"),
        ("delete", "logins/00000000-0000-0000-0000-000000000000"),
    ):
        await refused(await open_client.request(method, f"/auth/v1/{path}", headers=VERSION), 401, "no_authorization")


@pytest.mark.parametrize("wanted", [{"password": 1}, {"password": ""}, {"email": "x"}, {"data": []}, {"nonce": 1}])
async def test_odd_wishes_are_refused(open_client, session, wanted):
    response = await change(open_client, session, **wanted)
    if wanted == {"data": []}:
        assert response.status == 200  # nothing is wanted
    else:
        await refused(response, 400, "validation_failed")
