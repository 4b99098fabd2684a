"""A web address taken apart and put together again, so that libcurl and we read the same host in it.

Two programs that read one URL differently are how a forbidden host gets past a check; so only the parts that were
checked go on, and a URL that is in any doubt is refused.
"""

import ipaddress
import re
from dataclasses import dataclass, replace
from typing import Final, Self
from urllib.parse import SplitResult, quote, unquote, urlsplit

_PORTS: Final = {"http": 80, "https": 443}
_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_][a-z0-9_-]{0,62})*\.?", re.ASCII)
_KEPT: Final = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An http or https URL without its userinfo and fragment.

    Attributes:
        scheme: http or https.
        host: A name in lower-case ASCII, or an address without brackets.
        port: 1 to 65535.
        path: With the query, percent-encoded ASCII that begins with a slash.
    """

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str | bytes) -> Self:
        """Read a URL.

        Raises:
            ValueError: Not http or https, no host, a host that is neither a name nor an address, an impossible port.
                The message says which, without userinfo.
        """
        parts = _split(quote(url, safe=_KEPT))
        if parts.scheme not in _PORTS:
            raise ValueError(f"its scheme is {parts.scheme[:20] or 'missing'}, not http or https")
        try:
            host, port = _host(parts.hostname or ""), parts.port
        except ValueError as error:
            raise ValueError("it has no readable host and port") from error
        if port == 0:
            raise ValueError("its port is 0")
        query = f"?{parts.query}" if parts.query else ""
        return cls(parts.scheme, host, port or _PORTS[parts.scheme], (parts.path or "/") + query)

    @property
    def is_tls(self) -> bool:
        """Whether it is https."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """``host`` or ``host:port``, as the Host header wants it (RFC 9110 §7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    def named(self, host: str) -> Self:
        """The same with another host in it.

        Raises:
            ValueError: It is neither a name nor an address.
        """
        return replace(self, host=_host(host))

    def same_origin(self, other: "WebAddress") -> bool:
        """Whether both are one scheme, host and port (RFC 6454 §4)."""
        return (self.scheme, self.host, self.port) == (other.scheme, other.host, other.port)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise ValueError("it has no readable host and port") from error


def _host(written: str) -> str:
    host = unquote(written, errors="strict").lower()
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    name = host if host.isascii() else host.encode("idna").decode("ascii")
    if not _NAME.fullmatch(name):
        raise ValueError("no name and no address")
    return name
