"""Adds up what the upstream says its replies and transcriptions cost. PURE."""

from collections.abc import Mapping
from typing import Any


class UsageTotal:
    """Sums by kind and model: `{"response": {"gpt-…": {"reports": 3, "total_tokens": 812, …}}}`."""

    def __init__(self) -> None:
        self._sums: dict[str, dict[str, dict[str, Any]]] = {}

    def add(self, usage: Mapping[str, Any]) -> None:
        """One report; its numbers are added, however deep, and its other words are kept."""
        rest = {key: value for key, value in usage.items() if key not in ("kind", "model")}
        models = self._sums.setdefault(str(usage.get("kind", "other")), {})
        total = models.setdefault(str(usage.get("model", "unknown")), {"reports": 0})
        total["reports"] += 1
        _add(total, rest)

    def as_json(self) -> dict[str, Any]:
        """The sums so far."""
        return self._sums


def _add(total: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, Mapping):
            inner = total.setdefault(key, {})
            if isinstance(inner, dict):
                _add(inner, value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            known = total.get(key, 0)
            total[key] = known + value if isinstance(known, int | float) else value
        else:
            total[key] = value
