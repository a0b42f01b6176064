"""Makes the badge of a certificate: once, however many ask; anew only when the certificate was printed anew."""

from collections.abc import Callable, Mapping
from secrets import randbelow
from typing import Any
from uuid import UUID

import asyncpg

from core.clock import Clock
from core.db import Database
from core.errors import Unavailable
from core.secrets import Secrets
from lms.certification import queries
from lms.certification.badges.credential import Addresses, Award, credential
from lms.certification.badges.keys import BadgeKey
from lms.certification.badges.status_list import numbers_of, status_list_credential, status_number
from lms.certification.codes import grouped

_MOST_AT_ONCE = 500
_TRIES = 4


class Badges:
    """Makes badges and says which of them hold no more."""

    def __init__(
        self,
        database: Database,
        secrets: Secrets,
        clock: Clock,
        site_url: str,
        *,
        chosen_below: Callable[[int], int] = randbelow,
    ) -> None:
        self._database = database
        self._chosen_below = chosen_below
        self._secrets = secrets
        self._clock = clock
        self.addresses = Addresses(site_url.rstrip("/"))
        self.key = BadgeKey(secrets)

    async def make(self, certification_id: UUID | None = None) -> int:
        """Makes the badges that are missing or older than their certificate; how many.

        Of one certification, or the oldest five hundred of all.
        """
        async with self._database.acting_as_service() as tx:
            if certification_id is None:
                rows = await tx.fetch(queries.BADGES_TO_MAKE, _MOST_AT_ONCE)
            else:
                rows = await tx.fetch(queries.BADGES_OF_ONE, certification_id)
        for row in rows:
            await self._make(row)
        return len(rows)

    async def keys(self) -> list[dict[str, Any]]:
        """The public keys of all badges, as JWKs: with those of before the server's secret was changed."""
        async with self._database.acting_as_service() as tx:
            kept = [row["public_key"] for row in await tx.fetch(queries.BADGE_KEYS)]
        return [self.key.public_jwk, *(key for key in kept if key["kid"] != self.key.thumbprint)]

    async def status_list(self, number: int) -> str | None:
        """The signed list, as of this minute; None where no badge is in it yet."""
        first, end = numbers_of(number)
        async with self._database.acting_as_service() as tx:
            if number and not await tx.fetchval(queries.IS_LIST_USED, first, end):
                return None
            revoked = [row["status_number"] - first for row in await tx.fetch(queries.REVOKED_BADGES, first, end)]
        where = self.addresses.status_list(number)
        claims = status_list_credential(where, self.addresses.issuer, revoked, self._clock.now())
        return self.key.token(claims, self.addresses.key(self.key.thumbprint))

    async def _make(self, row: Mapping[str, Any]) -> None:
        for _ in range(_TRIES):
            try:
                async with self._database.acting_as_service() as tx:
                    number = row["status_number"]
                    if number is None:
                        number = status_number(await tx.fetchval(queries.NEXT_BADGE), self._chosen_below)
                        if await tx.fetchval(queries.IS_WITHDRAWN, number):
                            continue
                    await tx.execute(queries.KEEP_BADGE_KEY, self.key.thumbprint, self.key.public_jwk)
                    token = self._token(row, number)
                    await tx.execute(queries.KEEP_BADGE, row["issue_id"], number, token, row["printed_at"])
                return
            except asyncpg.UniqueViolationError:
                continue  # the place in the list is taken
            except asyncpg.ForeignKeyViolationError:
                return  # the certificate was deleted meanwhile
        raise Unavailable("No place was found for a badge.", code="badge_busy")

    def _token(self, row: Mapping[str, Any], number: int) -> str:
        award = Award(
            certification_id=row["certification_id"],
            product_id=row["product_id"],
            code=grouped(row["code"]),
            product_title=row["product_title"],
            description=row["description"],
            holder_email=row["email"],
            salt=self._secrets.derive(f"badge-salt {row['issue_id']}")[:32],
            issuer=row["issuer"],
            score=row["score"],
            issued_at=row["issued_at"],
            printed_at=row["printed_at"],
            expires_at=row["expires_at"],
            status_number=number,
        )
        return self.key.token(credential(award, self.addresses), self.addresses.key(self.key.thumbprint))
