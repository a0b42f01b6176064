"""What a trainee can do with words, and where in the text they did it. PURE."""

from dataclasses import dataclass
from enum import StrEnum


class SpeechAct(StrEnum):
    """One thing done by speaking. The values are stable: reports and rubrics store them."""

    GREETING = "greeting"
    INTRODUCES_SELF = "introduces_self"
    NAMES_COMPANY = "names_company"
    ANNOUNCES_RECORDING = "announces_recording"
    OFFERS_HELP = "offers_help"

    ACKNOWLEDGES_FEELING = "acknowledges_feeling"
    APOLOGISES = "apologises"
    TAKES_OWNERSHIP = "takes_ownership"
    REASSURES = "reassures"

    ASKS_VERIFICATION = "asks_verification"
    """Detail: what was asked for, for example `account_number`."""
    CONFIRMS_VERIFIED = "confirms_verified"
    ASKS_OPEN_QUESTION = "asks_open_question"
    ASKS_CLOSED_QUESTION = "asks_closed_question"
    ASKS_TO_REPEAT = "asks_to_repeat"
    PARAPHRASES = "paraphrases"
    CONFIRMS_UNDERSTANDING = "confirms_understanding"
    CHECKS_RECORDS = "checks_records"

    EXPLAINS = "explains"
    OFFERS_SOLUTION = "offers_solution"
    """Detail: which one, for example `refund`."""
    PROMISES_TIME = "promises_time"
    REFUSES = "refuses"
    TRANSFERS = "transfers"
    ASKS_TO_HOLD = "asks_to_hold"
    RETURNS_FROM_HOLD = "returns_from_hold"

    THANKS = "thanks"
    RECAPS = "recaps"
    OFFERS_MORE_HELP = "offers_more_help"
    CLOSES = "closes"

    RUDE = "rude"
    """Detail: `insult`, `dismissive`, `blame`, `command` or `swearing`."""
    MINIMISES = "minimises"
    BACKCHANNEL = "backchannel"
    """Nothing but a sign of listening, for example `okay` or `I see`."""


@dataclass(frozen=True, slots=True)
class Found:
    """One speech act in a text: `text[start:end]` is its evidence, in characters of the original text."""

    act: SpeechAct
    detail: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text with the acts found in it, in the order in which they were said."""

    text: str
    words: tuple[str, ...]
    """The normalised, repaired words, as the phrase tables see them."""
    found: tuple[Found, ...]

    @property
    def acts(self) -> frozenset[SpeechAct]:
        """The acts, without where they were found."""
        return frozenset(found.act for found in self.found)

    def has(self, *acts: SpeechAct) -> bool:
        """Whether any of these acts is in the text."""
        return any(found.act in acts for found in self.found)

    def details(self, act: SpeechAct) -> tuple[str, ...]:
        """The distinct details of an act, in the order in which they were said."""
        return tuple(dict.fromkeys(found.detail for found in self.found if found.act is act and found.detail))

    def evidence(self, act: SpeechAct) -> tuple[str, ...]:
        """The exact pieces of the text in which the act was found."""
        return tuple(self.text[found.start : found.end] for found in self.found if found.act is act)
