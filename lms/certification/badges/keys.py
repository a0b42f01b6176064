"""The key that badges are signed with: derived from the server's secret, so that all servers of one place have it."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.secrets import Secrets

PURPOSE = "badge-signing"


class BadgeKey:
    """An Ed25519 key. The same claims are always the same token."""

    def __init__(self, secrets: Secrets) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secrets.derive(PURPOSE)))
        members = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(self._key.public_key().public_bytes_raw())}
        self.thumbprint = _base64url(hashlib.sha256(_json(members)).digest())
        """RFC 7638; names the key in addresses."""
        self.public_jwk = {**members, "alg": "EdDSA", "use": "sig", "kid": self.thumbprint}

    def token(self, claims: Mapping[str, Any], key_address: str) -> str:
        """The claims as a compact JWS, whose header says where the public key is."""
        header = {"alg": "EdDSA", "kid": key_address, "typ": "JWT"}
        signed = f"{_base64url(_json(header))}.{_base64url(_json(claims))}"
        return f"{signed}.{_base64url(self._key.sign(signed.encode()))}"


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
