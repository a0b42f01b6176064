"""Errors of the REST wire, in PostgREST's codes, and what of PostgreSQL's errors a client may learn. Pure."""

from typing import Any

from core.errors import CallXError

UNAUTHORIZED_CODES = {"token_expired": ("PGRST303", "JWT expired"), "login_ended": ("PGRST303", "JWT expired")}


class RestError(CallXError):
    """An answer that is no success, with PostgREST's code, details and hint."""

    def __init__(self, status: int, code: str, message: str, *, details: Any = None, hint: str | None = None) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.details = details
        self.hint = hint


def rest_error(error: CallXError, request_id: str) -> dict[str, Any]:
    """The body of an error on this wire: `code`, `message`, `details`, `hint`; errors from elsewhere are translated."""
    if isinstance(error, RestError):
        return _body(error.code, error.message, error.details, error.hint)
    if error.status == 401:
        return _body(*UNAUTHORIZED_CODES.get(error.code, ("PGRST301", error.message)))
    if error.status == 413:
        return _body("PGRST102", error.message)
    if error.status >= 500:
        return _body(error.code, error.message, f"Request {request_id}")
    return _body(error.code, error.message)


def cannot_parse(message: str, details: str | None = None) -> RestError:
    """Something in the query string is not what the grammar allows."""
    return RestError(400, "PGRST100", message, details=details)


def not_served(what: str) -> RestError:
    """The grammar of PostgREST allows it and this server does not have it."""
    return cannot_parse(f"{what} is not served here.")


def bad_body(message: str) -> RestError:
    """The JSON of a write cannot be used."""
    return RestError(400, "PGRST102", message)


_STATUS = {
    "23503": 409,
    "23505": 409,
    "25006": 405,
    "42883": 404,
    "42P01": 404,
    "57P01": 503,
}
_STATUS_OF_CLASS = {"08": 503, "53": 503, "54": 500, "55": 500, "57": 500, "58": 500, "XX": 500}
_ROW_CONTENT = "23"  # its details quote rows, also columns and rows that the caller may not see


def database_error(sqlstate: str, message: str, details: str | None, hint: str | None, *, anonymous: bool) -> RestError:
    """What PostgreSQL refused, as the client may learn it."""
    if sqlstate == "42501":
        return RestError(401 if anonymous else 403, sqlstate, message)
    status = _STATUS.get(sqlstate) or _STATUS_OF_CLASS.get(sqlstate[:2], 400)
    if status >= 500 and sqlstate != "57014":
        return RestError(status, sqlstate, "The database could not answer.")
    if sqlstate[:2] == _ROW_CONTENT:
        return RestError(status, sqlstate, message)
    return RestError(status, sqlstate, message, details=details, hint=hint)


def _body(code: str, message: str, details: Any = None, hint: str | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "details": details, "hint": hint}
