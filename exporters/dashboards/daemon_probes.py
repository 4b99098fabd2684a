"""The part of Linkward's own board about its probes: are they made in time, and what came back?"""

from typing import Final

from exporters.dashboards.colours import BAD, HEAT, ORANGE, PURPLE, QUIET, SKY, VERMILION
from exporters.dashboards.parts import Query, Row, graph, heat_map, line
from exporters.dashboards.promql import CHOSEN_DAEMON, RATE
from exporters.dashboards.text import Text

_IT: Final = CHOSEN_DAEMON
_LATE: Final = ((None, QUIET), (1, BAD))


def _lag(share: float) -> str:
    buckets = f"sum by (le, kind) (rate(linkward_schedule_lag_seconds_bucket{{{_IT}}}{RATE}))"
    return f"histogram_quantile({share}, {buckets})"


PROBES: Final = Row(
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
            Query(f"sum by (le) (increase(linkward_schedule_lag_seconds_bucket{{{_IT}}}{RATE}))", "{{le}}"),
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
            Query(f"sum by (kind, outcome) (rate(linkward_probe_runs_total{{{_IT}}}{RATE}))", "{{kind}} {{outcome}}"),
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
            Query(f"sum by (kind) (rate(linkward_schedule_skipped_total{{{_IT}}}{RATE}))", "{{kind}}"),
            unit="cps",
        ),
        graph(
            Text("Packets sent", "Gói đã gửi"),
            Text("Packets of probes each second.", "Số gói đo mỗi giây."),
            Query(f"sum by (kind) (rate(linkward_probe_packets_sent_total{{{_IT}}}{RATE}))", "{{kind}}"),
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
                f'sum by (outcome) (rate(linkward_probe_replies_total{{{_IT}, outcome!="answered"}}{RATE}))',
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
