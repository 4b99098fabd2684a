"""The board of Linkward itself: does it measure in time, keep what it finds, and reach people?"""

from typing import Final

from exporters.dashboards.board import INCIDENTS, Board, Mark, Variable
from exporters.dashboards.colours import BAD, BLUE, QUIET, VERMILION
from exporters.dashboards.daemon_probes import PROBES
from exporters.dashboards.daemon_process import KEPT, PROCESS, WEB
from exporters.dashboards.mappings import YES_IS_BAD, YES_IS_GOOD
from exporters.dashboards.parts import Query, Row, graph, line, stat
from exporters.dashboards.promql import CHOSEN_DAEMON, RATE
from exporters.dashboards.text import Text
from exporters.dashboards.ward import SEVERITY_LOOKS

_IT: Final = CHOSEN_DAEMON


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
            mappings=YES_IS_GOOD,
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
            mappings=YES_IS_GOOD,
        ),
        stat(
            Text("Cut off", "Mất tầm nhìn"),
            Text(
                "Whether all anchors are silent, so that the monitor itself is cut off. Nothing is shown where the "
                "inventory has no anchors.",
                "Mọi điểm neo có im lặng không, tức chính máy giám sát bị mất mạng. Không hiện gì nếu không khai báo "
                "điểm neo.",
            ),
            Query(f"max(linkward_monitor_blind{{{_IT}}})"),
            unit="none",
            mappings=YES_IS_BAD,
        ),
        stat(
            Text("History can be written", "Ghi được lịch sử"),
            Text("Whether what is found can be kept.", "Kết quả có được lưu lại không."),
            Query(f"min(linkward_history_writable{{{_IT}}})"),
            unit="none",
            mappings=YES_IS_GOOD,
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
            Query(f"sum by (outcome) (increase(linkward_alert_decisions_total{{{_IT}}}{RATE}))", "{{outcome}}"),
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
                f"sum by (receiver, outcome) (increase(linkward_notifications_total{{{_IT}}}{RATE}))",
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
            Query(f"sum(increase(linkward_heartbeat_failures_total{{{_IT}}}{RATE}))", "failures"),
            unit="short",
            overrides=(line("failures", Text("failures", "thất bại"), BAD),),
            width=8,
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
    (_NOW, PROBES, _PEOPLE, KEPT, WEB, PROCESS),
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
