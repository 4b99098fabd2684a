"""What really happened in the months before: plain values, from which the history is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from model.intervals import Interval, instant
from model.periods import Period
from monitor.demo.months.cast import Cast
from reports.sections.outages import Cause, SaidBy

LONGEST_MICRO: Final = 10.0
"""Seconds from which on something is an outage that people are told of."""


@dataclass(frozen=True, slots=True)
class PastOutage:
    """A link gave no service.

    Attributes:
        link: Its id.
        start: Aware UTC, a whole second.
        end: Likewise.
        cause: What it really was.
        said_by: How the cause can be known: from evidence, from what somebody wrote, or not at all.
        group: What struck together has one name, and one incident.
        taken_after: Seconds until somebody took the incident on; ``None`` where nobody did.
        ticket: The provider's number.
        note: What somebody wrote.
    """

    link: str
    start: datetime
    end: datetime
    cause: Cause
    said_by: SaidBy
    group: str
    taken_after: int | None = None
    ticket: str = ""
    note: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the line itself was down, and not something that it stands behind."""
        return self.cause is not Cause.PARENT

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return (self.end - self.start).total_seconds()

    @property
    def interval(self) -> Interval:
        """The same in milliseconds."""
        return Interval(instant(self.start), instant(self.end))


@dataclass(frozen=True, slots=True)
class Work:
    """Maintenance of one link.

    Attributes:
        id: Of its window.
        link: Whose.
        start: When the window opens, aware UTC.
        end: When it closes.
        announced_at: When everybody could know; after ``start`` where it was too late.
        reason: In words.
    """

    id: str
    link: str
    start: datetime
    end: datetime
    announced_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Pause:
    """The monitor saw nothing.

    Attributes:
        start: Aware UTC.
        end: Likewise.
        is_blind: Whether it ran, but its anchors were silent; else it was off.
    """

    start: datetime
    end: datetime
    is_blind: bool


@dataclass(frozen=True, slots=True)
class ServiceFault:
    """A public service did not give what people need, while its site's links were up."""

    service: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """All that happened.

    Attributes:
        months: In order; the last need not be over.
        begin: When the monitor was started for the first time, aware UTC.
        end: How far it goes.
        cast: Who plays which part.
        outages: In order of their begin.
        works: Likewise.
        pauses: Likewise.
        faults: Likewise.
    """

    months: tuple[Period, ...]
    begin: datetime
    end: datetime
    cast: Cast
    outages: tuple[PastOutage, ...]
    works: tuple[Work, ...]
    pauses: tuple[Pause, ...]
    faults: tuple[ServiceFault, ...]
