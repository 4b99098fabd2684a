"""The board of a device: its interfaces, and how it answers SNMP and pings."""

from typing import Final

from exporters.dashboards.board import SITES, WARD, Board, Variable, maintenance, outage
from exporters.dashboards.colours import BLUE, GREEN, ORANGE, PURPLE, SKY
from exporters.dashboards.device_health import HEALTH
from exporters.dashboards.mappings import PAINTED, PORT_MAPPING, STATE_MAPPING, SUCCESS_MAPPING
from exporters.dashboards.parts import Column, Query, Row, graph, line, looks, stat, table, timeline
from exporters.dashboards.promql import state_code
from exporters.dashboards.text import Text, same

_IT: Final = 'device=~"$device"'
_PORTS: Final = f'{_IT}, ifName=~"$interface"'
_BY_PORT: Final = "device, ifName, ifAlias"
_PORT: Final = "{{ifName}} {{ifAlias}}"
_PORT_CELL: Final = looks(mappings=list(PORT_MAPPING), custom_cellOptions=PAINTED)


def _bits(way: str, window: str = "$__rate_interval") -> str:
    """What passes an interface, by the counter of 64 bits or else that of 32."""
    wide, narrow = (f"rate({name}{way}Octets{{{_PORTS}}}[{window}])" for name in ("ifHC", "if"))
    return f"max by ({_BY_PORT}) ({wide} or {narrow}) * 8"


def _counted(*names: str) -> tuple[Query, ...]:
    return tuple(
        Query(f"max by ({_BY_PORT}) (rate({name}{{{_PORTS}}}[$__rate_interval]))", f"{_PORT} {way}")
        for name, way in zip(names, ("in", "out"), strict=True)
    )


_NOW: Final = Row(
    Text("Now", "Hiện tại"),
    (
        stat(
            Text("State", "Trạng thái"),
            Text(
                "What the device is now. Degraded: it answers, but its SNMP agent is silent.",
                "Trạng thái hiện tại. Suy giảm: thiết bị còn trả lời nhưng SNMP im lặng.",
            ),
            Query(state_code("device", "device", _IT)),
            unit="none",
            mappings=STATE_MAPPING,
        ),
        stat(
            Text("Running for", "Đã chạy"),
            Text(
                "Since its SNMP agent was started, mostly since the device was. Formula: sysUpTime / 100.",
                "Kể từ khi SNMP của thiết bị khởi động, thường là khi thiết bị khởi động. Công thức: sysUpTime / 100.",
            ),
            Query(f"max(sysUpTime{{{_IT}}}) / 100"),
            unit="dtdurations",
        ),
        stat(
            Text("Interfaces up", "Cổng đang hoạt động"),
            Text(
                "How many interfaces are up. Formula: the number of ifOperStatus that are 1.",
                "Số cổng đang hoạt động. Công thức: số ifOperStatus bằng 1.",
            ),
            Query(f"sum(max by ({_BY_PORT}) (ifOperStatus{{{_IT}}} == bool 1))"),
        ),
        table(
            Text("The device", "Thiết bị"),
            Text(
                "What it says of itself over SNMP, and its address.",
                "Thông tin thiết bị tự khai qua SNMP, và địa chỉ.",
            ),
            (
                Column(Text("Device", "Thiết bị"), label="device"),
                Column(Text("Address", "Địa chỉ"), label="address"),
                Column(Text("Role", "Vai trò"), label="role"),
                Column(Text("Description", "Mô tả"), label="sysDescr"),
                Column(same("info"), f"max by (device, address, role) (linkward_device_info{{{_IT}}})", is_hidden=True),
                Column(same("system"), f"max by (device, sysDescr) (sysDescr{{{_IT}}})", is_hidden=True),
            ),
            width=12,
            height=4,
        ),
        timeline(
            Text("State", "Trạng thái"),
            Text("What the device was, when.", "Trạng thái của thiết bị theo thời gian."),
            Query(state_code("device", "device", _IT), "{{device}}"),
            mappings=STATE_MAPPING,
            height=4,
        ),
    ),
)

