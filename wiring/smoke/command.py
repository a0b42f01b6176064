"""Goes through the steps, prints a line for each, and leaves nothing behind."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from core.clock import SystemClock
from core.errors import BadRequest
from core.settings import Settings
from core.tokens import TokenIssuer
from wiring.smoke.account import Account, make_account, remove_account
from wiring.smoke.client import StepFailed, StepSkipped, Wires
from wiring.smoke.walk import Walk
from wiring.stores import secrets_of

NAME_WIDTH = 17


@dataclass(frozen=True, slots=True)
class SmokeTest:
    """Where, and as whom: without an account somebody is made for it by the service key of this installation."""

    url: str
    email: str | None = None
    password: str | None = None
    live_call: bool = True


async def run_smoke(settings: Settings, wanted: SmokeTest) -> int:
    """Prints a line for each step; 0 when all went well, 1 when one did not.

    Raises BadRequest when there is neither an account nor a secret to make one with.
    """
    service_key = None if wanted.email else _service_key(settings)
    table = Table()
    async with Wires(wanted.url) as wires:
        await table.enter("reached", lambda: _about(wires))
        if table.wrong:
            return 1
        if service_key is None:
            await _walk(table, Walk(wires, Account(wanted.email or "", wanted.password or ""), None), wanted)
            if not table.wrong:
                table.say("note", "left behind", "a practice call of this account")
            return min(table.wrong, 1)
        made: list[Account] = []

        async def make() -> str:
            made.append(await make_account(wires, service_key))
            return f"{made[0].email}, for this walk alone"

        await table.enter("account", make)
        if made:
            try:
                await _walk(table, Walk(wires, made[0], service_key), wanted)
            finally:
                await table.enter("cleaned up", lambda: _clean_up(wires, made[0], service_key))
    return min(table.wrong, 1)


class Table:
    """What was seen, a line each as it is seen."""

    def __init__(self) -> None:
        self.wrong = 0

    async def enter(self, name: str, look: Callable[[], Awaitable[str]]) -> bool:
        """Looks at one thing and prints what it saw; whether it was as it should be."""
        began = time.monotonic()
        try:
            told, mark = await look(), "ok"
        except StepSkipped as skipped:
            told, mark = str(skipped), "skip"
        except StepFailed as failed:
            told, mark = str(failed), "WRONG"
        except (KeyError, TypeError, IndexError) as odd:
            told, mark = f"an answer of another form than expected ({odd!r}): is this a CallX server?", "WRONG"
        self.wrong += mark == "WRONG"
        self.say(mark, name, told, round((time.monotonic() - began) * 1_000))
        return mark != "WRONG"

    def say(self, mark: str, name: str, told: str, took_ms: int | None = None) -> None:
        """Prints a line."""
        took = "" if took_ms is None else f"{took_ms} ms"
        print(f"{mark:<6} {name:<{NAME_WIDTH}} {took:>9}  {told}", flush=True)


async def _walk(table: Table, walk: Walk, wanted: SmokeTest) -> None:
    for name, step in walk.steps().items():
        if name == "live call" and not wanted.live_call:
            table.say("skip", name, "as you wished")
            continue
        went_well = await table.enter(name, step)
        if name == "sign-in" and not went_well:
            return


async def _about(wires: Wires) -> str:
    about = (await wires.good("GET", "/voice/v1/about")).data
    return f"CallX {about['version']} at {wires.url}" + (", with demo people" if about["demo"] else "")


async def _clean_up(wires: Wires, account: Account, service_key: str) -> str:
    await remove_account(wires, account, service_key)
    return "the account is gone, with all that it did"


def _service_key(settings: Settings) -> str:
    if settings.secret is None and not (settings.data_dir / "secret").exists():
        raise BadRequest(
            "Without the server's secret nobody can be made for the walk. Run it with the server's CALLX_SECRET or "
            "--data-dir, or give --email and --password of a trainee.",
            code="no_secret",
        )
    return TokenIssuer(secrets_of(settings), SystemClock()).api_key("service_role")
