"""Whose address a request comes from, behind proxies too."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

from core.app_keys import SETTINGS

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
UNKNOWN = "unknown"
IPV6_PREFIX = 64


def client_address(request: web.Request) -> Address | None:
    """The client's address; None when the socket has none."""
    forwarded = request.headers.getall("X-Forwarded-For", [])
    return address_behind(request.remote, forwarded, request.app[SETTINGS].trusted_proxies)


def address_behind(peer: str | None, forwarded: Iterable[str], trusted: Sequence[Network]) -> Address | None:
    """The nearest address that is no trusted proxy's: anybody can write into `X-Forwarded-For`, only from its right
    end on was it written by proxies that are trusted. `forwarded` holds the header's values in their order.
    """
    client = _parsed(peer or "")
    hops = [hop.strip() for value in forwarded for hop in value.split(",")]
    while client is not None and hops and any(client in network for network in trusted):
        nearer = _parsed(hops.pop())
        if nearer is None:
            break
        client = nearer
    return client


def limit_key(address: Address | None) -> str:
    """What a limit by address counts: of IPv6 the network of 64 bits, because one client has all of it."""
    if address is None:
        return UNKNOWN
    if address.version == 6:
        return str(ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text.partition("%")[0].removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
