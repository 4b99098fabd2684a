"""What people come to the simulated ward for: web pages and a resolver."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from monitor.demo.ground import Endpoint, Ground

ZONE: Final = "xuandinh.example"


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """A simulated service.

    Attributes:
        id: Its id in the inventory.
        name: As people call it.
        kind: What it speaks.
        host: Its name, in the certificate and in the zone.
        endpoint: Where it answers.
        phrase: What a healthy page holds; for dns the address that the name has.
        path: Path of the page.
        redirect: Path that leads to the page; empty where there is none.
        certificate_days: For how many days its certificate is still good; ``None`` without TLS.
    """

    id: str
    name: str
    kind: Literal["http", "https", "dns"]
    host: str
    endpoint: Endpoint
    phrase: str
    path: str = "/"
    redirect: str = ""
    certificate_days: int | None = None

    @property
    def url(self) -> str:
        """Where a browser would start."""
        return f"{self.kind}://{self.endpoint}{self.redirect or self.path}"


@dataclass(frozen=True, slots=True)
class _Page:
    site: str
    id: str
    name: str
    host: str
    phrase: str
    path: str = "/"
    redirect: str = ""
    certificate_days: int | None = 300


_PAGES: Final = (
    _Page("office", "dich-vu-cong", "Cổng Dịch vụ công quốc gia", "dichvucong", "Dịch vụ công"),
    _Page("office", "thanh-toan", "Cổng thanh toán trực tuyến", "thanhtoan", "Thanh toán", path="/thanh-toan"),
    _Page("office", "mot-cua", "Hệ thống một cửa điện tử", "motcua", "Một cửa", certificate_days=None),
    _Page("tram-y-te", "dat-lich-kham", "Đặt lịch khám bệnh viện", "datlich", "Đặt lịch", "/dat-lich", "/", 9),
    _Page(
        "diem-phuc-vu-xuan-tao", "dich-vu-cong-xuan-tao", "Cổng Dịch vụ công từ Xuân Tảo", "dichvucong", "Dịch vụ công"
    ),
    _Page("thu-vien", "thu-vien-so", "Thư viện số", "thuvien", "Thư viện", certificate_days=None),
)
_RESOLVER_SITE: Final = "office"


def services_of(site: str, ground: Ground) -> tuple[ServicePlan, ...]:
    """The services that are seen from one site; most sites have none."""
    return tuple(_services(site, ground))


def _services(site: str, ground: Ground) -> Iterator[ServicePlan]:
    for number, page in enumerate(_PAGES):
        if page.site == site:
            yield _page(page, number, ground)
    if site == _RESOLVER_SITE:
        address = ground.web(0, secure=True).address
        host = f"dichvucong.{ZONE}"
        yield ServicePlan("phan-giai-ten", "Máy chủ phân giải tên miền (DNS)", "dns", host, ground.resolver(0), address)


def _page(page: _Page, number: int, ground: Ground) -> ServicePlan:
    secure = page.certificate_days is not None
    return ServicePlan(
        page.id,
        page.name,
        "https" if secure else "http",
        f"{page.host}.{ZONE}",
        ground.web(number, secure=secure),
        page.phrase,
        page.path,
        page.redirect,
        page.certificate_days,
    )
