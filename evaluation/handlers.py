"""`GET /voice/v1/calls/<id>/evaluation`: how far the evaluation is, then the report card."""

from uuid import UUID

from aiohttp import web

from accounts import audit
from core.app_keys import DATABASE
from core.errors import NotFound
from core.openapi import operation
from core.web import signed_in
from evaluation import queries
from evaluation.jobs import RUBRIC_UNUSABLE
from evaluation.schemas import EvaluationState
from voice.schemas import CALLS_TAG, UNAUTHORIZED, UNKNOWN_CALL, CallPath


@operation(
    "Read a report card",
    tag=CALLS_TAG,
    path=CallPath,
    answers={200: EvaluationState},
    errors={401: UNAUTHORIZED, 404: UNKNOWN_CALL},
)
async def evaluation(request: web.Request) -> web.Response:
    """State and report for whoever may see the call, 404 for everybody else; the audit log notes who got a report."""
    person = await signed_in(request)
    try:
        call_id = UUID(request.match_info["call_id"])
    except ValueError as error:
        raise NotFound("There is no such call.", code="call_not_found") from error
    async with request.app[DATABASE].acting_as(person) as tx:
        row = await queries.seen_by_person(tx, call_id)
        if row is not None and row["report"] is not None:
            await audit.record_view(tx, "evaluation", call_id)
    if row is None:
        raise NotFound("There is no such call.", code="call_not_found")
    waiting = "queued" if row["call_state"] == "ended" else "waiting"
    state = row["evaluation_state"] or waiting
    message = row["error"] if state == "not_assessable" or row["error"] == RUBRIC_UNUSABLE else None
    report = {"review": None, **row["report"]} if row["report"] is not None else None
    answer = {"call_id": str(call_id), "state": state, "report": report, "message": message}
    return web.json_response({**answer, "review_request": row["review_request"]})


def add_routes(app: web.Application) -> None:
    """Adds the evaluation's addresses."""
    app.router.add_get("/voice/v1/calls/{call_id}/evaluation", evaluation)
