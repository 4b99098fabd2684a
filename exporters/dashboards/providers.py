"""The board of providers: whose lines hold what they promise?"""

from typing import Final

from exporters.dashboards.board import INCIDENTS, WARD, Board, Mark, Variable
from exporters.dashboards.colours import BAD, BLUE, ORANGE, STATE_COLOURS
from exporters.dashboards.mappings import PAINTED, state_word
from exporters.dashboards.parts import Column, Query, Row, bars, graph, line, looks, named, table, table_of, thresholds
from exporters.dashboards.promql import LINK
from exporters.dashboards.text import Text
from exporters.dashboards.ward import AVAILABILITY, NONE_IS_GOOD
from model.state import State

_FACTS: Final = 'linkward_link_info{ward=~"$ward", provider=~"$provider"}'
_WITH: Final = f"* on ({LINK}) group_left (provider) {_FACTS}"
"""Gives each series of a link the name of its provider; others are left out."""


def _share(lost: str, sent: str, window: str) -> str:
    above, below = (f"sum by (provider) (increase({name}[{window}]) {_WITH})" for name in (lost, sent))
    return f"{above} / ({below} > 0)"


def _loss(window: str) -> str:
    return _share("linkward_link_probes_lost_total", "linkward_link_probes_total", window)


def _rtt(share: float, window: str) -> str:
    buckets = f"sum by (le, provider) (rate(linkward_link_rtt_seconds_bucket[{window}]) {_WITH})"
    return f"histogram_quantile({share}, {buckets})"


_DOWN: Final = f'sum by (provider) (linkward_link_state{{state="down"}} {_WITH})'
_KNOWN: Final = (
    'sum by (provider) (increase(linkward_link_state_seconds_total{state=~"up|degraded"}[$__range]) '
    f"{_WITH}) / (sum by (provider) "
    '(increase(linkward_link_state_seconds_total{state=~"up|degraded|down"}[$__range]) '
    f"{_WITH}) > 0)"
)

_COMPARED: Final = Row(
    Text("Compared", "So sánh"),
    (
        table(
            Text("Providers", "Các nhà mạng"),
            Text(
                "All lines of a provider together, over the chosen time. Availability: up or degraded, of the time "
                "that is known, at all hours; loss: lost probes of those sent; round-trip time: of 95 of 100 probes. "
                "Breached: requirements that its lines do not meet now. Ratios are of sums, never means of ratios.",
                "Gộp mọi đường truyền của một nhà mạng trong khoảng thời gian đã chọn. Độ sẵn sàng: hoạt động hoặc suy "
                "giảm trên thời gian đã biết, mọi giờ; mất gói: số lần mất trên số lần gửi; độ trễ: của 95 trên 100 "
                "lần đo. Không đạt: số yêu cầu hiện không đạt. Tỷ lệ tính từ tổng, không lấy trung bình của tỷ lệ.",
            ),
            (
                Column(Text("Provider", "Nhà mạng"), label="provider"),
                Column(Text("Links", "Đường truyền"), f"count by (provider) (max by (link, provider) ({_FACTS}))"),
                Column(
                    Text("Down now", "Đang mất kết nối"),
                    _DOWN,
                    look=looks(thresholds=thresholds(NONE_IS_GOOD), custom_cellOptions=PAINTED),
                ),
                Column(
                    Text("Requirements not met", "Yêu cầu không đạt"),
                    f'sum by (provider) ((linkward_requirement_met{{link!=""}} == bool 0) {_WITH})',
                    look=looks(thresholds=thresholds(NONE_IS_GOOD), custom_cellOptions=PAINTED),
                ),
                Column(
                    Text("Availability", "Độ sẵn sàng"),
                    _KNOWN,
                    look=looks(
                        unit="percentunit", decimals=3, thresholds=thresholds(AVAILABILITY), custom_cellOptions=PAINTED
                    ),
                ),
                Column(Text("Loss", "Mất gói"), _loss("$__range"), look=looks(unit="percentunit", decimals=3)),
                Column(Text("Round-trip time", "Độ trễ"), _rtt(0.95, "$__range"), look=looks(unit="s")),
                Column(
                    Text("Outages", "Số lần gián đoạn"),
                    'sum by (provider) (increase(linkward_link_outages_total{class="outage"}[$__range]) ' + f"{_WITH})",
                    look=looks(decimals=0),
                ),
            ),
            height=7,
        ),
        bars(
            Text("Lowest availability this month", "Độ sẵn sàng thấp nhất trong tháng"),
            Text(
                "Of the links of each provider, inside service hours and outside announced maintenance.",
                "Trong các đường truyền của mỗi nhà mạng, trong giờ phục vụ và ngoài thời gian bảo trì đã báo trước.",
            ),
            Query(f"min by (provider) (linkward_availability_ratio {_WITH})", "{{provider}}"),
            unit="percentunit",
            steps=AVAILABILITY,
        ),
        table_of(
            Text("Links by state", "Số đường truyền theo trạng thái"),
            Text(
                "How many links of each provider are in each state now.",
                "Số đường truyền của mỗi nhà mạng ở từng trạng thái.",
            ),
            (Query(f"sum by (provider, state) (linkward_link_state {_WITH})"),),
            (
                {
                    "id": "groupingToMatrix",
                    "options": {"columnField": "state", "rowField": "provider", "valueField": "Value"},
                },
            ),
            (
                *(named(state.value, looks(displayName=state_word(state))) for state in State),
                named("provider\\state", looks(displayName=Text("Provider", "Nhà mạng"))),
            ),
            width=12,
            height=9,
        ),
    ),
)

