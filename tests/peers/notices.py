"""A notice as it would be decided on a bad morning, for tests to change."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from alerts.notice import AlertEntry, Kind, Notice, Words

BEGAN = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
DECIDED = datetime(2026, 11, 24, 7, 0, 3, 250_000, tzinfo=UTC)
OVER = datetime(2026, 11, 24, 7, 12, tzinfo=UTC)

WORDS = Words(
    title="MẤT KẾT NỐI: Trụ sở UBND phường (VNPT)",
    text="MẤT KẾT NỐI: Trụ sở UBND phường (VNPT)\nTừ 14:00, cả hai hướng.\nViệc đầu tiên: gọi VNPT 0243.800.126.",
    sms="MAT MANG: UBND phuong (VNPT) tu 14:00. Goi VNPT 0243.800.126.",
)
DOWN = AlertEntry(
    labels={"alertname": "LinkDown", "severity": "critical", "site": "office", "link": "office-vnpt"},
    annotations={"summary": "Trụ sở mất kết nối", "incident_url": "https://ward.example/incidents/office-vnpt-1a2b3c"},
    starts_at=BEGAN,
)
OTHER = AlertEntry(
    labels={"alertname": "LinkDown", "severity": "critical", "site": "clinic", "link": "clinic-vnpt"},
    annotations={"summary": "Trạm y tế mất kết nối"},
    starts_at=BEGAN,
    ends_at=OVER,
)


def a_notice(**changes: Any) -> Notice:
    """That the office's link is down, and a clinic's was."""
    notice = Notice(
        key="office-vnpt-1a2b3c/duty/1",
        receiver="duty",
        kind=Kind.OPENED,
        incidents=("office-vnpt-1a2b3c",),
        decided_at=DECIDED,
        words=WORDS,
        alerts=(DOWN, OTHER),
        group_key='{}:{alertname="LinkDown"}',
        group_labels={"alertname": "LinkDown"},
        language="vi",
        incident_url="https://ward.example/incidents/office-vnpt-1a2b3c",
    )
    return replace(notice, **changes)
