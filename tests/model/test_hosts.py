"""Hosts, servers and sources."""

from collections.abc import Callable

import pytest

from model.hosts import check_address, check_host, check_server, check_source, split_port
from model.invalid import InvalidValueError


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (check_host, "10.20.0.1"),
        (check_host, "2001:db8::1"),
        (check_host, "fe80::1%eth0"),
        (check_host, "gw"),
        (check_host, "gw_1.example."),
        (check_source, "10.20.0.2"),
        (check_source, "2001:db8::2"),
        (check_source, "eth0.100"),
        (check_server, "10.20.0.53"),
        (check_server, "10.20.0.53:5353"),
        (check_server, "2001:db8::53"),
        (check_server, "[2001:db8::53]:5353"),
        (check_server, "[2001:db8::53]"),
        (check_server, "dns.example:53"),
    ],
)
def test_what_can_be_used_passes_as_it_is(check: Callable[[str], str], text: str) -> None:
    """Names and addresses of both families, with a port where one belongs."""
    assert check(text) == text


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (check_host, ""),
        (check_host, "10.20.0.256"),
        (check_host, "10.20.0"),
        (check_host, "10.20.0.0/24"),
        (check_host, "http://gw"),
        (check_host, "gw:161"),
        (check_host, "-gw"),
        (check_host, "a b"),
        (check_host, "gw..example"),
        (check_host, ".".join(["a" * 60] * 5)),
        (check_source, "10.20.0"),
        (check_source, "eth0/1"),
        (check_source, "a-name-that-is-too-long"),
        (check_server, "10.20.0.53:0"),
        (check_server, "10.20.0.53:port"),
        (check_server, "10.20.0.53:70000"),
        (check_server, "10.20.0.53:"),
        (check_server, "[dns"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_mend(check: Callable[[str], str], text: str) -> None:
    """Schemes, prefixes, ports out of place and addresses that do not exist."""
    with pytest.raises(InvalidValueError) as caught:
        check(text)
    assert caught.value.mend.startswith("write ")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("10.20.0.53", ("10.20.0.53", None)),
        ("gw.example:53", ("gw.example", 53)),
        ("2001:db8::1", ("2001:db8::1", None)),
        ("2001:db8::1:53", ("2001:db8::1:53", None)),
        ("[fe80::1%eth0]:53", ("fe80::1%eth0", 53)),
        ("[2001:db8::1]", ("2001:db8::1", None)),
        (":862", ("", 862)),
        ("", ("", None)),
        ("10.20.0.53:0", ("10.20.0.53", 0)),
        ("10.20.0.53:65536", None),
        ("10.20.0.53:", None),
        ("10.20.0.53:٥٣", None),
        ("[2001:db8::1", None),
        ("2001:db8::x", None),
        ("http://gw", None),
    ],
)
def test_host_and_port_are_told_apart(text: str, parts: tuple[str, int | None] | None) -> None:
    """A port is what follows the only colon, or the brackets of an IPv6 address, and never a part of one."""
    assert split_port(text) == parts


def test_an_address_is_kept_in_its_shortest_form() -> None:
    """So that it is equal to what the kernel says; a name is refused."""
    assert check_address("2001:DB8:0::7") == "2001:db8::7"
    with pytest.raises(InvalidValueError, match="is not an address"):
        check_address("gw.example")
