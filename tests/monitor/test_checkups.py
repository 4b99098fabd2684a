"""The shell that asks devices how they are."""

import asyncio

from model.health import DeviceHealth, Measure
from model.inventory import Credentials, Device, Inventory, SnmpPolling
from monitor.checkups import Checkups
from monitor.config.profiles import load_profiles
from monitor.snmp.engines import Engines
from monitor.snmp.poller import DevicePoller
from tests.peers.snmp import SnmpPeer, agent_mib, number

LOAD = "1.3.6.1.2.1.25.3.3.1.2.1"


def inventory(port: int, **keys: str) -> Inventory:
    """One device that is polled on loopback, and one that is not polled."""
    snmp = {"credentials": "v2", "port": port, "timeout": "0.5s", "retries": 0} | keys
    devices = [{"id": "rt1", "address": "127.0.0.1", "snmp": snmp}, {"id": "cam", "address": "127.0.0.2"}]
    return Inventory.model_validate({
        "ward": {"id": "w"},
        "credentials": {"v2": {"version": "2c", "community": "public"}},
        "sites": [{"id": "s", "devices": devices}],
    })


class Bench:
    """Pollers by device, and what was shown and judged."""

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        self.pollers: dict[str, DevicePoller] = {}
        self.shown: list[tuple[str, str, DeviceHealth]] = []
        self.judged: list[tuple[str, DeviceHealth]] = []
        self.made = 0

    def agent(self, device: Device, polling: SnmpPolling, credentials: Credentials) -> DevicePoller:
        """Its poller."""
        self.made += 1
        poller = DevicePoller(lambda: self.engines.open(device.address, polling, credentials))
        return self.pollers.setdefault(device.id, poller)

    def healthy(self, device: str, address: str, health: DeviceHealth, _until: float) -> None:
        """Show it."""
        self.shown.append((device, address, health))

    def judge(self, device: str, health: DeviceHealth, _: float) -> None:
        """Judge it."""
        self.judged.append((device, health))


async def test_each_polled_device_is_shown_and_judged() -> None:
    """One job for each device that is polled; what it tells goes to picture and judge, once it has been polled."""
    engines = Engines()
    async with SnmpPeer(agent_mib({1: "ether1"}) | {LOAD: number(42)}) as peer:
        bench = Bench(engines)
        checkups = Checkups(bench.agent, bench, bench.judge, soon=0.01)
        checkups.load(inventory(peer.port, interval="10m"), load_profiles())
        (job,) = checkups.jobs()
        first = asyncio.ensure_future(job.run() or _nothing())
        await asyncio.sleep(0.05)
        assert bench.shown == []  # nobody has polled it yet
        await bench.pollers["rt1"].poll()
        await asyncio.wait_for(first, 10)
        bench.pollers["rt1"].close()
    engines.close()
    ((device, address, health),) = bench.shown
    assert (device, address) == ("rt1", "127.0.0.1")
    assert [reading.value for reading in health.of(Measure.CPU)] == [0.42]
    assert bench.judged == [("rt1", health)]


async def test_one_round_can_be_had_out_of_turn() -> None:
    """Because a trap has come; of two at once one is enough, and of a device that is not polled there is none."""
    engines = Engines()
    async with SnmpPeer(agent_mib({1: "ether1"}) | {LOAD: number(42)}) as peer:
        bench = Bench(engines)
        checkups = Checkups(bench.agent, bench)
        checkups.load(inventory(peer.port), load_profiles())
        await bench.pollers["rt1"].poll()
        await asyncio.gather(checkups.check("rt1"), checkups.check("rt1"), checkups.check("cam"))
        assert [device for device, _, _ in bench.shown] == ["rt1"]
        await checkups.check("rt1")
        bench.pollers["rt1"].close()
    engines.close()
    assert [device for device, _, _ in bench.shown] == ["rt1", "rt1"]


async def test_a_silent_device_tells_nothing() -> None:
    """A failure is neither shown nor judged."""
    engines = Engines()
    async with SnmpPeer(agent_mib({1: "ether1"}) | {LOAD: number(42)}) as peer:
        bench = Bench(engines)
        checkups = Checkups(bench.agent, bench, bench.judge)
        checkups.load(inventory(peer.port, timeout="0.05s"), load_profiles())
        await bench.pollers["rt1"].poll()
        peer.behave = lambda _request, _answer: []
        await (checkups.jobs()[0].run() or _nothing())
        bench.pollers["rt1"].close()
    engines.close()
    assert not bench.shown
    assert not bench.judged


async def test_a_reload_disturbs_only_what_it_changes() -> None:
    """The same device is not surveyed anew; with other profiles everything is; a longer interval is kept."""
    bench = Bench(Engines())
    checkups = Checkups(bench.agent, bench)
    profiles = load_profiles()
    checkups.load(inventory(161), profiles)
    checkups.load(inventory(161), profiles)
    assert bench.made == 1
    assert [job.interval for job in checkups.jobs()] == [60.0]
    checkups.load(inventory(161, interval="300s"), profiles)
    assert [job.interval for job in checkups.jobs()] == [300.0]
    checkups.load(inventory(161, interval="300s"), {"generic": profiles["generic"]})
    assert bench.made == 3
    bench.engines.close()


async def _nothing() -> None:
    """A job that has nothing to wait for."""
