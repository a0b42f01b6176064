"""Which names a server answers to."""

from urllib.parse import urlsplit

from aiohttp import web

from core.cors import is_loopback
from core.errors import Forbidden
from core.web import Handler


@web.middleware
async def only_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses every name but this machine's own, with Forbidden `foreign_host`.

    A page of another site can let its own name point to this machine; to the browser everything here is then its own.
    Where everybody knows a password, such a page could sign in.
    """
    if not is_loopback(_name(request.host)):
        raise Forbidden("This server answers to localhost only. Set CALLX_PUBLIC_URL.", code="foreign_host")
    return await handler(request)


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:  # no host that a browser would send
        return ""
