"""Which foreign key an embed means. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.rest.catalog import Catalog, ForeignKey, Table
from core.rest.errors import RestError


@dataclass(frozen=True, slots=True)
class Relation:
    """How a table hangs on another: `pairs` are (column of the parent, column of the embedded table)."""

    key: ForeignKey
    table: str
    pairs: tuple[tuple[str, str], ...]
    to_one: bool
    outward: bool  # the parent holds the key


def find_relation(catalog: Catalog, parent: Table, target: str, hint: str | None) -> Relation:
    """The one relation that `target!hint` names. Raises RestError PGRST200 (none) or PGRST201 (several)."""
    found = [r for r in _relations(catalog, parent) if _is_meant(r, parent, target, hint)]
    if not found:
        raise _no_relation(catalog, parent.name, target, hint)
    if len(found) > 1:
        raise _ambiguous(parent.name, target, found)
    return found[0]


def _relations(catalog: Catalog, parent: Table) -> Iterator[Relation]:
    for key in catalog.foreign_keys:
        if key.table == parent.name:
            pairs = tuple(zip(key.columns, key.target_columns, strict=True))
            yield Relation(key, key.target, pairs, to_one=True, outward=True)
        if key.target == parent.name:
            pairs = tuple(zip(key.target_columns, key.columns, strict=True))
            yield Relation(key, key.table, pairs, to_one=_is_unique(catalog, key), outward=False)


def _is_unique(catalog: Catalog, key: ForeignKey) -> bool:
    return any(columns <= set(key.columns) for columns in catalog.tables[key.table].unique)


def _is_meant(relation: Relation, parent: Table, target: str, hint: str | None) -> bool:
    if relation.key.table == relation.key.target:  # a table that refers to itself: by convention one name, one way
        if relation.outward:
            return hint is None and _single(relation, 0) == target
        return target == relation.table and (hint is None or hint in (_single(relation, 1), relation.key.name))
    if hint is None:
        return target in (relation.table, relation.key.name, _single(relation, 0) if relation.outward else None)
    return target == relation.table and hint in (relation.key.name, _single(relation, 0), _single(relation, 1))


def _single(relation: Relation, side: int) -> str | None:
    return relation.pairs[0][side] if len(relation.pairs) == 1 else None


def _no_relation(catalog: Catalog, parent: str, target: str, hint: str | None) -> RestError:
    using = f" using the hint '{hint}'" if hint else ""
    return RestError(
        400,
        "PGRST200",
        f"Could not find a relationship between '{parent}' and '{target}' in the schema cache",
        details=f"Searched for a foreign key relationship between '{parent}' and '{target}'{using} in the schema "
        f"'{catalog.schema}', but no matches were found.",
    )


def _ambiguous(parent: str, target: str, found: list[Relation]) -> RestError:
    choices = ", ".join(f"'{relation.table}!{relation.key.name}'" for relation in found)
    return RestError(
        300,
        "PGRST201",
        f"Could not embed because more than one relationship was found for '{parent}' and '{target}'",
        details=[
            {
                "cardinality": _cardinality(relation),
                "embedding": f"{parent} with {relation.table}",
                "relationship": f"{relation.key.name} using {parent}({_columns(relation, 0)}) "
                f"and {relation.table}({_columns(relation, 1)})",
            }
            for relation in found
        ],
        hint=f"Try changing '{target}' to one of the following: {choices}. Find the desired relationship in the "
        "'details' key.",
    )


def _cardinality(relation: Relation) -> str:
    if relation.outward:
        return "many-to-one"
    return "one-to-one" if relation.to_one else "one-to-many"


def _columns(relation: Relation, side: int) -> str:
    return ", ".join(pair[side] for pair in relation.pairs)
