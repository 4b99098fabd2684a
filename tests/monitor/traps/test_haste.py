"""A trap makes the monitor look sooner, and decides nothing."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from model.decision import CameUp, Decision, WentDown
from model.inventory import Inventory
from model.measurement import EchoReading, Failure, InterfaceReading, ProbeKind, Reading, Reason, Subject, SubjectKey
from model.trap import Trap, TrapKind
from monitor.alarms import Alarms
from monitor.scheduler import Scheduler
from monitor.task import Task
from monitor.timetable import Timetable
from monitor.traps.haste import AGAIN_AFTER, CHECK_UP_AFTER, MOST_AT_ONCE, Haste, Watch
from monitor.watch import Watches
from tests.monitor.test_watch import Notes
from tests.peers.clock import SteppedLoop
from tests.peers.traps import router, ward

DOWN = Trap(TrapKind.LINK_DOWN, if_index=7)


@dataclass
class Port:
    """A port as a poll saw it."""

    interface: InterfaceReading


class Plant:
    """A router with two lines and one without any, on a loop whose clock jumps; notes what is looked at, and when."""

    def __init__(self, loop: SteppedLoop) -> None:
        self.loop = loop
        self.seen: list[tuple[float, str]] = []
        self.ports: dict[tuple[str, str], Port] = {}
        self.haste = Haste(self.run, self, self.check_up)
        links = [
            {"id": f"line-{name}", "target": "icmp://127.0.0.1", "interface": f"r/{name}"} for name in ("ether1", "ppp")
        ]
        self.inventory = ward(router(), {"id": "mute", "address": "127.0.0.2"}, links=links)
        self.load()

    def load(self) -> None:
        """Take the inventory over."""
        watches: dict[SubjectKey, Watch] = {
            ("link", link.id): Watched(self, link.id) for _, link in self.inventory.links()
        }
        self.haste.load(self.inventory, [poll("r"), *map(poll, self.others())], watches)

    def others(self) -> list[str]:
        """More devices than may be polled at once."""
        return [f"d{number}" for number in range(2 * MOST_AT_ONCE)]

    def last(self, device: str, port: str) -> Port | None:
        """What the last poll said of a port."""
        return self.ports.get((device, port))

    def knows(self, **indices: int) -> None:
        """A poll has told which ifIndex each port has."""
        self.ports = {
            ("r", name): Port(InterfaceReading(index, name, name, "", 6, "", {})) for name, index in indices.items()
        }

    async def run(self, task: Task) -> None:
        """A poll takes half a second."""
        self.note(task.subject.id)
        await asyncio.sleep(0.5)

    async def check_up(self, device: str) -> None:
        """How a device is is read."""
        self.note(f"{device} itself")

    def note(self, name: str) -> None:
        """Something is looked at."""
        self.seen.append((self.loop.time(), name))

    def rest(self, seconds: float) -> None:
        """Let time pass."""
        self.loop.run_until_complete(asyncio.sleep(seconds))

    def hasten(self, trap: Trap, device: str = "r") -> bool:
        """A trap has come."""

        async def come() -> bool:
            return self.haste.hasten(device, trap)

        return self.loop.run_until_complete(come())

    @property
    def names(self) -> list[str]:
        """What was looked at."""
        return [name for _, name in self.seen]


class Watched:
    """A watch that notes that it is asked."""

    def __init__(self, plant: Plant, name: str) -> None:
        self._plant, self._name = plant, name

    def ask(self) -> None:
        """Note it."""
        self._plant.note(self._name)


async def _polled() -> Reading | Failure:
    return Failure(Reason.TIMEOUT)


def poll(name: str) -> Task:
    """The poll of a device."""
    return Task(name, Subject("device", name, "s", "127.0.0.1"), ProbeKind.SNMP, 60.0, 1.0, _polled)


@pytest.fixture
def plant() -> Iterator[Plant]:
    """All is well."""
    loop = SteppedLoop()
    it = Plant(loop)
    yield it
    it.haste.close()
    it.rest(0)
    loop.close()


def test_the_device_and_the_line_at_the_port_are_looked_at(plant: Plant) -> None:
    """At once; the line at another port of it is not."""
    plant.knows(ether1=7, ppp=8)
    assert plant.hasten(DOWN)
    plant.rest(0.1)
    assert plant.seen == [(0.0, "line-ether1"), (0.0, "r")]


def test_a_name_is_better_than_an_index(plant: Plant) -> None:
    """After a restart the numbers may be others; the name that the trap tells is the inventory's."""
    plant.knows(ether1=7, ppp=8)
    plant.hasten(Trap(TrapKind.LINK_DOWN, if_index=7, if_name="ppp"))
    plant.rest(0.1)
    assert "line-ppp" in plant.names
    assert "line-ether1" not in plant.names


def test_before_the_first_poll_each_line_may_be_meant(plant: Plant) -> None:
    """Which port is number 7 nobody has told yet."""
    plant.knows(ppp=8)
    plant.hasten(DOWN)
    plant.rest(0.1)
    assert plant.names.count("line-ether1") == 1
    assert "line-ppp" not in plant.names


