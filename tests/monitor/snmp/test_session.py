"""One agent, one request at a time, over both engines: what is believed, and what is not."""

import asyncio
import random
import socket
from collections.abc import Callable

import pytest

from model.inventory import Credentials
from model.measurement import Reason
from monitor.snmp.session import NoAnswerError, RefusalError, SnmpError
from tests.peers import snmp
from tests.peers.snmp import NO_SUCH_NAME, UPTIME, Request, SnmpPeer, agent_mib
from tests.peers.snmp_sessions import PUBLIC, V1, Engine, OpenSession

MIB = agent_mib({1: "eth0", 2: "eth1"})
NAME = "1.3.6.1.2.1.1.5.0"
ABSENT = "1.3.6.1.2.1.1.99.0"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(snmp.number(-5), -5, id="negative"),
        pytest.param(snmp.counter32(2**32 - 1), 2**32 - 1, id="Counter32"),
        pytest.param(snmp.counter64(2**64 - 1), 2**64 - 1, id="Counter64"),
        pytest.param(snmp.text(b"\xff\x00a"), b"\xff\x00a", id="octets"),
        pytest.param(snmp.oid("1.3.6.1.4.1.8072.3.2.10"), "1.3.6.1.4.1.8072.3.2.10", id="OID"),
        pytest.param(snmp.tlv(0x40, bytes((192, 0, 2, 1))), "192.0.2.1", id="IpAddress"),
        pytest.param(snmp.text("x" * 300), b"x" * 300, id="long"),
    ],
)
async def test_values_are_the_same_in_both_engines(
    open_session: OpenSession, engine: Engine, value: bytes, expected: object
) -> None:
    """Each type of the SMI becomes one Python value, whichever engine reads it."""
    async with SnmpPeer({UPTIME: snmp.ticks(1), NAME: value}) as peer:
        session = await open_session(peer.port, engine)
        assert (await session.get_many((UPTIME, NAME))) == {UPTIME: 1, NAME: expected}


async def test_a_missing_cell_is_not_in_the_answer(open_session: OpenSession, engine: Engine) -> None:
    """A cell that answers noSuchInstance is an absent key, never a zero."""
    async with SnmpPeer(MIB) as peer:
        session = await open_session(peer.port, engine)
        assert await session.get_many((UPTIME, ABSENT)) == {UPTIME: 360_000}


async def test_version_1_blames_the_missing_cell(open_session: OpenSession, engine: Engine) -> None:
    """Under SNMPv1 one missing cell empties the answer, and the refusal says which it was."""
    async with SnmpPeer(MIB) as peer:
        session = await open_session(peer.port, engine, V1)
        with pytest.raises(RefusalError) as refusal:
            await session.get_many((UPTIME, ABSENT, NAME))
        assert (refusal.value.status, refusal.value.index) == (NO_SUCH_NAME, 2)


@pytest.mark.parametrize("credentials", [V1, PUBLIC], ids=["v1", "v2c"])
async def test_a_walk_ends_where_its_subtree_ends(
    open_session: OpenSession, engine: Engine, credentials: Credentials
) -> None:
    """A walk gives the rows of its column, and no cell of the next one."""
    async with SnmpPeer(MIB) as peer:
        session = await open_session(peer.port, engine, credentials)
        assert await session.walk(f"{snmp.IF_TABLE}.2", 100) == ([("1", b"eth0"), ("2", b"eth1")], None)


@pytest.mark.parametrize("credentials", [V1, PUBLIC], ids=["v1", "v2c"])
async def test_a_walk_ends_at_the_end_of_the_mib(
    open_session: OpenSession, engine: Engine, credentials: Credentials
) -> None:
    """The last subtree of an agent ends too."""
    async with SnmpPeer({"1.3.6.1.2.1.99.1.1": snmp.number(7)}) as peer:
        session = await open_session(peer.port, engine, credentials)
        assert await session.walk("1.3.6.1.2.1.99.1", 100) == ([("1", 7)], None)


