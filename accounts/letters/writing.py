"""Which letter a queued one becomes, and the one-time token that goes with it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.account import queries as account_queries
from accounts.account.locales import locale_of
from accounts.account.opaque_tokens import hashed
from accounts.account.queries import Credentials
from accounts.letters import Letter, texts
from accounts.letters.queue import QueuedLetter, queue_email_change
from accounts.links import queries as one_time_queries
from accounts.links.one_time import INVITATION_LIFETIME, LIFETIMES, TYPES, Kind, OneTimeSecrets
from accounts.links.queries import OneTimeToken
from accounts.links.targets import confirm_link
from core.db import Tx
from core.localised import Locale


@dataclass(frozen=True, slots=True)
class _Link:
    """What a letter carries: the link, and the same as a code."""

    url: str
    code: str


class LetterWriter:
    """Writes letters. Only here is it found out whether an address has an account."""

    def __init__(self, secrets: OneTimeSecrets) -> None:
        self._secrets = secrets

    async def write(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        """The letter; None when there is nobody to write to, or nothing to say any more.

        Written again, it says the same.
        """
        return await _WRITERS[queued.kind](self, tx, queued, now)

    async def _sign_up(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        known = await account_queries.credentials(tx, queued.recipient)
        site_url, locale = _site_url(queued), await _locale(tx, known)
        if known is None:
            link = await self._link(tx, queued, "sign_up", now)
        elif known.account.email_confirmed_at is None:
            link = await self._link(tx, queued, "sign_up", now, known=known)
        else:
            return texts.already_registered(site_url, locale=locale)
        return texts.confirm_sign_up(site_url, link.url, link.code, locale=locale)

    async def _sign_up_again(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        known = await account_queries.credentials(tx, queued.recipient)
        waiting = None if known else await one_time_queries.newest_sign_up(tx, queued.recipient)
        if known and known.account.email_confirmed_at is None:
            link = await self._link(tx, queued, "sign_up", now, known=known)
        elif waiting is not None and waiting.user_id is None:
            link = await self._link(tx, queued, "sign_up", now, details={**waiting.details, **queued.details})
        else:
            return None
        locale = await _locale(tx, known)
        return texts.confirm_sign_up(_site_url(queued), link.url, link.code, locale=locale)

    async def _recovery(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        known = await _active(tx, queued.recipient)
        if known is None:
            return None
        link = await self._link(tx, queued, "recovery", now, known=known)
        name = await account_queries.name_of(tx, known.account.id)
        locale = await _locale(tx, known)
        return texts.reset_password(_site_url(queued), link.url, link.code, name=name, locale=locale)

    async def _invitation(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        known = await _active(tx, queued.recipient)
        if known is None:
            return None
        link = await self._link(tx, queued, "recovery", now, known=known, lifetime=INVITATION_LIFETIME)
        name = await account_queries.name_of(tx, known.account.id)
        return texts.invitation(_site_url(queued), link.url, name=name, locale=await _locale(tx, known))

    async def _email_change_new(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        known = await self._mover(tx, queued)
        if known is None:
            return None
        other = await account_queries.credentials(tx, queued.recipient)
        if other is not None:
            return texts.already_registered(_site_url(queued), locale=await _locale(tx, other))
        link = await self._link(tx, queued, "email_change", now, known=known, details={"side": "new"})
        locale = await _locale(tx, known)
        return texts.confirm_new_address(_site_url(queued), link.url, link.code, locale=locale)

    async def _email_change_current(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        known = await self._mover(tx, queued)
        if known is None or known.account.email != queued.recipient:
            return None
        link = await self._link(tx, queued, "email_change", now, known=known, details={"side": "current"})
        name = await account_queries.name_of(tx, known.account.id)
        new_email, locale = queued.details["new_email"], await _locale(tx, known)
        return texts.agree_to_new_address(
            _site_url(queued), link.url, link.code, name=name, new_email=new_email, locale=locale
        )

    async def _email_change_again(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        known = await _active(tx, queued.recipient)
        change = await account_queries.email_change(tx, known.account.id) if known else None
        if known is not None and change is not None:
            await queue_email_change(
                tx,
                known.account.id,
                known.account.email,
                change.new_email,
                site_url=_site_url(queued),
                now=now,
                details=queued.details,
            )
        return None

    async def _reauthentication(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        known = await _active(tx, queued.recipient)
        if known is None or known.account.id != queued.user_id:
            return None
        link = await self._link(tx, queued, "reauthentication", now, known=known)
        name = await account_queries.name_of(tx, known.account.id)
        return texts.reauthentication(_site_url(queued), link.code, name=name, locale=await _locale(tx, known))

    async def _password_changed(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        assert queued.user_id is not None
        name, locale = await account_queries.name_of(tx, queued.user_id), await locale_of(tx, queued.user_id)
        return texts.password_changed(_site_url(queued), name=name, at=queued.created_at, locale=locale)

    async def _email_changed(self, tx: Tx, queued: QueuedLetter, now: datetime) -> Letter | None:
        assert queued.user_id is not None
        name, new_email = await account_queries.name_of(tx, queued.user_id), queued.details["new_email"]
        at, locale = queued.created_at, await locale_of(tx, queued.user_id)
        return texts.address_changed(_site_url(queued), name=name, new_email=new_email, at=at, locale=locale)

    async def _mover(self, tx: Tx, queued: QueuedLetter) -> Credentials | None:
        """Who wants to move, if they still do."""
        assert queued.user_id is not None
        change = await account_queries.email_change(tx, queued.user_id)
        if change is None or change.new_email != queued.details["new_email"]:
            return None
        return await account_queries.credentials_of(tx, queued.user_id)

    async def _link(
        self,
        tx: Tx,
        queued: QueuedLetter,
        kind: Kind,
        now: datetime,
        *,
        known: Credentials | None = None,
        details: Mapping[str, Any] | None = None,
        lifetime: timedelta | None = None,
    ) -> _Link:
        """Adds the token of this letter, under the letter's own id: written again, the letter says the same."""
        url_token = self._secrets.token(queued.id)
        token = OneTimeToken(
            queued.id,
            kind,
            queued.recipient,
            known.account.id if known else None,
            {**queued.details, **(details or {})},
        )
        await one_time_queries.add(
            tx, token, hashed(url_token), now=now, expires_at=now + (lifetime or LIFETIMES[kind])
        )
        url = confirm_link(
            _site_url(queued),
            token=url_token,
            kind_type=TYPES.get(kind, kind),
            redirect_to=queued.details.get("redirect_to"),
        )
        return _Link(url, self._secrets.code(queued.id))


_Writer = Callable[[LetterWriter, Tx, QueuedLetter, datetime], Awaitable[Letter | None]]
_WRITERS: dict[str, _Writer] = {
    "sign_up": LetterWriter._sign_up,
    "sign_up_again": LetterWriter._sign_up_again,
    "recovery": LetterWriter._recovery,
    "invitation": LetterWriter._invitation,
    "email_change_new": LetterWriter._email_change_new,
    "email_change_current": LetterWriter._email_change_current,
    "email_change_again": LetterWriter._email_change_again,
    "reauthentication": LetterWriter._reauthentication,
    "password_changed": LetterWriter._password_changed,
    "email_changed": LetterWriter._email_changed,
}
KINDS = frozenset(_WRITERS)
"""The kinds of letters that accounts write."""


async def _active(tx: Tx, email: str) -> Credentials | None:
    known = await account_queries.credentials(tx, email)
    return None if known is None or known.deactivated else known


async def _locale(tx: Tx, known: Credentials | None) -> Locale:
    return await locale_of(tx, known.account.id if known else None)


def _site_url(queued: QueuedLetter) -> str:
    return str(queued.details["site_url"])