@pytest.mark.parametrize("kind", [TrapKind.COLD_START, TrapKind.ON_BATTERY, TrapKind.NEIGHBOURS_CHANGED])
def test_what_is_of_no_port_makes_the_device_be_polled(plant: Plant, kind: TrapKind) -> None:
    """A restart, the battery, a neighbour."""
    assert plant.hasten(Trap(kind))
    plant.rest(0.1)
    assert plant.names == ["r", "r itself"]


def test_how_a_device_is_is_read_out_of_turn_once_a_minute(plant: Plant) -> None:
    """Its alerts wait for several rounds in a row: who sends many traps must not let them pass in a moment."""
    for _ in range(65):
        plant.hasten(Trap(TrapKind.ON_BATTERY))
        plant.rest(1)
    assert [at for at, name in plant.seen if name == "r itself"] == pytest.approx([0, CHECK_UP_AFTER], abs=1)


@pytest.mark.parametrize(("kind", "device"), [("authenticationFailure", "r"), ("other", "r"), ("coldStart", "mute")])
def test_where_there_is_nothing_to_look_at_nothing_is(plant: Plant, kind: str, device: str) -> None:
    """A wrong password somewhere, something that we know nothing of, a device that is not polled."""
    assert not plant.hasten(Trap(TrapKind(kind)), device)
    plant.rest(5)
    assert plant.names == []


def test_a_device_that_says_much_is_polled_every_two_seconds(plant: Plant, caplog: pytest.LogCaptureFixture) -> None:
    """And once more after the last that it said: what it said meanwhile may be news."""
    for _ in range(50):
        plant.hasten(Trap(TrapKind.COLD_START))
        plant.rest(0.1)
    plant.rest(10)
    times = [at for at, name in plant.seen if name == "r"]
    assert times == pytest.approx([0, AGAIN_AFTER, 2 * AGAIN_AFTER, 3 * AGAIN_AFTER])
    assert caplog.records == []


def test_a_city_that_speaks_at_once_is_not_polled_at_once(plant: Plant) -> None:
    """So many polls run at a time; what comes beside them waits for its turn in the pace."""
    hastened = [plant.hasten(Trap(TrapKind.COLD_START), device) for device in plant.others()]
    assert sum(hastened) == MOST_AT_ONCE


def test_a_reload_forgets_what_was_about_to_be_looked_at(plant: Plant) -> None:
    """The device may be gone."""
    plant.hasten(DOWN)
    plant.hasten(Trap(TrapKind.LINK_UP, if_index=7))
    plant.load()
    plant.rest(10)
    assert plant.names.count("r") == 1


def test_a_poll_that_fails_unexpectedly_is_told_and_ends_nothing(
    plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    """The next trap is heard as before."""

    async def broken(_: Task) -> None:
        raise ZeroDivisionError

    plant.haste._run = broken
    plant.hasten(DOWN)
    plant.rest(AGAIN_AFTER)
    assert "failed unexpectedly" in caplog.text
    assert plant.hasten(DOWN)


# The whole of it: a real watch and detector, and a line that is probed each 20 s


def decisions(cut_at: float, trap_at: float | None, answers: Callable[[float], bool]) -> list[Decision]:
    """What the detector of a slow line decides while a trap comes, or none."""
    notes, loop = Notes(), SteppedLoop()

    async def probe() -> Reading | Failure:
        if answers(loop.time()):
            await asyncio.sleep(0.01)
            return EchoReading(0.01)
        await asyncio.sleep(3)
        return Failure(Reason.TIMEOUT)

    async def scenario() -> None:
        watches = Watches(notes, Alarms(loop.time))
        scheduler = Scheduler(notes, Timetable(seed=3), clock=loop.time)
        task = Task("k", Subject("link", "l", "s", "192.0.2.1"), ProbeKind.ICMP, 20.0, 3.0, probe)
        scheduler.set(watches.take([task], {"l": 1.0}))
        plain: Inventory = ward(router(), links=[{"id": "l", "target": "icmp://192.0.2.1", "interface": "r/ether1"}])
        haste = Haste(_never, _Nothing())
        haste.load(plain, [], watches.by_subject())
        if trap_at is not None:
            loop.call_at(trap_at, haste.hasten, "r", DOWN)
        await asyncio.sleep(cut_at + 60)
        haste.close()
        watches.close()
        await scheduler.stop()

    try:
        loop.run_until_complete(scenario())
    finally:
        loop.close()
    return notes.decisions


async def _never(_: Task) -> None:
    raise AssertionError


class _Nothing:
    def last(self, _device: str, _port: str) -> Port | None:
        """No poll has told anything."""
        return None


def noticed(decided: list[Decision]) -> float:
    """When the line was found down."""
    (down,) = (each for each in decided if isinstance(each, WentDown))
    return down.noticed_at


def test_a_cut_is_found_sooner_by_a_trap() -> None:
    """A line that is probed each 20 s: without a trap its cut is noticed a round later, with it within 5 s."""
    without = noticed(decisions(101, None, lambda at: at < 101))
    hastened = noticed(decisions(101, 101.05, lambda at: at < 101))
    assert hastened - 101 < 5
    assert hastened < without - 5


def test_the_trap_of_a_lie_changes_nothing() -> None:
    """The line answers the probe that was asked for, and stays up."""
    assert [type(each) for each in decisions(101, 101.05, lambda _: True)] == [CameUp]
