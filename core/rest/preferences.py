"""`Prefer`: what a request would like, and what of it an answer confirms. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.rest.errors import RestError

Returned = Literal["minimal", "representation", "headers-only"]
Counted = Literal["exact", "planned", "estimated"]
Resolution = Literal["merge", "ignore"]
Action = Literal["read", "insert", "update", "delete", "call"]

_RETURNED: dict[str, Returned] = {
    "minimal": "minimal",
    "representation": "representation",
    "headers-only": "headers-only",
}
_COUNTED: dict[str, Counted] = {"exact": "exact", "planned": "planned", "estimated": "estimated"}
_RESOLUTIONS: dict[str, Resolution] = {"merge-duplicates": "merge", "ignore-duplicates": "ignore"}
_CONFIRMED: dict[Action, frozenset[str]] = {
    "read": frozenset({"count", "handling"}),
    "insert": frozenset({"resolution", "missing", "return", "count", "handling"}),
    "update": frozenset({"return", "count", "handling", "max-affected"}),
    "delete": frozenset({"return", "count", "handling", "max-affected"}),
    "call": frozenset({"count", "handling", "max-affected"}),
}


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a request prefers; None or False where it says nothing.

    `count`: whichever of the three kinds is asked for, the exact number is answered; an estimate is a liberty that the
    preference leaves to the server. `max_affected` rows may be changed, None is any number: it needs strict handling.
    """

    returned: Returned | None = None
    count: Counted | None = None
    resolution: Resolution | None = None
    missing_default: bool = False
    strict: bool = False
    max_affected: int | None = None

    @property
    def representation(self) -> bool:
        """Whether a write answers the rows that it wrote."""
        return self.returned == "representation"

    def applied(self, action: Action) -> str:
        """The value of `Preference-Applied`; empty when nothing that this action knows was preferred."""
        said = {
            "resolution": {"merge": "merge-duplicates", "ignore": "ignore-duplicates"}.get(self.resolution or ""),
            "missing": "default" if self.missing_default else None,
            "return": self.returned,
            "count": "exact" if self.count else None,
            "handling": "strict" if self.strict else None,
            "max-affected": None if self.max_affected is None else str(self.max_affected),
        }
        confirmed = _CONFIRMED[action]
        return ", ".join(f"{name}={value}" for name, value in said.items() if value and name in confirmed)


def parse_prefer(headers: Iterable[str]) -> Preferences:
    """Reads all `Prefer` headers; of one preference said twice, the first counts.

    Raises RestError PGRST122 when `handling=strict` stands beside one that is not known. `tx=rollback` is not served:
    under strict handling it is refused too, else it is ignored, and the answer does not confirm it.
    """
    wanted = _wanted(headers)
    strict = wanted.get("handling") == "strict"
    if strict and (unknown := [entry for entry in wanted.items() if not _is_known(*entry)]):
        text = ", ".join(f"{name}={value}" if value else name for name, value in unknown)
        raise RestError(
            400,
            "PGRST122",
            "Invalid preferences given with handling=strict",
            details=f"Invalid preferences: {text[:200]}",
        )
    most = wanted.get("max-affected", "")
    return Preferences(
        returned=_RETURNED.get(wanted.get("return", "")),
        count=_COUNTED.get(wanted.get("count", "")),
        resolution=_RESOLUTIONS.get(wanted.get("resolution", "")),
        missing_default=wanted.get("missing") == "default",
        strict=strict,
        max_affected=int(most) if strict and _WHOLE.fullmatch(most) else None,
    )


_WHOLE = re.compile(r"[0-9]{1,18}")
_VALUES: dict[str, frozenset[str]] = {
    "return": frozenset(_RETURNED),
    "count": frozenset(_COUNTED),
    "resolution": frozenset(_RESOLUTIONS),
    "missing": frozenset({"default", "null"}),
    "handling": frozenset({"strict", "lenient"}),
    "tx": frozenset({"commit"}),
}


def _is_known(name: str, value: str) -> bool:
    if name == "max-affected":
        return _WHOLE.fullmatch(value) is not None
    return value in _VALUES.get(name, ())


def _wanted(headers: Iterable[str]) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for header in headers:
        for entry in header.split(","):
            name, _, value = entry.strip().partition("=")
            if name.strip():
                wanted.setdefault(name.strip().lower(), value.strip().lower())
    return wanted
