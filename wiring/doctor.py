"""`doctor`: looks at everything a call needs, and says what is wrong in one line each."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from core.clock import Clock, SystemClock
from core.errors import CallXError
from core.secrets import Secrets
from core.settings import Settings
from lms.certification.setup import open_signature
from migrations.runner import current_revision, newest_revision
from voice.embedded_customer.speech_engines import SpeechEngines
from voice.upstream.base import CustomerConfig, UpstreamRefused
from wiring.application import has_model, upstream_driver
from wiring.model_checks import judging, typed_customer
from wiring.stores import Stores, open_stores

LEAST_FREE_BYTES = 1_000_000_000
KEY_RENEWAL = timedelta(days=30)
"""How long before its end a signing key is worth a word."""
SPOKEN = "Good morning, how can I help you today?"
NO_CALLS = "Until then no live call can be made."
ADVICE = {
    "upstream_unreachable": "Look at CALLX_REALTIME_URL and at the network.",
    "upstream_unauthorized": "It does not take OPENAI_API_KEY or CALLX_REALTIME_API_KEY.",
    "upstream_busy": "It takes no more sessions at the moment, or the account has no quota left.",
    "upstream_rejected": "Look at CALLX_REALTIME_URL, CALLX_REALTIME_MODEL and CALLX_REALTIME_VOICE.",
}


async def examine(settings: Settings) -> int:
    """Prints a line for each thing looked at; the number of those that are wrong."""
    wrong = 0
    async with open_stores(settings) as stores:
        for name, look in _looks(settings, stores).items():
            try:
                print(f"ok     {name}: {await look()}")
            except (CallXError, OSError, RuntimeError, TimeoutError) as error:
                wrong += 1
                print(f"WRONG  {name}: {error}")
    return wrong


def _looks(settings: Settings, stores: Stores) -> dict[str, Callable[[], Awaitable[str]]]:
    async def database() -> str:
        async with stores.database.acting_as_service() as tx:
            version = await tx.fetchval("show server_version")
        where = "embedded" if stores.embedded_postgres else "your own"
        return f"PostgreSQL {version} ({where})"

    async def schema() -> str:
        revision = await current_revision(stores.owner_dsn)
        if revision != newest_revision():
            raise RuntimeError(f"revision {revision}, newest is {newest_revision()}; run `server.py migrate`")
        return f"revision {revision}"

    async def object_store() -> str:
        key = f"doctor/{uuid4()}"
        await stores.blobs.put(key, b"callx", "text/plain")
        await stores.blobs.delete(key)
        return "writes and deletes"

    async def disk() -> str:
        free = await asyncio.to_thread(_free_bytes, settings.data_dir)
        if free < LEAST_FREE_BYTES:
            raise RuntimeError(f"only {free / 1e9:.1f} GB free in {settings.data_dir}")
        return f"{free / 1e9:.0f} GB free"

    async def speech() -> str:
        engines = SpeechEngines(workers=1, cache_dir=settings.data_dir / "speech")
        await engines.start()
        try:
            spoken = b"".join([pcm async for pcm in engines.speak(SPOKEN, "female", 165)])
        finally:
            await engines.close()
        return f"speaks ({len(spoken) // 48} ms of sound)"

    return {
        "database": database,
        "schema": schema,
        "object store": object_store,
        "disk": disk,
        "mail": partial(_mail, settings),
        "certificates": partial(signing_key, settings, SystemClock()),
        "customer": partial(customer, settings, stores.secrets),
        "typed calls": partial(typed_customer, settings),
        "judge": partial(judging, settings),
        "speech": speech,
    }


def _free_bytes(folder: Path) -> int:
    """Where the folder is, or will be: it is made by the first server."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


async def _mail(settings: Settings) -> str:
    if settings.resend_api_key:
        return f"through Resend, from {settings.mail_from}"
    return f"into {settings.data_dir / 'outbox'}; set RESEND_API_KEY to send it"


async def signing_key(settings: Settings, clock: Clock) -> str:
    """By whom the PDFs of certificates are signed. Raises CallXError for a bad key, RuntimeError for one that ends."""
    signature = open_signature(settings, clock)
    if signature is None:
        return "their PDFs are not signed; set CALLX_CERTIFICATE_SIGNING_KEY to a PKCS#12 file"
    facts = await asyncio.to_thread(signature.facts)
    when = f"{facts.good_from:%Y-%m-%d} to {facts.good_until:%Y-%m-%d}"
    if not facts.good_from <= clock.now() < facts.good_until - KEY_RENEWAL:
        raise RuntimeError(f"the signing key of {facts.owner} is good from {when}: replace it in time")
    return f"signed by {facts.owner} (good from {when})"


async def customer(settings: Settings, secrets: Secrets) -> str:
    """Who plays the customer; a voice model is dialled, and hung up on before it has said anything.

    Raises RuntimeError when it cannot be reached, speaks another protocol, or takes neither the key nor the model.
    """
    if not has_model(settings):
        return "the embedded customer answers; set OPENAI_API_KEY for a voice model"
    driver = upstream_driver(settings, secrets, own_url="")
    try:
        upstream = await driver.connect(CustomerConfig(instructions="", voice=settings.realtime_voice))
    except UpstreamRefused as refusal:
        told = f"{driver.url}: {refusal.message} {ADVICE.get(refusal.code, '')}".rstrip()
        raise RuntimeError(f"{told} {NO_CALLS}") from refusal
    await upstream.close()
    return f"a voice model plays the customer ({settings.realtime_model} at {driver.url}, which takes the key)"
