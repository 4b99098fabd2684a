"""The listener: what is dropped where, and what comes of what is not."""

import asyncio
import errno
import logging
import socket
import tracemalloc
from collections.abc import AsyncIterator
from ipaddress import ip_address

import pytest

from model.inventory import Inventory
from model.measurement import Failure, Reason
from model.trap import Trap, TrapKind, TrapOutcome
from monitor.traps import port as ports
from monitor.traps.listener import READ_RATE, Noted, TrapListener
from monitor.traps.port import BITE, TrapPort, TrapPortError
from monitor.traps.readers import Readers
from monitor.traps.senders import SENDER_RATE
from tests.monitor.traps.test_secure import Agent
from tests.peers import traps
from tests.peers.snmpd import AUTH_PASSPHRASE, secure
from tests.peers.traps import router, trap, ward

HERE, STRANGER = ("127.0.0.1", 40_000), ("192.0.2.66", 40_000)


class Desk:
    """Takes what is hastened and noted, knows one name, and has a clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.traps: list[tuple[str, Trap]] = []
        self.noted: list[Noted] = []
        self.listener = TrapListener(self, self, "test", self.noted.append, lambda: self.now)

    def hasten(self, device: str, trap: Trap) -> bool:
        """Something is to be looked at, but for what is no news."""
        self.traps.append((device, trap))
        return trap.kind.is_news

    async def address(self, host: str, version: str = "any") -> str | Failure:  # noqa: ARG002  # there is one
        """The only name that there is."""
        return "127.0.0.9" if host == "gw.example" else Failure(Reason.UNRESOLVED)

    async def hear(self, data: bytes, source: tuple[str, int] = HERE, times: int = 1) -> None:
        """Messages come, and the loop turns until they are read."""
        for _ in range(times):
            self.listener.hear(data, source)
        for _ in range(times + 1):
            await asyncio.sleep(0)

    def outcome(self, outcome: TrapOutcome) -> int:
        """How many messages this became of."""
        return sum(count for (_, what), count in self.listener.messages().items() if what == outcome)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """A listener that names one router, on a free port."""
    it = Desk()
    it.listener.load(free(ward(router())))
    yield it
    it.listener.close()


def free(inventory: Inventory) -> Inventory:
    """The inventory with a port that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{found.getsockname()[1]}"
    assert inventory.traps is not None
    return inventory.model_copy(update={"traps": inventory.traps.model_copy(update={"listen": listen})})


async def test_a_trap_hastens(desk: Desk) -> None:
    """It is read, counted of its device, noted, and what it is about is looked at."""
    await desk.hear(trap(traps.LINK_DOWN, *traps.port_bindings(7)))
    assert [(device, said.kind, said.if_index) for device, said in desk.traps] == [("r", TrapKind.LINK_DOWN, 7)]
    assert desk.listener.messages() == {("linkDown", "hastened"): 1, ("unread", "dropped"): 0}
    assert desk.listener.counts.devices() == {("s", "r", "linkDown"): 1}
    assert desk.noted[0].source == "127.0.0.1"


