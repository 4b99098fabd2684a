"""What an HTTP probe asks for, and what it takes for a healthy answer."""

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from model.inventory import Service
from monitor.probes.web_address import WebAddress
from monitor.resolve import IpVersion

USER_AGENT: Final = f"Linkward/{version('linkward')}"
BODY_LIMIT: Final = 1_000_000
_SUCCESS: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One thing to ask for.

    Attributes:
        address: The web address, without its userinfo.
        statuses: Accepted statuses; empty means 200 to 299. A redirect that is accepted here is not followed.
        body: Regular expression that the body must hold; ``None`` where anything will do.
        ca_file: PEM file of trusted roots; ``None`` for the system's.
        server_name: Name to ask the TLS server for and to find in its certificate; ``None`` for the host. It holds
            for the first host only.
        host: What the Host header says in place of the host of the address; likewise for the first host only, and only
            with a server name.
        verify: Whether the certificate must be valid.
        ip_version: Which addresses will do.
        source: Address or interface of this machine to ask from.
        max_redirects: How many redirects are followed; with 0 the first response is the last.
        body_limit: Bytes of decompressed body after which no more is read.
        user_agent: As the server's log shows it.
        login: User and password for basic authentication, from the userinfo; sent to the first origin only.
    """

    address: WebAddress
    statuses: frozenset[int] = frozenset()
    body: str | None = None
    ca_file: str | None = None
    server_name: str | None = None
    host: str | None = None
    verify: bool = True
    ip_version: IpVersion = "any"
    source: str | None = None
    max_redirects: int = 5
    body_limit: int = BODY_LIMIT
    user_agent: str = USER_AGENT
    login: tuple[str, str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.server_name is not None:
            self.address.named(self.server_name)

    @classmethod
    def to(cls, url: str) -> Self:
        """A plain request to a URL; ``dataclasses.replace`` adds what is special.

        Raises:
            ValueError: It is no web address; the message holds no userinfo.
        """
        return cls(WebAddress.parse(url), login=_login(url))

    @classmethod
    def of(cls, service: Service) -> Self:
        """The request of a service in the inventory.

        Raises:
            ValueError: It has no usable url, or a server name that is none.
        """
        if service.url is None:
            raise ValueError(f"service {service.id} has no url to probe")
        url = str(service.url)
        return cls(
            WebAddress.parse(url),
            statuses=frozenset(service.expect.status),
            body=service.expect.body,
            ca_file=service.tls.ca_file,
            server_name=service.tls.server_name,
            verify=service.tls.verify,
            ip_version=service.ip_version,
            source=service.source,
            max_redirects=service.max_redirects,
            login=_login(url),
        )

    def accepts(self, status: int) -> bool:
        """Whether this status is a healthy one."""
        return status in (self.statuses or _SUCCESS)

    def follows(self, status: int) -> bool:
        """Whether a redirect with this status is followed: not when it is the very answer that is expected."""
        return self.max_redirects > 0 and status not in self.statuses

    def server_name_for(self, address: WebAddress) -> str | None:
        """The name that the TLS server is asked for; ``None`` for the host of the address."""
        return self.server_name if address.host == self.address.host else None

    def host_for(self, address: WebAddress) -> str:
        """What the Host header says, where a server name stands in the URL."""
        return self.host if self.host and address.host == self.address.host else address.authority

    def login_for(self, address: WebAddress) -> tuple[str, str] | None:
        """The login where it may be sent: to the origin that it was written for."""
        return self.login if address.same_origin(self.address) else None


def _login(url: str) -> tuple[str, str] | None:
    parts = urlsplit(url)
    if parts.username is None:
        return None
    return unquote(parts.username), unquote(parts.password or "")
