"""Which of an application's addresses are described, and which are forgotten."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from aiohttp import hdrs, web

from core.openapi.document import Endpoint
from core.openapi.operations import Operation, declared

_PARAMETER = re.compile(r"\{\w+\}")
UNDESCRIBED_MODULES = frozenset({"core.static_files", "core.no_realtime"})
"""Pages and their files, and what only says that it is not there."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire that serves many addresses by one handler: what it would say of each, all under its prefix."""

    prefix: str
    endpoints: Collection[Endpoint]


def declared_endpoints(app: web.Application) -> Iterator[Endpoint]:
    """Every route whose handler says what it does; HEAD goes without saying where there is GET."""
    for route, path, said in _routes(app):
        if said is not None and route.method != hdrs.METH_HEAD:
            yield Endpoint(route.method, path, said)


def forgotten_routes(app: web.Application, wires: Collection[Wire]) -> list[str]:
    """`GET /path` of each route that neither its handler nor a wire describes. Should be empty."""
    known = {(endpoint.method, endpoint.path) for wire in wires for endpoint in wire.endpoints}
    return [
        f"{route.method} {path}"
        for route, path, said in _routes(app)
        if said is None
        and getattr(route.handler, "__module__", "") not in UNDESCRIBED_MODULES
        and not {(route.method, path), (_instead(route.method), path)} & known
        and not (_serves_many(route) and any(path.startswith(wire.prefix) for wire in wires))
    ]


def _serves_many(route: web.AbstractRoute) -> bool:
    """Whether it is for whatever methods or whatever is below an address, or only tells what is served (OPTIONS)."""
    if route.method in (hdrs.METH_ANY, hdrs.METH_OPTIONS) or route.resource is None:
        return True
    pattern = route.resource.get_info().get("pattern")
    return pattern is not None and bool(pattern.fullmatch(_PARAMETER.sub("a/b", route.resource.canonical)))


def _instead(method: str) -> str:
    return hdrs.METH_GET if method == hdrs.METH_HEAD else method


def _routes(app: web.Application) -> Iterator[tuple[web.AbstractRoute, str, Operation | None]]:
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        yield route, path, declared(route.handler)
