"""What one call is held to. PURE."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallRules:
    """The limits of one call, and what its upstream does by itself."""

    max_ms: int = 600_000
    answer_timeout_ms: int = 15_000
    resume_window_ms: int = 60_000
    customer_window_ms: int = 30_000
    """So long the customer is dialled again when its line drops."""
    idle_ms: int = 120_000
    practice: bool = True
    upstream_interrupts: bool = True
    """The upstream stops its own reply when it hears the trainee."""
    spoken: bool = True
    """Not spoken: both sides write, and no device is expected to send sound."""
