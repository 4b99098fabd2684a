"""What a detector decides about a link: values, which the shell carries out and hands on.

Times are seconds on the monotonic scale that the detector was given; ``at`` may lie before the time at which it was
decided, never after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from model.state import State


@dataclass(frozen=True, slots=True)
class ProbeNow:
    """Send one probe at once.

    Attributes:
        target: Index of the target to send it to.
        at: When it was to leave.
    """

    target: int
    at: float


@dataclass(frozen=True, slots=True)
class Suspected:
    """A reply is late or lost, and the link is asked more closely. Nobody is alarmed by that.

    Attributes:
        at: When.
        since: Departure of the first probe without an answer.
        silences: Probes that must stay without an answer before the link is down.
        span: Seconds over which they must lie.
    """

    at: float
    since: float
    silences: int
    span: float


@dataclass(frozen=True, slots=True)
class Cleared:
    """An answer ended the suspicion.

    Attributes:
        at: When it arrived.
        late: Whether it came after the link's time-out.
    """

    at: float
    late: bool


@dataclass(frozen=True, slots=True)
class _Change:
    """The link passed to another state.

    Attributes:
        at: When that state began: the middle between the last probe that speaks for the old one and the first that
            speaks for the new one.
        uncertainty: Seconds by which ``at`` may be off, either way; 0 after UNKNOWN, when the state begins with its
            first evidence.
        noticed_at: When it was decided.
        evidence: What it was decided on, for people.
    """

    state: ClassVar[State]

    at: float
    uncertainty: float
    noticed_at: float
    evidence: Mapping[str, str | float] = field(default_factory=dict)


class WentDown(_Change):
    """All targets are silent."""

    __slots__ = ()
    state: ClassVar[State] = State.DOWN


class CameUp(_Change):
    """The link answers, and in time."""

    __slots__ = ()
    state: ClassVar[State] = State.UP


class WentDegraded(_Change):
    """The link answers after its time-out."""

    __slots__ = ()
    state: ClassVar[State] = State.DEGRADED


class WentUnknown(_Change):
    """There is no evidence: probes were not sent, or this machine could not send them."""

    __slots__ = ()
    state: ClassVar[State] = State.UNKNOWN


@dataclass(frozen=True, slots=True)
class StayedDown:
    """The link has been down for a minute without a break. People are told of that even while it is flapping.

    Attributes:
        since: ``at`` of its WentDown.
        at: When the minute was over.
    """

    since: float
    at: float


@dataclass(frozen=True, slots=True)
class FlappingBegan:
    """The link goes down so often that single outages are no news.

    Attributes:
        at: When.
        penalty: As of ``model.flap``.
    """

    at: float
    penalty: float


@dataclass(frozen=True, slots=True)
class FlappingEnded:
    """The penalty has decayed; attributes as for FlappingBegan."""

    at: float
    penalty: float


Change = WentDown | CameUp | WentDegraded | WentUnknown
"""The decisions that change the link's state."""

Decision = ProbeNow | Suspected | Cleared | Change | StayedDown | FlappingBegan | FlappingEnded
"""Whatever a detector can decide."""