async def test_a_walk_stops_at_its_limit_of_rows(open_session: OpenSession, engine: Engine) -> None:
    """A table without end costs as many rows as were allowed."""
    async with SnmpPeer(agent_mib({index: f"p{index}" for index in range(1, 200)})) as peer:
        session = await open_session(peer.port, engine)
        rows, reason = await session.walk(f"{snmp.IF_TABLE}.2", 60)
        assert (len(rows), reason) == (60, Reason.TOO_LARGE)


async def test_a_walk_stops_where_oids_do_not_increase(open_session: OpenSession, engine: Engine) -> None:
    """An agent that answers GETNEXT in a circle is not walked for ever."""
    circle = [(f"{snmp.IF_TABLE}.2.{index}", snmp.text("loop")) for index in (1, 2, 3, 2, 3)]
    async with SnmpPeer(MIB, lambda request, _answer: [request.reply(circle)]) as peer:
        session = await open_session(peer.port, engine)
        rows, reason = await session.walk(f"{snmp.IF_TABLE}.2", 1_000)
        assert ([suffix for suffix, _ in rows], reason) == (["1", "2", "3"], Reason.PROTOCOL)


async def test_an_agent_that_answers_the_same_cell_for_ever_is_left(open_session: OpenSession, engine: Engine) -> None:
    """The loop of one cell, the commonest of broken agents, ends at its second page."""
    same = [(f"{snmp.IF_TABLE}.2.1", snmp.text("again"))]
    async with SnmpPeer(MIB, lambda request, _answer: [request.reply(same)]) as peer:
        session = await open_session(peer.port, engine)
        assert (await session.walk(f"{snmp.IF_TABLE}.2", 1_000))[1] is Reason.PROTOCOL
        assert len(peer.requests) == 2


async def test_silence_is_asked_again_and_counted(open_session: OpenSession, engine: Engine) -> None:
    """After a time-out the question goes out again, as often as configured, each time with another request-id."""
    async with SnmpPeer(MIB, lambda _request, _answer: []) as peer:
        session = await open_session(peer.port, engine, timeout="50ms", retries=2)
        with pytest.raises(NoAnswerError) as silence:
            await session.get_many((UPTIME,))
        assert silence.value.reason is Reason.TIMEOUT
        assert len({request.request_id for request in peer.requests}) == 3
        assert (session.sent, session.retried) == (1, 2)


async def test_a_lost_answer_costs_one_retry(open_session: OpenSession, engine: Engine) -> None:
    """The second answer is as good as the first would have been."""
    async with SnmpPeer(MIB) as peer:
        peer.behave = lambda _request, answer: [answer] if len(peer.requests) > 1 else []
        session = await open_session(peer.port, engine, timeout="500ms", retries=1)
        assert await session.get_many((UPTIME,)) == {UPTIME: 360_000}
        assert session.retried == 1


