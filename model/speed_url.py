"""Where a speed test goes: a throughput peer of our own, a large file of a web server, or an iperf3 server."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator

from model.fields import Described
from model.hosts import check_host
from model.invalid import InvalidValueError

_SCHEMES: Final = ("http", "https", "iperf3")
_MEND: Final = "write http://10.20.0.9:8862 for a reflector, the http:// URL of a large file, or iperf3://HOST"


def check_speed_url(text: str) -> str:
    """The text, if a speed test can go there.

    Raises:
        InvalidValueError: It is no URL of these kinds, or holds a password.
    """
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise InvalidValueError(f"{text!r} is no URL", _MEND) from None
    if parts.username is not None or parts.password is not None:
        raise InvalidValueError("the URL holds a user or a password", "leave them out, and write the key into `key`")
    if parts.scheme not in _SCHEMES or not host:
        raise InvalidValueError(f"{text!r} is nothing that a speed test can go to", _MEND)
    check_host(host)
    return text


def is_reflector(url: str) -> bool:
    """Whether a URL names a throughput peer of our own: one of HTTP without a path."""
    parts = urlsplit(url)
    return parts.scheme != "iperf3" and parts.path in {"", "/"} and not parts.query


SpeedUrl = Annotated[
    str, AfterValidator(check_speed_url), Described("the URL of a peer such as `http://10.20.0.9:8862`")
]
