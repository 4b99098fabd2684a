"""What a link carried, each way, as seen by an interface that it ends at; and how fast it was ever seen to be.

Download is towards the site. A link's ``interface`` is best the WAN port of the site's own router: what comes in there
is download. Where the interface belongs to a device of another site, such as the head end, what goes out there is
download. Octets include framing (RFC 2863 §3.1.7), so that the TCP goodput of full packets is about 95 % of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from model.counters import Growth
from model.inventory import Contracted, Link, Site

Way = Literal["In", "Out"]

SHORTEST_PEAK: Final = 10.0
"""Seconds that a peak lasts at least: shorter, and an agent's cache of 3 s could make it up."""

_BITS: Final = 8


class Facing(StrEnum):
    """Which end of its link an interface is at."""

    SITE = "site"  # the site's own WAN port: in is download
    HEAD = "head"  # the far end: out is download


def facing(site: Site, link: Link) -> Facing:
    """Which end of a link of this site its interface is at: its own if the device is one of the site's."""
    device = link.interface_parts[0] if link.interface_parts else None
    return Facing.SITE if device in {own.id for own in site.devices} else Facing.HEAD


@dataclass(frozen=True, slots=True)
class Flow:
    """One direction of a link over a time; each figure is ``None`` where it was not measured.

    Attributes:
        bits_per_second: What passed, framing included.
        utilization: That as a share of the contracted speed; above 1 where more passes than was sold.
        error_ratio: Packets with errors as a share of all; ``None`` where no packet passed.
        discard_ratio: Good packets that were dropped as a share of all; likewise.
    """

    bits_per_second: float | None
    utilization: float | None
    error_ratio: float | None
    discard_ratio: float | None


@dataclass(frozen=True, slots=True)
class Throughput:
    """Both directions of a link over a time.

    Attributes:
        elapsed: Seconds by the agent's clock.
        download: Towards the site.
        upload: Away from the site.
    """

    elapsed: float
    download: Flow
    upload: Flow


def throughput(growth: Growth, end: Facing, contracted: Contracted | None) -> Throughput:
    """What a link carried while its interface counted this much."""
    towards, away = _flow(growth, "In", contracted, end), _flow(growth, "Out", contracted, end)
    download, upload = (towards, away) if end is Facing.SITE else (away, towards)
    return Throughput(growth.elapsed, download, upload)


def _flow(growth: Growth, way: Way, contracted: Contracted | None, end: Facing) -> Flow:
    octets = growth.per_second(_present(growth.counts, f"ifHC{way}Octets", f"if{way}Octets"))
    bits = None if octets is None else octets * _BITS
    is_download = (way == "In") == (end is Facing.SITE)
    sold = contracted and (contracted.download if is_download else contracted.upload)
    utilization = bits / sold if bits is not None and sold else None
    whole = packets(growth.counts, way)
    return Flow(
        bits,
        utilization,
        _share(growth.counts.get(f"if{way}Errors"), whole),
        _share(growth.counts.get(f"if{way}Discards"), whole),
    )


def _present(counts: Mapping[str, int], wide: str, narrow: str) -> str:
    return wide if wide in counts else narrow


def packets(counts: Mapping[str, int], way: Way) -> int | None:
    """How many sound packets passed one way; ``None`` where the agent counts no unicast."""
    unicast = counts.get(_present(counts, f"ifHC{way}UcastPkts", f"if{way}UcastPkts"))
    if unicast is None:
        return None
    others = (counts.get(f"ifHC{way}{kind}Pkts", 0) for kind in ("Multicast", "Broadcast"))
    return unicast + sum(others)


def _share(part: int | None, rest: int | None) -> float | None:
    if part is None or rest is None or part + rest == 0:
        return None
    return part / (part + rest)


@dataclass(frozen=True, slots=True)
class Seen:
    """A speed that a link was seen to have.

    Attributes:
        bits_per_second: Mean over ``elapsed``.
        elapsed: Seconds.
        at: Its end, aware UTC.
    """

    bits_per_second: float
    elapsed: float
    at: datetime


class Peaks:
    """The highest throughput of one direction of a link since the peaks were last asked to begin anew.

    What passed in succession is put together until it has lasted long enough for a peak.
    """

    __slots__ = ("_bits", "_elapsed", "highest")

    def __init__(self) -> None:
        self.highest: Seen | None = None
        self._bits = 0.0
        self._elapsed = 0.0

    def add(self, bits_per_second: float | None, elapsed: float, at: datetime) -> None:
        """Take in what passed.

        Args:
            bits_per_second: Mean over ``elapsed``; ``None`` where it could not be told, which ends what was put
                together.
            elapsed: Seconds.
            at: Their end, aware UTC.
        """
        if bits_per_second is None:
            self._bits = self._elapsed = 0.0
            return
        self._bits += bits_per_second * elapsed
        self._elapsed += elapsed
        if self._elapsed < SHORTEST_PEAK:
            return
        rate = self._bits / self._elapsed
        if self.highest is None or rate >= self.highest.bits_per_second:
            self.highest = Seen(rate, self._elapsed, at)
        self._bits = self._elapsed = 0.0

    def begin_anew(self) -> None:
        """Forget the highest, such as at the end of a day."""
        self.highest = None
