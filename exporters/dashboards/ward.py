"""The board of a ward: is everything in order, where not, and whom does it hit?"""

from typing import Final

from exporters.dashboards.board import INCIDENTS, WARD, Board, leads_to, maintenance
from exporters.dashboards.colours import BAD, BLUE, DOUBTFUL, GOOD, ORANGE, STATE_COLOURS
from exporters.dashboards.mappings import MET_MAPPING, PAINTED, STATE_CELL, STATE_MAPPING, quality, state_word
from exporters.dashboards.parts import (
    Column,
    Query,
    Row,
    bars,
    graph,
    line,
    looks,
    named,
    stat,
    table,
    table_of,
    thresholds,
    timeline,
)
from exporters.dashboards.promql import IN_WARD, SITE, breached, met, state_code
from exporters.dashboards.text import Text, same
from model.verdict import Quality

NONE_IS_GOOD: Final = ((None, GOOD), (1, BAD))
AVAILABILITY: Final = ((None, BAD), (0.99, DOUBTFUL), (0.999, GOOD))
BUDGET: Final = ((None, BAD), (0.0001, DOUBTFUL), (0.25, GOOD))

HIT: Final = (
    f"sum(max by (site) (linkward_site_citizens_per_hour * on ({SITE}) "
    f'sum by ({SITE}) (linkward_site_state{{state=~"down|unreachable"}}) {IN_WARD}))'
)
"""Citizens per hour at the sites that are cut off."""

_BY_STATE: Final = f"sum by (state) (max by (site, state) (linkward_site_state {IN_WARD}))"
_STATE_LOOKS: Final = tuple(line(state, state_word(state), colour, fill=60) for state, colour in STATE_COLOURS.items())
_STATE_STATS: Final = tuple(
    named(
        state.value,
        looks(displayName=state_word(state), color={"mode": "fixed", "fixedColor": colour}),
    )
    for state, colour in STATE_COLOURS.items()
)
SEVERITY_LOOKS: Final = (
    line("critical", Text("Critical", "Nghiêm trọng"), BAD, fill=30),
    line("warning", Text("Warning", "Cảnh báo"), ORANGE, dash=True),
    line("info", Text("Info", "Thông tin"), BLUE),
)
SEVERITY_STATS: Final = (
    named("critical", looks(displayName=Text("Critical", "Nghiêm trọng"))),
    named("warning", looks(displayName=Text("Warning", "Cảnh báo"))),
    named("info", looks(displayName=Text("Info", "Thông tin"))),
)
MET_NAMES: Final = tuple(named(each.value, looks(displayName=quality(each))) for each in Quality)

_NOW: Final = Row(
    Text("Now", "Hiện tại"),
    (
        stat(
            Text("Sites by state", "Số điểm theo trạng thái"),
            Text(
                "How many sites are in each state. Unreachable is cut off by something else that is down; unknown has "
                "no measurement to go by. Formula: the sum of linkward_site_state over the sites of the ward.",
                "Số điểm ở mỗi trạng thái. Không truy cập được nghĩa là bị ngắt vì sự cố ở phía trước; chưa rõ nghĩa "
                "là chưa có kết quả đo. Công thức: tổng linkward_site_state của các điểm trong phường.",
            ),
            Query(_BY_STATE, "{{state}}"),
            width=12,
            overrides=_STATE_STATS,
        ),
        stat(
            Text("Citizens affected per hour", "Người dân bị ảnh hưởng mỗi giờ"),
            Text(
                "How many people an hour the sites serve that are down or unreachable now. Formula: the sum of "
                "citizens_per_hour of those sites; sites for which the inventory says none are not in it.",
                "Số người dân mỗi giờ mà các điểm đang mất kết nối hoặc không truy cập được phục vụ. Công thức: tổng "
                "citizens_per_hour của các điểm đó; điểm không khai báo thì không được tính.",
            ),
            Query(HIT),
            steps=NONE_IS_GOOD,
        ),
        stat(
            Text("Open incidents", "Sự cố đang mở"),
            Text(
                "Incidents that are not over, by severity, over all wards of the daemon. One cause is one incident.",
                "Số sự cố chưa kết thúc theo mức độ, tính trên mọi phường của chương trình. Một nguyên nhân là một "
                "sự cố.",
            ),
            Query("max by (severity) (linkward_incidents_open)", "{{severity}}"),
            width=8,
            steps=NONE_IS_GOOD,
            overrides=SEVERITY_STATS,
        ),
        stat(
            Text("Requirements not met", "Yêu cầu không đạt"),
            Text(
                "How many requirements of links and services are breached now: one for each link or service and each "
                "of round-trip time, loss, delay variation, download, upload, availability. What is not known is not "
                "in it.",
                "Số yêu cầu của đường truyền và dịch vụ hiện không đạt: mỗi đường truyền hoặc dịch vụ có độ trễ, mất "
                "gói, biến thiên trễ, tốc độ tải xuống, tải lên, độ sẵn sàng. Điều chưa rõ thì không được tính.",
            ),
            Query(breached("", IN_WARD)),
            width=8,
            steps=NONE_IS_GOOD,
        ),
        stat(
            Text("Lowest availability this month", "Độ sẵn sàng thấp nhất trong tháng"),
            Text(
                "The link that was available the least this month so far, inside service hours and outside announced "
                "maintenance. Formula: the least linkward_availability_ratio of links.",
                "Đường truyền có độ sẵn sàng thấp nhất từ đầu tháng, tính trong giờ phục vụ và ngoài thời gian bảo trì "
                "đã báo trước. Công thức: linkward_availability_ratio nhỏ nhất của các đường truyền.",
            ),
            Query(f'min(linkward_availability_ratio{{link!=""}} {IN_WARD})'),
            unit="percentunit",
            width=8,
            steps=AVAILABILITY,
        ),
        stat(
            Text("Least error budget left", "Hạn mức gián đoạn còn lại ít nhất"),
            Text(
                "Of the outage that is tolerated this month, the share that is left to the link or service that has "
                "the least. Below 0 the month is lost. Formula: the least linkward_error_budget_remaining_ratio.",
                "Phần còn lại của thời gian gián đoạn cho phép trong tháng, ở đường truyền hoặc dịch vụ còn ít nhất. "
                "Dưới 0 là tháng này không đạt. Công thức: linkward_error_budget_remaining_ratio nhỏ nhất.",
            ),
            Query(f"min(linkward_error_budget_remaining_ratio {IN_WARD})"),
            unit="percentunit",
            width=8,
            steps=BUDGET,
        ),
    ),
)

