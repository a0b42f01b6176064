"""Proof that whoever exchanges a code is whoever asked for it (RFC 7636). Pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a client keeps the answer to."""

    value: str
    method: str

    def is_met_by(self, verifier: str) -> bool:
        """Whether this is the answer."""
        if not _CHALLENGE.fullmatch(verifier):
            return False
        answer = verifier
        if self.method == "s256":
            digest = hashlib.sha256(verifier.encode()).digest()
            answer = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return hmac.compare_digest(answer.encode(), self.value.encode())


def challenge_of(body: Mapping[str, Any]) -> Challenge | None:
    """The challenge in a request or a stored row; None without one. Raises ValueError for one that is no good."""
    value, method = body.get("code_challenge"), body.get("code_challenge_method")
    if value is None and method is None:
        return None
    method = method.lower() if isinstance(method, str) else "plain"
    if not isinstance(value, str) or not _CHALLENGE.fullmatch(value) or method not in ("s256", "plain"):
        raise ValueError("code_challenge must have 43 to 128 letters and digits, its method be s256 or plain.")
    return Challenge(value, method)