_LIST: Final = Row(
    Text("Interfaces", "Các cổng"),
    (
        table(
            Text("All interfaces", "Tất cả các cổng"),
            Text(
                "Desired state, state, speed, what passes and what is lost in the last minutes. Formula of what "
                "passes: 8 times the rate of ifHCInOctets, or of ifInOctets where the device has no counter of 64 "
                "bits.",
                "Trạng thái mong muốn, trạng thái, tốc độ, lưu lượng và lỗi trong vài phút qua. Công thức lưu lượng: 8 "
                "nhân tốc độ tăng của ifHCInOctets, hoặc ifInOctets nếu thiết bị không có bộ đếm 64 bit.",
            ),
            (
                Column(Text("Interface", "Cổng"), label="ifName"),
                Column(Text("Alias", "Tên gợi nhớ"), label="ifAlias"),
                Column(
                    Text("Desired", "Mong muốn"), f"max by ({_BY_PORT}) (ifAdminStatus{{{_PORTS}}})", look=_PORT_CELL
                ),
                Column(Text("State", "Trạng thái"), f"max by ({_BY_PORT}) (ifOperStatus{{{_PORTS}}})", look=_PORT_CELL),
                Column(
                    Text("Speed", "Tốc độ"),
                    f"max by ({_BY_PORT}) (ifHighSpeed{{{_PORTS}}} * 1000000 or ifSpeed{{{_PORTS}}})",
                    look=looks(unit="bps"),
                ),
                Column(Text("In", "Vào"), _bits("In"), look=looks(unit="bps")),
                Column(Text("Out", "Ra"), _bits("Out"), look=looks(unit="bps")),
                Column(
                    Text("Errors", "Lỗi"),
                    f"max by ({_BY_PORT}) (rate(ifInErrors{{{_PORTS}}}[$__rate_interval]) + "
                    f"rate(ifOutErrors{{{_PORTS}}}[$__rate_interval]))",
                    look=looks(unit="pps"),
                ),
                Column(
                    Text("Unchanged for", "Không đổi từ"),
                    f"max by ({_BY_PORT}) (sysUpTime{{{_IT}}} - on (job, instance, site, device) group_right () "
                    f"ifLastChange{{{_PORTS}}}) / 100",
                    look=looks(unit="dtdurations"),
                ),
            ),
            height=12,
        ),
        timeline(
            Text("States of the interfaces", "Diễn biến trạng thái các cổng"),
            Text("What each interface was, when: ifOperStatus.", "Trạng thái từng cổng theo thời gian: ifOperStatus."),
            Query(f"max by ({_BY_PORT}) (ifOperStatus{{{_PORTS}}})", _PORT),
            mappings=PORT_MAPPING,
            height=10,
        ),
        graph(
            Text("Traffic in", "Lưu lượng vào"),
            Text("Bits received each second.", "Số bit nhận mỗi giây."),
            Query(_bits("In"), _PORT),
            unit="bps",
        ),
        graph(
            Text("Traffic out", "Lưu lượng ra"),
            Text("Bits sent each second.", "Số bit gửi mỗi giây."),
            Query(_bits("Out"), _PORT),
            unit="bps",
        ),
        graph(
            Text("Utilization", "Mức sử dụng"),
            Text(
                "What passes as a share of the speed of the interface, the fuller of the two directions.",
                "Lưu lượng so với tốc độ của cổng, lấy chiều đầy hơn.",
            ),
            Query(
                f"max by ({_BY_PORT}) ((rate(ifHCInOctets{{{_PORTS}}}[$__rate_interval]) > "
                f"rate(ifHCOutOctets{{{_PORTS}}}[$__rate_interval]) or "
                f"rate(ifHCOutOctets{{{_PORTS}}}[$__rate_interval])) * 8 / (ifHighSpeed{{{_PORTS}}} * 1000000 > 0))",
                _PORT,
            ),
            unit="percentunit",
        ),
        graph(
            Text("Packets in by kind", "Gói vào theo loại"),
            Text(
                "Packets received each second over the chosen interfaces: unicast, multicast, broadcast. Many "
                "broadcasts point to a loop.",
                "Số gói nhận mỗi giây trên các cổng đã chọn: unicast, multicast, broadcast. Nhiều broadcast có thể do "
                "vòng lặp mạng.",
            ),
            *(
                Query(f"sum(rate(ifHCIn{kind}Pkts{{{_PORTS}}}[$__rate_interval]))", name)
                for kind, name in (("Ucast", "unicast"), ("Multicast", "multicast"), ("Broadcast", "broadcast"))
            ),
            unit="pps",
            overrides=(
                line("unicast", same("unicast"), BLUE),
                line("multicast", same("multicast"), ORANGE, dash=True),
                line("broadcast", same("broadcast"), PURPLE, width=3),
            ),
        ),
        graph(
            Text("Errors", "Lỗi"),
            Text(
                "Damaged packets each second, received and sent: mostly a cable or a connector.",
                "Số gói hỏng mỗi giây, vào và ra: thường do dây hoặc đầu cắm.",
            ),
            *_counted("ifInErrors", "ifOutErrors"),
            unit="pps",
        ),
        graph(
            Text("Discards", "Gói bị bỏ"),
            Text(
                "Sound packets thrown away each second: mostly because the interface was full.",
                "Số gói không lỗi nhưng bị bỏ mỗi giây: thường do cổng đã đầy.",
            ),
            *_counted("ifInDiscards", "ifOutDiscards"),
            unit="pps",
        ),
    ),
)

