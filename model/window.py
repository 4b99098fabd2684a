"""What the probes of the last minutes say about one link: loss, round-trip time, delay variation.

A lost probe counts as an infinite time in every quantile (RFC 2681 §4.1), so that losing a packet never looks better
than being slow; a quantile that falls among the lost is infinite, which means undefined, and is exported as absent.
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from operator import sub
from typing import Final

from model.measurement import Failure, Measurement, Reason
from model.requirement import Requirement
from model.sketch import nearest_rank
from model.verdict import Quality

LOST: Final = math.inf
"""The round-trip time of a probe without an answer."""

_LEFT_OUT: Final = math.nan
_JITTER_GAIN: Final = 16  # RFC 3550 §6.4.1
_LEAST_OF_A_MINUTE: Final = 0.5
_STABLE_LOSS: Final = 0.01
_SILENCES: Final = frozenset({Reason.TIMEOUT, Reason.UNREACHABLE})


def sample_of(measurement: Measurement) -> float | None:
    """What a measurement adds to a window.

    Returns:
        Its round-trip time in seconds, ``LOST`` where nothing came back, ``None`` where it tells nothing about the
        path: this machine could not send, the name has no address, or an answer came without a time.
    """
    if isinstance(measurement.outcome, Failure):
        return LOST if measurement.outcome.reason in _SILENCES else None
    return measurement.rtt


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """What one window holds.

    Attributes:
        span: Its length in seconds.
        timeout: Seconds after which a probe counted as lost: a loss ratio means nothing without it (RFC 6673 §4).
        n: Probes with a known outcome, without those that were left out.
        left_out: Probes that were not judged, because a speed test filled the link or the monitor was blind.
        coverage: ``n`` as a share of the probes that the interval gives, 0 to 1.
        bursts: Runs of successive losses (RFC 3357, loss periods).
        jitter: Interarrival jitter of RFC 3550 §6.4.1 in seconds, of round-trip times; it runs on from one
            window to the next. ``None`` before the second answer, and where the window holds no answer.
        mean_step: Mean of |D(i) - D(i-1)| over successive probes that were both answered, in seconds (MPPDV, RFC 5481
            §4.1); ``None`` without such a pair.
        ranked: All round-trip times in seconds from the shortest on, the lost as infinity at the end.
    """

    span: float
    timeout: float
    n: int
    left_out: int
    coverage: float
    bursts: int
    jitter: float | None
    mean_step: float | None
    ranked: Sequence[float]

    @property
    def lost(self) -> int:
        """Probes without an answer within ``timeout``."""
        return self.n - bisect_left(self.ranked, LOST)

    @property
    def loss_ratio(self) -> float | None:
        """Lost divided by sent, 0 to 1 (RFC 6673 §6.1); ``None`` where nothing was sent."""
        return self.lost / self.n if self.n else None

    @property
    def mean_burst(self) -> float | None:
        """Probes that a run of losses takes on average (RFC 3357 §6.3); ``None`` where nothing was lost."""
        return self.lost / self.bursts if self.bursts else None

    @property
    def least(self) -> float | None:
        """The shortest round-trip time in seconds, from which delay variation counts; ``None`` without an answer."""
        return self.ranked[0] if self.n and self.ranked[0] < LOST else None

    def rtt(self, share: float) -> float | None:
        """The round-trip time that this share of the probes did not exceed.

        Returns:
            Seconds by nearest rank; infinity where it falls among the lost; ``None`` where nothing was sent.
        """
        return self.ranked[nearest_rank(share, self.n) - 1] if self.n else None

    def delay_variation(self, share: float) -> float | None:
        """The delay above the window's minimum that this share of the probes did not exceed (PDV, RFC 5481 §4.2).

        Returns:
            Seconds; infinity where it falls among the lost; ``None`` where nothing was sent.
        """
        time = self.rtt(share)
        return time if time is None or self.least is None else time - self.least

    def beyond(self, quality: Quality, limit: float) -> int:
        """How many probes broke a limit: were lost, took longer than it, or varied by more than it, in seconds."""
        if quality is Quality.LOSS:
            return self.lost
        return self.slower_than(limit) if quality is Quality.RTT else self.varying_beyond(limit)

    def slower_than(self, limit: float) -> int:
        """How many probes took longer than this many seconds, the lost among them."""
        return self.n - bisect_right(self.ranked, limit)

    def varying_beyond(self, limit: float) -> int:
        """How many probes took longer than the shortest by more than this many seconds, the lost among them."""
        return self.n if self.least is None else self.slower_than(self.least + limit)


class Window:
    """The probes of one link over its last seconds.

    Times are monotonic seconds of one clock, and mean when a probe was sent. Only probes of the regular pace belong
    here: those of a burst that a loss set off would count that loss many times.
    """

    __slots__ = ("_expected", "_jitter", "_last", "_reach", "_rtts", "_times", "span", "timeout")

    def __init__(self, span: float, interval: float, timeout: float) -> None:
        """An empty window.

        Args:
            span: Seconds that it looks back.
            interval: Seconds from one probe to the next.
            timeout: Seconds after which a probe counts as lost.
        """
        self.span = span
        self.timeout = timeout
        self._reach = span + timeout
        self._expected = 1 / interval
        self._times = array("d")
        self._rtts = array("d")
        self._jitter: float | None = None
        self._last = LOST

    def add(self, at: float, rtt: float) -> bool:
        """Take a probe's outcome in.

        Args:
            at: When it was sent.
            rtt: Round-trip time in seconds, or ``LOST``.

        Returns:
            Whether it was taken: one that is there already, or older than the window, is not.
        """
        times = self._times
        if times and at <= times[-1]:
            return self._insert(at, rtt)
        times.append(at)
        self._rtts.append(rtt)
        if times[0] < at - self._reach:
            self._forget(at - self._reach)
        self._vary(rtt)
        return True

    def add_left_out(self, at: float) -> bool:
        """Note a probe that is not to be judged, such as one that was sent during a speed test."""
        return self.add(at, _LEFT_OUT)

    def leave_out(self, start: float, end: float) -> None:
        """Judge no probe that was sent in ``[start, end)``: the monitor was blind, or a speed test filled the link."""
        first, last = bisect_left(self._times, start), bisect_left(self._times, end)
        self._rtts[first:last] = array("d", [_LEFT_OUT]) * (last - first)

    def facts(self, now: float, span: float | None = None) -> WindowFacts:
        """What the window holds now.

        It ends one timeout ago: of probes sent later, the answered would be known and the lost not yet.

        Args:
            now: Monotonic seconds, not before the last probe.
            span: A shorter span to look back, such as the last minute.
        """
        span = span or self.span
        end = now - self.timeout
        first, last = bisect_left(self._times, end - span), bisect_left(self._times, end)
        values: Sequence[float] = self._rtts[first:last]
        if math.isnan(sum(values)):
            values = [value for value in values if value == value]  # noqa: PLR0124  # what is left out is NaN
        n = len(values)
        ranked = sorted(values)
        return WindowFacts(
            span=span,
            timeout=self.timeout,
            n=n,
            left_out=last - first - n,
            coverage=min(1.0, n / (span * self._expected)),
            bursts=_bursts(values),
            jitter=self._jitter if n and ranked[0] < LOST else None,
            mean_step=_mean_step(values),
            ranked=ranked,
        )

    def _insert(self, at: float, rtt: float) -> bool:
        place = bisect_left(self._times, at)
        if self._times[place] == at or at < self._times[-1] - self._reach:
            return False
        self._times.insert(place, at)
        self._rtts.insert(place, rtt)
        self._vary(rtt)
        return True

    def _forget(self, until: float) -> None:
        place = bisect_left(self._times, until)
        del self._times[:place]
        del self._rtts[:place]

    def _vary(self, rtt: float) -> None:
        # In order of arrival, as RFC 3550 has it; what is lost or left out has not arrived.
        step = abs(rtt - self._last)
        if step < LOST:
            jitter = self._jitter or 0.0
            self._jitter = jitter + (step - jitter) / _JITTER_GAIN
        if rtt < LOST:
            self._last = rtt


def _bursts(values: Sequence[float]) -> int:
    if LOST not in values:
        return 0
    marks = bytes(map(LOST.__eq__, values))
    return marks.count(b"\0\1") + marks.startswith(b"\1")


def _mean_step(values: Sequence[float]) -> float | None:
    # The step from or to a lost probe is infinite, between two of them not a number.
    steps = list(filter(math.isfinite, map(abs, map(sub, islice(values, 1, None), values))))
    return sum(steps) / len(steps) if steps else None


def is_stable(minute: WindowFacts, down: float, requirement: Requirement) -> bool | None:
    """Whether a minute was stable: no second down, less than 1 % lost, round-trip time and delay variation in limits.

    Args:
        minute: The probes of the minute.
        down: Seconds of it in which the link was down.
        requirement: Whose limits hold; a limit that it does not state is kept.

    Returns:
        ``None`` where less than half of the minute was measured and nothing shows that it was unstable.
    """
    if down > 0:
        return False
    if minute.coverage < _LEAST_OF_A_MINUTE:
        return None
    limits = (
        (minute.rtt(0.95), requirement.rtt_p95),
        (minute.delay_variation(0.99), requirement.delay_variation_p99),
    )
    is_lossy = minute.lost >= _STABLE_LOSS * minute.n
    return not is_lossy and all(value <= limit for value, limit in limits if value is not None and limit is not None)


@dataclass(frozen=True, slots=True)
class StableMinutes:
    """How many minutes were stable, of those that are known."""

    stable: int = 0
    known: int = 0

    def after(self, minute: bool | None) -> "StableMinutes":  # noqa: FBT001  # the outcome of ``is_stable``
        """With one more minute, as ``is_stable`` judged it."""
        return self if minute is None else StableMinutes(self.stable + minute, self.known + 1)

    @property
    def ratio(self) -> float | None:
        """Stable divided by known, 0 to 1; ``None`` where none is known."""
        return self.stable / self.known if self.known else None
