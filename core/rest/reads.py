"""GET and HEAD of a table."""

from aiohttp import web

from core.rest.answers import answer
from core.rest.catalog import Catalog
from core.rest.errors import not_one_row
from core.rest.incoming import Incoming
from core.rest.parser import parse_query
from core.rest.planner.plans import ReadPlan
from core.rest.planner.reads import plan_read
from core.rest.ranges import check_offset, content_range, status_of, within
from core.rest.sql_writer.reads import read_statement
from core.rest.sql_writer.statement import Statement
from core.rest.statements import run_reading


async def read(incoming: Incoming, table: str) -> web.Response:
    """Rows of a table or view. 206 when the count is asked for and there are more than these."""
    request = incoming.request
    query = within(parse_query(request.rel_url.query.items()), request.headers.get("Range"))
    counted = incoming.preferences.count is not None

    def planned(catalog: Catalog) -> ReadPlan:
        return plan_read(catalog, table, query, max_rows=incoming.exposure.max_rows)

    def written(plan: ReadPlan) -> Statement:
        form, strip_nulls = incoming.media_type.form, incoming.media_type.strip_nulls
        return read_statement(plan, form=form, strip_nulls=strip_nulls, count=counted)

    plan, found = await run_reading(incoming, planned, written)
    if incoming.single and found.rows != 1:
        raise not_one_row(found.rows)
    check_offset(plan.offset, found.total)
    return answer(
        incoming,
        "read",
        status=status_of(found.rows, found.total),
        body=found.body,
        content_range=content_range(plan.offset, found.rows, found.total),
    )