_ANSWERS: Final = Row(
    Text("How it answers", "Cách thiết bị trả lời"),
    (
        timeline(
            Text("Polls and pings", "Thăm dò SNMP và ping"),
            Text("Whether the last one succeeded: probe_success.", "Lần gần nhất có thành công không: probe_success."),
            Query(f"min by (probe) (probe_success{{{_IT}}})", "{{probe}}"),
            mappings=SUCCESS_MAPPING,
            height=5,
        ),
        graph(
            Text("Duration of a poll", "Thời gian một lần thăm dò"),
            Text(
                "How long a poll over SNMP took, by module.",
                "Một lần thăm dò SNMP mất bao lâu, theo mô-đun.",
            ),
            Query(f"max by (module) (snmp_scrape_duration_seconds{{{_IT}}})", "{{module}}"),
            unit="s",
            width=8,
        ),
        graph(
            Text("Packets of a poll", "Số gói một lần thăm dò"),
            Text(
                "Requests of a poll, and those that had to be sent again: a silent agent or a bad line.",
                "Số yêu cầu của một lần thăm dò, và số phải gửi lại: SNMP im lặng hoặc đường truyền kém.",
            ),
            Query(f"sum(max by (module) (snmp_scrape_packets_sent{{{_IT}}}))", "sent"),
            Query(f"sum(max by (module) (snmp_scrape_packets_retried{{{_IT}}}))", "retried"),
            unit="short",
            overrides=(
                line("sent", Text("sent", "đã gửi"), BLUE),
                line("retried", Text("sent again", "gửi lại"), ORANGE, dash=True),
            ),
            width=8,
        ),
        graph(
            Text("Ping", "Ping"),
            Text(
                "Round-trip time of ICMP echo, of devices that are pinged: half and 95 of 100 answers were at least as "
                "fast. Formula: histogram_quantile over smokeping_response_duration_seconds.",
                "Độ trễ ICMP của thiết bị được ping: một nửa và 95 trên 100 trả lời nhanh ít nhất như vậy. Công thức: "
                "histogram_quantile trên smokeping_response_duration_seconds.",
            ),
            *(
                Query(
                    f"histogram_quantile({share}, sum by (le) "
                    f"(rate(smokeping_response_duration_seconds_bucket{{{_IT}}}[$__rate_interval])))",
                    name,
                )
                for share, name in ((0.5, "p50"), (0.95, "p95"))
            ),
            Query(
                f"1 - sum(rate(smokeping_response_duration_seconds_count{{{_IT}}}[$__rate_interval])) / "
                f"sum(rate(smokeping_requests_total{{{_IT}}}[$__rate_interval]))",
                "loss",
            ),
            unit="s",
            overrides=(
                line("p50", Text("half of the answers", "một nửa số trả lời"), SKY),
                line("p95", Text("95 of 100 answers", "95 trên 100 trả lời"), BLUE),
                {
                    "matcher": {"id": "byName", "options": "loss"},
                    "properties": [
                        *line("loss", Text("loss", "mất gói"), GREEN, dash=True)["properties"],
                        *looks(unit="percentunit", custom_axisPlacement="right", max=1),
                    ],
                },
            ),
            width=8,
        ),
    ),
)

DEVICE_BOARD: Final = Board(
    "device",
    Text("Device", "Thiết bị"),
    Text(
        "Do the ports of this device carry what they should, and does it answer?",
        "Các cổng của thiết bị có truyền tải tốt không, và thiết bị có trả lời không?",
    ),
    (_NOW, _LIST, HEALTH, _ANSWERS),
    (
        WARD,
        SITES,
        Variable(
            "device",
            Text("Device", "Thiết bị"),
            'label_values(linkward_device_info{ward=~"$ward", site=~"$site"}, device)',
            has_all=False,
        ),
        Variable("interface", Text("Interface", "Cổng"), 'label_values(ifOperStatus{device=~"$device"}, ifName)'),
    ),
    (outage("device", _IT), maintenance("device", _IT)),
)
