"""`/openapi.json`, built when the server starts, and `/docs`, which shows it."""

import json
from collections.abc import Callable, Collection
from typing import Any

from aiohttp import web

from core import static_files
from core.openapi.document import Title, document
from core.openapi.operations import ANYBODY, JSON, Content, operation
from core.openapi.routes import Wire, declared_endpoints
from core.static_files import StaticFile

ADDRESS = "/openapi.json"
DOCUMENT = web.AppKey("openapi_document", StaticFile)
Wires = Callable[[web.Application], Collection[Wire]]


def add_routes(app: web.Application, title: Title, wires: Wires) -> None:
    """Adds both addresses. The document is made of the routes that the application has when it starts."""

    async def build(app: web.Application) -> None:
        text = json.dumps(describe(app, title, wires(app)), ensure_ascii=False, separators=(",", ":"))
        app[DOCUMENT] = static_files.prepared(text.encode(), JSON)

    app.on_startup.append(build)
    app.router.add_get(ADDRESS, show_document)
    static_files.add_page(app, "/docs", "docs.html")


def describe(app: web.Application, title: Title, wires: Collection[Wire]) -> dict[str, Any]:
    """The document of everything that handlers declare and wires say. Raises ValueError for a contradiction in it."""
    spoken_for = [endpoint for wire in wires for endpoint in wire.endpoints]
    return document(title, [*declared_endpoints(app), *spoken_for])


@operation(
    "Read this description",
    tag="About",
    access=ANYBODY,
    answers={
        200: Content({JSON: dict[str, Any]}, "An OpenAPI 3.1 document.", {"ETag": "For If-None-Match."}),
        304: None,
    },
)
async def show_document(request: web.Request) -> web.StreamResponse:
    """The endpoints of this server as OpenAPI 3.1, as `/docs` shows them."""
    return static_files.file_response(request, request.app[DOCUMENT], "no-cache")
