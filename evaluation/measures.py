"""What the clock says about a call, counted and never judged. PURE.

Definitions and bands are `reference/product.md` 3.4; the bands are for showing, a rubric brings its own for scoring.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from evaluation.conversation import Conversation, Turn

Band = Literal["ok", "warn", "bad", "info"]
Unit = Literal["percent", "wpm", "ms", "count", "per_minute"]

DEAD_AIR_MS = 5_000
OVERLAP_MS = 600
BACKCHANNEL_WORDS = 2
BACKCHANNEL_MS = 1_000
MINIMUM_SPEECH_MS = 3_000
CUSTOMER_BREAK_MS = 500


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of the report; `value` is None when the call holds too little to measure it."""

    key: str
    title: str
    value: float | None
    unit: Unit
    band: Band
    note: str


def _spoken(turns: Sequence[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn.end_ms > turn.start_ms and not turn.typed]


def _only_typed(conversation: Conversation) -> bool:
    """Whether the trainee answered in writing alone: then the clock says nothing about how they speak."""
    return any(turn.typed for turn in conversation.trainee_turns) and not _sides(conversation)[0]


def _speech_ms(turns: Sequence[Turn]) -> int:
    return sum(turn.end_ms - turn.start_ms for turn in turns)


def _sides(conversation: Conversation) -> tuple[list[Turn], list[Turn]]:
    spoken = _spoken(conversation.turns)
    return [t for t in spoken if t.by_trainee], [t for t in spoken if not t.by_trainee]


def talk_ratio(conversation: Conversation) -> float | None:
    """The trainee's share of all speech, in percent; the customer's speech counts as far as it was heard.

    None for a trainee who typed and never spoke.
    """
    if _only_typed(conversation):
        return None
    trainee, customer = _sides(conversation)
    total = _speech_ms(trainee) + _speech_ms(customer)
    return 100 * _speech_ms(trainee) / total if total >= MINIMUM_SPEECH_MS else None


def pace(conversation: Conversation) -> float | None:
    """The trainee's words per minute of own speech, where it has words."""
    trainee = [turn for turn in _sides(conversation)[0] if not turn.not_transcribed]
    speech_ms = _speech_ms(trainee)
    words = sum(len(turn.text.split()) for turn in trainee)
    return words * 60_000 / speech_ms if speech_ms >= MINIMUM_SPEECH_MS else None


def longest_monologue(conversation: Conversation) -> float | None:
    """The trainee's longest stretch, in ms, without half a second of the customer in it."""
    trainee, customer = _sides(conversation)
    if not trainee:
        return None
    breaks = [turn for turn in customer if turn.end_ms - turn.start_ms > CUSTOMER_BREAK_MS]
    longest, begin, end = 0, trainee[0].start_ms, trainee[0].end_ms
    for turn in trainee[1:]:
        if any(end <= pause.start_ms < turn.start_ms for pause in breaks):
            begin = turn.start_ms
        end = max(end, turn.end_ms)
        longest = max(longest, end - begin)
    return float(max(longest, trainee[0].end_ms - trainee[0].start_ms))


def interruption_turns(conversation: Conversation) -> list[Turn]:
    """The trainee's turns that began while the customer was speaking and were more than a mm-hm."""
    trainee, customer = _sides(conversation)
    found = []
    for turn in trainee:
        short = len(turn.text.split()) <= BACKCHANNEL_WORDS and turn.end_ms - turn.start_ms < BACKCHANNEL_MS
        if short:
            continue
        for other in customer:
            overlap_ms = min(turn.end_ms, other.end_ms) - turn.start_ms
            cut_in = other.start_ms < turn.start_ms and (overlap_ms >= OVERLAP_MS or (other.cut_off and overlap_ms > 0))
            if cut_in:
                found.append(turn)
                break
    return found


def interruptions(conversation: Conversation) -> float | None:
    """How often the trainee cut in; None without any speech of the trainee."""
    return float(len(interruption_turns(conversation))) if _sides(conversation)[0] else None


def response_gap(conversation: Conversation) -> float | None:
    """The median time, in ms, from the customer's last sound to the trainee's answer, without the gaps in it."""
    spoken = sorted(_spoken(conversation.turns), key=lambda turn: turn.start_ms)
    gaps = [
        conversation.outside_gaps_ms(before.end_ms, after.start_ms)
        for before, after in pairwise(spoken)
        if not before.by_trainee and after.by_trainee and not before.network_gap and after.start_ms >= before.end_ms
    ]
    return float(median(gaps)) if gaps else None


def dead_air(conversation: Conversation) -> float | None:
    """The total, in ms, of silences of both over five seconds that ended with the trainee's turn or with nobody's.

    A wait for the customer is the model's time and not the trainee's. None for a trainee who typed and never spoke:
    writing takes its time.
    """
    if _only_typed(conversation):
        return None
    spoken = sorted(_spoken(conversation.turns), key=lambda turn: turn.start_ms)
    if not spoken:
        return None
    total, end_ms, last_by_trainee, gap_excused = 0, spoken[0].end_ms, spoken[0].by_trainee, spoken[0].network_gap
    for turn in spoken[1:]:
        silence_ms = conversation.outside_gaps_ms(end_ms, turn.start_ms)
        if silence_ms > DEAD_AIR_MS and not last_by_trainee and not gap_excused:
            total += silence_ms
        if turn.end_ms >= end_ms:
            end_ms, last_by_trainee = turn.end_ms, turn.by_trainee
        gap_excused = turn.network_gap
    return float(total)


VALUES: dict[str, Callable[[Conversation], float | None]] = {
    "talk_ratio": talk_ratio,
    "pace": pace,
    "longest_monologue": longest_monologue,
    "interruptions": interruptions,
    "response_gap": response_gap,
    "dead_air": dead_air,
}

_SHOWN: tuple[tuple[str, str, Unit, tuple[float, float], tuple[float, float], str], ...] = (
    ("talk_ratio", "Talk share", "percent", (35, 60), (30, 65), "Your share of the talking; 35 to 60 % is usual."),
    ("pace", "Pace", "wpm", (110, 170), (90, 190), "Words per minute while you speak."),
    ("longest_monologue", "Longest monologue", "ms", (0, 45_000), (0, 60_000), "Without the customer in between."),
    ("interruptions", "Interruptions", "count", (0, 2), (0, 4), "How often you cut in while the customer spoke."),
    ("response_gap", "Response time", "ms", (0, 2_500), (0, 4_000), "Median, from the customer's last word to yours."),
    ("dead_air", "Dead air", "ms", (0, 10_000), (0, 20_000), "Silences over five seconds before you answered."),
)


def band_of(value: float | None, ok: tuple[float, float], warn: tuple[float, float]) -> Band:
    """Where a value lies: inside `ok`, inside `warn`, outside both, or not measured (`info`)."""
    if value is None:
        return "info"
    if ok[0] <= value <= ok[1]:
        return "ok"
    return "warn" if warn[0] <= value <= warn[1] else "bad"


def measures_of(conversation: Conversation) -> list[Measure]:
    """All measures of the report, in the order in which they are shown."""
    shown = []
    for key, title, unit, ok, warn, note in _SHOWN:
        value = VALUES[key](conversation)
        shown.append(
            Measure(key, title, value if value is None else round(value, 1), unit, band_of(value, ok, warn), note)
        )
    return shown
