"""The reflector, asked by hand-made packets, and its command."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from typing import Self

import pytest
from click.testing import CliRunner

from model.stamp import Answer, Request, decode_answer, encode_answer, encode_request, ntp_timestamp
from monitor.cli import main
from monitor.probes.timed_socket import Arrival
from monitor.reflector import Reflector, ReflectorCounters, Sessions

SECOND = 1 << 32


class Sender:
    """A session of test packets, sent by hand."""

    def __init__(self, reflector: Reflector, address: str = "127.0.0.1", source: str = "") -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        if source:
            self.socket.bind((source, 0))
        self.socket.connect((address, reflector.port))

    def __enter__(self) -> Self:
        """Open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.socket.close()

    async def exchange(self, packet: bytes, patience: float = 5) -> bytes | None:
        """Send it; what comes back."""
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self.socket, packet)
        try:
            async with asyncio.timeout(patience):
                return await loop.sock_recv(self.socket, 65_535)
        except TimeoutError:
            return None

    async def ask(self, sequence: int = 0, ssid: int = 0, patience: float = 5) -> Answer | None:
        """A test packet of the given number; the answer, decoded."""
        packet = await self.exchange(encode_request(request(sequence, ssid)), patience)
        return None if packet is None else decode_answer(packet)


def request(sequence: int = 0, ssid: int = 0) -> Request:
    """A test packet that leaves now."""
    return Request(sequence, ntp_timestamp(time.time_ns()), 0x2001, ssid)


@pytest.fixture
async def reflector() -> AsyncIterator[Reflector]:
    """One on all addresses."""
    started = Reflector()
    await started.start("", 0)
    yield started
    started.close()


async def impaired(
    forward: Callable[[], float | None], backward: Callable[[], float | None], sessions: Sessions | None = None
) -> Reflector:
    """One behind a simulated line."""

    class Line:
        def forward(self) -> float | None:
            return forward()

        def backward(self) -> float | None:
            return backward()

    started = Reflector(Line(), sessions)
    await started.start("127.0.0.1", 0)
    return started


@pytest.mark.parametrize("address", ["127.0.0.1", "127.3.4.5", "::1"])
async def test_answer_comes_from_the_address_that_was_asked(reflector: Reflector, address: str) -> None:
    """A connected sender hears nothing else. All fields of the request come back, with its TTL and times in order."""
    before = ntp_timestamp(time.time_ns())
    with Sender(reflector, address) as sender:
        asked = request(258, 0xBEEF)
        packet = await sender.exchange(encode_request(asked))
    answer = decode_answer(packet or b"")
    assert answer is not None
    assert (answer.request, answer.sequence, answer.ssid, answer.hop_limit) == (asked, 0, 0xBEEF, 64)
    assert before <= answer.received <= answer.sent <= ntp_timestamp(time.time_ns())
    assert answer.error_estimate & 0xFF > 0
    assert len(packet or b"") == 44


async def test_each_session_is_counted_by_itself(reflector: Reflector) -> None:
    """Sessions differ by address, by port and by identifier; the sender's own numbers do not matter."""
    with Sender(reflector) as one, Sender(reflector) as two, Sender(reflector, source="127.0.0.8") as three:
        answers = [
            await one.ask(5),
            await one.ask(9),
            await two.ask(5),
            await three.ask(5),
            await one.ask(5, ssid=7),
            await one.ask(6),
        ]
    assert [answer.sequence if answer else None for answer in answers] == [0, 1, 0, 0, 0, 2]


@pytest.mark.parametrize("size", [41, 42, 44, 60, 1400, 9000])
async def test_answer_is_never_longer_than_the_request(reflector: Reflector, size: int) -> None:
    """It has the same size, and what it does not understand comes back as it was."""
    packet = (encode_request(request()) + bytes(range(256)) * 36)[:size]
    with Sender(reflector) as sender:
        answer = await sender.exchange(packet)
    assert answer is not None
    assert len(answer) == size
    assert answer[44:] == packet[44:]


async def test_short_and_looping_packets_are_not_answered(reflector: Reflector) -> None:
    """No amplification for short ones, no endless game with another reflector."""
    answer = encode_answer(Answer(1, 2 * SECOND, 0x2001, 0, 2 * SECOND, request(), 64), bytes(44))
    with Sender(reflector) as sender:
        for packet in (b"", b"x", bytes(14), bytes(40), answer):
            await asyncio.get_running_loop().sock_sendall(sender.socket, packet)
        reply = await sender.ask()
    assert reply is not None
    assert reply.sequence == 0
    assert reflector.counters == ReflectorCounters(answered=1, malformed=4, looped=1)


async def test_two_reflectors_do_not_answer_each_other(reflector: Reflector) -> None:
    """A forged packet makes one send to the other: it goes no further."""
    other = Reflector()
    await other.start("127.0.0.1", 0)
    other._receive(other._doors[0], Arrival(encode_request(request()), ("127.0.0.1", reflector.port)))
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert (other.counters.answered, reflector.counters.looped, reflector.counters.answered) == (1, 1, 0)
    other.close()


async def test_random_bytes_are_survived(reflector: Reflector) -> None:
    """Whatever comes, the next right packet is answered."""
    with Sender(reflector) as sender:
        for size in range(0, 200, 7):
            await asyncio.get_running_loop().sock_sendall(sender.socket, os.urandom(size))
        for _ in range(100):
            answer = await sender.ask(77)
            if answer and answer.request.sequence == 77:
                return
    pytest.fail("no answer any more")


