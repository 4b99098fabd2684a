"""A desk in memory, for those who ask about incidents."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from exporters.desk import (
    ClosedError,
    Decided,
    FixedWindowError,
    LinkSigner,
    TakenError,
    UnknownIncidentError,
    UnknownSilenceError,
    UnknownWindowError,
)
from exporters.past import PastUnavailableError
from model.ack_token import ExpiredTokenError, ForgedTokenError
from model.alerting import MaintenanceWindow
from model.incident import (
    About,
    Acknowledgement,
    AlertName,
    Attachment,
    Entry,
    Fault,
    Incident,
    Severity,
    Told,
    incident_id,
)
from model.measurement import SubjectKey
from model.silence import Silence
from tests.peers.board import AT


def fault(
    name: AlertName = AlertName.LINK_DOWN,
    subject: About = ("link", "office-vnpt"),
    seconds: float = -300,
    severity: Severity = Severity.CRITICAL,
    requirement: str = "",
) -> Fault:
    """A fault that began so many seconds after ``AT`` and was noticed two seconds later."""
    since = AT + timedelta(seconds=seconds)
    evidence: dict[str, str | float] = {"because": "icmp: timeout"}
    return Fault(name, subject, since, since + timedelta(seconds=2), severity, requirement, evidence)


def incident(*faults: Fault, hidden: tuple[SubjectKey, ...] = (), closed: float | None = None) -> Incident:
    """An incident of these faults, by default of one cut link; closed so many seconds after ``AT``."""
    given = faults or (fault(),)
    end = None if closed is None else AT + timedelta(seconds=closed)
    first = given[0]
    return Incident(
        id=incident_id(first),
        ward="xuan-dinh",
        began_at=first.since,
        opened_at=first.noticed_at,
        changed_at=first.noticed_at,
        entries=tuple(Entry(one, end) for one in given),
        hidden=hidden,
        closed_at=end,
    )


def rich_incident() -> Incident:
    """One that holds all that there is to be shown."""
    at = AT - timedelta(seconds=290)
    hops = [
        {"ttl": 1, "address": "10.20.0.1", "rtt_seconds": 0.000412, "note": "passed", "said": ""},
        {"ttl": 2, "address": None, "rtt_seconds": None, "note": "silent", "said": ""},
        {
            "ttl": 3,
            "address": "203.0.113.9",
            "rtt_seconds": 0.0121,
            "note": "unreachable",
            "said": "no route to destination",
        },
    ]
    read = {
        "read_at": "2026-11-24T06:54:30+00:00",
        "operational": "up",
        "speed_bits_per_second": 1e9,
        "in_errors": 3,
        "out_errors": None,
        "rates": {"until": "2026-11-24T06:54:30+00:00", "in_octets_per_second": 1_250_000.0},
    }
    fresh = {"read_at": "2026-11-24T06:55:09+00:00", "operational": "down", "in_errors": 4}
    ports = [
        {
            "device": "office-rt1",
            "interface": "ether1",
            "end": "near",
            "link": "office-vnpt",
            "last": read,
            "fresh": fresh,
        },
        {
            "device": "office-rt2",
            "interface": "ge-0/0/1",
            "end": "far",
            "link": "",
            "last": {},
            "fresh": {"failed": "timeout"},
        },
    ]
    usual = {"at": "2026-11-24T06:50:00+00:00", "target": "203.0.113.1", "reached": True, "hops": [*hops[:1]]}
    services = fault(AlertName.SERVICE_DOWN, ("service", "public-services"), -200, Severity.WARNING)
    link: About = ("link", "office-vnpt")
    return replace(
        incident(fault(), services, hidden=(("service", "resolver"), ("device", "office-rt1"))),
        revision=2,
        version=5,
        told={
            "duty": Told(at, AT - timedelta(seconds=100), 2, person="an", severity=Severity.CRITICAL),
            "hook": Told(at, at, 1),
        },
        attachments=(
            Attachment(
                "path",
                link,
                at,
                {
                    "words": "ends at 203.0.113.9",
                    "target": "203.0.113.1",
                    "reached": False,
                    "hops": hops,
                    "usual": usual,
                    "difference": {"words": "twice", "new": []},
                },
            ),
            Attachment("interfaces", link, at, {"ports": ports}),
        ),
    )


@dataclass(slots=True)
class FakeSigner:
    """Opens tokens of the form ``INCIDENT/PERSON``, and knows one that is too old."""

    def opened(self, token: str, now: datetime) -> tuple[str, str]:  # noqa: ARG002  # only one is ever too old
        """Both parts."""
        if token == "old":
            raise ExpiredTokenError
        name, slash, person = token.partition("/")
        if not slash:
            raise ForgedTokenError
        return name, person


@dataclass(slots=True)
class FakeDesk:
    """Keeps what a test puts on it.

    Attributes:
        kept: Every incident, by id.
        quiet: Every silence, by id.
        work: Every window, by id; with whether it is one of the inventory.
        decided: What was decided about each subject.
        done: Who did what, in order.
        signer: Opens links.
        fault: Why the history cannot be read.
        now: The time, aware.
    """

    kept: dict[str, Incident] = field(default_factory=dict)
    quiet: dict[str, Silence] = field(default_factory=dict)
    work: dict[str, tuple[MaintenanceWindow, bool]] = field(default_factory=dict)
    decided: dict[About, list[Decided]] = field(default_factory=dict)
    done: list[tuple[str, ...]] = field(default_factory=list)
    signer: LinkSigner | None = field(default_factory=FakeSigner)
    fault: PastUnavailableError | None = None
    now: Callable[[], datetime] = lambda: AT

    def put(self, *incidents: Incident) -> None:
        """Keep incidents."""
        self.kept |= {one.id: one for one in incidents}

    def open_incidents(self) -> Sequence[Incident]:
        """Those that last."""
        return sorted((one for one in self.kept.values() if one.is_open), key=lambda one: one.opened_at, reverse=True)

    async def incidents(self, start: datetime, end: datetime) -> Sequence[Incident]:
        """Those that touch the time."""
        self._read()
        return [one for one in self.kept.values() if one.opened_at < end and (one.closed_at or end) > start]

    async def incident(self, name: str) -> Incident | None:
        """One."""
        self._read()
        return self.kept.get(name)

    async def acknowledge(self, name: str, who: str, comment: str) -> Incident:
        """Write it down."""
        self.done.append(("acknowledge", name, who, comment))
        taken = replace(self._open(name), acknowledged=Acknowledgement(who, self.now(), comment))
        self.put(taken)
        return taken

    async def unacknowledge(self, name: str, who: str) -> Incident:
        """Likewise."""
        self.done.append(("unacknowledge", name, who))
        self.kept[name] = replace(self._open(name), acknowledged=None)
        return self.kept[name]

    def silences(self) -> Sequence[Silence]:
        """All."""
        return list(self.quiet.values())

    async def add_silence(self, silence: Silence) -> Silence:
        """Keep it."""
        self.quiet[silence.id] = silence
        return silence

    async def end_silence(self, name: str, who: str) -> Silence:
        """End it now."""
        if name not in self.quiet:
            raise UnknownSilenceError(name)
        if self.quiet[name].until <= self.now():
            raise ClosedError("silence", name)
        self.quiet[name] = self.quiet[name].ended(self.now(), who)
        return self.quiet[name]

    def maintenance(self) -> Sequence[MaintenanceWindow]:
        """All."""
        return [window for window, _ in self.work.values()]

    async def add_maintenance(self, window: MaintenanceWindow, who: str) -> MaintenanceWindow:
        """Keep it."""
        if window.id in self.work:
            raise TakenError(window.id)
        self.done.append(("add-maintenance", window.id, who))
        self.work[window.id] = (window, False)
        return window

    async def end_maintenance(self, name: str, who: str) -> MaintenanceWindow:
        """Take it out."""
        if name not in self.work:
            raise UnknownWindowError(name)
        window, is_fixed = self.work[name]
        if is_fixed:
            raise FixedWindowError(name)
        self.done.append(("end-maintenance", name, who))
        del self.work[name]
        return window

    async def decisions(self, subject: About, at: datetime) -> Sequence[Decided]:
        """What was decided until then."""
        self._read()
        return [one for one in self.decided.get(subject, ()) if one.at <= at]

    def link_signer(self) -> LinkSigner | None:
        """As given."""
        return self.signer

    def _open(self, name: str) -> Incident:
        if name not in self.kept:
            raise UnknownIncidentError(name)
        if merged := self.kept[name].merged_into:
            return self._open(merged)
        if not self.kept[name].is_open:
            raise ClosedError("incident", name)
        return self.kept[name]

    def _read(self) -> None:
        if self.fault is not None:
            raise self.fault
