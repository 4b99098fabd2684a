"""The words of the pages of monthly reviews in each language. Every language has every word."""

from collections.abc import Mapping
from typing import Final

from model.inventory import Language
from model.month_words import month_and_year

REPORT_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "title": "Monthly reviews",
        "lead": "What each line delivered, what people lost, what is to be decided: one review for each month.",
        "so_far": "so far",
        "until_now": "until now",
        "read": "Read",
        "files": "Files",
        "none": "Nothing is stored yet: the first review is there as soon as the monitor has run for a while.",
        "whole_city": "The whole city",
        "of_wards": "Of one ward",
        "all_months": "All months",
        "making_title": "The review is being made",
        "making": "It takes some seconds, of a whole city some minutes. This page shows it as soon as it is there.",
        "done": "{share} done",
        "again": "Look again",
        "not_running": "Reviews are not made here.",
        "no_month": "There is no such month: write a year and a month such as 2026-10.",
        "no_ward": "The inventory has no such ward.",
        "no_format": "A review has no such form: there are pdf, html, xlsx and json.",
        "to_come": "This month has not begun.",
        "nothing": "Nothing is stored of this month: the monitor did not run.",
        "busy": "Many others wait for reviews. Please try again in a minute.",
        "unreadable": "The history cannot be read now. The monitor's log says why.",
        "failed": "The review could not be made. The monitor's log says why.",
    },
    "vi": {
        "title": "Báo cáo tháng",
        "lead": "Mỗi đường truyền đạt đến đâu, người dân mất gì, cần quyết định gì: mỗi tháng một báo cáo rà soát.",
        "so_far": "chưa hết tháng",
        "until_now": "đến nay",
        "read": "Xem",
        "files": "Tệp",
        "none": "Chưa có dữ liệu nào được lưu: báo cáo đầu tiên có ngay khi hệ thống giám sát chạy được một thời gian.",
        "whole_city": "Toàn thành phố",
        "of_wards": "Của từng phường",
        "all_months": "Tất cả các tháng",
        "making_title": "Đang lập báo cáo",
        "making": "Việc này mất vài giây, với toàn thành phố là vài phút. Trang này tự hiện báo cáo khi lập xong.",
        "done": "đã xong {share}",
        "again": "Xem lại",
        "not_running": "Ở đây không lập báo cáo.",
        "no_month": "Không có tháng này: hãy viết năm và tháng, ví dụ 2026-10.",
        "no_ward": "Danh mục không có phường này.",
        "no_format": "Báo cáo không có dạng tệp này: chỉ có pdf, html, xlsx và json.",
        "to_come": "Tháng này chưa bắt đầu.",
        "nothing": "Không có dữ liệu nào của tháng này: hệ thống giám sát không chạy.",
        "busy": "Đang có nhiều người chờ báo cáo. Xin thử lại sau một phút.",
        "unreadable": "Hiện không đọc được lịch sử. Nhật ký của hệ thống giám sát ghi rõ lý do.",
        "failed": "Không lập được báo cáo. Nhật ký của hệ thống giám sát ghi rõ lý do.",
    },
    "id": {
        "title": "Tinjauan bulanan",
        "lead": "Apa yang diberikan tiap jalur, apa yang hilang bagi warga, apa yang harus diputuskan: satu tinjauan "
        "untuk tiap bulan.",
        "so_far": "bulan belum selesai",
        "until_now": "sampai sekarang",
        "read": "Baca",
        "files": "Berkas",
        "none": "Belum ada yang tersimpan: tinjauan pertama tersedia setelah pemantau berjalan beberapa waktu.",
        "whole_city": "Seluruh kota",
        "of_wards": "Per kelurahan",
        "all_months": "Semua bulan",
        "making_title": "Tinjauan sedang dibuat",
        "making": "Perlu beberapa detik, untuk seluruh kota beberapa menit. Halaman ini menampilkannya begitu selesai.",
        "done": "{share} selesai",
        "again": "Lihat lagi",
        "not_running": "Tinjauan tidak dibuat di sini.",
        "no_month": "Tidak ada bulan seperti itu: tulis tahun dan bulan seperti 2026-10.",
        "no_ward": "Inventaris tidak memuat kelurahan ini.",
        "no_format": "Tinjauan tidak punya bentuk itu: yang ada pdf, html, xlsx dan json.",
        "to_come": "Bulan ini belum mulai.",
        "nothing": "Tidak ada yang tersimpan dari bulan ini: pemantau tidak berjalan.",
        "busy": "Banyak yang menunggu tinjauan. Silakan coba lagi sebentar lagi.",
        "unreadable": "Riwayat tidak dapat dibaca sekarang. Log pemantau menyebutkan sebabnya.",
        "failed": "Tinjauan tidak dapat dibuat. Log pemantau menyebutkan sebabnya.",
    },
}


def month_in_words(name: str, language: Language) -> str:
    """A month such as ``2026-10`` in words, as a heading; as it is where it is none."""
    found = month_and_year(name, language)
    if found is None:
        return name
    month, year = found
    return f"{month[:1].upper()}{month[1:]}{'/' if language == 'vi' else ' '}{year}"
