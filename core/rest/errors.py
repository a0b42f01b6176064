"""Errors of the REST wire, in PostgREST's codes, and what of PostgreSQL's errors a client may learn. Pure.

A column that the role may not read is told from one that does not exist: 42501 against 42703, as PostgreSQL does. Its
existence is no secret here, its values are.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.errors import CallXError

NOBODY = "Nobody is signed in."
UNAUTHORIZED_CODES = {"token_expired": ("PGRST303", "JWT expired"), "login_ended": ("PGRST303", "JWT expired")}


class RestError(CallXError):
    """An answer that is no success, with PostgREST's code, details and hint, and headers of its own."""

    details: Any  # text, a list or null, as PostgREST has them

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Any = None,
        hint: str | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.details = details
        self.hint = hint
        self.headers = headers


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
    "0L000": 403,
    "0P000": 403,
    "23503": 409,
    "23505": 409,
    "25006": 405,
    "42883": 404,
    "42P01": 404,
    "42P17": 500,
}
_STATUS_OF_CLASS = {
    "08": 503,
    "09": 500,
    "25": 500,
    "28": 403,
    "2D": 500,
    "38": 500,
    "39": 500,
    "3B": 500,
    "40": 500,
    "53": 503,
    "54": 500,
    "55": 500,
    "57": 500,
    "58": 500,
    "F0": 500,
    "HV": 500,
    "XX": 500,
}
_UNAVAILABLE = ("57P01", "57P02", "57P03")
_ROW_CONTENT = "23"  # its details quote rows, also columns and rows that the caller may not see
_TELLABLE = ("57014", "55P03", "40001", "40P01")  # a time limit, a lock, a conflict: trying again may help
_OWN_STATUS = "PT"  # `raise sqlstate 'PT402'` in a function: the status is the function's to choose


def database_error(
    sqlstate: str, message: str, details: str | None, hint: str | None, *, anonymous: bool, denial: str | None = None
) -> RestError:
    """What PostgreSQL refused, as the client may learn it. `denial` says which right was missing, if that is known.

    Of what breaks a constraint (class 23) the details are never told: they quote rows, and a trigger may have filled
    columns that the caller did not send. What is wrong on our side is told in one general sentence.
    """
    if sqlstate == "42501":
        hint = NOBODY if anonymous else denial
        return RestError(401 if anonymous else 403, sqlstate, message, details=details, hint=hint)
    status = _status(sqlstate)
    if sqlstate in _TELLABLE:
        return RestError(status, sqlstate, message)
    if status >= 500 and sqlstate[:2] != _OWN_STATUS:
        return RestError(status, sqlstate, "The database could not answer.")
    if sqlstate[:2] == _ROW_CONTENT:
        return RestError(status, sqlstate, message)
    return RestError(status, sqlstate, message, details=details, hint=hint)


def _status(sqlstate: str) -> int:
    if sqlstate[:2] == _OWN_STATUS and sqlstate[2:].isdecimal() and 400 <= int(sqlstate[2:]) <= 599:
        return int(sqlstate[2:])
    if sqlstate in _UNAVAILABLE:
        return 503
    return _STATUS.get(sqlstate) or _STATUS_OF_CLASS.get(sqlstate[:2], 400)


def not_one_row(rows: int) -> RestError:
    """One object was asked for, and there is none or more than one."""
    return RestError(
        406,
        "PGRST116",
        "Cannot coerce the result to a single JSON object",
        details=f"The result contains {rows} rows",
    )


def too_many_affected(rows: int) -> RestError:
    """More rows than `Prefer: max-affected` allows."""
    message = "Query result exceeds max-affected preference constraint"
    return RestError(400, "PGRST124", message, details=f"The query affects {rows} rows")


def not_allowed(method: str, allowed: str) -> RestError:
    """This method means nothing at this address; `allowed` is the value of `Allow`."""
    return RestError(405, "PGRST117", f"Unsupported HTTP method: {method}", headers={"Allow": allowed})


def no_such_path() -> RestError:
    """No table has such an address."""
    return RestError(404, "PGRST125", "Invalid path specified in request URL")


def _body(code: str, message: str, details: Any = None, hint: str | None = None) -> dict[str, Any]:
    return {"code": code, "message": message, "details": details, "hint": hint}
