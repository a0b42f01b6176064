"""One-time links and codes: what they look like and how long they are good. Pure.

Token and code are derived from the row's id with a key of the server's own. So nothing that could be used lies in the
database (a token is stored hashed, a code not at all), and the job that writes the letter needs nobody to hand it over.
"""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Literal
from uuid import UUID

Kind = Literal["sign_up", "recovery", "email_change", "reauthentication", "exchange"]

PURPOSE = "one-time-link"
CODE_DIGITS = 6
GUESSES = 5
"""Wrong codes after which a token takes no code any more; its link still works."""

LIFETIMES: dict[Kind, timedelta] = {
    "sign_up": timedelta(hours=24),
    "recovery": timedelta(hours=1),
    "email_change": timedelta(hours=24),
    "reauthentication": timedelta(minutes=10),
    "exchange": timedelta(minutes=5),
}
INVITATION_LIFETIME = timedelta(days=7)
"""Of the recovery link in an invitation, which nobody waits for."""
KEPT_AFTER_EXPIRY = timedelta(days=7)
"""A sign-up that expired can be asked for again so long."""

KINDS_OF_TYPE: dict[str, tuple[Kind, ...]] = {
    "signup": ("sign_up",),
    "email": ("sign_up", "recovery"),
    "recovery": ("recovery",),
    "invite": ("recovery",),
    "email_change": ("email_change",),
}
"""The types that clients name in `/verify`, and what they mean here."""

TYPES: dict[Kind, str] = {"sign_up": "signup", "recovery": "recovery", "email_change": "email_change"}
"""The type that a link is written with."""


class OneTimeSecrets:
    """Derives what stands in a letter."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def token(self, token_id: UUID) -> str:
        """The token of a link: 256 bits."""
        return base64.urlsafe_b64encode(self._derived("token", token_id)).decode().rstrip("=")

    def code(self, token_id: UUID) -> str:
        """The same to be typed: six digits."""
        number = int.from_bytes(self._derived("code", token_id)) % 10**CODE_DIGITS
        return f"{number:0{CODE_DIGITS}}"

    def is_code(self, token_id: UUID, typed: str) -> bool:
        """Whether this is the code, told in equal time."""
        digits = "".join(typed.split())
        return hmac.compare_digest(self.code(token_id).encode(), digits.encode("utf-8", errors="surrogatepass"))

    def _derived(self, what: str, token_id: UUID) -> bytes:
        return hmac.digest(self._key, what.encode() + token_id.bytes, hashlib.sha256)
