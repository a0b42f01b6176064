"""The trainee's latest sound, which a new session has to hear if it has heard nothing of it. PURE."""

from collections import deque

from voice.audio_format import BYTES_PER_MS


class RecentSound:
    """Frames of the microphone with the device's count of their first sample, oldest first."""

    def __init__(self) -> None:
        self._frames: deque[tuple[int, bytes]] = deque()
        self._length_bytes = 0

    def add(self, captured_ms: int, pcm: bytes, *, keep_ms: int) -> None:
        """The newest frame; the oldest are forgotten beyond `keep_ms`."""
        self._frames.append((captured_ms, pcm))
        self._length_bytes += len(pcm)
        while self._length_bytes > keep_ms * BYTES_PER_MS:
            self._length_bytes -= len(self._frames.popleft()[1])

    def frames(self) -> list[tuple[int, bytes]]:
        """All that is kept."""
        return list(self._frames)

    def clear(self) -> None:
        """Another device counts anew."""
        self._frames.clear()
        self._length_bytes = 0
