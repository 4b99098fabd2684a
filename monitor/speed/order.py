"""What the tester, a process of its own, is asked to do, and what it says: lines of JSON."""

from dataclasses import dataclass
from typing import Final, Literal

from pydantic import TypeAdapter

from model.speed_run import Slice, SpeedRun, Way


@dataclass(frozen=True, slots=True)
class Order:
    """One test of one direction.

    Attributes:
        url: Of a peer (``http://10.20.0.9:8862``) or of a large file.
        way: Of the octets, as seen from the tester.
        octets: Payload that may be moved at most, by all streams together.
        key: Shared with the peer; empty for a file.
        source: Address or interface to test from; ``None`` leaves it to the kernel.
        rate: Bit/s that all streams together are not to pass; ``None`` for no limit.
        streams: To begin with.
        more: Streams that are added where nothing else shows that the link is full.
        seconds: Of the transfer at most.
        bearable: Seconds by which the round trip may rise for two seconds; beyond, the test is aborted.
    """

    url: str
    way: Way
    octets: int
    key: str = ""
    source: str | None = None
    rate: float | None = None
    streams: int = 6
    more: int = 2
    seconds: float = 10.0
    bearable: float = 0.150

    @property
    def share(self) -> int:
        """Octets of payload that one stream may move at most."""
        return self.octets // (self.streams + self.more)

    @property
    def pace(self) -> float | None:
        """Bit/s that one stream keeps to, so that all of them keep to the rate; ``None`` for no limit."""
        return self.rate / (self.streams + self.more) if self.rate else None

    def __repr__(self) -> str:
        """Without the key."""
        return f"Order({self.url!r}, {self.way!r}, {self.octets})"


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the tester.

    Attributes:
        phase: ``idle`` before the load, ``load`` when it begins and with each slice, ``done`` at its end.
        latest: The last slice.
        run: The whole, at the end.
    """

    phase: Literal["idle", "load", "done"]
    latest: Slice | None = None
    run: SpeedRun | None = None


ORDER: Final = TypeAdapter(Order)
SAID: Final = TypeAdapter(Said)
