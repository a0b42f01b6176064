"""`/realtime/v1`: not served. A client that subscribes tries again for as long as it lives, so saying so is cheap."""

from aiohttp import web

PREFIX = "/realtime/v1"
_BODY = {"code": "realtime_not_served", "message": "This server sends no changes. Ask again when you want to know."}


def add_routes(app: web.Application) -> None:
    """Answers everything below the address with 404, a WebSocket's handshake too; clients report CHANNEL_ERROR."""
    app.router.add_route("*", PREFIX, refuse)
    app.router.add_route("*", PREFIX + "/{path:.*}", refuse)


async def refuse(request: web.Request) -> web.Response:
    """404, from no more than the address."""
    return web.json_response(_BODY, status=404, headers={"Cache-Control": "no-store"})
