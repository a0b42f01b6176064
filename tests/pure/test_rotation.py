from datetime import UTC, datetime, timedelta

import pytest

from accounts.account.opaque_tokens import hashed, new_token
from accounts.sign_in.rotation import StoredToken, Use, judge

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=30)
GRACE = timedelta(seconds=10)


@pytest.mark.parametrize(
    ("stored", "use"),
    [
        (StoredToken(LATER, None, None), Use.ROTATE),
        (StoredToken(NOON, None, None), Use.EXPIRED),
        (StoredToken(LATER, NOON - GRACE, None), Use.REPEAT_IN_GRACE),
        (StoredToken(LATER, NOON - GRACE - timedelta(microseconds=1), None), Use.REUSED),
        (StoredToken(NOON, NOON - timedelta(days=1), None), Use.REUSED),
        (StoredToken(LATER, None, NOON), Use.LOGIN_ENDED),
        (StoredToken(LATER, NOON, NOON), Use.LOGIN_ENDED),
    ],
)
def test_what_a_presented_token_may_do(stored, use):
    assert judge(stored, now=NOON, grace=GRACE) is use


def test_tokens_are_long_different_and_stored_as_a_hash():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 43
    assert {len(hashed(token)) for token in tokens} == {32}
