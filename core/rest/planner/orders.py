"""An order in terms of the catalog. Pure."""

from core.rest.catalog import Table
from core.rest.errors import RestError
from core.rest.planner.asked import EmbedNames
from core.rest.planner.lookups import find_value, not_embedded
from core.rest.planner.plans import Embed, Sorting
from core.rest.query import OrderTerm


def plan_sorting(table: Table, embeds: tuple[Embed, ...], names: EmbedNames, term: OrderTerm) -> Sorting:
    """A term of an order: a value of the table, or one of a to-one embed.

    `names` are those of `embeds`, in the same order. Raises RestError 42703, 42883, PGRST108, or PGRST118.
    """
    if term.relation is None:
        return Sorting(find_value(table, term.field), term.descending, term.nulls_first)
    position = names.find(term.relation)
    if position is None:
        raise not_embedded(term.relation)
    embed = embeds[position]
    if not embed.relationship.to_one:
        raise RestError(
            400,
            "PGRST118",
            f"A related order on '{term.relation}' is not possible",
            details=f"'{table.name}' and '{term.relation}' do not form a many-to-one or one-to-one relationship",
        )
    return Sorting(find_value(embed.level.table, term.field), term.descending, term.nulls_first, embed)
