"""The codec behind the checks: what passes them is read, and nothing makes it panic."""

import random

import pytest

from monitor.snmp.ber import MalformedError
from monitor.snmp.gufo import CommunityWire
from monitor.snmp.session import NoAnswerError, RefusalError
from tests.peers import snmp
from tests.peers.snmp import UPTIME, Request, SnmpPeer
from tests.peers.snmp_sessions import OpenSession

VALUES = (
    *(snmp.text("abc"), snmp.number(5), snmp.counter32(513), snmp.counter64(2**40), snmp.oid(UPTIME)),
    *(snmp.tlv(0x40, b"\x01\x02\x03\x04"), snmp.tlv(0x44, b"\x9f\x78\x04abcd"), snmp.NULL, snmp.NO_SUCH_INSTANCE),
    *(snmp.END_OF_VIEW, snmp.text(""), snmp.tlv(0x80, b""), snmp.tlv(0x47, b"\x01")),
)


def _mutate(answer: bytes, dice: random.Random) -> bytes:
    octets = bytearray(answer)
    for _ in range(dice.randrange(3)):
        at = dice.randrange(len(octets))
        octets[at] = dice.choice((0, 1, 127, 128, 129, 130, 255, dice.randrange(256)))
    return bytes(octets)


async def test_no_mutated_answer_makes_it_panic(open_session: OpenSession, capfd: pytest.CaptureFixture[str]) -> None:
    """Thousands of answers with changed octets are read or passed over, without a word on stderr."""
    dice = random.Random(20)  # noqa: S311  # mutations, not secrets

    def behave(request: Request, _answer: bytes) -> list[bytes]:
        bindings = [(UPTIME, dice.choice(VALUES)) for _ in range(dice.randrange(4))]
        spoilt = [_mutate(request.reply(bindings), dice) for _ in range(20)]
        return [*spoilt, request.reply([(UPTIME, snmp.ticks(1))])]

    async with SnmpPeer({}, behave) as peer:
        session = await open_session(peer.port)
        for turn in range(300):
            try:
                if turn % 2:
                    await session.get_many((UPTIME,))
                else:
                    await session.walk("1.3.6.1.2.1.1", 10)
            except (NoAnswerError, RefusalError):
                continue
    assert capfd.readouterr() == ("", "")


async def test_more_cells_than_a_request_holds_are_too_big(open_session: OpenSession) -> None:
    """What the codec's buffer cannot hold is told as tooBig, so that less is asked."""
    async with SnmpPeer({}) as peer:
        session = await open_session(peer.port)
        with pytest.raises(RefusalError, match="tooBig"):
            await session.get_many([f"1.3.6.1.2.1.2.2.1.10.{index}" for index in range(1, 400)])


async def test_an_answer_larger_than_the_codec_reads_is_too_big(open_session: OpenSession) -> None:
    """An answer beyond its buffer is not cut but asked for in parts."""
    async with SnmpPeer({UPTIME: snmp.text("x" * 5_000)}, largest=9_000) as peer:
        session = await open_session(peer.port)
        with pytest.raises(RefusalError, match="tooBig"):
            await session.get_many((UPTIME,))


async def test_a_panic_is_a_value(open_session: OpenSession) -> None:
    """Should the codec panic after all, the answer counts as malformed and the session lives on."""
    async with SnmpPeer({UPTIME: snmp.ticks(1)}) as peer:
        session = await open_session(peer.port)
        wire = session._wire
        assert isinstance(wire, CommunityWire)
        bench = wire._codec._bench

        class PanicException(BaseException):
            pass

        def panic() -> None:
            raise PanicException("index out of bounds")

        with pytest.raises(MalformedError, match="out of bounds"):
            bench.read(b"", panic)
        bench._near.recv(10)
        assert await session.get_many((UPTIME,)) == {UPTIME: 1}
