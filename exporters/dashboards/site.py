"""The board of a site: its links, devices and services."""

from typing import Final

from exporters.dashboards.board import SITE, WARD, Board, leads_to, maintenance, outage
from exporters.dashboards.colours import BLUE, ORANGE
from exporters.dashboards.mappings import (
    MET_MAPPING,
    PAINTED,
    SERVICE_CELL,
    SERVICE_MAPPING,
    STATE_CELL,
    STATE_MAPPING,
)
from exporters.dashboards.parts import Column, Query, Row, graph, line, looks, stat, table, thresholds, timeline
from exporters.dashboards.promql import breached, loss, met, rtt, state_code
from exporters.dashboards.text import Text, same
from exporters.dashboards.ward import AVAILABILITY, BUDGET, NONE_IS_GOOD

_IT: Final = 'site=~"$site"'
_OPEN: Final = Text("Open", "Mở")

_NOW: Final = Row(
    Text("Now", "Hiện tại"),
    (
        stat(
            Text("State", "Trạng thái"),
            Text(
                "What the site is now. Formula: the state whose linkward_site_state is 1.",
                "Trạng thái hiện tại của điểm. Công thức: trạng thái có linkward_site_state bằng 1.",
            ),
            Query(state_code("site", "site", _IT)),
            unit="none",
            mappings=STATE_MAPPING,
        ),
        stat(
            Text("Requirements not met", "Yêu cầu không đạt"),
            Text(
                "How many requirements of its links and services are known to be breached now.",
                "Số yêu cầu của đường truyền và dịch vụ tại điểm hiện không đạt.",
            ),
            Query(breached(_IT)),
            steps=NONE_IS_GOOD,
        ),
        stat(
            Text("Citizens per hour", "Người dân mỗi giờ"),
            Text(
                "How many people the site serves in an hour, as the inventory has it.",
                "Số người dân điểm phục vụ mỗi giờ, theo khai báo.",
            ),
            Query(f"max(linkward_site_citizens_per_hour{{{_IT}}})"),
        ),
        table(
            Text("The site", "Điểm"),
            Text("What the inventory says of it.", "Thông tin khai báo về điểm."),
            (
                Column(Text("Site", "Điểm"), label="site"),
                Column(Text("Name", "Tên"), label="name"),
                Column(Text("Kind", "Loại"), label="kind"),
                Column(same("info"), f"max by (site, name, kind) (linkward_site_info{{{_IT}}})", is_hidden=True),
            ),
            width=12,
            height=4,
        ),
    ),
)

_LISTS: Final = Row(
    Text("What is there", "Những gì có tại điểm"),
    (
        table(
            Text("Links", "Đường truyền"),
            Text(
                "Each id leads to the board of the link. Loss is that of the requirement's window.",
                "Bấm vào mã để mở bảng của đường truyền. Mất gói là trong cửa sổ của yêu cầu.",
            ),
            (
                Column(Text("Link", "Đường truyền"), label="link", look=leads_to("link", "link", _OPEN)),
                Column(Text("Provider", "Nhà mạng"), label="provider"),
                Column(Text("Role", "Vai trò"), label="role"),
                Column(same("info"), f"max by (link, provider, role) (linkward_link_info{{{_IT}}})", is_hidden=True),
                Column(Text("State", "Trạng thái"), state_code("link", "link", _IT), look=STATE_CELL),
                Column(
                    Text("Loss", "Mất gói"),
                    f"max by (link) (linkward_link_loss_ratio{{{_IT}}})",
                    look=looks(unit="percentunit", decimals=2),
                ),
                Column(
                    Text("Availability this month", "Độ sẵn sàng trong tháng"),
                    f'min by (link) (linkward_availability_ratio{{{_IT}, link!=""}})',
                    look=looks(
                        unit="percentunit", decimals=3, thresholds=thresholds(AVAILABILITY), custom_cellOptions=PAINTED
                    ),
                ),
                Column(
                    Text("Error budget left", "Hạn mức gián đoạn còn lại"),
                    f'min by (link) (linkward_error_budget_remaining_ratio{{{_IT}, link!=""}})',
                    look=looks(unit="percentunit", thresholds=thresholds(BUDGET), custom_cellOptions=PAINTED),
                ),
            ),
            height=6,
        ),
        table(
            Text("Devices", "Thiết bị"),
            Text("Each id leads to the board of the device.", "Bấm vào mã để mở bảng của thiết bị."),
            (
                Column(Text("Device", "Thiết bị"), label="device", look=leads_to("device", "device", _OPEN)),
                Column(Text("Name", "Tên"), label="name"),
                Column(Text("Role", "Vai trò"), label="role"),
                Column(same("info"), f"max by (device, name, role) (linkward_device_info{{{_IT}}})", is_hidden=True),
                Column(Text("State", "Trạng thái"), state_code("device", "device", _IT), look=STATE_CELL),
                Column(
                    Text("Running for", "Đã chạy"),
                    f"max by (device) (sysUpTime{{{_IT}}}) / 100",
                    look=looks(unit="dtdurations"),
                ),
            ),
            width=12,
        ),
        table(
            Text("Public services", "Dịch vụ công"),
            Text(
                "Each id leads to the board of the services. They are seen from this site.",
                "Bấm vào mã để mở bảng dịch vụ. Kết quả đo từ điểm này.",
            ),
            (
                Column(Text("Service", "Dịch vụ"), label="service", look=leads_to("services", "service", _OPEN)),
                Column(Text("Name", "Tên"), label="name"),
                Column(same("info"), f"max by (service, name) (linkward_service_info{{{_IT}}})", is_hidden=True),
                Column(Text("State", "Trạng thái"), state_code("service", "service", _IT), look=SERVICE_CELL),
                Column(
                    Text("Answers in", "Trả lời trong"),
                    f'max by (service) (probe_duration_seconds{{{_IT}, service!=""}})',
                    look=looks(unit="s"),
                ),
            ),
            width=12,
        ),
    ),
)

