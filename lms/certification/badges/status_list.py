"""Bitstring Status Lists: one bit for each badge, set when it holds no more. Pure.

A list has room for many more badges than it is ever given, in random places, so that whoever looks it up does not say
whose badge they are looking at.
"""

import base64
import gzip
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

SIZE = 131_072
"""Badges that a list has room for; the least that the standard allows."""
_FILLED = SIZE // 2
_CONTEXT = ["https://www.w3.org/ns/credentials/v2"]
FRESH_FOR_S = 300
"""How long a list may be kept: a revocation is seen everywhere after that."""
_GOOD_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bit of a badge is."""

    status_list: int
    index: int


def place_of(number: int) -> Place:
    """Of a badge by its status number."""
    return Place(*divmod(number, SIZE))


def status_number(count: int, chosen_below: Callable[[int], int]) -> int:
    """A number for one more badge when `count` were given out, in the list that is being filled.

    `chosen_below(n)` chooses a number from 0 up to, but without, n. What it chooses may be taken.
    """
    return count // _FILLED * SIZE + chosen_below(SIZE)


def numbers_of(status_list: int) -> tuple[int, int]:
    """The first status number of a list, and the first that is not in it any more."""
    return status_list * SIZE, (status_list + 1) * SIZE


def encoded(indexes: Iterable[int]) -> str:
    """The list with these bits set, as the standard writes it: the same bits are always the same text."""
    bits = bytearray(SIZE // 8)
    for index in indexes:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def status_list_credential(address: str, issuer: str, indexes: Iterable[int], now: datetime) -> dict[str, Any]:
    """What is signed: the list at `address`, good for a day from the beginning of this minute."""
    since = datetime.fromtimestamp(int(now.timestamp()) // 60 * 60, UTC)
    return {
        "@context": _CONTEXT,
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": _time(since),
        "validUntil": _time(since + _GOOD_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(indexes),
            "ttl": FRESH_FOR_S * 1_000,
        },
        "iss": issuer,
        "sub": f"{address}#list",
        "jti": address,
        "nbf": int(since.timestamp()),
        "exp": int((since + _GOOD_FOR).timestamp()),
    }


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
