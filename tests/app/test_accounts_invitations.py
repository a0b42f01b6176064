"""Invitations: an admin makes an account, and its owner chooses the password."""

import pytest

from tests.app.support.asks import STRONG, change, post, refused, session_in
from tests.app.support.postman import link_in, query_of, token_in
from tests.app.support.wires import bearer, give_passwords, sign_in, wires

NEW = "nina@callx.example"
DAY_MS = 24 * 3_600_000


@pytest.fixture
async def client(aiohttp_client, database, cast, clock):
    await give_passwords(database, cast)
    return await aiohttp_client(wires(database, clock))


async def test_somebody_invited_chooses_a_password_within_a_week(client, postman, clock):
    ada = await sign_in(client, "ada")
    user = await (await post(client, "invite", {"email": NEW, "data": {"full_name": "Nina"}}, ada)).json()
    assert (user["email"], user["email_confirmed_at"]) == (NEW, None)
    [mail] = await postman.deliver()
    assert (mail.to, mail.subject) == (NEW, "Your CallX account")
    assert "Hello Nina," in mail.text
    assert query_of(link_in(mail))["type"] == "recovery"
    clock.advance(6 * DAY_MS)
    session = await session_in(await post(client, "verify", {"type": "invite", "token_hash": token_in(mail)}))
    assert session["user"]["email_confirmed_at"]
    assert (await change(client, session, password=STRONG)).status == 200
    await sign_in(client, "nina", STRONG)


async def test_somebody_without_a_password_is_invited_again_and_others_are_not(client, postman):
    ada = await sign_in(client, "ada")
    for _ in range(2):
        assert (await post(client, "invite", {"email": NEW}, ada)).status == 200
    assert len(await postman.deliver()) == 2
    await refused(await post(client, "invite", {"email": "tess@callx.example"}, ada), 422, "email_exists")


async def test_only_admins_invite(client, postman):
    tess = await sign_in(client, "tess")
    await refused(await post(client, "invite", {"email": NEW}, tess), 403, "not_admin")
    await refused(await post(client, "invite", {"email": NEW}), 401, "no_authorization")
    assert await postman.deliver() == []


async def test_a_link_to_an_address_that_the_account_has_left_is_worth_nothing(client, postman, database, cast):
    await post(client, "recover", {"email": "tess@callx.example"})
    [mail] = await postman.deliver()
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set email = 'moved@callx.example' where id = $1", cast.tess.user_id)
    late = await post(client, "verify", {"type": "recovery", "token_hash": token_in(mail)})
    await refused(late, 403, "otp_expired")


@pytest.mark.parametrize("wanted", [{"email": "moved@callx.example"}, {"password": STRONG}])
async def test_what_an_admin_changes_makes_waiting_links_useless(client, postman, cast, wanted):
    ada = await sign_in(client, "ada")
    await post(client, "recover", {"email": "tess@callx.example"})
    [mail] = await postman.deliver()
    path = f"/auth/v1/admin/users/{cast.tess.user_id}"
    assert (await client.put(path, json=wanted, headers=bearer(ada))).status == 200
    late = await post(client, "verify", {"type": "recovery", "token_hash": token_in(mail)})
    await refused(late, 403, "otp_expired")
