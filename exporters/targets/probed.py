"""What is asked of whoever can probe, and what one run gives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from exporters.targets.aim import Agent, Aim
from model.measurement import Failure, HttpReading, Reading, SnmpReading, TcpReading


@dataclass(frozen=True, slots=True)
class Probed:
    """One run of a probe that somebody asked for.

    Attributes:
        began: When, aware UTC.
        duration: Seconds that it took in all.
        outcome: A Reading, or a Failure with its reason.
        address: The address that the host has; ``None`` where it has none. A reading may know better.
        resolve: Seconds that finding it took; 0 for an address.
    """

    began: datetime
    duration: float
    outcome: Reading | Failure
    address: str | None = None
    resolve: float = 0.0

    @property
    def reading(self) -> Reading | None:
        """What was measured, also by a probe that failed in the end."""
        return self.outcome.partial if isinstance(self.outcome, Failure) else self.outcome

    @property
    def succeeded(self) -> bool:
        """Whether a user of blackbox_exporter would say so: a port that answers with a reset does not count there."""
        refused = isinstance(self.outcome, TcpReading) and not self.outcome.accepted
        return not refused and not isinstance(self.outcome, Failure)

    @property
    def peer(self) -> str | None:
        """The address that was talked to, or would have been."""
        reading = self.reading
        known = reading.address if isinstance(reading, HttpReading | TcpReading) else None
        return known or self.address


@dataclass(frozen=True, slots=True)
class Polled:
    """One poll of a device that somebody asked for.

    Attributes:
        duration: Seconds that it took.
        outcome: What was read, or why nothing was.
    """

    duration: float
    outcome: SnmpReading | Failure


@dataclass(frozen=True, slots=True)
class Wish:
    """How a target is to be probed this time.

    Attributes:
        aim: The target.
        timeout: Seconds that it may take.
        hostname: Of a web page, what the Host header and TLS say in place of the host; it may have a port.
    """

    aim: Aim
    timeout: float
    hostname: str | None = None


class Probing(Protocol):
    """Probes what it is told to, now."""

    async def probe(self, wish: Wish) -> Probed:
        """One run, which ends within the time it may take."""

    async def poll(self, agent: Agent) -> Polled:
        """One poll of a device; one that is under way serves as well."""
