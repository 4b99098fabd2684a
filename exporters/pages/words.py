"""The words of the pages in each language. Every language has every word."""

from collections.abc import Mapping
from typing import Final

from model.inventory import Language
from model.state import State

STATES: Final[Mapping[Language, Mapping[State, str]]] = {
    "en": {
        State.UP: "Up",
        State.DEGRADED: "Degraded",
        State.DOWN: "Down",
        State.UNREACHABLE: "Unreachable",
        State.UNKNOWN: "Unknown",
        State.MAINTENANCE: "Maintenance",
    },
    "vi": {
        State.UP: "Hoạt động",
        State.DEGRADED: "Suy giảm",
        State.DOWN: "Mất kết nối",
        State.UNREACHABLE: "Không thể tới",
        State.UNKNOWN: "Chưa rõ",
        State.MAINTENANCE: "Bảo trì",
    },
    "id": {
        State.UP: "Aktif",
        State.DEGRADED: "Menurun",
        State.DOWN: "Putus",
        State.UNREACHABLE: "Tak terjangkau",
        State.UNKNOWN: "Belum diketahui",
        State.MAINTENANCE: "Pemeliharaan",
    },
}

WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "title": "Network status",
        "sites": "sites",
        "links": "Links",
        "devices": "Devices",
        "services": "Services",
        "since": "since",
        "as_of": "As of",
        "refreshes": "This page renews itself every {seconds} seconds.",
        "attention": "Needs attention",
        "in_order": "In order",
        "nothing": "The inventory holds no site yet.",
        "metrics": "Metrics",
        "interface": "Interface for programs",
    },
    "vi": {
        "title": "Tình trạng mạng",
        "sites": "điểm",
        "links": "Đường truyền",
        "devices": "Thiết bị",
        "services": "Dịch vụ",
        "since": "từ",
        "as_of": "Cập nhật lúc",
        "refreshes": "Trang tự làm mới sau mỗi {seconds} giây.",
        "attention": "Cần chú ý",
        "in_order": "Bình thường",
        "nothing": "Danh mục chưa có điểm nào.",
        "metrics": "Số đo",
        "interface": "Giao diện cho chương trình",
    },
    "id": {
        "title": "Status jaringan",
        "sites": "lokasi",
        "links": "Sambungan",
        "devices": "Perangkat",
        "services": "Layanan",
        "since": "sejak",
        "as_of": "Per",
        "refreshes": "Halaman ini diperbarui setiap {seconds} detik.",
        "attention": "Perlu perhatian",
        "in_order": "Normal",
        "nothing": "Inventaris belum berisi lokasi.",
        "metrics": "Metrik",
        "interface": "Antarmuka untuk program",
    },
}
