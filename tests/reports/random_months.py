"""Months at random, with everything that makes accounting hard, on a grid of four seconds."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from model.alerting import MaintenanceWindow
from model.incident import Acknowledgement, AlertName, Entry, Fault, Incident, Severity
from model.intervals import Interval, moment
from model.inventory import Contracted
from model.maintenance import Announcement
from model.periods import Period, Periods
from model.requirement import Requirement
from model.sketch import Sketch
from model.state import State
from model.transition import Transition
from reports.facts import (
    Annotation,
    Carried,
    DeviceFacts,
    Facts,
    Held,
    HourlyMeans,
    Measured,
    MonthFacts,
    Run,
    Setting,
    SpeedTested,
    SubjectFacts,
    Term,
)
from reports.monthly import Scope
from reports.sections.outages import Cause

STEP: Final = 4_000
"""Milliseconds: what happens, happens at a multiple of it."""
HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
MONTHS: Final = (
    ("Asia/Ho_Chi_Minh", "2026-10"),
    ("Europe/Berlin", "2026-10"),
    ("Europe/Berlin", "2026-03"),
    ("America/Sao_Paulo", "2018-11"),
    ("Australia/Lord_Howe", "2026-04"),
    ("Asia/Kolkata", "2026-02"),
)
SERVICE: Final = ("Mon-Fri 07:30-17:00",)
PROVIDERS: Final = ("VNPT", "Viettel")
LOGGED: Final = (State.UP, State.DEGRADED, State.DOWN, State.UNREACHABLE, State.UNKNOWN)


def facts(seed: int, *, months: int = 1, provider: str = "") -> Facts:
    """A ward of a few sites, and what happened in so many months."""
    chance = random.Random(seed)  # noqa: S311  # the same months each time
    name, last = chance.choice(MONTHS)
    zone, cut_day = ZoneInfo(name), chance.choice([1, 1, 15])
    periods = Periods(zone, cut_day)
    found = [periods.named(last)]
    for _ in range(months - 1):
        found.insert(0, periods.before(found[0]))
    maker = _Maker(chance, zone)
    scope = Scope("ward", "Ward", name, provider=provider)
    setting = Setting(scope, zone, cut_day, {"s0": "Office"}, chance.choice([0.0, 86_400.0]))
    return Facts(setting, tuple(maker.month(period) for period in found))


class _Maker:
    def __init__(self, chance: random.Random, zone: ZoneInfo) -> None:
        self.chance, self.zone = chance, zone
        self.other = random.Random()  # noqa: S311  # the same months each time, and none of them changed by what it draws
        self.other.setstate(chance.getstate())
        self._hours: dict[str, tuple[str, ...]] = {}  # the links of a site have the same
        self.sites = [(f"s{number}", chance.choice([None, 20.0, 120.0])) for number in range(chance.randint(1, 3))]
        self.links = [
            (f"{site}-l{number}", site, weight, chance.choice(PROVIDERS))
            for site, weight in self.sites
            for number in range(chance.randint(1, 3))
        ]

    def month(self, period: Period) -> MonthFacts:
        chance, span = self.chance, period.interval
        whole = chance.random() < 0.7
        until = span.end if whole else self._at(span)
        runs = self._runs(Interval(span.start - DAY, until + DAY if whole else until))
        links = [self._link(link, span, until) for link in self.links]
        services = [self._service(site, weight, span, until) for site, weight in self.sites]
        devices = [DeviceFacts(f"{site}-d", site, self._log(("device", f"{site}-d"), span)) for site, _ in self.sites]
        incidents = [incident for one in links for incident in self._incidents(one)]
        return MonthFacts(
            period=period,
            until=until,
            links=links,
            services=services,
            devices=devices,
            runs=runs,
            announcements=self._announcements(span),
            incidents=[*incidents, *self._troubles(span)],
            annotations=self._annotations(incidents),
            hours_stored=chance.randint(0, 700),
        )

    def _at(self, span: Interval) -> int:
        """An instant on the grid, somewhere inside."""
        return span.start + self.chance.randrange(1, span.length // STEP) * STEP

    def _runs(self, span: Interval) -> list[Run]:
        if self.chance.random() < 0.08:
            return []
        edges = sorted(self._at(span) for _ in range(2 * self.chance.randint(0, 3)))
        bounds = [span.start, *edges, span.end]
        runs = [Run(Interval(*bounds[place : place + 2])) for place in range(0, len(bounds), 2)]
        if self.chance.random() < 0.4:
            at = self._at(span)
            runs.append(Run(Interval(at, at + self.chance.randint(1, 5_000) * STEP), blind=True))
        return runs

    def _log(self, subject: tuple[str, str], span: Interval) -> list[Transition]:
        chance, before = self.chance, State.UNKNOWN
        log: list[Transition] = []
        at = span.start - DAY + chance.randrange(DAY // STEP) * STEP
        while at < span.end + DAY and len(log) < 60:
            after = chance.choice([one for one in LOGGED if one is not before])
            noticed = at + chance.choice([0, 0, 1, 2]) * STEP
            log.append(Transition(subject, before, after, moment(at), 0.5, moment(noticed)))  # type: ignore[arg-type]  # of the closed set, as drawn
            before = after
            lasts = chance.choice([1, 2, 3, 10, 400, 900, 20_000, 60_000])
            at = noticed + (lasts + chance.randrange(lasts)) * STEP
        return log

    def _requirement(self, span: Interval) -> Requirement | None:
        chance = self.chance
        if chance.random() < 0.15:
            return None
        stated: dict[str, object] = {
            "availability": chance.choice(["99.5%", "95%", "60%", "20%"]),
            "rtt_p95": "30ms",
            "loss": chance.choice(["1%", "0.1%"]),
            "delay_variation_p99": "30ms",
            "contracted_share": "80%",
            "restore": chance.choice(["10m", "4h"]),
        }
        if chance.random() < 0.5:
            stated["download"] = "200Mbit/s"
        if chance.random() < 0.4:
            stated["changes"] = [{"from": self._day(span).isoformat(), "availability": "90%", "loss": None}]
        return Requirement.model_validate({key: value for key, value in stated.items() if chance.random() < 0.85})

    def _day(self, span: Interval) -> date:
        return moment(self._at(span)).astimezone(self.zone).date()

    def _held(self, site: str, weight: float | None, provider: str, span: Interval) -> Held:
        requirement = self._requirement(span)
        return Held(
            site=site,
            name=self.chance.choice(["", "Line"]),
            service_hours=self.chance.choice([(), SERVICE]),
            citizens_per_hour=weight,
            requirement=requirement,
            profile="office" if requirement else "",
            provider=provider,
            circuit="HN-1",
            contracted=self.chance.choice([None, Contracted.model_validate({"download": 3e8, "upload": 1e8})]),
        )

    def _terms(self, held: Held, span: Interval) -> tuple[Term, ...]:
        chance = self.chance
        match chance.choice([0, 1, 2, 3, 3, 3, 4, 5]):
            case 0:  # added
                return (Term(self._at(span), held),)
            case 1:  # removed
                return (Term(span.start - DAY, held), Term(self._at(span), None))
            case 2:  # removed and back
                first, second = sorted([self._at(span), self._at(span) + STEP])
                return (Term(span.start - DAY, held), Term(first, None), Term(second, held))
            case 3:  # another contract and name
                other = replace(
                    held, name="New", contracted=Contracted.model_validate({"download": 5e8, "upload": 5e8})
                )
                return (Term(span.start - DAY, held), Term(self._at(span), other))
        return (Term(span.start - DAY, held),)

    def _link(self, link: tuple[str, str, float | None, str], span: Interval, until: int) -> SubjectFacts:
        name, site, weight, provider = link
        held = self._held(site, weight, provider, span)
        held = replace(held, service_hours=self._hours.setdefault(site, held.service_hours))
        return SubjectFacts(
            id=name,
            terms=self._terms(held, span),
            log=self._log(("link", name), span),
            measured=self._measured(span, until),
            hourly=HourlyMeans(
                *(tuple(self.chance.uniform(0, 4e8) for _ in range(self.chance.choice([0, 30]))) for _ in "du")
            ),
            tests=self._tests(span, until),
            device=f"{site}-d",
        )

    def _service(self, site: str, weight: float | None, span: Interval, until: int) -> SubjectFacts:
        name = f"{site}-web"
        held = replace(self._held(site, weight, "", span), service_hours=self._hours.get(site, ()))
        measured = self._measured(span, until)
        return SubjectFacts(name, (Term(span.start - DAY, held),), self._log(("service", name), span), measured)

    def _measured(self, span: Interval, until: int) -> list[Measured]:
        chance, pieces = self.chance, []
        for start in range(span.start, until, 5 * DAY):
            end = min(until, start + 5 * DAY)
            sent = chance.randint(1, 60) * 5
            lost = chance.choice([0, 0, 1, sent // 3, sent])
            times = [
                chance.choice([0.002, 0.01, 0.028, 0.032, 0.2]) * chance.uniform(0.99, 1.3) for _ in range(sent - lost)
            ]
            least = min(times, default=0.0)
            carried = Carried(chance.randint(0, 10**12), chance.uniform(0, 4e8))
            pieces.append(
                Measured(
                    span=Interval(start, end),
                    sent=sent,
                    lost=lost,
                    late=lost // 2,
                    rtt=Sketch.of([*times, *[float("inf")] * lost]),
                    delay_variation=Sketch.of(time - least for time in times),
                    covered=chance.choice([end - start, (end - start) // 2]),
                    download=chance.choice([None, carried]),
                    upload=chance.choice([None, carried]),
                    stable_minutes=5,
                    known_minutes=chance.choice([5, 9]),
                )
            )
        return pieces if chance.random() < 0.9 else []

    def _tests(self, span: Interval, until: int) -> list[SpeedTested]:
        chance = self.chance
        number, middle = chance.choice([(0, 0), (3, 2.5e8), (40, 2.9e8), (40, 1.5e8), (60, 2.4e8)])
        found = [
            SpeedTested(
                chance.choice(["download", "upload"]),
                self._at(Interval(span.start, until)) if until - span.start > 2 * STEP else span.start,
                None if chance.random() < 0.1 else max(1e6, chance.gauss(middle, 2e7)),
            )
            for _ in range(number)
        ]
        return sorted(found, key=lambda one: (one.at, one.direction, one.bits_per_second or 0))

    def _announcements(self, span: Interval) -> list[Announcement]:
        chance, at = self.chance, span.start
        found: list[Announcement] = []
        for number in range(chance.randint(0, 4)):
            # Half of them begin soon after the one before, so that some overlap.
            at = self._at(span) if not found or chance.random() < 0.5 else at + chance.randrange(4_000) * STEP
            times: dict[str, object] = {"every": "Sun 01:30-03:15"}
            if chance.random() < 0.7:
                times = {"from": moment(at), "to": moment(at + chance.randint(1, 8_000) * STEP)}
            whom = chance.choice([{"sites": ["s0"]}, {"links": ["s0-l0", "s1-l0"]}])
            window = MaintenanceWindow.model_validate({"id": f"w{number}", **whom, **times})
            announced = moment(at - chance.choice([-10, 10, 2 * DAY // STEP]) * STEP)
            withdrawn = chance.choice([None, None, moment(at + chance.randint(-100, 4_000) * STEP)])
            found.append(Announcement(window, announced, withdrawn))
        return found

    def _incidents(self, link: SubjectFacts) -> list[Incident]:
        found = []
        for record in link.log:
            if record.after is State.DOWN and self.chance.random() < 0.4:
                fault = Fault(AlertName.LINK_DOWN, ("link", link.id), record.at, record.noticed_at, Severity.CRITICAL)
                taken = None
                if self.chance.random() < 0.5:
                    taken = Acknowledgement("an", record.noticed_at + timedelta(seconds=self.chance.randint(0, 900)))
                name = f"{link.id}-{int(record.at.timestamp())}"
                closed: datetime | None = record.noticed_at + timedelta(hours=1)
                found.append(
                    Incident(
                        name,
                        "ward",
                        record.at,
                        record.noticed_at,
                        record.noticed_at,
                        (Entry(fault, closed),),
                        closed_at=closed,
                        acknowledged=taken,
                    )
                )
        return found

    def _troubles(self, span: Interval) -> list[Incident]:
        """What was told of devices, ports and certificates; some of it twice, or beyond the month."""
        return [self._trouble(number, span) for number in range(self.other.randint(0, 12))]

    def _trouble(self, number: int, span: Interval) -> Incident:
        chance, (link, site, *_) = self.other, self.other.choice(self.links)
        name, subject, requirement = chance.choice([
            (AlertName.DEVICE_UNHEALTHY, ("device", f"{site}-d"), "on_battery"),
            (AlertName.DEVICE_UNHEALTHY, ("device", f"{site}-d"), "memory"),
            (AlertName.SNMP_AGENT_SILENT, ("device", f"{site}-d"), ""),
            (AlertName.INTERFACE_ERRORS, ("link", link), ""),
            (AlertName.INTERFACE_SPEED_REDUCED, ("link", link), "duplex"),
            (AlertName.CERTIFICATE_EXPIRING, ("service", f"{site}-web"), ""),
        ])
        begin = span.start - DAY + chance.randrange((span.length + 2 * DAY) // STEP) * STEP
        since, end = moment(begin), moment(begin + chance.choice([1, 900, 20_000, 400_000]) * STEP)
        fault = Fault(name, subject, since, since, Severity.WARNING, requirement)  # type: ignore[arg-type]  # of the closed set, as drawn
        ended, closed = chance.choice([(end, end), (end, None), (None, end), (None, None)])
        entry = Entry(fault, ended)
        first = Entry(Fault(AlertName.LINK_DOWN, ("link", link), since, since, Severity.CRITICAL), closed)
        entries, parts = chance.choice([((entry,), ()), ((first,), (entry,))])
        return Incident(f"t{number}", "ward", since, since, since, entries, parts, closed_at=closed)

    def _annotations(self, incidents: list[Incident]) -> dict[str, Annotation]:
        return {
            one.id: Annotation(self.chance.choice([None, Cause.POWER]), "T-1", "")
            for one in incidents
            if self.chance.random() < 0.3
        }
