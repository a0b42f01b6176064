"""The two demo scenarios, and a way to play a call against them."""

from dataclasses import dataclass, field
from functools import cache

from lms.demo_files import read_demo_files
from voice.embedded_customer.dialogue.engine import Dialogue
from voice.embedded_customer.dialogue.reply import Reply
from voice.scenario import Scenario


@cache
def scenario(key: str) -> Scenario:
    """A demo scenario by its key."""
    return read_demo_files().simulations[key].script


DANA, PRIYA = "charged_twice", "dress_for_saturday"


@dataclass
class PlayedCall:
    """A call in progress and everything the customer has said in it."""

    dialogue: Dialogue
    replies: list[Reply] = field(default_factory=list)

    @property
    def last(self) -> Reply:
        """The customer's latest reply."""
        return self.replies[-1]

    @property
    def moods(self) -> list[int]:
        """The mood after each reply."""
        return [reply.mood for reply in self.replies]

    def say(self, *lines: str, gap_ms: int = 800, interrupting: bool = False) -> Reply:
        """The trainee says these lines, one turn each."""
        for line in lines:
            self.replies.append(
                self.dialogue.hear(line, spoke_ms=2_000, response_gap_ms=gap_ms, interrupted_customer=interrupting)
            )
        return self.last

    def wait(self, times: int = 1) -> Reply:
        """Nobody says anything until the customer has spoken up so often."""
        for _ in range(times):
            self.replies.append(self.dialogue.silence())
        return self.last


def call(key: str, seed: int = 1) -> PlayedCall:
    """A call that has just been opened by the customer."""
    played = PlayedCall(Dialogue(scenario(key), seed))
    played.replies.append(played.dialogue.open())
    return played
