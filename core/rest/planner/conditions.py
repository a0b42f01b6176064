"""Conditions in terms of the catalog. Pure."""

from core.rest.catalog import Table
from core.rest.errors import RestError
from core.rest.planner.asked import EmbedNames
from core.rest.planner.lookups import find_value
from core.rest.planner.plans import Condition, Embed, EmbedTest, FieldTest, Group
from core.rest.query import Condition as AskedCondition
from core.rest.query import Filter, Is, Logic


def plan_condition(table: Table, embeds: tuple[Embed, ...], names: EmbedNames, asked: AskedCondition) -> Condition:
    """A filter of a column, of an embed (whether it holds any row), or of several joined.

    `names` are those of `embeds`, in the same order. Raises RestError 42703, 42883, or PGRST120.
    """
    if isinstance(asked, Logic):
        members = tuple(plan_condition(table, embeds, names, member) for member in asked.members)
        return Group(asked.kind, members, asked.negated)
    if asked.field.name not in table.columns and not asked.field.steps:
        position = names.find(asked.field.name)
        if position is not None:
            return _embed_test(embeds[position], asked)
    return FieldTest(find_value(table, asked.field), asked.test, asked.negated)


def _embed_test(embed: Embed, asked: Filter) -> EmbedTest:
    match asked.test:
        case Is("null"):
            return EmbedTest(embed, present=asked.negated)
        case Is("not_null"):
            return EmbedTest(embed, present=not asked.negated)
        case _:
            raise RestError(
                400,
                "PGRST120",
                f"Bad operator on the '{embed.name}' embedded resource",
                details="Only is null or not is null filters are allowed on embedded resources",
            )
