"""Where links in letters lead, and what they carry. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlencode, urlsplit, urlunsplit

CONFIRM_PATH = "/auth/v1/confirm"
LONGEST = 2_000
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class RedirectRules:
    """Where somebody may be sent with tokens: to this server and to what the operator listed."""

    site_url: str
    allowed: tuple[str, ...] = ()
    """Origins, or addresses whose path, taken by whole segments, must be a beginning of the target's."""

    def target(self, requested: str | None) -> str:
        """`requested` if it is allowed, else the site's own address: an unknown target is never told the tokens."""
        if requested and self._allows(requested):
            return requested
        return self.site_url

    def _allows(self, requested: str) -> bool:
        parts = _plain_parts(requested)
        if parts is None:
            return False
        return any(_covers(rule, parts) for rule in (self.site_url, *self.allowed))


def origin_of(url: str) -> str:
    """Scheme, host and port of an address; empty if it has none."""
    parts = _plain_parts(url)
    return f"{parts.scheme}://{parts.netloc}" if parts else ""


def confirm_link(site_url: str, *, token: str, kind_type: str, redirect_to: str | None) -> str:
    """The link in a letter. It leads to a page with a button, because mail scanners open links."""
    query = {"token": token, "type": kind_type} | ({"redirect_to": redirect_to} if redirect_to else {})
    return f"{site_url.rstrip('/')}{CONFIRM_PATH}?{urlencode(query)}"


def with_fragment(target: str, values: Mapping[str, object]) -> str:
    """The target with these values behind `#`, where no server and no log sees them; its own fragment goes."""
    return (
        f"{target.partition('#')[0]}#{urlencode({name: str(value) for name, value in values.items()}, quote_via=quote)}"
    )


def with_query(target: str, values: Mapping[str, str]) -> str:
    """The target with these values added to its query."""
    parts = urlsplit(target)
    query = "&".join(part for part in (parts.query, urlencode(values, quote_via=quote)) if part)
    return urlunsplit(parts._replace(query=query))


def _covers(rule: str, target: SplitResult) -> bool:
    ruled = _plain_parts(rule)
    if ruled is None or _place(ruled) != _place(target):
        return False
    path = ruled.path.rstrip("/")
    return not path or target.path == path or target.path.startswith(f"{path}/")


def _place(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme]


def _plain_parts(url: str) -> SplitResult | None:
    """The parts of an address that every browser reads as we do; None for anything else."""
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or _any_of(url, " \\<>\"'`{}|^"):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    if (
        parts.scheme not in _PORTS
        or not parts.hostname
        or "@" in parts.netloc
        or not url.lower().startswith(f"{parts.scheme}://")
    ):
        return None
    decoded = parts.path.lower().replace("%2e", ".").replace("%2f", "/").replace("%5c", "/")
    return None if ".." in decoded.split("/") else parts


def _any_of(text: str, characters: Iterable[str]) -> bool:
    return any(character in text for character in characters)
