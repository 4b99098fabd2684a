"""Why somebody was told or nobody, in the words of each language. Every language has every word."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from model.grounds import Ground, Grounds
from model.inventory import Language

Named = Callable[[str, str], str]
"""What something is called, by its noun and id."""
Alert = Callable[[str], str]
"""What a kind of alert is called, by a ``model.incident.AlertName``."""

GROUNDS: Final[Mapping[Language, Mapping[Ground, str]]] = {
    "en": {
        Ground.PARENT_ASKED: "{subject} is being asked",
        Ground.PARENT_BACK: "{subject} is just back",
        Ground.PARENTS_ANSWER: "what it hangs on answers again",
        Ground.ANCHORS_ASKED: "the anchors are being asked: the monitor may be cut off",
        Ground.ANSWERS_AGAIN: "it answers again",
        Ground.ASKED_ONCE_MORE: "it is asked once more",
        Ground.PROVIDER_ASKED: "other links of {provider} are being asked",
        Ground.SIBLINGS_ASKED: "other links that hang on {subject} are being asked",
        Ground.SITE_ASKED: "another line of its site is being asked",
        Ground.EXPLAINED: "explained by {alert} of {subject}",
        Ground.VIA_PROMETHEUS: "`alerts.via` is prometheus: its rules and Alertmanager tell",
        Ground.WINDOW: "maintenance window `{window}`{until}{reason}",
        Ground.SILENCE: "silence `{silence}` of {author}{until}{comment}",
        Ground.SERVICE_HOURS: "outside the service hours of {place}{until}",
        Ground.NO_ROUTE: "no route under `alerts.routes` takes it",
        Ground.GROUP_WAIT: "for others of its group, {seconds} s",
        Ground.TOLD: "{kind} to {receiver}{person}",
    },
    "vi": {
        Ground.PARENT_ASKED: "đang kiểm tra {subject}",
        Ground.PARENT_BACK: "{subject} vừa hoạt động trở lại",
        Ground.PARENTS_ANSWER: "phần mạng phía trước đã trả lời trở lại",
        Ground.ANCHORS_ASKED: "đang kiểm tra các điểm mốc vì có thể chính hệ thống giám sát mất kết nối",
        Ground.ANSWERS_AGAIN: "đã có trả lời trở lại",
        Ground.ASKED_ONCE_MORE: "đang kiểm tra thêm một lần nữa",
        Ground.PROVIDER_ASKED: "đang kiểm tra các đường truyền khác của {provider}",
        Ground.SIBLINGS_ASKED: "đang kiểm tra các đường truyền khác cùng phụ thuộc vào {subject}",
        Ground.SITE_ASKED: "đang kiểm tra đường truyền khác của cùng điểm",
        Ground.EXPLAINED: "do sự cố khác gây ra: {alert}, {subject}",
        Ground.VIA_PROMETHEUS: "`alerts.via` là prometheus: luật của Prometheus và Alertmanager sẽ báo",
        Ground.WINDOW: "lịch bảo trì `{window}`{until}{reason}",
        Ground.SILENCE: "lệnh tắt tiếng `{silence}` của {author}{until}{comment}",
        Ground.SERVICE_HOURS: "ngoài giờ phục vụ của {place}{until}",
        Ground.NO_ROUTE: "không tuyến nào trong `alerts.routes` nhận sự cố này",
        Ground.GROUP_WAIT: "chờ {seconds} giây để báo chung với các sự cố cùng nhóm",
        Ground.TOLD: "{kind} tới {receiver}{person}",
    },
    "id": {
        Ground.PARENT_ASKED: "{subject} sedang diperiksa",
        Ground.PARENT_BACK: "{subject} baru saja pulih",
        Ground.PARENTS_ANSWER: "jaringan di depannya menjawab lagi",
        Ground.ANCHORS_ASKED: "titik acuan sedang diperiksa: mungkin pemantau sendiri terputus",
        Ground.ANSWERS_AGAIN: "sudah menjawab lagi",
        Ground.ASKED_ONCE_MORE: "sedang diperiksa sekali lagi",
        Ground.PROVIDER_ASKED: "sambungan lain dari {provider} sedang diperiksa",
        Ground.SIBLINGS_ASKED: "sambungan lain yang bergantung pada {subject} sedang diperiksa",
        Ground.SITE_ASKED: "sambungan lain di lokasi yang sama sedang diperiksa",
        Ground.EXPLAINED: "akibat gangguan lain: {alert}, {subject}",
        Ground.VIA_PROMETHEUS: "`alerts.via` adalah prometheus: aturannya dan Alertmanager yang memberi tahu",
        Ground.WINDOW: "jadwal pemeliharaan `{window}`{until}{reason}",
        Ground.SILENCE: "pembisuan `{silence}` oleh {author}{until}{comment}",
        Ground.SERVICE_HOURS: "di luar jam layanan {place}{until}",
        Ground.NO_ROUTE: "tidak ada rute di `alerts.routes` yang menerimanya",
        Ground.GROUP_WAIT: "menunggu {seconds} detik untuk diberitahukan bersama kelompoknya",
        Ground.TOLD: "{kind} ke {receiver}{person}",
    },
}
"""Of each ground; what it names stands in braces, and what may be missing brings its own separator."""

TOLD_KINDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {each: each for each in ("opened", "updated", "resolved", "reminder", "escalated")},
    "vi": {
        "opened": "báo mới",
        "updated": "báo cập nhật",
        "resolved": "báo đã hết",
        "reminder": "báo nhắc lại",
        "escalated": "báo vì chưa ai tiếp nhận",
    },
    "id": {
        "opened": "kabar baru",
        "updated": "kabar terbaru",
        "resolved": "kabar selesai",
        "reminder": "pengingat",
        "escalated": "diteruskan karena belum ada yang menangani",
    },
}

UNTIL: Final[Mapping[Language, tuple[str, str]]] = {
    "en": (" until {at} {zone}", "%Y-%m-%d %H:%M"),
    "vi": (" đến {at}", "%H:%M %d/%m/%Y"),
    "id": (" sampai {at}", "%H:%M %d/%m/%Y"),
}
"""The end, and how a time is written."""

_IN_FULL: Final[Mapping[str, str]] = {"reason": ": {}", "comment": ": {}", "person": " ({})"}


class _Filled(dict[str, str]):
    """What a newer version may have left out is no error."""

    def __missing__(self, _: str) -> str:
        return ""


def grounds_in_words(grounds: Grounds, language: Language, named: Named, alert: Alert) -> str:
    """One sentence without its full stop.

    Args:
        grounds: Of a decision.
        language: In which.
        named: What things are called where it is shown.
        alert: Likewise of kinds of alerts.
    """
    values = _Filled({name: _plain(value) for name, value in grounds.values.items()})
    for name, form in _IN_FULL.items():
        values[name] = form.format(values[name]) if values[name] else ""
    values |= {
        "subject": named(values["noun"], values["name"]),
        "place": named("site", values["site"]),
        "alert": alert(values["alertname"]),
        "kind": TOLD_KINDS[language].get(values["kind"], values["kind"]),
        "until": _until(values["until"], values["zone"], language),
    }
    return GROUNDS[language][grounds.code].format_map(values)


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _until(until: str, zone: str, language: Language) -> str:
    form, written = UNTIL[language]
    try:
        local = datetime.fromisoformat(until).astimezone(ZoneInfo(zone))
    except (ValueError, ZoneInfoNotFoundError):
        return ""
    return form.format(at=local.strftime(written), zone=zone)
