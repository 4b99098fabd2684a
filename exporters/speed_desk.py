"""Speed tests as people and programs ask for them: a Protocol, and what it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from model.speed_run import Direction
from model.speed_schedule import Skip
from model.verdict import Outcome


@dataclass(frozen=True, slots=True)
class SpeedResult:
    """One direction of a link, tested once, or planned and not tested.

    Attributes:
        direction: `download` towards the site, `upload` away from it.
        at: When it began.
        occasion: `planned` or `demanded`; empty where it is not known.
        skip: Why it was not run; empty where it was.
        ending: How it ended; empty where it was not run.
        detail: One line for a person.
        bits_per_second: On the wire, framing included: the test and everyone else; null where it gave no figure.
        is_lower_bound: The link may be faster than that.
        why_lower_bound: Each reason for it, divided by blanks.
        goodput: Payload of TCP, bit/s.
        others: Of everyone else, bit/s; null where it is not known.
        basis: What that rests on.
        layer: Of `bits_per_second`.
        streams: Connections at once.
        seconds: Of the transfer.
        octets: That it moved, framing included.
        efficiency: Share of the octets that were not sent again (RFC 6349).
        base_rtt: Seconds of a round trip, idle.
        loaded_rtt: The same under load.
        buffer_delay: By which share it rose (RFC 6349).
    """

    direction: Direction
    at: datetime
    occasion: str
    skip: str
    ending: str
    detail: str
    bits_per_second: float | None
    is_lower_bound: bool
    why_lower_bound: str
    goodput: float | None
    others: float | None
    basis: str
    layer: str
    streams: int
    seconds: float
    octets: int
    efficiency: float | None
    base_rtt: float | None
    loaded_rtt: float | None
    buffer_delay: float | None


@dataclass(frozen=True, slots=True)
class SpeedMonth:
    """What the tests of the last 31 days say of one direction, against the contract.

    Attributes:
        direction: `download` towards the site, `upload` away from it.
        limit: What the contract is held to, bit/s: 80 % of the contracted speed, or the requirement's share of it.
        tests: That filled the link.
        lower_bounds: That did not: the link has at least what they gave.
        days: That have any.
        mean: Of both, bit/s; null without one.
        at_least: What the mean exceeds with 95 % confidence, days as blocks; null of fewer than 5 days.
        at_most: What it stays below with 95 % confidence; null likewise, and with any lower bound.
        by_mean: Whether the mean reaches the limit.
        short: Tests that fall short.
        by_share: Whether 80 % of the tests reach the limit.
    """

    direction: Direction
    limit: float
    tests: int
    lower_bounds: int
    days: int
    mean: float | None
    at_least: float | None
    at_most: float | None
    by_mean: Outcome
    short: int
    by_share: Outcome


@dataclass(frozen=True, slots=True)
class SpeedView:
    """The speed tests of a link.

    Attributes:
        link: Its id.
        now: When it is so.
        running_since: Since when a test goes on; null where none does.
        running: Which direction is being loaded; null between and where none is.
        next_at: When the next planned one begins at the earliest; null where none is planned today.
        octets_this_month: That tests have moved.
        budget_per_month: That they may; null for no limit.
        month: Of each direction with a contract.
        tests: Of the last days, the latest first.
    """

    link: str
    now: datetime
    running_since: datetime | None
    running: Direction | None
    next_at: datetime | None
    octets_this_month: int
    budget_per_month: int | None
    month: list[SpeedMonth]
    tests: list[SpeedResult]


class SpeedDesk(Protocol):
    """Runs speed tests, and knows what they gave."""

    def knows(self, link: str) -> bool:
        """Whether there is a link of that id."""

    async def demand(self, link: str, who: str) -> Skip | None:
        """Begin a test; why not, or ``None`` where it has begun."""

    async def view(self, link: str) -> SpeedView:
        """What is known of the tests of a link.

        Raises:
            PastUnavailableError: The history cannot be read now.
        """


REFUSED: Final[Mapping[Skip, tuple[str, str]]] = {
    Skip.METERED: ("data costs money on this link, and its tests of this month are used up", "wait for the next month"),
    Skip.OFF: ("the inventory says nothing of how this link is to be tested", "add `speed_test` to it"),
    Skip.MAINTENANCE: ("it is being worked on", "ask again when that is over"),
    Skip.STATE: ("the link is not up", "ask again when it is"),
    Skip.INCIDENT: ("the link was not well a few minutes ago", "ask again in ten minutes"),
    Skip.BUSY: ("people use the link", "ask again when they do less"),
    Skip.TRAFFIC_UNKNOWN: ("nobody knows whether people use the link", "give the link an `interface` that is polled"),
    Skip.PROVED: ("what it carried today is proof enough", "look at its verdicts"),
    Skip.BUDGET: ("what is left of its budget of this month is less than a test may take", "raise `budget_per_month`"),
    Skip.NO_TURN: ("another test has the line, or the provider's, now", "ask again in a minute"),
    Skip.MONITOR: ("the monitor is cut off, or its history cannot be read", "look into /-/healthy"),
}
"""Of each reason not to run a test: what is wrong, and what to do about it."""
