"""`send-notification-email` as its callers see it."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from accounts.letters.sending import LetterSender
from core.app_keys import SECRETS
from lms.notifications.writing import writers
from tests.app.support.wires import bearer, sign_in

DAY_MS = 86_400_000


@pytest.mark.parametrize("who", ["tess", "mira", "ada"])
async def test_the_answer_is_the_specifications(place, cast, who):
    await place.certify(cast.tess)
    status, answer = await place.ask(who, "tess@callx.example", user_name="Tess", product_title="Billing")
    assert status == 200
    assert answer == {"success": True, "message_id": str(UUID(answer["message_id"]))}
    [mail] = place.resend.mails
    assert mail["to"] == ["tess@callx.example"]
    assert mail["subject"] == "You are certified: Billing"
    assert "Hello Tess," in mail["text"]
    assert list(place.resend.accepted) == [f"callx-letter-{answer['message_id']}"]


async def test_mail_programs_are_told_how_to_end_the_letters(place, cast):
    await place.certify(cast.tess)
    await place.ask("tess", "tess@callx.example")
    [mail] = place.resend.mails
    assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = re.fullmatch(
        r"<(https://callx\.example/letters/unsubscribe\?token=\S+)>", mail["headers"]["List-Unsubscribe"]
    )
    assert url
    assert url[1] in mail["text"]


@pytest.mark.parametrize(
    ("template", "due_in", "subject"),
    [
        ("assigned", None, "A course for you: Billing"),
        ("due_soon", timedelta(days=2), "Due soon: Billing"),
        ("overdue", timedelta(days=-2), "Overdue: Billing"),
    ],
)
async def test_a_manager_reminds_somebody_of_an_assignment(place, cast, template, due_in, subject):
    assert (await place.ask("mira", "tess@callx.example", template))[0] == 422
    due_at = None if due_in is None else place.clock.now() + due_in
    await place.run(
        "insert into public.assignments (product_id, manager_id, due_at) values ($1, $2, $3) returning id",
        place.course.product_id,
        cast.mira.user_id,
        due_at,
    )
    status, _ = await place.ask("mira", "tess@callx.example", template, product_id=str(place.course.product_id))
    [mail] = place.resend.mails
    assert (status, mail["subject"]) == (200, subject)
    assert [attachment["filename"] for attachment in mail.get("attachments", ())] == (
        ["callx.ics"] if template == "due_soon" else []
    )
    others = {"assigned", "due_soon", "overdue"} - {template, "assigned"}
    for other in others:
        assert (await place.ask("mira", "tess@callx.example", other))[0] == 422


async def test_the_course_that_is_named_is_the_one_written_about(place, cast):
    [other] = await place.run("insert into public.products (title) values ('Refunds') returning id")
    await place.certify(cast.tess, product_id=other["id"])
    place.clock.advance(1_000)
    await place.certify(cast.tess)
    for data in ({}, {"product_title": "Refunds"}, {"product_id": str(place.course.product_id)}):
        assert (await place.ask("tess", "tess@callx.example", **data))[0] == 200
    assert [mail["subject"].partition(": ")[2] for mail in place.resend.mails] == ["Billing", "Refunds"]


async def test_what_resend_refuses_for_good_is_told_and_can_be_asked_for_again(place, cast):
    await place.certify(cast.tess)
    place.resend.answers = [(422, "validation_error")]
    status, answer = await place.ask("tess", "tess@callx.example")
    assert (status, answer["code"]) == (422, "letter_refused")
    [letter] = await place.letters()
    assert (letter["state"], letter["reason"]) == ("failed", "Resend answers 422 validation_error: No.")
    place.clock.advance(1)
    assert (await place.ask("tess", "tess@callx.example"))[0] == 200
    assert [letter["state"] for letter in await place.letters()] == ["failed", "sent"]


@pytest.mark.parametrize("answer", [(429, "rate_limit_exceeded"), (500, "application_error"), (401, "missing_api_key")])
async def test_what_fails_for_now_waits_in_the_queue_and_goes_out_once(place, cast, answer):
    await place.certify(cast.tess)
    place.resend.answers = [answer]
    status, accepted = await place.ask("tess", "tess@callx.example")
    assert (status, accepted["success"]) == (200, True)
    [letter] = await place.letters()
    assert (letter["state"], letter["attempts"]) == ("queued", 1)
    assert letter["reason"].startswith(f"Resend answers {answer[0]} ")
    assert place.resend.mails == []

    place.clock.advance(3_600_000)
    assert await sender(place).send_waiting() == 1
    assert await sender(place).send_waiting() == 0
    assert list(place.resend.accepted) == [f"callx-letter-{accepted['message_id']}"]
    [letter] = await place.letters()
    assert (letter["state"], letter["reason"], letter["message_id"]) == ("sent", None, "re_1")


async def test_a_letter_that_resend_has_accepted_unnoticed_is_not_sent_a_second_time(place, cast):
    await place.certify(cast.tess)
    place.resend.answers = [(500, "application_error")]
    _, accepted = await place.ask("tess", "tess@callx.example")
    key = f"callx-letter-{accepted['message_id']}"
    place.resend.accepted[key] = {"subject": "As it was then"}
    assert await sender(place).send(UUID(accepted["message_id"])) == "sent"
    assert place.resend.accepted == {key: {"subject": "As it was then"}}


async def test_a_service_that_is_down_is_not_asked_for_each_letter(place, cast):
    for person in (cast.tess, cast.theo, cast.mira, cast.otto, cast.ada):
        await place.certify(person)
    place.resend.answers = [(503, "service_unavailable")] * 9
    for name in ("tess", "theo", "mira", "otto", "ada"):
        assert (await place.ask(name, f"{name}@callx.example"))[0] == 200
    place.clock.advance(3_600_000)
    assert await sender(place).send_waiting() == 0
    assert place.resend.requests == 5 + 3


async def test_a_letter_that_waits_for_a_day_has_failed(place, cast):
    await place.certify(cast.tess)
    place.resend.answers = [(503, "service_unavailable")]
    await place.ask("tess", "tess@callx.example")
    place.clock.advance(DAY_MS)
    assert await sender(place).send_waiting() == 0
    [letter] = await place.letters()
    assert (letter["state"], letter["reason"]) == ("failed", "Resend answers 503 service_unavailable: No.")


async def test_the_same_letter_goes_out_again_on_another_day(place, cast):
    await place.certify(cast.tess)
    first = await place.ask("tess", "tess@callx.example")
    place.clock.advance(DAY_MS - 1)
    assert await place.ask("tess", "tess@callx.example") == first
    place.clock.advance(1)
    assert await place.ask("tess", "tess@callx.example") != first
    assert len(place.resend.mails) == 2


async def test_whoever_wants_no_letters_gets_none_and_the_caller_is_told(place, cast):
    await place.certify(cast.tess)
    await place.run(
        """insert into public.notification_preferences (user_id, kind, channel, enabled)
           values ($1, 'all', 'email', false) returning kind""",
        cast.tess.user_id,
    )
    status, answer = await place.ask("mira", "tess@callx.example")
    assert (status, answer["code"], place.resend.requests) == (409, "recipient_opted_out", 0)


async def test_a_letter_is_in_the_language_and_the_time_of_its_reader(place, cast):
    due_at = place.clock.now() + timedelta(days=2)
    await place.run(
        "insert into public.assignments (product_id, user_id, due_at) values ($1, $2, $3) returning id",
        place.course.product_id,
        cast.tess.user_id,
        due_at,
    )
    await place.run(
        """insert into public.personal_settings (user_id, language, time_zone)
           values ($1, 'ar', 'Asia/Riyadh') returning 1""",
        cast.tess.user_id,
    )
    await place.ask("tess", "tess@callx.example", "due_soon")
    [mail] = place.resend.mails
    assert '<html lang="ar" dir="rtl">' in mail["html"]
    assert "12:00\xa0م (Asia/Riyadh)" in mail["text"]


async def test_admins_see_what_became_of_letters_and_nothing_that_is_secret(place, cast):
    await place.certify(cast.tess)
    _, accepted = await place.ask("mira", "tess@callx.example")
    await place.client.post("/auth/v1/recover", json={"email": "tess@callx.example"})
    headers = bearer(await sign_in(place.client, "ada"))
    async with place.client.get("/rest/v1/letters?order=kind", headers=headers) as response:
        notice, recovery = await response.json()
    assert (notice["id"], notice["state"], notice["message_id"]) == (accepted["message_id"], "sent", "re_1")
    assert (notice["requested_by"], notice["user_id"]) == (str(cast.mira.user_id), str(cast.tess.user_id))
    assert (recovery["kind"], recovery["state"], recovery["recipient"]) == ("recovery", "queued", "tess@callx.example")
    assert not any("details" in name or "token" in name or "url" in name for name in notice)
    for name in ("tess", "mira"):
        async with place.client.get("/rest/v1/letters", headers=bearer(await sign_in(place.client, name))) as response:
            assert response.status in (401, 403)


def sender(place):
    secrets = place.client.app[SECRETS]
    return LetterSender(place.database, place.mailer, secrets, place.clock, writers(secrets))
