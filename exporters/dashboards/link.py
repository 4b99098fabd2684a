"""The board of a link: is it as fast and as stable as it must be, and since when not?"""

from typing import Final

from exporters.dashboards.board import SITES, WARD, Board, Variable, maintenance, outage
from exporters.dashboards.link_judged import STATES, VERDICTS
from exporters.dashboards.link_measured import DELAY, LOSS, SPEEDS
from exporters.dashboards.mappings import STATE_MAPPING, YES_IS_BAD
from exporters.dashboards.parts import Column, Query, Row, stat, table
from exporters.dashboards.promql import CHOSEN_LINK, state_code
from exporters.dashboards.text import Text, same
from exporters.dashboards.ward import AVAILABILITY, BUDGET

_IT: Final = CHOSEN_LINK


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


LINK_BOARD: Final = Board(
    "link",
    Text("Link", "Đường truyền"),
    Text(
        "Is this link as fast and as stable as it must be, and since when not?",
        "Đường truyền này có đủ nhanh và ổn định như yêu cầu không, và không đạt từ lúc nào?",
    ),
    (_NOW, SPEEDS, DELAY, LOSS, VERDICTS, STATES),
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
