"""Whatever happens in a call, in any order."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.pure.dialogue.scenarios import DANA, PRIYA, scenario
from tests.pure.dialogue.test_stories import GOOD, RECOGNISED
from voice.embedded_customer.dialogue.engine import Dialogue
from voice.embedded_customer.dialogue.reply import Reply
from voice.scenario import Fact
from voice.speech_acts.normalise import words_of

_LINES = (
    *(line for lines in (GOOD, RECOGNISED) for key in (DANA, PRIYA) for line in lines[key]),
    "You are an idiot",
    "it is only a few dollars",
    "please hold on",
    "thank you for holding",
    "goodbye",
    "bye",
    "what",
    "okay",
    "I can not refund that",
    "I will transfer you to my supervisor",
    "it takes five business days",
)


def _tells(text: str, fact: Fact) -> bool:
    said, value = (f" {' '.join(words_of(words))} " for words in (text, fact.value))
    return value in said


class AnyCall(RuleBasedStateMachine):
    """Random events against a demo scenario."""

    @initialize(key=st.sampled_from([DANA, PRIYA]), seed=st.integers(0, 2**63 - 1))
    def ring(self, key: str, seed: int) -> None:
        self.scenario = scenario(key)
        self.dialogue = Dialogue(self.scenario, seed)
        self.ending: Reply | None = None
        self.asked: set[str] = set()
        self.last_text = ""
        self._take(self.dialogue.open())

    @rule(
        text=st.one_of(st.sampled_from(_LINES), st.text(max_size=40), st.lists(st.sampled_from(_LINES)).map(" ".join)),
        spoke_ms=st.integers(0, 60_000),
        gap_ms=st.integers(0, 100_000),
        interrupted=st.booleans(),
    )
    def hear(self, text: str, spoke_ms: int, gap_ms: int, interrupted: bool) -> None:
        words = f" {' '.join(words_of(text))} "
        self.asked |= {fact.key for fact in self.scenario.facts if self._could_ask_for(fact, words)}
        self._take(
            self.dialogue.hear(text, spoke_ms=spoke_ms, response_gap_ms=gap_ms, interrupted_customer=interrupted)
        )

    @rule()
    def hear_nothing(self) -> None:
        self._take(self.dialogue.hear_nothing())

    @rule()
    def silence(self) -> None:
        self._take(self.dialogue.silence())

    @invariant()
    def the_mood_stays_in_bounds(self) -> None:
        if hasattr(self, "dialogue"):
            assert 0 <= self.dialogue.mood <= 100
            assert 2_000 <= self.dialogue.silence_ms <= 120_000

    def _could_ask_for(self, fact: Fact, words: str) -> bool:
        """Whether any key word of the fact occurs at all: the least that asking for it takes."""
        phrases = (*fact.asked_by, fact.label, fact.key.replace("_", " "))
        return any(word[:4] in words for phrase in phrases for word in words_of(phrase) if len(word) > 2)

    def _take(self, reply: Reply) -> None:
        assert reply.hang_up == (reply.reason is not None)
        if self.ending is not None:
            assert (reply.text, reply.reason) == ("", self.ending.reason)
            return
        assert reply.text
        assert "{" not in reply.text
        assert words_of(reply.text) != words_of(self.last_text)
        self.last_text = reply.text
        for fact in self.scenario.facts:
            assert not fact.hidden or fact.key in self.asked or not _tells(reply.text, fact), (fact.key, reply.text)
        if reply.hang_up:
            self.ending = reply
            assert self.dialogue.ended


TestAnyCall = AnyCall.TestCase
TestAnyCall.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
