"""What happens when somebody follows a one-time link or types its code."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from accounts.account import queries as account_queries
from accounts.account.opaque_tokens import hashed, new_token
from accounts.letters.queue import queue_letter
from accounts.links import queries as one_time_queries
from accounts.links.one_time import LIFETIMES, OneTimeSecrets
from accounts.links.pkce import challenge_of
from accounts.links.queries import OneTimeToken
from accounts.sign_in.logins import Device, Logins
from core.clock import Clock
from core.db import Database, Tx
from core.errors import BadRequest, Forbidden, NotFound

HALF_WAY = "Confirmation link accepted. Please proceed to confirm link sent to the other email"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What following a link has led to: one of the three."""

    session: dict[str, Any] | None = None
    code: str | None = None
    """To be exchanged for a session by the client that asked for the link (PKCE)."""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class _Shown:
    """Who somebody has shown to be, and how."""

    user_id: UUID
    method: str


class Confirmations:
    """Uses one-time tokens up, each with what it is good for in one transaction.

    Raises Forbidden `otp_expired` alike for what is wrong, used, too old or overtaken, and `user_banned`.
    """

    def __init__(
        self, database: Database, logins: Logins, secrets: OneTimeSecrets, clock: Clock, site_url: str
    ) -> None:
        self._database = database
        self._logins = logins
        self._secrets = secrets
        self._clock = clock
        self._site_url = site_url

    async def follow(self, token: str, kinds: Collection[str], device: Device, *, for_redirect: bool) -> Confirmed:
        """A link was followed. `for_redirect`: a client that gave a PKCE challenge gets a code, not a session."""
        now = self._clock.now()
        async with self._database.acting_as_service() as tx:
            used = await one_time_queries.use(tx, hashed(token), kinds, now)
            if used is None:
                raise _expired("Email link is invalid or has expired")
            return await self._confirm(tx, used, device, now, for_redirect=for_redirect)

    async def type_code(self, email: str, code: str, kinds: Collection[str], device: Device) -> Confirmed:
        """A code was typed. A wrong one counts against every open link to this address."""
        now = self._clock.now()
        async with self._database.acting_as_service() as tx:
            right = await self._match(tx, email, code, kinds, now)
            if right is not None:
                return await self._confirm(tx, right, device, now, for_redirect=False)
        raise _expired("Token has expired or is invalid")  # raised here, so that the guess is counted

    async def check_nonce(self, user_id: UUID, email: str, code: str) -> bool:
        """Whether this is the code of `GET /reauthenticate`, which is used up."""
        async with self._database.acting_as_service() as tx:
            right = await self._match(tx, email, code, ("reauthentication",), self._clock.now())
        return right is not None and right.user_id == user_id

    async def exchange(self, code: str, verifier: str, device: Device) -> dict[str, Any]:
        """A session for a code. Raises NotFound `flow_state_not_found`, BadRequest `bad_code_verifier`."""
        async with self._database.acting_as_service() as tx:
            used = await one_time_queries.use(tx, hashed(code), ("exchange",), self._clock.now())
            if used is None or used.user_id is None:
                raise NotFound("invalid flow state, no valid flow state found", code="flow_state_not_found")
            challenge = challenge_of(used.details)
            if challenge is None or not challenge.is_met_by(verifier):
                raise BadRequest(
                    "code challenge does not match previously saved code verifier", code="bad_code_verifier"
                )
            await _refuse_deactivated(tx, used.user_id)
            return await self._logins.start(tx, used.user_id, device, used.details["login_method"])

    async def _match(self, tx: Tx, email: str, code: str, kinds: Collection[str], now: datetime) -> OneTimeToken | None:
        waiting = await one_time_queries.open_for_codes(tx, email, kinds, now)
        right = next((token for token in waiting if self._secrets.is_code(token.id, code)), None)
        if right is None:
            await one_time_queries.count_wrong_guess(tx, [token.id for token in waiting])
        else:
            await one_time_queries.mark_used(tx, right.id, now)
        return right

    async def _confirm(
        self, tx: Tx, used: OneTimeToken, device: Device, now: datetime, *, for_redirect: bool
    ) -> Confirmed:
        shown = await self._apply(tx, used, now)
        if shown is None:
            return Confirmed(message=HALF_WAY)
        await _refuse_deactivated(tx, shown.user_id)
        challenge = challenge_of(used.details)
        if challenge is None or not for_redirect:
            return Confirmed(session=await self._logins.start(tx, shown.user_id, device, shown.method))
        code = new_token()
        details = {
            "code_challenge": challenge.value,
            "code_challenge_method": challenge.method,
            "login_method": shown.method,
        }
        exchange = OneTimeToken(uuid4(), "exchange", used.email, shown.user_id, details)
        await one_time_queries.add(tx, exchange, hashed(code), now=now, expires_at=now + LIFETIMES["exchange"])
        return Confirmed(code=code)

    async def _apply(self, tx: Tx, used: OneTimeToken, now: datetime) -> _Shown | None:
        match used.kind:
            case "sign_up":
                return _Shown(await self._finish_sign_up(tx, used, now), "otp")
            case "recovery":
                assert used.user_id is not None
                await _refuse_moved(tx, used.user_id, used.email)
                await account_queries.confirm_address(tx, used.user_id, now)
                await one_time_queries.drop_of_person(tx, used.user_id, ("recovery",))
                return _Shown(used.user_id, "recovery")
            case "email_change":
                return await self._agree(tx, used, now)
            case _:
                raise _expired("Email link is invalid or has expired")

    async def _finish_sign_up(self, tx: Tx, used: OneTimeToken, now: datetime) -> UUID:
        if used.user_id is not None:  # somebody whom an admin made without a confirmed address
            await _refuse_moved(tx, used.user_id, used.email)
            await account_queries.confirm_address(tx, used.user_id, now)
            return used.user_id
        details = used.details
        user_id = await account_queries.insert_signed_up(
            tx, UUID(details["user_id"]), used.email, details["password_hash"], details["metadata"], now
        )
        if user_id is None:
            raise _expired("Email link is invalid or has expired")
        await one_time_queries.drop_sign_ups(tx, used.email)
        return user_id

    async def _agree(self, tx: Tx, used: OneTimeToken, now: datetime) -> _Shown | None:
        assert used.user_id is not None
        change = await account_queries.email_change(tx, used.user_id)
        if change is None or change.new_email != used.details["new_email"]:
            raise _expired("Email link is invalid or has expired")
        change = await account_queries.agree_to_email_change(tx, used.user_id, used.details["side"], now)
        assert change is not None
        if not (change.current_confirmed and change.new_confirmed):
            return None
        await self._move(tx, used.user_id, change.new_email, now)
        return _Shown(used.user_id, "otp")

    async def _move(self, tx: Tx, user_id: UUID, new_email: str, now: datetime) -> None:
        before = await account_queries.credentials_of(tx, user_id)
        assert before is not None
        if not await account_queries.change_email(tx, user_id, new_email, now):
            raise _expired("Email link is invalid or has expired")
        await one_time_queries.drop_of_person(tx, user_id, one_time_queries.OF_ACCOUNTS)
        await one_time_queries.drop_sign_ups(tx, new_email)
        await queue_letter(
            tx,
            "email_changed",
            before.account.email,
            site_url=self._site_url,
            now=now,
            user_id=user_id,
            details={"new_email": new_email},
        )


async def _refuse_moved(tx: Tx, user_id: UUID, email: str) -> None:
    """A link that went to an address which the account has left."""
    known = await account_queries.credentials_of(tx, user_id)
    if known is None or known.account.email != email:
        raise _expired("Email link is invalid or has expired")


async def _refuse_deactivated(tx: Tx, user_id: UUID) -> None:
    known = await account_queries.credentials_of(tx, user_id)
    if known is None or known.deactivated:
        raise Forbidden("This account is deactivated.", code="user_banned")


def _expired(message: str) -> Forbidden:
    return Forbidden(message, code="otp_expired")
