"""Who is struck when: what is drawn keeps away from what is there already."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from monitor.demo.months.events import PastOutage, Pause, ServiceFault, Work
from reports.sections.outages import Cause

_APART = 180  # seconds between two outages, so that each has its own incident


class Calendar:
    """What was drawn so far. What does not fit is left out: a month of one drawing more or less is as plausible.

    Args:
        begins: Since when each link is there.
        end: When all is over.
    """

    def __init__(self, begins: Mapping[str, datetime], end: datetime) -> None:
        self._begins, self._end = begins, end
        self._taken: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        self.outages: list[PastOutage] = []
        self.works: list[Work] = []
        self.pauses: list[Pause] = []
        self.faults: list[ServiceFault] = []

    def pause(self, pause: Pause) -> None:
        """The monitor saw nothing."""
        if pause.end < self._end:
            self.pauses.append(pause)

    def work(self, work: Work) -> None:
        """There was work, whether it cut the line or not."""
        if work.end < self._end and self._is_there(work.link, work.start):
            self.works.append(work)

    def outage(self, outage: PastOutage, apart: int = _APART) -> None:
        """A link gave no service, unless it was not there, or had another outage or work about then."""
        is_work = outage.cause is Cause.PLANNED
        if self.is_free([outage.link], outage.start, outage.end, apart, is_work=is_work):
            self._taken[outage.link].append((outage.start, outage.end))
            self.outages.append(outage)

    def fault(self, fault: ServiceFault, links: Iterable[str]) -> None:
        """A service failed, unless its site's links had an outage about then, or it failed already."""
        if self.is_free([*links, fault.service], fault.start, fault.end):
            self._taken[fault.service].append((fault.start, fault.end))
            self.faults.append(fault)

    def is_free(
        self, subjects: Iterable[str], start: datetime, end: datetime, apart: int = _APART, *, is_work: bool = False
    ) -> bool:
        """Whether nothing happens to any of these about then, and the monitor sees; work gives way to work alone."""
        room = timedelta(seconds=apart)
        first, last = start - room, end + room
        if last >= self._end or any(first < pause.end and pause.start < last for pause in self.pauses):
            return False
        return all(
            self._is_there(subject, first)
            and not any(first < until and since < last for since, until in self._taken[subject])
            and (is_work or not self._is_worked_on(subject, first, last))
            for subject in subjects
        )

    def _is_worked_on(self, link: str, start: datetime, end: datetime) -> bool:
        return any(work.link == link and start < work.end and work.start < end for work in self.works)

    def _is_there(self, subject: str, at: datetime) -> bool:
        begin = self._begins.get(subject)  # of services, none: they are always there
        return begin is None or begin <= at
