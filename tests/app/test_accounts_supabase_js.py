"""An account's life with the real @supabase/supabase-js, its letters sent by the real worker into the outbox."""

import asyncio
import json

import pytest

from accounts.jobs import subscribe
from accounts.wire.limits import Limits
from core.clock import SystemClock
from core.jobs import Subscriptions, Worker, WorkerLimits
from core.mailer import OutboxMailer
from core.rate_limits import Rate
from core.settings import Settings
from core.tasks import Tasks
from tests.app.support.wires import SECRET, wires

WIDE = Rate("wide", burst=1_000, refill_ms=1)
EXPECTED_FAILURES = {
    "weak": ("AuthWeakPasswordError", "weak_password", 422),
    "too_early": ("AuthApiError", "email_not_confirmed", 400),
    "confirmed_again": ("AuthApiError", "otp_expired", 403),
    "same_password": ("AuthApiError", "same_password", 422),
    "logged_out_elsewhere": ("AuthApiError", "refresh_token_not_found", 400),
    "wrong_nonce": ("AuthApiError", "reauthentication_not_valid", 422),
    "b_after_others": ("AuthApiError", "refresh_token_not_found", 400),
    "otp": ("AuthApiError", "otp_disabled", 422),
}


@pytest.fixture
async def outbox(database, server_dsn, tmp_path):
    """Where the worker leaves the letters."""
    folder = tmp_path / "outbox"
    subscriptions = Subscriptions()
    mailer = OutboxMailer(folder, "CallX <callx@callx.example>")
    subscribe(subscriptions, database, mailer, SECRET, SystemClock())
    worker, tasks = Worker(server_dsn, subscriptions, WorkerLimits(poll_ms=100)), Tasks("test")
    working = tasks.start(worker.run(), "worker")
    yield folder
    await worker.stop()
    await asyncio.gather(working, return_exceptions=True)


@pytest.fixture
async def server(aiohttp_server, database, cast):
    settings = Settings(sign_up="open", allowed_origins=("https://front.example",))
    limits = Limits(letters_by_account=WIDE, guesses_by_account=WIDE)
    return await aiohttp_server(wires(database, SystemClock(), settings=settings, limits=limits))


async def test_an_account_lives_its_life_with_the_real_client(supabase_js, server, outbox):
    status, output = await supabase_js.run(
        "node", "account.mjs", str(server.make_url("")).rstrip("/"), "sb_publishable_demo", str(outbox)
    )
    assert status == 0, output
    result = json.loads(output)
    seen, data = result["seen"], {name: answer["data"] for name, answer in result["seen"].items()}
    failures = {
        name: (error["kind"], error.get("code"), error.get("status"))
        for name, answer in seen.items()
        if (error := answer.get("error"))
    }
    assert failures.pop("c_after_global")[1] in ("session_not_found", None)
    assert failures == EXPECTED_FAILURES
    assert seen["weak"]["error"]["reasons"] == ["pwned"]

    assert data["sign_up"]["session"] is None
    assert data["confirmed"]["user"]["id"] == data["sign_up"]["user"]["id"]
    assert data["roles"] == [{"role": "trainee"}]
    assert data["profile"] == {"full_name": "Nina Nova", "email": "nina@callx.example"}
    assert data["landed"] == {"at": "https://front.example/account", "type": "recovery"}
    for name in ("recovered", "by_code", "by_button", "exchanged", "moved"):
        assert data[name]["session"]["access_token"], name
    assert data["asked_move"]["user"]["new_email"] == "nina.moved@callx.example"
    assert data["half_moved"]["session"] is None
    assert data["moved"]["user"]["email"] == "nina.moved@callx.example"
    assert data["a_after_others"]["session"]
    assert data["b_after_local"]["session"]
    assert "PASSWORD_RECOVERY" in result["events"]["forgetful"]
    assert "PASSWORD_RECOVERY" in result["events"]["pkce"]
    assert "USER_UPDATED" in result["events"]["one"]
