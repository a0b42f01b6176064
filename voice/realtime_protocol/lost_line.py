"""What the customer is told when a new session goes on with an old call: messages of role `system`. PURE.

A model that is told nothing greets once more, and complains once more from the beginning.
"""

_SAME_CALL = "It is the same call; what was said so far is above, as it was heard. Do not greet or begin again."
_BACK = f"The line was interrupted for {{}} s and is back. {_SAME_CALL} If you missed what the agent said, ask."
RENEWED = f"{_SAME_CALL} Wait for the agent to speak."


def back(lost_ms: int) -> str:
    """The line is back after `lost_ms` milliseconds."""
    return _BACK.format(max(1, round(lost_ms / 1_000)))
