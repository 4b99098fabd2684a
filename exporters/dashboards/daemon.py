"""The board of Linkward itself: does it measure in time, keep what it finds, and reach people?"""

from typing import Final

from exporters.dashboards.board import INCIDENTS, Board, Mark, Variable
from exporters.dashboards.colours import BAD, BLUE, DOUBTFUL, GOOD, HEAT, ORANGE, PURPLE, QUIET, SKY, VERMILION
from exporters.dashboards.mappings import YES_IS_BAD, mapping
from exporters.dashboards.parts import Query, Row, graph, heat_map, line, stat
from exporters.dashboards.text import Text
from exporters.dashboards.ward import SEVERITY_LOOKS

_IT: Final = 'instance=~"$instance"'
_RATE: Final = "[$__rate_interval]"
_YES_IS_GOOD: Final = mapping(((1, Text("✓ yes", "✓ có"), GOOD), (0, Text("✕ no", "✕ không"), BAD)))
_LATE: Final = ((None, QUIET), (1, BAD))


def _gauge(name: str) -> str:
    return f"max(linkward_{name}{{{_IT}}})"


def _lag(share: float) -> str:
    buckets = f"sum by (le, kind) (rate(linkward_schedule_lag_seconds_bucket{{{_IT}}}{_RATE}))"
    return f"histogram_quantile({share}, {buckets})"


_NOW: Final = Row(
    Text("Now", "Hiện tại"),
    (
        stat(
            Text("Answers Prometheus", "Trả lời Prometheus"),
            Text(
                "Whether the last scrape came through: up.",
                "Lần thu thập gần nhất có thành công không: up.",
            ),
            Query(f"min(up{{{_IT}}} and on (job, instance) linkward_build_info)"),
            unit="none",
            mappings=_YES_IS_GOOD,
        ),
        stat(
            Text("Version", "Phiên bản"),
            Text("Of the daemon that runs.", "Của chương trình đang chạy."),
            Query(f"max by (version) (linkward_build_info{{{_IT}}})", "{{version}}"),
            unit="none",
        ),
        stat(
            Text("Running for", "Đã chạy"),
            Text(
                "Since the daemon was started. Formula: time() - process_start_time_seconds.",
                "Kể từ khi chương trình khởi động. Công thức: time() - process_start_time_seconds.",
            ),
            Query(f"time() - max(process_start_time_seconds{{{_IT}}} and on (job, instance) linkward_build_info)"),
            unit="dtdurations",
        ),
        stat(
            Text("Configuration accepted", "Cấu hình hợp lệ"),
            Text(
                "Whether the last attempt to load the inventory succeeded; if not, the one before is in force.",
                "Lần nạp cấu hình gần nhất có thành công không; nếu không, cấu hình trước vẫn có hiệu lực.",
            ),
            Query(f"min(linkward_config_last_reload_successful{{{_IT}}})"),
            unit="none",
            mappings=_YES_IS_GOOD,
        ),
        stat(
            Text("Cut off", "Mất tầm nhìn"),
            Text(
                "Whether all anchors are silent, so that the monitor itself is cut off. Nothing is shown where the "
                "inventory has no anchors.",
                "Mọi điểm neo có im lặng không, tức chính máy giám sát bị mất mạng. Không hiện gì nếu không khai báo "
                "điểm neo.",
            ),
            Query(_gauge("monitor_blind")),
            unit="none",
            mappings=YES_IS_BAD,
        ),
        stat(
            Text("History can be written", "Ghi được lịch sử"),
            Text("Whether what is found can be kept.", "Kết quả có được lưu lại không."),
            Query(f"min(linkward_history_writable{{{_IT}}})"),
            unit="none",
            mappings=_YES_IS_GOOD,
        ),
    ),
)

