"""What a speed test proves: a capacity, or that the link has at least so much, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import fmean, median
from typing import Final

from model.cross_traffic import Basis, Carried, Counted, Load, carried
from model.speed_plateau import Plateau, plateau
from model.speed_run import (
    MORE_RAMP,
    TESTER_BUSY,
    Direction,
    Ending,
    Slice,
    SpeedRun,
    change_by_more_streams,
    is_full,
    rates_of,
    wire_share,
)

LAYER: Final = "ethernet"
"""Of every speed here: frames with their FCS, as ifHCInOctets counts them; goodput is said apart."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One direction of one link, tested once.

    Attributes:
        direction: As seen from the site.
        ending: How the test ended.
        detail: One line for a person; empty where all is said.
        bits_per_second: On the wire, framing included; ``None`` where nothing was proved.
        is_lower_bound: The link may be faster than that.
        why_lower_bound: Each reason for it, in words that are closed: ``aborted``, ``tester``, ``not_full``, or a
            ``Basis``.
        goodput: Payload of TCP in the plateau, bit/s.
        width: Of the 95 % interval of the goodput, as a share of it.
        others: Bit/s of everyone else in the plateau; ``None`` where it is not known.
        basis: What that rests on.
        streams: In the plateau.
        seconds: Of the whole transfer.
        octets: On the wire in all, framing included, for the budget.
        efficiency: Octets that were not sent again as a share of all (RFC 6349); ``None`` where unknown.
        base_rtt: Seconds, idle.
        loaded_rtt: Seconds, in the plateau.
        busy: Share of a core that the tester took or waited for.
    """

    direction: Direction
    ending: Ending
    detail: str = ""
    bits_per_second: float | None = None
    is_lower_bound: bool = True
    why_lower_bound: tuple[str, ...] = ()
    goodput: float | None = None
    width: float | None = None
    others: float | None = None
    basis: Basis | None = None
    streams: int = 0
    seconds: float = 0.0
    octets: int = 0
    efficiency: float | None = None
    base_rtt: float | None = None
    loaded_rtt: float | None = None
    busy: float = 0.0

    @property
    def buffer_delay(self) -> float | None:
        """By which share the round trip rose under load (RFC 6349); ``None`` where it is not known."""
        if self.base_rtt is None or self.loaded_rtt is None or self.base_rtt <= 0:
            return None
        return (self.loaded_rtt - self.base_rtt) / self.base_rtt


def conclude(run: SpeedRun, direction: Direction, readings: Sequence[Counted] = ()) -> Finding:
    """What a run proves.

    Args:
        run: As the tester saw it.
        direction: Of the link, that it loaded.
        readings: Of the link's interface in that direction, before, during and after.
    """
    rates = rates_of(run.slices)
    found = plateau(rates[: run.settled]) if run.ending.may_count else None
    if found is None or found.mean <= 0:
        return _nothing(run, direction)
    more = rates[run.settled :]
    change = change_by_more_streams(more, found.mean)
    base, loaded = _base(run), _loaded(run.slices[found.start : found.end])
    full = is_full(base, loaded, change)
    share = wire_share(run.segment, run.ip_version)
    load = _load(run, found, share)
    seen = carried(load, readings) if readings else Carried(load.rate, None, Basis.NO_COUNTERS)
    rate, goodput = seen.rate, found.mean
    if not full and change is not None and change > 0:
        goodput = fmean(more[MORE_RAMP:])
        rate = max(rate, goodput / share)
    reasons = _doubts(run, seen.basis, full=full)
    return Finding(
        direction=direction,
        ending=run.ending,
        detail=run.detail,
        bits_per_second=rate,
        is_lower_bound=bool(reasons),
        why_lower_bound=reasons,
        goodput=goodput,
        width=found.width if isfinite(found.width) else None,
        others=seen.others,
        basis=seen.basis,
        streams=run.slices[found.end - 1].streams,
        seconds=run.slices[-1].at,
        octets=round(load.octets),
        efficiency=_efficiency(run),
        base_rtt=base,
        loaded_rtt=loaded,
        busy=run.busy,
    )


def _doubts(run: SpeedRun, basis: Basis, *, full: bool) -> tuple[str, ...]:
    doubts = {
        "aborted": run.ending is Ending.ABORTED,
        "tester": run.busy >= TESTER_BUSY,
        "not_full": not full,
        basis.value: not basis.knows_others,
    }
    return tuple(name for name, holds in doubts.items() if holds)


def _nothing(run: SpeedRun, direction: Direction) -> Finding:
    ending = Ending.TOO_SHORT if run.ending.may_count and run.ending is not Ending.ABORTED else run.ending
    return Finding(
        direction=direction,
        ending=ending,
        detail=run.detail,
        streams=max((one.streams for one in run.slices), default=0),
        seconds=run.slices[-1].at if run.slices else 0.0,
        octets=round(_moved(run) / wire_share(run.segment, run.ip_version)),
        base_rtt=_base(run),
        busy=run.busy,
    )


def _load(run: SpeedRun, found: Plateau, share: float) -> Load:
    start = run.slices[found.start - 1].at if found.start else 0.0
    return Load(start, run.slices[found.end - 1].at, found.mean / share, _moved(run) / share)


def _moved(run: SpeedRun) -> int:
    """Payload that passed at our end; what a peer sent again may never have come as far."""
    return max(run.octets, run.sent_octets or 0) if run.way == "send" else run.octets


def _base(run: SpeedRun) -> float | None:
    return median(run.base_rtts) if run.base_rtts else None


def _loaded(slices: Sequence[Slice]) -> float | None:
    rtts = [one.rtt for one in slices if one.rtt is not None]
    return fmean(rtts) if rtts else None


def _efficiency(run: SpeedRun) -> float | None:
    if not run.sent_octets or run.retransmitted is None:
        return None
    return 1 - run.retransmitted / run.sent_octets
