"""Errors of the storage wire: Supabase's codes, and what a client may learn. Pure.

The number that front ends look at stands in the body, as text (`statusCode`). Over HTTP nearly all refusals are 400, as
they are in Supabase: storage-js's `exists` takes 400 and 404 for "no".
"""

from typing import Any

from core.errors import CallXError

_OWN_HTTP_STATUS = frozenset({408, 416, 429})


class StorageError(CallXError):
    """An answer of this wire that is no success.

    `number` is the status in the body, `error` a short word or phrase, `code` the stable word. `status` is the HTTP
    status: the given one, else 400 for most refusals.
    """

    def __init__(self, number: int, error: str, code: str, message: str, *, status: int | None = None) -> None:
        super().__init__(message, code=code)
        self.number = number
        self.error = error
        self.status = status or (number if number in _OWN_HTTP_STATUS or number >= 500 else 400)


def storage_error(error: CallXError, request_id: str) -> dict[str, Any]:
    """The body on this wire: `statusCode`, `error`, `message`, `code`; errors from elsewhere are translated."""
    known = translated(error)
    message = f"{known.message} Request {request_id}." if known.number >= 500 else known.message
    return {"statusCode": str(known.number), "error": known.error, "message": message, "code": known.code}


def translated(error: CallXError) -> StorageError:
    """The same error in the words of this wire."""
    if isinstance(error, StorageError):
        return error
    match error.status:
        case 401:
            expired = error.code in ("token_expired", "login_ended")
            return StorageError(403, "Unauthorized", "InvalidJWT", "jwt expired" if expired else error.message)
        case 403:
            return access_denied()
        case 413:
            return too_large()
        case 500:
            return StorageError(500, "Internal", "InternalError", error.message)
    return StorageError(error.status, error.code, error.code, error.message, status=error.status)


def database_error(sqlstate: str) -> StorageError:
    """What PostgreSQL refused. Its texts are its own: they may quote rows."""
    match sqlstate:
        case "42501":
            return access_denied()
        case "23505":
            return already_exists()
        case "55P03" | "40001" | "40P01":
            return StorageError(423, "ResourceLocked", "ResourceLocked", "Somebody else is writing this. Try again.")
        case "57014":
            return StorageError(544, "DatabaseTimeout", "DatabaseTimeout", "The database took too long.", status=504)
    if sqlstate[:2] in ("22", "23"):
        return invalid_request("Something in the request cannot be stored.")
    return StorageError(500, "Internal", "DatabaseError", "The database could not answer.")


def object_not_found() -> StorageError:
    """There is no such object, or none that this person may know of."""
    return StorageError(404, "not_found", "NoSuchKey", "Object not found")


def bucket_not_found() -> StorageError:
    """There is no such bucket, or none that this person may know of."""
    return StorageError(404, "Bucket not found", "NoSuchBucket", "Bucket not found")


def already_exists() -> StorageError:
    """The name is taken, and it was not asked to replace what has it."""
    return StorageError(409, "Duplicate", "ResourceAlreadyExists", "The resource already exists")


def access_denied() -> StorageError:
    """The policies say no."""
    return StorageError(403, "Unauthorized", "AccessDenied", "new row violates row-level security policy")


def not_signed_in() -> StorageError:
    """Only who has signed in may ask this."""
    message = "This needs a sign-in: the request came with the API key alone."
    return StorageError(403, "Unauthorized", "AccessDenied", message)


def too_large() -> StorageError:
    """More bytes than the bucket takes."""
    return StorageError(413, "Payload too large", "EntityTooLarge", "The object exceeded the maximum allowed size")


def bad_type(content_type: str) -> StorageError:
    """The bucket does not take files of this type."""
    return StorageError(415, "invalid_mime_type", "InvalidMimeType", f"mime type {content_type[:100]} is not supported")


def invalid_key(key: str) -> StorageError:
    """An object cannot have this name."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in key[:200])
    return StorageError(400, "InvalidKey", "InvalidKey", f"Invalid key: {shown}")


def invalid_token(message: str = "The link is not valid.") -> StorageError:
    """A signed link that is no good, for this object or at all."""
    return StorageError(400, "InvalidJWT", "InvalidJWT", message)


def invalid_request(message: str) -> StorageError:
    """The request cannot be understood or breaks a rule."""
    return StorageError(400, "invalid_request", "InvalidRequest", message)


def range_not_satisfiable() -> StorageError:
    """The wished part lies outside of the object."""
    return StorageError(416, "InvalidRange", "InvalidRange", "The requested range is not satisfiable")


def too_slow() -> StorageError:
    """The body stopped coming."""
    return StorageError(408, "RequestTimeout", "RequestTimeout", "The rest of the body did not come in time.")


def interrupted() -> StorageError:
    """The body ended before it was complete."""
    return StorageError(400, "IncompleteBody", "IncompleteBody", "The body ended before it was complete.")
