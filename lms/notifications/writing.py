"""Writes the letters that were queued, out of what is true when they go out."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from accounts.letters import Letter
from accounts.letters.queue import QueuedLetter
from accounts.letters.sending import Writer
from core.db import Tx
from core.secrets import Secrets
from lms.notifications.kinds import KINDS, Notice
from lms.notifications.notifying import LETTER_PREFIX
from lms.notifications.readers import reach_of
from lms.notifications.tellings import telling_of
from lms.notifications.unsubscribing import PURPOSE, UnsubscribeLinks
from lms.notifications.wording import letter

_KINDS = {f"{LETTER_PREFIX}{kind}": kind for kind in KINDS}


class NoticeWriter:
    """Writes letters about notices."""

    def __init__(self, links: UnsubscribeLinks) -> None:
        self._links = links

    async def write(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        """The letter; None when the person has moved to another address, wants none, or there is nothing to say."""
        kind = _KINDS[queued.kind]
        assert queued.user_id is not None, "letters about notices go to people"
        notice = Notice(kind, queued.user_id, UUID(queued.details["subject_id"]), queued.details["occasion"])
        reach = await reach_of(tx, queued.user_id, kind, notice.subject_id)
        if reach is None or not reach.by_letter or reach.email != queued.recipient:
            return None
        telling = await telling_of(tx, notice, now)
        if telling is None:
            return None
        site_url = str(queued.details["site_url"])
        url = self._links.url(site_url, queued.user_id, kind, written_at=queued.created_at)
        return letter(notice, telling, reach.reader, site_url=site_url, unsubscribe_url=url, now=queued.created_at)


def writers(secrets: Secrets) -> Mapping[str, Writer]:
    """Who writes the letters about notices, by the kind of letter: for `accounts.jobs.subscribe`."""
    return dict.fromkeys(_KINDS, NoticeWriter(unsubscribe_links(secrets)))


def unsubscribe_links(secrets: Secrets) -> UnsubscribeLinks:
    """The links that end letters."""
    return UnsubscribeLinks(secrets.derive(PURPOSE))
