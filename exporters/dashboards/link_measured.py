"""The part of a link's board about what is measured: speeds, delay and loss, each beside what is required."""

from typing import Final

from exporters.dashboards.colours import BLUE, DOUBTFUL, GREEN, HEAT, ORANGE, PURPLE, QUIET, SKY, VERMILION
from exporters.dashboards.parts import Query, Row, graph, heat_map, line
from exporters.dashboards.promql import CHOSEN_LINK, loss, rtt
from exporters.dashboards.text import Text, same

_IT: Final = CHOSEN_LINK

_SPEED_LOOKS: Final = (
    line("required", Text("required", "yêu cầu"), VERMILION, dash=True, width=3),
    line("contracted", Text("contracted", "theo hợp đồng"), ORANGE, dash=True),
    line("negotiated", Text("negotiated by the port", "cổng đã thỏa thuận"), QUIET),
    line("tested", Text("tested", "đo kiểm"), GREEN, width=3),
    line("used", Text("used", "đang dùng"), BLUE, fill=30),
)
_REQUIRED: Final = line("required", Text("required", "yêu cầu"), VERMILION, dash=True, width=3)
_QUANTILES: Final = (
    line("p50", Text("half of the probes", "một nửa số lần đo"), SKY),
    line("p95", Text("95 of 100 probes", "95 trên 100 lần đo"), BLUE),
    line("p99", Text("99 of 100 probes", "99 trên 100 lần đo"), PURPLE),
    _REQUIRED,
)


def _limit(requirement: str) -> Query:
    threshold = f'max(linkward_requirement_threshold{{{_IT}, requirement="{requirement}"}})'
    return Query(threshold, "required")


def _speed(direction: str) -> Query:
    series = f'linkward_link_speed_bits_per_second{{{_IT}, direction="{direction}"}}'
    return Query(f"max by (kind) ({series})", "{{kind}}")


SPEEDS: Final = Row(
    Text("Speed", "Tốc độ"),
    (
        graph(
            Text("Download: required and what is there", "Tải xuống: yêu cầu và thực tế"),
            Text(
                "The required speed as a thick dashed line over what passes (used), what tests have shown (tested), "
                "what the port has negotiated and what the contract says. What passes below the required line is no "
                "breach: a line that nobody fills is not slow. Source: linkward_link_speed_bits_per_second.",
                "Tốc độ yêu cầu là đường nét đứt đậm, so với lưu lượng đang dùng, kết quả đo kiểm, tốc độ cổng đã thỏa "
                "thuận và tốc độ theo hợp đồng. Đang dùng ít hơn yêu cầu không phải là vi phạm: đường truyền không ai "
                "dùng hết thì không phải là chậm. Nguồn: linkward_link_speed_bits_per_second.",
            ),
            _speed("download"),
            unit="bps",
            overrides=_SPEED_LOOKS,
        ),
        graph(
            Text("Upload: required and what is there", "Tải lên: yêu cầu và thực tế"),
            Text("The same away from the site.", "Tương tự, theo chiều từ điểm đi ra."),
            _speed("upload"),
            unit="bps",
            overrides=_SPEED_LOOKS,
        ),
        graph(
            Text("Utilization", "Mức sử dụng"),
            Text(
                "What passes as a share of the contracted speed.",
                "Lưu lượng đang dùng so với tốc độ theo hợp đồng.",
            ),
            Query(f"max by (direction) (linkward_link_utilization_ratio{{{_IT}}})", "{{direction}}"),
            unit="percentunit",
            overrides=(
                line("download", Text("download", "tải xuống"), BLUE, fill=20),
                line("upload", Text("upload", "tải lên"), ORANGE, dash=True),
            ),
            steps=((None, QUIET), (0.9, DOUBTFUL)),
            width=24,
        ),
    ),
)

