"""Targets in one word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from model.invalid import InvalidValueError
from model.measurement import ProbeKind
from model.target import Target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("icmp://203.0.113.1", Target(ProbeKind.ICMP, "203.0.113.1")),
        ("icmp://[2001:db8::1]", Target(ProbeKind.ICMP, "2001:db8::1")),
        ("icmp://[fe80::1%eth0]", Target(ProbeKind.ICMP, "fe80::1%eth0")),
        ("stamp://point.example", Target(ProbeKind.STAMP, "point.example", 862)),
        ("stamp://10.20.1.1:8620", Target(ProbeKind.STAMP, "10.20.1.1", 8620)),
        ("tcp://[2001:db8::1]:443", Target(ProbeKind.TCP, "2001:db8::1", 443)),
        ("snmp://office-rt1", Target(ProbeKind.SNMP, "office-rt1")),
    ],
)
def test_a_target_is_read_from_one_word(text: str, target: Target) -> None:
    """Kind, host and port of every kind of probe, with STAMP's own port where none is said."""
    assert Target.parse(text) == target


@pytest.mark.parametrize(
    "text",
    [
        *("203.0.113.1", "ping://h", "icmp://", "icmp://h:7", "snmp://d:161", "tcp://h", "tcp://h:0", "tcp://h:70000"),
        *("tcp://h:x", "http://h", "icmp://[h]", "icmp://10.0.0.256", "icmp://h/path", "icmp://user@h"),
        "icmp://2001:db8::1",
    ],
)
def test_what_is_no_target_is_refused_with_a_mend(text: str) -> None:
    """Unknown kinds, missing or needless ports, hosts that cannot be."""
    with pytest.raises(InvalidValueError) as caught:
        Target.parse(text)
    assert caught.value.mend.startswith("write ")


@given(
    st.sampled_from([ProbeKind.STAMP, ProbeKind.TCP]),
    st.ip_addresses().map(str),
    st.integers(1, 65535),
)
def test_a_printed_target_is_read_back(kind: ProbeKind, host: str, port: int) -> None:
    """str() and parse() are each other's reverse, brackets of IPv6 included."""
    target = Target(kind, host, port)
    assert Target.parse(str(target)) == target


def test_pydantic_reads_prints_and_describes_a_target() -> None:
    """A field of this type takes the text or a Target, nothing else, and shows as text."""
    adapter = TypeAdapter(Target)
    target = adapter.validate_python("icmp://h")
    assert adapter.validate_python(target) is target
    assert adapter.dump_python(target, mode="json") == "icmp://h"
    assert adapter.json_schema()["type"] == "string"
    with pytest.raises(ValidationError):
        adapter.validate_python(7)
