"""Signing in, staying signed in, signing out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from accounts.account import queries as account_queries
from accounts.account.addresses import normalised_email, storable
from accounts.account.opaque_tokens import hashed, new_token
from accounts.account.shapes import Account
from accounts.links import queries as one_time_queries
from accounts.sign_in import queries
from accounts.sign_in.passwords import Passwords
from accounts.sign_in.rotation import Use, judge
from accounts.sign_in.shapes import Login, access_claims, login_object, session_object
from core.clock import Clock
from core.db import Database, Tx
from core.errors import BadRequest, CallXError, Forbidden, NotFound
from core.identity import Person
from core.settings import Settings
from core.tokens import TokenIssuer

LogoutScope = Literal["global", "local", "others"]
USER_AGENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Device:
    """What is noted about where somebody signs in."""

    user_agent: str | None = None
    address: str | None = None


class Logins:
    """Issues and ends logins. Every failure has the code that clients of Supabase's server expect."""

    def __init__(
        self, database: Database, passwords: Passwords, issuer: TokenIssuer, settings: Settings, clock: Clock
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._issuer = issuer
        self._settings = settings
        self._clock = clock

    async def sign_in(self, email: str, password: str, device: Device) -> dict[str, Any]:
        """A session object. Raises BadRequest `invalid_credentials`, alike for a wrong password and nobody.

        Whoever knows the password is told more: `user_banned`, `email_not_confirmed`.
        """
        address = normalised_email(email)
        async with self._database.acting_as_service() as tx:
            known = await account_queries.credentials(tx, address)
            waiting = None if known else await one_time_queries.waiting_password(tx, address)
        verdict = await self._passwords.verify(password, known.password_hash if known else waiting)
        if not verdict.correct:
            raise BadRequest("Invalid login credentials", code="invalid_credentials")
        if known is None or (self._settings.confirm_email and known.account.email_confirmed_at is None):
            raise BadRequest("Email not confirmed", code="email_not_confirmed")
        if known.deactivated:
            raise BadRequest("This account is deactivated.", code="user_banned")
        async with self._database.acting_as_service() as tx:
            session = await self.start(tx, known.account.id, device)
            # Read after the row is locked: a password changed meanwhile has ended all logins but this one.
            latest = await account_queries.credentials_of(tx, known.account.id)
            if latest is None or latest.password_hash != known.password_hash:
                raise BadRequest("Invalid login credentials", code="invalid_credentials")
            if verdict.new_hash:
                await account_queries.store_password(tx, known.account.id, verdict.new_hash)
        return session

    async def start(self, tx: Tx, user_id: UUID, device: Device, method: str = "password") -> dict[str, Any]:
        """A session object of a new login of somebody who has shown, by `method`, who they are."""
        now = self._clock.now()
        agent = storable(device.user_agent[:USER_AGENT_LENGTH]) if device.user_agent else None
        login = await queries.start_login(tx, user_id, now, user_agent=agent, address=device.address, method=method)
        token, _ = await self._add_token(tx, login, now)
        return self._session(login, token, now)

    async def refresh(self, refresh_token: str) -> dict[str, Any]:
        """A session object with a new refresh token.

        Raises BadRequest `refresh_token_not_found`, or `refresh_token_already_used`, which ends the whole login.
        """
        now = self._clock.now()
        async with self._database.acting_as_service() as tx:
            outcome = await self._exchange(tx, refresh_token, now)
        if isinstance(outcome, CallXError):  # raised only here, so that what was ended is committed
            raise outcome
        login, token = outcome
        return self._session(login, token, now)

    async def account_of(self, person: Person) -> Account:
        """The person of an access token. Raises Forbidden `session_not_found` when the login has ended."""
        return (await self.live_login(person)).account

    async def list_logins(self, person: Person) -> list[dict[str, Any]]:
        """The person's logins that are not ended, latest first. Raises Forbidden `session_not_found`."""
        own = await self.live_login(person)
        async with self._database.acting_as_service() as tx:
            rows = await queries.logins_of(tx, own.account.id, self._clock.now())
        return [login_object(row, is_current=row["id"] == own.id) for row in rows]

    async def end_login(self, person: Person, login_id: UUID) -> None:
        """Ends one of the person's logins. Raises NotFound `login_not_found` for one that is another's or no more."""
        own = await self.live_login(person)
        async with self._database.acting_as_service() as tx:
            ended = await queries.end_logins(tx, own.account.id, self._clock.now(), only=login_id)
        if not ended:
            raise NotFound("You have no such login.", code="login_not_found")

    async def sign_out(self, person: Person, scope: LogoutScope) -> None:
        """Ends all logins of the person, only this one, or all others."""
        login = await self.live_login(person)
        async with self._database.acting_as_service() as tx:
            await queries.end_logins(
                tx,
                login.account.id,
                self._clock.now(),
                only=login.id if scope == "local" else None,
                except_for=login.id if scope == "others" else None,
            )

    async def live_login(self, person: Person) -> Login:
        """The login of an access token. Raises Forbidden `session_not_found` when it has ended."""
        login = None
        if person.login_id is not None and person.user_id is not None:
            async with self._database.acting_as_service() as tx:
                login = await queries.live_login(tx, person.login_id, person.user_id)
        if login is None:
            raise Forbidden("This login has ended. Sign in again.", code="session_not_found")
        return login

    async def _exchange(self, tx: Tx, refresh_token: str, now: datetime) -> tuple[Login, str] | CallXError:
        presented = await queries.presented_token(tx, hashed(refresh_token))
        if presented is None:
            return BadRequest("Invalid Refresh Token: Refresh Token Not Found", code="refresh_token_not_found")
        login = presented.login
        use = judge(presented.stored, now=now, grace=timedelta(seconds=self._settings.refresh_grace_s))
        if use is Use.REUSED:
            await queries.end_logins(tx, login.account.id, now, only=login.id)
            return BadRequest("Invalid Refresh Token: Already Used", code="refresh_token_already_used")
        if use not in (Use.ROTATE, Use.REPEAT_IN_GRACE):
            return BadRequest("Invalid Refresh Token: Session Expired", code="refresh_token_not_found")
        token, token_id = await self._add_token(tx, login, now)
        await queries.mark_used(tx, presented.id, token_id, now)
        await queries.drop_stale_tokens(tx, login.id, now)
        return login, token

    async def _add_token(self, tx: Tx, login: Login, now: datetime) -> tuple[str, Any]:
        token = new_token()
        expires_at = now + timedelta(days=self._settings.refresh_token_days)
        return token, await queries.add_token(tx, login.id, hashed(token), now=now, expires_at=expires_at)

    def _session(self, login: Login, refresh_token: str, now: datetime) -> dict[str, Any]:
        lifetime_s = self._settings.access_token_s
        access_token = self._issuer.sign(access_claims(login), lifetime=timedelta(seconds=lifetime_s))
        return session_object(
            login.account, access_token=access_token, refresh_token=refresh_token, expires_in_s=lifetime_s, now=now
        )
