"""The tree of errors that a client may see.

    CallXError                500  internal_error
    ├── BadRequest            400  bad_request
    ├── Unauthorized          401  unauthorized
    ├── Forbidden             403  forbidden
    ├── NotFound              404  not_found
    ├── MethodNotAllowed      405  method_not_allowed
    ├── Conflict              409  conflict
    ├── TooLarge              413  too_large
    ├── UnsupportedMedia      415  unsupported_media
    ├── Unprocessable         422  unprocessable
    ├── TooManyRequests       429  too_many_requests
    └── Unavailable           503  unavailable

A class is an HTTP status; `code` is the stable word inside it that clients branch on.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class CallXError(Exception):
    """Something went wrong that the client is told about.

    `code` is stable and machine-readable, `message` is a sentence for people, `retryable` says whether the same
    request may succeed later, `details` are what a program needs to go on (`{"call_id": …}`), if anything.
    """

    status: int = 500
    default_code: ClassVar[str] = "internal_error"
    default_retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        retryable: bool | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = details or {}
        self.code = code or self.default_code
        self.retryable = self.default_retryable if retryable is None else retryable


class BadRequest(CallXError):
    """The request cannot be understood or breaks a rule."""

    status = 400
    default_code = "bad_request"


class Unauthorized(CallXError):
    """Nobody is signed in, or the token is no good."""

    status = 401
    default_code = "unauthorized"


class Forbidden(CallXError):
    """The person is known and may not do this."""

    status = 403
    default_code = "forbidden"


class NotFound(CallXError):
    """It is not there, or the person may not know that it is."""

    status = 404
    default_code = "not_found"


class MethodNotAllowed(CallXError):
    """The address is asked in another way; `allowed` are the methods it has."""

    status = 405
    default_code = "method_not_allowed"

    def __init__(self, message: str, *, allowed: Sequence[str]) -> None:
        super().__init__(message)
        self.allowed = allowed


class Conflict(CallXError):
    """It does not fit the state that things are in."""

    status = 409
    default_code = "conflict"


class TooLarge(CallXError):
    """More bytes than are taken."""

    status = 413
    default_code = "too_large"


class UnsupportedMedia(CallXError):
    """The body is of a kind that is not taken here."""

    status = 415
    default_code = "unsupported_media"


class Unprocessable(CallXError):
    """The request is well-formed, and what it asks for is not offered or breaks a rule of this place."""

    status = 422
    default_code = "unprocessable"


class TooManyRequests(CallXError):
    """A limit is reached; later it will work again."""

    status = 429
    default_code = "too_many_requests"
    default_retryable = True

    def __init__(self, message: str, *, code: str | None = None, retry_after_s: int | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class Unavailable(CallXError):
    """Something that this server depends on does not answer."""

    status = 503
    default_code = "unavailable"
    default_retryable = True
