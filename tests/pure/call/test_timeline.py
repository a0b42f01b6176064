"""The three clocks."""

from hypothesis import given
from hypothesis import strategies as st

from voice.call.timeline import AppendedLedger, CaptureClock


def test_a_late_first_frame_does_not_shift_the_call_for_ever() -> None:
    clock = CaptureClock()
    clock.observe(20, 320)
    assert clock.call_ms(0) == 300
    clock.observe(40, 70)
    assert clock.call_ms(0) == 30


def test_jitter_leaves_the_clock_alone() -> None:
    clock = CaptureClock()
    for number in range(500):
        clock.observe(20 + number * 20, 50 + number * 20 + (number * 37) % 90)
    assert clock.call_ms(0) == 30


def test_a_device_that_stopped_counting_is_found_again() -> None:
    clock = CaptureClock()
    for number in range(10):
        clock.observe(20 + number * 20, 40 + number * 20)
    for number in range(10, 250):
        clock.observe(20 + number * 20, 1_040 + number * 20)
    assert clock.call_ms(0) == 1_020


def test_before_the_first_frame_nothing_is_known() -> None:
    clock = CaptureClock()
    assert clock.call_ms(5) is None
    clock.observe(20, 20)
    clock.reset()
    assert clock.call_ms(5) is None


def test_an_offset_of_appended_audio_skips_the_gaps() -> None:
    ledger = AppendedLedger()
    ledger.append(1_000 * 48, 0)
    ledger.append(1_000 * 48, 5_000)
    assert ledger.began_ms(500) == 500
    assert ledger.began_ms(1_000) == 5_000
    assert ledger.ended_ms(1_000) == 1_000
    assert ledger.ended_ms(1_500) == 5_500
    assert ledger.until_ms == 6_000


def test_an_offset_beyond_what_was_appended_is_its_end() -> None:
    ledger = AppendedLedger()
    ledger.append(100 * 48, 40)
    assert ledger.ended_ms(10_000) == 140
    assert AppendedLedger().began_ms(70) == 70


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 500)), min_size=1, max_size=40), st.data())
def test_every_appended_sample_maps_to_its_own_moment(pieces, data) -> None:
    ledger = AppendedLedger()
    moments: list[int] = []
    call_ms = 0
    for length_ms, gap_ms in pieces:
        call_ms += gap_ms if gap_ms > AppendedLedger.JOIN_MS else 0
        ledger.append(length_ms * 48, call_ms)
        moments += range(call_ms, call_ms + length_ms)
        call_ms += length_ms
    offset = data.draw(st.integers(0, len(moments) - 1))
    assert ledger.began_ms(offset) == moments[offset]
    assert ledger.ended_ms(offset + 1) == moments[offset] + 1