_PLACES: Final = Row(
    Text("Sites", "Các điểm"),
    (
        table(
            Text("All sites", "Tất cả các điểm"),
            Text(
                "One line for each site; its id leads to the board of the site. Availability and budget are those of "
                "its worst link.",
                "Mỗi điểm một dòng; bấm vào mã để mở bảng của điểm. Độ sẵn sàng và hạn mức là của đường truyền kém "
                "nhất.",
            ),
            (
                Column(Text("Site", "Điểm"), label="site", look=leads_to("site", "site", Text("Open", "Mở"))),
                Column(Text("Name", "Tên"), label="name"),
                Column(same("info"), 'max by (site, name) (linkward_site_info{ward=~"$ward"})', is_hidden=True),
                Column(Text("State", "Trạng thái"), state_code("site", "site", within=IN_WARD), look=STATE_CELL),
                Column(
                    Text("Citizens per hour", "Người dân mỗi giờ"),
                    f"max by (site) (linkward_site_citizens_per_hour {IN_WARD})",
                ),
                Column(
                    Text("Links down", "Đường truyền mất kết nối"),
                    f'sum by (site) (max by (site, link) (linkward_link_state{{state="down"}} {IN_WARD}))',
                    look=looks(thresholds=thresholds(NONE_IS_GOOD), custom_cellOptions=PAINTED),
                ),
                Column(
                    Text("Requirements not met", "Yêu cầu không đạt"),
                    f"sum by (site) (max by (site, link, service, requirement) ((linkward_requirement_met == bool 0) "
                    f"{IN_WARD}))",
                    look=looks(thresholds=thresholds(NONE_IS_GOOD), custom_cellOptions=PAINTED),
                ),
                Column(
                    Text("Availability this month", "Độ sẵn sàng trong tháng"),
                    f'min by (site) (linkward_availability_ratio{{link!=""}} {IN_WARD})',
                    look=looks(
                        unit="percentunit", thresholds=thresholds(AVAILABILITY), custom_cellOptions=PAINTED, decimals=3
                    ),
                ),
                Column(
                    Text("Error budget left", "Hạn mức gián đoạn còn lại"),
                    f'min by (site) (linkward_error_budget_remaining_ratio{{link!=""}} {IN_WARD})',
                    look=looks(unit="percentunit", thresholds=thresholds(BUDGET), custom_cellOptions=PAINTED),
                ),
            ),
            height=14,
        ),
        timeline(
            Text("States of the sites", "Diễn biến trạng thái các điểm"),
            Text(
                "What each site was, when. Formula: for each site the state whose linkward_site_state is 1.",
                "Trạng thái của mỗi điểm theo thời gian. Công thức: với mỗi điểm, trạng thái có linkward_site_state "
                "bằng 1.",
            ),
            Query(state_code("site", "site", within=IN_WARD), "{{site}}"),
            mappings=STATE_MAPPING,
            height=16,
        ),
    ),
)

