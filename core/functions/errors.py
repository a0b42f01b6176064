"""The errors of `/functions/v1`, and their one shape."""

from collections.abc import Sequence
from typing import Any

from core.errors import BadRequest, CallXError, Conflict


class InvalidInput(BadRequest):
    """Parameters that are missing or wrong; `problems` are pairs of a field, like `answers.0.id`, and a sentence."""

    default_code = "validation_failed"

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        field, reason = problems[0]
        more = f" ({len(problems) - 1} more in `details`)" if len(problems) > 1 else ""
        super().__init__(f"{field}: {reason}{more}" if field else f"{reason}{more}")
        self.problems = problems


class ExplainedConflict(Conflict):
    """A conflict that names what stands in the way; `problems` as of InvalidInput."""

    def __init__(self, message: str, *, code: str, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(message, code=code)
        self.problems = problems


class TookTooLong(CallXError):
    """The function did not answer within its time."""

    status = 504
    default_code = "function_timeout"
    default_retryable = True


def function_error(error: CallXError, _request_id: str) -> dict[str, Any]:
    """`{"error", "code"}`, and for what has problems `details`: one `{"field", "message"}` for each of them.

    `error` is a text, because that is what front ends show of it.
    """
    body: dict[str, Any] = {"error": error.message, "code": error.code}
    if isinstance(error, InvalidInput | ExplainedConflict):
        body["details"] = [{"field": field, "message": reason} for field, reason in error.problems]
    return body
