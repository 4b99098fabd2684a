"""The part of a link's board about what was judged and decided: verdicts, states, outages and the budget."""

from typing import Final

from exporters.dashboards.colours import BAD, BLUE, DOUBTFUL, GOOD, ORANGE, QUIET
from exporters.dashboards.mappings import MET_MAPPING, STATE_MAPPING
from exporters.dashboards.parts import Query, Row, bars, graph, line, timeline
from exporters.dashboards.promql import CHOSEN_LINK, met, state_code
from exporters.dashboards.text import Text
from exporters.dashboards.ward import MET_NAMES

_IT: Final = CHOSEN_LINK

VERDICTS: Final = Row(
    Text("Verdicts", "Kết luận"),
    (
        timeline(
            Text("Requirements, met or not", "Yêu cầu đạt hay không"),
            Text(
                "What was judged, when. Formula: linkward_requirement_met; ? where there is a threshold but no "
                "verdict.",
                "Kết luận theo thời gian. Công thức: linkward_requirement_met; dấu ? là có ngưỡng nhưng chưa kết luận "
                "được.",
            ),
            Query(met("requirement", _IT), "{{requirement}}"),
            mappings=MET_MAPPING,
        ),
        graph(
            Text("Measured, as a share of the limit", "Số đo so với giới hạn"),
            Text(
                "Round-trip time, loss and delay variation as a share of what is allowed: above 100 % is too much. A "
                "breach needs evidence too. Formula: linkward_requirement_value / linkward_requirement_threshold.",
                "Độ trễ, mất gói, biến thiên trễ so với mức cho phép: trên 100 % là quá mức. Để kết luận không đạt còn "
                "cần đủ bằng chứng. Công thức: linkward_requirement_value / linkward_requirement_threshold.",
            ),
            Query(
                f'max by (requirement) (linkward_requirement_value{{{_IT}, requirement=~"rtt|loss|delay_variation"}} '
                "/ linkward_requirement_threshold)",
                "{{requirement}}",
            ),
            unit="percentunit",
            steps=((None, QUIET), (1, BAD)),
            overrides=MET_NAMES,
        ),
        graph(
            Text("Proven, as a share of what is required", "Đã chứng minh so với yêu cầu"),
            Text(
                "Download, upload and availability as a share of what is required: below 100 % is too little, or not "
                "yet proven. Formula: linkward_requirement_value / linkward_requirement_threshold.",
                "Tốc độ tải xuống, tải lên và độ sẵn sàng so với yêu cầu: dưới 100 % là thiếu, hoặc chưa chứng minh "
                "được. Công thức: linkward_requirement_value / linkward_requirement_threshold.",
            ),
            Query(
                f"min by (requirement) (linkward_requirement_value{{{_IT}, "
                f'requirement=~"download|upload|availability"}}'
                " / linkward_requirement_threshold)",
                "{{requirement}}",
            ),
            unit="percentunit",
            steps=((None, BAD), (1, GOOD)),
            overrides=MET_NAMES,
        ),
    ),
)

STATES: Final = Row(
    Text("States and outages", "Trạng thái và gián đoạn"),
    (
        timeline(
            Text("State", "Trạng thái"),
            Text(
                "What the link was, when. What is shorter than a scrape is missing here and counted below.",
                "Trạng thái của đường truyền theo thời gian. Gián đoạn ngắn hơn một lần thu thập không hiện ở đây "
                "nhưng được đếm ở dưới.",
            ),
            Query(state_code("link", "link", _IT), "{{link}}"),
            mappings=STATE_MAPPING,
            height=5,
        ),
        bars(
            Text("Share of the time in each state", "Tỷ lệ thời gian ở mỗi trạng thái"),
            Text(
                "Over the chosen time, to the second, whatever a scrape has missed. Formula: the increase of "
                "linkward_link_state_seconds_total of each state, of the sum of all.",
                "Trong khoảng thời gian đã chọn, chính xác đến giây. Công thức: mức tăng của "
                "linkward_link_state_seconds_total từng trạng thái trên tổng.",
            ),
            Query(
                f"sum by (state) (increase(linkward_link_state_seconds_total{{{_IT}}}[$__range])) / ignoring (state) "
                f"group_left () sum(increase(linkward_link_state_seconds_total{{{_IT}}}[$__range]))",
                "{{state}}",
            ),
            unit="percentunit",
            steps=((None, BLUE),),
            width=8,
        ),
        graph(
            Text("Outages", "Số lần gián đoạn"),
            Text(
                "How many began in each hour: micro ones of 2 s to 10 s, and those of 10 s or more.",
                "Số lần bắt đầu trong mỗi giờ: chớp nhoáng từ 2 giây đến dưới 10 giây, và từ 10 giây trở lên.",
            ),
            Query(f"sum by (class) (increase(linkward_link_outages_total{{{_IT}}}[1h]))", "{{class}}"),
            unit="short",
            overrides=(
                line("micro", Text("micro", "chớp nhoáng"), ORANGE, dash=True),
                line("outage", Text("10 s or more", "từ 10 giây"), BAD, fill=30),
            ),
            width=8,
        ),
        graph(
            Text("How fast the error budget goes", "Tốc độ tiêu hạn mức gián đoạn"),
            Text(
                "How many times faster than tolerated: 1 spends the budget just by the end of 30 days, 14.4 in two "
                "days. Source: linkward_error_budget_burn_rate, over several windows.",
                "Nhanh gấp mấy lần mức cho phép: 1 là vừa hết sau 30 ngày, 14,4 là hết trong hai ngày. Nguồn: "
                "linkward_error_budget_burn_rate, trên nhiều cửa sổ.",
            ),
            Query(f"max by (window) (linkward_error_budget_burn_rate{{{_IT}}})", "{{window}}"),
            unit="short",
            steps=((None, QUIET), (6, DOUBTFUL), (14.4, BAD)),
            width=8,
        ),
        graph(
            Text("Stable minutes", "Số phút ổn định"),
            Text(
                "Stable minutes as a share of those that could be judged: no second down, under 1 % lost, round-trip "
                "time and delay variation within limits. Formula: the increase of linkward_link_stable_seconds_total / "
                "that of linkward_link_judged_seconds_total, over an hour.",
                "Tỷ lệ phút ổn định trên số phút đánh giá được: không giây nào mất kết nối, mất gói dưới 1 %, độ trễ "
                "và biến thiên trễ trong giới hạn. Công thức: mức tăng của linkward_link_stable_seconds_total / "
                "linkward_link_judged_seconds_total trong một giờ.",
            ),
            Query(
                f"sum by (link) (increase(linkward_link_stable_seconds_total{{{_IT}}}[1h])) / "
                f"(sum by (link) (increase(linkward_link_judged_seconds_total{{{_IT}}}[1h])) > 0)",
                "{{link}}",
            ),
            unit="percentunit",
            width=24,
        ),
    ),
)
