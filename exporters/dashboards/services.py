"""The board of public services: the pages and resolvers that people need, and where their time goes."""

from typing import Final

from exporters.dashboards.board import SITES, WARD, Board, Variable, maintenance, outage
from exporters.dashboards.colours import BAD, BLUE, DOUBTFUL, GOOD, GREEN, ORANGE, PURPLE, QUIET, SKY, VERMILION
from exporters.dashboards.mappings import MET_MAPPING, PAINTED, SERVICE_CELL, SERVICE_MAPPING, YES_IS_BAD
from exporters.dashboards.parts import Column, Query, Row, bars, graph, line, looks, stat, table, thresholds, timeline
from exporters.dashboards.promql import IN_WARD, met, state_code
from exporters.dashboards.text import Text, same
from exporters.dashboards.ward import AVAILABILITY, BUDGET

_ALL: Final = 'site=~"$site", service!=""'
_IT: Final = 'service=~"$service"'
_DAY: Final = 86_400
_LEFT: Final = ((None, BAD), (7 * _DAY, DOUBTFUL), (21 * _DAY, GOOD))
_STATUS_STEPS: Final = ((None, GOOD), (300, DOUBTFUL), (400, BAD))

_OVERVIEW: Final = Row(
    Text("All services", "Tất cả dịch vụ"),
    (
        table(
            Text("Services", "Dịch vụ"),
            Text(
                "One line for each page and resolver, as it is seen from its site.",
                "Mỗi trang và máy chủ tên miền một dòng, nhìn từ điểm của nó.",
            ),
            (
                Column(Text("Service", "Dịch vụ"), label="service"),
                Column(Text("Site", "Điểm"), label="site"),
                Column(Text("Name", "Tên"), label="name"),
                Column(
                    same("info"),
                    'max by (service, site, name) (linkward_service_info{ward=~"$ward", site=~"$site"})',
                    is_hidden=True,
                ),
                Column(
                    Text("State", "Trạng thái"),
                    state_code("service", "service", _ALL, IN_WARD),
                    look=SERVICE_CELL,
                ),
                Column(
                    Text("Answers in", "Trả lời trong"),
                    f"max by (service) (probe_duration_seconds{{{_ALL}}})",
                    look=looks(unit="s"),
                ),
                Column(
                    Text("Status", "Mã trạng thái"),
                    f"max by (service) (probe_http_status_code{{{_ALL}}})",
                    look=looks(thresholds=thresholds(_STATUS_STEPS), custom_cellOptions=PAINTED),
                ),
                Column(
                    Text("Availability this month", "Độ sẵn sàng trong tháng"),
                    f"min by (service) (linkward_availability_ratio{{{_ALL}}})",
                    look=looks(
                        unit="percentunit", decimals=3, thresholds=thresholds(AVAILABILITY), custom_cellOptions=PAINTED
                    ),
                ),
                Column(
                    Text("Error budget left", "Hạn mức gián đoạn còn lại"),
                    f"min by (service) (linkward_error_budget_remaining_ratio{{{_ALL}}})",
                    look=looks(unit="percentunit", thresholds=thresholds(BUDGET), custom_cellOptions=PAINTED),
                ),
            ),
        ),
        timeline(
            Text("States", "Diễn biến trạng thái"),
            Text("What each service was, when.", "Trạng thái của mỗi dịch vụ theo thời gian."),
            Query(state_code("service", "service", _ALL, IN_WARD), "{{service}}"),
            mappings=SERVICE_MAPPING,
            width=12,
            height=9,
        ),
        bars(
            Text("Certificates: time left", "Chứng chỉ: thời gian còn lại"),
            Text(
                "Until the first certificate of the chain expires; red is under a week. Formula: "
                "probe_ssl_earliest_cert_expiry - time().",
                "Thời gian đến khi chứng chỉ đầu tiên trong chuỗi hết hạn; đỏ là dưới một tuần. Công thức: "
                "probe_ssl_earliest_cert_expiry - time().",
            ),
            Query(f"min by (service) (probe_ssl_earliest_cert_expiry{{{_ALL}}}) - time()", "{{service}}"),
            unit="s",
            steps=_LEFT,
            most=90 * _DAY,
        ),
        graph(
            Text("Time to the whole answer", "Thời gian đến khi có đủ câu trả lời"),
            Text(
                "How long each page or resolver took: probe_duration_seconds.",
                "Mỗi trang hoặc máy chủ tên miền mất bao lâu: probe_duration_seconds.",
            ),
            Query(f"max by (service) (probe_duration_seconds{{{_ALL}}})", "{{service}}"),
            unit="s",
        ),
        graph(
            Text("Name resolution", "Phân giải tên miền"),
            Text(
                "Where the time of the resolvers goes, by phase: probe_dns_duration_seconds.",
                "Thời gian của máy chủ tên miền theo từng giai đoạn: probe_dns_duration_seconds.",
            ),
            Query(f"max by (service, phase) (probe_dns_duration_seconds{{{_ALL}}})", "{{service}} {{phase}}"),
            unit="s",
            stack=True,
        ),
        graph(
            Text("Answers of the resolvers", "Câu trả lời của máy chủ tên miền"),
            Text(
                "Whether the question was answered (1 or 0), and how many records came back.",
                "Câu hỏi có được trả lời không (1 hoặc 0), và số bản ghi nhận được.",
            ),
            Query(f"max by (service) (probe_dns_query_succeeded{{{_ALL}}})", "{{service}}"),
            Query(f"max by (service) (probe_dns_answer_rrs{{{_ALL}}})", "{{service}} RR"),
            unit="short",
        ),
        graph(
            Text("Runs that failed", "Số lần đo thất bại"),
            Text(
                "By reason, each second, over all HTTP and DNS probes of the daemon: linkward_probe_runs_total.",
                "Theo nguyên nhân, mỗi giây, trên mọi phép đo HTTP và DNS: linkward_probe_runs_total.",
            ),
            Query(
                "sum by (kind, outcome) "
                '(rate(linkward_probe_runs_total{kind=~"http|dns", outcome!="success"}[$__rate_interval]))',
                "{{kind}} {{outcome}}",
            ),
            unit="cps",
            stack=True,
        ),
    ),
)

