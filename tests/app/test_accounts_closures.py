"""Each closure over the wire is what its test stands on: taken out, the test of the hole fails."""

import pytest

from accounts.links.targets import RedirectRules
from accounts.sign_in.passwords import Passwords, Verdict
from accounts.wire import verify_handlers
from core.rate_limits import RateLimiter
from core.secrets import Secrets
from core.settings import Settings
from tests.app import test_accounts_holes as holes
from tests.app.support.asks import STRONG
from tests.app.support.postman import Postman
from tests.app.support.wires import give_passwords, wires


async def never_waits(self, buckets):
    return 0


async def hole_27(client, postman, cast, clock):
    await holes.test_hole_27_a_link_to_a_recording_signs_somebody_in(client, cast, clock)


async def hole_28_targets(client, postman, cast, clock):
    await holes.test_hole_28_a_link_in_a_letter_leads_anywhere(client, postman, "https://evil.example")


async def hole_28_scanners(client, postman, cast, clock):
    await holes.test_hole_28_a_mail_scanner_uses_the_link_up(client, postman)


async def hole_29_answers(client, postman, cast, clock):
    await holes.test_hole_29_answers_tell_who_has_an_account(client, "signup", {"password": STRONG})


async def hole_30(client, postman, cast, clock):
    await holes.test_hole_30_a_stolen_login_changes_the_password(client, clock, postman)


@pytest.mark.parametrize(
    ("hole", "closure", "replacement", "settings"),
    [
        (hole_27, (Secrets, "derive"), lambda self, purpose: "0" * 64, {}),
        (hole_28_targets, (RedirectRules, "_allows"), lambda self, requested: True, {}),
        (hole_28_scanners, (verify_handlers, "show_button"), verify_handlers.follow_link, {}),
        (hole_29_answers, None, None, {"confirm_email": False}),
        (hole_30, None, None, {"reauthenticate_after_s": 100_000}),
    ],
    ids=["27 keys of their own", "28 targets", "28 a page", "29 letters", "30 the person is asked for"],
)
async def test_a_hole_is_open_without_its_closure(
    aiohttp_client, database, cast, clock, postman, monkeypatch, hole, closure, replacement, settings
):
    await give_passwords(database, cast)
    if closure:
        monkeypatch.setattr(*closure, replacement)
    postman = Postman(database, clock)
    client = await aiohttp_client(wires(database, clock, settings=Settings(sign_up="open", **settings)))
    with pytest.raises(AssertionError):
        await hole(client, postman, cast, clock)


async def test_hole_29_is_open_without_limits(aiohttp_client, database, cast, clock, monkeypatch):
    monkeypatch.setattr(RateLimiter, "wait_ms", never_waits)
    with pytest.raises(AssertionError):
        await holes.test_hole_29_asking_is_limited_by_account_and_by_address(aiohttp_client, database, cast, clock)


async def test_hole_29_is_open_when_nobody_costs_nothing(aiohttp_client, database, cast, clock, monkeypatch):
    verify = Passwords._verify
    monkeypatch.setattr(
        Passwords, "_verify", lambda self, given, stored: verify(self, given, stored) if stored else Verdict(False)
    )
    work = ("token?grant_type=password", {"password": "wrong"}, ["verify"])
    with pytest.raises(AssertionError):
        await holes.test_hole_29_the_work_tells_who_has_an_account(aiohttp_client, database, cast, clock, *work)
