"""Who answers in writing: what a customer is told, and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.chat_model import Spent
from voice.call.transcript import Turn
from voice.scenario import Scenario

NOTHING_SPENT = Spent()


@dataclass(frozen=True, slots=True)
class Story:
    """The call so far; its last turn is the trainee's. `instructions` are for a model, and never leave the server."""

    scenario: Scenario
    instructions: str
    seed: int
    turns: Sequence[Turn]


@dataclass(frozen=True, slots=True)
class CustomerReply:
    """The customer's words; `leaves` is why they hang up with them, `mood` is None if it is as before."""

    text: str
    mood: int | None = None
    leaves: str | None = None
    spent: Spent = NOTHING_SPENT


class TypedCustomer(Protocol):
    """Plays the customer of any call; it remembers nothing."""

    @property
    def model(self) -> str:
        """What stands with the call as its model."""

    @property
    def offline(self) -> bool:
        """Whether no model answers."""

    async def answer(self, story: Story) -> CustomerReply:
        """What the customer says now. Raises ChatFailed."""