async def test_a_port_where_nobody_listens_is_refused_at_once(open_session: OpenSession, engine: Engine) -> None:
    """ICMP port unreachable ends the wait before the time-out, and says that the host is alive."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    session = await open_session(port, engine, timeout="30s")
    with pytest.raises(NoAnswerError) as refusal:
        async with asyncio.timeout(5):
            await session.get_many((UPTIME,))
    assert refusal.value.reason is Reason.REFUSED


def _lie(request: Request) -> bytes:
    return request.reply([(UPTIME, snmp.ticks(666))], request_id=request.request_id ^ 1)


async def test_an_answer_to_another_request_is_not_believed(open_session: OpenSession, engine: Engine) -> None:
    """A response with another request-id is passed over; the true one behind it is taken."""
    async with SnmpPeer(MIB, lambda request, answer: [_lie(request), answer]) as peer:
        session = await open_session(peer.port, engine)
        assert await session.get_many((UPTIME,)) == {UPTIME: 360_000}


async def test_a_late_answer_is_not_taken_for_the_next_question(open_session: OpenSession, engine: Engine) -> None:
    """What comes after the time-out is never the answer to a later question, though the cells be the same."""
    async with SnmpPeer(MIB) as peer:
        late: list[bytes] = []

        def behave(request: Request, answer: bytes) -> list[bytes]:
            if not late:
                late.append(request.reply([(UPTIME, snmp.ticks(666))]))
                return []
            return [*late, answer]

        peer.behave = behave
        session = await open_session(peer.port, engine, timeout="400ms")
        with pytest.raises(NoAnswerError):
            await session.get_many((UPTIME,))
        assert await session.get_many((UPTIME,)) == {UPTIME: 360_000}


async def test_a_duplicate_is_not_taken_for_the_next_answer(open_session: OpenSession, engine: Engine) -> None:
    """An answer that comes twice counts once."""
    async with SnmpPeer(MIB, lambda _request, answer: [answer, answer]) as peer:
        session = await open_session(peer.port, engine)
        assert await session.get_many((UPTIME,)) == {UPTIME: 360_000}
        assert await session.get_many((NAME,)) == {NAME: b"sw-1"}


async def test_an_answer_from_another_address_is_not_believed(open_session: OpenSession, engine: Engine) -> None:
    """Only the agent that was asked can answer, however well another guesses."""
    async with SnmpPeer(MIB, lambda _request, _answer: []) as peer:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.7", 0))

            def behave(request: Request, answer: bytes) -> list[bytes]:
                stranger.sendto(request.reply([(UPTIME, snmp.ticks(666))]), peer.last_asker)
                return [] if len(peer.requests) == 1 else [answer]

            peer.behave = behave
            session = await open_session(peer.port, engine, timeout="500ms", retries=1)
            assert await session.get_many((UPTIME,)) == {UPTIME: 360_000}
            assert session.retried == 1


GARBAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda answer: answer[:0],
    "random": lambda answer: random.Random(7).randbytes(len(answer)),  # noqa: S311  # a test
    "truncated": lambda answer: answer[:-3],
    "one octet": lambda answer: answer[:1],
    "a length that lies": lambda answer: answer[:1] + bytes((answer[1] + 40,)) + answer[2:],
    "no version of SNMP": lambda answer: answer.replace(b"\x02\x01\x01\x04\x06public", b"\x02\x01\x07\x04\x06public"),
    "deep nesting": lambda answer: b"\x30\x80" * 700 + answer,
    "an endless OID": lambda answer: snmp.tlv(0x30, answer[2:11] + snmp.tlv(0x06, b"\x81" * 60_000)),
    "a PDU cut open": lambda answer: answer[: answer.index(b"public") + 6],
}


@pytest.mark.parametrize("spoil", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_is_passed_over_without_a_word(
    open_session: OpenSession, engine: Engine, capfd: pytest.CaptureFixture[str], spoil: Callable[[bytes], bytes]
) -> None:
    """Bytes that are not an answer leave no trace on stderr, and the true answer behind them is taken."""
    async with SnmpPeer(MIB, lambda _request, answer: [spoil(answer), answer]) as peer:
        session = await open_session(peer.port, engine)
        assert await session.get_many((UPTIME,)) == {UPTIME: 360_000}
    assert capfd.readouterr() == ("", "")


async def test_nothing_but_garbage_is_a_protocol_failure(
    open_session: OpenSession, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    """A port where something else speaks is told apart from silence."""
    async with SnmpPeer(MIB, lambda _request, _answer: [b"HTTP/1.1 400 Bad Request\r\n\r\n"]) as peer:
        session = await open_session(peer.port, engine, timeout="100ms")
        with pytest.raises(NoAnswerError) as failure:
            await session.get_many((UPTIME,))
    assert failure.value.reason is Reason.PROTOCOL
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"\x02\x00", id="number without octets"),
        pytest.param(b"\x46\x0a" + b"\x01" * 10, id="number of ten octets"),
        pytest.param(b"\x09\x03\x80\x01\x02", id="REAL"),
        pytest.param(b"\x30\x00", id="SEQUENCE"),
        pytest.param(b"\x06\x00", id="empty OID"),
    ],
)
async def test_a_value_that_is_no_value_spoils_its_datagram(
    open_session: OpenSession, engine: Engine, capfd: pytest.CaptureFixture[str], value: bytes
) -> None:
    """A cell of a type that SNMP does not have is not guessed at."""
    async with SnmpPeer(MIB | {NAME: value}) as peer:
        session = await open_session(peer.port, engine, timeout="100ms")
        with pytest.raises(NoAnswerError) as failure:
            await session.get_many((UPTIME, NAME))
    assert failure.value.reason is Reason.PROTOCOL
    assert capfd.readouterr() == ("", "")


async def test_an_error_status_has_its_name(open_session: OpenSession, engine: Engine) -> None:
    """An error such as genErr is told as the agent's error, with the cell that is to blame."""
    async with SnmpPeer(MIB, lambda request, _answer: [request.refuse(snmp.GEN_ERR, 1)]) as peer:
        session = await open_session(peer.port, engine)
        with pytest.raises(RefusalError, match="genErr") as refusal:
            await session.get_many((UPTIME,))
        assert (refusal.value.reason, refusal.value.index) == (Reason.AGENT_ERROR, 1)


