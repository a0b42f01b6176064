"""The real program over a database of its own, and people who come to it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.background_server import BackgroundServer
from tests.support.cluster import Cluster
from tests.support.rest_courses import RestCourse, build
from tests.support.visitor import Visitor

PASSWORD = "a long enough passphrase"
DEMO_PASSWORD = "callx-demo"


@dataclass
class Place:
    """One running server. Everybody who comes is new, so that no line of the checklist knows of another."""

    url: str
    owner_dsn: str
    outbox: Path
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def nobody(self) -> Visitor:
        """Somebody who has not signed in."""
        return await self._stack.enter_async_context(Visitor(self.url))

    async def admin(self) -> Visitor:
        """The demo's admin, signed in."""
        return await (await self.nobody()).sign_in("admin@callx.example", DEMO_PASSWORD)

    async def join(self, role: str = "trainee", name: str = "Nina Ng") -> Visitor:
        """Somebody new with exactly this role, made by the admin, signed in."""
        admin, email = await self.admin(), f"{role}-{uuid4().hex[:12]}@callx.example"
        account = {"email": email, "password": PASSWORD, "email_confirm": True, "user_metadata": {"full_name": name}}
        made = await admin.post("/auth/v1/admin/users", account)
        assert made.status == 200, made
        if role != "trainee":
            await admin.change(f"user_roles?user_id=eq.{made.data['id']}", role=role)
        return await (await self.nobody()).sign_in(email, PASSWORD)

    async def course(self, title: str | None = None) -> RestCourse:
        """A new course that the admin builds over REST."""
        return await build(await self.admin(), title or f"Course {uuid4().hex[:8]}")

    def letters_to(self, email: str) -> list[str]:
        """The letters in the outbox to an address, as they lie there."""
        letters = [path.read_text("utf8", errors="replace") for path in sorted(self.outbox.glob("*.eml"))]
        return [letter for letter in letters if f"To: {email}" in letter.replace("\r\n", "\n")]

    async def close(self) -> None:
        """Sends everybody home."""
        await self._stack.aclose()


@pytest.fixture(scope="session")
def checklist_server(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[BackgroundServer, str]]:
    """`python server.py serve --demo` over an empty database, which it migrates by itself."""
    dsn = cluster.owner_dsn(asyncio.run(cluster.empty()))
    server = BackgroundServer(
        tmp_path_factory.mktemp("checklist") / "data", "--demo", environment={"DATABASE_URL": dsn}
    )
    server.serve()
    yield server, dsn
    server.stop()


@pytest.fixture
async def place(checklist_server: tuple[BackgroundServer, str]) -> AsyncIterator[Place]:
    """The server, for one test."""
    server, dsn = checklist_server
    place = Place(server.url, dsn, server.data_dir / "outbox")
    yield place
    await place.close()
