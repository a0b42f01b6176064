"""How the customer's mood moves. PURE.

Several things in one turn add up. Good conduct helps most the first time; saying sorry ten times does not make a
customer happy.
"""

from voice.embedded_customer.dialogue.memory import Memory
from voice.embedded_customer.dialogue.understanding import Heard
from voice.speech_acts.acts import SpeechAct

BANDS = ("angry", "neutral", "friendly")

_RISES = {
    SpeechAct.OFFERS_HELP: (2, 0),
    SpeechAct.ACKNOWLEDGES_FEELING: (10, 3),
    SpeechAct.APOLOGISES: (8, 1),
    SpeechAct.TAKES_OWNERSHIP: (6, 2),
    SpeechAct.REASSURES: (4, 1),
    SpeechAct.PARAPHRASES: (5, 1),
    SpeechAct.ASKS_OPEN_QUESTION: (2, 0),
    SpeechAct.RETURNS_FROM_HOLD: (3, 1),
    SpeechAct.EXPLAINS: (2, 0),
    SpeechAct.RECAPS: (3, 0),
}
"""What good conduct adds: the first time, and every time after."""

_FALLS = {
    SpeechAct.MINIMISES: -12,
    SpeechAct.REFUSES: -7,
    SpeechAct.ASKS_TO_HOLD: -2,
    SpeechAct.TRANSFERS: -4,
}
_RUDE = {"insult": -24, "swearing": -24, "dismissive": -18, "blame": -14, "command": -14}

_INTERRUPTED = -7
_ASKED_AGAIN = -6
_REPEATED_ITSELF = -5
_WRONG_SOLUTION = -4
_BARE_REQUEST = -4
_NOTHING_GAINED = -2
RIGHT_SOLUTION = 12
OBJECTION_MET = 8
SILENCE = -8
NOT_UNDERSTOOD = -1

DEEPEST_FALL = -16
"""However bad one turn is: it leaves the trainee a moment to see what they have done."""

_PATIENT_MS = 4_000
_WAITING_MS = 60_000
_LONGEST_FALL_FOR_WAITING = -10


def band(mood: int) -> str:
    """The wording that fits a mood: `angry` below 30, `neutral` below 60, else `friendly`."""
    return BANDS[0] if mood < 30 else BANDS[1] if mood < 60 else BANDS[2]


def change(memory: Memory, delta: int) -> None:
    """Moves the mood, within 0 to 100."""
    memory.mood = min(100, max(0, memory.mood + delta))


def react(memory: Memory, heard: Heard) -> None:
    """Moves the mood by everything in one utterance, and remembers what was acknowledged."""
    rude = sum(_RUDE.get(detail, 0) for detail in heard.utterance.details(SpeechAct.RUDE))
    rises = _rises(memory, heard)
    falls = sum(delta for act, delta in _FALLS.items() if heard.has(act))
    falls += _waiting(memory, heard.response_gap_ms) + _manners(memory, heard)
    change(memory, max(DEEPEST_FALL, (0 if rude else rises) + falls + rude))


def _rises(memory: Memory, heard: Heard) -> int:
    total = 0
    for act, (first, again) in _RISES.items():
        if heard.has(act):
            total += again if act in memory.praised else first
            memory.praised.add(act)
    if heard.has(SpeechAct.ACKNOWLEDGES_FEELING):
        memory.acknowledgements += 1
    if heard.has(SpeechAct.APOLOGISES):
        memory.apologies += 1
    return total


def _manners(memory: Memory, heard: Heard) -> int:
    total = _INTERRUPTED if heard.interrupted else 0
    total += sum(_ASKED_AGAIN for fact in heard.facts if memory.asked[fact.key])
    if heard.repeats_itself:
        total += _REPEATED_ITSELF
    if heard.wrong_solution:
        total += _WRONG_SOLUTION
    if heard.has(SpeechAct.ASKS_VERIFICATION) and not memory.acknowledgements and not memory.apologies:
        total += 0 if "bare" in memory.praised else _BARE_REQUEST
        memory.praised.add("bare")
    if not heard.utterance.found and not heard.facts and not heard.offers_right_solution and not heard.meets_objection:
        total += _NOTHING_GAINED
    return total


def _waiting(memory: Memory, gap_ms: int) -> int:
    patient_ms = _WAITING_MS if memory.waiting else _PATIENT_MS
    return max(_LONGEST_FALL_FOR_WAITING, -2 * (max(0, gap_ms - patient_ms) // 1_000 + (gap_ms > patient_ms)))
