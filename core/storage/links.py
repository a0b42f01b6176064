"""Signed links: an address that opens one object to whoever has it, for a time, or lets them store it.

A link does what the person who asked for it may do, at the time when it is opened: a right that is taken away is taken
from the links too. Links of the two kinds have keys of their own: none is a sign-in, nor a link of the other kind.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from core.clock import Clock
from core.db import SERVICE
from core.errors import Unauthorized
from core.identity import ANONYMOUS, Person
from core.secrets import Secrets
from core.storage.errors import invalid_token
from core.storage.object_names import ObjectName
from core.tokens import LinkTokens

UPLOAD_LIFETIME = timedelta(hours=2)
LONGEST_LIFETIME_S = 315_360_000
"""Ten years."""


@dataclass(frozen=True, slots=True)
class UploadPermit:
    """What an upload link lets its bearer do."""

    signer: Person
    upsert: bool


class ObjectLinks:
    """Makes and reads the tokens in signed links."""

    def __init__(self, secrets: Secrets, clock: Clock) -> None:
        self._downloads = LinkTokens(secrets, clock, "storage-download-link")
        self._uploads = LinkTokens(secrets, clock, "storage-upload-link")

    def for_download(self, signer: Person, name: ObjectName, lifetime_s: int) -> str:
        """A token that reads the object as `signer` for so long. 0 < lifetime_s <= LONGEST_LIFETIME_S."""
        return self._downloads.sign({"url": str(name), **_signer(signer)}, lifetime=timedelta(seconds=lifetime_s))

    def opened_for_download(self, token: str, name: ObjectName) -> Person:
        """As whom to read the object. Raises StorageError InvalidJWT."""
        return _person(_claims(self._downloads, token, name))

    def for_upload(self, signer: Person, name: ObjectName, *, upsert: bool) -> str:
        """A token that stores the object as `signer`, once, or (`upsert`) as often as one likes, for two hours."""
        claims = {"url": str(name), "upsert": upsert, **_signer(signer)}
        return self._uploads.sign(claims, lifetime=UPLOAD_LIFETIME)

    def opened_for_upload(self, token: str, name: ObjectName) -> UploadPermit:
        """As whom to store the object. Raises StorageError InvalidJWT."""
        claims = _claims(self._uploads, token, name)
        return UploadPermit(_person(claims), claims.get("upsert") is True)


def _claims(tokens: LinkTokens, token: str, name: ObjectName) -> dict[str, Any]:
    try:
        claims = tokens.verify(token)
    except Unauthorized as error:
        raise invalid_token("jwt expired" if error.code == "token_expired" else "The link is not valid.") from error
    if claims.get("url") != str(name):
        raise invalid_token("The link is for another object.")
    return claims


def _signer(person: Person) -> dict[str, str]:
    return {"kind": person.kind} | ({"sub": str(person.user_id)} if person.user_id else {})


def _person(claims: dict[str, Any]) -> Person:
    match claims.get("kind"):
        case "authenticated":
            user_id = UUID(claims["sub"])
            return Person("authenticated", user_id=user_id, claims={"sub": claims["sub"], "role": "authenticated"})
        case "service":
            return SERVICE
        case _:
            return ANONYMOUS
