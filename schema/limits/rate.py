"""The rate limit: a bucket of cost points per principal, in this process, that refills with time."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MAX_PRINCIPALS = 10_000


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How much a principal may spend at once, and how fast it comes back."""

    capacity: int = 1_000_000
    restored_per_second: int = 100_000


@dataclass(slots=True)
class _Bucket:
    available: float
    as_of: float


class Throttled(Exception):
    """The principal has spent its points; some come back after `retry_after` seconds."""

    def __init__(self, retry_after: int, available: int) -> None:
        super().__init__(f"Too much was asked for in a short time. Try again in {retry_after} s.")
        self.retry_after, self.available = retry_after, available


class Throttle:
    """The buckets of every principal seen lately."""

    def __init__(self, limit: RateLimit, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, principal: str, points: int) -> int:
        """Take the points and answer what is left; refuse, taking nothing, when there are too few."""
        bucket = self._refilled(principal)
        if bucket.available < points:
            wait = (points - bucket.available) / self.limit.restored_per_second
            raise Throttled(max(1, math.ceil(wait)), int(bucket.available))
        bucket.available -= points
        return int(bucket.available)

    def _refilled(self, principal: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(principal, _Bucket(self.limit.capacity, now))
        restored = (now - bucket.as_of) * self.limit.restored_per_second
        bucket.available = min(self.limit.capacity, bucket.available + restored)
        bucket.as_of = now
        self._forget_the_idle(principal)
        return bucket

    def _forget_the_idle(self, principal: str) -> None:
        self._buckets.move_to_end(principal)
        if len(self._buckets) > MAX_PRINCIPALS:
            self._buckets.popitem(last=False)
