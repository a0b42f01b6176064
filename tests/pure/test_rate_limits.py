import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.rate_limits import RateLimit


def test_a_burst_passes_and_then_one_each_refill():
    limit = RateLimit(burst=2, refill_ms=1_000)
    assert [limit.take("a", 0) for _ in range(3)] == [0, 0, 1_000]
    assert limit.take("a", 999) == 1
    assert limit.take("a", 1_000) == 0


def test_one_key_does_not_touch_another():
    limit = RateLimit(burst=1, refill_ms=1_000)
    assert limit.take("a", 0) == limit.take("b", 0) == 0


def test_what_is_given_back_can_be_taken_again():
    limit = RateLimit(burst=1, refill_ms=1_000)
    limit.take("a", 0)
    limit.give_back("a")
    limit.give_back("never seen")
    assert limit.take("a", 0) == 0


def test_memory_is_bounded_and_the_longest_unused_key_goes_first():
    limit = RateLimit(burst=1, refill_ms=1_000, max_keys=2)
    for key in ("a", "b", "a", "c"):
        limit.take(key, 0)
    assert len(limit) == 2
    assert limit.take("a", 0) > 0
    assert limit.take("b", 0) == 0


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        RateLimit(burst=0, refill_ms=1)


@given(st.lists(st.integers(0, 5_000), max_size=60), st.integers(1, 5), st.integers(1, 2_000))
def test_never_more_than_burst_and_refill_allow(gaps_ms, burst, refill_ms):
    limit, now_ms, taken = RateLimit(burst=burst, refill_ms=refill_ms), 0, 0
    for gap_ms in gaps_ms:
        now_ms += gap_ms
        taken += limit.take("a", now_ms) == 0
        assert taken <= burst + now_ms / refill_ms + 1e-6
