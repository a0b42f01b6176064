"""What `/rest/v1` costs above its own SQL: `python -m benchmarks.rest [--seconds 2] [--rounds 5] [--memory 100000]`.

The real server runs over a throw-away PostgreSQL with ten products of sixty lessons. Each request of a signed-in
trainee is timed at a raw socket, and in the same run, in turns, its floor: the same statement sent by asyncpg in the
same transaction (begin, role and claims, statement, commit). Prints medians over the rounds. `--memory N` sends N
requests more and prints the server's resident memory on the way.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import asyncpg
from aiohttp import ClientSession

from benchmarks.row_security import CONTENT
from core.db import Database, connect
from core.embedded_postgres import EmbeddedPostgres
from core.identity import Person
from core.rest.introspection import load_catalog
from core.rest.parser import parse_query
from core.rest.planner.reads import plan_read
from core.rest.planner.writes import plan_insert
from core.rest.sql_writer.reads import read_statement
from core.rest.sql_writer.statement import Statement
from core.rest.sql_writer.writes import insert_statement
from migrations.runner import LOGIN_ROLE, migrate
from tests.support.running_server import RunningServer

Once = Callable[[], Awaitable[None]]
CONNECTIONS = (1, 4)
READS = {
    "products": "products?select=*&is_active=eq.true",
    "one lesson": "lessons?select=*&id=eq.{lesson}",
    "modules with lessons": "modules?select=*,lessons(*)&product_id=eq.{product}&order=order_index.asc",
    "products with modules with lessons": "products?select=*,modules(*,lessons(*))&id=eq.{product}",
}
INSERT = "completion of a lesson, again"


@dataclass(frozen=True)
class Case:
    """A request, and what its server sends to PostgreSQL for it."""

    name: str
    request: bytes
    statement: Statement
    read_only: bool


class Wire:
    """One connection to the server that speaks just enough HTTP."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, url: str) -> "Wire":
        """Connects."""
        parts = urlsplit(url)
        return cls(*await asyncio.open_connection(parts.hostname, parts.port, limit=2**24))

    async def ask(self, request: bytes) -> None:
        """Sends a request and reads its answer to the end. Fails unless it is a success."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        body = await self._reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 2"):
            raise AssertionError(head + body)

    async def close(self) -> None:
        """Hangs up."""
        self._writer.close()
        await self._writer.wait_closed()


class Trainee:
    """Who asks: a signed-in person, over HTTP and as the database knows them."""

    def __init__(self, token: str) -> None:
        payload = token.split(".")[1]
        claims = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        self.token = token
        self.person = Person("authenticated", UUID(claims["sub"]), UUID(claims["session_id"]), claims)

    def request(self, method: str, path: str, body: bytes = b"") -> bytes:
        """A request as supabase-js sends it."""
        head = (
            f"{method} /rest/v1/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\napikey: sb_publishable_bench\r\n"
            f"Authorization: Bearer {self.token}\r\nAccept-Profile: public\r\nContent-Profile: public\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    @classmethod
    async def sign_in(cls, url: str) -> "Trainee":
        """As the demo's trainee."""
        body = {"email": "trainee@callx.example", "password": "callx-demo"}
        async with (
            ClientSession() as session,
            session.post(f"{url}/auth/v1/token?grant_type=password", json=body) as response,
        ):
            return cls((await response.json())["access_token"])


async def cases(database: Database, trainee: Trainee) -> list[Case]:
    """The requests and their statements, made as the server makes them."""
    async with database.acting_as(trainee.person, read_only=True) as tx:
        catalog = await load_catalog(tx, "public")
        names = dict(await tx.fetchrow(_NAMES))
    found = []
    for name, path in READS.items():
        path = path.format(**names)
        table, _, query = path.partition("?")
        plan = plan_read(catalog, table, parse_query(parse_qsl(query)), max_rows=1_000)
        statement = read_statement(plan, form="array", strip_nulls=False, count=False)
        found.append(Case(name, trainee.request("GET", path), statement, read_only=True))
    text = json.dumps({"user_id": str(trainee.person.user_id), "lesson_id": str(names["lesson"])})
    written = plan_insert(
        catalog,
        "lesson_completions",
        parse_query([]),
        tuple(json.loads(text)),
        representation=False,
        resolution=None,
        missing_default=False,
    )
    statement = insert_statement(written, f"[{text}]", form="array", strip_nulls=False)
    return [
        *found,
        Case(INSERT, trainee.request("POST", "lesson_completions", text.encode()), statement, read_only=False),
    ]


