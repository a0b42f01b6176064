"""What `/openapi.json` says as a whole: its title, its chapters, and the wires that speak for themselves."""

from collections.abc import Collection, Mapping
from importlib.metadata import version
from typing import Any

from aiohttp import web

from core.functions.description import functions_wire
from core.functions.registry import FUNCTIONS
from core.openapi import rest_wire, storage_wire
from core.openapi.document import Title
from core.openapi.routes import Wire

_DESCRIPTION = """\
Everything that CallX's own screens do goes through these addresses: there is no private API beside them.

`/auth/v1`, `/rest/v1`, `/storage/v1` and `/functions/v1` speak what supabase-js speaks, so a client made for Supabase
needs nothing but another URL. `/voice/v1` is for calls.

Sign in at `POST /auth/v1/token?grant_type=password` and send the access token as `Authorization: Bearer …`. What a
person may see and do is decided in the database, by who they are and whose team they belong to: what they may not see
is not found. Every answer carries `X-Request-Id`. Errors have one shape for each wire, and a stable `code`.

There is nothing under `/realtime/v1`: subscriptions are refused with 404.
"""

_TAGS = {
    "Calls": "Make a call, look at it, and read what is left of it: transcript, recording, report card.",
    "Sign-in": "Sessions: by password, by refresh token, by a link or code from a letter.",
    "Account": "Sign-up, and what people change about their own account and logins.",
    "People": "Accounts in the hands of admins, and the import from a file.",
    "Certificates": "Where anybody may check whether one is genuine.",
    "Functions": "Called by name, as `functions.invoke` of supabase-js does.",
    "Tables": "Courses, progress and results as rows, in PostgREST's query language.",
    "Files": "Videos, attachments and certificates.",
    "Realtime protocol": "The embedded customer, for any client of OpenAI's Realtime protocol.",
    "About": "The server itself.",
}

_SECURITY: Mapping[str, dict[str, Any]] = {
    "person": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token: of whoever has signed in.",
    },
    "service": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The service key of `python server.py keys`, for programs on servers: it may do everything.",
    },
    "recording_link": {
        "type": "apiKey",
        "in": "query",
        "name": "token",
        "description": "The token in a link of `POST …/recording/link`.",
    },
    "storage_link": {
        "type": "apiKey",
        "in": "query",
        "name": "token",
        "description": "The token in a link of `POST /storage/v1/object/sign/…` or `…/upload/sign/…`.",
    },
    "customer_key": {
        "type": "http",
        "scheme": "bearer",
        "description": "`CALLX_EMBEDDED_CUSTOMER_KEY`.",
    },
}


def title() -> Title:
    """What stands before the addresses."""
    return Title("CallX", version("callx"), _DESCRIPTION, _TAGS, _SECURITY)


def wires(app: web.Application) -> Collection[Wire]:
    """The wires of this application that serve many addresses by one handler."""
    return (functions_wire(app[FUNCTIONS]), rest_wire.WIRE, storage_wire.WIRE)
