"""Resend's API as far as CallX uses it: idempotency keys, and the answers that a test orders."""

from typing import Any

from aiohttp import web


class ResendServer:
    """Keeps what it accepts. `answers` are given first: pairs of a status and a name, for each request one."""

    def __init__(self) -> None:
        self.accepted: dict[str, dict[str, Any]] = {}
        """Mails by their idempotency key."""
        self.requests = 0
        self.answers: list[tuple[int, str]] = []

    @property
    def mails(self) -> list[dict[str, Any]]:
        """The mails that went out, in order."""
        return list(self.accepted.values())

    def application(self) -> web.Application:
        """The server."""
        app = web.Application()
        app.router.add_post("/emails", self._send)
        return app

    async def _send(self, request: web.Request) -> web.Response:
        self.requests += 1
        if request.headers.get("Authorization") != "Bearer re_key":
            return self._error(401, "missing_api_key")
        if self.answers:
            return self._error(*self.answers.pop(0))
        key, mail = request.headers["Idempotency-Key"], await request.json()
        known = self.accepted.setdefault(key, mail)
        if known != mail:
            return self._error(409, "invalid_idempotent_request")
        return web.json_response({"id": f"re_{list(self.accepted).index(key) + 1}"})

    @staticmethod
    def _error(status: int, name: str) -> web.Response:
        return web.json_response({"statusCode": status, "name": name, "message": "No."}, status=status)
