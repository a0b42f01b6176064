"""Who follows which facts."""

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from core.facts import Fact

Handler: TypeAlias = Callable[[Fact], Awaitable[None]]

RESERVED_NAME = "follow-fact"
"""What the job is named that queues the others."""


@dataclass(frozen=True)
class Subscriber:
    """Somebody who wants to know of each fact of a kind."""

    kind: str
    name: str
    handler: Handler


class Subscriptions:
    """Who follows which facts. Complete before the worker starts."""

    def __init__(self) -> None:
        self._by_kind: dict[str, list[Subscriber]] = defaultdict(list)
        self._by_name: dict[str, Subscriber] = {}

    def on(self, kind: str, name: str, handler: Handler) -> None:
        """Calls `handler` for each fact of `kind`.

        `name` (`evaluation.judge-call`) is stored with the jobs, so it must never change its meaning. The handler may
        be called again for the same fact: it looks first whether its work is done. An exception means try again later,
        except if it has a true attribute `permanent`. Raises ValueError for a name that is taken or odd.
        """
        if name in self._by_name or name == RESERVED_NAME or not re.fullmatch(r"[a-z][a-z0-9.-]{0,99}", name):
            raise ValueError(f"A subscriber cannot be named {name!r}.")
        subscriber = Subscriber(kind, name, handler)
        self._by_kind[kind].append(subscriber)
        self._by_name[name] = subscriber

    def of(self, kind: str) -> list[Subscriber]:
        """The subscribers of a kind of fact, in the order in which they subscribed."""
        return list(self._by_kind.get(kind, ()))

    def everybody(self) -> list[Subscriber]:
        """All subscribers."""
        return list(self._by_name.values())
