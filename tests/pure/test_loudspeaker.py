"""The synthetic trainee's loudspeaker."""

from hypothesis import given
from hypothesis import strategies as st

from voice.synthetic_trainee.loudspeaker import Loudspeaker, Progress


def test_a_reply_is_reported_at_its_start_on_the_way_and_at_its_end():
    speaker = Loudspeaker()
    speaker.receive(1, 500, last=True)
    reports = [report for _ in range(30) for report in speaker.advance(20)]

    assert reports == [Progress(1, 0), Progress(1, 200), Progress(1, 400), Progress(1, 500)]
    assert not speaker.playing


def test_what_has_not_arrived_cannot_be_played():
    speaker = Loudspeaker()
    speaker.receive(1, 100, last=False)
    for _ in range(50):
        speaker.advance(20)

    assert speaker.clear(1) == Progress(1, 100)


def test_a_cleared_reply_stays_silent_whatever_still_arrives():
    speaker = Loudspeaker()
    speaker.receive(1, 1_000, last=False)
    speaker.advance(40)
    assert speaker.clear(1) == Progress(1, 40)
    speaker.receive(1, 1_000, last=True)

    assert speaker.advance(20) == []
    assert not speaker.playing


def test_replies_are_played_one_after_the_other():
    speaker = Loudspeaker()
    speaker.receive(1, 100, last=True)
    speaker.receive(2, 100, last=True)
    for _ in range(5):
        speaker.advance(20)

    assert speaker.clear(2) == Progress(2, 0)


@given(st.lists(st.tuples(st.sampled_from(["receive", "advance", "clear"]), st.integers(1, 3), st.integers(1, 300))))
def test_never_more_is_reported_than_was_received(steps: list[tuple[str, int, int]]):
    speaker, received = Loudspeaker(), dict.fromkeys((1, 2, 3), 0)
    for step, epoch, length_ms in steps:
        if step == "receive":
            received[epoch] += length_ms
            speaker.receive(epoch, length_ms, last=False)
        elif step == "clear":
            assert speaker.clear(epoch).played_ms <= received[epoch]
        else:
            for report in speaker.advance(length_ms):
                assert report.played_ms <= received[report.epoch]
