"""A small ward in which every kind of metric occurs, and measurements of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf

from exporters.device_health import EXPOSED
from exporters.drift import Drifted
from exporters.latest import Latest
from exporters.own import OwnMetrics
from model.availability import Tally
from model.health import TRAITS, DeviceHealth, DeviceIdentity, ExposedRow, HealthReading, Measure
from model.incident import Severity
from model.inventory import Inventory
from model.measurement import (
    DnsReading,
    EchoReading,
    Failure,
    HttpReading,
    InterfaceReading,
    Measurement,
    ProbeKind,
    Reading,
    Reason,
    SnmpReading,
    StampReading,
    Subject,
    SubjectKey,
    SystemFacts,
    TcpReading,
    TlsFacts,
)
from model.state import State
from model.throughput import Flow, Throughput
from model.verdict import Outcome, Quality, Verdict, Why
from model.window import StableMinutes, Window, WindowFacts

AT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)

OFFICE_LINK = Subject("link", "office-vnpt", "office", "203.0.113.1")
POINT_LINK = Subject("link", "point-1-viettel", "point-1", "198.51.100.7:862")
ROUTER = Subject("device", "office-rt1", "office", "10.20.0.1")
PAGE = Subject("service", "public-services", "office", "https://dichvucong.example/")
RESOLVER = Subject("service", "resolver", "office", "10.20.0.53:53")
ANCHOR = Subject("anchor", "icmp://192.0.2.1", "", "192.0.2.1")


FULL_HEALTH = DeviceHealth(
    profile="mikrotik",
    identity=DeviceIdentity("MikroTik", "RB760iGS", "E1F10E90A6E9", "7.1.1"),
    readings=tuple(HealthReading(measure, "part 1", TRAITS[measure].high) for measure in Measure),
    exposed=tuple(ExposedRow(tuple((name, "1") for name in metric.labels), {metric.name: 1.0}) for metric in EXPOSED),
    requests=3,
)
"""Every measure once, and every column of the tables that are exported as they are."""


def ward() -> Inventory:
    """One office with a router and two services, and one point."""
    return Inventory.model_validate({
        "ward": {
            "id": "xuan-dinh",
            "name": "Phường Xuân Đỉnh",
            "timezone": "Asia/Ho_Chi_Minh",
            "language": "vi",
        },
        "credentials": {"v2": {"version": "2c", "community": "planted-community"}},
        "requirements": {
            "office": {
                "availability": "99.9%",
                "rtt_p95": "30ms",
                "loss": "0.1%",
                "delay_variation_p99": "30ms",
                "download": "200Mbit/s",
                "upload": "100Mbit/s",
            }
        },
        "sites": [
            {
                "id": "office",
                "name": "Trụ sở UBND phường",
                "kind": "office",
                "citizens_per_hour": 120,
                "devices": [
                    {"id": "office-rt1", "address": "10.20.0.1", "role": "router", "snmp": {"credentials": "v2"}}
                ],
                "links": [
                    {
                        "id": "office-vnpt",
                        "provider": "VNPT",
                        "circuit": "HN-0123",
                        "contracted": {"download": "300Mbit/s", "upload": "300Mbit/s"},
                        "requirement": "office",
                        "interface": "office-rt1/ether1",
                        "target": ["icmp://203.0.113.1", "tcp://203.0.113.1:443"],
                    }
                ],
                "services": [
                    {
                        "id": "public-services",
                        "name": "Cổng Dịch vụ công quốc gia",
                        "url": "https://dichvucong.example/?key=planted-key",
                    },
                    {"id": "resolver", "dns": {"server": "10.20.0.53", "name": "dichvucong.example"}},
                ],
            },
            {
                "id": "point-1",
                "name": "Nhà văn hóa tổ 1",
                "kind": "community-point",
                "links": [{"id": "point-1-viettel", "provider": "Viettel", "target": "stamp://198.51.100.7"}],
            },
        ],
        "anchors": ["icmp://192.0.2.1"],
    })


def interface(index: int, name: str, **cells: int) -> InterfaceReading:
    """A row with a name and these cells."""
    return InterfaceReading(index, name, name, "", 6, "02:00:00:00:00:01", cells)


def poll(*interfaces: InterfaceReading) -> SnmpReading:
    """A poll that gave these rows."""
    system = SystemFacts("RouterOS", "1.3.6.1.4.1.14988.1", "office-rt1", "Tầng 1", "an@ward.example")
    return SnmpReading(123_456, system, interfaces, 3, 1, 40, walk=0.25)


ETHER1 = interface(
    1,
    "ether1",
    ifMtu=1500,
    ifSpeed=1_000_000_000,
    ifHighSpeed=1000,
    ifAdminStatus=1,
    ifOperStatus=1,
    ifLastChange=100,
    ifInDiscards=0,
    ifOutDiscards=0,
    ifInErrors=3,
    ifOutErrors=0,
    ifHCInOctets=2**53 + 7,
    ifHCOutOctets=1_234_567_890_123,
)

CERTIFICATE = TlsFacts(
    version="TLS 1.3",
    cipher="TLS_AES_256_GCM_SHA384",
    earliest_expiry=datetime(2027, 1, 1, tzinfo=UTC),
    chain_expiry=datetime(2027, 1, 1, tzinfo=UTC),
    fingerprint_sha256="ab" * 32,
    subject="CN=dichvucong.example",
    issuer='CN="Quoted" CA',
    alternative_names=("dichvucong.example", "www.dichvucong.example"),
    serial_number="0a0b",
)

PAGE_READING = HttpReading(
    phases={"resolve": 0.002, "connect": 0.01, "tls": 0.02, "processing": 0.1, "transfer": 0.003},
    status=200,
    version=1.1,
    redirects=1,
    content_length=512,
    body_bytes=2048,
    address="192.0.2.80",
    last_modified=datetime(2026, 1, 1, tzinfo=UTC),
    body_matches=True,
    tls=CERTIFICATE,
)


def measured(
    subject: Subject, kind: ProbeKind, outcome: Reading | Failure, duration: float = 0.5, at: datetime = AT
) -> Measurement:
    """A measurement with this outcome."""
    return Measurement(subject, kind, at, duration, outcome)


def failed(subject: Subject, kind: ProbeKind, reason: Reason = Reason.TIMEOUT) -> Measurement:
    """A measurement that failed for this reason."""
    return measured(subject, kind, Failure(reason, "it failed"))


def verdict(
    quality: Quality = Quality.RTT,
    outcome: Outcome = Outcome.BREACHED,
    value: float | None = 0.045,
    threshold: float | None = 0.03,
    why: Why = Why.PROBES,
) -> Verdict:
    """A verdict on 300 probes of five minutes, 40 of them beyond the limit."""
    return Verdict(quality, outcome, why, value, threshold, 300, 40, 300.0, 1.0, AT)


VERDICTS = (
    verdict(),
    verdict(Quality.LOSS, Outcome.UNKNOWN, 0.0, 0.001, Why.UNDECIDED),
    verdict(Quality.DELAY_VARIATION, Outcome.BREACHED, inf),
    verdict(Quality.DOWNLOAD, Outcome.MET, 250e6, 240e6, Why.REACHED),
    verdict(Quality.UPLOAD, Outcome.UNKNOWN, None, None, Why.NO_CONTRACT),
    verdict(Quality.AVAILABILITY, Outcome.MET, 0.9995, 0.999, Why.BOUNDS),
)

TALLY = Tally(up=86_400_000, degraded=60_000, down=4_250, unreachable=0, unknown=1_000, maintenance=0)


def window_facts(*rtts: float) -> WindowFacts:
    """What a window says of probes that were sent each second, one timeout ago."""
    window = Window(300.0, 1.0, 1.0)
    for second, rtt in enumerate(rtts):
        window.add(float(second), rtt)
    return window.facts(len(rtts) + 1.0)


@dataclass(slots=True)
class Counted:
    """What the probes of one kind have sent and got."""

    sent: int = 10
    answered: int = 6
    duplicates: int = 1
    late: int = 2
    alien: int = 3
    dropped: int = 4


@dataclass(slots=True)
class Health:
    """How a history is."""

    waiting: int = 7
    oldest: float | None = 1.5
    fault: str | None = "the disk is full"
    written: int = 100
    refused: int = 2
    set_aside: object | None = None


class Trapped:
    """What has come to the trap port."""

    is_listening = True

    def messages(self) -> dict[tuple[str, str], int]:
        """By trap and outcome."""
        return {("linkDown", "hastened"): 1, ("unread", "unknown_sender"): 2}

    def devices(self) -> dict[tuple[str, str, str], int]:
        """By site, device and trap."""
        return {("office", "office-rt1", "linkDown"): 1}


def full_own() -> OwnMetrics:
    """The daemon's own metrics with all that they can show."""
    own = OwnMetrics()
    own.ran(ProbeKind.ICMP, "success")
    own.lag(ProbeKind.ICMP, 0.01)
    own.skipped(ProbeKind.SNMP, 1)
    own.reloaded(successful=True, at=1.0)
    own.replies(lambda: {ProbeKind.ICMP: Counted()})
    own.history(Health)
    own.incidents(lambda: {Severity.CRITICAL: 1})
    own.reviews(lambda: 3_600.0)
    own.queues(lambda: {"hook": (3, 12.5)})
    own.traps(Trapped)
    own.drift(lambda: Drifted(AT, AT))
    own.notified("hook", "delivered")
    own.blind(False)
    own.heartbeat_failed()
    own.decided("told")
    return own


