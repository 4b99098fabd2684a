"""The words for traced paths, and for what could not be looked at; in English they stand in the facts."""

from collections.abc import Mapping
from typing import Final

from model.attachment import Lack
from model.inventory import Language
from model.path import End

COURSES: Final[Mapping[Language, Mapping[End, str]]] = {
    "vi": {
        End.REACHED: "tới đích sau {length} chặng",
        End.NOBODY: "không chặng nào trên đường trả lời",
        End.REFUSED: "{hops} báo: {said}",
        End.CIRCLE: "gói tin đi vòng tròn: {hops}",
        End.SILENCE: "sau {hops} không còn trả lời",
    },
    "id": {
        End.REACHED: "sampai tujuan dalam {length} lompatan",
        End.NOBODY: "tidak ada yang menjawab di sepanjang jalur",
        End.REFUSED: "{hops} melaporkan: {said}",
        End.CIRCLE: "paket berputar-putar: {hops}",
        End.SILENCE: "setelah {hops} tidak ada jawaban lagi",
    },
}

PATH_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "vi": {
        "hop": "{address} (chặng {place})",
        "place": "{nearest} đến {ttl}",
        "moved": "trước đây {now} là {before}; ",
        "as_usual": "như thường ngày: {course}",
        "usually": "{course}; thường ngày: {usual}",
        "unknown": "{course}; chưa biết đường đi thường ngày",
        "another": "; đi đường khác từ sau {last}: {hops}",
        "another_first": "; đi đường khác ngay từ chặng đầu: {hops}",
    },
    "id": {
        "hop": "{address} (lompatan {place})",
        "place": "{nearest} sampai {ttl}",
        "moved": "sebelumnya {now} adalah {before}; ",
        "as_usual": "seperti biasa: {course}",
        "usually": "{course}; biasanya: {usual}",
        "unknown": "{course}; jalur biasanya belum diketahui",
        "another": "; jalan lain setelah {last}: {hops}",
        "another_first": "; jalan lain sejak lompatan pertama: {hops}",
    },
}

ERRORS: Final[Mapping[Language, Mapping[str, str]]] = {
    "vi": {
        "network unreachable": "không có đường tới mạng đích",
        "host unreachable": "không tới được máy đích",
        "protocol unreachable": "máy đích không dùng giao thức này",
        "port unreachable": "cổng đích không mở",
        "packet too big": "gói tin quá lớn",
        "source route failed": "định tuyến nguồn không thành công",
        "network unknown": "không biết mạng đích",
        "host unknown": "không biết máy đích",
        "network prohibited": "mạng đích bị cấm",
        "host prohibited": "máy đích bị cấm",
        "filtered by a firewall": "bị tường lửa chặn",
        "no route to destination": "không có đường tới đích",
        "beyond scope of source address": "ngoài phạm vi của địa chỉ nguồn",
        "address unreachable": "không tới được địa chỉ đích",
        "source address refused by policy": "địa chỉ nguồn bị chính sách từ chối",
        "route rejected": "đường tới đích bị từ chối",
        "time exceeded, a routing loop or a path that is too long": "quá số chặng: định tuyến lặp vòng hoặc quá dài",
        "parameter problem": "tham số gói tin không hợp lệ",
    },
    "id": {
        "network unreachable": "jaringan tujuan tidak terjangkau",
        "host unreachable": "host tujuan tidak terjangkau",
        "protocol unreachable": "protokol tidak dilayani",
        "port unreachable": "port tujuan tidak terbuka",
        "packet too big": "paket terlalu besar",
        "source route failed": "rute sumber gagal",
        "network unknown": "jaringan tujuan tidak dikenal",
        "host unknown": "host tujuan tidak dikenal",
        "network prohibited": "jaringan tujuan dilarang",
        "host prohibited": "host tujuan dilarang",
        "filtered by a firewall": "diblokir tembok api",
        "no route to destination": "tidak ada rute ke tujuan",
        "beyond scope of source address": "di luar cakupan alamat sumber",
        "address unreachable": "alamat tujuan tidak terjangkau",
        "source address refused by policy": "alamat sumber ditolak kebijakan",
        "route rejected": "rute ditolak",
        "time exceeded, a routing loop or a path that is too long": "terlalu banyak lompatan: berputar atau panjang",
        "parameter problem": "parameter paket tidak sah",
    },
}
"""What routers say, by ``model.icmp.describe_error``."""

LACKS: Final[Mapping[Language, Mapping[Lack, str]]] = {
    "vi": {
        Lack.NOT_POLLED: "thiết bị {device} chưa được đọc: hãy khai `snmp` cho thiết bị này",
        Lack.TOO_SLOW: "quá {seconds} chưa xong",
        Lack.OUR_ERROR: "lỗi của chương trình này: {error}",
        Lack.NO_INTERFACES: "lần đọc không cho số liệu cổng nào",
        Lack.NOT_TOLD_YET: "chưa có lần đọc {device} nào cho số liệu cổng {interface}",
        Lack.NOT_TOLD: "thiết bị {device} không có cổng “{interface}”",
        Lack.FAILED: "{reason}",
    },
    "id": {
        Lack.NOT_POLLED: "perangkat {device} tidak dibaca: tulis `snmp` untuknya",
        Lack.TOO_SLOW: "lebih lama dari {seconds}",
        Lack.OUR_ERROR: "galat program ini: {error}",
        Lack.NO_INTERFACES: "pembacaan tidak memberi data port",
        Lack.NOT_TOLD_YET: "belum ada pembacaan {device} yang memuat port {interface}",
        Lack.NOT_TOLD: "perangkat {device} tidak punya port “{interface}”",
        Lack.FAILED: "{reason}",
    },
}
