"""What `/openapi.json` says of functions: everything but `description` follows from how they were entered."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field, TypeAdapter

from core.functions.http import PREFIX
from core.functions.registry import SERVICE_ONLY, SIGNED_IN, Function, Functions
from core.openapi.document import Endpoint
from core.openapi.operations import ADMIN, ANYBODY, JSON, Access, Content, Exact, Operation, operation, words
from core.openapi.operations import SIGNED_IN as PERSON
from core.openapi.routes import Wire

TAG = "Functions"


class WrongField(Exact):
    """What is wrong with one field."""

    field: str = Field(description="Its name; inside of lists and objects like `answers.0.id`.")
    message: str


class FunctionError(Exact):
    """The error of every function."""

    error: str = Field(description="A sentence to show.")
    code: str = Field(description="A word to branch on.")
    details: list[WrongField] | None = Field(
        None, description="With `validation_failed`, and where a function says so."
    )


def functions_wire(functions: Functions) -> Wire:
    """All that have been entered."""
    return Wire(PREFIX, [endpoint for function in functions for endpoint in _endpoints(function)])


def _endpoints(function: Function) -> Iterator[Endpoint]:
    summary, _, rest = function.description.partition("\n")
    for method in function.methods:
        yield Endpoint(method, f"{PREFIX}/{function.name}", _operation(function, method, summary, rest))


def _operation(function: Function, method: str, summary: str, rest: str) -> Operation:
    by_get = method == "GET"
    parameters_needed = any(field.is_required() for field in function.input_model.model_fields.values())
    other_bodies: dict[str, Any] = dict.fromkeys(function.other_bodies)
    return operation(
        summary.strip().rstrip("."),
        id=words(f"{method} {function.name}"),
        description=f"{rest.strip()}\n\n`functions.invoke('{function.name}')`".strip(),
        tag=TAG,
        access=_access(function),
        query=function.input_model if by_get else None,
        body=None if by_get else Content({JSON: function.input_model} | other_bodies, required=parameters_needed),
        answers={200: Content(_answers(function))},
        errors=_errors(function, by_get=by_get),
        error=FunctionError,
    )


def _access(function: Function) -> tuple[Access, ...]:
    if function.callers == SERVICE_ONLY:
        return ("service",)
    return PERSON if function.callers == SIGNED_IN else ANYBODY if "anonymous" in function.callers else ADMIN


def _answers(function: Function) -> dict[str, "TypeAdapter[Any] | None"]:
    answers: dict[str, TypeAdapter[Any] | None] = dict.fromkeys(function.file_types)
    return answers | ({JSON: function.answer} if function.answer else {})


def _errors(function: Function, *, by_get: bool) -> dict[int, str]:
    errors = {
        400: "`validation_failed`, with the fields in `details`." if by_get
        else "`validation_failed`, with the fields in `details`; `bad_json`.",
        401: "`no_authorization`, `bad_jwt`, `token_expired`, `login_ended`.",
        504: f"`function_timeout`: no answer within {function.timeout_s:g} seconds.",
    }  # fmt: skip
    if "service" not in function.callers or "authenticated" not in function.callers:
        errors[403] = "`person_needed`, `service_needed`: not for this caller."
    if not by_get:
        errors[415] = "`unsupported_media`: a body that is not JSON."
    if function.rate is not None:
        errors[429] = "`over_request_rate_limit`: too often; see Retry-After."
    for status, what in function.errors.items():
        errors[status] = f"{errors[status]} {what}" if status in errors else what
    return dict(sorted(errors.items()))
