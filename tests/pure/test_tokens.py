from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from core.app_keys import CLOCK, SECRETS
from core.errors import Unauthorized
from core.identity import ANONYMOUS
from core.secrets import Secrets
from core.tokens import AUDIENCE, ISSUER, TokenIssuer, TokenVerifier, identify
from tests.clock import FixedClock

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OURS = Secrets("a master secret that is long enough for a test")
THEIRS = Secrets("another master secret, of somebody else entirely")


CLAIMS = {"role": "authenticated", "sub": str(uuid4()), "session_id": str(uuid4())}
STANDARD = {**CLAIMS, "iss": ISSUER, "aud": AUDIENCE, "exp": int(NOON.timestamp()) + 60}


def signed(claims: dict[str, object], *, secrets: Secrets = OURS, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, secrets.derive("access-token"), algorithm=algorithm)


def verify(token: str, now: datetime = NOON):
    return TokenVerifier(OURS, FixedClock(now)).verify(token)


def refused(token: str, code: str = "bad_jwt", now: datetime = NOON) -> None:
    with pytest.raises(Unauthorized) as caught:
        verify(token, now)
    assert caught.value.code == code


def test_a_token_names_its_person_and_login():
    person = verify(TokenIssuer(OURS, FixedClock(NOON)).sign(CLAIMS, lifetime=timedelta(hours=1)))
    assert (person.kind, person.user_id) == ("authenticated", UUID(CLAIMS["sub"]))
    assert person.login_id == UUID(CLAIMS["session_id"])
    assert person.claims["iat"] == NOON.timestamp()


def test_a_token_is_good_until_the_second_it_expires():
    token = TokenIssuer(OURS, FixedClock(NOON)).sign(CLAIMS, lifetime=timedelta(hours=1))
    assert verify(token, NOON + timedelta(seconds=3_599)).user_id
    refused(token, "token_expired", NOON + timedelta(hours=1))


def test_api_keys_name_a_role_and_nobody():
    issuer = TokenIssuer(OURS, FixedClock(NOON))
    anonymous, service = verify(issuer.api_key("anon")), verify(issuer.api_key("service_role"))
    assert (anonymous.kind, service.kind) == ("anonymous", "service")
    assert anonymous.user_id is service.user_id is None


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "storage-link"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"exp": "tomorrow"},
        {"exp": True},
        {"nbf": int(NOON.timestamp()) + 30},
        {"role": "postgres"},
        {"role": None},
        {"sub": "not-a-uuid"},
        {"session_id": 7},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(change):
    refused(signed({**STANDARD, **change}))


@pytest.mark.parametrize("missing", ["exp", "aud", "iss", "sub", "session_id", "role"])
def test_a_token_without_a_claim_is_refused(missing):
    refused(signed({name: value for name, value in STANDARD.items() if name != missing}))


def test_a_token_signed_with_another_secret_is_refused():
    refused(signed(STANDARD, secrets=THEIRS))


def test_a_token_without_a_signature_is_refused():
    refused(jwt.encode(STANDARD, "", algorithm="none"))


def test_another_algorithm_is_refused_even_with_the_right_key():
    refused(signed(STANDARD, algorithm="HS512"))


def test_a_key_of_another_purpose_signs_nothing_here():
    refused(jwt.encode(STANDARD, OURS.derive("recording-link"), algorithm="HS256"))


@given(st.text(max_size=300) | st.from_regex(r"[\w-]{0,40}\.[\w-]{0,40}\.[\w-]{0,40}", fullmatch=True))
def test_any_text_is_refused_in_one_way(text):
    refused(text)


def asking(**headers: str) -> web.Request:
    app = web.Application()
    app[SECRETS], app[CLOCK] = OURS, FixedClock(NOON)
    return make_mocked_request("GET", "/", headers=headers, app=app)


async def test_nobody_without_a_bearer():
    assert await identify(asking(apikey="anything")) is ANONYMOUS


async def test_a_publishable_key_is_nobody():
    assert await identify(asking(Authorization="Bearer sb_publishable_abc")) is ANONYMOUS


async def test_the_key_of_a_former_server_is_nobody_when_it_is_the_bearer_too():
    key = signed({"role": "anon"}, secrets=THEIRS)
    assert await identify(asking(apikey=key, Authorization=f"Bearer {key}")) is ANONYMOUS


async def test_the_service_key_is_the_service():
    key = TokenIssuer(OURS, FixedClock(NOON)).api_key("service_role")
    assert (await identify(asking(apikey=key, Authorization=f"Bearer {key}"))).kind == "service"


@pytest.mark.parametrize("header", ["Basic dGVzczpwYXNz", "Bearer", "Bearer forged", signed(STANDARD)])
async def test_a_malformed_header_is_refused(header):
    with pytest.raises(Unauthorized) as caught:
        await identify(asking(Authorization=header, apikey="key"))
    assert caught.value.code == "bad_jwt"
