"""The links that end letters of one kind to one person. PURE.

A link is signed with a key of its own, says whom and what it is about, and is good for nothing else: no sign-in, no
look at anything. Whoever forwards a letter gives that much away.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

PURPOSE = "unsubscribe-link"
PATH = "/letters/unsubscribe"
LIFETIME = timedelta(days=365)
LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Somebody wants no more letters of a kind."""

    user_id: UUID
    kind: str


class UnsubscribeLinks:
    """Makes and checks the tokens in such links."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def url(self, site_url: str, user_id: UUID, kind: str, *, written_at: datetime) -> str:
        """The address for a letter that is written at this time: of the same letter always the same."""
        said = f"{int((written_at + LIFETIME).timestamp())}.{user_id.hex}.{kind}"
        return f"{site_url}{PATH}?token={said}.{self._signature(said)}"

    def read(self, token: str, now: datetime) -> Unsubscribing | None:
        """What a token is good for; None unless it is ours, and not too old."""
        said, _, signature = token[:LONGEST_TOKEN].rpartition(".")
        expected = self._signature(said)
        if not hmac.compare_digest(signature.encode("utf-8", errors="surrogatepass"), expected.encode()):
            return None
        expiry, user_id, kind = said.split(".")
        return Unsubscribing(UUID(user_id), kind) if now.timestamp() < int(expiry) else None

    def _signature(self, said: str) -> str:
        text = f"unsubscribe:{said}".encode("utf-8", errors="surrogatepass")
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()
