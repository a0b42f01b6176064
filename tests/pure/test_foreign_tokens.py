from contextlib import suppress
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unauthorized
from core.tokens import ForeignTokens
from tests.clock import FixedClock

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NOON_S = int(NOON.timestamp())
KEY = b"a key that another issuer shares with us"


def signed(claims, key=KEY, algorithm="HS256", **headers):
    return jwt.encode(claims, key, algorithm=algorithm, headers=headers or None)


def claims_of(token, *, audience=None, now=NOON):
    return ForeignTokens(KEY, FixedClock(now), audience).claims_of(token)


def refused(token, code="bad_jwt", **options):
    with pytest.raises(Unauthorized) as caught:
        claims_of(token, **options)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "claims",
    [{}, {"role": "reader"}, {"sub": 5, "jti": 6, "role": None, "deep": {"a": [1]}}, {"aud": ["a", "b"]}, {"iss": "x"}],
)
def test_claims_are_the_issuers_own_affair(claims):
    assert claims_of(signed(claims)) == claims


def test_times_may_differ_by_half_a_minute():
    assert claims_of(signed({"exp": NOON_S - 29}))
    refused(signed({"exp": NOON_S - 30}), "token_expired")
    assert claims_of(signed({"nbf": NOON_S + 30, "iat": NOON_S + 30}))
    refused(signed({"nbf": NOON_S + 31}))
    refused(signed({"iat": NOON_S + 31}))
    refused(signed({"exp": NOON_S}), "token_expired", now=NOON + timedelta(hours=1))


@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", ["soon", None, True, [1], {}])
def test_times_that_are_none_are_refused(name, value):
    refused(signed({name: value}))


def test_another_key_or_algorithm_is_refused():
    refused(signed({}, b"another key, of somebody else entirely"))
    refused(signed({}, "0" * 64, "HS512"))
    refused(jwt.encode({}, "", algorithm="none"))
    refused(signed({}) + "x")
    refused("a" * 9_000)


def test_an_audience_counts_where_one_is_expected():
    assert claims_of(signed({"aud": "us"}), audience="us")
    assert claims_of(signed({"aud": ["them", "us"]}), audience="us")
    refused(signed({"aud": "them"}), audience="us")
    refused(signed({}), audience="us")


@given(st.text(max_size=200) | st.binary(max_size=80).map(lambda noise: f"{signed({})[:40]}{noise!r}"))
def test_any_text_is_read_or_refused(token):
    with suppress(Unauthorized):
        claims_of(token)
