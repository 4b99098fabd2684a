"""Quantiles of round-trip times with a relative error of at most 1 %, in about a hundred bytes an hour.

Values fall into buckets whose bounds grow by 2 % from one to the next (the logarithmic buckets of DDSketch, Masson et
al. 2019), so that a sketch is a handful of counts, two sketches merge by adding counts, and the order of merging does
not matter. A lost probe counts as an infinite time (RFC 2681 §4.1): half of them lost makes the median infinite.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Self

from model.invalid import InvalidValueError

LEAST: Final = 1e-5
"""Seconds; shorter times count as this one."""
MOST: Final = 100.0
"""Seconds; longer times count as the last bucket's."""
GROWTH: Final = 1.02
"""From a bucket's upper bound to the next one's; the error is (GROWTH - 1) / (GROWTH + 1) = 0.99 %."""

_LOG_GROWTH: Final = math.log(GROWTH)
_PER_LOG: Final = 1 / _LOG_GROWTH
_LOG_LEAST: Final = math.log(LEAST)
_LAST: Final = math.ceil((math.log(MOST) - _LOG_LEAST) * _PER_LOG)
_MIDDLE: Final = 2 / (1 + GROWTH)  # from a bucket's upper bound to the value that is equally far from both bounds

_VERSION: Final = 1
_HEAD: Final = 3  # numbers before the buckets
_SEVEN_BITS: Final = 0x7F  # of a byte of LEB128; the eighth says that more follow
_MOST_SHIFT: Final = 63  # bits of the largest count that is read back


def nearest_rank(share: float, n: int) -> int:
    """The place, from 1 to n, of the smallest of n ranked values that at least this share of them do not exceed.

    Args:
        share: From 0 to 1; 0.95 for the 95th percentile.
        n: At least 1.
    """
    # 0.07 * 100 is a little more than 7.
    return max(1, math.ceil(share * n - 1e-9))


class Sketch:
    """A mergeable summary of round-trip times, the lost among them."""

    __slots__ = ("_buckets", "_lost", "_n")

    def __init__(self, buckets: Mapping[int, int] | None = None, lost: int = 0) -> None:
        self._buckets = dict(buckets or {})
        self._lost = lost
        self._n = lost + sum(self._buckets.values())

    @classmethod
    def of(cls, times: Iterable[float]) -> Self:
        """The sketch of these times in seconds, where infinity is a lost probe."""
        sketch = cls()
        for seconds in times:
            sketch.add(seconds)
        return sketch

    @property
    def n(self) -> int:
        """How many probes it holds, the lost included."""
        return self._n

    @property
    def lost(self) -> int:
        """How many of them were lost."""
        return self._lost

    @property
    def buckets(self) -> Mapping[int, int]:
        """How many times fell into each bucket; bucket b ends at ``LEAST * GROWTH ** b`` seconds."""
        return self._buckets

    def add(self, seconds: float) -> None:
        """Count one round-trip time; infinity is a lost probe."""
        self._n += 1
        if seconds == math.inf:
            self._lost += 1
            return
        bucket = 0
        if seconds > LEAST:
            bucket = min(math.ceil((math.log(seconds) - _LOG_LEAST) * _PER_LOG), _LAST)
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1

    def merged(self, other: Self) -> Self:
        """A sketch of what both hold."""
        buckets = dict(self.buckets)
        for bucket, count in other.buckets.items():
            buckets[bucket] = buckets.get(bucket, 0) + count
        return type(self)(buckets, self.lost + other.lost)

    def quantile(self, share: float) -> float | None:
        """The time that this share of the probes did not exceed.

        Args:
            share: From 0 to 1.

        Returns:
            Seconds, within 1 % of the exact value by nearest rank for times from 0.01 ms to 100 s; infinity where it
            falls among the lost, which makes it undefined; ``None`` of an empty sketch.
        """
        if not self._n:
            return None
        left = nearest_rank(share, self._n)
        for bucket in sorted(self._buckets):
            left -= self._buckets[bucket]
            if left <= 0:
                return LEAST * GROWTH**bucket * _MIDDLE
        return math.inf

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sketch) and (self.lost, self.buckets) == (other.lost, other.buckets)

    __hash__ = None  # type: ignore[assignment]  # it grows

    def __repr__(self) -> str:
        return f"Sketch(n={self._n}, lost={self._lost}, p50={self.quantile(0.5)}, p95={self.quantile(0.95)})"

    def to_bytes(self) -> bytes:
        """The sketch in its one form as bytes: equal sketches give equal bytes.

        The version, n, the lost, the first bucket's number, then the counts in the order of the buckets; a zero and a
        number n stand for n empty buckets. All numbers are LEB128.
        """
        numbers = [_VERSION, self._n, self._lost]
        following = -1
        for bucket in sorted(self._buckets):
            if following < 0:
                numbers.append(bucket)
            elif bucket > following:
                numbers += [0, bucket - following]
            numbers.append(self._buckets[bucket])
            following = bucket + 1
        return _encoded(numbers)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """The sketch that ``to_bytes`` wrote.

        Raises:
            InvalidValueError: The bytes are something else.
        """
        version, n, lost, *rest = _decoded(data) or (0, 0, 0)
        buckets = _counts(rest)
        # The n of bytes that were cut is not that of the counts that are left.
        if version != _VERSION or buckets is None or n != lost + sum(buckets.values()):
            raise _broken(data)
        return cls(buckets, lost)


def _counts(numbers: Sequence[int]) -> dict[int, int] | None:
    """The counts by bucket; ``None`` where ``to_bytes`` writes none of the kind."""
    buckets: dict[int, int] = {}
    following = iter(numbers)
    bucket = next(following, 0)
    is_begun = bool(numbers)
    for number in following:
        if number and bucket <= _LAST:
            buckets[bucket] = number
            bucket, is_begun = bucket + 1, False
        elif is_begun or number:
            return None
        else:
            gap = next(following, 0)
            bucket, is_begun = bucket + gap, True
            if not gap:
                return None
    return None if is_begun else buckets


def _encoded(numbers: Iterable[int]) -> bytes:
    data = bytearray()
    for number in numbers:
        rest = number
        while rest > _SEVEN_BITS:
            data.append(rest & _SEVEN_BITS | 0x80)
            rest >>= 7
        data.append(rest)
    return bytes(data)


def _decoded(data: bytes) -> list[int]:
    """The numbers; none where there are fewer than three, or one is not written as ``_encoded`` writes it."""
    numbers: list[int] = []
    number = shift = 0
    for byte in data:
        if byte > _SEVEN_BITS:
            number |= (byte & _SEVEN_BITS) << shift
            shift += 7
        elif not shift:
            numbers.append(byte)
        elif byte and shift < _MOST_SHIFT:
            numbers.append(number | byte << shift)
            number = shift = 0
        else:
            return []
    return [] if shift or len(numbers) < _HEAD else numbers


def _broken(data: bytes) -> InvalidValueError:
    return InvalidValueError(
        f"these {len(data)} bytes are not a sketch of round-trip times", "restore the history from a backup"
    )
