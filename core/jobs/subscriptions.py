"""Who follows which facts, and what is done at set times."""

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from core.facts import Fact

Handler: TypeAlias = Callable[[Fact], Awaitable[None]]
ChoreHandler: TypeAlias = Callable[[], Awaitable[object]]

RESERVED_NAME = "follow-fact"
"""What the job is named that queues the others."""


@dataclass(frozen=True)
class Subscriber:
    """Somebody who wants to know of each fact of a kind."""

    kind: str
    name: str
    handler: Handler


@dataclass(frozen=True)
class Chore:
    """What is to be done at set times, whatever has happened."""

    cron: str
    name: str
    handler: ChoreHandler


class Subscriptions:
    """Who follows which facts, and what is done at set times. Complete before the worker starts."""

    def __init__(self) -> None:
        self._by_kind: dict[str, list[Subscriber]] = defaultdict(list)
        self._by_name: dict[str, Subscriber] = {}
        self._chores: dict[str, Chore] = {}

    def on(self, kind: str, name: str, handler: Handler) -> None:
        """Calls `handler` for each fact of `kind`.

        `name` (`evaluation.judge-call`) is stored with the jobs, so it must never change its meaning. The handler may
        be called again for the same fact: it looks first whether its work is done. An exception means try again later,
        except if it has a true attribute `permanent`. Raises ValueError for a name that is taken or odd.
        """
        self._check_name(name)
        subscriber = Subscriber(kind, name, handler)
        self._by_kind[kind].append(subscriber)
        self._by_name[name] = subscriber

    def at(self, cron: str, name: str, handler: ChoreHandler) -> None:
        """Calls `handler` at the times of a cron expression (`7 * * * *`: at seven past each hour, UTC).

        Once for all servers of one place, as a rule: a server that dies may have it called again. An exception is
        logged, and the next time comes as ever. Raises ValueError for a name that is taken or odd.
        """
        self._check_name(name)
        self._chores[name] = Chore(cron, name, handler)

    def of(self, kind: str) -> list[Subscriber]:
        """The subscribers of a kind of fact, in the order in which they subscribed."""
        return list(self._by_kind.get(kind, ()))

    def everybody(self) -> list[Subscriber]:
        """All subscribers."""
        return list(self._by_name.values())

    def chores(self) -> list[Chore]:
        """All that is done at set times."""
        return list(self._chores.values())

    def _check_name(self, name: str) -> None:
        taken = name in self._by_name or name in self._chores or name == RESERVED_NAME
        if taken or not re.fullmatch(r"[a-z][a-z0-9.-]{0,99}", name):
            raise ValueError(f"A subscriber cannot be named {name!r}.")
