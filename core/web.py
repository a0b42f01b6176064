"""What every request passes through: a request id, who asks, errors in the shape of the wire they happen on."""

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientConnectionResetError, web

from core import logs
from core.errors import BadRequest, CallXError, MethodNotAllowed, NotFound, TooLarge, TooManyRequests, Unauthorized
from core.identity import Person

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ErrorShape = Callable[[CallXError, str], dict[str, Any]]
"""Turns an error and the request id into the JSON body of one wire."""

ERROR_SHAPES: web.AppKey[dict[str, ErrorShape]] = web.AppKey("error_shapes", dict)
PERSON: web.RequestKey[Person] = web.RequestKey("person", Person)
Identify = Callable[[web.Request], Awaitable[Person]]
IDENTIFY: web.AppKey[Identify] = web.AppKey("identify")


def plain_error(error: CallXError, request_id: str) -> dict[str, Any]:
    """The shape of CallX's own wires (`/voice/v1` and whatever has none of its own)."""
    return {
        "error": {
            "code": error.code,
            "message": error.message,
            "retryable": error.retryable,
            "request_id": request_id,
            **({"details": dict(error.details)} if error.details else {}),
        }
    }


async def person_of(request: web.Request) -> Person:
    """Who asks; verified once a request. Raises Unauthorized for a token that is no good."""
    if PERSON not in request:
        request[PERSON] = await request.app[IDENTIFY](request)
    return request[PERSON]


async def signed_in(request: web.Request) -> Person:
    """The signed-in person who asks. Raises Unauthorized for everybody else."""
    person = await person_of(request)
    if person.user_id is None:
        raise Unauthorized("Sign in first.", code="no_authorization")
    return person


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object. Raises BadRequest when it is none."""
    try:
        body = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON.", code="bad_json") from error
    if not isinstance(body, dict):
        raise BadRequest("The body must be a JSON object.", code="bad_json")
    return body


@web.middleware
async def request_context(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Gives each request an id, which its log lines, its error and its answer carry; no answer is to be guessed at."""
    request_id = secrets.token_hex(8)
    logs.request_id.set(request_id)
    response = await handler(request)
    if not response.prepared:
        response.headers["X-Request-Id"] = request_id
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@web.middleware
async def errors_to_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one place where an exception becomes an answer."""
    try:
        return await handler(request)
    except CallXError as error:
        return _error_response(request, error)
    except web.HTTPRequestEntityTooLarge:
        return _error_response(request, TooLarge("The body is too large."))
    except web.HTTPNotFound:
        return _error_response(request, NotFound("There is nothing at this address.", code="no_such_address"))
    except web.HTTPException as error:
        if error.status < 400:
            raise
        answer = CallXError(error.reason, code=error.reason.lower().replace(" ", "_"))
        return _error_response(request, answer, status=error.status, headers=error.headers.get("Allow"))
    except ClientConnectionResetError:
        raise  # whoever asked has gone, as browsers do in the middle of a recording: aiohttp lets it rest
    except Exception:  # logged whole; the client learns nothing of our inside
        # The raw path: a decoded one could hold line breaks, and with them lines of the log that we did not write.
        log.exception("%s %s failed.", request.method, request.rel_url.raw_path)
        return _error_response(request, CallXError("Something went wrong on our side."))


def _error_response(
    request: web.Request, error: CallXError, *, status: int | None = None, headers: str | None = None
) -> web.Response:
    shapes = request.app.get(ERROR_SHAPES, {})
    shape = next((shapes[prefix] for prefix in shapes if request.path.startswith(prefix)), plain_error)
    response = web.json_response(shape(error, logs.request_id.get()), status=status or error.status)
    if headers:
        response.headers["Allow"] = headers
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.allowed)
    if isinstance(error, TooManyRequests) and error.retry_after_s:
        response.headers["Retry-After"] = str(error.retry_after_s)
    if response.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
