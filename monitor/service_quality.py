"""What the services deliver, against what they must: verdicts on how long they take and how often they fail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from model.availability import Share
from model.inventory import Inventory, Service, Site
from model.judge import Facts
from model.measurement import Failure, Measurement, Reason, SubjectKey
from model.requirement import Requirement
from model.window import LOST
from monitor.judging import Judging
from monitor.quality import Judged

_WITHOUT_REQUIREMENT: Final = Requirement()
_NOT_ITS_FAULT: Final = frozenset({Reason.LOCAL})


@dataclass(frozen=True, slots=True)
class _Line:
    """What is remembered of one service."""

    service: Service
    zone: ZoneInfo
    judging: Judging


class ServiceQuality:
    """Windows and verdicts of every service that must keep something."""

    def __init__(self) -> None:
        self._inventory = Inventory()
        self._lines: dict[str, _Line] = {}

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory; a service that is probed as before keeps its window."""
        before, self._lines, self._inventory = self._lines, {}, inventory
        for site, service in inventory.services():
            if requirement := inventory.requirement_of(service):
                self._lines[service.id] = self._line(site, service, requirement, before.get(service.id))

    def services(self) -> list[str]:
        """The ids of all services that are judged."""
        return list(self._lines)

    def took(self, measurement: Measurement, started_at: float) -> None:
        """Take in a probe: the seconds until the whole answer was there, or a loss where it was none to be used.

        Args:
            measurement: What it gave.
            started_at: When it was started, monotonic seconds.
        """
        line = self._lines.get(measurement.subject.id)
        outcome = measurement.outcome
        if line is None or (isinstance(outcome, Failure) and outcome.reason in _NOT_ITS_FAULT):
            return
        line.judging.window.add(started_at, measurement.duration if measurement.succeeded else LOST)

    def judge(
        self,
        service: str,
        now: float,
        utc: datetime,
        availability: Callable[[SubjectKey], Share | None],
        *,
        is_up: bool,
    ) -> Judged | None:
        """Judge one service now; the arguments are as for links."""
        line = self._lines.get(service)
        if line is None:
            return None
        subject: SubjectKey = ("service", service)
        local = utc.astimezone(line.zone)
        requirement = self._inventory.requirement_of(line.service, local) or _WITHOUT_REQUIREMENT
        window, verdicts = line.judging.judge(
            requirement,
            lambda window, longer: Facts(window, longer, availability=availability(subject)),
            now,
            utc,
            is_up=is_up,
        )
        return Judged(subject, window, verdicts)

    def _line(self, site: Site, service: Service, requirement: Requirement, before: _Line | None) -> _Line:
        ward = self._inventory.ward_of(site)
        zone = ZoneInfo(ward.timezone if ward else "UTC")
        as_before = before is not None and (before.service, before.judging.window.span) == (service, requirement.window)
        if before is not None and as_before:
            return _Line(service, zone, before.judging)
        return _Line(service, zone, Judging(requirement.window, service.interval, service.timeout))
