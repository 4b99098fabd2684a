"""Names and addresses of hosts, and what a probe may be sent from."""

import re
from ipaddress import ip_address
from typing import Final

from model.invalid import InvalidValueError

_NAME: Final = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.(?!-)[A-Za-z0-9_-]{1,63})*\.?", re.ASCII)
_LOOKS_LIKE_IPV4: Final = re.compile(r"[0-9.]+", re.ASCII)
_INTERFACE: Final = re.compile(r"[^\s/:]{1,15}")
_LONGEST_NAME: Final = 253
_ENDPOINT: Final = re.compile(
    r"(?:\[(?P<bracketed>[^\[\]]*)\]|(?P<plain>[^:\[\]]*))(?::(?P<port>[0-9]{1,5}))?", re.ASCII
)
_HIGHEST_PORT: Final = 65_535
_MEND: Final = "write a name or an address alone, such as 10.20.0.1, 2001:db8::1 or gw.example"


def is_address(text: str) -> bool:
    """Whether the text is an IPv4 or IPv6 address, the latter with or without a zone (``fe80::1%eth0``)."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def split_port(text: str) -> tuple[str, int | None] | None:
    """Host and port of ``10.20.0.53``, ``gw.example:53``, ``2001:db8::1``, ``[2001:db8::1]:53`` or ``:862``.

    Returns:
        The host without brackets, empty where none is named, and the port, 0 to 65535, ``None`` where none is given;
        or ``None`` alone where the text is none of these. Whether the host can be one, ``check_host`` knows.
    """
    if is_address(text):
        return text, None
    match = _ENDPOINT.fullmatch(text)
    if match is None or int(match["port"] or 0) > _HIGHEST_PORT:
        return None
    return match["bracketed"] or match["plain"] or "", int(match["port"]) if match["port"] else None


def check_host(text: str) -> str:
    """The text, if it is the name or the address of a host (RFC 1123 §2.1; underscores are let through).

    Raises:
        InvalidValueError: It holds a scheme, port, prefix length, space, or an IPv4 address that does not exist.
    """
    if is_address(text):
        return text
    if _LOOKS_LIKE_IPV4.fullmatch(text) or len(text) > _LONGEST_NAME or not _NAME.fullmatch(text):
        raise InvalidValueError(f"{text!r} is neither a host's name nor an address", _MEND)
    return text


def check_address(text: str) -> str:
    """The text, if it is an address, in its shortest form.

    Raises:
        InvalidValueError: It is not.
    """
    if not is_address(text):
        raise InvalidValueError(f"{text!r} is not an address", "write one such as 10.20.0.1 or 2001:db8::1")
    return str(ip_address(text))


def check_source(text: str) -> str:
    """The text, if a socket can be bound to it: an address of this machine or the name of a network interface.

    Raises:
        InvalidValueError: It is neither.
    """
    if is_address(text) or (_INTERFACE.fullmatch(text) and not _LOOKS_LIKE_IPV4.fullmatch(text)):
        return text
    mend = "write an address such as 10.20.0.2 or an interface such as eth0"
    raise InvalidValueError(f"{text!r} is neither an address nor a network interface", mend)


def check_server(text: str) -> str:
    """The text, if it is the address of a server, with ``:PORT`` or not (IPv6 with a port stands in brackets).

    Raises:
        InvalidValueError: It is not.
    """
    host, port = split_port(text) or ("", 0)
    if port == 0:
        raise InvalidValueError(f"{text!r} is not a server", "write an address such as 10.20.0.53 or 10.20.0.53:5353")
    check_host(host)
    return text
