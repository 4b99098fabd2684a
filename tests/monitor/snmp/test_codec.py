"""The codec that all sessions of one community share."""

import asyncio
import gc
from pathlib import Path

import pytest

from monitor.snmp.codec import Bench, CommunityCodec
from monitor.snmp.session import NoAnswerError
from tests.peers.snmp import UPTIME, SnmpPeer, ticks
from tests.peers.snmp_sessions import OpenSession


def open_files() -> int:
    """Descriptors of this process."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def test_a_session_costs_one_descriptor_also_while_it_asks(open_session: OpenSession) -> None:
    """Forty agents asked at the same time need their forty sockets, and two more for all of them."""
    async with SnmpPeer({UPTIME: ticks(7)}) as peer:
        first = await open_session(peer.port, "gufo")
        await first.get_many((UPTIME,))
        gc.collect()  # what other tests have left open is closed now and not later
        before = open_files()
        sessions = [await open_session(peer.port, "gufo") for _ in range(40)]
        asking = [asyncio.create_task(session.get_many((UPTIME,))) for session in sessions]
        await asyncio.sleep(0)
        assert open_files() - before == 40
        assert await asyncio.gather(*asking) == [{UPTIME: 7}] * 40


async def test_requests_under_way_at_once_get_their_own_answers(open_session: OpenSession) -> None:
    """Forty agents of one community asked at the same time: none is shown the answer of another."""
    async with SnmpPeer({UPTIME: ticks(1)}) as one, SnmpPeer({UPTIME: ticks(2)}) as two:
        sessions = [await open_session(peer.port, "gufo") for _ in range(20) for peer in (one, two)]
        answers = await asyncio.gather(*(session.get_many((UPTIME,)) for session in sessions))
        assert [answer[UPTIME] for answer in answers] == [1, 2] * 20


def test_every_request_has_an_id_of_its_own_and_of_four_octets() -> None:
    """A thousand requests: hardly an id comes twice, and none is short, so that each fits into the place of another."""
    bench = Bench()
    codec = CommunityCodec(bench, 1, "public")
    written = [codec.write(lambda gufo: gufo.send_get_many([UPTIME])) for _ in range(500)]
    written += [codec.write_get((UPTIME,)) for _ in range(500)]
    bench.close()
    assert len({number for _, number in written}) > 990
    assert all(number.to_bytes(4, "big") in request for request, number in written)
    assert len({len(request) for request, _ in written}) == 1


def test_a_get_that_was_kept_differs_in_its_id_alone() -> None:
    """What is only numbered anew is, octet for octet, what the codec would write."""
    bench = Bench()
    codec = CommunityCodec(bench, 1, "public")
    fresh, number = codec.write(lambda gufo: gufo.send_get_many([UPTIME]))
    for _ in range(2):
        kept, other = codec.write_get((UPTIME,))
        assert kept == fresh.replace(number.to_bytes(4, "big"), other.to_bytes(4, "big"))
    bench.close()


def test_an_answer_whose_id_has_needless_octets_cannot_be_read() -> None:
    """It is told as such instead of being read at the wrong place."""
    bench = Bench()
    codec = CommunityCodec(bench, 1, "public")
    padded = bytes.fromhex("3019 020101 0406 7075626c6963 a20c 0205 0011223344 020100 020100".replace(" ", ""))
    with pytest.raises(NoAnswerError, match="needless octets"):
        codec.read(padded)
    bench.close()