async def test_questions_do_not_overlap(open_session: OpenSession, engine: Engine) -> None:
    """One request at a time reaches an agent, however many ask at once."""
    async with SnmpPeer(MIB) as peer:
        waiting: list[bytes] = []

        def keep(_request: Request, answer: bytes) -> list[bytes]:
            waiting.append(answer)
            return []

        peer.behave = keep
        session = await open_session(peer.port, engine, timeout="100ms")
        asked = [asyncio.create_task(session.get_many((UPTIME,))) for _ in range(3)]
        seen = []
        for task in asked:
            with pytest.raises(NoAnswerError):
                await task
            seen.append(len(waiting))
        assert seen in ([1, 2, 3], [2, 3, 3])


async def test_closing_ends_a_request_under_way(open_session: OpenSession, engine: Engine) -> None:
    """Who waits when the daemon stops is told so at once."""
    async with SnmpPeer(MIB, lambda _request, _answer: []) as peer:
        session = await open_session(peer.port, engine, timeout="30s")
        asked = asyncio.create_task(session.get_many((UPTIME,)))
        await peer.asked.wait()
        session.close()
        with pytest.raises(SnmpError):
            async with asyncio.timeout(5):
                await asked


async def test_an_answer_after_closing_is_nobodys(
    open_session: OpenSession, engine: Engine, capfd: pytest.CaptureFixture[str]
) -> None:
    """A datagram that arrives for a session that is gone leaves no trace."""
    async with SnmpPeer(MIB, lambda _request, _answer: []) as peer:
        session = await open_session(peer.port, engine, timeout="50ms")
        with pytest.raises(NoAnswerError):
            await session.get_many((UPTIME,))
        session.close()
        peer.transport.sendto(peer.answer(peer.requests[0]), peer.last_asker)
        await asyncio.sleep(0)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("status", "words", "reason"),
    [
        (5, "the agent answers genErr", Reason.AGENT_ERROR),
        (16, "the agent demands privacy (or authentication) for this user", Reason.AUTHENTICATION),
        (99, "the agent answers error-status 99", Reason.AGENT_ERROR),
        (None, "the agent answers with an error", Reason.AGENT_ERROR),
    ],
)
def test_a_refusal_is_told_in_words(status: int | None, words: str, reason: Reason) -> None:
    """Each error-status has its name, and the one about credentials says what to change."""
    refusal = RefusalError(status)
    assert refusal.detail.startswith(words)
    assert refusal.reason is reason
