"""Three clocks and how they are told apart: the call's, the device's, the upstream's. PURE.

The call's clock counts milliseconds since the call was answered. The device counts the samples that its microphone
captured, the upstream counts the samples that were appended to it. Neither knows of the other's gaps.
"""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from voice.audio_format import BYTES_PER_MS


class Moment(NamedTuple):
    """One instant on two clocks: the runner's (`now_ms`, for deadlines) and the call's (`call_ms`)."""

    now_ms: int
    call_ms: int


class CaptureClock:
    """Turns the device's capture count into call time.

    The offset between both is the smallest delay seen, because a frame can be late but never early. It stays put while
    it is about right: each change would tear the recording.
    """

    EARLY_MS = 20
    LATE_MS = 100
    WINDOW_MS = 2_000

    def __init__(self) -> None:
        self._offset_ms: int | None = None
        self._window_began_ms = 0
        self._window_smallest_ms = 0

    def reset(self) -> None:
        """Forgets the offset: a device came back and may count from 0 again."""
        self._offset_ms = None

    def observe(self, captured_end_ms: int, call_ms: int, *, settled: bool = True) -> int:
        """A frame whose last sample is number `captured_end_ms` arrived at `call_ms`; by how much the offset moved.

        Until the clock has `settled` nothing depends on it, so that it follows every earlier frame.
        """
        seen_ms = call_ms - captured_end_ms
        known_ms = self._offset_ms
        if known_ms is None:
            self._anchor(seen_ms, call_ms)
            return 0
        if seen_ms < known_ms - (self.EARLY_MS if settled else 0):
            self._anchor(seen_ms, call_ms)
            return seen_ms - known_ms
        self._window_smallest_ms = min(self._window_smallest_ms, seen_ms)
        if call_ms - self._window_began_ms < self.WINDOW_MS:
            return 0
        late = self._window_smallest_ms - known_ms > self.LATE_MS
        offset_ms = self._window_smallest_ms if late else known_ms
        self._anchor(offset_ms, call_ms)
        self._window_smallest_ms = seen_ms
        return offset_ms - known_ms

    def call_ms(self, captured_ms: int) -> int | None:
        """When this sample was captured, or None before the first frame."""
        return None if self._offset_ms is None else captured_ms + self._offset_ms

    def _anchor(self, offset_ms: int, call_ms: int) -> None:
        self._offset_ms = offset_ms
        self._window_began_ms = call_ms
        self._window_smallest_ms = offset_ms


class AppendedLedger:
    """Which piece of the audio appended to the upstream was spoken when.

    Offsets that the upstream reports count appended audio: a gap, a mute or a hold shifts them. The ledger holds one
    segment per stretch without a gap.
    """

    JOIN_MS = 2

    def __init__(self) -> None:
        self._appended_bytes = 0
        self._begins_bytes: list[int] = []
        self._begins_call_ms: list[int] = []
        self._provisional_from = 0
        self._joins = False

    @property
    def until_ms(self) -> int:
        """The call time up to which audio was appended."""
        return self._map(len(self._begins_bytes) - 1, self._appended_bytes) if self._begins_bytes else 0

    def append(self, length_bytes: int, call_ms: int) -> None:
        """Audio of this length, which began at `call_ms`, goes upstream."""
        if not self._joins or abs(call_ms - self.until_ms) > self.JOIN_MS:
            self._begins_bytes.append(self._appended_bytes)
            self._begins_call_ms.append(call_ms)
            self._joins = True
        self._appended_bytes += length_bytes

    def mark(self) -> None:
        """The times of what follows are not quite sure yet."""
        self._provisional_from = len(self._begins_bytes)
        self._joins = False

    def correct(self, by_ms: int) -> None:
        """Everything since the mark was so much later than was thought."""
        for segment in range(self._provisional_from, len(self._begins_call_ms)):
            self._begins_call_ms[segment] += by_ms

    def began_ms(self, appended_ms: int) -> int:
        """The call time of something that begins at this offset."""
        return self._lookup(appended_ms, bisect_right(self._begins_bytes, appended_ms * BYTES_PER_MS) - 1)

    def ended_ms(self, appended_ms: int) -> int:
        """The call time of something that ends at this offset: before a gap that follows, not after it."""
        return self._lookup(appended_ms, bisect_left(self._begins_bytes, appended_ms * BYTES_PER_MS) - 1)

    def _lookup(self, appended_ms: int, segment: int) -> int:
        if not self._begins_bytes:
            return appended_ms
        return self._map(max(segment, 0), min(appended_ms * BYTES_PER_MS, self._appended_bytes))

    def _map(self, segment: int, offset_bytes: int) -> int:
        return self._begins_call_ms[segment] + (offset_bytes - self._begins_bytes[segment]) // BYTES_PER_MS