DELAY: Final = Row(
    Text("Delay", "Độ trễ"),
    (
        heat_map(
            Text("Round-trip times", "Phân bố độ trễ"),
            Text(
                "How many probes took how long: the brighter, the more. Formula: the increase of "
                "linkward_link_rtt_seconds_bucket.",
                "Bao nhiêu lần đo có độ trễ bao nhiêu: càng sáng càng nhiều. Công thức: mức tăng của "
                "linkward_link_rtt_seconds_bucket.",
            ),
            Query(
                f"sum by (le) (increase(linkward_link_rtt_seconds_bucket{{{_IT}}}[$__rate_interval]))",
                "{{le}}",
            ),
            scheme=HEAT,
        ),
        graph(
            Text("Round-trip time, quantiles", "Độ trễ, phân vị"),
            Text(
                "So many of 100 answered probes were at least as fast as this. The dashed line is the largest 95th "
                "percentile that the requirement allows. Formula: histogram_quantile over linkward_link_rtt_seconds.",
                "Bấy nhiêu trên 100 lần đo có trả lời nhanh ít nhất như vậy. Đường nét đứt là phân vị 95 lớn nhất mà "
                "yêu cầu cho phép. Công thức: histogram_quantile trên linkward_link_rtt_seconds.",
            ),
            Query(rtt(0.5, _IT), "p50"),
            Query(rtt(0.95, _IT), "p95"),
            Query(rtt(0.99, _IT), "p99"),
            _limit("rtt"),
            unit="s",
            overrides=_QUANTILES,
        ),
        graph(
            Text("Delay variation", "Biến thiên trễ"),
            Text(
                "By how much the slowest of 100 packets is slower than the fastest of the window (PDV, RFC 5481), and "
                "the jitter that telephones show (RFC 3550), by which nothing is judged.",
                "Gói chậm nhất trong 100 gói chậm hơn gói nhanh nhất bao nhiêu (PDV, RFC 5481), và jitter như điện "
                "thoại hiển thị (RFC 3550), không dùng để đánh giá.",
            ),
            Query(f"max(linkward_link_delay_variation_seconds{{{_IT}}})", "variation"),
            Query(f"max(linkward_link_jitter_seconds{{{_IT}}})", "jitter"),
            _limit("delay_variation"),
            unit="s",
            overrides=(
                line("variation", Text("delay variation", "biến thiên trễ"), BLUE),
                line("jitter", same("jitter"), SKY),
                _REQUIRED,
            ),
            width=24,
        ),
    ),
)

LOSS: Final = Row(
    Text("Loss", "Mất gói"),
    (
        graph(
            Text("Loss", "Mất gói"),
            Text(
                "Lost probes as a share of those sent: over the requirement's window, by which the link is judged, and "
                "between two points of this graph.",
                "Số lần đo bị mất trên số lần đã gửi: trong cửa sổ của yêu cầu, dùng để đánh giá, và giữa hai điểm của "
                "đồ thị này.",
            ),
            Query(f"max(linkward_link_loss_ratio{{{_IT}}})", "window"),
            Query(loss(_IT, "link"), "now"),
            _limit("loss"),
            unit="percentunit",
            overrides=(
                line("window", Text("over the window", "trong cửa sổ"), BLUE),
                line("now", Text("at the moment", "tức thời"), SKY, fill=20),
                _REQUIRED,
            ),
        ),
        graph(
            Text("Lost on which way", "Mất theo chiều nào"),
            Text(
                "STAMP test packets (RFC 8762) lost each second on the way to the site (forward) and on the way back. "
                "Other probes cannot tell.",
                "Số gói đo STAMP (RFC 8762) mất mỗi giây trên chiều đi đến điểm và chiều về. Các phép đo khác không "
                "phân biệt được.",
            ),
            Query(
                f"sum by (direction) (rate(linkward_link_direction_lost_total{{{_IT}}}[$__rate_interval]))",
                "{{direction}}",
            ),
            unit="pps",
            overrides=(
                line("forward", Text("forward", "chiều đi"), VERMILION),
                line("backward", Text("backward", "chiều về"), BLUE, dash=True),
            ),
        ),
    ),
)
