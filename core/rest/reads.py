"""GET and HEAD of a table."""

from aiohttp import web

from core.rest.answers import answer
from core.rest.errors import not_one_row
from core.rest.incoming import Incoming
from core.rest.prepared import AskedRead
from core.rest.ranges import check_offset, content_range, status_of
from core.rest.statements import run_reading


async def read(incoming: Incoming, table: str) -> web.Response:
    """Rows of a table or view. 206 when the count is asked for and there are more than these."""
    request, media_type, prepared = incoming.request, incoming.media_type, incoming.gateway.prepared
    asked = AskedRead(
        table=table,
        query_string=request.rel_url.raw_query_string,
        range=request.headers.get("Range"),
        form=media_type.form,
        strip_nulls=media_type.strip_nulls,
        counted=incoming.preferences.count is not None,
    )
    query = prepared.query(asked, request.rel_url)
    plan, found = await run_reading(incoming, lambda catalog: prepared.plan(asked, query, catalog))
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
