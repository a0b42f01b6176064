"""The one audio format of a call: PCM, 16 bits little-endian, one channel, 24,000 samples a second. PURE."""

SAMPLE_RATE_HZ = 24_000
BYTES_PER_SAMPLE = 2
BYTES_PER_MS = SAMPLE_RATE_HZ * BYTES_PER_SAMPLE // 1_000
FRAME_MS = 20
FRAME_BYTES = FRAME_MS * BYTES_PER_MS


def duration_ms(pcm_bytes: int) -> int:
    """How many whole milliseconds of sound `pcm_bytes` bytes hold."""
    return pcm_bytes // BYTES_PER_MS


def silence(length_ms: int) -> bytes:
    """`length_ms` milliseconds of digital silence."""
    return bytes(length_ms * BYTES_PER_MS)