async def test_of_a_strangers_message_nothing_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is counted and dropped; a thousand from as many addresses make one line a minute."""

    def reads(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Readers, "admit", reads)
    for number in range(1_000):
        await desk.hear(trap(), (str(ip_address(0xC6120000 + number)), 162))
    assert desk.outcome(TrapOutcome.UNKNOWN_SENDER) == 1_000
    assert len(caplog.records) == 1
    desk.now += 60
    await desk.hear(b"anything", STRANGER)
    assert "(999 more" in caplog.messages[-1]


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (trap(community=b"private"), TrapOutcome.WRONG_CREDENTIALS),
        (b"hello", TrapOutcome.MALFORMED),
        (trap()[:40], TrapOutcome.MALFORMED),
        (trap(traps.AUTHENTICATION_FAILURE), TrapOutcome.NOTED),
        (trap("1.3.6.1.4.1.9.1"), TrapOutcome.NOTED),
    ],
)
async def test_each_fate_is_counted(desk: Desk, data: bytes, outcome: TrapOutcome) -> None:
    """A wrong community, what is no message, what there is nothing to look at for."""
    await desk.hear(data)
    assert desk.outcome(outcome) == 1
    assert desk.outcome(TrapOutcome.HASTENED) == 0


async def test_version_3_without_credentials_for_it_is_refused(desk: Desk) -> None:
    """Nobody can speak it here."""
    await desk.hear(Agent(secure()).says())
    assert desk.outcome(TrapOutcome.WRONG_CREDENTIALS) == 1


async def test_version_3_is_heard_beside_the_others() -> None:
    """A device may be polled with one version and send its traps with another that `traps` allows."""
    desk, signed = Desk(), {"version": "3", "user": "sha256_no", "auth": "SHA-256", "auth_passphrase": AUTH_PASSPHRASE}
    inventory = ward(
        router(),
        credentials={"v2": {"version": "2c", "community": "public"}, "v3": signed},
        traps={"credentials": ["v3"]},
    )
    desk.listener.load(free(inventory))
    try:
        await desk.hear(Agent(secure("SHA-256")).says())
        await desk.hear(trap())
        assert [said.kind for _, said in desk.traps] == [TrapKind.LINK_DOWN, TrapKind.COLD_START]
    finally:
        desk.listener.close()


async def test_one_line_a_minute_of_one_sender(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """However much it does wrong; the next line says how much was kept back, and no line holds a community."""
    await desk.hear(trap(community=b"secret-word"), times=500)
    assert len(caplog.records) == 1
    desk.now += 61
    await desk.hear(b"x")
    assert "(499 more" in caplog.messages[-1]
    assert "secret-word" not in caplog.text


async def test_a_sender_may_say_so_much_and_no_more(desk: Desk) -> None:
    """A hundred at once, and five a second."""
    await desk.hear(trap(), times=1_000)
    read = desk.outcome(TrapOutcome.HASTENED) + desk.outcome(TrapOutcome.DUPLICATE)
    assert read == SENDER_RATE.burst
    desk.now += 1
    await desk.hear(trap(), times=100)
    assert desk.outcome(TrapOutcome.RATE_LIMITED) == 900 + 100 - 1 / SENDER_RATE.interval


async def test_wrong_words_take_nothing_from_who_speaks_right(desk: Desk) -> None:
    """A flood under a device's address with another community does not use up what the device may say."""
    await desk.hear(trap(community=b"guess"), times=5_000)
    await desk.hear(trap())
    assert desk.outcome(TrapOutcome.HASTENED) == 1


async def test_together_no_more_is_said_than_can_be_read() -> None:
    """Ten thousand devices at once: four hundred are read, and nothing waits without bound."""
    desk = Desk()
    devices = [router(f"d{number}", str(ip_address(0x0A000001 + number))) for number in range(10_000)]
    desk.listener.load(free(ward(*devices)))
    try:
        for number in range(10_000):
            desk.listener.hear(trap(), (str(ip_address(0x0A000001 + number)), 162))
        assert len(desk.listener._waiting) <= READ_RATE.burst
        for _ in range(READ_RATE.burst + 1):
            await asyncio.sleep(0)
        assert desk.outcome(TrapOutcome.HASTENED) == READ_RATE.burst
        assert desk.outcome(TrapOutcome.RATE_LIMITED) == 10_000 - READ_RATE.burst
    finally:
        desk.listener.close()


async def test_the_same_news_hastens_once(desk: Desk) -> None:
    """An inform that is repeated is counted as a duplicate; half a minute later it is news again."""
    await desk.hear(trap(request=1, inform=True))
    await desk.hear(trap(request=1, inform=True))
    assert (desk.outcome(TrapOutcome.HASTENED), desk.outcome(TrapOutcome.DUPLICATE)) == (1, 1)
    desk.now += 30
    await desk.hear(trap(request=2, inform=True))
    assert desk.outcome(TrapOutcome.HASTENED) == 2


async def test_an_inform_is_answered_over_the_wire_each_time(desk: Desk) -> None:
    """Its sender may not have got the first receipt."""
    address = desk.listener.address
    assert address is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.connect(address[:2])
        for _ in range(2):
            sender.send(trap(request=9, inform=True))
            receipt = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(sender, 9_000), 5)
            assert receipt == trap(request=9, inform=True).replace(b"\xa6", b"\xa2", 1)


