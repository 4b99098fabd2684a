"""Asking a web server of a test, and taking the outcome apart."""

import socket
from typing import Protocol, TypedDict, Unpack

from model.measurement import Failure, HttpReading, Reason
from monitor.resolve import IpVersion, system_addresses
from tests.peers.http_server import Conduct, Visit


class HttpOptions(TypedDict, total=False):
    """What tests change in a plain request."""

    statuses: frozenset[int]
    body: str
    ca_file: str
    server_name: str
    verify: bool
    ip_version: IpVersion
    source: str
    max_redirects: int


class Fetch(Protocol):
    """Asks for a URL."""

    async def __call__(self, url: str, timeout: float = 5, **options: Unpack[HttpOptions]) -> HttpReading | Failure:
        """Ask with these options."""


HOSTS = {
    "web.example": ("127.0.0.1",),
    "both.example": ("::1", "127.0.0.1"),
    "half.example": ("127.0.0.77", "127.0.0.1"),
}


def addresses(host: str, version: IpVersion) -> tuple[str, ...]:
    """The names of these tests; anything else is the system's."""
    known = HOSTS.get(host)
    if known is None:
        return system_addresses(host, version)
    fit = tuple(each for each in known if version == "any" or (":" in each) == (version == "6"))
    if not fit:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return fit


def reading(outcome: HttpReading | Failure) -> HttpReading:
    """The reading, or the failure's words as the reason why the test fails."""
    assert isinstance(outcome, HttpReading), outcome
    return outcome


def failure(outcome: HttpReading | Failure, reason: Reason) -> Failure:
    """The failure, for this reason."""
    assert isinstance(outcome, Failure), outcome
    assert outcome.reason is reason, outcome
    assert "\n" not in outcome.detail
    return outcome


def partial(outcome: Failure) -> HttpReading:
    """What was measured before it failed."""
    assert isinstance(outcome.partial, HttpReading)
    return outcome.partial


def saying(body: bytes = b"hello", status: str = "200 OK", *headers: str) -> Conduct:
    """A server that always says this."""

    async def conduct(visit: Visit) -> None:
        await visit.respond(body, status, *headers)

    return conduct


def leading(to: str, status: str = "302 Found") -> Conduct:
    """A server that redirects everybody there."""
    return saying(b"", status, f"Location: {to}")
