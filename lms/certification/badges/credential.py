"""A certificate as an Open Badges 3.0 credential, before it is signed. Pure.

The holder is named by a salted hash of their e-mail address: whoever knows the address can check that the badge is
theirs, and nobody can read it there.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lms.certification.badges.status_list import place_of

CONTEXT = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
_LONGEST_DESCRIPTION = 500


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things about badges are; `site` is without a slash at the end."""

    site: str

    @property
    def issuer(self) -> str:
        """Who issues: the id of their profile."""
        return f"{self.site}/badges/issuer"

    def key(self, thumbprint: str) -> str:
        """A public key."""
        return f"{self.site}/badges/keys/{thumbprint}"

    def credential(self, code: str) -> str:
        """A badge as a token; its id, too. The code in groups."""
        return f"{self.site}/badges/{code}"

    def picture(self, code: str) -> str:
        """A badge as a picture."""
        return f"{self.site}/badges/{code}.svg"

    def status_list(self, number: int) -> str:
        """Which badges hold no more."""
        return f"{self.site}/badges/status/{number}"

    def page(self, code: str) -> str:
        """Where people check the certificate."""
        return f"{self.site}/verify/{code}"


@dataclass(frozen=True, slots=True)
class Award:
    """A certificate, as its badge tells of it."""

    certification_id: UUID
    product_id: UUID
    code: str
    """In groups."""
    product_title: str
    description: str | None
    holder_email: str
    salt: str
    issuer: str
    score: int | None
    issued_at: datetime
    printed_at: datetime
    expires_at: datetime | None
    status_number: int


def profile(issuer: str, addresses: Addresses) -> dict[str, Any]:
    """Who issues."""
    return {"id": addresses.issuer, "type": ["Profile"], "name": issuer, "url": addresses.site}


def credential(award: Award, addresses: Addresses) -> dict[str, Any]:
    """What is signed: the credential, and beside it what a JWT must repeat of it."""
    issuer, subject = profile(award.issuer, addresses), _subject(award, addresses)
    said: dict[str, Any] = {
        "@context": CONTEXT,
        "id": addresses.credential(award.code),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": award.product_title,
        "issuer": issuer,
        "validFrom": _time(award.printed_at),
        "awardedDate": _time(award.issued_at),
        "credentialSubject": subject,
        "evidence": [{"id": addresses.page(award.code), "type": ["Evidence"], "name": "Certificate"}],
        "credentialStatus": _status(award.status_number, addresses),
        "credentialSchema": [{"id": _SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    claims = {"iss": issuer["id"], "sub": subject["id"], "jti": said["id"], "nbf": _seconds(award.printed_at)}
    if award.expires_at is not None:
        said["validUntil"] = _time(award.expires_at)
        claims["exp"] = _seconds(award.expires_at)
    return {**said, **claims}


def identity_hash(email: str, salt: str) -> str:
    """How a credential names somebody without saying who it is."""
    return f"sha256${hashlib.sha256((email + salt).encode()).hexdigest()}"


def _subject(award: Award, addresses: Addresses) -> dict[str, Any]:
    about = award.description or f"Has completed {award.product_title}."
    criteria = f"Every lesson of “{award.product_title}” was completed, and every quiz and simulation in it passed."
    achievement: dict[str, Any] = {
        "id": f"urn:uuid:{award.product_id}",
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": award.product_title,
        "description": about[:_LONGEST_DESCRIPTION],
        "criteria": {"narrative": criteria},
        "image": {"id": addresses.picture(award.code), "type": "Image"},
    }
    subject: dict[str, Any] = {
        "id": f"urn:uuid:{award.certification_id}",
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": identity_hash(award.holder_email, award.salt),
                "identityType": "emailAddress",
                "salt": award.salt,
            }
        ],
        "achievement": achievement,
    }
    if award.score is not None:
        score = f"urn:uuid:{award.product_id}#score"
        achievement["resultDescription"] = [
            {
                "id": score,
                "type": ["ResultDescription"],
                "name": "Final score",
                "resultType": "Percent",
                "valueMin": "0",
                "valueMax": "100",
            }
        ]
        subject["result"] = [{"type": ["Result"], "resultDescription": score, "value": str(award.score)}]
    return subject


def _status(number: int, addresses: Addresses) -> dict[str, Any]:
    place = place_of(number)
    where = addresses.status_list(place.status_list)
    return {
        "id": f"{where}#{place.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place.index),
        "statusListCredential": where,
    }


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _time(moment: datetime) -> str:
    """As it is in the claims: whole seconds, so that both say the same."""
    return datetime.fromtimestamp(_seconds(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
