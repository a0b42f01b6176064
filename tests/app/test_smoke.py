"""What `server.py smoke` says of servers that are not as they should be. docs/deploy.md tries it on one that is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from core.errors import BadRequest
from core.settings import Settings
from wiring.smoke.command import SmokeTest, run_smoke

SECRET = "a secret of at least thirty-two characters"
SETTINGS = Settings(secret=SECRET)


class HalfAServer:
    """Answers what it is told to answer, everything else with 500, and remembers what was asked."""

    def __init__(self, answers: Mapping[str, tuple[int, Any]]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        """The answer to `METHOD /path`."""
        asked = f"{request.method} {request.path}"
        self.asked.append(asked)
        status, data = self.answers.get(asked, (500, {"code": "internal_error", "message": "Broken."}))
        return web.json_response(data, status=status)

    async def serve(self, aiohttp_server: Any) -> str:
        """Its address."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answer)
        return str((await aiohttp_server(app)).make_url(""))


ABOUT = {"version": "1", "demo": False, "offline_customer": True}
WITH_ACCOUNTS = {
    "GET /voice/v1/about": (200, ABOUT),
    "POST /auth/v1/admin/users": (200, {"id": "4b4a"}),
    "POST /rest/v1/notification_preferences": (201, None),
    "POST /auth/v1/token": (200, {"access_token": "x"}),
    "GET /auth/v1/user": (200, {"email": "smoke"}),
    "DELETE /auth/v1/admin/users/4b4a": (200, {}),
}


async def walked(
    aiohttp_server: Any, capsys: Any, answers: Mapping[str, tuple[int, Any]]
) -> tuple[int, str, list[str]]:
    """Exit code, table, and what was asked."""
    server = HalfAServer(answers)
    code = await run_smoke(SETTINGS, SmokeTest(await server.serve(aiohttp_server)))
    return code, capsys.readouterr().out, server.asked


async def test_whoever_was_made_for_the_walk_is_removed_however_much_is_broken(aiohttp_server, capsys):
    code, table, asked = await walked(aiohttp_server, capsys, WITH_ACCOUNTS)

    assert code == 1
    assert asked[-1] == "DELETE /auth/v1/admin/users/4b4a"
    lines = {line[7:24].strip(): line for line in table.splitlines()}
    assert lines["sign-in"].startswith("ok")
    for broken in ("courses", "lesson", "typed call", "evaluation", "live call", "progress", "storage"):
        assert lines[broken].startswith("WRONG"), table
        assert "500 internal_error Broken." in lines[broken]
    assert lines["cleaned up"].startswith("ok")


async def test_somebody_who_could_not_be_removed_is_told(aiohttp_server, capsys):
    answers = {**WITH_ACCOUNTS, "DELETE /auth/v1/admin/users/4b4a": (503, {"code": "database_unavailable"})}
    code, table, _ = await walked(aiohttp_server, capsys, answers)
    assert code == 1
    assert "WRONG  cleaned up" in table


async def test_a_key_that_the_server_does_not_take_is_told_as_that(aiohttp_server, capsys):
    answers = {"GET /voice/v1/about": (200, ABOUT), "POST /auth/v1/admin/users": (401, {"code": "bad_jwt"})}
    code, table, asked = await walked(aiohttp_server, capsys, answers)
    assert code == 1
    assert "use its CALLX_SECRET" in table
    assert len(asked) == 2, "nothing more is tried"


async def test_without_a_sign_in_nothing_more_is_tried(aiohttp_server, capsys):
    answers = {**WITH_ACCOUNTS, "POST /auth/v1/token": (400, {"code": "invalid_credentials"})}
    code, table, asked = await walked(aiohttp_server, capsys, answers)
    assert code == 1
    assert "WRONG  sign-in" in table
    assert [address for address in asked if "/rest/v1/products" in address] == []
    assert asked[-1] == "DELETE /auth/v1/admin/users/4b4a"


async def test_something_that_is_no_callx_server_is_told_as_that(aiohttp_server, capsys):
    code, table, _ = await walked(aiohttp_server, capsys, {"GET /voice/v1/about": (200, ["hello"])})
    assert code == 1
    assert "is this a CallX server?" in table


async def test_without_the_secret_nobody_is_made_and_no_secret_either(tmp_path: Path):
    with pytest.raises(BadRequest, match="CALLX_SECRET"):
        await run_smoke(Settings(data_dir=tmp_path), SmokeTest("http://127.0.0.1:1"))
    assert list(tmp_path.iterdir()) == []