_PAST: Final = Row(
    Text("Over time", "Theo thời gian"),
    (
        graph(
            Text("Links down", "Đường truyền mất kết nối"),
            Text(
                "How many links of each provider were down: several at once is an outage of the provider.",
                "Số đường truyền mất kết nối của mỗi nhà mạng: nhiều cùng lúc là sự cố của nhà mạng.",
            ),
            Query(_DOWN, "{{provider}}"),
            unit="short",
        ),
        graph(
            Text("Loss", "Mất gói"),
            Text(
                "Lost probes as a share of those sent, all lines together.",
                "Số lần mất trên số lần gửi, gộp mọi đường truyền.",
            ),
            Query(_loss("$__rate_interval"), "{{provider}}"),
            unit="percentunit",
        ),
        graph(
            Text("Round-trip time", "Độ trễ"),
            Text(
                "95 of 100 answered probes over the lines of a provider were at least as fast.",
                "95 trên 100 lần đo có trả lời trên các đường của nhà mạng nhanh ít nhất như vậy.",
            ),
            Query(_rtt(0.95, "$__rate_interval"), "{{provider}}"),
            unit="s",
        ),
        graph(
            Text("Delay variation, the worst line", "Biến thiên trễ, đường kém nhất"),
            Text(
                "The largest delay variation of the links of each provider.",
                "Biến thiên trễ lớn nhất trong các đường truyền của mỗi nhà mạng.",
            ),
            Query(f"max by (provider) (linkward_link_delay_variation_seconds {_WITH})", "{{provider}}"),
            unit="s",
        ),
        graph(
            Text("What passes", "Lưu lượng"),
            Text("Over all lines of a provider, towards the sites.", "Trên mọi đường của nhà mạng, chiều về các điểm."),
            Query(
                f'sum by (provider) (linkward_link_speed_bits_per_second{{kind="used", direction="download"}} {_WITH})',
                "{{provider}}",
            ),
            unit="bps",
        ),
        graph(
            Text("Contracted and used", "Theo hợp đồng và đang dùng"),
            Text(
                "The contracted download of all chosen lines together, and what passes.",
                "Tổng tốc độ tải xuống theo hợp đồng của các đường đã chọn, và lưu lượng.",
            ),
            Query(
                'sum by (kind) (linkward_link_speed_bits_per_second{kind=~"used|contracted", direction="download"} '
                f"{_WITH})",
                "{{kind}}",
            ),
            unit="bps",
            overrides=(
                line("contracted", Text("contracted", "theo hợp đồng"), ORANGE, dash=True),
                line("used", Text("used", "đang dùng"), BLUE, fill=30),
            ),
        ),
    ),
)

PROVIDERS_BOARD: Final = Board(
    "providers",
    Text("Providers", "Nhà mạng"),
    Text("Whose lines hold what they promise?", "Đường truyền của nhà mạng nào giữ đúng cam kết?"),
    (_COMPARED, _PAST),
    (
        WARD,
        Variable("provider", Text("Provider", "Nhà mạng"), 'label_values(linkward_link_info{ward=~"$ward"}, provider)'),
    ),
    (
        INCIDENTS,
        Mark(Text("Several links down", "Nhiều đường truyền mất kết nối"), f"{_DOWN} > 1", BAD, "{{provider}}"),
        Mark(
            Text("Maintenance", "Bảo trì"),
            f'sum by (provider) (linkward_link_state{{state="maintenance"}} {_WITH}) > 0',
            STATE_COLOURS[State.MAINTENANCE],
            "{{provider}}",
        ),
    ),
)
