"""ICMP echo as bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.icmp import (
    Echo,
    IpVersion,
    decode_echo,
    describe_error,
    encode_request,
    ends_a_packet,
    internet_checksum,
    strip_ipv4_header,
)


def test_request_of_version_4_is_the_bytes_of_rfc_792() -> None:
    """Type 8, code 0, a checksum added up by hand, identifier, sequence, payload."""
    # 0800 + 1234 + 0001 + 6162 = 7b97, whose one's complement is 8468
    assert encode_request(IpVersion.V4, 0x1234, 1, b"ab") == bytes.fromhex("0800 8468 1234 0001 6162")


def test_request_of_version_6_leaves_the_checksum_to_the_kernel() -> None:
    """Type 128, and zero where the kernel puts the checksum over the pseudo header."""
    assert encode_request(IpVersion.V6, 0x1234, 1, b"ab") == bytes.fromhex("8000 0000 1234 0001 6162")


def test_checksum_of_the_example_in_rfc_1071() -> None:
    """The sum ddf2 of §3 of the RFC, complemented."""
    assert internet_checksum(bytes.fromhex("0001 f203 f4f5 f6f7")) == 0x220D


def test_checksum_pads_an_odd_byte_with_zero() -> None:
    """An odd length is as if a zero followed."""
    assert internet_checksum(b"\x01\x02\x03") == internet_checksum(b"\x01\x02\x03\x00")


@given(identifier=st.integers(0, 0xFFFF), sequence=st.integers(0, 0xFFFF), payload=st.binary(max_size=80))
@pytest.mark.parametrize("version", list(IpVersion))
def test_what_is_encoded_decodes(version: IpVersion, identifier: int, sequence: int, payload: bytes) -> None:
    """Every request comes back with its own fields, and checks as a receiver would check it."""
    packet = encode_request(version, identifier, sequence, payload)
    assert decode_echo(version, packet) == Echo(packet[0], identifier, sequence, payload)
    if version is IpVersion.V4:
        assert internet_checksum(packet) == 0


@pytest.mark.parametrize(
    ("version", "message"),
    [
        (IpVersion.V4, "0000 0000 1234 00"),  # one byte short
        (IpVersion.V4, "0301 0000 0000 0000"),  # host unreachable
        (IpVersion.V4, "0001 0000 1234 0001"),  # code 1
        (IpVersion.V4, "8100 0000 1234 0001"),  # the reply of the other version
        (IpVersion.V6, "0000 0000 1234 0001"),
        (IpVersion.V6, ""),
    ],
)
def test_what_is_no_echo_is_none(version: IpVersion, message: str) -> None:
    """Short messages, other types and other codes are not taken for an echo."""
    assert decode_echo(version, bytes.fromhex(message)) is None


@given(st.binary(max_size=100))
def test_any_bytes_are_read_without_an_error(data: bytes) -> None:
    """A peer's bytes never raise."""
    for version in IpVersion:
        decode_echo(version, strip_ipv4_header(data))


def test_ipv4_header_with_options_is_stripped_by_its_own_length() -> None:
    """IHL 6 is 24 bytes."""
    assert strip_ipv4_header(b"\x46" + bytes(23) + b"rest") == b"rest"


@pytest.mark.parametrize("packet", [b"", b"\x45" + bytes(18), b"\x44" + bytes(30)])
def test_broken_ipv4_header_carries_nothing(packet: bytes) -> None:
    """Too few bytes, or an IHL below 5."""
    assert strip_ipv4_header(packet) == b""


@pytest.mark.parametrize(
    ("version", "kind", "code", "words"),
    [
        (IpVersion.V4, 3, 1, "host unreachable"),
        (IpVersion.V4, 3, 99, "unreachable, code 99"),
        (IpVersion.V4, 11, 0, "time exceeded, a routing loop or a path that is too long"),
        (IpVersion.V6, 1, 3, "address unreachable"),
        (IpVersion.V6, 3, 0, "time exceeded, a routing loop or a path that is too long"),
        (IpVersion.V6, 200, 7, "ICMP type 200 code 7"),
    ],
)
def test_errors_have_words(version: IpVersion, kind: int, code: int, words: str) -> None:
    """Known errors are named, unknown ones say their numbers."""
    assert describe_error(version, kind, code) == words


@pytest.mark.parametrize(
    ("version", "kind", "ends"),
    [
        (IpVersion.V4, 3, True),
        (IpVersion.V4, 11, True),
        (IpVersion.V4, 5, False),  # redirect
        (IpVersion.V4, 4, False),  # source quench, obsolete (RFC 6633)
        (IpVersion.V6, 1, True),
        (IpVersion.V6, 137, False),  # redirect
    ],
)
def test_only_errors_end_a_packet(version: IpVersion, kind: int, *, ends: bool) -> None:
    """A redirect tells of a better way; the packet itself has gone on."""
    assert ends_a_packet(version, kind) is ends
