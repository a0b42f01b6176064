"""A forgotten password: by link, by code, with PKCE; and what a login by such a link may do."""

import base64
import hashlib

import pytest

from accounts.letters.queue import queue_letter
from tests.app.support.asks import STRONG, VERSION, change, follow, post, refused, session_in
from tests.app.support.postman import code_in, fragment_of, link_in, query_of, token_in
from tests.app.support.wires import PASSWORD, bearer, sign_in

TESS = "tess@callx.example"
VERIFIER = "v" * 56
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


async def recovery_letter(client, postman, path="recover", **more):
    response = await post(client, path, {"email": TESS} | more)
    assert (response.status, await response.json()) == (200, {})
    [mail] = await postman.deliver()
    assert (mail.to, mail.subject) == (TESS, "Choose a new password")
    return mail


async def recovered(client, postman):
    mail = await recovery_letter(client, postman)
    return await session_in(await post(client, "verify", {"type": "recovery", "token_hash": token_in(mail)}))


async def test_a_link_lets_its_owner_choose_a_password_and_ends_every_other_login(open_client, postman):
    elsewhere = await sign_in(open_client, "tess")
    session = await recovered(open_client, postman)
    assert (await change(open_client, session, password=STRONG)).status == 200
    await refused(
        await post(open_client, "token?grant_type=refresh_token", {"refresh_token": elsewhere["refresh_token"]}),
        400,
        "refresh_token_not_found",
    )
    await sign_in(open_client, "tess", STRONG)
    old = await post(open_client, "token?grant_type=password", {"email": TESS, "password": PASSWORD})
    await refused(old, 400, "invalid_credentials")
    [notice] = await postman.deliver()
    assert (notice.to, notice.subject) == (TESS, "Your password was changed")


async def test_a_link_works_once_and_makes_the_others_useless(open_client, postman):
    first = await recovery_letter(open_client, postman)
    second = await recovery_letter(open_client, postman)
    await session_in(await post(open_client, "verify", {"type": "recovery", "token_hash": token_in(second)}))
    for mail in (first, second):
        again = await post(open_client, "verify", {"type": "recovery", "token_hash": token_in(mail)})
        await refused(again, 403, "otp_expired")


async def test_a_link_is_good_for_an_hour(open_client, postman, clock):
    mail = await recovery_letter(open_client, postman)
    clock.advance(3_600_000)
    late = await post(open_client, "verify", {"type": "recovery", "token_hash": token_in(mail)})
    await refused(late, 403, "otp_expired")


async def test_the_code_takes_five_guesses_and_the_link_still_works(open_client, postman):
    mail = await recovery_letter(open_client, postman)
    wrong = f"{(int(code_in(mail)) + 1) % 1_000_000:06}"
    for _ in range(5):
        guess = await post(open_client, "verify", {"type": "recovery", "email": TESS, "token": wrong})
        await refused(guess, 403, "otp_expired")
    right = {"type": "recovery", "email": TESS, "token": code_in(mail)}
    await refused(await post(open_client, "verify", right), 403, "otp_expired")
    await session_in(await post(open_client, "verify", {"type": "recovery", "token_hash": token_in(mail)}))


async def test_the_code_of_another_is_worth_nothing(open_client, postman):
    mail = await recovery_letter(open_client, postman)
    stolen = {"type": "recovery", "email": "theo@callx.example", "token": code_in(mail)}
    await refused(await post(open_client, "verify", stolen), 403, "otp_expired")


async def test_nothing_usable_lies_in_the_database(open_client, database, postman):
    mail = await recovery_letter(open_client, postman)
    async with database.acting_as_service() as tx:
        stored = await tx.fetch(
            "select t::text from auth.one_time_tokens t union all select l::text from auth.letters l"
        )
        facts = await tx.fetch("select payload::text from callx.facts where kind = 'LetterQueued'")
    for row in [*stored, *facts]:
        assert token_in(mail) not in row[0]
        assert code_in(mail) not in row[0]
    assert all(TESS not in row[0] for row in facts)


