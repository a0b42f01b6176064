"""What the doctor says of the customer's line."""

import socket
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.errors import Unavailable
from core.secrets import Secrets
from core.settings import Settings
from tests.support.certificate_authority import PASSPHRASE, Authority
from tests.support.scripted_realtime import Script, ScriptedRealtime
from wiring import doctor

SECRETS = Secrets("x" * 40)


def settings(url: str | None) -> Settings:
    return Settings(realtime_url=url, realtime_api_key="secret-key")


@pytest.fixture
def nobody() -> str:
    """An address at which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"ws://127.0.0.1:{listener.getsockname()[1]}/v1"


async def test_without_a_voice_model_the_embedded_customer_answers() -> None:
    assert "the embedded customer answers" in await doctor.customer(Settings(), SECRETS)


async def test_a_realtime_server_is_dialled_and_hung_up_on() -> None:
    async with ScriptedRealtime(Script()) as server:
        told = await doctor.customer(settings(server.url), SECRETS)
        call = await server.connection()
    assert told == f"a voice model plays the customer (gpt-realtime-2.1-mini at {server.url}, which takes the key)"
    assert call.appended == b"", "nothing was said that costs anything"


@pytest.mark.parametrize(
    ("script", "advice"),
    [
        (Script(refuse_with=401, refuse_times=9), "CALLX_REALTIME_API_KEY"),
        (Script(refuse_with=429, refuse_times=9), "no quota left"),
        (Script(refuse_with=404, refuse_times=9), "CALLX_REALTIME_MODEL"),
        (Script(greet_with="invalid_api_key"), "CALLX_REALTIME_API_KEY"),
        (Script(reject_update="model_not_found"), "CALLX_REALTIME_MODEL"),
    ],
    ids=["wrong key", "busy", "not there", "key refused later", "wrong model"],
)
async def test_a_server_that_does_not_take_the_call_is_told_why(script: Script, advice: str) -> None:
    async with ScriptedRealtime(script) as server:
        with pytest.raises(RuntimeError, match=advice) as told:
            await doctor.customer(settings(server.url), SECRETS)
    assert "secret-key" not in str(told.value)


async def test_an_address_where_nobody_answers_is_told(nobody: str) -> None:
    with pytest.raises(RuntimeError, match="Look at CALLX_REALTIME_URL"):
        await doctor.customer(settings(nobody), SECRETS)


async def test_the_signing_key_of_certificates_is_looked_at(tmp_path: Path) -> None:
    assert "not signed" in await doctor.signing_key(Settings(), SystemClock())
    path = Authority.founded().write_key(tmp_path / "key.p12", "Harbour Telecom")
    given = Settings(certificate_signing_key=path, certificate_signing_passphrase=PASSPHRASE)
    assert "signed by Common Name: Harbour Telecom (good from" in await doctor.signing_key(given, SystemClock())
    wrong = Settings(certificate_signing_key=path, certificate_signing_passphrase="another passphrase")
    with pytest.raises(Unavailable, match="CALLX_CERTIFICATE_SIGNING_PASSPHRASE") as told:
        await doctor.signing_key(wrong, SystemClock())
    assert "another" not in str(told.value)


async def test_a_signing_key_that_ends_soon_is_told(tmp_path: Path) -> None:
    path = Authority.founded().write_key(tmp_path / "key.p12", "Harbour Telecom", days=(-300, 20))
    given = Settings(certificate_signing_key=path, certificate_signing_passphrase=PASSPHRASE)
    with pytest.raises(RuntimeError, match="replace it in time"):
        await doctor.signing_key(given, SystemClock())
