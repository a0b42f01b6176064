"""What the customer answers. PURE."""

from dataclasses import dataclass
from typing import Literal

EndReason = Literal["resolved", "angry", "gave_up", "ended_by_trainee"]


@dataclass(frozen=True, slots=True)
class Reply:
    """One line of the customer.

    `mood` is 0 (furious) to 100 (delighted) after what was heard. With `hang_up` it is the last line, and `reason` says
    why; once the customer has hung up, further replies have no text.
    """

    text: str
    mood: int
    hang_up: bool = False
    reason: EndReason | None = None
