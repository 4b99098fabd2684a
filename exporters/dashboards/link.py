"""The board of a link: is it as fast and as stable as it must be, and since when not?"""

from typing import Final

from exporters.dashboards.board import SITES, WARD, Board, Variable, maintenance, outage
from exporters.dashboards.colours import BAD, BLUE, DOUBTFUL, GOOD, GREEN, HEAT, ORANGE, PURPLE, QUIET, SKY, VERMILION
from exporters.dashboards.mappings import MET_MAPPING, STATE_MAPPING, YES_IS_BAD
from exporters.dashboards.parts import Column, Query, Row, bars, graph, heat_map, line, stat, table, timeline
from exporters.dashboards.promql import loss, met, rtt, state_code
from exporters.dashboards.text import Text, same
from exporters.dashboards.ward import AVAILABILITY, BUDGET, MET_NAMES

_IT: Final = 'link=~"$link"'

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


_NOW: Final = Row(
    Text("Now", "Hiện tại"),
    (
        stat(
            Text("State", "Trạng thái"),
            Text(
                "What the link is now. Formula: the state whose linkward_link_state is 1.",
                "Trạng thái hiện tại của đường truyền. Công thức: trạng thái có linkward_link_state bằng 1.",
            ),
            Query(state_code("link", "link", _IT)),
            unit="none",
            mappings=STATE_MAPPING,
        ),
        stat(
            Text("Availability this month", "Độ sẵn sàng trong tháng"),
            Text(
                "Up or degraded, as a share of the known time of this month so far, inside service hours and outside "
                "announced maintenance.",
                "Phần thời gian hoạt động hoặc suy giảm trên thời gian đã biết từ đầu tháng, trong giờ phục vụ và "
                "ngoài thời gian bảo trì đã báo trước.",
            ),
            Query(f"min(linkward_availability_ratio{{{_IT}}})"),
            unit="percentunit",
            steps=AVAILABILITY,
        ),
        stat(
            Text("Error budget left", "Hạn mức gián đoạn còn lại"),
            Text(
                "Of the outage that is tolerated this month, the share that is left; below 0 the month is lost.",
                "Phần còn lại của thời gian gián đoạn cho phép trong tháng; dưới 0 là tháng này không đạt.",
            ),
            Query(f"min(linkward_error_budget_remaining_ratio{{{_IT}}})"),
            unit="percentunit",
            steps=BUDGET,
        ),
        stat(
            Text("Flapping", "Chập chờn"),
            Text(
                "Whether the link goes down so often that single outages are no news.",
                "Đường truyền có mất kết nối liên tục đến mức từng lần gián đoạn không còn đáng báo hay không.",
            ),
            Query(f"max(linkward_link_flapping{{{_IT}}}) or max(linkward_link_info{{{_IT}}}) * 0"),
            unit="none",
            mappings=YES_IS_BAD,
        ),
        table(
            Text("The link", "Đường truyền"),
            Text("What the inventory says of it.", "Thông tin khai báo về đường truyền."),
            (
                Column(Text("Link", "Đường truyền"), label="link"),
                Column(Text("Provider", "Nhà mạng"), label="provider"),
                Column(Text("Circuit", "Số hiệu"), label="circuit"),
                Column(Text("Role", "Vai trò"), label="role"),
                Column(Text("Requirement", "Yêu cầu"), label="requirement"),
                Column(
                    same("info"),
                    f"max by (link, provider, circuit, role, requirement) (linkward_link_info{{{_IT}}})",
                    is_hidden=True,
                ),
            ),
            width=8,
            height=4,
        ),
    ),
)

_SPEEDS: Final = Row(
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

_DELAY: Final = Row(
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

_LOSS: Final = Row(
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

_VERDICTS: Final = Row(
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

_STATES: Final = Row(
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

LINK_BOARD: Final = Board(
    "link",
    Text("Link", "Đường truyền"),
    Text(
        "Is this link as fast and as stable as it must be, and since when not?",
        "Đường truyền này có đủ nhanh và ổn định như yêu cầu không, và không đạt từ lúc nào?",
    ),
    (_NOW, _SPEEDS, _DELAY, _LOSS, _VERDICTS, _STATES),
    (
        WARD,
        SITES,
        Variable(
            "link",
            Text("Link", "Đường truyền"),
            'label_values(linkward_link_info{ward=~"$ward", site=~"$site"}, link)',
            has_all=False,
        ),
    ),
    (outage("link", _IT), maintenance("link", _IT)),
)
