"""Which of an application's addresses are described, and which are forgotten."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from aiohttp import hdrs, web

from core.openapi.document import Endpoint
from core.openapi.operations import Operation, declared

UNDESCRIBED_MODULES = frozenset({"core.static_files", "core.no_realtime"})
"""Pages and their files, and what only says that it is not there."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire that serves many addresses by one handler: what it would say of each, all under its prefix."""

    prefix: str
    endpoints: Collection[Endpoint]


def declared_endpoints(app: web.Application) -> Iterator[Endpoint]:
    """Every route whose handler says what it does; HEAD goes without saying where there is GET."""
    for method, path, said, _ in _routes(app):
        if said is not None and method != hdrs.METH_HEAD:
            yield Endpoint(method, path, said)


def forgotten_routes(app: web.Application, wires: Collection[Wire]) -> list[str]:
    """`GET /path` of each route that neither its handler nor a wire describes. Should be empty."""
    known = {(endpoint.method, endpoint.path) for wire in wires for endpoint in wire.endpoints}
    return [
        f"{method} {path}"
        for method, path, said, module in _routes(app)
        if said is None
        and module not in UNDESCRIBED_MODULES
        and (hdrs.METH_GET if method == hdrs.METH_HEAD else method, path) not in known
        and not (method == hdrs.METH_ANY and any(path.startswith(wire.prefix) for wire in wires))
    ]


def _routes(app: web.Application) -> Iterator[tuple[str, str, Operation | None, str]]:
    for route in app.router.routes():
        path = route.resource.canonical if route.resource else ""
        yield route.method, path, declared(route.handler), getattr(route.handler, "__module__", "")
