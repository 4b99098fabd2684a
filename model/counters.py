"""Two readings of an interface's counters → how much they grew, or why nobody can tell (RFC 2863, RFC 2578 §7.1.6).

A growth is never negative and never more than the line can carry; after a reset one sample is missing and no more.
Time is the agent's own, from sysUpTime in the same answer: an answer that was long under way stretches no rate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from model.measurement import InterfaceReading

OCTETS: Final = ("ifHCInOctets", "ifHCOutOctets", "ifInOctets", "ifOutOctets")
COUNTERS: Final = (
    *OCTETS,
    *("ifHCInUcastPkts", "ifHCInMulticastPkts", "ifHCInBroadcastPkts", "ifInUcastPkts", "ifInErrors", "ifInDiscards"),
    *("ifHCOutUcastPkts", "ifHCOutMulticastPkts", "ifHCOutBroadcastPkts", "ifOutUcastPkts"),
    *("ifOutErrors", "ifOutDiscards"),
)
"""The columns that count."""

TICKS_PER_SECOND: Final = 100
UPTIME_MODULUS: Final = 1 << 32  # sysUpTime wraps after 497.1 days

MOST_OVER_LINE: Final = 1.05
"""A rate beyond this share of the line's is a counter gone wrong; less may be a clock's."""
STALE_FOR: Final = 15.0
"""Seconds for which an agent may repeat cached counters: less time without movement proves no silence."""
SHORTEST: Final = 1.0
"""Seconds below which ticks of 10 ms make a rate too coarse."""

_CLOCKS_APART: Final = (10.0, 0.02)  # seconds, and share of the time, that agent and poller may disagree
_SMALLEST_FRAME: Final = 672  # bits on the wire of a packet, preamble and gap included
_OPER_UP: Final = 1  # of ifOperStatus
_SATURATED: Final = (1 << 32) - 1  # of ifSpeed
_WIDE: Final = "ifHC"


class Cause(StrEnum):
    """Why two readings give no growth. The set is closed: it is counted and shown."""

    NO_UPTIME = "no_uptime"  # the agent did not say its time
    OUT_OF_ORDER = "out_of_order"  # the later reading is not later
    FROZEN = "frozen"  # sysUpTime stood still: the answer came from a cache
    TOO_SOON = "too_soon"  # so little time that ticks or a cache would make the rate up
    REBOOT = "reboot"  # sysUpTime began anew
    CLOCKS_APART = "clocks_apart"  # sysUpTime went on by other than the time that passed
    REINDEXED = "reindexed"  # the name belongs to another row now, whose counters may be others
    DISCONTINUITY = "discontinuity"  # ifCounterDiscontinuityTime changed
    RESET = "reset"  # a counter went back by no possible wrap
    IMPOSSIBLE = "impossible"  # it grew by more than the line carries
    AMBIGUOUS_WRAP = "ambiguous_wrap"  # 32 bits may have wrapped more than once

    @property
    def keeps_baseline(self) -> bool:
        """Whether the earlier reading is still good to compare the next one with."""
        return self in _KEEPING


_KEEPING: Final = frozenset({Cause.NO_UPTIME, Cause.OUT_OF_ORDER, Cause.FROZEN, Cause.TOO_SOON})


@dataclass(frozen=True, slots=True)
class Poll:
    """One row as one answer gave it.

    Attributes:
        at: When the answer came, monotonic seconds of the poller.
        uptime_ticks: sysUpTime in 1/100 s from the same answer, modulo 2³²; ``None`` where the agent did not say it.
        interface: The row.
        boots: snmpEngineBoots of SNMPv3; ``None`` where it is not known.
    """

    at: float
    uptime_ticks: int | None
    interface: InterfaceReading
    boots: int | None = None


@dataclass(frozen=True, slots=True)
class Growth:
    """What was counted between two readings.

    Attributes:
        elapsed: Seconds by the agent's clock, at least one.
        counts: Column to how much it grew, zero or more; a column that cannot be told is not there.
        doubtful: Columns that cannot be told, each with its cause.
        line_rate: Bit/s of the port, the faster of both readings; ``None`` where the agent does not say.
    """

    elapsed: float
    counts: Mapping[str, int]
    doubtful: Mapping[str, Cause] = field(default_factory=dict)
    line_rate: float | None = None

    def per_second(self, column: str) -> float | None:
        """The rate of a column; ``None`` where it cannot be told."""
        count = self.counts.get(column)
        return None if count is None else count / self.elapsed


@dataclass(frozen=True, slots=True)
class Discontinuity:
    """No growth can be told between two readings.

    Attributes:
        cause: Why.
        detail: What was seen, for a person.
    """

    cause: Cause
    detail: str


def growth(before: Poll, after: Poll) -> Growth | Discontinuity:
    """What an interface counted between two readings of the same name."""
    elapsed = _elapsed(before, after)
    if isinstance(elapsed, Discontinuity):
        return elapsed
    if other := _another_row(before.interface, after.interface):
        return other
    return _growth(before.interface.cells, after.interface.cells, elapsed)


class Track:
    """The readings of one interface, one after the other, and what to compare the next with."""

    __slots__ = ("_baseline",)

    def __init__(self) -> None:
        self._baseline: Poll | None = None

    def after(self, poll: Poll) -> Growth | Discontinuity | None:
        """What was counted since the last good reading; ``None`` of the first.

        A cached answer leaves the earlier reading in its place, so that the next growth spans both and nothing is lost.
        """
        before, self._baseline = self._baseline, poll
        if before is None:
            return None
        result = growth(before, poll)
        if isinstance(result, Discontinuity) and result.cause.keeps_baseline:
            self._baseline = before
        return result


def line_rate(cells: Mapping[str, int]) -> float | None:
    """The nominal speed of a port in bit/s from ifHighSpeed, or else ifSpeed; ``None`` where neither tells."""
    if high := cells.get("ifHighSpeed"):
        return high * 1e6
    low = cells.get("ifSpeed", 0)
    return float(low) if 0 < low < _SATURATED else None


def negotiated_speed(interface: InterfaceReading) -> float | None:
    """The speed in bit/s of a port that is up; what is down has negotiated nothing, and of others nobody may know."""
    return line_rate(interface.cells) if interface.cells.get("ifOperStatus") == _OPER_UP else None


def _elapsed(before: Poll, after: Poll) -> float | Discontinuity:
    passed = after.at - before.at
    if passed <= 0:
        return Discontinuity(Cause.OUT_OF_ORDER, f"read {-passed:.1f} s before the reading that is known")
    if before.boots is not None and after.boots is not None and before.boots != after.boots:
        return Discontinuity(Cause.REBOOT, f"snmpEngineBoots went from {before.boots} to {after.boots}")
    if before.uptime_ticks is None or after.uptime_ticks is None:
        return Discontinuity(Cause.NO_UPTIME, "the agent did not answer sysUpTime")
    return _by_uptime(before.uptime_ticks, after.uptime_ticks, passed)


def _by_uptime(before: int, after: int, passed: float) -> float | Discontinuity:
    # Modulo, a wrap after 497 days goes on as any other time does; a reboot does not.
    elapsed = (after - before) % UPTIME_MODULUS / TICKS_PER_SECOND
    if not elapsed:
        return Discontinuity(Cause.FROZEN, f"sysUpTime stood at {after} for {passed:.1f} s")
    seconds, share = _CLOCKS_APART
    if abs(elapsed - passed) > max(seconds, share * passed):
        cause = Cause.REBOOT if after < before else Cause.CLOCKS_APART
        return Discontinuity(cause, f"sysUpTime {before} → {after} in {passed:.1f} s")
    if elapsed < SHORTEST:
        return Discontinuity(Cause.TOO_SOON, f"only {elapsed:.2f} s since the last reading")
    return elapsed


def _another_row(before: InterfaceReading, after: InterfaceReading) -> Discontinuity | None:
    if before.index != after.index:
        return Discontinuity(Cause.REINDEXED, f"{after.name} moved from ifIndex {before.index} to {after.index}")
    if before.physical_address != after.physical_address:
        return Discontinuity(Cause.REINDEXED, f"{after.name} has another physical address")
    mark = "ifCounterDiscontinuityTime"
    if before.cells.get(mark, after.cells.get(mark)) != after.cells.get(mark, before.cells.get(mark)):
        return Discontinuity(Cause.DISCONTINUITY, f"{mark} {before.cells[mark]} → {after.cells[mark]}")
    return None


def _growth(before: Mapping[str, int], after: Mapping[str, int], elapsed: float) -> Growth | Discontinuity:
    line = max((rate for rate in (line_rate(before), line_rate(after)) if rate), default=None)
    grown = {name: _grown(name, before[name], after[name], elapsed, line) for name in _common(before, after)}
    for name, outcome in grown.items():
        if outcome in {Cause.RESET, Cause.IMPOSSIBLE}:
            return Discontinuity(Cause(outcome), f"{name} {before[name]} → {after[name]} in {elapsed:.2f} s")
    counts = {name: outcome for name, outcome in grown.items() if isinstance(outcome, int)}
    if not any(counts.values()) and elapsed <= STALE_FOR:
        return Discontinuity(Cause.TOO_SOON, f"nothing moved in {elapsed:.2f} s, as in a cached answer")
    doubtful = {name: outcome for name, outcome in grown.items() if isinstance(outcome, Cause)}
    return Growth(elapsed, counts, doubtful, line)


def _common(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[str]:
    return (name for name in COUNTERS if name in before and name in after)


def _grown(name: str, before: int, after: int, elapsed: float, line: float | None) -> int | Cause:
    bits = 64 if name.startswith(_WIDE) else 32
    most = None if line is None else line * elapsed / (8 if name in OCTETS else _SMALLEST_FRAME)
    if bits == 32 and (most is None or most > 1 << 31):  # noqa: PLR2004  # the width of a counter
        # A second wrap would go unseen. Half of the range is left, so that a reset is not taken for a wrap either.
        return Cause.AMBIGUOUS_WRAP
    grown = (after - before) % (1 << bits)
    if most is None:
        return grown if after >= before else Cause.RESET
    if grown <= most * MOST_OVER_LINE + 1:
        return grown
    return Cause.RESET if after < before else Cause.IMPOSSIBLE
