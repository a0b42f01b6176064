"""The offline customer: hears words, answers with words. PURE.

The order of a call, complaint, questions, objections, agreement, goodbye, is not scripted: it follows from the rules,
the mood and what the customer remembers. The same scenario, seed and inputs always give the same call.
"""

from voice.embedded_customer.dialogue import mood
from voice.embedded_customer.dialogue.lines import Lines
from voice.embedded_customer.dialogue.memory import Memory
from voice.embedded_customer.dialogue.reply import EndReason, Reply
from voice.embedded_customer.dialogue.rules import RULES, Situation
from voice.embedded_customer.dialogue.understanding import Heard, Understanding
from voice.scenario import Scenario
from voice.speech_acts.acts import SpeechAct
from voice.speech_acts.analysis import analyse

_BACKCHANNEL_MS = 1_000
_KEPT_WAITING_MS = 6_000
_MOST_GARBLED = 4
_HOLD_MS = 45_000
_UNASKED_HOLD_MS = 20_000
_CHECK_SILENCE_FACTOR = 2


class Dialogue:
    """One customer in one call.

    `open` comes first; then, in any order, `hear`, `hear_nothing`, `silence` and `back_from_hold`, one for each thing
    that happens.
    When a reply hangs up the call is over: later calls return that ending again, without text.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self._scenario = scenario
        self._memory = Memory(mood=scenario.mood.start)
        self._lines = Lines(scenario.issue, seed)
        self._understanding = Understanding(scenario)

    @property
    def mood(self) -> int:
        """0 (furious) to 100 (delighted)."""
        return self._memory.mood

    @property
    def silence_ms(self) -> int:
        """After how much silence of both sides `silence` is due; longer while the trainee has asked for time."""
        patience_ms = self._scenario.patience.silence_ms
        if self._memory.waiting == "hold":
            return max(patience_ms, _HOLD_MS)
        return patience_ms * (_CHECK_SILENCE_FACTOR if self._memory.waiting else 1)

    @property
    def ended(self) -> bool:
        """Whether the customer has hung up."""
        return self._memory.ending is not None

    def open(self) -> Reply:
        """The complaint with which the call begins."""
        return self._over() or self._reply(self._scenario.opening)

    def hear(
        self, text: str, *, spoke_ms: int | None = None, response_gap_ms: int, interrupted_customer: bool
    ) -> Reply:
        """Answers an utterance of the trainee.

        `spoke_ms` is how long it took to say (if known), `response_gap_ms` how long the customer waited for it, and
        `interrupted_customer` whether the trainee cut in. Text without any word counts as `hear_nothing`.
        """
        if over := self._over():
            return over
        utterance = analyse(text)
        if not utterance.words:
            return self.hear_nothing()
        heard = self._understanding.of(
            utterance,
            self._memory,
            response_gap_ms=response_gap_ms,
            interrupted=interrupted_customer and not _is_backchannel(utterance.acts, spoke_ms),
        )
        mood.react(self._memory, heard)
        self._memory.silences = self._memory.garbled = 0
        self._memory.last_words = utterance.words
        was_waiting, self._memory.waiting = self._memory.waiting, ""
        situation = Situation(self._scenario, self._memory, self._lines, heard)
        answer = next(answer for rule in RULES if (answer := rule(situation)) is not None)
        if answer.ends:
            return self._reply(answer.text, ends=answer.ends)
        return self._reply(self._interjection(heard, answer.text, was_waiting=bool(was_waiting)), answer.text)

    def hear_nothing(self) -> Reply:
        """Answers speech that could not be recognised. After some in a row the customer gives up."""
        if over := self._over():
            return over
        self._memory.silences = 0
        self._memory.garbled += 1
        mood.change(self._memory, mood.NOT_UNDERSTOOD)
        if self._memory.garbled > _MOST_GARBLED:
            return self._reply(self._lines.say("garbled_for_too_long", self.mood), ends="gave_up")
        return self._reply(self._lines.say("garbled", self.mood))

    def silence(self) -> Reply:
        """Speaks up after `silence_ms` without a word; once all prompts were in vain, hangs up."""
        if over := self._over():
            return over
        self._memory.waiting = ""
        patience = self._scenario.patience
        if self._memory.settled and self._memory.silences:
            return self._reply(self._scenario.resolution.goodbye, ends="resolved")
        if self._memory.silences >= len(patience.prompts):
            mood.change(self._memory, mood.SILENCE)
            return self._reply(patience.give_up, ends="gave_up")
        prompt = patience.prompts[self._memory.silences]
        self._memory.silences += 1
        if not self._memory.settled:
            mood.change(self._memory, mood.SILENCE)
        return self._reply(prompt)

    def back_from_hold(self, held_ms: int) -> Reply | None:
        """The trainee is back after a hold of so long; None when the customer waits for what they say.

        A hold that was asked for may last 45 seconds, one without a word 20. Each time that it lasts so long costs what
        a silence costs; when it is more often than there are prompts, the customer has given up.
        """
        if self._over():
            return None
        times = held_ms // (_HOLD_MS if self._memory.waiting == "hold" else _UNASKED_HOLD_MS)
        self._memory.waiting = ""
        self._memory.silences = 0
        if self._memory.settled or not times:
            return None
        mood.change(self._memory, max(mood.DEEPEST_FALL, times * mood.SILENCE))
        patience = self._scenario.patience
        if times > len(patience.prompts):
            return self._reply(patience.give_up, ends="gave_up")
        if self.mood < self._scenario.mood.hang_up_below:
            return self._reply(self._scenario.mood.angry_goodbye, ends="angry")
        return self._reply(self._lines.say("held_too_long", self.mood))

    def _interjection(self, heard: Heard, answer: str, *, was_waiting: bool) -> str:
        """The few words before the answer that show that the customer noticed how they are treated."""
        if heard.interrupted:
            return self._lines.say("interrupted", self.mood)
        if heard.response_gap_ms > _KEPT_WAITING_MS and not was_waiting:
            return self._lines.say("kept_waiting", self.mood)
        kind = heard.has(SpeechAct.ACKNOWLEDGES_FEELING, SpeechAct.APOLOGISES)
        if kind and heard.facts and self._memory.acknowledgements + self._memory.apologies <= 2:
            return self._lines.say("softened_first", self.mood)
        return ""

    def _reply(self, *parts: str, ends: EndReason | None = None) -> Reply:
        reply = Reply(self._lines.uttered(*parts), self.mood, hang_up=ends is not None, reason=ends)
        if ends:
            self._memory.ending = Reply("", self.mood, hang_up=True, reason=ends)
        return reply

    def _over(self) -> Reply | None:
        return self._memory.ending


def _is_backchannel(acts: frozenset[SpeechAct], spoke_ms: int | None) -> bool:
    return SpeechAct.BACKCHANNEL in acts and (spoke_ms is None or spoke_ms < _BACKCHANNEL_MS)