async def test_loss_on_the_way_in_is_not_counted_and_on_the_way_out_is() -> None:
    """The first packet is lost forward, the second backward: the third has the number 1."""
    forward, backward = iter([None, 0.0, 0.0]), iter([None, 0.0])
    lossy = await impaired(lambda: next(forward), lambda: next(backward))
    with Sender(lossy) as sender:
        answers = [await sender.ask(number, patience=0.05) for number in range(2)]
        last = await sender.ask(2)
    lossy.close()
    assert answers == [None, None]
    assert last is not None
    assert last.sequence == 1


async def test_simulated_delay_is_exact_however_late_the_timer() -> None:
    """30 ms in and 50 ms back: both lie outside T2 to T3, and what the program adds lies inside."""
    slow = await impaired(lambda: 0.03, lambda: 0.05)
    with Sender(slow) as sender:
        sent = time.time_ns()
        answer = await sender.ask()
        elapsed = (time.time_ns() - sent) / 1e9
    slow.close()
    assert answer is not None
    assert answer.residence is not None
    assert 0.08 <= elapsed - answer.residence < 0.085
    assert (answer.received - answer.request.sent) / SECOND == pytest.approx(0.03, abs=0.005)


async def test_newcomers_are_answered_without_a_count_when_all_sessions_are_taken() -> None:
    """Forged sources fill the table; who was there keeps counting."""
    small = await impaired(lambda: 0.0, lambda: 0.0, Sessions(most=1))
    with Sender(small) as known, Sender(small) as newcomer:
        answers = [await known.ask(10), await newcomer.ask(20), await known.ask(11), await newcomer.ask(21)]
    small.close()
    assert [answer.sequence if answer else None for answer in answers] == [0, 20, 1, 21]
    assert small.counters == ReflectorCounters(answered=4, stateless=2)


def test_idle_sessions_make_room() -> None:
    """After the idle time a session is forgotten and begins anew; one that was in use is kept."""
    sessions = Sessions(most=2, idle=100)
    busy, idle, new = ("127.0.0.1", 1, 0), ("127.0.0.1", 2, 0), ("127.0.0.1", 3, 0)
    assert [sessions.count(key, 0) for key in (busy, idle, new)] == [0, 0, None]
    assert sessions.count(busy, 60) == 1
    assert sessions.count(new, 100) is None
    assert sessions.count(new, 101) == 0
    assert (sessions.count(busy, 102), len(sessions)) == (2, 2)
    assert sessions.count(busy, 900) == 0


def test_count_wraps_after_32_bits() -> None:
    """The field has 32 bits."""
    sessions, key = Sessions(), ("127.0.0.1", 1, 0)
    sessions.count(key, 0)
    sessions._sessions[key] = (2**32 - 1, 0)
    assert [sessions.count(key, 0), sessions.count(key, 0)] == [2**32 - 1, 0]


async def test_port_in_use_is_an_error(reflector: Reflector) -> None:
    """Two reflectors never share a port."""
    with pytest.raises(OSError, match="in use"):
        await Reflector().start("127.0.0.1", reflector.port)


def test_reflector_needs_nothing_of_the_daemon() -> None:
    """A small box at a community point imports neither the scheduler nor the web server, the database or SNMP."""
    code = "import sys, monitor.reflector; print(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not set(run.stdout.split()) & {"apscheduler", "fastapi", "gufo", "pycurl", "pydantic", "pysnmp", "requests"}


@pytest.mark.parametrize(
    ("listen", "message"),
    [
        ("862", "--listen=862: not an address and port: write it as 10.20.0.9:862, [2001:db8::9]:862 or :862"),
        (":99999", "--listen=:99999: not an address and port"),
        ("::1:862", "--listen=::1:862: not an address and port"),
        ("host:862", "--listen=host:862: 'host' is not an IP address: write it as 10.20.0.9:862"),
        ("203.0.113.9:8620", "--listen=203.0.113.9:8620: this machine does not have that address"),
    ],
)
def test_wrong_listen_address_is_one_line_with_a_mend(listen: str, message: str) -> None:
    """Exit status 2, no traceback."""
    result = CliRunner().invoke(main, ["reflect", f"--listen={listen}"])
    assert result.exit_code == 2
    assert result.output.startswith(message)
    assert result.output.count("\n") == 1


def test_taken_port_is_one_line_with_a_mend() -> None:
    """It names the port and how to find who has it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["reflect", f"--listen=127.0.0.1:{port}"])
    assert result.exit_code == 2
    assert result.output.startswith(f"--listen=127.0.0.1:{port}: UDP port {port} is taken: stop what listens there")


def test_privileged_port_is_one_line_with_a_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says which capability is missing."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Reflector, "_open", refuse)
    result = CliRunner().invoke(main, ["reflect", "--listen=:862"])
    assert result.exit_code == 2
    assert "CAP_NET_BIND_SERVICE" in result.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_answers_and_stops_cleanly(number: signal.Signals) -> None:
    """It says its port, answers there, and ends with status 0 on a signal."""
    command = [sys.executable, "-c", "from monitor.cli.reflect import reflect; reflect()", "--listen=127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        port = int(line.split(";")[0].split()[-1])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.settimeout(10)
            sender.sendto(encode_request(request(3)), ("127.0.0.1", port))
            answer = decode_answer(sender.recv(100))
        process.send_signal(number)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""
    assert answer is not None
    assert answer.request.sequence == 3
