"""The part of Linkward's own board about the process: its history, its web server, what it takes of the machine."""

from typing import Final

from exporters.dashboards.colours import BAD, BLUE, DOUBTFUL, ORANGE, QUIET
from exporters.dashboards.mappings import YES_IS_GOOD
from exporters.dashboards.parts import Query, Row, graph, line, stat
from exporters.dashboards.promql import CHOSEN_DAEMON, RATE
from exporters.dashboards.text import Text

_IT: Final = CHOSEN_DAEMON


def _gauge(name: str) -> str:
    return f"max(linkward_{name}{{{_IT}}})"


def _of_daemon(expression: str) -> Query:
    """By daemon, without what else is scraped under the same names."""
    return Query(f"max by (instance) ({expression} and on (job, instance) linkward_build_info)", "{{instance}}")


KEPT: Final = Row(
    Text("History", "Lịch sử"),
    (
        graph(
            Text("Facts that wait to be written", "Dữ kiện chờ ghi"),
            Text(
                "How many are not on the disk yet. A change of state is shown only once it is.",
                "Bao nhiêu chưa ghi xuống đĩa. Thay đổi trạng thái chỉ hiện sau khi đã ghi.",
            ),
            Query(_gauge("history_queue_length"), "facts"),
            unit="short",
            overrides=(line("facts", Text("facts", "dữ kiện"), BLUE),),
            width=8,
        ),
        graph(
            Text("The oldest of them", "Dữ kiện chờ lâu nhất"),
            Text(
                "How long it has been waiting; nothing while none waits.", "Đã chờ bao lâu; không hiện gì khi không có."
            ),
            Query(_gauge("history_oldest_seconds"), "oldest"),
            unit="s",
            overrides=(line("oldest", Text("oldest", "lâu nhất"), ORANGE),),
            width=8,
        ),
        graph(
            Text("Facts written and refused", "Dữ kiện đã ghi và bị từ chối"),
            Text(
                "Each second. Refused is lost: there was no room to wait or no way to store it.",
                "Mỗi giây. Bị từ chối là mất: không còn chỗ chờ hoặc không lưu được.",
            ),
            Query(f"sum by (outcome) (rate(linkward_history_facts_total{{{_IT}}}{RATE}))", "{{outcome}}"),
            unit="cps",
            overrides=(
                line("written", Text("written", "đã ghi"), BLUE),
                line("refused", Text("refused", "bị từ chối"), BAD, width=3),
            ),
            width=8,
        ),
    ),
)

WEB: Final = Row(
    Text("Web server", "Máy chủ web"),
    (
        stat(
            Text("Web configuration accepted", "Cấu hình web hợp lệ"),
            Text(
                "Whether the web server is as its configuration file says: TLS, passwords. If not, what was before is "
                "in force; yes where there is no such file.",
                "Máy chủ web có đúng như tệp cấu hình của nó không: TLS, mật khẩu. Nếu không, cấu hình trước vẫn có "
                "hiệu lực; không có tệp thì vẫn là có.",
            ),
            Query(f"min(linkward_web_config_last_reload_successful{{{_IT}}})"),
            unit="none",
            mappings=YES_IS_GOOD,
            width=8,
        ),
        graph(
            Text("Passwords", "Mật khẩu"),
            Text(
                "Passwords that were sent, within the interval of a point: right, when looked at for the first time; "
                "wrong; not looked at, because too many from that address were wrong.",
                "Số mật khẩu được gửi đến trong khoảng của mỗi điểm: đúng, khi xem lần đầu; sai; không xem, vì địa chỉ "
                "đó đã gửi sai quá nhiều lần.",
            ),
            Query(f"sum by (outcome) (increase(linkward_web_authentications_total{{{_IT}}}{RATE}))", "{{outcome}}"),
            unit="short",
            overrides=(
                line("right", Text("right", "đúng"), BLUE),
                line("wrong", Text("wrong", "sai"), ORANGE, dash=True),
                line("wait", Text("not looked at", "không xem"), BAD, width=3),
            ),
            width=16,
        ),
    ),
)

PROCESS: Final = Row(
    Text("Process", "Tiến trình"),
    (
        graph(
            Text("CPU", "CPU"),
            Text(
                "Share of one core that the daemon uses. Formula: the rate of process_cpu_seconds_total.",
                "Phần của một lõi CPU mà chương trình dùng. Công thức: tốc độ tăng của process_cpu_seconds_total.",
            ),
            _of_daemon(f"rate(process_cpu_seconds_total{{{_IT}}}{RATE})"),
            unit="percentunit",
            steps=((None, QUIET), (0.8, DOUBTFUL)),
            width=8,
        ),
        graph(
            Text("Memory", "Bộ nhớ"),
            Text("Resident memory of the daemon.", "Bộ nhớ thường trú của chương trình."),
            _of_daemon(f"process_resident_memory_bytes{{{_IT}}}"),
            unit="bytes",
            width=8,
        ),
        graph(
            Text("Open files", "Tệp đang mở"),
            Text("As a share of what is allowed.", "So với mức cho phép."),
            _of_daemon(f"process_open_fds{{{_IT}}} / process_max_fds"),
            unit="percentunit",
            width=8,
        ),
        graph(
            Text("Duration of a scrape", "Thời gian một lần thu thập"),
            Text("As Prometheus measured it.", "Theo Prometheus đo được."),
            _of_daemon(f"scrape_duration_seconds{{{_IT}}}"),
            unit="s",
        ),
        graph(
            Text("Samples of a scrape", "Số mẫu một lần thu thập"),
            Text("How many series the daemon shows.", "Số chuỗi dữ liệu chương trình đưa ra."),
            _of_daemon(f"scrape_samples_scraped{{{_IT}}}"),
            unit="short",
        ),
        graph(
            Text("Last time the configuration was loaded", "Lần nạp cấu hình gần nhất"),
            Text(
                "How long ago the inventory was loaded with success.",
                "Cấu hình được nạp thành công cách đây bao lâu.",
            ),
            Query(f"time() - {_gauge('config_last_reload_success_timestamp_seconds')}", "age"),
            unit="dtdurations",
            overrides=(line("age", Text("ago", "cách đây"), BLUE),),
        ),
        graph(
            Text("Left out of the tables of devices", "Bị bỏ khỏi bảng thiết bị"),
            Text(
                "Interfaces beyond the limit of one device, and rows whose labels another row had already; nothing "
                "where there is neither.",
                "Số cổng vượt giới hạn của một thiết bị, và số dòng trùng nhãn; không hiện gì nếu không có.",
            ),
            Query("max by (device) (linkward_device_interfaces_cut)", "{{device}}"),
            Query("sum by (device) (rate(linkward_duplicate_series_total[$__rate_interval]))", "{{device}} /s"),
            unit="short",
        ),
        graph(
            Text("Jobs of the calendar that went wrong", "Việc theo lịch bị lỗi"),
            Text(
                "Missed, left out because the one before had not ended, or ended in an error, within the interval of a "
                "point; nothing before the first.",
                "Bị lỡ, bị bỏ vì lần trước chưa xong, hoặc kết thúc bằng lỗi, trong khoảng của mỗi điểm; chưa có lần "
                "nào thì không hiện.",
            ),
            Query(
                f"sum by (job, outcome) (increase(linkward_calendar_irregularities_total{{{_IT}}}{RATE}))",
                "{{job}} {{outcome}}",
            ),
            unit="short",
            width=24,
        ),
    ),
)
