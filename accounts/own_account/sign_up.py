"""Making an account for oneself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from accounts.account import queries as account_queries
from accounts.account.shapes import Account, user_object
from accounts.letters.queue import link_details, queue_letter
from accounts.links.pkce import Challenge
from accounts.sign_in.logins import Device, Logins
from accounts.sign_in.password_rules import refuse_weak
from accounts.sign_in.passwords import Passwords
from core.clock import Clock
from core.db import Database
from core.errors import Unprocessable
from core.settings import Settings


@dataclass(frozen=True, slots=True)
class SignUp:
    """What somebody gives who wants an account."""

    email: str
    password: str
    metadata: Mapping[str, Any]
    redirect_to: str | None
    challenge: Challenge | None


class SignUps:
    """Takes sign-ups. When addresses must be confirmed, nothing told or timed says whether an address has an account:
    the request does the same work for each, and the letter tells the rest to whoever reads the address's mail.
    """

    def __init__(
        self, database: Database, passwords: Passwords, logins: Logins, settings: Settings, clock: Clock, site_url: str
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._logins = logins
        self._settings = settings
        self._clock = clock
        self._site_url = site_url

    async def sign_up(self, wanted: SignUp, device: Device) -> dict[str, Any]:
        """The user object of an account that waits for its letter, or a session object when none is confirmed.

        Raises Unprocessable `signup_disabled`, `user_already_exists` (never when addresses are confirmed), and
        WeakPassword.
        """
        if self._settings.sign_up != "open":
            raise Unprocessable("Signups not allowed for this instance", code="signup_disabled")
        refuse_weak(wanted.password, email=wanted.email, metadata=wanted.metadata)
        password_hash = await self._passwords.hash(wanted.password)
        if self._settings.confirm_email:
            return await self._wait_for_confirmation(wanted, password_hash)
        async with self._database.acting_as_service() as tx:
            user_id = await account_queries.insert_signed_up(
                tx, uuid4(), wanted.email, password_hash, wanted.metadata, self._clock.now()
            )
            if user_id is None:
                raise Unprocessable("User already registered", code="user_already_exists")
            return await self._logins.start(tx, user_id, device)

    async def _wait_for_confirmation(self, wanted: SignUp, password_hash: str) -> dict[str, Any]:
        now, user_id = self._clock.now(), uuid4()
        details = {"user_id": str(user_id), "password_hash": password_hash, "metadata": dict(wanted.metadata)}
        async with self._database.acting_as_service() as tx:
            await queue_letter(
                tx,
                "sign_up",
                wanted.email,
                site_url=self._site_url,
                now=now,
                details=details | link_details(wanted.redirect_to, wanted.challenge),
            )
        return user_object(Account(user_id, wanted.email, now, now, user_metadata=wanted.metadata))
