"""What people change about their own account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.account import queries as account_queries
from accounts.account.shapes import METADATA_BYTES, Account, fits_token
from accounts.letters.queue import link_details, queue_email_change, queue_letter
from accounts.links import queries as one_time_queries
from accounts.links.pkce import Challenge
from accounts.own_account.confirmations import Confirmations
from accounts.sign_in import queries
from accounts.sign_in.logins import Logins
from accounts.sign_in.password_rules import refuse_weak
from accounts.sign_in.passwords import Passwords
from accounts.sign_in.shapes import Login
from core.clock import Clock
from core.db import Database, Tx
from core.errors import BadRequest, Unprocessable
from core.identity import Person
from core.settings import Settings

RECOVERY_GOOD_FOR = timedelta(hours=1)
"""How long after following a recovery link a password may be chosen without the old one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall change; what is None stays."""

    password: str | None = None
    current_password: str | None = None
    nonce: str | None = None
    metadata: Mapping[str, Any] | None = None
    new_email: str | None = None
    redirect_to: str | None = None
    challenge: Challenge | None = None


class AccountChanges:
    """Changes accounts. Whoever holds only a stolen login can change neither password nor address with it."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        logins: Logins,
        confirmations: Confirmations,
        settings: Settings,
        clock: Clock,
        site_url: str,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._logins = logins
        self._confirmations = confirmations
        self._settings = settings
        self._clock = clock
        self._site_url = site_url

    async def change(self, person: Person, wanted: Wanted) -> tuple[Account, str | None]:
        """The account afterwards, and the address that it waits to move to.

        Raises BadRequest `reauthentication_needed`, Unprocessable `current_password_invalid`,
        `reauthentication_not_valid`, `same_password` or `weak_password`, and Forbidden `session_not_found`.
        """
        login = await self._logins.live_login(person)
        new_hash = await self._new_password(login, wanted) if wanted.password is not None else None
        account, now = login.account, self._clock.now()
        async with self._database.acting_as_service() as tx:
            if new_hash is not None:
                await self._store_password(tx, login, new_hash)
            if wanted.metadata is not None:
                merged = {**account.user_metadata, **wanted.metadata}
                kept = {name: value for name, value in merged.items() if value is not None}
                if not fits_token(kept):
                    message = f"`data` may have at most {METADATA_BYTES} bytes."
                    raise BadRequest(message, code="validation_failed")
                await account_queries.store_metadata(tx, account.id, kept)
            if wanted.new_email is not None and wanted.new_email != account.email:
                await account_queries.start_email_change(tx, account.id, wanted.new_email, now)
                await queue_email_change(
                    tx,
                    account.id,
                    account.email,
                    wanted.new_email,
                    site_url=self._site_url,
                    now=now,
                    details=link_details(wanted.redirect_to, wanted.challenge),
                )
            known = await account_queries.credentials_of(tx, account.id)
            waiting = await account_queries.email_change(tx, account.id)
        assert known is not None
        return known.account, waiting.new_email if waiting else None

    async def _new_password(self, login: Login, wanted: Wanted) -> str:
        """The hash to store, once it is shown that the person may choose it."""
        assert wanted.password is not None
        async with self._database.acting_as_service() as tx:
            known = await account_queries.credentials_of(tx, login.account.id)
        assert known is not None
        await self._require_the_person(login, known.password_hash, wanted)
        refuse_weak(wanted.password, email=login.account.email, metadata=login.account.user_metadata)
        if known.password_hash and (await self._passwords.verify(wanted.password, known.password_hash)).correct:
            raise Unprocessable("New password should be different from the old password.", code="same_password")
        return await self._passwords.hash(wanted.password)

    async def _require_the_person(self, login: Login, password_hash: str | None, wanted: Wanted) -> None:
        if wanted.current_password is not None:
            if not (await self._passwords.verify(wanted.current_password, password_hash)).correct:
                raise Unprocessable("The current password is wrong.", code="current_password_invalid")
            return
        if wanted.nonce is not None:
            if not await self._confirmations.check_nonce(login.account.id, login.account.email, wanted.nonce):
                raise Unprocessable("The code is wrong or too old.", code="reauthentication_not_valid")
            return
        age = self._clock.now() - login.signed_in_at
        allowed = timedelta(seconds=self._settings.reauthenticate_after_s)
        if age > (RECOVERY_GOOD_FOR if login.method == "recovery" else allowed):
            raise BadRequest(
                "Give your current password, or sign in again, to choose another.", code="reauthentication_needed"
            )

    async def _store_password(self, tx: Tx, login: Login, new_hash: str) -> None:
        now, user_id = self._clock.now(), login.account.id
        await account_queries.set_password(tx, user_id, new_hash, login.id)
        await queries.end_logins(tx, user_id, now, except_for=login.id)
        await one_time_queries.drop_of_person(tx, user_id, ("recovery", "reauthentication", "exchange"))
        await queue_letter(
            tx, "password_changed", login.account.email, site_url=self._site_url, now=now, user_id=user_id
        )
