"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class FixedClock:
    """A `core.clock.Clock` whose both times move together, and only by `advance`."""

    def __init__(self, now: datetime = datetime(2026, 11, 24, 9, 0, tzinfo=UTC), monotonic_ms: int = 1_000_000) -> None:
        self._now = now
        self._monotonic_ms = monotonic_ms

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return self._now

    def monotonic_ms(self) -> int:
        """Milliseconds from an arbitrary beginning."""
        return self._monotonic_ms

    def advance(self, by_ms: int) -> None:
        """Lets `by_ms` milliseconds pass."""
        self._now += timedelta(milliseconds=by_ms)
        self._monotonic_ms += by_ms
