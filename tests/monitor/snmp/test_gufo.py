"""What only the engine of every day has: codecs that sessions share."""

import asyncio
from pathlib import Path

from tests.peers.snmp import UPTIME, SnmpPeer, ticks
from tests.peers.snmp_sessions import OpenSession


def open_files() -> int:
    """Descriptors of this process."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def test_an_idle_session_costs_one_descriptor(open_session: OpenSession) -> None:
    """Twenty agents asked one after the other need their twenty sockets, and one codec for all of them."""
    async with SnmpPeer({UPTIME: ticks(7)}) as peer:
        first = await open_session(peer.port, "gufo")
        await first.get_many((UPTIME,))
        before = open_files()
        for _ in range(20):
            session = await open_session(peer.port, "gufo")
            assert await session.get_many((UPTIME,)) == {UPTIME: 7}
        assert open_files() - before == 20


async def test_requests_under_way_at_once_get_their_own_answers(open_session: OpenSession) -> None:
    """Forty agents of one community asked at the same time: no answer is read by another's codec, or lost."""
    async with SnmpPeer({UPTIME: ticks(1)}) as one, SnmpPeer({UPTIME: ticks(2)}) as two:
        sessions = [await open_session(peer.port, "gufo") for _ in range(20) for peer in (one, two)]
        answers = await asyncio.gather(*(session.get_many((UPTIME,)) for session in sessions))
        assert [answer[UPTIME] for answer in answers] == [1, 2] * 20
