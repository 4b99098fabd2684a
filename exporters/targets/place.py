"""When two ways to write a target mean the same, told by the text alone.

Nobody is asked for an address: what merely leads to the same machine, such as another name, ``0x7f000001`` or
``::ffff:127.0.0.1`` for ``127.0.0.1``, is another target. Whoever could name any target by a detour could make the
monitor ask whatever it can reach (CVE-2020-16248).
"""

import re
from ipaddress import IPv6Address
from typing import Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from model.hosts import check_host, split_port
from model.invalid import InvalidValueError
from model.measurement import ProbeKind

_WEB_PORTS: Final = {"http": 80, "https": 443}
_PORTS: Final = {ProbeKind.STAMP: 862, ProbeKind.DNS: 53, ProbeKind.SNMP: 161}
_SCHEMES: Final = {ProbeKind.SNMP: "udp"}
_PORTLESS: Final = frozenset({ProbeKind.ICMP})
_KEPT: Final = "!#$%&'()*+,/:;=?@[]~"
_ESCAPE: Final = re.compile("%[0-9a-fA-F]{2}", re.ASCII)


class Place(NamedTuple):
    """A target in the one form in which targets are compared.

    Attributes:
        kind: The protocol by which it is probed.
        host: Lower-case name without a final dot, or an address in its shortest form.
        port: ``None`` where the protocol has none.
        path: Of a web page scheme, path and query, otherwise empty.
    """

    kind: ProbeKind
    host: str
    port: int | None
    path: str = ""

    @property
    def public(self) -> "Place":
        """The same without a query, which may hold a key."""
        return self._replace(path=self.path.partition("?")[0])


def place_of(kind: ProbeKind, written: str) -> Place | None:
    """Read a target of this protocol: ``host[:port]`` behind an optional ``scheme://``, or a URL.

    Returns:
        ``None`` where it is not a target of this protocol.
    """
    if kind is ProbeKind.HTTP:
        return _web_page(written)
    scheme, separator, rest = written.partition("://")
    if separator and scheme.lower() != _SCHEMES.get(kind, kind.value):
        return None
    host, port = split_port(rest if separator else written) or ("", None)
    port = _PORTS.get(kind) if port is None else port
    return _place(kind, host, port) if (port is None) is (kind in _PORTLESS) else None


def _place(kind: ProbeKind, host: str, port: int | None, path: str = "") -> Place | None:
    try:
        return Place(kind, host_of(check_host(host)), port, path) if port != 0 else None
    except InvalidValueError:
        return None


def host_of(host: str) -> str:
    """The one form of a host that is known to be one."""
    if ":" not in host:
        return host.lower().removesuffix(".")
    address, zone, interface = host.partition("%")
    return f"{IPv6Address(address)}{zone}{interface}"


def _web_page(written: str) -> Place | None:
    has_scheme = written.lower().startswith(("http://", "https://"))
    try:
        parts = urlsplit(quote(written if has_scheme else f"http://{written}", safe=_KEPT))
        host, port = unquote(parts.hostname or "", errors="strict"), parts.port
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:  # a UnicodeError is one too
        return None
    if parts.username is not None:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    whole = f"{parts.scheme}:{_ESCAPE.sub(_upper, path)}"
    return _place(ProbeKind.HTTP, name, _WEB_PORTS[parts.scheme] if port is None else port, whole)


def _upper(escape: re.Match[str]) -> str:
    return escape[0].upper()
