"""The application over what is already open: every route, every service, and who plays the customer."""

from collections.abc import AsyncIterator
from functools import partial
from importlib.metadata import version

from aiohttp import web

import accounts.handlers
import accounts.jobs
import core.functions.http
import core.openapi.http
import core.rest.http
import core.storage.handlers
import core.storage.jobs
import core.storage.resumable.handlers
import core.storage.resumable.tidying
import evaluation.handlers
import evaluation.jobs
import evaluation.reviews.function
import evaluation.reviews.judging_again
import lms.analytics.handlers
import lms.certification.handlers
import lms.certification.jobs
import lms.courses.documents.jobs
import lms.courses.packs.handlers
import lms.courses.quizzes.handlers
import lms.courses.quizzes.jobs
import lms.courses.videos.jobs
import lms.notifications.handlers
import lms.notifications.jobs
import lms.progress.handlers
import lms.progress.jobs
import lms.recognition.handlers
import lms.recognition.jobs
import lms.reports.handlers
import voice.about
import voice.embedded_customer.server
import voice.handlers
import voice.jobs
import voice.recording_handlers
import voice.typed_calls.jobs
from accounts.audit import rest_reads
from core import no_realtime, static_files
from core.app_keys import BLOBS, CLOCK, DATABASE, MAILER, SECRETS, SETTINGS, SITE_URL
from core.clock import Clock
from core.cors import add_cors_headers, cors, is_loopback
from core.hosts import only_this_machine
from core.jobs import Subscriptions
from core.mailer import open_mailer
from core.rest.exposure import Exposure
from core.secrets import Secrets
from core.settings import Settings
from core.tasks import Tasks
from core.tokens import identify
from core.web import IDENTIFY, errors_to_json, request_context
from evaluation.jobs import Evaluator
from lms.certification.setup import open_badges, open_issuer
from lms.courses import texts
from lms.notifications.writing import writers
from voice.about import ABOUT, About
from voice.embedded_customer.server import EMBEDDED_CUSTOMER, EmbeddedCustomer
from voice.embedded_customer.session import MODEL as EMBEDDED_MODEL
from voice.embedded_customer.session import SessionOptions
from voice.embedded_customer.speech_engines import SpeechEngines
from voice.jobs import RecordingMaker
from voice.journal_sweep import JournalSweep
from voice.keys import JOURNAL_SWEEP, RECORDING_LINKS, SWITCHBOARD
from voice.places import Places
from voice.recording_links import RecordingLinks
from voice.scenarios import scenario_for_prompt
from voice.switchboard import CallLimits, CustomerLine, Switchboard
from voice.upstream.realtime import RealtimeDriver
from wiring import api_description, language_models
from wiring.stores import Stores

OPENAI_REALTIME_URL = "wss://api.openai.com/v1"
CONNECTIONS_KEPT_FREE = 3
"""For sign-in and calls, whatever REST clients ask for."""


def create_app(
    settings: Settings,
    stores: Stores,
    *,
    own_url: str,
    speech: SpeechEngines,
    clock: Clock,
    demo: bool = False,
) -> web.Application:
    """The whole application over what is already open. `own_url` is where it will be reachable on loopback."""
    if demo and settings.sign_up is None:
        settings = settings.model_copy(update={"sign_up": "open"})
    app = web.Application(middlewares=[request_context, cors, errors_to_json])
    if demo and is_loopback(settings.host) and settings.public_url is None:
        app.middlewares.append(only_this_machine)
    app.on_response_prepare.append(add_cors_headers)
    app[SETTINGS] = settings
    app[SECRETS] = stores.secrets
    app[CLOCK] = clock
    app[DATABASE] = stores.database
    app[BLOBS] = stores.blobs
    app[MAILER] = open_mailer(settings)
    app[SITE_URL] = (settings.public_url or own_url).rstrip("/")
    app[IDENTIFY] = identify
    app[ABOUT] = About(demo=demo, offline_customer=not has_model(settings), version=version("callx"))
    places = Places(settings.embedded_customer_sessions)
    app[EMBEDDED_CUSTOMER] = _embedded_customer(settings, stores, speech, clock, places)
    app[RECORDING_LINKS] = RecordingLinks(stores.secrets.derive("recording-link"))
    app[SWITCHBOARD] = _switchboard(settings, stores, own_url, clock, places)
    app[JOURNAL_SWEEP] = journal_sweep(settings, stores)
    app.cleanup_ctx.append(_running_calls)
    app.on_shutdown.insert(0, _end_calls)
    _add_routes(app, stores, demo=demo)
    return app


def _add_routes(app: web.Application, stores: Stores, *, demo: bool) -> None:
    core.functions.http.add_routes(app)
    for package in (
        accounts.handlers,
        core.storage.handlers,
        core.storage.resumable.handlers,
        voice.about,
        voice.handlers,
        voice.recording_handlers,
        voice.embedded_customer.server,
        evaluation.handlers,
        lms.certification.handlers,
        lms.notifications.handlers,
    ):
        package.add_routes(app)
    core.rest.http.add_routes(
        app,
        exposure=Exposure(observed=rest_reads.WATCHED, cleaned=texts.CLEANED),
        at_once=max(1, app[SETTINGS].database_pool_size - CONNECTIONS_KEPT_FREE),
        on_read=rest_reads.note_read,
    )
    language_models.add_functions(app, app[SETTINGS], stores, app[CLOCK])
    for package in (
        evaluation.reviews.function,
        lms.progress.handlers,
        lms.courses.packs.handlers,
        lms.courses.quizzes.handlers,
        lms.reports.handlers,
        lms.analytics.handlers,
        lms.recognition.handlers,
    ):
        package.add_functions(app)
    no_realtime.add_routes(app)
    core.openapi.http.add_routes(app, api_description.title(), api_description.wires)
    static_files.add_routes(app, watch=demo)


