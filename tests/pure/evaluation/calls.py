"""Conversations for the evaluation's tests, timed as people speak."""

from collections.abc import Sequence
from typing import Any

from evaluation.conversation import Conversation, IdentifyingFact, Turn

WORD_MS = 350
PAUSE_MS = 600

GOOD_CALL = (
    ("ai", "Hello? I have been charged twice for my internet and I want my money back."),
    ("user", "Good morning, you are speaking with Sam from Northwind. I am so sorry, that must be frustrating."),
    ("ai", "Well yes, it is."),
    ("user", "I will take care of this for you. May I have your account number and your date of birth please?"),
    ("ai", "It is four four one nine, third of May nineteen eighty."),
    ("user", "Thank you. How can I help you, what happened exactly?"),
    ("ai", "I was charged forty nine dollars twice."),
    ("user", "So you were charged twice for the same month. It looks like the payment was processed twice by mistake."),
    ("ai", "And what now?"),
    ("user", "I have refunded the second charge and it will be on your card within three days."),
    ("ai", "Okay, that works."),
    ("user", "So to sum up, I refunded forty nine dollars today. Is there anything else I can help you with?"),
    ("ai", "No, that is all. Thanks."),
    ("user", "Thank you for calling and have a nice day. Goodbye."),
)
VERIFICATION_TURNS = (3, 4)


def without_verification() -> list[tuple[str, str]]:
    """The good call, as polite as it is, of somebody who never asked who was calling."""
    return [line for index, line in enumerate(GOOD_CALL) if index not in VERIFICATION_TURNS]


def conversation(lines: Sequence[tuple[str, str]], **changes: Any) -> Conversation:
    """The lines as turns t0, t1, … one after the other; `changes` go to the Conversation."""
    turns, at_ms = [], 0
    for index, (speaker, text) in enumerate(lines):
        length_ms = len(text.split()) * WORD_MS
        turns.append(Turn(f"t{index}", index + 1, "ai" if speaker == "ai" else "user", text, at_ms, at_ms + length_ms))
        at_ms += length_ms + PAUSE_MS
    fields: dict[str, Any] = {
        "turns": turns,
        "duration_ms": at_ms,
        "end_reason": "customer_hung_up",
        "outcome": "resolved",
        "identifying_facts": (IdentifyingFact("account_number", ("account number",)),),
    }
    return Conversation(**{**fields, **changes})
