"""Short-lived links to a recording, for players that cannot send a bearer. PURE.

A link is bound to one call, one moment and the person it was made for, and signed with a key of its own. It proves who
asks, and only for this recording: whether that person may hear it, the database is asked each time.
"""

import hashlib
import hmac
from uuid import UUID

from core.identity import Person

LIFETIME_S = 900


class RecordingLinks:
    """Makes and checks the tokens in links."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def token(self, call_id: UUID, person: Person, now_s: int) -> tuple[str, int]:
        """A token for this call and signed-in person, and the time at which it expires, in seconds since 1970."""
        assert person.user_id is not None, "only somebody who is signed in gets a link"
        expires_s = now_s + LIFETIME_S
        said = f"{expires_s}.{person.user_id.hex}.{person.login_id.hex if person.login_id else ''}"
        return f"{said}.{self._signature(call_id, said)}", expires_s

    def opened_by(self, token: str, call_id: UUID, now_s: int) -> Person | None:
        """Whom the token was made for; None unless it is ours, for this call, and still good."""
        said, _, signature = token.rpartition(".")
        expected = self._signature(call_id, said)
        if not hmac.compare_digest(signature.encode("utf-8", errors="surrogatepass"), expected.encode()):
            return None
        expiry, user_id, login_id = said.split(".")
        if now_s >= int(expiry):
            return None
        return Person("authenticated", user_id=UUID(user_id), login_id=UUID(login_id) if login_id else None)

    def _signature(self, call_id: UUID, said: str) -> str:
        text = f"recording:{call_id}:{said}".encode("utf-8", errors="surrogatepass")
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()