async def test_a_password_changed_otherwise_makes_a_waiting_link_useless(open_client, postman):
    mail = await recovery_letter(open_client, postman)
    session = await sign_in(open_client, "tess")
    assert (await change(open_client, session, password=STRONG)).status == 200
    late = await post(open_client, "verify", {"type": "recovery", "token_hash": token_in(mail)})
    await refused(late, 403, "otp_expired")


async def test_somebody_deactivated_gets_no_letter_and_follows_no_link(open_client, database, postman, cast):
    mail = await recovery_letter(open_client, postman)
    async with database.acting_as_service() as tx:
        await tx.execute("update auth.users set deactivated_at = now() where id = $1", cast.tess.user_id)
    late = await post(open_client, "verify", {"type": "recovery", "token_hash": token_in(mail)})
    await refused(late, 403, "user_banned")
    await post(open_client, "recover", {"email": TESS})
    assert await postman.deliver() == []


async def test_with_a_challenge_the_link_gives_a_code_that_only_the_asker_can_exchange(open_client, postman, clock):
    asked = "https://front.example/reset?x=1"
    challenge = {"code_challenge": CHALLENGE, "code_challenge_method": "s256"}
    mail = await recovery_letter(open_client, postman, f"recover?redirect_to={asked}", **challenge)
    location = await follow(open_client, **query_of(link_in(mail)))
    assert location.startswith("https://front.example/reset?x=1&code=")
    code = query_of(location)["code"]
    assert fragment_of(location) == {}
    for verifier in ("w" * 56, "short", CHALLENGE):
        wrong = {"auth_code": code, "code_verifier": verifier}
        await refused(await post(open_client, "token?grant_type=pkce", wrong), 400, "bad_code_verifier")
    right = {"auth_code": code, "code_verifier": VERIFIER}
    session = await session_in(await post(open_client, "token?grant_type=pkce", right))
    await refused(await post(open_client, "token?grant_type=pkce", right), 404, "flow_state_not_found")
    assert (await change(open_client, session, password=STRONG)).status == 200


@pytest.mark.parametrize(
    "more", [{"code_challenge": "short"}, {"code_challenge": CHALLENGE, "code_challenge_method": "x"}]
)
async def test_a_bad_challenge_is_refused(open_client, more):
    await refused(await post(open_client, "recover", {"email": TESS} | more), 400, "validation_failed")


async def test_get_verify_does_at_once_what_supabases_does(open_client, postman):
    mail = await recovery_letter(open_client, postman)
    given = query_of(link_in(mail))
    response = await open_client.get("/auth/v1/verify", params=given, allow_redirects=False)
    assert response.status == 303
    assert response.headers["Location"].startswith("https://callx.example#access_token=")
    assert fragment_of(response.headers["Location"])["type"] == "recovery"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "given", [{}, {"token": "x"}, {"token": "x", "type": "sms"}, {"token": "x" * 9_000, "type": "email"}]
)
async def test_a_bad_link_is_told_behind_the_hash(open_client, given):
    for location in (
        await follow(open_client, **given),
        (await open_client.post("/auth/v1/verify", data=given, allow_redirects=False)).headers["Location"],
    ):
        told = fragment_of(location)
        assert (told["error"], told["error_code"]) == ("access_denied", "otp_expired")
        assert told["error_description"]


async def test_an_admins_invitation_works_for_a_week(open_client, database, postman, clock, cast):
    async with database.acting_as_service() as tx:
        await queue_letter(tx, "invitation", TESS, site_url="https://callx.example", now=clock.now())
    [mail] = await postman.deliver()
    assert mail.subject == "Your CallX account"
    clock.advance(6 * 24 * 3_600_000)
    session = await session_in(await post(open_client, "verify", {"type": "invite", "token_hash": token_in(mail)}))
    assert (await open_client.get("/auth/v1/user", headers=VERSION | bearer(session))).status == 200