_PAGE: Final = Row(
    Text("One page: $service", "Một trang: $service"),
    (
        stat(
            Text("State", "Trạng thái"),
            Text("What the service is now.", "Trạng thái hiện tại của dịch vụ."),
            Query(state_code("service", "service", _IT)),
            unit="none",
            mappings=SERVICE_MAPPING,
            width=6,
        ),
        stat(
            Text("Certificate: time left", "Chứng chỉ: thời gian còn lại"),
            Text(
                "Until the first certificate of the chain expires. Formula: probe_ssl_earliest_cert_expiry - time().",
                "Đến khi chứng chỉ đầu tiên trong chuỗi hết hạn. Công thức: probe_ssl_earliest_cert_expiry - time().",
            ),
            Query(f"min(probe_ssl_earliest_cert_expiry{{{_IT}}}) - time()"),
            unit="dtdurations",
            width=6,
            steps=_LEFT,
        ),
        stat(
            Text("About to expire", "Sắp hết hạn"),
            Text(
                "Whether the certificate is valid for less than the inventory's certificate_days.",
                "Chứng chỉ còn hạn ít hơn certificate_days đã khai báo hay không.",
            ),
            Query(
                f"max(probe_ssl_earliest_cert_expiry{{{_IT}}} - time() < bool on (job, site, service) group_left () "
                "max by (job, site, service) (linkward_service_certificate_threshold_seconds))"
            ),
            unit="none",
            width=6,
            mappings=YES_IS_BAD,
        ),
        stat(
            Text("Version of TLS", "Phiên bản TLS"),
            Text("Which was used last.", "Phiên bản dùng lần gần nhất."),
            Query(f"max by (version) (probe_tls_version_info{{{_IT}}})", "{{version}}"),
            unit="none",
            width=6,
        ),
        graph(
            Text("Where the time goes", "Thời gian đi đâu"),
            Text(
                "The phases of a request, one upon the other: resolving the name, connecting, TLS, waiting for the "
                "first byte (processing), transfer. Source: probe_http_duration_seconds. The dashed line is the "
                "required time to the whole answer.",
                "Các giai đoạn của một yêu cầu, xếp chồng: phân giải tên, kết nối, TLS, chờ byte đầu tiên (xử lý), "
                "truyền. Nguồn: probe_http_duration_seconds. Đường nét đứt là thời gian yêu cầu.",
            ),
            Query(f"max by (phase) (probe_http_duration_seconds{{{_IT}}})", "{{phase}}"),
            Query(f'max(linkward_requirement_threshold{{{_IT}, requirement="rtt"}})', "required"),
            unit="s",
            stack=True,
            overrides=(
                line("resolve", Text("resolve", "phân giải tên"), PURPLE, fill=60),
                line("connect", Text("connect", "kết nối"), SKY, fill=60),
                line("tls", same("TLS"), GREEN, fill=60),
                line("processing", Text("processing", "xử lý"), ORANGE, fill=60),
                line("transfer", Text("transfer", "truyền"), BLUE, fill=60),
                {
                    "matcher": {"id": "byName", "options": "required"},
                    "properties": [
                        *line("required", Text("required", "yêu cầu"), VERMILION, dash=True, width=3)["properties"],
                        *looks(custom_stacking={"mode": "none", "group": "B"}),
                    ],
                },
            ),
            width=16,
        ),
        graph(
            Text("Status code", "Mã trạng thái"),
            Text("Of the last response: probe_http_status_code.", "Của phản hồi gần nhất: probe_http_status_code."),
            Query(f"max by (service) (probe_http_status_code{{{_IT}}})", "{{service}}"),
            unit="none",
            steps=((None, QUIET), (400, BAD)),
            width=8,
        ),
        timeline(
            Text("Requirements, met or not", "Yêu cầu đạt hay không"),
            Text(
                "What was judged of the service, when; ? where the measurements could not tell.",
                "Kết luận về dịch vụ theo thời gian; dấu ? là chưa kết luận được.",
            ),
            Query(met("requirement", _IT), "{{requirement}}"),
            mappings=MET_MAPPING,
            width=12,
        ),
        timeline(
            Text("Without what it should hold", "Trang thiếu nội dung cần có"),
            Text(
                "Whether the page lacked the text that people need: probe_failed_due_to_regex.",
                "Trang có thiếu nội dung người dân cần hay không: probe_failed_due_to_regex.",
            ),
            Query(f"max by (service) (probe_failed_due_to_regex{{{_IT}}})", "{{service}}"),
            mappings=YES_IS_BAD,
            width=12,
        ),
        graph(
            Text("Length of the page", "Độ dài trang"),
            Text(
                "Bytes of body after decompression: a page that is suddenly short is often an error page.",
                "Số byte nội dung sau giải nén: trang bỗng ngắn thường là trang báo lỗi.",
            ),
            Query(f"max by (service) (probe_http_uncompressed_body_length{{{_IT}}})", "{{service}}"),
            unit="bytes",
        ),
        graph(
            Text("Redirects", "Số lần chuyển hướng"),
            Text("Followed until the page was there.", "Số lần chuyển hướng cho đến khi có trang."),
            Query(f"max by (service) (probe_http_redirects{{{_IT}}})", "{{service}}"),
            unit="short",
        ),
    ),
)

SERVICES_BOARD: Final = Board(
    "services",
    Text("Public services", "Dịch vụ công"),
    Text(
        "Do the pages and resolvers that people need answer, how fast, and for how long are their certificates valid?",
        "Các trang và máy chủ tên miền người dân cần có trả lời không, nhanh đến đâu, chứng chỉ còn hạn bao lâu?",
    ),
    (_OVERVIEW, _PAGE),
    (
        WARD,
        SITES,
        Variable(
            "service",
            Text("Page", "Trang"),
            'label_values(linkward_service_info{ward=~"$ward", site=~"$site", kind="http"}, service)',
            has_all=False,
        ),
    ),
    (outage("service", _ALL), maintenance("service", _ALL)),
)
