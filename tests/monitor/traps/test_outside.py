"""The outside of messages: what is no notification is refused by what it says of its own lengths."""

import os
import random

import pytest

from model.trap import trap_of
from monitor.snmp.ber import MalformedError
from monitor.traps.outside import (
    INFORM,
    MOST_BINDINGS,
    TRAP,
    TRAP_V1,
    CommunityMessage,
    check_pdu,
    check_scoped,
    read_outside,
)
from monitor.traps.pdus import read_community
from tests.peers import traps
from tests.peers.traps import binding, element, number, oid, trap, trap_v1

MUTATIONS = int(os.environ.get("LINKWARD_TRAP_MUTATIONS", "100000"))
"""How many mutated datagrams; a hundredth of them is read by pysnmp, too, of those that are still messages."""


def read(data: bytes) -> tuple[int, list[tuple[str, object]]]:
    """Tag and bindings of a message of versions 1 and 2c."""
    outside = read_outside(data)
    assert isinstance(outside, CommunityMessage)
    tag = check_pdu(data, outside.version, *outside.pdu)
    return tag, list(read_community(data, outside).bindings or ())


def test_each_version_is_read() -> None:
    """A trap of version 1 and 2c, and an inform, by their tags; the first becomes one of version 2 (RFC 3584 §3.1)."""
    assert read(trap())[0] == TRAP
    assert read(trap(inform=True))[0] == INFORM
    tag, bindings = read(trap_v1(2, *traps.port_bindings(7)))
    assert tag == TRAP_V1
    assert ("1.3.6.1.6.3.1.1.4.1.0", traps.LINK_DOWN) in bindings
    assert ("1.3.6.1.6.3.18.1.3.0", "10.1.1.1") in bindings


def test_an_inform_has_its_receipt_and_a_trap_has_none() -> None:
    """The receipt is a Response with the inform's request-id, community and bindings (RFC 3416 §4.2.7)."""
    data = trap(request=77, inform=True)
    outside = read_outside(data)
    assert isinstance(outside, CommunityMessage)
    assert read_community(data, outside).reply == data.replace(b"\xa6", b"\xa2", 1)
    assert read_community(trap(), read_outside(trap())).reply is None  # type: ignore[arg-type]  # it is one of community


NESTED = b"\x30\x82\x20\x00" * 2_000


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cut off"),
        (b"\x30", "cut off"),
        (b"hello", "must stand"),
        (b"\x30\x80" + trap()[2:], "length without sense"),
        (trap()[:-1], "passes the end"),
        (trap() + b"\0", "after the end"),
        (element(0x30, number(2), element(0x04, b"public"), element(0xA7)), "version 2"),
        (element(0x30, number(1), element(0x04, b"public"), element(0xA0, number(1))), "0xa0 is no notification"),
        (element(0x30, number(0), element(0x04, b"public"), element(0xA7, number(1))), "0xa7 is no notification"),
        (trap(traps.COLD_START, *[binding("1.3.6", number(1))] * MOST_BINDINGS), "more than 64"),
        (trap(traps.COLD_START, element(0x30, element(0x06, b"\x2b" * 641), number(1))), "OID of 641"),
        (trap(traps.COLD_START, element(0x30, element(0x06, b"\x2b\xff"), number(1))), "cut off"),
        (trap(traps.COLD_START, binding("1.3.6", element(0x30, NESTED[:400]))), "type of no value"),
        (trap(traps.COLD_START, binding("1.3.6", element(0x02, b"\1" * 10))), "number of 10 octets"),
        (trap(traps.COLD_START, binding("1.3.6", element(0x40, b"\1" * 5))), "IpAddress"),
        (trap(traps.COLD_START, binding("1.3.6", element(0x05, b"\1"))), "null with content"),
        (trap_v1(7), "generic-trap 7"),
        (NESTED, "passes the end"),
        (b"\x30" * 9_000, "octets"),
    ],
)
def test_what_is_no_notification_is_refused(data: bytes, why: str) -> None:
    """Each with what is wrong, and none by another exception."""
    with pytest.raises(MalformedError, match=why):
        read(data)


def test_padding_behind_a_decrypted_pdu_is_let_be() -> None:
    """DES fills the last block up (RFC 3414 §8.1.1.2)."""
    inner = trap()[trap().index(b"\xa7") :]
    scoped = element(0x30, element(0x04, b"engine"), element(0x04), inner)
    assert check_scoped(scoped + b"\0" * 7) == (TRAP, (0, len(scoped)))


def mutants(count: int, *seeds: bytes) -> list[bytes]:
    """Datagrams that were notifications before some of their octets were changed, lost, doubled or exchanged."""
    dice = random.Random(162)  # noqa: S311  # the same each time
    return [_mutant(dice, dice.choice(seeds), dice.choice(seeds)) for _ in range(count)]


def _mutant(dice: random.Random, seed: bytes, other: bytes) -> bytes:
    data = bytearray(seed)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(data) or 1)
        match dice.randrange(6):
            case 0:
                data[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                data[at : at + 1] = bytes([(seed[at % len(seed)] ^ (1 << dice.randrange(8)))])
            case 2:
                del data[at : at + dice.randint(1, 8)]
            case 3:
                data[at:at] = data[at : at + dice.randint(1, 32)]
            case 4:
                data[at:] = other[dice.randrange(len(other)) :]
            case _:
                data[at : at + 1] = dice.choice([b"\x30\x80", b"\xff" * 9, b"\x30\x84\xff\xff\xff\xff", b"\x06\x00"])
    return bytes(data)


def test_mutated_messages_raise_nothing_else() -> None:
    """Whatever octets come, they are read, or they are malformed."""
    seeds = [trap(traps.LINK_DOWN, *traps.port_bindings(7)), trap(inform=True), trap_v1(2, *traps.port_bindings(7))]
    seeds.append(trap(traps.COLD_START, binding("1.3.6.1.4.1.9", oid("1.3.6.1")), binding("1.3", number(5, 0x46))))
    was_read = 0
    for data in mutants(MUTATIONS, *seeds):
        try:
            outside = read_outside(data)
            if isinstance(outside, CommunityMessage):
                check_pdu(data, outside.version, *outside.pdu)
                if was_read < MUTATIONS // 100:  # some milliseconds each
                    trap_of(read_community(data, outside).bindings or ())
                was_read += 1
        except MalformedError:
            continue
    assert was_read > MUTATIONS // 100, "hardly one was still a message: nothing was tried"
