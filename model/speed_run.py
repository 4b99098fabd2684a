"""One speed test as it was run: how it ended, what it moved and when, and what that proves.

Download is towards the site, upload away from it, whichever end the tester is at. Octets of a transfer are payload of
TCP; what an interface counts has headers and framing on top (RFC 2863 §3.1.7), which ``wire_share`` accounts for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from statistics import fmean
from typing import Final, Literal

Direction = Literal["download", "upload"]
DIRECTIONS: Final[tuple[Direction, ...]] = ("download", "upload")
Way = Literal["receive", "send"]
"""As seen from the tester."""

RISE: Final = 0.010
"""Seconds by which the round trip rises at least where a queue has filled."""
RISE_SHARE: Final = 0.3
"""Of the idle round trip, likewise."""
ONE_MORE: Final = 0.03
"""Share by which further streams may change the total where the line is full already."""
MORE_RAMP: Final = 2
"""Slices after further streams were added that do not count."""
TESTER_BUSY: Final = 0.8
"""Share of one core from which on it may be the tester that is slow."""
FASTER: Final = 1.25
"""Share of the agreed rate beyond which the peer does not keep to it."""

_TCP_IP: Final = {4: 20 + 20 + 12, 6: 40 + 20 + 12}  # headers, with the time stamps of RFC 7323
_ETHERNET: Final = 18  # header and FCS, as ifHCInOctets counts


class Ending(StrEnum):
    """How a test ended. The set is closed: it is stored, counted and shown."""

    DONE = "done"  # it told what it could
    ABORTED = "aborted"  # people on the link would have felt it: the round trip rose too far
    STOPPED = "stopped"  # the monitor ended it
    STALLED = "stalled"  # no octet came for seconds, though the way was open
    CUT = "cut"  # the way itself went silent
    RESET = "reset"  # the peer closed the connection in the middle
    WRONG_LENGTH = "wrong_length"  # the peer said another length than it sent, took, or was asked for
    TOO_FAST = "too_fast"  # the peer sent faster than was agreed
    COMPRESSED = "compressed"  # the answer was compressed, so that its octets say nothing of the line
    REDIRECTED = "redirected"  # the peer sent the tester elsewhere
    WRONG_KEY = "wrong_key"  # the peer does not know this key
    REFUSED = "refused"  # the peer will not serve: a limit of it, or no such file
    NOT_A_PEER = "not_a_peer"  # what answers there is something else
    UNREACHABLE = "unreachable"  # no connection
    UNSUPPORTED = "unsupported"  # this kind of peer cannot do that direction
    LOCAL = "local"  # the tester itself failed
    TOO_SHORT = "too_short"  # it ended within the ramp

    @property
    def may_count(self) -> bool:
        """Whether what was moved until then may be worth a figure."""
        return self in {Ending.DONE, Ending.ABORTED}


@dataclass(frozen=True, slots=True)
class Slice:
    """A quarter of a second of a test.

    Attributes:
        at: Its end, seconds since the first stream began.
        octets: Payload moved until then, of all streams.
        streams: At work in it.
        rtt: Seconds of a round trip beside the streams; ``None`` where none was answered.
    """

    at: float
    octets: int
    streams: int
    rtt: float | None = None


@dataclass(frozen=True, slots=True)
class SpeedRun:
    """What the tester saw.

    Attributes:
        way: Of the octets, as seen from the tester.
        ending: How it ended.
        detail: One line for a person; empty where all is said.
        slices: In order of time.
        settled: Slices from the first on in which the number of streams was the first; later ones had more.
        base_rtts: Seconds of round trips before the test.
        octets: Payload of all that was moved, to its very end.
        sent_octets: With what was sent again; ``None`` where the sender's kernel does not tell, or the peer.
        retransmitted: Octets that were sent again; ``None`` likewise.
        segment: Payload of a full packet, octets; ``None`` likewise.
        ip_version: 4 or 6.
        busy: Share of a core that the tester took or waited for.
        confirmed: Octets that the peer says it took; ``None`` where it said nothing.
    """

    way: Way
    ending: Ending
    detail: str = ""
    slices: Sequence[Slice] = ()
    settled: int = 0
    base_rtts: Sequence[float] = ()
    octets: int = 0
    sent_octets: int | None = None
    retransmitted: int | None = None
    segment: int | None = None
    ip_version: Literal[4, 6] = 4
    busy: float = 0.0
    confirmed: int | None = None


def rates_of(slices: Sequence[Slice]) -> list[float]:
    """The payload of each slice in bit/s."""
    rates, before_at, before = [], 0.0, 0
    for one in slices:
        elapsed = one.at - before_at
        rates.append((one.octets - before) * 8 / elapsed if elapsed > 0 else 0.0)
        before_at, before = one.at, one.octets
    return rates


def wire_share(segment: int | None, ip_version: Literal[4, 6] = 4) -> float:
    """The share of what an interface counts that is payload of TCP, in full packets: 1448 / 1518 of Ethernet.

    Args:
        segment: Payload of a full packet, octets; ``None`` takes that of Ethernet.
        ip_version: 4 or 6.
    """
    headers = _TCP_IP[ip_version]
    payload = segment or 1500 - headers
    return payload / (payload + headers + _ETHERNET)


def direction_of(way: Way, *, peer_at_site: bool) -> Direction:
    """Which direction of the link a test loads, as seen from the site."""
    return "download" if (way == "send") is peer_at_site else "upload"


def way_of(direction: Direction, *, peer_at_site: bool) -> Way:
    """What the tester has to do for a direction of the link."""
    return "send" if (direction == "download") is peer_at_site else "receive"


def is_full(base_rtt: float | None, loaded_rtt: float | None, change: float | None) -> bool:
    """Whether a link was shown to be full: a queue stood in front of it, or more streams carried no more.

    Args:
        base_rtt: Seconds, idle; ``None`` where it is not known.
        loaded_rtt: Seconds, during the plateau; likewise.
        change: By which share further streams changed the total; ``None`` where none were added.
    """
    if base_rtt is not None and loaded_rtt is not None and loaded_rtt - base_rtt >= max(RISE, RISE_SHARE * base_rtt):
        return True
    return change is not None and change < ONE_MORE


def change_by_more_streams(rates: Sequence[float], first: float) -> float | None:
    """By which share further streams changed the total; ``None`` where too little was seen of it.

    Args:
        rates: Since they were added, bit/s.
        first: The mean before.
    """
    kept = rates[MORE_RAMP:]
    if not kept or first <= 0:
        return None
    return fmean(kept) / first - 1


class LoadWatch:
    """Tells when a test is felt by those who use the link: the round trip stays too long.

    Args:
        base: Seconds of a round trip, idle.
        most: Seconds above that.
        lasting: Seconds.
    """

    def __init__(self, base: float, most: float = 0.150, lasting: float = 2.0) -> None:
        self._limit = base + most
        self._lasting = lasting
        self._since = inf

    def felt(self, at: float, rtt: float | None) -> bool:
        """Take in a round trip.

        Args:
            at: Seconds by any clock that goes on.
            rtt: Seconds; ``None`` where it was lost, which is no sign of better times.

        Returns:
            Whether it is time to stop.
        """
        if rtt is not None and rtt <= self._limit:
            self._since = inf
        elif rtt is not None:
            self._since = min(self._since, at)
        return at - self._since >= self._lasting
