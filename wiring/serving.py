"""`serve` and `worker`: what runs until somebody stops it."""

import asyncio
import logging
import signal
import socket
from contextlib import AsyncExitStack

from aiohttp import web

from core.clock import SystemClock
from core.embedded_postgres import EmbeddedPostgres
from core.errors import BadRequest, Unavailable
from core.jobs import Worker
from core.settings import Settings
from core.tasks import Tasks
from lms.demo_people import DEMO_PASSWORD, DEMO_PEOPLE
from voice.embedded_customer.speech_engines import SpeechEngines
from wiring.application import create_app, journal_sweep, subscriptions
from wiring.seeding import seed_demo_content
from wiring.stores import open_stores

log = logging.getLogger(__name__)

LONGEST_REQUEST_LINE_BYTES = 65_536
"""An `in` filter of a thousand ids fits."""
SHUTDOWN_TIMEOUT_S = 10
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})


async def serve(settings: Settings, *, demo: bool) -> None:
    """Runs the server until SIGINT or SIGTERM, and prints the ready line when it takes requests."""
    refuse_public_demo(settings, demo=demo)
    if settings.host not in LOOPBACK_HOSTS and settings.public_url is None:
        log.warning("CALLX_PUBLIC_URL is not set: links in letters will lead to %s.", settings.host)
    stopping = stop_signals()
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(listen(settings))
        stores = await stack.enter_async_context(open_stores(settings))
        if demo:
            await seed_demo_content(stores, settings, people=True)
        speech = SpeechEngines(workers=settings.speech_workers, cache_dir=settings.data_dir / "speech")
        await speech.start()
        stack.push_async_callback(speech.close)
        own_url = f"http://{_loopback(settings.host)}:{listener.getsockname()[1]}"
        app = create_app(settings, stores, own_url=own_url, speech=speech, clock=SystemClock(), demo=demo)
        tasks = Tasks("server")
        stack.push_async_callback(tasks.close)
        if settings.run_worker:
            following = subscriptions(settings, stores, SystemClock(), own_url=own_url)
            worker = Worker(stores.database_dsn, following)
            stack.push_async_callback(_stop_worker, worker, tasks.start(worker.run(), "worker"))
        await take_requests(stack, app, listener)
        if stores.embedded_postgres:
            tasks.start(_stop_without(stores.embedded_postgres, stopping), "postgres")
        _announce(settings.public_url or f"http://{shown(settings.host)}:{listener.getsockname()[1]}", demo=demo)
        await stopping.wait()
        log.info("Stopping.")


async def run_worker(settings: Settings) -> None:
    """Runs jobs alone, beside servers whose CALLX_RUN_WORKER is false."""
    stopping = stop_signals()
    async with open_stores(settings) as stores:
        own_url = f"http://{_loopback(settings.host)}:{settings.port}"
        following = subscriptions(settings, stores, SystemClock(), own_url=own_url)
        worker = Worker(stores.database_dsn, following)
        tasks = Tasks("worker")
        running = tasks.start(worker.run(), "worker")
        tasks.start(journal_sweep(settings, stores).run(), "journals")
        print("The worker is ready.", flush=True)
        await stopping.wait()
        await _stop_worker(worker, running)
        await tasks.close()


def refuse_public_demo(settings: Settings, *, demo: bool) -> None:
    """Everybody knows the demo password. Raises BadRequest for a demo that others could reach with it."""
    if demo and settings.host not in LOOPBACK_HOSTS and settings.demo_password is None:
        raise BadRequest(
            f"--demo on {settings.host} would let anybody sign in with the known password. "
            "Set CALLX_DEMO_PASSWORD, or serve on 127.0.0.1.",
            code="demo_needs_password",
        )


def _announce(url: str, *, demo: bool) -> None:
    print(f"CallX is ready: {url}", flush=True)
    if demo:
        people = ", ".join(person.email for person in DEMO_PEOPLE)
        print(f"Sign in as {people}; the password is {DEMO_PASSWORD} unless you gave another.", flush=True)


def stop_signals() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


def listen(settings: Settings) -> socket.socket:
    """The socket to take requests from. Raises Unavailable `address_in_use`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=256)
    except OSError as error:
        raise Unavailable(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. Does a server run there already? "
            "--port takes another port.",
            code="address_in_use",
        ) from error


def _loopback(host: str) -> str:
    """The address under which the server reaches itself."""
    if host == "0.0.0.0":  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return "[::1]" if host == "::" else shown(host)


def shown(host: str) -> str:
    """A host as it stands in an address."""
    return f"[{host}]" if ":" in host else host


async def take_requests(stack: AsyncExitStack, app: web.Application, listener: socket.socket) -> None:
    """Serves the application until the stack is closed, which lets requests under way end."""
    runner = web.AppRunner(
        app,
        access_log=None,
        max_line_size=LONGEST_REQUEST_LINE_BYTES,
        max_field_size=LONGEST_REQUEST_LINE_BYTES,
        shutdown_timeout=SHUTDOWN_TIMEOUT_S,
    )
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listener).start()


async def _stop_worker(worker: Worker, running: "asyncio.Task[None]") -> None:
    await worker.stop()
    await asyncio.gather(running, return_exceptions=True)


async def _stop_without(postgres: EmbeddedPostgres, stopping: asyncio.Event) -> None:
    await postgres.wait_closed()
    if not stopping.is_set():
        log.error("The embedded PostgreSQL has died: the server stops. Its last words:\n%s", postgres.log_tail())
        stopping.set()
