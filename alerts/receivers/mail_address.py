"""Where mail goes: ``mailto://user:password@host:port?to=an@example.vn,binh@example.vn&from=linkward@example.vn``.

Scheme and query: ``mailto`` speaks plain SMTP and takes up TLS where it is offered (RFC 3207), ``mailtos`` speaks TLS
from the first byte (RFC 8314). ``tls=never`` takes up none and logs in all the same; ``tls=always`` sends nothing
without it.
"""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Literal, Self, cast
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from model.hosts import check_host
from model.invalid import InvalidValueError

Tls = Literal["offered", "never", "always", "implicit"]

_EXAMPLE: Final = "mailto://mail.example.vn?to=an@example.vn"
_ADDRESS: Final = re.compile(r"[!-~]+@[A-Za-z0-9.-]+", re.ASCII)
_KNOWN: Final = frozenset({"to", "from", "tls"})
_PORTS: Final = {"mailto": 25, "mailtos": 465}
_SUBMISSION: Final = 587


@dataclass(frozen=True, slots=True)
class MailAddress:
    """A server, and who writes to whom.

    Attributes:
        host: A name or an address.
        port: 25, with a login 587, for ``mailtos`` 465, where the URL names none.
        recipients: One at least.
        sender: Such as ``linkward@example.vn``.
        user: Empty where nobody logs in.
        password: Of the user.
        tls: How the connection is secured.
    """

    host: str
    port: int
    recipients: tuple[str, ...]
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = "offered"

    @classmethod
    def parse(cls, url: str) -> Self:
        """Read a URL.

        Raises:
            InvalidValueError: It is none, or nobody is written to; the message holds no password.
        """
        parts, query = _split(url)
        host, user = check_host(parts.hostname or ""), unquote(parts.username or "")
        sender = query.get("from") or (user if _ADDRESS.fullmatch(user) else f"linkward@{host}")
        password = unquote(parts.password or "")
        if not (user + password).isascii():
            raise InvalidValueError("user or password is not ASCII", "SMTP knows no other; choose another password")
        port = parts.port or (_SUBMISSION if user and parts.scheme == "mailto" else _PORTS[parts.scheme])
        return cls(
            host=host,
            port=port,
            recipients=_checked(query.get("to", "")),
            sender=_checked(sender)[0],
            user=user,
            password=password,
            tls=_tls(parts.scheme, query.get("tls", "offered")),
        )

    @property
    def is_loopback(self) -> bool:
        """Whether the mail does not leave this machine on its way to the server."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


def masked(address: str) -> str:
    """An address of which one knows whose it is only if one knows it: ``a***@example.vn``."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}"


def _split(url: str) -> tuple[SplitResult, dict[str, str]]:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise InvalidValueError("this mail URL cannot be read", f"write one such as {_EXAMPLE}") from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in {"", "/"} or parts.fragment:
        mend = f"write one such as {_EXAMPLE}, with %2F, %23 and %40 for /, # and @ in a password"
        raise InvalidValueError("this mail URL names no server", mend)
    # In an address + is a plus, not a space.
    query = dict(parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True))
    if not query.keys() <= _KNOWN:
        unknown = ", ".join(sorted(query.keys() - _KNOWN))
        raise InvalidValueError(f"a mail URL has no {unknown}", "write to=, from= and tls= only")
    return parts, query


def _checked(addresses: str) -> tuple[str, ...]:
    found = tuple(address.strip() for address in addresses.split(",") if address.strip())
    wrong = [address for address in found if not _ADDRESS.fullmatch(address)]
    if wrong or not found:
        what = f"{wrong[0]!r} is no mail address" if wrong else "this mail URL names no recipient"
        raise InvalidValueError(what, "write addresses with commas between them, such as ?to=an@example.vn")
    return found


def _tls(scheme: str, wish: str) -> Tls:
    if wish not in {"offered", "never", "always"}:
        raise InvalidValueError(f"there is no tls={wish}", "write tls=always or tls=never, or leave it out")
    return "implicit" if scheme == "mailtos" else cast("Tls", wish)