async def test_a_reader_that_fails_ends_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever escapes from a library is counted, told once, and the next message is heard."""
    with monkeypatch.context() as patch:
        for name in ("admit", "read"):

            def fails(*_: object) -> None:
                raise RecursionError

            patch.setattr(Readers, name, fails)
            await desk.hear(trap(), times=3)
    assert desk.outcome(TrapOutcome.MALFORMED) == 6
    assert len(caplog.records) == 1
    await desk.hear(trap())
    assert desk.outcome(TrapOutcome.HASTENED) == 1


async def test_a_name_is_looked_up() -> None:
    """A device that the inventory knows by its name is heard once that has an address."""
    desk = Desk()
    desk.listener.load(free(ward(router("g", "gw.example"), router("nowhere", "no.example"))))
    try:
        await desk.hear(trap(), ("127.0.0.9", 1))
        await desk.listener.look_up()
        await desk.hear(trap(), ("127.0.0.9", 1))
        assert [device for device, _ in desk.traps] == ["g"]
    finally:
        desk.listener.close()


async def test_a_reload_keeps_the_port_and_takes_the_senders_over(desk: Desk) -> None:
    """The port stays open where it stays the same; who is no longer named is no longer heard, nor shown."""
    before, address = desk.listener._port, desk.listener.address
    await desk.hear(trap())
    assert address is not None
    listen = f"{address[0]}:{address[1]}"
    desk.listener.load(ward(router("new", "127.0.0.2"), traps={"listen": listen}))
    assert desk.listener._port is before
    await desk.hear(trap())
    assert desk.outcome(TrapOutcome.UNKNOWN_SENDER) == 1
    assert desk.listener.counts.devices() == {}
    desk.listener.load(Inventory())
    assert desk.listener.address is None
    assert desk.listener.messages() == {}
    assert desk.listener.counts.is_listening is None


async def test_what_the_kernel_dropped_at_a_port_that_is_closed_stays_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A counter never falls, whichever port it is now."""
    monkeypatch.setattr(TrapPort, "dropped", 7)
    assert desk.outcome(TrapOutcome.DROPPED) == 7
    desk.listener.load(free(ward(router())))
    assert desk.outcome(TrapOutcome.DROPPED) == 14


async def test_a_port_that_cannot_be_had_is_a_sentence(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """The monitor goes on without traps, and says so in the log and in a metric."""
    address = desk.listener.address
    assert address is not None
    other = Desk()
    other.listener.load(ward(router(), traps={"listen": f"{address[0]}:{address[1]}"}))
    assert other.listener.counts.is_listening is False
    assert "another program listens there" in caplog.text
    assert caplog.records[-1].levelno == logging.ERROR


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EACCES, "CAP_NET_BIND_SERVICE"), (errno.EADDRNOTAVAIL, "one of its own, or 0.0.0.0")]
)
async def test_why_a_port_cannot_be_had_is_said_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """Port 162 needs a privilege; an address must be this machine's."""

    class Refusing(socket.socket):
        def bind(self, address: object) -> None:
            raise OSError(number, "no", address)

    monkeypatch.setattr("monitor.traps.port.socket.socket", Refusing)
    with pytest.raises(TrapPortError, match=words):
        TrapPort("127.0.0.1:162", lambda _data, _source: None)


async def test_a_flood_is_taken_in_bites() -> None:
    """Between two bites the loop turns, and after a full one it rests: what waits meanwhile the kernel may drop."""
    taken: list[float] = []
    loop = asyncio.get_running_loop()
    opened = TrapPort("127.0.0.1:0".replace(":0", f":{_free()}"), lambda _data, _source: taken.append(loop.time()))
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(3_000):
                sender.sendto(b"x" * 100, opened.address[:2])
        async with asyncio.timeout(10):
            while len(taken) + opened.dropped < 3_000:  # noqa: ASYNC110  # the kernel tells nobody
                await asyncio.sleep(0.01)
    finally:
        opened.close()
    bites = len(taken) // BITE
    assert taken[-1] - taken[0] >= (bites - 1) * ports.PAUSE * 0.8


def _free() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def test_a_port_of_ipv6_hears_ipv4_too() -> None:
    """`[::]` takes both; a device is known by its address as the inventory writes it, and its inform is answered."""
    desk = Desk()
    desk.listener.load(ward(router(), traps={"listen": f"[::]:{_free()}"}))
    address = desk.listener.address
    try:
        assert address is not None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.connect(("127.0.0.1", address[1]))
            sender.send(trap(inform=True))
            assert await asyncio.wait_for(asyncio.get_running_loop().sock_recv(sender, 9_000), 5)
        assert [noted.source for noted in desk.noted] == ["127.0.0.1"]
    finally:
        desk.listener.close()


async def test_nothing_grows(desk: Desk) -> None:
    """After a hundred thousand messages of every kind memory is where it was."""
    kinds = [trap(community=b"x"), b"hello", trap(), trap("1.3.6.1.4.1.9.1")]
    await _flood(desk, kinds, 2_000)
    tracemalloc.start()
    try:
        await _flood(desk, kinds, 2_000)
        before, _ = tracemalloc.get_traced_memory()
        await _flood(desk, kinds, 20_000)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 200_000


async def _flood(desk: Desk, kinds: list[bytes], count: int) -> None:
    desk.traps.clear()
    desk.noted.clear()
    for number in range(count):
        desk.listener.hear(kinds[number % len(kinds)], HERE)
        desk.listener.hear(kinds[number % len(kinds)], (str(ip_address(number + 1)), 1))
        desk.now += 0.001
    for _ in range(READ_RATE.burst + 1):
        await asyncio.sleep(0)
