"""`rpc/<function>`: GET and HEAD in a transaction that cannot write, POST in one that can."""

from collections.abc import Mapping

from aiohttp import web

from core.rest.answers import answer
from core.rest.catalog import Catalog
from core.rest.errors import RestError, not_one_row, too_many_affected
from core.rest.incoming import Incoming, read_body
from core.rest.parser import parse_query
from core.rest.payloads import read_arguments
from core.rest.planner.calls import find_function, plan_call, split_arguments
from core.rest.planner.plans import CallPlan
from core.rest.ranges import check_offset, content_range, status_of, within
from core.rest.sql_writer.calls import call_statement
from core.rest.sql_writer.statement import Statement
from core.rest.statements import Result, run_reading, session


async def call_by_get(incoming: Incoming, name: str) -> web.Response:
    """A call whose arguments are in the query string. A function that writes answers 405 (25006)."""
    _check_exposed(incoming, name)
    request = incoming.request

    def prepare(catalog: Catalog) -> tuple[CallPlan, Statement]:
        split = split_arguments(catalog, name, request.rel_url.query.items())
        query = within(parse_query(split.rest), request.headers.get("Range"))
        plan = plan_call(catalog, split.function, split.values, query, max_rows=incoming.exposure.max_rows)
        return plan, _statement(incoming, plan, split.values)

    plan, result = await run_reading(incoming, prepare)
    _check(incoming, result)
    return _answer(incoming, plan, result)


async def call_by_post(incoming: Incoming, name: str) -> web.Response:
    """A call whose arguments are the members of a JSON object; the query string is about the rows it answers."""
    _check_exposed(incoming, name)
    query = parse_query(incoming.request.rel_url.query.items())
    text, names = read_arguments(await read_body(incoming))
    async with session(incoming, read_only=False) as it:
        function = find_function(it.catalog, name, names)
        plan = plan_call(it.catalog, function, names, query, max_rows=incoming.exposure.max_rows)
        result = await it.run(plan, _statement(incoming, plan, text))
        _check(incoming, result)  # within the transaction, so that what must not stand is rolled back
        await it.tell(plan, result.rows)
    return _answer(incoming, plan, result)


def _statement(incoming: Incoming, plan: CallPlan, arguments: str | Mapping[str, str | list[str]]) -> Statement:
    """`arguments` are the text of a JSON body, or texts by name."""
    form = incoming.media_type
    counted = incoming.preferences.count is not None
    return call_statement(plan, arguments, form=form.form, strip_nulls=form.strip_nulls, count=counted)


def _check_exposed(incoming: Incoming, name: str) -> None:
    allowed = incoming.exposure.functions
    if allowed is not None and name not in allowed:
        message = f"Could not find the function {incoming.schema}.{name[:100]} in the schema cache"
        raise RestError(404, "PGRST202", message)


def _check(incoming: Incoming, result: Result) -> None:
    if incoming.single and result.rows != 1:
        raise not_one_row(result.rows)
    most = incoming.preferences.max_affected
    if most is not None and result.rows > most:
        raise too_many_affected(result.rows)


def _answer(incoming: Incoming, plan: CallPlan, result: Result) -> web.Response:
    if plan.function.returns_void:
        return answer(incoming, "call", status=204)
    offset = plan.offset if plan.level is None else plan.level.offset
    check_offset(offset, result.total)
    return answer(
        incoming,
        "call",
        status=status_of(result.rows, result.total),
        body=result.body,
        content_range=content_range(offset, result.rows, result.total),
    )
