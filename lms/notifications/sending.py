"""The function `send-notification-email`, closed as a relay.

A caller says to whom and what about; everything that stands in the letter comes from the database.
"""

import asyncio
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from accounts.account.addresses import normalised_email
from accounts.letters.sending import LetterSender
from core.app_keys import CLOCK, SITE_URL
from core.db import Tx
from core.errors import Conflict, Forbidden, Unprocessable
from core.functions import FUNCTIONS, FunctionCall
from core.mailer import MailDelayed, MailRefused
from core.rate_limits import Rate
from lms.notifications import queries
from lms.notifications.kinds import Kind, Notice
from lms.notifications.notifying import Notifier
from lms.notifications.readers import Reach, reach_of
from lms.notifications.tellings import occasion_at, telling_of

LETTER_SENDER: web.AppKey[LetterSender] = web.AppKey("notice_sender", LetterSender)
NAME = "send-notification-email"
RATE = Rate("notification-emails", burst=20, refill_ms=60_000)
WAIT_S = 10
"""So long the caller waits to be told whether the mail service has taken the letter; then the job goes on."""

Template = Literal["certification_complete", "assigned", "due_soon", "overdue", "expiring", "welcome"]
KINDS: dict[Template, Kind] = {
    "certification_complete": "certified",
    "assigned": "assigned",
    "due_soon": "due_soon",
    "overdue": "overdue",
    "expiring": "expiring",
    "welcome": "welcome",
}
_COURSES = frozenset({"assigned", "due_soon", "overdue"})


class EmailData(BaseModel):
    """Which of the recipient's courses is meant; without it the newest or most urgent. Nothing here is written."""

    model_config = ConfigDict(extra="allow")

    product_id: UUID | None = Field(None, description="The course.")
    product_title: Annotated[str, Field(max_length=500)] | None = Field(
        None, description="The title of the course, as it stands in the database."
    )
    user_name: str | None = Field(None, description="Ignored: the name stands in the database.")


class EmailWanted(BaseModel):
    """A letter that somebody wants to be sent."""

    to_email: str = Field(min_length=3, max_length=320, description="The address of the recipient.")
    template: Template = Field(description="What the letter says.")
    data: EmailData = Field(default_factory=EmailData)


class EmailAccepted(BaseModel):
    """The letter was handed to the mail service, or waits in the queue for it."""

    success: Literal[True] = True
    message_id: str = Field(description="The letter's `id` in the table `letters`; of the same letter always the same.")


async def send_notification_email(call: FunctionCall, wanted: EmailWanted) -> EmailAccepted:
    """Send a letter about a course.

    To the caller's own confirmed address, or by managers and admins to somebody whom they may see. Names, titles and
    dates in it come from the database; `data` only says which course is meant. `certification_complete` needs the
    certification, `expiring` one whose end is near, `assigned`, `due_soon` and `overdue` the assignment.

    The same letter to the same person within a day is sent once, whoever asks, and has the same `message_id`.
    `success` means that the mail service has taken it, or that it waits in the queue because the service is away: it is
    tried again for a day. What the service refuses for good is 422 `letter_refused`.
    """
    user_id, reach = await _recipient(call, wanted)
    app = call.app
    notifier = Notifier(app[SITE_URL], app[CLOCK])
    async with call.database.acting_as_service() as tx:
        notice = await _notice(tx, user_id, wanted, app[CLOCK].now())
        if notice is None or await telling_of(tx, notice, app[CLOCK].now()) is None:
            raise _nothing_to_say()
        if not reach.wants_email:
            raise Conflict("The recipient does not want letters of this kind.", code="recipient_opted_out")
        letter_id = await notifier.queue_letter(tx, notice, reach, requested_by=call.person.user_id)
    await _send(app[LETTER_SENDER], letter_id)
    return EmailAccepted(message_id=str(letter_id))


async def _recipient(call: FunctionCall, wanted: EmailWanted) -> tuple[UUID, Reach]:
    """Whom the caller may write to. Everybody else is refused alike, whether there or not."""
    async with call.acting(read_only=True) as tx:
        user_id = await tx.fetchval(queries.VISIBLE_PERSON, normalised_email(wanted.to_email))
    if user_id is not None:
        async with call.database.acting_as_service() as tx:
            reach = await reach_of(tx, user_id, KINDS[wanted.template])
        if reach is not None and reach.is_confirmed:
            return user_id, reach
    raise Forbidden("You may not have letters sent to this address.", code="recipient_not_allowed")


async def _notice(tx: Tx, user_id: UUID, wanted: EmailWanted, now: datetime) -> Notice | None:
    """What the letter is about: something of the recipient's that fits `data`."""
    kind, data = KINDS[wanted.template], wanted.data
    if kind == "welcome":
        return Notice(kind, user_id, user_id)
    if kind in _COURSES:
        row = await tx.fetchrow(queries.COURSE_TO_MENTION, user_id, data.product_id, data.product_title, kind, now)
        at = None if row is None or kind == "assigned" else row["due_at"]
    else:
        row = await tx.fetchrow(
            queries.CERTIFICATION_TO_MENTION, user_id, data.product_id, data.product_title, now, kind
        )
        at = None if row is None else row["issued_at" if kind == "certified" else "expires_at"]
    return None if row is None else Notice(kind, user_id, row["subject_id"], "" if at is None else occasion_at(at))


async def _send(sender: LetterSender, letter_id: UUID) -> None:
    try:
        async with asyncio.timeout(WAIT_S):
            outcome = await sender.send(letter_id)
    except (MailDelayed, TimeoutError):
        return  # it waits in the queue
    except MailRefused as error:
        raise Unprocessable("The mail service refuses this letter for good.", code="letter_refused") from error
    if outcome not in ("sent", None):
        raise _nothing_to_say()


def _nothing_to_say() -> Unprocessable:
    return Unprocessable("There is nothing of this kind to write to the recipient.", code="nothing_to_say")


def add_function(app: web.Application) -> None:
    """Enters the function; the application has its registry and LETTER_SENDER already."""
    app[FUNCTIONS].add(
        NAME,
        send_notification_email,
        rate=RATE,
        errors={
            403: "`recipient_not_allowed`: alike for strangers and for addresses that nobody has.",
            409: "`recipient_opted_out`: the recipient wants no letters of this kind.",
            422: "`nothing_to_say`: no such certification or assignment; `letter_refused`: for good.",
        },
    )
