"""Counters that live as long as their subject: they outlast failures, gaps and reloads."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from exporters.blocks import Block, Buckets, Sample, Scalars
from model.measurement import EchoReading, Failure, Measurement, Reason, StampReading

LINK_RTT_EDGES: Final = (
    *(0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075),
    *(0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3),
    *(0.5, 0.75, 1.0, 2.0, 3.0),
)
"""Upper edges in seconds. Usual thresholds (30 ms, 50 ms, 100 ms) are edges, so that shares below them are exact."""

SMOKEPING_EDGES: Final = tuple(5e-05 * 2**power for power in range(20))
"""The default buckets of smokeping_prober."""

_NEVER_SENT: Final = frozenset({Reason.LOCAL, Reason.UNRESOLVED})
_NEVER_ANSWERED: Final = frozenset({Reason.TIMEOUT, Reason.UNREACHABLE})


def was_sent(measurement: Measurement) -> bool:
    """Whether a probe left this machine."""
    outcome = measurement.outcome
    return not (isinstance(outcome, Failure) and outcome.reason in _NEVER_SENT)


def was_lost(measurement: Measurement) -> bool:
    """Whether a probe left this machine and nothing answered it."""
    outcome = measurement.outcome
    return isinstance(outcome, Failure) and outcome.reason in _NEVER_ANSWERED


class Histogram:
    """Observations counted in fixed buckets."""

    __slots__ = ("_counts", "_edges", "_total")

    def __init__(self, edges: tuple[float, ...]) -> None:
        self._edges = edges
        self._counts = array("Q", bytes(8 * (len(edges) + 1)))
        self._total = 0.0

    def observe(self, value: float) -> None:
        """Count one observation; an upper edge belongs to its bucket."""
        self._counts[bisect_left(self._edges, value)] += 1
        self._total += value

    def block(self, family: str, labels: str) -> Buckets:
        """The histogram as it stands."""
        return Buckets(family, labels, self._edges, tuple(self._counts), self._total)


@dataclass(slots=True)
class LinkTally:
    """What has been sent over a link since the daemon began to watch it."""

    sent: int = 0
    lost: int = 0
    forward_lost: int | None = None
    backward_lost: int | None = None
    rtt: Histogram = field(default_factory=lambda: Histogram(LINK_RTT_EDGES))

    def count(self, measurement: Measurement) -> None:
        """Take one measurement of any target of the link into account."""
        self.sent += was_sent(measurement)
        self.lost += was_lost(measurement)
        if measurement.rtt is not None:
            self.rtt.observe(measurement.rtt)
        if isinstance(reading := measurement.outcome, StampReading):
            self.forward_lost = _plus(self.forward_lost, reading.forward_lost)
            self.backward_lost = _plus(self.backward_lost, reading.backward_lost)

    def blocks(self, labels: str) -> Iterator[Block]:
        """Its counters and its histogram as they stand."""
        directions = (("forward", self.forward_lost), ("backward", self.backward_lost))
        yield Scalars.of(
            labels,
            (
                Sample("linkward_link_probes_total", self.sent),
                Sample("linkward_link_probes_lost_total", self.lost),
                *(
                    Sample("linkward_link_direction_lost_total", lost, f',direction="{direction}"')
                    for direction, lost in directions
                    if lost is not None
                ),
            ),
        )
        yield self.rtt.block("linkward_link_rtt_seconds", labels)


def _plus(total: int | None, more: int | None) -> int | None:
    return total if more is None else (total or 0) + more


@dataclass(slots=True)
class EchoTally:
    """What smokeping_prober counts for one address."""

    requests: int = 0
    duplicates: int = 0
    rtt: Histogram = field(default_factory=lambda: Histogram(SMOKEPING_EDGES))

    def count(self, measurement: Measurement) -> None:
        """Take one ICMP measurement into account."""
        self.requests += was_sent(measurement)
        if isinstance(reading := measurement.outcome, EchoReading):
            self.duplicates += reading.duplicates
            self.rtt.observe(reading.rtt)

    def blocks(self, labels: str) -> Iterator[Block]:
        """Its counters and its histogram as they stand."""
        yield Scalars.of(
            labels,
            (
                Sample("smokeping_requests_total", self.requests),
                Sample("smokeping_response_duplicates_total", self.duplicates),
            ),
        )
        yield self.rtt.block("smokeping_response_duration_seconds", labels)
