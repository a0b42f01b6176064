"""The plan of a call: which overload is meant, what of a query string are arguments, and what is answered. Pure."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches

from core.rest.catalog import Catalog, Function, Table
from core.rest.errors import RestError, cannot_parse
from core.rest.planner.asked import Asked, EmbedNames, asked_by
from core.rest.planner.plans import CallPlan, SplitArguments
from core.rest.planner.reads import LevelPlanner
from core.rest.query import Query, StarSelect

RESERVED = frozenset({"select", "order", "limit", "offset", "columns", "on_conflict", "and", "or", "not"})
_FILTER = re.compile(r"(not\.)?[a-z]+(\([^)]*\))?\.")
_WHOLE_BODY_TYPES = ("json", "jsonb")


def find_function(catalog: Catalog, name: str, argument_names: Collection[str]) -> Function:
    """The overload that takes exactly these members of a JSON object, or can do without the others.

    Without such a one, it is the overload whose only parameter has no name and takes the whole body. Raises RestError
    PGRST202 (none) or PGRST203 (several).
    """
    overloads = catalog.functions.get(name, ())
    given = set(argument_names)
    found = [function for function in overloads if _takes(function, given)]
    if not found:
        found = [function for function in overloads if takes_whole_body(function)]
    if not found:
        raise _no_function(catalog, name, argument_names)
    if len(found) > 1:
        raise _ambiguous(catalog, found)
    return found[0]


def takes_whole_body(function: Function) -> bool:
    """Whether a body is its one argument, and not an object of arguments."""
    return (
        len(function.parameters) == 1
        and not function.parameters[0].name
        and function.parameters[0].kind in _WHOLE_BODY_TYPES
    )


def split_arguments(catalog: Catalog, name: str, pairs: Iterable[tuple[str, str]]) -> SplitArguments:
    """The query string of a call by GET, in decoded pairs.

    What has the name of a parameter is its argument, the rest is the query. Where a name comes several times, those
    that look like filters are filters, and the last of the others counts; a variadic parameter takes all of them.
    Raises RestError PGRST202 or PGRST203.
    """
    pairs = tuple(pairs)
    keys = {key for key, _ in pairs if key not in RESERVED and "." not in key}
    sure = {key for key, value in pairs if key in keys and not _FILTER.match(value)}
    found: list[tuple[Function, set[str]]] = []
    for function in catalog.functions.get(name, ()):
        given = keys & {parameter.name for parameter in function.parameters}
        if sure <= given and _takes(function, given):
            found.append((function, given))
    if not found:
        raise _no_function(catalog, name, sorted(sure))
    most = max(len(given) for _, given in found)
    best = [function for function, given in found if len(given) == most]
    if len(best) > 1:
        raise _ambiguous(catalog, best)
    return _split(best[0], pairs)


def plan_call(
    catalog: Catalog, function: Function, argument_names: Collection[str], query: Query, *, max_rows: int
) -> CallPlan:
    """The plan of a call. Raises RestError as `plan_read` does, and PGRST100 for a query over what has no columns."""
    whole_body = takes_whole_body(function)
    arguments = tuple(p for p in function.parameters if whole_body or p.name in argument_names)
    plan = CallPlan(catalog.schema, function, arguments, None, frozenset(), whole_body)
    if function.columns is None:
        return _value_plan(plan, query, max_rows)
    known = function.table is not None and function.table in catalog.tables
    # A name that no table has: what a function makes up hangs on nothing.
    name = function.table if known and function.table is not None else f"{function.name}()"
    levels = LevelPlanner(catalog, max_rows)
    # PostgreSQL checks no rights on columns of what a function returns, so that those not readable are not there.
    columns = {column.name: column for column in function.columns.values() if column.readable}
    level = levels.plan(Table(name, columns), query.select, asked_by(query))
    tables = frozenset(levels.tables if known else levels.tables - {name})
    return replace(plan, level=level, tables=tables)


def _value_plan(plan: CallPlan, query: Query, max_rows: int) -> CallPlan:
    asked = asked_by(query)
    if query.select != (StarSelect(),) or asked != Asked(limits=asked.limits, offsets=asked.offsets):
        raise cannot_parse(
            f"The function '{plan.function.name}' answers no rows: there is nothing to select or filter."
        )
    asked.below(EmbedNames(()))
    limit = min(max_rows, *asked.own_limits) if asked.own_limits else max_rows
    offset = asked.own_offsets[-1] if asked.own_offsets else 0
    if not plan.function.returns_set and (limit == 0 or offset > 0):
        raise cannot_parse(f"The function '{plan.function.name}' answers one value.")
    return replace(plan, limit=limit, offset=offset)


def _takes(function: Function, given: set[str]) -> bool:
    names = {parameter.name for parameter in function.parameters}
    required = {parameter.name for parameter in function.parameters if parameter.required}
    return "" not in given and required <= given <= names


def _split(function: Function, pairs: Sequence[tuple[str, str]]) -> SplitArguments:
    variadic = {parameter.name: parameter.variadic for parameter in function.parameters}
    by_name: dict[str, list[tuple[str, str]]] = {}
    rest: list[tuple[str, str]] = []
    for pair in pairs:
        if pair[0] in variadic and pair[0] not in RESERVED:
            by_name.setdefault(pair[0], []).append(pair)
        else:
            rest.append(pair)
    values: dict[str, str | list[str]] = {}
    for name, given in by_name.items():
        texts = [value for _, value in given]
        if variadic[name]:
            values[name] = texts
            continue
        plain = [text for text in texts if not _FILTER.match(text)] or texts[:1]
        values[name] = plain[-1]
        rest += [pair for pair in given if pair[1] not in plain]
    return SplitArguments(function, values, tuple(rest))


def _no_function(catalog: Catalog, name: str, argument_names: Collection[str]) -> RestError:
    called = f"{catalog.schema}.{name}"
    listed = ", ".join(argument_names)
    shown = f"{called}({listed})" if listed else f"{called} without parameters"
    searched = f"with parameter{'s' if len(argument_names) > 1 else ''} {listed}" if listed else "without parameters"
    return RestError(
        404,
        "PGRST202",
        f"Could not find the function {shown} in the schema cache",
        details=f"Searched for the function {called} {searched} or with a single unnamed json/jsonb parameter, but no "
        "matches were found in the schema cache.",
        hint=_better_function(catalog, name, argument_names),
    )


def _better_function(catalog: Catalog, name: str, argument_names: Collection[str]) -> str | None:
    overloads = catalog.functions.get(name)
    if overloads:
        given = set(argument_names)
        nearest = max(overloads, key=lambda function: len(given & {p.name for p in function.parameters}))
        names = ", ".join(parameter.name for parameter in nearest.parameters)
        return f"Perhaps you meant to call the function {catalog.schema}.{name}{f'({names})' if names else ''}"
    similar = get_close_matches(name, catalog.functions, n=1)
    return f"Perhaps you meant to call the function {catalog.schema}.{similar[0]}" if similar else None


def _ambiguous(catalog: Catalog, found: Iterable[Function]) -> RestError:
    listed = ", ".join(f"{catalog.schema}.{function.name}({_signature(function)})" for function in found)
    return RestError(
        300,
        "PGRST203",
        f"Could not choose the best candidate function between: {listed}",
        hint="Try renaming the parameters or the function itself in the database so function overloading can be "
        "resolved",
    )


def _signature(function: Function) -> str:
    return ", ".join(
        f"{parameter.name} => {parameter.sql_type.removeprefix('pg_catalog.')}" for parameter in function.parameters
    )