def full_board() -> Latest:
    """Everything measured at monotonic time 0, fresh for a minute."""
    latest = Latest()
    latest.load(ward())
    for measurement in (
        measured(OFFICE_LINK, ProbeKind.ICMP, EchoReading(0.0125, 57, 1)),
        measured(
            Subject("link", "office-vnpt", "office", "203.0.113.1:443"),
            ProbeKind.TCP,
            TcpReading(0.02, 0.018, accepted=True, address="203.0.113.1"),
        ),
        measured(POINT_LINK, ProbeKind.STAMP, StampReading(0.004, 0.0001, 1, 1, 2, 0, 60)),
        measured(ROUTER, ProbeKind.ICMP, EchoReading(0.0004, 64)),
        measured(ROUTER, ProbeKind.SNMP, poll(ETHER1)),
        measured(PAGE, ProbeKind.HTTP, PAGE_READING),
        measured(RESOLVER, ProbeKind.DNS, DnsReading(0.003, 0.001, "NOERROR", 2, 1, 1, 2026112401)),
        measured(ANCHOR, ProbeKind.ICMP, EchoReading(0.001, 60)),
    ):
        latest.record(measurement, 60.0, 0.0)
    latest.set_state("link", "office-vnpt", State.UP)
    _find_out(latest)
    latest.healthy("office-rt1", "10.20.0.1", FULL_HEALTH, 60.0)
    latest.ailing("office-rt1", {"fan": False, "temperature": True})
    latest.port_ailing("office-vnpt", {"errors": False, "speed": True})
    return latest


def _find_out(latest: Latest) -> None:
    link: SubjectKey = ("link", "office-vnpt")
    latest.judged(link, VERDICTS)
    latest.accounted(link, TALLY, 0.9995, 0.5, {"micro": 3, "outage": 1})
    latest.accounted(("service", "resolver"), Tally(up=1_500), 1.0, None, {})
    latest.windowed("office-vnpt", window_facts(0.01, 0.02, 0.0125), 60.0)
    flow = Flow(240e6, 0.8, None, None)
    latest.carried("office-vnpt", Throughput(60.0, flow, Flow(None, None, None, None)), 60.0)
    latest.tested("office-vnpt", "download", 290e6, 60.0)
    latest.flapping("office-vnpt", False)
    latest.minutes("office-vnpt", StableMinutes(57, 59))
    latest.burning(link, {300.0: 14.5, 3_600.0: 2.0, 21_600.0: None})
