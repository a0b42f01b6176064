"""Short-lived links to a recording, for players that cannot send a bearer. PURE.

A link is bound to one call and one moment, and signed with a key of its own: it opens nothing else.
"""

import hashlib
import hmac
from uuid import UUID

LIFETIME_S = 900


class RecordingLinks:
    """Makes and checks the tokens in links."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def token(self, call_id: UUID, now_s: int) -> tuple[str, int]:
        """A token for this call and the time at which it expires, in seconds since 1970."""
        expires_s = now_s + LIFETIME_S
        return f"{expires_s}.{self._signature(call_id, expires_s)}", expires_s

    def opens(self, token: str, call_id: UUID, now_s: int) -> bool:
        """Whether the token is ours, for this call, and still good."""
        expiry, _, signature = token.partition(".")
        if not (expiry.isascii() and expiry.isdigit() and len(expiry) < 16):
            return False
        expected = self._signature(call_id, int(expiry))
        return hmac.compare_digest(signature.encode(), expected.encode()) and now_s < int(expiry)

    def _signature(self, call_id: UUID, expires_s: int) -> str:
        return hmac.new(self._key, f"recording:{call_id}:{expires_s}".encode(), hashlib.sha256).hexdigest()
