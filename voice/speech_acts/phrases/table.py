"""The shape of a phrase table. PURE."""

from dataclasses import dataclass

from voice.speech_acts.acts import SpeechAct


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns that show one act, with its detail where it has one."""

    act: SpeechAct
    patterns: tuple[str, ...]
    detail: str = ""
    negatable: bool = False
    """A `not` just before the phrase takes the act away."""


def lines(text: str) -> tuple[str, ...]:
    """The patterns of a table written one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def framed(frames: tuple[str, ...], words: str) -> tuple[str, ...]:
    """Each frame with the words in place of its `{}`."""
    return tuple(frame.replace("{}", words) for frame in frames)