async def _running_calls(app: web.Application) -> AsyncIterator[None]:
    await app[SWITCHBOARD].start()
    sweeping = Tasks("journals")
    sweeping.start(app[JOURNAL_SWEEP].run(), "sweep")
    yield
    await sweeping.close()


async def _end_calls(app: web.Application) -> None:
    await app[SWITCHBOARD].stop()


def _switchboard(settings: Settings, stores: Stores, own_url: str, clock: Clock, places: Places) -> Switchboard:
    offline = not has_model(settings)
    line = CustomerLine(
        driver=upstream_driver(settings, stores.secrets, own_url),
        model=EMBEDDED_MODEL if offline else settings.realtime_model,
        voice=settings.realtime_voice,
        offline=offline,
        places=places if offline else Places(),
    )
    limits = CallLimits(
        max_ms=settings.call_max_ms,
        answer_timeout_ms=settings.call_answer_timeout_ms,
        resume_window_ms=settings.call_resume_window_ms,
        idle_ms=settings.call_idle_ms,
        lease_ms=settings.call_lease_ms,
        per_person=settings.calls_per_person,
        per_person_per_hour=settings.calls_per_person_per_hour,
        minutes_per_person_per_day=settings.call_minutes_per_person_per_day,
        per_server=settings.calls_per_server,
    )
    return Switchboard(stores.database, line, clock, settings.data_dir, limits)


def has_model(settings: Settings) -> bool:
    """Whether a voice model plays the customer; else the embedded one does."""
    return bool(settings.realtime_url or settings.openai_api_key)


def _embedded_customer(
    settings: Settings, stores: Stores, speech: SpeechEngines, clock: Clock, places: Places
) -> EmbeddedCustomer:
    outside = settings.embedded_customer_key
    return EmbeddedCustomer(
        SessionOptions(speech, clock, partial(scenario_for_prompt, stores.database)),
        internal_key=stores.secrets.derive("realtime-internal"),
        outside_keys=(outside.get_secret_value(),) if outside else (),
        session_limit=settings.embedded_customer_sessions,
        places=places,
    )


def upstream_driver(settings: Settings, secrets: Secrets, own_url: str) -> RealtimeDriver:
    """Who plays the customer: the named server, OpenAI when there is a key, else the embedded customer."""
    if not has_model(settings):
        return RealtimeDriver(
            url=f"{own_url}/v1",
            api_key=secrets.derive("realtime-internal"),
            model=EMBEDDED_MODEL,
            transcription_model=EMBEDDED_MODEL,
            embedded=True,
        )
    key = settings.realtime_api_key or settings.openai_api_key
    return RealtimeDriver(
        url=settings.realtime_url or OPENAI_REALTIME_URL,
        api_key=key.get_secret_value() if key else "",
        model=settings.realtime_model,
        transcription_model=settings.transcription_model,
    )


def journal_sweep(settings: Settings, stores: Stores) -> JournalSweep:
    """Makes the recordings whose journals lie in this data directory."""
    return JournalSweep(RecordingMaker(stores.database, stores.blobs, settings.data_dir))


def subscriptions(settings: Settings, stores: Stores, clock: Clock, *, own_url: str) -> Subscriptions:
    """Who follows which facts. Links in letters lead to `own_url` if no public address is set."""
    following = Subscriptions()
    mailer, site_url = open_mailer(settings), settings.public_url or own_url
    accounts.jobs.subscribe(following, stores.database, mailer, stores.secrets, clock, writers(stores.secrets))
    core.storage.jobs.subscribe(following, stores.database, stores.blobs, clock)
    core.storage.resumable.tidying.subscribe(following, stores.database, stores.blobs, clock)
    voice.jobs.subscribe(following, RecordingMaker(stores.database, stores.blobs, settings.data_dir))
    voice.typed_calls.jobs.subscribe(following, language_models.typed_calls(settings, stores, clock))
    judge = language_models.judge(settings, stores, clock)
    evaluation.jobs.subscribe(following, Evaluator(stores.database, judge, clock))
    evaluation.reviews.judging_again.subscribe(following, stores.database, judge, clock)
    lms.progress.jobs.subscribe(following, stores.database)
    lms.recognition.jobs.subscribe(following, stores.database)
    lms.courses.quizzes.jobs.subscribe(following, stores.database)
    lms.courses.documents.jobs.subscribe(following, stores.database, stores.blobs, clock)
    lms.courses.videos.jobs.subscribe(following, stores.database, stores.blobs)
    lms.notifications.jobs.subscribe(following, stores.database, site_url, clock)
    issuer = open_issuer(settings, stores.database, stores.blobs, clock, site_url)
    badges = open_badges(stores.secrets, stores.database, clock, site_url)
    lms.certification.jobs.subscribe(following, stores.database, clock, issuer, badges)
    return following