_PROMISES: Final = Row(
    Text("Links against their requirements", "Đường truyền so với yêu cầu"),
    (
        table_of(
            Text("Requirement met, by link", "Yêu cầu đạt hay không, theo đường truyền"),
            Text(
                "Whether each link keeps each requirement now. Formula: linkward_requirement_met, and ? where there "
                "is a threshold but no verdict. The id leads to the board of the link.",
                "Mỗi đường truyền hiện có đạt từng yêu cầu hay không. Công thức: linkward_requirement_met, và dấu ? "
                "nếu có ngưỡng nhưng chưa kết luận được. Bấm vào mã để mở bảng của đường truyền.",
            ),
            (Query(met("link, requirement", 'link!=""', IN_WARD)),),
            (
                {
                    "id": "groupingToMatrix",
                    "options": {"columnField": "requirement", "rowField": "link", "valueField": "Value"},
                },
            ),
            (
                *(
                    named(
                        each.value,
                        looks(displayName=quality(each), mappings=list(MET_MAPPING), custom_cellOptions=PAINTED),
                    )
                    for each in Quality
                ),
                named(
                    "link\\requirement",
                    (
                        *looks(displayName=Text("Link", "Đường truyền")),
                        *leads_to("link", "link", Text("Open", "Mở")),
                    ),
                ),
            ),
            height=14,
        ),
        bars(
            Text("Availability this month, by link", "Độ sẵn sàng trong tháng, theo đường truyền"),
            Text(
                "The twenty links that were available the least, inside service hours and outside announced "
                "maintenance, of the time that is known.",
                "Hai mươi đường truyền có độ sẵn sàng thấp nhất, tính trong giờ phục vụ, ngoài thời gian bảo trì đã "
                "báo trước, trên phần thời gian đã biết.",
            ),
            Query(f'bottomk(20, min by (link) (linkward_availability_ratio{{link!=""}} {IN_WARD}))', "{{link}}"),
            unit="percentunit",
            steps=AVAILABILITY,
        ),
        bars(
            Text("Error budget left, by link and service", "Hạn mức gián đoạn còn lại"),
            Text(
                "The twenty links and services with the least of this month's tolerated outage left. Nothing is shown "
                "of what has no required availability.",
                "Hai mươi đường truyền và dịch vụ còn ít thời gian gián đoạn cho phép nhất trong tháng. Nơi không có "
                "yêu cầu về độ sẵn sàng thì không hiện.",
            ),
            Query(
                f"bottomk(20, min by (link, service) (linkward_error_budget_remaining_ratio {IN_WARD}))",
                "{{link}}{{service}}",
            ),
            unit="percentunit",
            steps=BUDGET,
        ),
    ),
)

_PAST: Final = Row(
    Text("Over time", "Theo thời gian"),
    (
        graph(
            Text("Sites by state", "Số điểm theo trạng thái"),
            Text(
                "How many sites were in each state, when.",
                "Số điểm ở mỗi trạng thái theo thời gian.",
            ),
            Query(_BY_STATE, "{{state}}"),
            unit="short",
            stack=True,
            overrides=_STATE_LOOKS,
            width=8,
        ),
        graph(
            Text("Citizens affected per hour", "Người dân bị ảnh hưởng mỗi giờ"),
            Text(
                "How many people an hour the sites serve that were down or unreachable.",
                "Số người dân mỗi giờ mà các điểm mất kết nối hoặc không truy cập được phục vụ.",
            ),
            Query(HIT, same("citizens")),
            unit="short",
            overrides=(line("citizens", Text("Citizens per hour", "Người dân mỗi giờ"), BAD, fill=30),),
            width=8,
        ),
        graph(
            Text("Open incidents", "Sự cố đang mở"),
            Text("Incidents that were not over, by severity.", "Số sự cố chưa kết thúc, theo mức độ."),
            Query("max by (severity) (linkward_incidents_open)", "{{severity}}"),
            unit="short",
            overrides=SEVERITY_LOOKS,
            width=8,
        ),
    ),
)

WARD_BOARD: Final = Board(
    "ward",
    Text("Ward overview", "Tổng quan phường"),
    Text(
        "Is everything in order, where not, and whom does it hit?",
        "Mọi thứ có ổn không, chỗ nào không, và ảnh hưởng đến ai?",
    ),
    (_NOW, _PLACES, _PROMISES, _PAST),
    (WARD,),
    (INCIDENTS, maintenance("site", "", IN_WARD)),
)
