"""Token buckets: how often somebody may do something. Pure: the time is an argument, the memory bounded."""

from collections import OrderedDict
from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    credit_ms: int  # a token is worth `refill_ms`
    filled_at_ms: int


class RateLimit:
    """At most `burst` at once, and one more every `refill_ms`, for each key.

    Remembers at most `max_keys` keys. When there are more, the ones unused for longest are forgotten, which are the
    fullest ones.
    """

    def __init__(self, *, burst: int, refill_ms: int, max_keys: int = 10_000) -> None:
        if burst < 1 or refill_ms < 1 or max_keys < 1:
            raise ValueError("A rate limit needs a burst, a refill time and room for keys, all of at least 1.")
        self._full_ms = burst * refill_ms
        self._refill_ms = refill_ms
        self._max_keys = max_keys
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: str, now_ms: int) -> int:
        """Takes one token and returns 0, or returns the milliseconds until there is one again."""
        bucket = self._filled(key, now_ms)
        if bucket.credit_ms < self._refill_ms:
            return self._refill_ms - bucket.credit_ms
        bucket.credit_ms -= self._refill_ms
        return 0

    def give_back(self, key: str) -> None:
        """Returns a token that turned out not to count."""
        if (bucket := self._buckets.get(key)) is not None:
            bucket.credit_ms = min(self._full_ms, bucket.credit_ms + self._refill_ms)

    def _filled(self, key: str, now_ms: int) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(self._full_ms, now_ms)
            if len(self._buckets) > self._max_keys:
                self._buckets.popitem(last=False)
            return bucket
        self._buckets.move_to_end(key)
        gained_ms = max(0, now_ms - bucket.filled_at_ms)
        bucket.credit_ms = min(self._full_ms, bucket.credit_ms + gained_ms)
        bucket.filled_at_ms = max(now_ms, bucket.filled_at_ms)
        return bucket
