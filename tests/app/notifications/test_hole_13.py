"""The function that sends letters is no relay: not to anybody, and not of any text."""

import asyncio

import pytest

from tests.app.notifications.conftest import FUNCTION
from tests.app.support.wires import bearer, sign_in
from tests.people import hire_ex_manager

REFUSED = {"error": "You may not have letters sent to this address.", "code": "recipient_not_allowed"}


@pytest.mark.parametrize(
    ("who", "to_email"),
    [
        ("tess", "theo@callx.example"),
        ("tess", "mira@callx.example"),
        ("tess", "nobody@callx.example"),
        ("tess", "tess@callx.example, nobody@callx.example"),
        ("tess", "tess@callx.example\r\nBcc: nobody@callx.example"),
        ("tess", "tess@callx.example@evil.example"),
        ("tess", "%@callx.example"),
        ("mira", "theo@callx.example"),
        ("mira", "ada@callx.example"),
        ("mira", "nobody@callx.example"),
        ("ada", "nobody@callx.example"),
    ],
)
async def test_hole_13_mail_to_strangers(place, cast, who, to_email):
    for person in (cast.tess, cast.theo, cast.mira):
        await place.certify(person)
    assert await place.ask(who, to_email) == (403, REFUSED)
    assert (place.resend.requests, await place.letters()) == (0, [])


async def test_hole_13_mail_of_a_manager_who_is_none_any_more(place, cast):
    async with place.database.acting_as_service() as tx:
        await hire_ex_manager(tx)
        await tx.execute(
            """update auth.users set encrypted_password = (select encrypted_password from auth.users where id = $1)
               where email = 'edna@callx.example'""",
            cast.tess.user_id,
        )
    await place.certify(cast.tess)
    assert await place.ask("edna", "tess@callx.example") == (403, REFUSED)


@pytest.mark.parametrize("change", ["email_confirmed_at = null", "deactivated_at = now()"])
async def test_hole_13_mail_to_an_address_that_nobody_has_confirmed(place, cast, change):
    await place.certify(cast.tess)
    await place.run(f"update auth.users set {change} where id = $1 returning id", cast.tess.user_id)
    assert await place.ask("mira", "tess@callx.example") == (403, REFUSED)


async def test_hole_13_mail_by_somebody_who_is_not_signed_in(place):
    body = {"to_email": "tess@callx.example", "template": "certification_complete", "data": {}}
    async with place.client.post(FUNCTION, json=body) as response:
        assert (response.status, (await response.json())["code"]) == (401, "no_authorization")


async def test_hole_13_mail_that_says_what_the_caller_likes(place, cast):
    await place.certify(cast.tess)
    status, _ = await place.ask(
        "tess",
        "tess@callx.example",
        user_name="<a href='https://evil.example'>Win a phone</a>",
        product_title="Billing",
        html="<b>evil.example</b>",
        subject="Evil",
    )
    [mail] = place.resend.mails
    assert status == 200
    assert "Billing" in mail["html"]
    for text in (mail["subject"], mail["text"], mail["html"]):
        assert "evil" not in text.lower()


async def test_hole_13_mail_about_a_course_of_any_name(place, cast):
    await place.certify(cast.tess)
    status, answer = await place.ask("tess", "tess@callx.example", product_title="You have won: evil.example")
    assert (status, answer["code"]) == (422, "nothing_to_say")
    assert place.resend.mails == []


async def test_hole_13_mail_with_names_that_are_markup(place, cast):
    await place.certify(cast.tess)
    await place.run(
        "update public.profiles set full_name = $2 where id = $1 returning id",
        cast.tess.user_id,
        "<img src=//evil.example>",
    )
    await place.run(
        "update public.products set title = $2 where id = $1 returning id",
        place.course.product_id,
        "<script>alert(1)</script>",
    )
    await place.ask("tess", "tess@callx.example")
    [mail] = place.resend.mails
    assert "&lt;img src=//evil.example&gt;" in mail["html"]
    assert "<img" not in mail["html"]
    assert "<script" not in mail["html"]


async def test_hole_13_congratulations_without_a_certification(place, cast):
    for person, to_email in (("tess", "tess@callx.example"), ("ada", "theo@callx.example")):
        status, answer = await place.ask(person, to_email)
        assert (status, answer["code"]) == (422, "nothing_to_say")
    certification_id = await place.certify(cast.tess)
    await place.run("update public.certifications set revoked_at = now() where id = $1 returning id", certification_id)
    assert (await place.ask("tess", "tess@callx.example"))[0] == 422
    assert place.resend.requests == 0


@pytest.mark.parametrize("template", ["recovery", "invitation", "comment", "weekly_digest", "../secret", "", None, 1])
async def test_hole_13_mail_by_a_template_that_is_not_listed(place, template):
    status, answer = await place.ask("tess", "tess@callx.example", template)
    assert (status, answer["code"], answer["details"][0]["field"]) == (400, "validation_failed", "template")


async def test_hole_13_mail_without_end(place, cast):
    await place.certify(cast.tess)
    headers = bearer(await sign_in(place.client, "tess"))
    body = {"to_email": "nobody@callx.example", "template": "certification_complete", "data": {}}

    async def ask():
        async with place.client.post(FUNCTION, json=body, headers=headers) as response:
            return response.status, response.headers.get("Retry-After")

    answers = [await ask() for _ in range(21)]
    assert answers == [(403, None)] * 20 + [(429, "60")]
    assert (await place.ask("mira", "tess@callx.example"))[0] == 200, "each caller has a limit of their own"


async def test_hole_13_the_same_mail_again_and_again(place, cast):
    await place.certify(cast.tess)
    headers = bearer(await sign_in(place.client, "tess"))
    body = {"to_email": "Tess@CallX.example ", "template": "certification_complete"}

    async def ask():
        async with place.client.post(FUNCTION, json=body, headers=headers) as response:
            return response.status, (await response.json())["message_id"]

    answers = {await ask(), *await asyncio.gather(*(ask() for _ in range(5)))}
    answers.add((200, (await place.ask("mira", "tess@callx.example"))[1]["message_id"]))
    assert len(answers) == 1
    assert len(place.resend.mails) == place.resend.requests == 1
