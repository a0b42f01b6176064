"""A small application with the sign-in and REST wires, and people who can sign in to it."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient
from argon2 import PasswordHasher

import accounts.handlers
import core.functions.http
import core.rest.http
import core.storage.handlers
import core.storage.resumable.handlers
from accounts.audit import rest_reads
from accounts.sign_in.passwords import Passwords
from accounts.wire.limits import Limits
from core import no_realtime
from core.app_keys import BLOBS, CLOCK, DATABASE, SECRETS, SETTINGS, SITE_URL
from core.blobs import Blobs
from core.clock import Clock
from core.cors import add_cors_headers, cors
from core.db import Database
from core.rest.exposure import Exposure
from core.secrets import Secrets
from core.settings import Settings
from core.tokens import identify
from core.web import IDENTIFY, errors_to_json, request_context
from lms.courses.texts import CLEANED
from tests.people import CAST, Cast

PASSWORD = "correct horse"
SITE = "https://callx.example"
SECRET = Secrets("a master secret that is long enough for a test")
Client = TestClient[web.Request, web.Application]
MakeClient = Callable[..., Awaitable[Client]]


def cheap_passwords() -> Passwords:
    """Argon2 that takes no time worth mentioning."""
    return Passwords(hasher=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def wires(
    database: Database,
    clock: Clock,
    *,
    limits: Limits | None = None,
    settings: Settings | None = None,
    blobs: Blobs | None = None,
    passwords: Passwords | None = None,
) -> web.Application:
    """The application, as `server.create_app` puts its parts together; files are kept in memory unless told."""
    app = web.Application(middlewares=[request_context, cors, errors_to_json])
    app[SETTINGS] = settings or Settings(allowed_origins=("https://front.example",))
    app[SECRETS], app[CLOCK], app[DATABASE] = SECRET, clock, database
    app[BLOBS] = blobs or Blobs.open("memory://")
    app[IDENTIFY] = identify
    app[SITE_URL] = SITE
    accounts.handlers.add_routes(app, passwords=passwords or cheap_passwords(), limits=limits)
    exposure = Exposure(observed=rest_reads.WATCHED, cleaned=CLEANED)
    core.rest.http.add_routes(app, exposure=exposure, on_read=rest_reads.note_read)
    core.functions.http.add_routes(app)
    core.storage.handlers.add_routes(app)
    core.storage.resumable.handlers.add_routes(app)
    no_realtime.add_routes(app)
    app.on_response_prepare.append(add_cors_headers)
    return app


async def give_passwords(database: Database, cast: Cast = CAST, password: str = PASSWORD) -> None:
    """Lets everybody sign in with the same password."""
    passwords = cheap_passwords()
    stored = await passwords.hash(password)
    passwords.close()
    async with database.acting_as_service() as tx:
        for _, person in cast:
            await tx.execute("update auth.users set encrypted_password = $2 where id = $1", person.user_id, stored)


async def sign_in(client: Client, name: str, password: str = PASSWORD) -> dict[str, Any]:
    """Signs in by password and returns the session object."""
    body = {"email": f"{name}@callx.example", "password": password, "gotrue_meta_security": {}}
    async with client.post("/auth/v1/token?grant_type=password", json=body) as response:
        assert response.status == 200, await response.text()
        session: dict[str, Any] = await response.json()
        return session


def bearer(session: dict[str, Any]) -> dict[str, str]:
    """The headers of a signed-in client."""
    return {"apikey": "sb_publishable_demo", "Authorization": f"Bearer {session['access_token']}"}
