"""What a change of state rests on, in the words of each language. Every language has every word."""

from collections.abc import Mapping
from typing import Final

from model.inventory import Language
from model.measurement import Reason
from model.occasion import ANSWERED, Occasion

SENTENCES: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "silence": "{silences} in a row without an answer, over {seconds} and to {targets}; {silences_needed} over "
        "{seconds_needed} prove an outage where {loss_bound} may be lost anyway; a probe is lost after {lost_after}",
        "return": "{answers}{late}, and {losses} lost since the first of them",
        "return_late": ", {late} of them late",
        "late": "an answer after {rtt}, later than the time-out of {timeout}",
        "answer": "an answer after {rtt}",
        "unmeasured": "nothing was measured for {seconds}",
    },
    "vi": {
        "silence": "{silences} liên tiếp không có trả lời trong {seconds}, tới {targets}; với mức mất gói thường ngày "
        "{loss_bound} thì {silences_needed} trong {seconds_needed} đủ để kết luận mất kết nối; một lần đo coi như mất "
        "sau {lost_after}",
        "return": "{answers}{late}; từ lần trả lời đầu tiên mất {losses} lần",
        "return_late": ", trong đó {late} lần trễ",
        "late": "có trả lời sau {rtt}, quá thời hạn {timeout}",
        "answer": "có trả lời sau {rtt}",
        "unmeasured": "không đo được gì trong {seconds}",
    },
    "id": {
        "silence": "{silences} berturut-turut tanpa jawaban selama {seconds}, ke {targets}; dengan paket hilang biasa "
        "{loss_bound}, {silences_needed} dalam {seconds_needed} membuktikan putus; satu pengukuran dianggap hilang "
        "setelah {lost_after}",
        "return": "{answers}{late}; sejak jawaban pertama {losses} hilang",
        "return_late": ", {late} di antaranya terlambat",
        "late": "jawaban setelah {rtt}, melewati batas waktu {timeout}",
        "answer": "jawaban setelah {rtt}",
        "unmeasured": "tidak ada yang terukur selama {seconds}",
    },
}
"""Of what ``model.detection`` notes."""

COUNTED: Final[Mapping[Language, Mapping[str, tuple[str, str]]]] = {
    "en": {
        "silences": ("probe", "probes"),
        "silences_needed": ("silence", "silences"),
        "targets": ("target", "targets"),
        "answers": ("answer", "answers"),
    },
    "vi": {
        "silences": ("lần đo", "lần đo"),
        "silences_needed": ("lần không trả lời", "lần không trả lời"),
        "targets": ("đích đo", "đích đo"),
        "answers": ("lần trả lời", "lần trả lời"),
    },
    "id": {
        "silences": ("pengukuran", "pengukuran"),
        "silences_needed": ("kali tanpa jawaban", "kali tanpa jawaban"),
        "targets": ("tujuan", "tujuan"),
        "answers": ("jawaban", "jawaban"),
    },
}
"""What is counted in them: of one, of several."""

OCCASIONS: Final[Mapping[Language, Mapping[Occasion, str]]] = {
    "en": {each: each.value for each in Occasion},
    "vi": {
        Occasion.ALL_MET: "mọi yêu cầu đều đạt",
        Occasion.NOT_MEASURED: "quá lâu không đo được",
        Occasion.BLIND: "các điểm mốc không trả lời: hệ thống giám sát bị mất kết nối",
        Occasion.SIGHTED: "các điểm mốc đã trả lời trở lại",
        Occasion.HELD_UP: "hệ thống giám sát bị treo hoặc đồng hồ bị chỉnh",
        Occasion.PARENT_LOST: "phần mạng phía trước bị mất kết nối",
        Occasion.PARENT_BACK: "phần mạng phía trước đã hoạt động trở lại",
        Occasion.NOT_HELD: "danh mục không còn mục này",
    },
    "id": {
        Occasion.ALL_MET: "semua syarat terpenuhi",
        Occasion.NOT_MEASURED: "terlalu lama tidak terukur",
        Occasion.BLIND: "titik acuan tidak menjawab: pemantau terputus",
        Occasion.SIGHTED: "titik acuan menjawab lagi",
        Occasion.HELD_UP: "pemantau tertahan, atau jamnya diubah",
        Occasion.PARENT_LOST: "jaringan di depannya terputus",
        Occasion.PARENT_BACK: "jaringan di depannya pulih",
        Occasion.NOT_HELD: "inventaris tidak lagi memuatnya",
    },
}

SAID: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {ANSWERED: ANSWERED, **{each: each.value.replace("_", " ") for each in Reason}},
    "vi": {
        ANSWERED: "có trả lời",
        Reason.TIMEOUT: "không có trả lời trong thời hạn",
        Reason.REFUSED: "bị từ chối kết nối",
        Reason.UNREACHABLE: "không có đường tới đích",
        Reason.UNRESOLVED: "tên không có địa chỉ",
        Reason.AUTHENTICATION: "thông tin đăng nhập bị từ chối",
        Reason.AGENT_ERROR: "thiết bị trả lời lỗi SNMP",
        Reason.RCODE: "máy chủ DNS trả lời lỗi",
        Reason.STATUS: "mã trạng thái HTTP ngoài dự kiến",
        Reason.CONTENT: "nội dung trả lời không đúng",
        Reason.TOO_LARGE: "trả lời quá lớn",
        Reason.REDIRECTS: "chuyển hướng quá nhiều lần hoặc tới nơi không được phép",
        Reason.TLS: "không thiết lập được TLS",
        Reason.CERTIFICATE: "chứng chỉ không hợp lệ",
        Reason.PROTOCOL: "trả lời không đúng giao thức",
        Reason.DISCONNECTED: "bị ngắt kết nối giữa chừng",
        Reason.LOCAL: "máy giám sát không gửi được",
    },
    "id": {
        ANSWERED: "menjawab",
        Reason.TIMEOUT: "tidak ada jawaban dalam batas waktu",
        Reason.REFUSED: "koneksi ditolak",
        Reason.UNREACHABLE: "tidak ada jalan ke tujuan",
        Reason.UNRESOLVED: "nama tidak punya alamat",
        Reason.AUTHENTICATION: "kredensial ditolak",
        Reason.AGENT_ERROR: "perangkat menjawab galat SNMP",
        Reason.RCODE: "server DNS menjawab galat",
        Reason.STATUS: "status HTTP tidak sesuai",
        Reason.CONTENT: "isi jawaban tidak sesuai",
        Reason.TOO_LARGE: "jawaban terlalu besar",
        Reason.REDIRECTS: "pengalihan terlalu banyak atau ke tempat yang tidak diizinkan",
        Reason.TLS: "TLS tidak terbentuk",
        Reason.CERTIFICATE: "sertifikat tidak sah",
        Reason.PROTOCOL: "jawaban bukan protokolnya",
        Reason.DISCONNECTED: "terputus di tengah jawaban",
        Reason.LOCAL: "pemantau tidak dapat mengirim",
    },
}
"""What a probe said."""
