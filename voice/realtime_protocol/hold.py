"""What the customer is told about being on hold: messages of role `system`, which any model understands. PURE.

A model that is told nothing hears a silence and asks into it whether anybody is there.
"""

import re

BEGAN = "The agent has put you on hold: you hear music, and nobody hears you. Say nothing until you are told to."
_ENDED = "You are no longer on hold; it lasted {} seconds. Let the agent speak first."
_READ_ENDED = re.compile(re.escape(_ENDED).replace(r"\{\}", r"(\d{1,6}(?:\.\d)?)"))


def ended(held_ms: int) -> str:
    """The hold is over after `held_ms` milliseconds."""
    return _ENDED.format(f"{held_ms / 1_000:.1f}")


def began(text: str) -> bool:
    """Whether this message says that a hold has begun."""
    return text == BEGAN


def held_ms(text: str) -> int | None:
    """How long the hold was that this message ends, to a tenth of a second; None for another message."""
    found = _READ_ENDED.fullmatch(text)
    return round(float(found.group(1)) * 1_000) if found else None
