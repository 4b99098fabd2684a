"""Probes of one link, as its detector sees them: when each left, where to, and what became of it."""

import enum
from dataclasses import dataclass


class Fate(enum.Enum):
    """What has become of a probe."""

    PENDING = enum.auto()
    ANSWERED = enum.auto()
    LOST = enum.auto()
    LATE = enum.auto()  # answered after it was lost
    VOID = enum.auto()  # never sent, or not watched: no evidence


@dataclass(slots=True, eq=False)
class Probe:
    """One probe, from ``Detector.sent`` to its fate.

    Attributes:
        sent: When it left, seconds.
        target: Index of its target.
        steady: Whether it belongs to the steady pace, not to a confirmation burst.
        fate: What has become of it.
    """

    sent: float
    target: int
    steady: bool
    fate: Fate = Fate.PENDING


@dataclass(frozen=True, slots=True)
class Pace:
    """How a link is probed.

    Attributes:
        interval: Seconds between the steady probes of one target, above zero.
        timeout: Seconds after which a probe counts as lost, above zero.
        targets: Number of targets, one and more; all must be silent before the link is down.
    """

    interval: float
    timeout: float
    targets: int = 1