_NAMES = """
    select p.id as product, l.id as lesson
    from products p join modules m on m.product_id = p.id join lessons l on l.module_id = m.id
    where p.title = 'Product 1' and m.order_index = 1 and l.lesson_type = 'text' limit 1
"""


async def timed(once: Sequence[Once], seconds: float) -> list[float]:
    """How long each call took, in ms, when every caller calls again at once for so long."""
    took: list[float] = []

    async def caller(call: Once) -> None:
        until_s = time.perf_counter() + seconds
        while (begun_s := time.perf_counter()) < until_s:
            await call()
            took.append((time.perf_counter() - begun_s) * 1_000)

    await asyncio.gather(*(caller(call) for call in once))
    return took


class Bench:
    """A case at so many connections: its requests and its floor."""

    def __init__(self, case: Case, wires: list[Wire], database: Database, person: Person) -> None:
        self._case, self._wires, self._database, self._person = case, wires, database, person

    async def requests(self, seconds: float) -> list[float]:
        """Times over HTTP, in ms."""
        return await timed([partial(wire.ask, self._case.request) for wire in self._wires], seconds)

    async def floor(self, seconds: float) -> list[float]:
        """Times of the statements alone, in ms."""
        return await timed([self._transaction for _ in self._wires], seconds)

    async def _transaction(self) -> None:
        statement = self._case.statement
        async with self._database.acting_as(self._person, read_only=self._case.read_only) as tx:
            await tx.fetchrow(statement.sql, *statement.values)


async def compare(bench: Bench, connections: int, name: str, seconds: float, rounds: int) -> None:
    """Prints one line of the table."""
    lines: list[tuple[float, ...]] = []
    for _ in range(rounds):
        floor, wire = await bench.floor(seconds), await bench.requests(seconds)
        ratio = statistics.median(wire) / statistics.median(floor)
        lines.append((len(wire) / seconds, *_points(wire), *_points(floor), ratio))
    rate, p50, p99, floor50, floor99, ratio = (statistics.median(column) for column in zip(*lines, strict=True))
    print(
        f"{name:36}{connections:>3}{rate:>8.0f}/s{p50:>8.2f}{p99:>8.2f}{floor50:>10.2f}{floor99:>8.2f}{ratio:>8.2f}",
        flush=True,
    )


def _points(took: list[float]) -> tuple[float, float]:
    ordered = sorted(took)
    return ordered[len(ordered) // 2], ordered[int(0.99 * (len(ordered) - 1))]


async def watch_memory(pid: int, wire: Wire, requests: list[bytes], total: int) -> None:
    """Sends the requests in turns and prints the resident memory ten times."""
    step = max(1, total // 10)
    for number in range(total + 1):
        if number % step == 0:
            print(f"{number:>8} requests {_resident_mib(pid):>8.1f} MiB", flush=True)
        await wire.ask(requests[number % len(requests)])


def _resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4 / 1_024


async def fill(dsn: str) -> None:
    """Puts in the courses, before the server seeds its own."""
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute(CONTENT)
        await owner.execute("analyze")
    finally:
        await owner.close()


async def main(seconds: float, rounds: int, memory: int) -> None:
    """Prints the table."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = EmbeddedPostgres(folder / "postgres")
        dsn = await postgres.start()
        stack.push_async_callback(postgres.stop)
        await migrate(dsn, server_password="replaced when the server starts")
        await fill(dsn)
        server = RunningServer(folder / "data", environment={"DATABASE_URL": dsn})
        await server.start()
        stack.push_async_callback(server.stop)
        database = await connect(postgres.url("postgres", LOGIN_ROLE), pool_size=max(CONNECTIONS))
        stack.push_async_callback(database.close)
        trainee = await Trainee.sign_in(server.url)
        wires = [await Wire.open(server.url) for _ in range(max(CONNECTIONS))]
        found = await cases(database, trainee)
        print(f"{'':36}conn    rate     p50     p99  floor p50     p99   ratio  (ms; ratio of the medians)")
        for case in found:
            for connections in CONNECTIONS:
                bench = Bench(case, wires[:connections], database, trainee.person)
                await bench.floor(0.3)
                await bench.requests(0.3)
                await compare(bench, connections, case.name, seconds, rounds)
        if memory:
            await watch_memory(server.pid, wires[0], [case.request for case in found if case.read_only], memory)
        for wire in wires:
            await wire.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory", type=int, default=0, metavar="N")
    given = parser.parse_args()
    asyncio.run(main(given.seconds, given.rounds, given.memory))
