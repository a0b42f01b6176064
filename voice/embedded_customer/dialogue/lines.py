"""Choosing the customer's next words: by mood, seeded, and never the same line twice in a row. PURE."""

import random
from collections.abc import Sequence

from voice.embedded_customer.dialogue.mood import band
from voice.embedded_customer.dialogue.wording import WORDINGS
from voice.speech_acts.normalise import words_of


class Lines:
    """Picks and joins lines for one dialogue. The same seed and the same order of calls give the same words."""

    def __init__(self, issue: str, seed: int) -> None:
        self._issue = issue
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
        self._last_pick: dict[str, str] = {}
        self._last_words: tuple[str, ...] = ()

    def say(self, situation: str, mood: int, *, thing: str = "") -> str:
        """One of the wordings of a situation, other than the one used for it last. May be empty for interjections."""
        line = self.pick(situation, WORDINGS[situation][band(mood)])
        return line.replace("{issue}", self._issue).replace("{thing}", thing)

    def pick(self, situation: str, options: Sequence[str]) -> str:
        """One of the options, other than the one picked last in this situation if there is another."""
        fresh = [option for option in options if option != self._last_pick.get(situation)] or list(options)
        line = self._random.choice(fresh)
        self._last_pick[situation] = line
        return line

    def uttered(self, *parts: str) -> str:
        """The parts as one line, changed if it is word for word the customer's last one; remembers it."""
        text = " ".join(part for part in parts if part)
        if words_of(text) == self._last_words:
            text = f"{self.pick('insists', WORDINGS['insists']['neutral'])} {text}"
        self._last_words = words_of(text)
        return text
