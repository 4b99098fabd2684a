"""Two ways to write a target."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.targets.place import Place, place_of
from model.measurement import ProbeKind

HTTP, ICMP, TCP, DNS, STAMP, SNMP = (ProbeKind(name) for name in ("http", "icmp", "tcp", "dns", "stamp", "snmp"))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (ICMP, "10.20.0.1", "icmp://10.20.0.1"),
        (ICMP, "GW.Example", "gw.example."),
        (ICMP, "2001:DB8:0:0::1", "[2001:db8::1]"),
        (ICMP, "fe80:0::1%eth0", "FE80::1%eth0"),
        (TCP, "tcp://Gw.example:443", "gw.example:443"),
        (TCP, "[::1]:443", "[0:0:0:0:0:0:0:1]:443"),
        (STAMP, "198.51.100.7", "stamp://198.51.100.7:862"),
        (DNS, "10.20.0.53", "10.20.0.53:53"),
        (DNS, "2001:db8::53", "[2001:db8::53]:53"),
        (SNMP, "10.20.0.1", "udp://10.20.0.1:161"),
        (HTTP, "portal.example", "HTTP://Portal.Example:80/"),
        (HTTP, "https://portal.example", "https://portal.example.:443/"),
        (HTTP, "http://[2001:db8::1]", "http://[2001:DB8:0::1]:80/"),
        (HTTP, "http://dịch-vụ.vn/a b", "http://xn--dch-v-q81bsh.vn/a%20b"),
        (HTTP, "http://portal.example/%c3%a0#top", "http://portal.example/%C3%A0"),
    ],
)
def test_the_same_place(kind: ProbeKind, one: str, other: str) -> None:
    """Case, a final dot, ports that go without saying and the many forms of IPv6 make no difference."""
    assert place_of(kind, one) == place_of(kind, other) is not None


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (ICMP, "0x7f000001"),
        (ICMP, "2130706433"),
        (ICMP, "127.1"),
        (ICMP, "0177.0.0.1"),
        (ICMP, "127.0.0.01"),
        (ICMP, "::ffff:127.0.0.1"),
        (ICMP, "::127.0.0.1"),
        (ICMP, "localhost"),
        (ICMP, "127.0.0.1:80"),
        (ICMP, "tcp://127.0.0.1"),
        (ICMP, "127.0.0.1\n"),
        (ICMP, " 127.0.0.1"),
        (ICMP, "127.0.0.1%00"),
        (ICMP, "\uff11\uff12\uff17.0.0.1"),
    ],
)
def test_what_leads_to_the_same_machine_is_another_place(kind: ProbeKind, written: str) -> None:
    """Nobody is asked what a name or a strange notation stands for."""
    assert place_of(kind, written) != place_of(kind, "127.0.0.1")


@pytest.mark.parametrize(
    "written",
    [
        "http://0x7f.1/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://127.0.0.1@evil.example/",
        "http://evil.example@127.0.0.1/",
        "http://127.0.0.1\\@evil.example/",
        "https://127.0.0.1/",
        "http://127.0.0.1:81/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/other",
        "http://127.0.0.1/?x",
        "ftp://127.0.0.1/",
        "http:127.0.0.1",
        "http:///127.0.0.1",
        "http://[::1",
        "",
    ],
)
def test_another_page(written: str) -> None:
    """A URL that two programs could read differently is not the page that it looks like."""
    assert place_of(HTTP, written) != place_of(HTTP, "http://127.0.0.1/")


@pytest.mark.parametrize("kind", list(ProbeKind))
@given(written=st.text(max_size=40) | st.from_regex(r"[a-z]{0,5}(://)?[\[\]@:.%0-9a-f/?#]{0,20}"))
def test_nothing_that_somebody_writes_is_an_error(kind: ProbeKind, written: str) -> None:
    """Whatever comes in a query is a place or none."""
    found = place_of(kind, written)
    assert found is None or found.kind is kind


def test_the_public_form_has_no_query() -> None:
    """A query may hold a key; without it the page is still one."""
    page = place_of(HTTP, "https://portal.example/a?key=1")
    assert page is not None
    assert page.public == place_of(HTTP, "https://portal.example/a") == Place(HTTP, "portal.example", 443, "https:/a")
