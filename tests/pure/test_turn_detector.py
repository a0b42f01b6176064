"""The rules that turn chances of voice into utterances."""

from hypothesis import given
from hypothesis import strategies as st

from voice.embedded_customer.speech_messages import EarSettings, SpeechBegan, SpeechEnded, SpeechEvent
from voice.embedded_customer.turn_detector import CHUNK_MS, TurnRules

SETTINGS = EarSettings(threshold=0.5, prefix_padding_ms=300, silence_duration_ms=500)
chances = st.lists(st.floats(0, 1), max_size=400)
settings = st.builds(
    EarSettings,
    threshold=st.floats(0.1, 0.95),
    prefix_padding_ms=st.integers(0, 1_000),
    silence_duration_ms=st.integers(32, 2_000),
)


def heard(rules: TurnRules, sound: list[float]) -> list[SpeechEvent]:
    return [event for chance in sound if (event := rules.judge(chance)) is not None]


def chunks(length_ms: int, chance: float) -> list[float]:
    return [chance] * (length_ms // CHUNK_MS)


def test_an_utterance_begins_with_its_padding_and_ends_after_the_silence():
    events = heard(TurnRules(SETTINGS), chunks(1_024, 0.02) + chunks(960, 0.97) + chunks(1_024, 0.02))
    assert events == [SpeechBegan(1_024 - 300), SpeechEnded(1_024 + 960 + 512)]


def test_a_click_is_no_utterance():
    assert heard(TurnRules(SETTINGS), [*chunks(640, 0.0), 0.99, 0.99, *chunks(2_048, 0.0)]) == []


def test_a_pause_between_words_does_not_end_the_utterance():
    sound = chunks(640, 0.9) + chunks(320, 0.0) + chunks(640, 0.9) + chunks(640, 0.0)
    assert [type(event) for event in heard(TurnRules(SETTINGS), sound)] == [SpeechBegan, SpeechEnded]


def test_a_voice_just_below_the_threshold_keeps_an_utterance_alive_but_begins_none():
    assert heard(TurnRules(SETTINGS), chunks(3_200, 0.4)) == []
    assert len(heard(TurnRules(SETTINGS), chunks(640, 0.9) + chunks(3_200, 0.4))) == 1


def test_the_padding_never_reaches_into_the_utterance_before():
    rules = TurnRules(EarSettings(prefix_padding_ms=1_000, silence_duration_ms=96))
    events = heard(rules, chunks(320, 0.9) + chunks(96, 0.0) + chunks(320, 0.9))
    assert isinstance(events[1], SpeechEnded)
    assert events[2] == SpeechBegan(events[1].audio_end_ms)


def test_an_utterance_that_the_caller_ends_gives_no_event_and_the_next_one_starts_later():
    rules = TurnRules(SETTINGS)
    heard(rules, chunks(320, 0.9))
    rules.end_now()
    assert not rules.speaking
    assert heard(rules, chunks(320, 0.9)) == [SpeechBegan(320)]


@given(settings, chances)
def test_beginnings_and_ends_alternate_and_never_go_back(detection: EarSettings, sound: list[float]):
    rules = TurnRules(detection)
    last_ms = 0
    speaking = False
    for number, chance in enumerate(sound, start=1):
        event = rules.judge(chance)
        if event is None:
            continue
        at_ms = event.audio_start_ms if isinstance(event, SpeechBegan) else event.audio_end_ms
        assert isinstance(event, SpeechEnded) is speaking
        assert last_ms <= at_ms <= number * CHUNK_MS
        speaking, last_ms = not speaking, at_ms
    assert rules.heard_ms == len(sound) * CHUNK_MS
    assert rules.speaking is speaking


@given(settings, chances)
def test_an_utterance_lasts_at_least_its_closing_silence(detection: EarSettings, sound: list[float]):
    began_ms = 0
    for event in heard(TurnRules(detection), sound):
        if isinstance(event, SpeechBegan):
            began_ms = event.audio_start_ms
        else:
            assert event.audio_end_ms - began_ms >= detection.silence_duration_ms


@given(settings, st.lists(st.floats(0, 0.09), max_size=400))
def test_silence_makes_no_event(detection: EarSettings, sound: list[float]):
    assert heard(TurnRules(detection), sound) == []
