"""Tokens that say nothing and are stored hashed: refresh tokens, links, codes to exchange. Pure."""

import hashlib
import secrets


def new_token() -> str:
    """An opaque token of 256 random bits."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> bytes:
    """What is stored of a token. It is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", errors="surrogatepass")).digest()
