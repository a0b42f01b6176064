"""E-mail: through Resend, or without a key into a folder. The only importer of resend.

A mailer sends one mail at a time and never twice: whoever retries gives the same `idempotency_key`. Mail is secret: it
holds links that sign people in, so no log line says more than to whom and about what.
"""

import asyncio
import base64
import logging
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import resend
from resend.exceptions import ResendError
from resend.http_client_async import AsyncHTTPClient

from core.settings import Settings

log = logging.getLogger(__name__)

SEND_TIMEOUT_S = 30
PASSING = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,  # the key: the operator mends it, and the letters go out
        HTTPStatus.FORBIDDEN,  # the key or the sender's domain, likewise
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.CONFLICT,  # an earlier attempt with this idempotency key is still under way
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Answers below 500 after which the same request may succeed later; any other refuses the mail for good."""

ALREADY_ACCEPTED = "invalid_idempotent_request"
"""Resend has accepted another mail under this key: the same letter, with something in it that has changed since."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file that goes with a mail; `content_type` has no parameters."""

    filename: str
    content_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail to one address; `headers` come in addition to those that every mail has."""

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()


class MailDelayed(Exception):
    """It may be sent later: the network, the service or its limits were in the way."""

    permanent = False


class MailRefused(Exception):
    """It will never be sent: the address or the mail itself is no good."""

    permanent = True


class Mailer(Protocol):
    """Sends mail."""

    async def send(self, mail: Mail, *, idempotency_key: str) -> str | None:
        """Sends it, or does nothing if it was sent under this key; the id that the service gave it, if it gives any.

        Raises MailDelayed or MailRefused.
        """


class ResendMailer:
    """Sends through Resend's API. The library keeps key and address globally, so a process has one such mailer."""

    def __init__(self, api_key: str, sender: str, api_url: str) -> None:
        resend.api_key = api_key
        resend.api_url = api_url.rstrip("/")
        resend.default_async_http_client = _HttpClient()
        self._sender = sender

    async def send(self, mail: Mail, *, idempotency_key: str) -> str | None:
        """Sends it; Resend forgets a key after 24 hours."""
        parameters: resend.Emails.SendParams = {
            "from": self._sender,
            "to": [mail.to],
            "subject": mail.subject,
            "text": mail.text,
            "html": mail.html,
        }
        if mail.headers:
            parameters["headers"] = dict(mail.headers)
        if mail.attachments:
            parameters["attachments"] = [_for_resend(attachment) for attachment in mail.attachments]
        try:
            sent = await resend.Emails.send_async(parameters, {"idempotency_key": idempotency_key})
        except ResendError as error:
            if error.error_type == ALREADY_ACCEPTED:
                log.info("Mail %s to %s had been handed to Resend before.", idempotency_key, masked(mail.to))
                return None
            raise _judged(error) from error
        message_id = sent.get("id")
        log.info("Mail %s to %s was handed to Resend as %s.", idempotency_key, masked(mail.to), message_id)
        return str(message_id) if message_id else None


class OutboxMailer:
    """Writes each mail to `folder/<idempotency key>.eml`, readable by the owner alone."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, mail: Mail, *, idempotency_key: str) -> str | None:
        """Writes it; the same key writes the same file."""
        if not re.fullmatch(r"[A-Za-z0-9-]{1,100}", idempotency_key):
            raise ValueError("An idempotency key consists of letters, digits and hyphens.")
        try:
            message = _message(mail, self._sender)
        except ValueError as error:
            raise MailRefused(f"This is no e-mail: {error}") from error
        path = self._folder / f"{idempotency_key}.eml"
        try:
            await asyncio.to_thread(_write_privately, path, message.as_bytes())
        except OSError as error:
            raise MailDelayed(f"The outbox cannot be written: {error.strerror}") from error
        log.info("Mail to %s (%s) lies in the outbox: %s", masked(mail.to), mail.subject, path)
        return None


def open_mailer(settings: Settings) -> Mailer:
    """Resend when there is a key, else the outbox in the data directory."""
    if settings.resend_api_key:
        return ResendMailer(settings.resend_api_key.get_secret_value(), settings.mail_from, settings.resend_url)
    return OutboxMailer(settings.data_dir / "outbox", settings.mail_from)


def masked(address: str) -> str:
    """An address for a log: who it is can be guessed by whoever knows them, and by nobody else."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…{at}{domain}"


class _HttpClient(AsyncHTTPClient):
    """Resend's requests over aiohttp: its own client would bring a second HTTP library."""

    async def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: dict[str, object] | list[object] | None = None,
        files: dict[str, Any] | None = None,
        data: dict[str, str] | None = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        if files is not None or data is not None:
            raise NotImplementedError("Only JSON is sent.")
        timeout = aiohttp.ClientTimeout(total=SEND_TIMEOUT_S)
        async with (
            aiohttp.ClientSession(timeout=timeout) as client,
            client.request(method, url, headers=dict(headers), json=json, allow_redirects=False) as response,
        ):
            return await response.read(), response.status, response.headers


def _judged(error: ResendError) -> MailDelayed | MailRefused:
    try:
        status = int(error.code)
    except ValueError:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
    reason = f"Resend answers {status} {error.error_type}: {error.message}"
    passing = status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in PASSING
    return MailDelayed(reason) if passing else MailRefused(reason)


def _for_resend(attachment: Attachment) -> resend.Attachment:
    content = base64.b64encode(attachment.text.encode()).decode()
    return {"filename": attachment.filename, "content": content, "content_type": attachment.content_type}


def _message(mail: Mail, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text, cte="8bit")  # legible as it lies there
    message.add_alternative(mail.html, subtype="html", cte="8bit")
    for attachment in mail.attachments:
        subtype = attachment.content_type.partition("/")[2]
        message.add_attachment(attachment.text, subtype=subtype, filename=attachment.filename, cte="8bit")
    return message


def _write_privately(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(".part")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    unfinished.replace(path)
