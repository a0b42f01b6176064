"""Who is on the line in one session: a scenario and the dialogue that plays it."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence

from voice.embedded_customer.dialogue.engine import Dialogue
from voice.embedded_customer.dialogue.reply import Reply
from voice.embedded_customer.dialogue.vocabulary import vocabulary_sentences
from voice.embedded_customer.listening import Said
from voice.embedded_customer.speech_messages import Vocabulary
from voice.persona_prompt import improvised_scenario
from voice.realtime_protocol.session_object import Prompt
from voice.scenario import Scenario

ScenarioSource = Callable[[str, str | None], Awaitable[Scenario | None]]
"""Finds the scenario of a `session.prompt` by id and version; None when there is no such scenario."""


class Persona:
    """One customer. The dialogue's state moves with every reply that is taken from it."""

    def __init__(self, scenario: Scenario, *, seed: int, improvised: bool) -> None:
        self.scenario = scenario
        self.improvised = improvised
        self.opened = False
        self._dialogue = Dialogue(scenario, seed)

    @property
    def vocabulary(self) -> Vocabulary:
        """What the recognizer should expect to hear."""
        sentences = tuple(vocabulary_sentences(self.scenario))
        return Vocabulary(hashlib.sha256("\n".join(sentences).encode()).hexdigest()[:32], sentences)

    @property
    def silence_ms(self) -> int | None:
        """After how much silence this customer speaks up by itself; None when only the client decides that."""
        return None if self.improvised else self._dialogue.silence_ms

    @property
    def over(self) -> bool:
        """Whether the customer has hung up."""
        return self._dialogue.ended

    def answer(self, said: Sequence[Said], *, gap_ms: int, interrupted: bool) -> Reply:
        """The reply to what was said, or the opening line when that is still to come.

        `gap_ms` is how long the customer was kept waiting, `interrupted` whether it was cut short.
        """
        if not self.opened:
            return self.speak_up()
        text = " ".join(utterance.text for utterance in said if utterance.text)
        if not text:
            return self._dialogue.hear_nothing()
        spoke_ms = sum(utterance.spoke_ms for utterance in said)
        return self._dialogue.hear(text, spoke_ms=spoke_ms, response_gap_ms=gap_ms, interrupted_customer=interrupted)

    def back_from_hold(self, held_ms: int) -> Reply | None:
        """What the customer says to a hold of so long, if it says anything before the trainee does."""
        return self._dialogue.back_from_hold(held_ms)

    def speak_up(self) -> Reply:
        """What the customer says unasked: the opening line, later that nobody answers."""
        if self.opened:
            return self._dialogue.silence()
        self.opened = True
        return self._dialogue.open()


def improvised(instructions: str, seed: int) -> Persona:
    """A customer made up from a prompt that was written for a model."""
    return Persona(improvised_scenario(instructions), seed=seed, improvised=True)


def prompted(scenario: Scenario, prompt: Prompt, seed: int) -> Persona:
    """The customer of a stored scenario. A number in the prompt's variable `seed` makes the call repeatable."""
    given = (prompt.variables or {}).get("seed", "")
    chosen = int(given) if given.removeprefix("-").isdecimal() and len(given) <= 20 else seed
    return Persona(scenario, seed=chosen, improvised=False)
