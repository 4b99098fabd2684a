"""The words of the pages in each language. Every language has every word."""

from collections.abc import Mapping
from typing import Final

from model.inventory import Language
from model.state import State
from model.verdict import Outcome, Quality

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
        State.UNREACHABLE: "Không truy cập được",
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

SERVICE_STATES: Final[Mapping[Language, Mapping[State, str]]] = {
    "en": STATES["en"],
    "vi": {**STATES["vi"], State.DOWN: "Không hoạt động"},
    "id": {**STATES["id"], State.DOWN: "Tidak aktif"},
}
"""The same of a service, which has no line that could be cut."""

REASONS: Final[Mapping[Language, Mapping[State, str]]] = {
    "en": {
        State.UNREACHABLE: "Cut off by something else that is down.",
        State.UNKNOWN: "There is no measurement to go by.",
        State.MAINTENANCE: "Planned work is going on.",
    },
    "vi": {
        State.UNREACHABLE: "Không truy cập được vì sự cố ở thiết bị hoặc đường truyền phía trước.",
        State.UNKNOWN: "Chưa có kết quả đo để kết luận.",
        State.MAINTENANCE: "Đang bảo trì theo kế hoạch.",
    },
    "id": {
        State.UNREACHABLE: "Tak terjangkau karena gangguan pada perangkat atau sambungan di depannya.",
        State.UNKNOWN: "Belum ada hasil ukur untuk menilai.",
        State.MAINTENANCE: "Sedang dalam pemeliharaan terencana.",
    },
}
"""What a state that is no fault of its own means, in a sentence."""

QUALITIES: Final[Mapping[Language, Mapping[Quality, str]]] = {
    "en": {
        Quality.RTT: "round-trip time",
        Quality.LOSS: "loss",
        Quality.DELAY_VARIATION: "delay variation",
        Quality.DOWNLOAD: "download",
        Quality.UPLOAD: "upload",
        Quality.AVAILABILITY: "availability",
    },
    "vi": {
        Quality.RTT: "độ trễ",
        Quality.LOSS: "mất gói",
        Quality.DELAY_VARIATION: "biến thiên trễ",
        Quality.DOWNLOAD: "tốc độ tải xuống",
        Quality.UPLOAD: "tốc độ tải lên",
        Quality.AVAILABILITY: "độ sẵn sàng",
    },
    "id": {
        Quality.RTT: "latensi",
        Quality.LOSS: "paket hilang",
        Quality.DELAY_VARIATION: "variasi latensi",
        Quality.DOWNLOAD: "kecepatan unduh",
        Quality.UPLOAD: "kecepatan unggah",
        Quality.AVAILABILITY: "ketersediaan",
    },
}

OUTCOMES: Final[Mapping[Language, Mapping[Outcome, str]]] = {
    "en": {Outcome.MET: "Met", Outcome.BREACHED: "Not met", Outcome.UNKNOWN: "Not enough data"},
    "vi": {Outcome.MET: "Đạt", Outcome.BREACHED: "Không đạt", Outcome.UNKNOWN: "Chưa đủ dữ liệu"},
    "id": {Outcome.MET: "Terpenuhi", Outcome.BREACHED: "Tidak terpenuhi", Outcome.UNKNOWN: "Data belum cukup"},
}

DECIMAL_MARKS: Final[Mapping[Language, str]] = {"en": ".", "vi": ",", "id": ","}

DAYS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {day: day for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")},
    "vi": {"Mon": "T2", "Tue": "T3", "Wed": "T4", "Thu": "T5", "Fri": "T6", "Sat": "T7", "Sun": "CN"},
    "id": {"Mon": "Sen", "Tue": "Sel", "Wed": "Rab", "Thu": "Kam", "Fri": "Jum", "Sat": "Sab", "Sun": "Min"},
}
"""The days of the week by the names that the inventory gives them."""

WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "title": "Network status",
        "links": "Links",
        "devices": "Devices",
        "services": "Services",
        "since": "since",
        "required": "required",
        "attention": "Needs attention",
        "in_order": "In order",
        "nothing": "The inventory holds no site yet.",
        "metrics": "Metrics",
        "interface": "Interface for programs",
    },
    "vi": {
        "title": "Tình trạng mạng",
        "links": "Đường truyền",
        "devices": "Thiết bị",
        "services": "Dịch vụ",
        "since": "từ",
        "required": "yêu cầu",
        "attention": "Cần chú ý",
        "in_order": "Bình thường",
        "nothing": "Danh mục chưa có điểm nào.",
        "metrics": "Chỉ số",
        "interface": "Giao diện lập trình (API)",
    },
    "id": {
        "title": "Status jaringan",
        "links": "Sambungan",
        "devices": "Perangkat",
        "services": "Layanan",
        "since": "sejak",
        "required": "syarat",
        "attention": "Perlu perhatian",
        "in_order": "Normal",
        "nothing": "Inventaris belum berisi lokasi.",
        "metrics": "Metrik",
        "interface": "Antarmuka untuk program",
    },
}
