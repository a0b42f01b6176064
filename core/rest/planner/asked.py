"""Which part of a query belongs to which level. Nothing may be forgotten: a filter that is dropped shows rows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from core.rest.errors import RestError
from core.rest.planner.lookups import not_embedded
from core.rest.query import Condition, EmbedSelect, OrderTerm, Path, Query
from core.rest.relationships import Relationship

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a level and of those below it, each with the path that is left to go."""

    conditions: tuple[tuple[Path, Condition], ...] = ()
    orders: tuple[tuple[Path, tuple[OrderTerm, ...]], ...] = ()
    limits: tuple[tuple[Path, int], ...] = ()
    offsets: tuple[tuple[Path, int], ...] = ()

    @property
    def own_conditions(self) -> tuple[Condition, ...]:
        """Those of the level itself."""
        return _own(self.conditions)

    @property
    def own_order(self) -> tuple[OrderTerm, ...]:
        """That of the level itself."""
        return tuple(term for terms in _own(self.orders) for term in terms)

    @property
    def own_limits(self) -> tuple[int, ...]:
        """Those of the level itself: the smallest counts."""
        return _own(self.limits)

    @property
    def own_offsets(self) -> tuple[int, ...]:
        """Those of the level itself: the last counts."""
        return _own(self.offsets)

    def below(self, embeds: "EmbedNames") -> "list[Asked]":
        """What is asked of each embed. Raises RestError PGRST108 when something is asked of none of them."""
        conditions, orders = _by_embed(self.conditions, embeds), _by_embed(self.orders, embeds)
        limits, offsets = _by_embed(self.limits, embeds), _by_embed(self.offsets, embeds)
        return [Asked(*parts) for parts in zip(conditions, orders, limits, offsets, strict=True)]


def asked_by(query: Query) -> Asked:
    """What a query asks of the table itself and of its embeds."""
    return Asked(query.conditions, query.orders, query.limits, query.offsets)


@dataclass(frozen=True, slots=True)
class EmbedNames:
    """The names by which the embeds of a level can be addressed: alias, else target, else table."""

    embeds: Sequence[tuple[EmbedSelect, Relationship]]

    def find(self, name: str) -> int | None:
        """Which embed is meant. Raises RestError PGRST108 when it could be several."""
        for names in self._by_preference():
            found = [position for position, known in enumerate(names) if known == name]
            if len(found) > 1:
                raise RestError(
                    400,
                    "PGRST108",
                    f"'{name}' is more than one embedded resource in this request",
                    hint="Give each of them an alias, and use that.",
                )
            if found:
                return found[0]
        return None

    def _by_preference(self) -> tuple[list[str], list[str], list[str]]:
        return (
            [item.alias or item.target for item, _ in self.embeds],
            [item.target for item, _ in self.embeds],
            [relationship.table for _, relationship in self.embeds],
        )


def _own(things: tuple[tuple[Path, T], ...]) -> tuple[T, ...]:
    return tuple(thing for path, thing in things if not path)


def _by_embed(things: tuple[tuple[Path, T], ...], embeds: EmbedNames) -> list[tuple[tuple[Path, T], ...]]:
    found: list[list[tuple[Path, T]]] = [[] for _ in embeds.embeds]
    for path, thing in things:
        if path:
            position = embeds.find(path[0])
            if position is None:
                raise not_embedded(path[0])
            found[position].append((path[1:], thing))
    return [tuple(part) for part in found]
