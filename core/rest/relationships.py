"""How one table hangs on another, and which way an embed means. Pure.

PostgREST's rules: a target is named by its table, by a constraint, or by the column of the parent that refers to it; a
hint is a constraint, a column or a junction. Where these find nothing, junctions that PostgREST does not know (those
with a key of their own beside a unique pair, those that are views, those between a table and itself) are tried too.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, TypeAlias

from core.rest.catalog import Catalog, ForeignKey, Table
from core.rest.errors import RestError

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Columns that must be equal."""

Cardinality = Literal["many-to-one", "one-to-many", "one-to-one", "many-to-many"]


@dataclass(frozen=True, slots=True)
class Junction:
    """The table between two others; its foreign keys lead to the parent and to the embedded table.

    `parent_pairs` are (column of the parent, column of the junction), `target_pairs` (column of the junction, column of
    the embedded table). `implied`: PostgREST would not see it.
    """

    table: str
    parent_key: str
    parent_pairs: Pairs
    target_key: str
    target_pairs: Pairs
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Relationship:
    """A table `table` that can be embedded in `parent`.

    `pairs` are (column of the parent, column of the embedded table), empty when a `junction` lies between. `key` names
    the foreign key, and `outward` says that the parent holds it.
    """

    parent: str
    table: str
    cardinality: Cardinality
    pairs: Pairs = ()
    key: str | None = None
    outward: bool = False
    junction: Junction | None = None

    @property
    def to_one(self) -> bool:
        """Whether at most one row is embedded: an object, or null."""
        return self.cardinality in ("many-to-one", "one-to-one")

    @property
    def own_columns(self) -> tuple[str, ...]:
        """The columns of the parent by which its rows are found."""
        return tuple(own for own, _ in (self.junction.parent_pairs if self.junction else self.pairs))


def find_relationship(catalog: Catalog, parent_table: str, target: str, hint: str | None = None) -> Relationship:
    """The one relationship that `target!hint` names. Raises RestError PGRST200 (none) or PGRST201 (several)."""
    known = relationships_of(catalog, parent_table)
    found = [way for way in known if _is_meant(catalog, way, target, hint)]
    found = found or [way for way in known if _is_implied(way, target, hint)]
    if not found:
        raise _no_relationship(catalog, parent_table, target, hint, known)
    if len(found) > 1:
        raise _ambiguous(parent_table, target, found)
    return found[0]


def relationships_of(catalog: Catalog, parent_table: str) -> list[Relationship]:
    """Everything that can be embedded in a table, the foreign keys' own ways first."""
    by_table: dict[str, list[ForeignKey]] = {}
    for key in catalog.foreign_keys:
        by_table.setdefault(key.table, []).append(key)
    incoming = [key for key in catalog.foreign_keys if key.target == parent_table]
    ways = [
        *(_outward(catalog, key) for key in by_table.get(parent_table, ())),
        *(_inward(catalog, key) for key in incoming),
        *_through_junctions(catalog, incoming, by_table),
    ]
    return list(dict.fromkeys(ways))


def _outward(catalog: Catalog, key: ForeignKey) -> Relationship:
    cardinality: Cardinality = "one-to-one" if _is_unique(catalog, key) else "many-to-one"
    return Relationship(key.table, key.target, cardinality, _pairs(key), key.name, outward=True)


def _inward(catalog: Catalog, key: ForeignKey) -> Relationship:
    cardinality: Cardinality = "one-to-one" if _is_unique(catalog, key) else "one-to-many"
    return Relationship(key.target, key.table, cardinality, _turned(_pairs(key)), key.name)


def _through_junctions(
    catalog: Catalog, incoming: Iterable[ForeignKey], by_table: Mapping[str, list[ForeignKey]]
) -> Iterator[Relationship]:
    for to_parent in incoming:
        for to_target in by_table[to_parent.table]:
            if to_parent.name == to_target.name or any(_is_unique(catalog, key) for key in (to_parent, to_target)):
                continue
            junction = _junction(catalog.tables[to_parent.table], to_parent, to_target)
            if junction is not None:
                yield Relationship(to_parent.target, to_target.target, "many-to-many", junction=junction)


