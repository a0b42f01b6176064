"""E-mail leaves as Resend wants it, or lies legible in the outbox; and what fails is told apart."""

import base64
import email
import logging
from email.policy import default
from typing import Any

import pytest
from aiohttp import web

from core.mailer import Attachment, Mail, MailDelayed, MailRefused, OutboxMailer, ResendMailer, masked, open_mailer
from core.settings import Settings

MAIL = Mail("tess@callx.example", "Grüße 👋", "Text: https://x.example/?" + "a" * 300 + "\n.\nEnd", "<p>Grüße</p>")
SENDER = "CallX <callx@callx.example>"


class Resend:
    """Answers like Resend's API, with what a test wants."""

    def __init__(self):
        self.requests = []
        self.answer: tuple[int, Any] = (200, {"id": "re_1"})

    async def send(self, request):
        self.requests.append((dict(request.headers), await request.json()))
        status, body = self.answer
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html")
        return web.json_response(body, status=status)


@pytest.fixture
def resend():
    return Resend()


@pytest.fixture
async def mailer(aiohttp_server, resend):
    app = web.Application()
    app.router.add_post("/emails", resend.send)
    server = await aiohttp_server(app)
    return ResendMailer("re_key", SENDER, str(server.make_url("/")))


async def test_resend_gets_what_its_api_asks_for(mailer, resend):
    await mailer.send(MAIL, idempotency_key="callx-letter-1")
    [(headers, body)] = resend.requests
    assert headers["Authorization"] == "Bearer re_key"
    assert headers["Idempotency-Key"] == "callx-letter-1"
    assert headers["Content-Type"] == "application/json"
    assert body == {
        "from": SENDER,
        "to": [MAIL.to],
        "subject": MAIL.subject,
        "text": MAIL.text,
        "html": MAIL.html,
    }


@pytest.mark.parametrize(
    ("status", "name", "error"),
    [
        (400, "validation_error", MailRefused),
        (422, "validation_error", MailRefused),
        (422, "missing_required_field", MailRefused),
        (404, "not_found", MailRefused),
        (401, "missing_api_key", MailDelayed),
        (403, "invalid_api_key", MailDelayed),
        (409, "concurrent_idempotent_requests", MailDelayed),
        (429, "rate_limit_exceeded", MailDelayed),
        (429, "daily_quota_exceeded", MailDelayed),
        (500, "application_error", MailDelayed),
        (503, "service_unavailable", MailDelayed),
    ],
)
async def test_passing_and_permanent_failures_are_told_apart(mailer, resend, status, name, error):
    resend.answer = (status, {"statusCode": status, "name": name, "message": "No."})
    with pytest.raises(error, match=f"{status} {name}") as caught:
        await mailer.send(MAIL, idempotency_key="k")
    assert caught.value.permanent is (error is MailRefused)


@pytest.mark.parametrize("answer", [(502, "<h1>Bad gateway</h1>"), (200, "<h1>Hello</h1>"), (302, "")])
async def test_what_is_not_resend_is_tried_again(mailer, resend, answer):
    resend.answer = answer
    with pytest.raises(MailDelayed):
        await mailer.send(MAIL, idempotency_key="k")


async def test_no_network_is_tried_again():
    mailer = ResendMailer("re_key", SENDER, "http://127.0.0.1:9")
    with pytest.raises(MailDelayed):
        await mailer.send(MAIL, idempotency_key="k")


async def test_the_log_holds_no_secret(mailer, tmp_path, caplog):
    caplog.set_level(logging.DEBUG, logger="core.mailer")
    await mailer.send(MAIL, idempotency_key="k")
    await OutboxMailer(tmp_path / "outbox", SENDER).send(MAIL, idempotency_key="k")
    assert "t…@callx.example" in caplog.text
    for secret in ("x.example/?", "tess@", "re_key", "Text:"):
        assert secret not in caplog.text


async def test_the_outbox_holds_mail_that_can_be_read_by_its_owner_alone(tmp_path):
    mailer = OutboxMailer(tmp_path / "outbox", SENDER)
    for _ in range(2):
        await mailer.send(MAIL, idempotency_key="callx-letter-1")
    [path] = (tmp_path / "outbox").iterdir()
    assert (path.name, path.stat().st_mode & 0o777) == ("callx-letter-1.eml", 0o600)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    raw = path.read_bytes()
    assert MAIL.text.splitlines()[0].encode() in raw
    read = email.message_from_bytes(raw, policy=default)
    assert (read["to"], read["from"], read["subject"]) == (MAIL.to, SENDER, MAIL.subject)
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == MAIL.text.splitlines()
    assert "Grüße" in html.get_content()


FULL = Mail(
    "tess@callx.example", "s", "t", "h", {"List-Unsubscribe": "<https://x.example>"},
    [Attachment("due.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:É\r\n")],
)  # fmt: skip


async def test_headers_and_files_go_with_a_mail_to_resend(mailer, resend):
    assert await mailer.send(FULL, idempotency_key="k") == "re_1"
    [(_, body)] = resend.requests
    assert body["headers"] == {"List-Unsubscribe": "<https://x.example>"}
    [file] = body["attachments"]
    assert (file["filename"], file["content_type"]) == ("due.ics", "text/calendar")
    assert base64.b64decode(file["content"]).decode() == FULL.attachments[0].text


async def test_headers_and_files_go_with_a_mail_into_the_outbox(tmp_path):
    assert await OutboxMailer(tmp_path, SENDER).send(FULL, idempotency_key="k") is None
    read = email.message_from_bytes((tmp_path / "k.eml").read_bytes(), policy=default)
    assert read["List-Unsubscribe"] == "<https://x.example>"
    [file] = read.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("due.ics", "text/calendar")
    assert "SUMMARY:É" in file.get_content()


async def test_a_header_that_would_begin_another_is_refused_for_good(tmp_path):
    evil = Mail("tess@callx.example", "s", "t", "h", {"List-Unsubscribe": "<x>\r\nBcc: all@callx.example"})
    with pytest.raises(MailRefused):
        await OutboxMailer(tmp_path, SENDER).send(evil, idempotency_key="k")


async def test_a_mail_that_was_accepted_under_its_key_before_counts_as_sent(mailer, resend):
    resend.answer = (409, {"statusCode": 409, "name": "invalid_idempotent_request", "message": "Another payload."})
    assert await mailer.send(MAIL, idempotency_key="k") is None


async def test_what_is_no_address_is_refused_for_good(tmp_path):
    mailer = OutboxMailer(tmp_path / "outbox", SENDER)
    with pytest.raises(MailRefused):
        await mailer.send(Mail("tess@x\r\nBcc: all@x", "s", "t", "h"), idempotency_key="k")


async def test_an_outbox_that_cannot_be_written_is_tried_again(tmp_path):
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(MailDelayed):
        await OutboxMailer(tmp_path / "outbox", SENDER).send(MAIL, idempotency_key="k")


async def test_a_key_that_could_lead_out_of_the_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="idempotency key"):
        await OutboxMailer(tmp_path / "outbox", SENDER).send(MAIL, idempotency_key="../k")


def test_the_settings_choose_the_mailer(tmp_path):
    assert isinstance(open_mailer(Settings(data_dir=tmp_path)), OutboxMailer)
    assert isinstance(open_mailer(Settings(resend_api_key="re_key")), ResendMailer)


def test_an_address_is_masked():
    assert masked("tess@callx.example") == "t…@callx.example"
    assert masked("nonsense") == "…nonsense"
