"""The words of speed tests on the page of a link, in each language. Every language has every word."""

from collections.abc import Mapping
from typing import Final

from model.inventory import Language
from model.speed_schedule import Skip

SPEED_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "heading": "Speed test",
        "test": "Test the speed now",
        "load": "For about a minute the test fills the line, and people on it may notice.",
        "used": "Tests have moved {used} of the {budget} that they may this month.",
        "used_free": "Tests have moved {used} this month; no limit is set.",
        "last": "Last test",
        "at_least": "at least {speed}",
        "no_figure": "gave no figure",
        "no_test": "None in the last 31 days.",
        "runs": "A test runs since {at}.",
        "looks_again": "The result will stand here when it is over.",
        "next": "Next planned test: {at} or later.",
        "refused": "Not tested: {why}",
        "unreadable": "The earlier tests cannot be read now.",
    },
    "vi": {
        "heading": "Đo tốc độ",
        "test": "Đo tốc độ ngay",
        "load": "Trong khoảng một phút, phép đo dùng hết đường truyền; người đang dùng mạng có thể thấy chậm.",
        "used": "Tháng này các lần đo đã dùng {used} trong hạn mức {budget}.",
        "used_free": "Tháng này các lần đo đã dùng {used}; không đặt hạn mức.",
        "last": "Lần đo gần nhất",
        "at_least": "ít nhất {speed}",
        "no_figure": "không cho ra số liệu",
        "no_test": "Không có lần đo nào trong 31 ngày qua.",
        "runs": "Đang đo, từ lúc {at}.",
        "looks_again": "Kết quả sẽ hiện ở đây khi đo xong.",
        "next": "Lần đo theo lịch tiếp theo: từ {at}.",
        "refused": "Không đo: {why}",
        "unreadable": "Hiện không đọc được các lần đo trước.",
    },
    "id": {
        "heading": "Uji kecepatan",
        "test": "Uji kecepatan sekarang",
        "load": "Selama sekitar satu menit uji ini memenuhi jalur, dan pemakainya mungkin merasakannya.",
        "used": "Bulan ini uji telah memakai {used} dari jatah {budget}.",
        "used_free": "Bulan ini uji telah memakai {used}; tidak ada batas.",
        "last": "Uji terakhir",
        "at_least": "sedikitnya {speed}",
        "no_figure": "tidak memberi angka",
        "no_test": "Tidak ada dalam 31 hari terakhir.",
        "runs": "Uji berjalan sejak {at}.",
        "looks_again": "Hasilnya akan tampil di sini setelah selesai.",
        "next": "Uji terjadwal berikutnya: {at} atau sesudahnya.",
        "refused": "Tidak diuji: {why}",
        "unreadable": "Uji sebelumnya tidak dapat dibaca saat ini.",
    },
}

SKIPS: Final[Mapping[Language, Mapping[Skip, str]]] = {
    "en": {
        Skip.METERED: "data costs money on this link, and its tests of this month are used up. Wait for next month.",
        Skip.OFF: "the inventory does not say how this link is to be tested. Add “speed_test” to it.",
        Skip.MAINTENANCE: "the link is being worked on. Ask again when that is over.",
        Skip.STATE: "the link is not up. Ask again when it is.",
        Skip.INCIDENT: "the link was not well a few minutes ago. Ask again in ten minutes.",
        Skip.BUSY: "people use the link. Ask again when they do less.",
        Skip.TRAFFIC_UNKNOWN: "nobody knows whether people use the link. Give it an “interface” that is polled.",
        Skip.PROVED: "what it carried today is proof enough. Look at its requirement.",
        Skip.BUDGET: "less is left of this month's budget than a test may take. Raise “budget_per_month”.",
        Skip.NO_TURN: "another test has the line, or the provider's, now. Ask again in a minute.",
        Skip.MONITOR: "the monitor is cut off, or its history cannot be read. Tell whoever runs it.",
    },
    "vi": {
        Skip.METERED: "đường này tính tiền theo dung lượng và số lần đo của tháng đã hết. Xin chờ sang tháng sau.",
        Skip.OFF: "danh mục chưa nêu cách đo đường này. Hãy thêm “speed_test” cho đường này.",
        Skip.MAINTENANCE: "đường này đang được bảo trì. Hãy đo lại khi xong việc.",
        Skip.STATE: "đường này hiện không hoạt động. Hãy đo lại khi đường đã thông.",
        Skip.INCIDENT: "vài phút trước đường này còn gặp sự cố. Hãy đo lại sau mười phút.",
        Skip.BUSY: "đang có nhiều người dùng đường này. Hãy đo lại khi ít người dùng hơn.",
        Skip.TRAFFIC_UNKNOWN: "không biết có ai đang dùng đường này không. Hãy khai “interface” được đọc qua SNMP.",
        Skip.PROVED: "lưu lượng hôm nay đã đủ chứng minh tốc độ. Hãy xem phần yêu cầu.",
        Skip.BUDGET: "hạn mức dữ liệu còn lại của tháng không đủ cho một lần đo. Hãy tăng “budget_per_month”.",
        Skip.NO_TURN: "một phép đo khác đang dùng đường này hoặc đường của nhà cung cấp. Hãy đo lại sau một phút.",
        Skip.MONITOR: "hệ thống giám sát đang mất kết nối hoặc không đọc được lịch sử. Hãy báo người quản trị.",
    },
    "id": {
        Skip.METERED: "data di jalur ini berbayar, dan jatah uji bulan ini sudah habis. Tunggu bulan depan.",
        Skip.OFF: "inventaris tidak menyebut cara menguji jalur ini. Tambahkan “speed_test”.",
        Skip.MAINTENANCE: "jalur ini sedang dalam pemeliharaan. Coba lagi setelah selesai.",
        Skip.STATE: "jalur ini sedang tidak aktif. Coba lagi setelah aktif.",
        Skip.INCIDENT: "beberapa menit lalu jalur ini bermasalah. Coba lagi sepuluh menit lagi.",
        Skip.BUSY: "jalur ini sedang dipakai. Coba lagi saat pemakaian berkurang.",
        Skip.TRAFFIC_UNKNOWN: "tidak diketahui apakah jalur ini sedang dipakai. Beri “interface” yang dibaca.",
        Skip.PROVED: "lalu lintas hari ini sudah cukup membuktikannya. Lihat bagian syarat.",
        Skip.BUDGET: "sisa jatah bulan ini kurang dari yang mungkin dipakai satu uji. Naikkan “budget_per_month”.",
        Skip.NO_TURN: "uji lain sedang memakai jalur ini, atau jalur penyedianya. Coba lagi semenit lagi.",
        Skip.MONITOR: "pemantau terputus, atau riwayatnya tidak dapat dibaca. Beri tahu pengelolanya.",
    },
}
"""Of each reason not to run a test: what is wrong, and what to do about it."""