_PROBES: Final = Row(
    Text("Probes", "Các phép đo"),
    (
        heat_map(
            Text("How late probes start", "Phép đo bắt đầu trễ bao lâu"),
            Text(
                "How many probes started how late: the brighter, the more. Formula: the increase of "
                "linkward_schedule_lag_seconds_bucket.",
                "Bao nhiêu phép đo bắt đầu trễ bao lâu: càng sáng càng nhiều. Công thức: mức tăng của "
                "linkward_schedule_lag_seconds_bucket.",
            ),
            Query(f"sum by (le) (increase(linkward_schedule_lag_seconds_bucket{{{_IT}}}{_RATE}))", "{{le}}"),
            scheme=HEAT,
        ),
        graph(
            Text("The latest of 100 probes", "Phép đo trễ nhất trong 100"),
            Text(
                "99 of 100 probes of each kind started at most so late; over 1 s the machine is too slow.",
                "99 trên 100 phép đo mỗi loại bắt đầu trễ không quá mức này; trên 1 giây là máy quá chậm.",
            ),
            Query(_lag(0.99), "{{kind}}"),
            unit="s",
            steps=_LATE,
        ),
        graph(
            Text("Runs by outcome", "Số lần đo theo kết quả"),
            Text(
                "Ended runs each second: success, or the reason of the failure.",
                "Số lần đo kết thúc mỗi giây: thành công, hoặc nguyên nhân thất bại.",
            ),
            Query(f"sum by (kind, outcome) (rate(linkward_probe_runs_total{{{_IT}}}{_RATE}))", "{{kind}} {{outcome}}"),
            unit="cps",
            stack=True,
        ),
        graph(
            Text("Runs left out", "Số lần đo bị bỏ"),
            Text(
                "Because the one before had not ended, or because the process was held up; none is counted before the "
                "first.",
                "Vì lần trước chưa xong, hoặc chương trình bị nghẽn; chưa có lần nào thì không có số liệu.",
            ),
            Query(f"sum by (kind) (rate(linkward_schedule_skipped_total{{{_IT}}}{_RATE}))", "{{kind}}"),
            unit="cps",
        ),
        graph(
            Text("Packets sent", "Gói đã gửi"),
            Text("Packets of probes each second.", "Số gói đo mỗi giây."),
            Query(f"sum by (kind) (rate(linkward_probe_packets_sent_total{{{_IT}}}{_RATE}))", "{{kind}}"),
            unit="pps",
        ),
        graph(
            Text("Replies that are no measurement", "Trả lời không dùng được"),
            Text(
                "Each second: duplicates; late ones, after the time-out; alien ones, that nobody waits for; those "
                "dropped because a buffer of this machine was full.",
                "Mỗi giây: trùng lặp; trễ sau thời hạn; lạ, không ai chờ; bị rơi vì bộ đệm của máy này đầy.",
            ),
            Query(
                f'sum by (outcome) (rate(linkward_probe_replies_total{{{_IT}, outcome!="answered"}}{_RATE}))',
                "{{outcome}}",
            ),
            unit="pps",
            overrides=(
                line("late", Text("late", "trễ"), ORANGE),
                line("duplicate", Text("duplicate", "trùng lặp"), SKY, dash=True),
                line("alien", Text("alien", "lạ"), PURPLE),
                line("dropped", Text("dropped", "bị rơi"), VERMILION, width=3),
            ),
        ),
    ),
)

_PEOPLE: Final = Row(
    Text("Incidents and messages", "Sự cố và tin nhắn"),
    (
        graph(
            Text("Open incidents", "Sự cố đang mở"),
            Text("Incidents that are not over.", "Số sự cố chưa kết thúc."),
            Query(f"max by (severity) (linkward_incidents_open{{{_IT}}})", "{{severity}}"),
            unit="short",
            overrides=SEVERITY_LOOKS,
            width=8,
        ),
        graph(
            Text("Decisions", "Quyết định"),
            Text(
                "Whether somebody is told, by what was decided, within the interval of a point.",
                "Có báo cho ai không, theo quyết định, trong khoảng của mỗi điểm.",
            ),
            Query(f"sum by (outcome) (increase(linkward_alert_decisions_total{{{_IT}}}{_RATE}))", "{{outcome}}"),
            unit="short",
            stack=True,
            width=8,
        ),
        graph(
            Text("Messages by outcome", "Tin nhắn theo kết quả"),
            Text(
                "Messages to each receiver within the interval of a point: delivered, retried, refused, given up, "
                "superseded, fallback.",
                "Tin nhắn đến mỗi nơi nhận trong khoảng của mỗi điểm: đã giao, gửi lại, bị từ chối, bỏ cuộc, được thay "
                "thế, chuyển kênh dự phòng.",
            ),
            Query(
                f"sum by (receiver, outcome) (increase(linkward_notifications_total{{{_IT}}}{_RATE}))",
                "{{receiver}} {{outcome}}",
            ),
            unit="short",
            stack=True,
            width=8,
        ),
        graph(
            Text("Messages that wait", "Tin nhắn đang chờ"),
            Text("How many wait to be delivered, by receiver.", "Số tin nhắn chờ gửi, theo nơi nhận."),
            Query(f"max by (receiver) (linkward_notification_queue_length{{{_IT}}})", "{{receiver}}"),
            unit="short",
            width=8,
        ),
        graph(
            Text("The oldest message that waits", "Tin nhắn chờ lâu nhất"),
            Text(
                "How long it has been waiting; nothing while none waits.",
                "Đã chờ bao lâu; không hiện gì khi không có tin nhắn nào chờ.",
            ),
            Query(f"max by (receiver) (linkward_notification_oldest_seconds{{{_IT}}})", "{{receiver}}"),
            unit="s",
            steps=((None, QUIET), (300, BAD)),
            width=8,
        ),
        graph(
            Text("Failed heartbeats", "Nhịp tim thất bại"),
            Text(
                "Calls of the dead-man heartbeat that did not come through, within the interval of a point.",
                "Số lần gọi nhịp tim ra ngoài không thành công, trong khoảng của mỗi điểm.",
            ),
            Query(f"sum(increase(linkward_heartbeat_failures_total{{{_IT}}}{_RATE}))", "failures"),
            unit="short",
            overrides=(line("failures", Text("failures", "thất bại"), BAD),),
            width=8,
        ),
    ),
)

