"""The pure rules of accounts: passwords, redirect targets, one-time secrets, PKCE."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.letters import texts
from accounts.links.one_time import OneTimeSecrets
from accounts.links.pkce import Challenge, challenge_of
from accounts.links.targets import RedirectRules, confirm_link, origin_of, with_fragment, with_query
from accounts.sign_in.password_rules import COMMONEST, MINIMUM_LENGTH, explained, weaknesses
from core.localised import LANGUAGES, Locale

EMAIL = "tess@callx.example"
SITE = "https://callx.example"


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("correct horse", []),
        ("🐴🔋🐴🔋🐴🔋🐴x", []),
        ("callx-demo", []),
        ("1234567", ["length", "pwned"]),
        ("x" * 1_025, ["length", "pwned"]),
        ("PassWord1", ["pwned"]),
        ("  password1 ", ["pwned"]),
        ("abababababab", ["pwned"]),
        ("hgfedcba", ["pwned"]),
        ("23456789", ["pwned"]),
        ("TESS@callx.example", ["personal"]),
        ("tess tester", ["personal"]),
        ("TessTester", ["personal"]),
        ("", ["length", "pwned"]),
    ],
)
def test_what_is_easy_to_guess_is_named(password, reasons):
    assert weaknesses(password, email=EMAIL, full_name="Tess Tester") == reasons
    assert all(explained([reason]) for reason in reasons)


def test_a_short_address_or_no_name_forbids_nothing():
    assert weaknesses("a long sentence", email="a@b") == []


def test_the_list_of_the_commonest_holds_no_idle_entry():
    assert len(COMMONEST) > 150
    assert all(len(password) >= MINIMUM_LENGTH and password == password.casefold() for password in COMMONEST)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_judged(password, name):
    assert set(weaknesses(password, email=EMAIL, full_name=name)) <= {"length", "pwned", "personal"}


RULES = RedirectRules(
    SITE, ("https://front.example", "https://shared.example/callx", "http://localhost:3000", "nonsense")
)


@pytest.mark.parametrize(
    "target",
    [
        SITE,
        f"{SITE}/account?tab=password#top",
        "https://front.example/reset/deep?x=1",
        "https://FRONT.example:443/reset",
        "https://shared.example/callx",
        "https://shared.example/callx/reset",
        "http://localhost:3000/reset",
    ],
)
def test_listed_targets_are_kept(target):
    assert RULES.target(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "/reset",
        "//evil.example",
        "https:///evil.example",
        "https://evil.example",
        "http://front.example",
        "https://front.example:444",
        "https://front.example.evil.example",
        "https://front.example@evil.example",
        "https://x:y@front.example",
        "https://front.example\\.evil.example",
        "https://front.example /",
        "https://front.example\n/",
        "https://front.example\t.evil.example",
        "https://shared.example",
        "https://shared.example/callxevil",
        "https://shared.example/callx/../evil",
        "https://shared.example/callx/%2e%2e/evil",
        "https://shared.example/callx/..%2fevil",
        "https://frönt.example",
        "https://front.example:port",
        "https://[front.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "nonsense",
        "https://front.example/" + "x" * 2_000,
    ],
)
def test_anything_else_leads_home(target):
    assert RULES.target(target) == SITE


@given(st.text(max_size=80))
def test_no_text_leads_anywhere_else(target):
    kept = RULES.target(target)
    assert origin_of(kept).lower().removesuffix(":443") in (
        SITE,
        "https://front.example",
        "https://shared.example",
        "http://localhost:3000",
    )


def test_results_are_put_where_they_belong():
    assert with_fragment("https://a.example/x#old", {"b": "c d", "e": 1}) == "https://a.example/x#b=c%20d&e=1"
    assert with_query("https://a.example/x?y=1#z", {"code": "a&b"}) == "https://a.example/x?y=1&code=a%26b#z"
    link = confirm_link(f"{SITE}/", token="t", kind_type="recovery", redirect_to="https://a.example/?x=1&y=2")
    assert link == (
        f"{SITE}/auth/v1/confirm?token=t&type=recovery&redirect_to=https%3A%2F%2Fa.example%2F%3Fx%3D1%26y%3D2"
    )


@given(st.uuids(), st.uuids())
def test_each_id_and_each_key_has_secrets_of_its_own(one: UUID, other: UUID):
    ours, theirs = OneTimeSecrets("a key"), OneTimeSecrets("another key")
    assert ours.token(one) == OneTimeSecrets("a key").token(one) != theirs.token(one)
    assert (ours.token(one) == ours.token(other)) is (one == other)
    assert len(ours.code(one)) == 6
    assert ours.is_code(one, f" {ours.code(one)[:3]} {ours.code(one)[3:]}\n")
    assert not ours.is_code(one, "")
    assert not ours.is_code(one, "\ud800")


def test_the_example_of_the_standard_is_met():
    challenge = Challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "s256")
    assert challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert not challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl")
    assert not challenge.is_met_by("é" * 50)


def test_a_request_has_a_good_challenge_or_none():
    assert challenge_of({"code_challenge": None, "code_challenge_method": None}) is None
    assert challenge_of({"code_challenge": "x" * 43}) == Challenge("x" * 43, "plain")
    for body in (
        {"code_challenge": "short"},
        {"code_challenge": ["x" * 43]},
        {"code_challenge": "x" * 43, "code_challenge_method": "md5"},
        {"code_challenge_method": "s256"},
    ):
        with pytest.raises(ValueError, match="code_challenge"):
            challenge_of(body)


NAUGHTY = '<img src=x onerror="alert(1)">\nBcc: everybody@callx.example'
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LINK = "https://callx.example/?a=1&b=2"


def letters(locale):
    """Each letter, with names that try to break out of it."""
    return {
        "confirm_sign_up": texts.confirm_sign_up(SITE, LINK, "012345", locale=locale),
        "already_registered": texts.already_registered(SITE, locale=locale),
        "reset_password": texts.reset_password(SITE, LINK, "012345", name=NAUGHTY, locale=locale),
        "invitation": texts.invitation(SITE, LINK, name=NAUGHTY, locale=locale),
        "confirm_new_address": texts.confirm_new_address(SITE, LINK, "012345", locale=locale),
        "agree_to_new_address": texts.agree_to_new_address(
            SITE, LINK, "012345", name=NAUGHTY, new_email=NAUGHTY, locale=locale
        ),
        "reauthentication": texts.reauthentication(SITE, "012345", name=NAUGHTY, locale=locale),
        "password_changed": texts.password_changed(SITE, name=NAUGHTY, at=AT, locale=locale),
        "address_changed": texts.address_changed(SITE, name=NAUGHTY, new_email=NAUGHTY, at=AT, locale=locale),
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", letters(Locale()))
def test_every_letter_says_the_same_twice_and_escapes_what_people_wrote(kind, language):
    letter = letters(Locale(language, "Europe/Paris"))[kind]
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in letter.html
    assert "{" not in letter.text + letter.subject
    for paragraph in texts.CATALOGUE.raw(language, f"{kind}.paragraphs"):
        assert paragraph.partition("{")[0] in letter.text
    assert "<img" not in letter.html
    assert "<script" not in letter.html
    assert "\n" not in letter.subject
    assert "012345" not in letter.subject
    assert SITE in letter.text
    if "a=1&b=2" in letter.text:
        assert 'href="https://callx.example/?a=1&amp;b=2"' in letter.html
    assert ("012345" in letter.text) == ("012345" in letter.html)
    assert max(len(line) for line in letter.html.splitlines()) < 998


def test_letters_to_unconfirmed_addresses_take_nothing_that_was_typed():
    """Else anybody could have us mail their own words to anybody."""
    assert "name" not in texts.confirm_sign_up.__annotations__
    assert "name" not in texts.confirm_new_address.__annotations__
