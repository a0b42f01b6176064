"""A scenario: who calls, about what, and how the call may go. PURE.

The JSON form of this model is what `simulation_scenarios.script` holds and what the demo content's YAML says. The
embedded customer plays it, the recognizer's language model is built from it, OpenAI gets it as instructions, and the
judge reads the facts in it.
"""

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Line = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Customer(_Strict):
    """The persona as it sounds."""

    name: Line
    voice: Literal["female", "male"] = "female"
    pace_wpm: int = Field(default=165, ge=90, le=260)


class Fact(_Strict):
    """Something the customer knows. A hidden fact is said only when asked for."""

    key: Key
    label: Line
    """What the trainee's screen calls it, for example `Account number`."""
    value: Line
    asked_by: tuple[Line, ...] = ()
    """Phrases or single words in a question that ask for it, for example `account number`."""
    say: Line
    """The customer's answer to that question."""
    say_again: Line | None = None
    """The answer from the second time on, where `say` only fits once."""
    hidden: bool = True
    identifies: bool = False
    """Asking for this fact counts as verifying who is calling."""


class Objection(_Strict):
    """A doubt that the customer raises before agreeing, and what overcomes it."""

    say: Line
    overcome_by: tuple[Line, ...]
    """Phrases or single words in the trainee's answer that meet the doubt."""
    satisfied: Line


class WrongSolution(_Strict):
    """What does not help this customer, and what they say to it."""

    offered_by: tuple[Line, ...] = Field(min_length=1)
    say: Line


class Resolution(_Strict):
    """What settles the customer's issue."""

    offered_by: tuple[Line, ...]
    """Phrases or single words with which the trainee offers the right solution."""
    agree: Line
    goodbye: Line


class Mood(_Strict):
    """How the customer feels, 0 (furious) to 100 (delighted), and what moves it."""

    start: int = Field(default=35, ge=0, le=100)
    hang_up_below: int = Field(default=10, ge=0, le=100)
    accepts_from: int = Field(default=25, ge=0, le=100)
    """Below this the customer is too upset to accept any solution: the feeling wants an answer first."""
    angry_goodbye: Line


class Patience(_Strict):
    """What the customer does while nobody answers."""

    silence_ms: int = Field(default=7_000, ge=2_000, le=60_000)
    prompts: tuple[Line, ...] = Field(min_length=1, max_length=6)
    """Said one after the other at each silence."""
    give_up: Line
    """Said before hanging up, after the last prompt went unanswered."""


class Scenario(_Strict):
    """One customer with one reason to call."""

    title: Line
    language: Literal["en"] = "en"
    customer: Customer
    persona: Line | None = None
    """Who the customer is and how they talk, for a model that plays them."""
    company: Line | None = None
    """Whom the customer believes to have called."""
    issue: Line = "my problem"
    """The matter in a few words that fit after `about`, for example `that double charge`."""
    opening: Line
    """The first thing the customer says."""
    restatements: tuple[Line, ...] = Field(min_length=1)
    """The issue again in other words, for when the trainee asks what is wrong."""
    topics: tuple[Line, ...] = ()
    """Words and phrases of this subject that a trainee is likely to say; they feed the recognizer."""
    facts: tuple[Fact, ...] = ()
    objections: tuple[Objection, ...] = ()
    wrong_solutions: tuple[WrongSolution, ...] = ()
    resolution: Resolution
    mood: Mood
    patience: Patience

    @model_validator(mode="after")
    def _keeps_its_secrets(self) -> Self:
        keys = [fact.key for fact in self.facts]
        if len(set(keys)) != len(keys):
            raise ValueError("two facts have the same key")
        for fact in self.facts:
            if fact.hidden and any(_mentions(line, fact.value) for line in self._lines_said_unasked(fact)):
                raise ValueError(f"the hidden fact {fact.key!r} is told without being asked for")
        return self

    def _lines_said_unasked(self, fact: Fact) -> tuple[str, ...]:
        """Every line that the customer may say before this fact was asked for."""
        return (
            self.opening,
            self.issue,
            *self.restatements,
            *(line for other in self.facts if other is not fact for line in (other.say, other.say_again or "")),
            *(line for objection in self.objections for line in (objection.say, objection.satisfied)),
            *(wrong.say for wrong in self.wrong_solutions),
            self.resolution.agree,
            self.resolution.goodbye,
            self.mood.angry_goodbye,
            *self.patience.prompts,
            self.patience.give_up,
        )


def _mentions(line: str, value: str) -> bool:
    words, wanted = (" ".join(re.findall(r"\w+", text.casefold())) for text in (line, value))
    return bool(wanted) and f" {wanted} " in f" {words} "