_KEPT: Final = Row(
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
            Query(f"sum by (outcome) (rate(linkward_history_facts_total{{{_IT}}}{_RATE}))", "{{outcome}}"),
            unit="cps",
            overrides=(
                line("written", Text("written", "đã ghi"), BLUE),
                line("refused", Text("refused", "bị từ chối"), BAD, width=3),
            ),
            width=8,
        ),
    ),
)

_PROCESS: Final = Row(
    Text("Process", "Tiến trình"),
    (
        graph(
            Text("CPU", "CPU"),
            Text(
                "Share of one core that the daemon uses. Formula: the rate of process_cpu_seconds_total.",
                "Phần của một lõi CPU mà chương trình dùng. Công thức: tốc độ tăng của process_cpu_seconds_total.",
            ),
            Query(
                f"max by (instance) (rate(process_cpu_seconds_total{{{_IT}}}{_RATE}) and on (job, instance) "
                "linkward_build_info)",
                "{{instance}}",
            ),
            unit="percentunit",
            steps=((None, QUIET), (0.8, DOUBTFUL)),
            width=8,
        ),
        graph(
            Text("Memory", "Bộ nhớ"),
            Text("Resident memory of the daemon.", "Bộ nhớ thường trú của chương trình."),
            Query(
                f"max by (instance) (process_resident_memory_bytes{{{_IT}}} and on (job, instance) "
                f"linkward_build_info)",
                "{{instance}}",
            ),
            unit="bytes",
            width=8,
        ),
        graph(
            Text("Open files", "Tệp đang mở"),
            Text("As a share of what is allowed.", "So với mức cho phép."),
            Query(
                f"max by (instance) (process_open_fds{{{_IT}}} / process_max_fds and on (job, instance) "
                "linkward_build_info)",
                "{{instance}}",
            ),
            unit="percentunit",
            width=8,
        ),
        graph(
            Text("Duration of a scrape", "Thời gian một lần thu thập"),
            Text("As Prometheus measured it.", "Theo Prometheus đo được."),
            Query(
                f"max by (instance) (scrape_duration_seconds{{{_IT}}} and on (job, instance) linkward_build_info)",
                "{{instance}}",
            ),
            unit="s",
        ),
        graph(
            Text("Samples of a scrape", "Số mẫu một lần thu thập"),
            Text("How many series the daemon shows.", "Số chuỗi dữ liệu chương trình đưa ra."),
            Query(
                f"max by (instance) (scrape_samples_scraped{{{_IT}}} and on (job, instance) linkward_build_info)",
                "{{instance}}",
            ),
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
                f"sum by (job, outcome) (increase(linkward_calendar_irregularities_total{{{_IT}}}{_RATE}))",
                "{{job}} {{outcome}}",
            ),
            unit="short",
            width=24,
        ),
    ),
)

DAEMON_BOARD: Final = Board(
    "itself",
    Text("Linkward itself", "Chính Linkward"),
    Text(
        "Does it measure in time, keep what it finds, and reach people?",
        "Chương trình có đo đúng giờ, lưu được kết quả và báo được cho người không?",
    ),
    (_NOW, _PROBES, _PEOPLE, _KEPT, _PROCESS),
    (Variable("instance", Text("Daemon", "Chương trình"), "label_values(linkward_build_info, instance)"),),
    (
        INCIDENTS,
        Mark(
            Text("Cut off", "Mất tầm nhìn"),
            f"max by (instance) (linkward_monitor_blind{{{_IT}}}) > 0",
            VERMILION,
            "{{instance}}",
        ),
        Mark(
            Text("Configuration loaded", "Nạp cấu hình"),
            f"max by (instance) (changes(linkward_config_last_reload_success_timestamp_seconds{{{_IT}}}"
            "[$__rate_interval])) > 0",
            BLUE,
            "{{instance}}",
        ),
    ),
)
