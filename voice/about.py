"""`GET /voice/v1/about`: what a front end wants to know of the server before anybody has signed in."""

from dataclasses import dataclass

from aiohttp import web

from core.openapi import ANYBODY, operation
from voice import schemas


@dataclass(frozen=True, slots=True)
class About:
    """`demo`: the demo people exist with their known password; `offline_customer`: no model plays the customer."""

    demo: bool
    offline_customer: bool
    version: str


ABOUT = web.AppKey("about", About)


@operation("Learn about this server", tag="About", access=ANYBODY, answers={200: schemas.About})
async def about(request: web.Request) -> web.Response:
    """The facts, for anybody."""
    facts = request.app[ABOUT]
    return web.json_response(
        {"demo": facts.demo, "offline_customer": facts.offline_customer, "version": facts.version},
        headers={"Cache-Control": "no-store"},
    )


def add_routes(app: web.Application) -> None:
    """Adds the address."""
    app.router.add_get("/voice/v1/about", about)
