"""A ward, and what goes wrong in it: the incidents that the golden texts tell of."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from alerts.labels import Places
from alerts.notice import Kind
from alerts.words import Telling
from model.health_rules import Symptom
from model.incident import About, Acknowledgement, AlertName, Entry, Fault, Incident, Severity, Told, incident_id
from model.inventory import Inventory, Language
from model.measurement import SubjectKey

BEGAN: Final = datetime(2026, 11, 24, 3, 32, 5, tzinfo=UTC)
"""10:32:05 in Hanoi."""
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en", "id")
POINTS: Final = 40


def _point(number: int) -> Mapping[str, object]:
    site = f"tdp-{number:02}"
    provider = ("VNPT", "Viettel", "FPT")[number % 3]
    return {
        "id": site,
        "name": f"Nhà văn hóa tổ dân phố số {number}",
        "kind": "community-point",
        "citizens_per_hour": 10 + number % 4 * 5,
        "devices": [
            {"id": f"{site}-rt1", "address": f"10.20.{number}.1", "role": "router"},
            {"id": f"{site}-cam1", "address": f"10.20.{number}.20", "role": "camera", "name": "Camera sân"},
        ],
        "links": [
            {
                "id": f"{site}-line",
                "provider": provider,
                "circuit": f"HN-{55_500 + number}",
                "target": f"icmp://10.20.{number}.1",
            }
        ],
        "services": [
            {"id": f"{site}-dvc", "name": "Cổng Dịch vụ công quốc gia", "url": "https://dichvucong.example/"},
        ],
    }


OFFICE: Final = {
    "id": "office",
    "name": "Trụ sở UBND phường Xuân Đỉnh",
    "kind": "office",
    "citizens_per_hour": 120,
    "devices": [
        {"id": "office-rt1", "name": "Bộ định tuyến chính", "address": "10.20.0.1", "role": "router"},
        {"id": "office-ups", "name": "Bộ lưu điện", "address": "10.20.0.9", "role": "ups"},
    ],
    "links": [
        {
            "id": "office-vnpt",
            "name": "Đường truyền chính",
            "provider": "VNPT",
            "circuit": "HN-0123",
            "target": "icmp://203.0.113.1",
        },
        {
            "id": "office-viettel",
            "name": "Đường truyền dự phòng",
            "provider": "Viettel",
            "circuit": "HN-9876",
            "role": "backup",
            "target": "icmp://198.51.100.1",
        },
    ],
    "services": [
        {"id": "dvc", "name": "Cổng Dịch vụ công quốc gia", "url": "https://dichvucong.example/"},
        {"id": "resolver", "dns": {"server": "10.20.0.53", "name": "dichvucong.example"}},
    ],
}
INVENTORY: Final = Inventory.model_validate({
    "ward": {"id": "xuan-dinh", "name": "Phường Xuân Đỉnh", "timezone": "Asia/Ho_Chi_Minh", "language": "vi"},
    "sites": [OFFICE, *map(_point, range(1, POINTS + 1))],
    "people": {"an": {"name": "Nguyễn Văn An"}, "binh": {"name": "Trần Thị Bình"}},
})


def fault(
    name: AlertName, subject: About, requirement: str = "", /, after_minutes: float = 0, **evidence: str | float
) -> Fault:
    """A fault that began so long after ``BEGAN`` and was noticed in three seconds."""
    began = BEGAN + timedelta(minutes=after_minutes)
    return Fault(name, subject, began, began + timedelta(seconds=3), Severity.CRITICAL, requirement, evidence)


def incident(*faults: Fault, hidden: tuple[SubjectKey, ...] = ()) -> Incident:
    """An open incident of these faults, told to one receiver as soon as it was noticed."""
    noticed = max(each.noticed_at for each in faults)
    first = min(each.noticed_at for each in faults)
    return Incident(
        id=incident_id(faults[0]),
        ward="xuan-dinh",
        began_at=min(each.since for each in faults),
        opened_at=first,
        changed_at=noticed,
        entries=tuple(map(Entry, faults)),
        hidden=hidden,
        told={"duty": Told(first, first, 1)},
    )


def closed(open_one: Incident, after: timedelta = timedelta(minutes=15, seconds=5)) -> Incident:
    """The same once all of it is over."""
    end = open_one.began_at + after
    entries = tuple(replace(entry, ended_at=entry.ended_at or end) for entry in open_one.entries)
    return replace(open_one, entries=entries, closed_at=end, changed_at=end)


def telling(language: Language, now: datetime, **more: object) -> Telling:
    """The telling of the golden texts: all addresses are known."""
    plain = Telling(
        places=Places(INVENTORY),
        language=language,
        zone=ZoneInfo("Asia/Ho_Chi_Minh"),
        now=now,
        incident_url="https://mang.xuandinh.example/incidents/tdp-07-line-3fa9c1",
        ack_url="https://mang.xuandinh.example/ack/tdp-07-line-3fa9c1?t=5qXk2Jw0aV",
        runbook_url="https://mang.xuandinh.example/runbook",
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # of any of its types


def links(first: int, last: int, provider: int | None = None) -> tuple[SubjectKey, ...]:
    """The lines of some points; with a remainder of three, of one provider."""
    numbers = (number for number in range(first, last + 1) if provider in {None, number % 3})
    return tuple(("link", f"tdp-{number:02}-line") for number in numbers)


def point(number: int) -> tuple[SubjectKey, ...]:
    """What stands behind the line of a point."""
    site = f"tdp-{number:02}"
    return ("device", f"{site}-cam1"), ("device", f"{site}-rt1"), ("service", f"{site}-dvc")


LINE: Final[SubjectKey] = ("link", "tdp-06-line")
MAIN: Final[SubjectKey] = ("link", "office-vnpt")
LOSS: Final = MappingProxyType({"value": 0.032, "threshold": 0.01, "window": 300.0, "n": 300.0})

_FIGURES: Final[Mapping[Symptom, Mapping[str, str | float]]] = {
    Symptom.TEMPERATURE: {"part": "CPU", "value": 91.4, "threshold": 85.0, "unit": "celsius"},
    Symptom.OPTICAL: {"part": "sfp1", "value": -21.25, "threshold": -19.0, "unit": "dbm"},
    Symptom.MEMORY: {"part": "memory", "value": 0.973, "threshold": 0.95, "unit": "ratio"},
    Symptom.BATTERY_LOW: {"value": 240.0, "threshold": 300.0, "unit": "s"},
    Symptom.FAN: {"part": "Fan 2"},
}


def _unwell(symptom: Symptom) -> Incident:
    about: About = ("device", "office-ups" if "batter" in symptom else "office-rt1")
    plain = fault(AlertName.DEVICE_UNHEALTHY, about, symptom.value)
    return incident(replace(plain, evidence=_FIGURES.get(symptom, {})))


FAULTS: Final[Mapping[str, Incident]] = {
    "LinkDown": incident(fault(AlertName.LINK_DOWN, LINE, silences=4.0, seconds=3.0), hidden=point(6)),
    "LinkDown of the office": incident(fault(AlertName.LINK_DOWN, MAIN, silences=4.0, seconds=3.0)),
    "DeviceDown": incident(
        fault(AlertName.DEVICE_DOWN, ("device", "office-rt1"), silences=3.0),
        hidden=(*links(1, POINTS), *(each for number in range(1, POINTS + 1) for each in point(number))),
    ),
    "DeviceDown of a camera": incident(fault(AlertName.DEVICE_DOWN, ("device", "tdp-06-cam1"))),
    "ServiceDown": incident(fault(AlertName.SERVICE_DOWN, ("service", "dvc"))),
    "ServiceDown at many places": incident(
        *(
            fault(AlertName.SERVICE_DOWN, ("service", name))
            for name in ("dvc", *(f"tdp-{n:02}-dvc" for n in range(1, 13)))
        )
    ),
    "DeviceDown of three": incident(
        *(fault(AlertName.DEVICE_DOWN, ("device", name)) for name in ("office-rt1", "office-ups", "tdp-01-cam1"))
    ),
    "SiteUnreachable": incident(
        fault(AlertName.SITE_UNREACHABLE, ("site", "office")), hidden=(MAIN, ("link", "office-viettel"))
    ),
    "ProviderOutage": incident(
        fault(AlertName.PROVIDER_OUTAGE, ("provider", "VNPT")), hidden=links(1, POINTS, provider=0)
    ),
    "MonitorBlind": incident(fault(AlertName.MONITOR_BLIND, ("monitor", ""))),
    "LinkBelowRequirement rtt": incident(
        fault(
            AlertName.LINK_BELOW_REQUIREMENT, MAIN, "rtt", value=0.0853, threshold=0.05, unit="s", window=300.0, n=300.0
        )
    ),
    "LinkBelowRequirement loss": incident(fault(AlertName.LINK_BELOW_REQUIREMENT, LINE, "loss", unit="ratio", **LOSS)),
    "LinkBelowRequirement delay_variation": incident(
        fault(AlertName.LINK_BELOW_REQUIREMENT, LINE, "delay_variation", value=0.0801, threshold=0.05, unit="s")
    ),
    "LinkBelowRequirement download": incident(
        fault(AlertName.LINK_BELOW_REQUIREMENT, LINE, "download", value=92.4e6, threshold=160e6, unit="bit/s")
    ),
    "LinkBelowRequirement upload": incident(
        fault(AlertName.LINK_BELOW_REQUIREMENT, LINE, "upload", value=8.5e6, threshold=80e6, unit="bit/s")
    ),
    "LinkBelowRequirement availability": incident(
        fault(AlertName.LINK_BELOW_REQUIREMENT, LINE, "availability", value=0.99123, threshold=0.995, unit="ratio")
    ),
    "LinkBelowRequirement of a service": incident(
        fault(AlertName.LINK_BELOW_REQUIREMENT, ("service", "resolver"), "rtt", value=1.25, threshold=1.0, unit="s")
    ),
    "InterfaceSpeedReduced": incident(
        fault(AlertName.INTERFACE_SPEED_REDUCED, MAIN, value=100e6, threshold=1e9, unit="bit/s")
    ),
    "LinkFlapping": incident(fault(AlertName.LINK_FLAPPING, LINE)),
    "InterfaceErrors": incident(fault(AlertName.INTERFACE_ERRORS, ("device", "office-rt1"))),
    "CertificateExpiring": incident(fault(AlertName.CERTIFICATE_EXPIRING, ("service", "dvc"), days_left=12.4)),
    "CertificateExpiring too late": incident(fault(AlertName.CERTIFICATE_EXPIRING, ("service", "dvc"), days_left=-0.2)),
    "InterfaceSpeedReduced to half duplex": incident(fault(AlertName.INTERFACE_SPEED_REDUCED, MAIN, "duplex")),
    "DeviceUnhealthy": incident(fault(AlertName.DEVICE_UNHEALTHY, ("device", "office-ups"))),
    **{f"DeviceUnhealthy {symptom}": _unwell(symptom) for symptom in Symptom},
    "ErrorBudgetBurn": incident(fault(AlertName.ERROR_BUDGET_BURN, MAIN, "availability", rate=14.4, hours=1.0)),
    "SnmpAgentSilent": incident(fault(AlertName.SNMP_AGENT_SILENT, ("device", "tdp-06-rt1"))),
}
"""One incident of every kind and more, as it opens."""

_SLOW: Final = fault(AlertName.LINK_BELOW_REQUIREMENT, LINE, "loss", after_minutes=-9, unit="ratio", **LOSS)
_BOTH: Final = replace(
    incident(fault(AlertName.LINK_DOWN, LINE, silences=4.0), _SLOW, hidden=point(6)), revision=2, widened=2
)
_SOON: Final = BEGAN + timedelta(minutes=-9, seconds=4)
_HALF: Final = replace(
    _BOTH, entries=(replace(_BOTH.entries[0], ended_at=BEGAN + timedelta(minutes=20)), *_BOTH.entries[1:]), revision=3
)
_LOST_POINTS: Final = incident(
    fault(AlertName.PROVIDER_OUTAGE, ("provider", "VNPT"), after_minutes=2),
    fault(AlertName.LINK_DOWN, ("link", "tdp-03-line")),
    hidden=links(6, POINTS, provider=0),
)
_TAKEN: Final = Acknowledgement("an", BEGAN + timedelta(minutes=8), "đã gọi VNPT, chờ kỹ thuật")
_FIRST: Final = BEGAN + timedelta(seconds=4)
_HOURS: Final = BEGAN + timedelta(hours=4)
_QUARTER: Final = BEGAN + timedelta(minutes=15, seconds=4)
_WIDE: Final = replace(FAULTS["ProviderOutage"], revision=2, widened=2)
_TOLD_BINH: Final = {"escalated_from": ("Trần Thị Bình",)}

LATER: Final[Mapping[str, tuple[Kind, Incident, datetime, Mapping[str, object]]]] = {
    "LinkDown was only slow at first": (
        Kind.UPDATED, _BOTH, BEGAN + timedelta(seconds=4), {"told_at": _SOON, "told_revision": 1},
    ),
    "LinkDown is up but slow": (
        Kind.UPDATED, _HALF, BEGAN + timedelta(minutes=20, seconds=9), {"told_at": _FIRST, "told_revision": 2},
    ),
    "LinkDown after four hours": (Kind.REMINDER, FAULTS["LinkDown"], _HOURS, {}),
    "LinkDown after four hours, taken on": (
        Kind.REMINDER, replace(FAULTS["LinkDown"], acknowledged=_TAKEN), _HOURS, {},
    ),
    "LinkDown that nobody takes on": (Kind.ESCALATED, FAULTS["LinkDown"], _QUARTER, _TOLD_BINH),
    "LinkDown that was slow too": (Kind.RESOLVED, closed(_BOTH), BEGAN + timedelta(minutes=6), {}),
    "LinkDown is part of another": (
        Kind.RESOLVED, replace(closed(FAULTS["LinkDown"]), merged_into="vnpt-12ab34"), _QUARTER, {},
    ),
    "SiteUnreachable that nobody takes on": (Kind.ESCALATED, FAULTS["SiteUnreachable"], _QUARTER, _TOLD_BINH),
    "ProviderOutage was one line at first": (
        Kind.UPDATED, _LOST_POINTS, BEGAN + timedelta(minutes=2, seconds=4), {"told_at": _FIRST, "told_revision": 1},
    ),
    "ProviderOutage grows": (
        Kind.UPDATED, _WIDE, BEGAN + timedelta(minutes=1), {"told_at": _FIRST, "told_revision": 1},
    ),
    "ProviderOutage after four hours": (Kind.REMINDER, FAULTS["ProviderOutage"], _HOURS, {}),
    "MonitorBlind after four hours": (Kind.REMINDER, FAULTS["MonitorBlind"], _HOURS, {}),
}  # fmt: skip
"""What is told after the opening."""
