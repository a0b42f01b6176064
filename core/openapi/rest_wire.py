"""What `/rest/v1` says of itself: every table has the same endpoints, so they are described once."""

from typing import Any

from pydantic import BaseModel, Field

from core.openapi.document import Endpoint
from core.openapi.operations import ANYBODY, Content, Exact, operation
from core.openapi.routes import Wire

PREFIX = "/rest/v1"
TAG = "Tables"
JSON = "application/json"
OBJECT = "application/vnd.pgrst.object+json"
CSV = "text/csv"


class RestError(Exact):
    """The error of this wire, as PostgREST has it."""

    code: str = Field(description="PostgREST's (`PGRST116`) or PostgreSQL's (`42501`) code.")
    message: str
    details: Any = None
    hint: str | None = None


class TableName(BaseModel):
    table: str = Field(description="A table or view that is exposed.", examples=["products"])


class FunctionName(BaseModel):
    function: str = Field(description="A database function that is exposed.", examples=["has_role"])


class Filters(BaseModel):
    filters: dict[str, str] = Field(
        default_factory=dict,
        description="`column=operator.value`, like `is_active=eq.true`, as often as you like; also `or=(…)`, "
        "`and=(…)` and columns of embedded tables.",
        examples=[{"is_active": "eq.true"}],
    )


class Selection(Filters):
    select: str | None = Field(
        None, description="Columns and embedded tables.", examples=["id,title,lessons(id,title)"]
    )
    order: str | None = Field(None, description="Like `order_index.asc,title.desc.nullslast`.")
    limit: int | None = Field(None, ge=0, description="At most so many rows; the server has a limit of its own.")
    offset: int | None = Field(None, ge=0)


class Inserting(BaseModel):
    select: str | None = Field(None, description="What of the new rows to answer.")
    columns: str | None = Field(None, description="Which keys of the body count.")
    on_conflict: str | None = Field(None, description="The columns whose conflict makes it an update.")


class Changing(Filters):
    select: str | None = Field(None, description="What of the rows to answer.")


class Reading(BaseModel):
    prefer: str | None = Field(None, alias="Prefer", description="`count=exact`, `count=planned`, `count=estimated`.")
    range: str | None = Field(None, alias="Range", description="`0-9`: the first ten rows.")
    profile: str | None = Field(None, alias="Accept-Profile", description="The schema; `public` where none is given.")


class Writing(BaseModel):
    prefer: str | None = Field(
        None,
        alias="Prefer",
        description="`return=representation`, `resolution=merge-duplicates`, `missing=default`, `max-affected=…`.",
    )
    profile: str | None = Field(None, alias="Content-Profile", description="The schema.")


Row = dict[str, Any]
RANGE = {"Content-Range": "`0-9/57`: which rows these are, and of how many if they were counted."}
ROWS = {JSON: list[Row], OBJECT: Row, CSV: None}
ERRORS = {
    400: "`PGRST100` and others of the query, `PGRST102` and `PGRST204` of the body, or PostgreSQL's own: a value that "
    "does not fit, a rule that is broken.",
    401: "`PGRST301`, `PGRST303`: the token; `42501`: sign in first.",
    403: "`42501`: the policies or grants say no.",
    404: "`PGRST205`, `PGRST202`, `PGRST125`: there is no such table, function or address.",
    405: "`PGRST117`; `25006` for a function that writes, asked by GET.",
    406: "`PGRST116`: not exactly one row; `PGRST106`, `PGRST107`: the schema or the type is not served.",
    413: "The body or the answer is too large.",
    429: "`too_many_requests`: too many of yours are waiting.",
}
AMBIGUOUS = {300: "`PGRST201`, `PGRST203`: more than one relationship or function fits; say which in `hint`'s way."}
READ_ERRORS = AMBIGUOUS | ERRORS | {416: "`PGRST103`: the offset is behind the last row."}
WRITE_ERRORS = AMBIGUOUS | ERRORS | {409: "`23505`, `23503`: it exists already, or what it refers to does not."}


def _operation(summary: str, **said: Any) -> Any:
    return operation(summary, tag=TAG, access=ANYBODY, error=RestError, **said)


ENDPOINTS = [
    Endpoint(
        "GET",
        PREFIX + "/{table}",
        _operation(
            "Read rows",
            description="The rows that the caller may see, with filters, order, embedded tables and counts in "
            "PostgREST's query language. `docs/rest-reference.md` has it whole.",
            path=TableName,
            query=Selection,
            headers=Reading,
            answers={200: Content(ROWS, "The rows.", RANGE), 206: Content(ROWS, "A part of the rows.", RANGE)},
            errors=READ_ERRORS,
        ),
    ),
    Endpoint(
        "POST",
        PREFIX + "/{table}",
        _operation(
            "Insert rows",
            description="One row, or several in an array; with `Prefer: resolution=…` an upsert.",
            path=TableName,
            query=Inserting,
            headers=Writing,
            body=Content({JSON: Row | list[Row]}),
            answers={
                200: Content(ROWS, "What an upsert changed, with `return=representation`."),
                201: Content(ROWS, "Inserted; the rows with `return=representation`, else nothing."),
            },
            errors=WRITE_ERRORS,
        ),
    ),
    Endpoint(
        "PATCH",
        PREFIX + "/{table}",
        _operation(
            "Change rows",
            description="All rows that the filters name; without a filter none.",
            path=TableName,
            query=Changing,
            headers=Writing,
            body=Content({JSON: Row}),
            answers={200: Content(ROWS, "The rows, with `return=representation`."), 204: Content({}, "Changed.")},
            errors=WRITE_ERRORS,
        ),
    ),
    Endpoint(
        "DELETE",
        PREFIX + "/{table}",
        _operation(
            "Delete rows",
            description="All rows that the filters name; without a filter none.",
            path=TableName,
            query=Changing,
            headers=Writing,
            answers={200: Content(ROWS, "The rows, with `return=representation`."), 204: Content({}, "Deleted.")},
            errors=WRITE_ERRORS,
        ),
    ),
    Endpoint(
        "GET",
        PREFIX + "/rpc/{function}",
        _operation(
            "Call a reading database function",
            description="Parameters stand in the query; functions that write are called by POST.",
            path=FunctionName,
            query=Filters,
            headers=Reading,
            answers={200: Content({JSON: Any, OBJECT: Row, CSV: None}, "What it returns.", RANGE), 206: Content(ROWS)},
            errors=READ_ERRORS,
        ),
    ),
    Endpoint(
        "POST",
        PREFIX + "/rpc/{function}",
        _operation(
            "Call a database function",
            description="Parameters are the keys of the body.",
            path=FunctionName,
            query=Selection,
            headers=Writing,
            body=Content({JSON: Row}, required=False),
            answers={
                200: Content({JSON: Any, OBJECT: Row, CSV: None}, "What it returns.", RANGE),
                206: Content(ROWS, "A part of the rows it returns.", RANGE),
                204: Content({}, "It returns nothing."),
            },
            errors=READ_ERRORS | WRITE_ERRORS,
        ),
    ),
]

WIRE = Wire(PREFIX, ENDPOINTS)