_PAST: Final = Row(
    Text("States over time", "Diễn biến trạng thái"),
    (
        timeline(
            Text("Links", "Đường truyền"),
            Text("What each link was, when.", "Trạng thái của mỗi đường truyền theo thời gian."),
            Query(state_code("link", "link", _IT), "{{link}}"),
            mappings=STATE_MAPPING,
            height=5,
        ),
        timeline(
            Text("Devices", "Thiết bị"),
            Text(
                "What each device was, when. Degraded: it answers, but its SNMP agent is silent.",
                "Trạng thái của mỗi thiết bị theo thời gian. Suy giảm: thiết bị còn trả lời nhưng SNMP im lặng.",
            ),
            Query(state_code("device", "device", _IT), "{{device}}"),
            mappings=STATE_MAPPING,
            width=12,
        ),
        timeline(
            Text("Public services", "Dịch vụ công"),
            Text("What each service was, when.", "Trạng thái của mỗi dịch vụ theo thời gian."),
            Query(state_code("service", "service", _IT), "{{service}}"),
            mappings=SERVICE_MAPPING,
            width=12,
        ),
        timeline(
            Text("Requirements, met or not", "Yêu cầu đạt hay không"),
            Text(
                "What was judged of each link and service, when; ? where the measurements could not tell.",
                "Kết luận về từng đường truyền và dịch vụ theo thời gian; dấu ? là chưa kết luận được.",
            ),
            Query(met("link, service, requirement", _IT), "{{link}}{{service}} {{requirement}}"),
            mappings=MET_MAPPING,
            height=9,
        ),
    ),
)

_FIGURES: Final = Row(
    Text("Links over time", "Đường truyền theo thời gian"),
    (
        graph(
            Text("What passes", "Lưu lượng"),
            Text(
                "Over each link towards the site (download) and away from it.",
                "Trên mỗi đường truyền, chiều tải xuống về điểm và chiều tải lên.",
            ),
            Query(
                f'max by (link, direction) (linkward_link_speed_bits_per_second{{{_IT}, kind="used"}})',
                "{{link}} {{direction}}",
            ),
            unit="bps",
        ),
        graph(
            Text("Utilization", "Mức sử dụng"),
            Text(
                "What passes as a share of the contracted speed; the fuller of the two directions.",
                "Lưu lượng so với tốc độ theo hợp đồng; lấy chiều đầy hơn.",
            ),
            Query(f"max by (link) (linkward_link_utilization_ratio{{{_IT}}})", "{{link}}"),
            unit="percentunit",
        ),
        graph(
            Text("Round-trip time", "Độ trễ"),
            Text(
                "95 of 100 answered probes were at least as fast as this.",
                "95 trên 100 lần đo có trả lời nhanh ít nhất như vậy.",
            ),
            Query(rtt(0.95, _IT, "link"), "{{link}}"),
            unit="s",
        ),
        graph(
            Text("Loss", "Mất gói"),
            Text("Lost probes as a share of those sent.", "Số lần đo bị mất trên số lần đã gửi."),
            Query(loss(_IT, "link"), "{{link}}"),
            unit="percentunit",
        ),
        graph(
            Text("Probes of this site", "Các phép đo tại điểm"),
            Text(
                "Share of the probes of links, devices and services of the site that succeeded last. Formula: the mean "
                "of probe_success by protocol.",
                "Tỷ lệ phép đo gần nhất thành công của đường truyền, thiết bị và dịch vụ tại điểm. Công thức: trung "
                "bình probe_success theo giao thức.",
            ),
            Query(f"avg by (probe) (probe_success{{{_IT}}})", "{{probe}}"),
            unit="percentunit",
            overrides=(
                line("snmp", same("snmp"), ORANGE, dash=True),
                line("stamp", same("stamp"), BLUE),
            ),
            width=24,
        ),
    ),
)

SITE_BOARD: Final = Board(
    "site",
    Text("Site", "Điểm"),
    Text(
        "What is at this site, is it in order, and how fast are its links?",
        "Điểm này có những gì, có ổn không, và đường truyền nhanh đến đâu?",
    ),
    (_NOW, _LISTS, _PAST, _FIGURES),
    (WARD, SITE),
    (outage("link", _IT), maintenance("site", _IT)),
)