def _junction(table: Table, to_parent: ForeignKey, to_target: ForeignKey) -> Junction | None:
    columns = {*to_parent.columns, *to_target.columns}
    keyed = columns <= set(table.primary_key)
    if not keyed and not any(columns == unique for unique in table.unique):
        return None
    return Junction(
        table=table.name,
        parent_key=to_parent.name,
        parent_pairs=_turned(_pairs(to_parent)),
        target_key=to_target.name,
        target_pairs=_pairs(to_target),
        implied=not keyed or table.is_view or to_parent.target == to_target.target,
    )


def _pairs(key: ForeignKey) -> Pairs:
    return tuple(zip(key.columns, key.target_columns, strict=True))


def _turned(pairs: Pairs) -> Pairs:
    return tuple((right, left) for left, right in pairs)


def _is_unique(catalog: Catalog, key: ForeignKey) -> bool:
    return frozenset(key.columns) in catalog.tables[key.table].unique


def _is_meant(catalog: Catalog, way: Relationship, target: str, hint: str | None) -> bool:
    if way.junction is not None and way.junction.implied:
        return False
    if way.parent == way.table:
        return _is_meant_of_itself(way, target, hint)
    if hint is None:
        # A view has no constraints of its own, so only its name leads to it.
        named = () if catalog.tables[way.table].is_view else (way.key, _column(way, 0) if way.outward else None)
        return target == way.table or target in named
    junction = way.junction.table if way.junction else None
    return target == way.table and hint in (way.key, _column(way, 0), _column(way, 1), junction)


def _is_meant_of_itself(way: Relationship, target: str, hint: str | None) -> bool:
    """One foreign key, two directions: the name of the table leads to the children, that of the key to the parent."""
    if way.outward:
        return hint is None and target in (_column(way, 0), way.key)
    return target == way.table and (hint is None or hint in (_column(way, 1), way.key))


def _is_implied(way: Relationship, target: str, hint: str | None) -> bool:
    if way.junction is None or target != way.table:
        return False
    pairs = way.junction.target_pairs
    column = pairs[0][0] if len(pairs) == 1 else None
    return hint is None or hint in (way.junction.table, way.junction.target_key, column)


def _column(way: Relationship, side: int) -> str | None:
    return way.pairs[0][side] if len(way.pairs) == 1 else None


def _no_relationship(
    catalog: Catalog, parent: str, target: str, hint: str | None, known: Iterable[Relationship]
) -> RestError:
    using = f" using the hint '{hint}'" if hint else ""
    return RestError(
        400,
        "PGRST200",
        f"Could not find a relationship between '{parent}' and '{target}' in the schema cache",
        details=f"Searched for a foreign key relationship between '{parent}' and '{target}'{using} in the schema "
        f"'{catalog.schema}', but no matches were found.",
        hint=_better_name(target, hint, list(known)),
    )


def _better_name(target: str, hint: str | None, known: list[Relationship]) -> str | None:
    if hint is not None and (choices := [_spelling(way) for way in known if way.table == target]):
        return f"Perhaps you meant {_listed(choices)}."
    similar = get_close_matches(target, {way.table for way in known} - {target}, n=1)
    return f"Perhaps you meant '{similar[0]}' instead of '{target}'." if similar else None


def _ambiguous(parent: str, target: str, found: list[Relationship]) -> RestError:
    return RestError(
        300,
        "PGRST201",
        f"Could not embed because more than one relationship was found for '{parent}' and '{target}'",
        details=[
            {
                "cardinality": way.cardinality,
                "embedding": f"{parent} with {way.table}",
                "relationship": _description(way),
            }
            for way in found
        ],
        hint=f"Try changing '{target}' to one of the following: {_listed(_spelling(way) for way in found)}. "
        "Find the desired relationship in the 'details' key.",
    )


def _spelling(way: Relationship) -> str:
    if way.junction is None:
        return f"{way.table}!{way.key}"
    by_itself = way.parent == way.table
    return f"{way.table}!{way.junction.target_key if by_itself else way.junction.table}"


def _description(way: Relationship) -> str:
    if way.junction is None:
        parent, target = (", ".join(pair[side] for pair in way.pairs) for side in (0, 1))
        return f"{way.key} using {way.parent}({parent}) and {way.table}({target})"
    parent = ", ".join(column for _, column in way.junction.parent_pairs)
    target = ", ".join(column for column, _ in way.junction.target_pairs)
    keys = f"{way.junction.parent_key}({parent}) and {way.junction.target_key}({target})"
    return f"{way.junction.table} using {keys}"


def _listed(choices: Iterable[str]) -> str:
    return ", ".join(f"'{choice}'" for choice in dict.fromkeys(choices))
