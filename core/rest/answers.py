"""Answers of the REST wire."""

from aiohttp import web

from core.rest.incoming import Incoming
from core.rest.preferences import Action


def answer(
    incoming: Incoming, action: Action, *, status: int, body: str | None = None, content_range: str = "*/*"
) -> web.Response:
    """Rows, or nothing at all when `body` is None: then there is no content type either."""
    response = web.Response(status=status)
    if body is not None:
        response.body = body.encode()
        response.headers["Content-Type"] = incoming.media_type.content_type
    response.headers["Content-Range"] = content_range
    if applied := incoming.preferences.applied(action):
        response.headers["Preference-Applied"] = applied
    if len(incoming.exposure.schemas) > 1:
        response.headers["Content-Profile"] = incoming.schema
    return response
