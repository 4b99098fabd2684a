"""The words for what a device is otherwise than it was, in each language. Every language has every word."""

from collections.abc import Mapping
from typing import Final

from model.inventory import Language
from model.topology_proposals import Change, Drift

CHANGES: Final[Mapping[Language, Mapping[Change, str]]] = {
    "en": {
        Change.GONE: "does not answer any more",
        Change.BACK: "answers again",
        Change.FACT: "{what} was {was}, is {now}",
        Change.UPLINK: "its way up was port {was}, is port {now}",
        Change.MOVED: "{what} was at port {was}, is at port {now}",
        Change.LEFT: "{what} is not seen at port {was} any more",
        Change.CAME: "{what} is new at port {now}",
    },
    "vi": {
        Change.GONE: "không còn trả lời",
        Change.BACK: "đã trả lời trở lại",
        Change.FACT: "{what} trước là {was}, nay là {now}",
        Change.UPLINK: "đường lên trước qua cổng {was}, nay qua cổng {now}",
        Change.MOVED: "{what} trước ở cổng {was}, nay ở cổng {now}",
        Change.LEFT: "không còn thấy {what} ở cổng {was}",
        Change.CAME: "có thêm {what} ở cổng {now}",
    },
    "id": {
        Change.GONE: "tidak menjawab lagi",
        Change.BACK: "menjawab kembali",
        Change.FACT: "{what} tadinya {was}, kini {now}",
        Change.UPLINK: "jalur naiknya tadinya lewat port {was}, kini lewat port {now}",
        Change.MOVED: "{what} tadinya di port {was}, kini di port {now}",
        Change.LEFT: "{what} tidak terlihat lagi di port {was}",
        Change.CAME: "{what} baru muncul di port {now}",
    },
}

FACTS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "object_id": "kind of device",
        "name": "its own name",
        "model": "model",
        "serial": "serial number",
        "firmware": "firmware",
    },
    "vi": {
        "object_id": "loại thiết bị",
        "name": "tên tự đặt",
        "model": "kiểu máy",
        "serial": "số sê-ri",
        "firmware": "phần mềm",
    },
    "id": {
        "object_id": "jenis perangkat",
        "name": "namanya sendiri",
        "model": "model",
        "serial": "nomor seri",
        "firmware": "firmware",
    },
}

SINCE: Final[Mapping[Language, str]] = {
    "en": "Changed since {since}",
    "vi": "Thay đổi từ {since}",
    "id": "Berubah sejak {since}",
}
"""Before the list of what is otherwise."""


def drift_line(drift: Drift, language: Language) -> str:
    """One thing that is otherwise, without the name of the device."""
    what = FACTS[language].get(drift.what, drift.what) if drift.change is Change.FACT else drift.what
    return CHANGES[language][drift.change].format(what=what, was=drift.was or "?", now=drift.now or "?")
