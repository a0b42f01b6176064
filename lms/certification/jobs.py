"""What certification does behind the requests: issue what was earned."""

from uuid import UUID

from core.clock import Clock
from core.db import Database
from core.facts import Fact
from core.jobs import Subscriptions
from lms.certification import queries
from lms.certification.badges.making import Badges
from lms.certification.issuing import CERTIFICATE_ISSUED, CERTIFICATE_REPRINTED, Issuer
from lms.certification.reissuing import REISSUE_GOES_ON, Reissuer

EVERY_NIGHT = "47 3 * * *"
EVERY_NIGHT_BADGES = "17 3 * * *"
EVERY_NIGHT_REISSUES = "37 3 * * *"
_MOST_AT_ONCE = 1_000


class Certifying:
    """Follows facts; doing it again changes nothing."""

    def __init__(self, database: Database, issuer: Issuer, badges: Badges, reissuer: Reissuer) -> None:
        self._database = database
        self._reissuer = reissuer
        self._issuer = issuer
        self._badges = badges

    async def lesson_completed(self, fact: Fact) -> None:
        """Follows the fact `LessonCompleted {user_id, lesson_id}`."""
        async with self._database.acting_as_service() as tx:
            product_id = await tx.fetchval(queries.PRODUCT_OF_LESSON, UUID(fact.payload["lesson_id"]))
        if product_id is not None:
            await self._issuer.issue_if_earned(UUID(fact.payload["user_id"]), product_id)

    async def passed_again(self, fact: Fact) -> None:
        """Follows the fact `PassedAgain {user_id, product_id}`, of people who have a certificate that expires."""
        await self._issuer.issue_if_earned(UUID(fact.payload["user_id"]), UUID(fact.payload["product_id"]))

    async def printed(self, fact: Fact) -> None:
        """Follows `CertificateIssued` and `CertificateReprinted`, both `{certification_id}`."""
        await self._badges.make(UUID(fact.payload["certification_id"]))

    async def make_missing_badges(self) -> None:
        """Makes the badges of certificates that are older than badges here."""
        while await self._badges.make():
            pass

    async def reissue_goes_on(self, fact: Fact) -> None:
        """Follows `CertificateReissueGoesOn {reissue_id}`."""
        await self._reissuer.go_on(UUID(fact.payload["reissue_id"]))

    async def catch_up(self) -> None:
        """Issues to those who became complete without completing anything: their last lesson was removed."""
        async with self._database.acting_as_service() as tx:
            candidates = await tx.fetch(queries.NOT_YET_CERTIFIED, _MOST_AT_ONCE)
        for candidate in candidates:
            await self._issuer.issue_if_earned(candidate["user_id"], candidate["product_id"])


def subscribe(subscriptions: Subscriptions, database: Database, clock: Clock, issuer: Issuer, badges: Badges) -> None:
    """Names the facts that certification follows, and what it does by night."""
    reissuer = Reissuer(database, clock, issuer.press)
    certifying = Certifying(database, issuer, badges, reissuer)
    subscriptions.on("LessonCompleted", "certification.issue", certifying.lesson_completed)
    subscriptions.on("PassedAgain", "certification.renew", certifying.passed_again)
    subscriptions.at(EVERY_NIGHT, "certification.catch-up", certifying.catch_up)
    subscriptions.on(CERTIFICATE_ISSUED, "certification.badge", certifying.printed)
    subscriptions.on(CERTIFICATE_REPRINTED, "certification.badge-anew", certifying.printed)
    subscriptions.at(EVERY_NIGHT_BADGES, "certification.missing-badges", certifying.make_missing_badges)
    subscriptions.on(REISSUE_GOES_ON, "certification.reissue", certifying.reissue_goes_on)
    subscriptions.at(EVERY_NIGHT_REISSUES, "certification.reissues-go-on", reissuer.wake)
