"""Evidence: paths and ports of what fell silent, each with its own deadline, and a word for what could not be had."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest

from bench.namespaces import why_not
from model.attachment import Lack, digest, lack_json
from model.counters import Growth
from model.incident import About, AlertName, Attachment, Entry, Fault, Incident, Severity
from model.inventory import Device, Inventory
from model.measurement import Failure, InterfaceReading, Reading, Reason, SnmpReading, SystemFacts
from model.path import Hop, Note, Path
from model.state import State
from monitor import evidence
from monitor.evidence import Evidence
from monitor.ports import PortReading
from monitor.probes.path import Tracer
from monitor.snmp.engines import Engines
from monitor.snmp.poller import DevicePoller
from tests.peers.namespaces import lab
from tests.peers.snmp import SnmpPeer, agent_mib
from tests.peers.snmp_sessions import PUBLIC, polling

NO_NAMESPACES = why_not()
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
ROUTER = Hop(1, "10.0.0.2", 0.001, Note.PASSED)
WHOLE = Path("10.8.0.1", (ROUTER, Hop(2, "10.8.0.1", 0.002, Note.TARGET)), reached=True)
CUT = Path("10.8.0.1", (ROUTER, Hop(2), Hop(3)), reached=False)
SNMP = {"credentials": "c"}
INVENTORY = Inventory.model_validate({
    "credentials": {"c": {"version": "2c", "community": "sesame"}},
    "sites": [
        {
            "id": "office",
            "devices": [{"id": "rt", "address": "10.1.0.1", "snmp": SNMP}, {"id": "cam", "address": "cam.example"}],
            "links": [
                {"id": "one", "target": "icmp://10.8.0.1", "source": "10.0.0.1", "interface": "rt/wan", "circuit": "7"},
                {"id": "two", "target": "icmp://two.example"},
                {"id": "three", "target": "icmp://10.8.0.3", "interface": "rt/lte", "provider": "VNPT"},
                {"id": "four", "target": "icmp://10.8.0.4", "provider": "VNPT"},
            ],
        },
        {
            "id": "head",
            "devices": [{"id": "core", "address": "10.9.0.1", "snmp": SNMP}],
            "links": [{"id": "back", "target": "icmp://10.7.0.1", "interface": "core/xe0", "circuit": "7"}],
        },
    ],
})


def incident(about: About) -> Incident:
    """One whose cause is about this."""
    fault = Fault(AlertName.LINK_DOWN, about, NOON, NOON, Severity.CRITICAL)
    return Incident("x-1", "w", NOON, NOON, NOON, (Entry(fault),))


def port(name: str, **cells: int) -> InterfaceReading:
    """A port that is up, with these cells."""
    return InterfaceReading(1, name, name, "", 6, "", {"ifOperStatus": 1, "ifAdminStatus": 1, **cells})


def reading(*ports: InterfaceReading) -> SnmpReading:
    """A poll of these."""
    return SnmpReading(6_000, SystemFacts(), ports, 1, 0, 1)


@dataclass
class World:
    """Everything that evidence is taken from.

    Attributes:
        traces: What the trace to each address gives; ``CUT`` for all others.
        polls: What the poll of each device gives.
        last: The last reading of each port.
        down: Links that are down.
        asked: Addresses traced and devices polled, in order.
        said: What devices have said by traps.
    """

    traces: dict[str, Callable[[], Awaitable[Path | Failure]]] = field(default_factory=dict)
    polls: dict[str, Callable[[], Awaitable[Reading | Failure]]] = field(default_factory=dict)
    last_readings: dict[tuple[str, str], PortReading] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    said: dict[str, Mapping[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.evidence = Evidence(
            tracing=self,
            addresses=self,
            readings=self,
            poll_now=self.poll,
            state_of=lambda subject: State.DOWN if subject[1] in self.down else State.UP,
            lately=lambda devices: [row for device, row in self.said.items() if device in devices],
            now=lambda: NOON,
        )
        self.evidence.load(INVENTORY)

    async def collect(self, about: About) -> tuple[Attachment, ...]:
        """The evidence of an incident about this."""
        return await self.evidence.collect(incident(about))

    async def path(self, about: About) -> Mapping[str, Any]:
        """The content of its only path."""
        [attachment] = [one for one in await self.collect(about) if one.kind == "path"]
        return attachment.content

    async def ports(self, about: About) -> list[Mapping[str, Any]]:
        """The ports of its only link."""
        [attachment] = [one for one in await self.collect(about) if one.kind == "interfaces"]
        found: Any = attachment.content["ports"]
        return list(found)

    async def trace(self, address: str, source: str | None = None) -> Path | Failure:
        """What the test says."""
        self.asked.append(("trace", address, source or ""))
        return await self.traces[address]() if address in self.traces else CUT

    async def address(self, host: str, _version: Literal["any", "4", "6"] = "any") -> str | Failure:
        """Numbers are known, names are not."""
        return Failure(Reason.UNRESOLVED, f"{host} has no address") if "example" in host else host

    def last(self, device: str, port: str) -> PortReading | None:
        """What the test says."""
        return self.last_readings.get((device, port))

    async def poll(self, device: Device) -> Reading | Failure:
        """What the test says."""
        self.asked.append(("poll", device.id))
        return await self.polls[device.id]() if device.id in self.polls else Failure(Reason.TIMEOUT, "no answer")


def gives(value: Any) -> Callable[[], Awaitable[Any]]:
    """Something that gives this at once."""

    async def give() -> Any:
        return value

    return give


async def hang() -> Any:
    """Something that never comes."""
    await asyncio.Event().wait()


async def break_down() -> Any:
    """Something with a fault in it."""
    raise ZeroDivisionError("sesame")


async def test_a_link_has_its_path_from_its_source_and_both_its_ports() -> None:
    """One attachment of each kind, of the link and at the time when it was taken."""
    world = World()
    path, ports = await world.collect(("link", "one"))
    assert [(one.kind, one.about, one.taken_at) for one in (path, ports)] == [
        ("path", ("link", "one"), NOON),
        ("interfaces", ("link", "one"), NOON),
    ]
    assert sorted(world.asked) == [("poll", "core"), ("poll", "rt"), ("trace", "10.8.0.1", "10.0.0.1")]
    assert [(one["end"], one["device"], one["interface"]) for one in await world.ports(("link", "one"))] == [
        ("near", "rt", "wan"),
        ("far", "core", "xe0"),
    ]


@pytest.mark.parametrize("about", [("link", "one"), ("device", "rt"), ("site", "office")])
async def test_what_the_devices_around_have_said_is_attached(about: About) -> None:
    """Those of the site, though they are not on the way, and nobody else's."""
    world = World(said={"cam": {"device": "cam"}, "elsewhere": {"device": "elsewhere"}})
    (said,) = [one for one in await world.collect(about) if one.kind == "traps"]
    assert (said.about, said.content) == (about, {"traps": [{"device": "cam"}]})


async def test_the_far_end_of_a_line_is_heard_too() -> None:
    """Its port may have been switched off there."""
    world = World(said={"core": {"device": "core"}})
    assert [one.content for one in await world.collect(("link", "one")) if one.kind == "traps"]
    assert not [one for one in await world.collect(("link", "two")) if one.kind == "traps"]


async def test_a_path_is_compared_with_the_usual_one() -> None:
    """The words say where answers end and how it was before; without a before they say that."""
    world = World(traces={"10.8.0.1": gives(WHOLE)})
    assert (await world.path(("link", "one")))["words"] == "reached in 2 hops; the usual path is not known"
    for _ in range(5):
        await world.evidence.remember_paths()
    world.traces.clear()
    content = await world.path(("link", "one"))
    assert content["words"] == "answers end after 10.0.0.2 (hop 1); usually 2 hops"
    assert content["difference"]["missing"][0]["address"] == "10.8.0.1"
    assert content["usual"]["at"] == NOON.isoformat()
    assert [hop["address"] for hop in content["hops"]] == ["10.0.0.2", None, None]
    assert (content["host"], content["source"], content["reached"]) == ("10.8.0.1", "10.0.0.1", False)


@pytest.mark.parametrize(
    ("about", "paths", "ports"),
    [
        (("device", "cam"), ["cam"], []),
        (("site", "office"), ["one", "two", "three"], ["one", "three"]),
        (("provider", "VNPT"), ["four"], []),
        (("link", "gone"), [], []),
    ],
)
async def test_each_subject_has_its_parts(about: About, paths: list[str], ports: list[str]) -> None:
    """Of a site three links, of a provider those that are down, of what is not known nothing."""
    found = await World(down={"four"}).collect(about)
    assert [one.about[1] for one in found if one.kind == "path"] == paths
    assert [one.about[1] for one in found if one.kind == "interfaces"] == ports


async def test_a_device_is_polled_once_however_many_lines_end_at_it() -> None:
    """Two links of the site stand on one router."""
    world = World()
    await world.collect(("site", "office"))
    assert [asked for asked in world.asked if asked == ("poll", "rt")] == [("poll", "rt")]


async def test_what_was_known_and_what_is_now_stand_side_by_side() -> None:
    """The last regular poll with its rates, and the fresh one."""
    world = World(polls={"rt": gives(reading(port("wan", ifInErrors=9), port("lte"))), "core": gives(reading())})
    counted = Growth(60.0, {"ifHCInOctets": 600, "ifInErrors": 0}), NOON - timedelta(seconds=30)
    before = port("wan", ifInErrors=3, ifHighSpeed=100)
    world.last_readings["rt", "wan"] = PortReading(before, 3_000, NOON - timedelta(seconds=30), counted)
    near, far = await world.ports(("link", "one"))
    assert near["last"]["in_errors"] == 3
    assert near["last"]["speed_bits_per_second"] == 100e6
    assert near["last"]["rates"]["in_octets_per_second"] == 10
    assert near["last"]["rates"]["until"] == near["last"]["read_at"] == "2026-11-01T11:59:30+00:00"
    assert near["fresh"]["in_errors"] == 9
    assert near["fresh"]["read_at"] == NOON.isoformat()
    which = {"device": "core", "interface": "xe0"}
    assert far["last"] == lack_json(Lack.NOT_TOLD_YET, "no poll of core has told of xe0 yet", **which)
    assert far["fresh"] == lack_json(Lack.NOT_TOLD, "device core has told of no interface 'xe0'", **which)


async def test_a_port_without_rates_says_so() -> None:
    """There was one poll only."""
    world = World()
    world.last_readings["rt", "wan"] = PortReading(port("wan"), None, NOON)
    near, _ = await world.ports(("link", "one"))
    assert near["last"]["rates"] is None
    assert near["last"]["operational"] == "up"


async def test_what_cannot_be_had_says_why() -> None:
    """A name without an address, an agent without an answer: in words, and the other parts are there."""
    world = World()
    assert (await world.path(("link", "two")))["failed"] == "two.example has no address"
    near, far = await world.ports(("link", "one"))
    assert near["fresh"] == far["fresh"] == lack_json(Lack.FAILED, "no answer", reason="timeout")


async def test_a_device_that_is_not_polled_says_how_to_have_it_polled() -> None:
    """A port may be named for people, of a device without an agent."""
    world = World()
    links = [{"id": "one", "target": "icmp://10.8.0.1", "interface": "cam/eth0"}]
    devices = [{"id": "cam", "address": "10.1.0.2"}]
    world.evidence.load(Inventory.model_validate({"sites": [{"id": "s", "links": links, "devices": devices}]}))
    [near] = await world.ports(("link", "one"))
    words = "device cam is not polled: write `snmp` for it"
    assert near["fresh"] == lack_json(Lack.NOT_POLLED, words, device="cam")
    assert ("poll", "cam") not in world.asked


async def test_each_part_has_a_deadline_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trace and an agent that hang hold up neither each other nor the rest."""
    monkeypatch.setattr(evidence, "TRACE_WITHIN", 0.02)
    monkeypatch.setattr(evidence, "POLL_WITHIN", 0.01)
    world = World({"10.8.0.1": hang}, {"rt": hang, "core": gives(reading(port("xe0")))})
    assert (await world.path(("link", "one")))["failed"] == "the trace took longer than 20ms"
    near, far = await world.ports(("link", "one"))
    assert near["fresh"] == lack_json(Lack.TOO_SLOW, "the poll took longer than 10ms", seconds=0.01)
    assert far["fresh"]["operational"] == "up"


def test_all_parts_together_are_done_in_time() -> None:
    """They are taken at once, so the longest of them decides: well within half a minute."""
    assert max(evidence.TRACE_WITHIN, evidence.POLL_WITHIN) <= 25


async def test_a_fault_of_ours_is_named_and_told_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """But what it says stays here: it may hold anything."""
    world = World({"10.8.0.1": break_down}, {"rt": break_down})
    found = await world.collect(("link", "one"))
    assert found[0].content["failed"] == "the trace ended in an error of this program: ZeroDivisionError"
    assert "sesame" not in json.dumps([one.content for one in found])
    assert "the poll for an incident failed" in caplog.text


async def test_the_same_evidence_has_the_same_digest() -> None:
    """And no secret of the inventory is in it."""
    first, second = [await World().collect(("site", "office")) for _ in range(2)]
    assert digest(first) == digest(second)
    assert "sesame" not in json.dumps([one.content for one in first])


async def test_a_collection_that_is_cancelled_leaves_nothing_running() -> None:
    """The daemon stops in the middle."""
    before = asyncio.all_tasks()
    collecting = asyncio.create_task(World({"10.8.0.1": hang}, {"rt": hang}).collect(("link", "one")))
    await asyncio.sleep(0.01)
    collecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await collecting
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_a_fresh_poll_of_a_real_agent_and_the_regular_one_do_not_disturb_each_other() -> None:
    """Both ask the same poller at once, before it knows the device."""
    engines = Engines()
    async with SnmpPeer(agent_mib({1: "lte", 2: "wan"})) as peer:
        poller = DevicePoller(lambda: engines.open("127.0.0.1", polling(peer.port), PUBLIC))
        world = World(polls={"rt": poller.poll})
        regular, found = await asyncio.gather(poller.poll(), world.ports(("link", "one")))
        poller.close()
    engines.close()
    assert isinstance(regular, SnmpReading)
    assert found[0]["fresh"]["alias"] == "port 2"
    assert found[0]["fresh"]["in_errors"] == regular.interfaces[1].cells["ifInErrors"]


@pytest.mark.root
@pytest.mark.skipif(NO_NAMESPACES is not None, reason=str(NO_NAMESPACES))
def test_a_cut_line_is_told_by_the_path_that_it_had() -> None:
    """A real trace while the line is up, the far host unplugged, a real trace at the opening of the incident."""

    async def main() -> Any:
        world = World()
        world.evidence = Evidence(
            tracing=Tracer(), addresses=world, readings=world, poll_now=world.poll, state_of=lambda _: State.UP
        )
        world.evidence.load(
            Inventory.model_validate({"sites": [{"id": "s", "links": [{"id": "one", "target": "icmp://10.78.0.1"}]}]})
        )
        await world.evidence.remember_paths()
        row.far.ip("link", "set", "up0", "down")
        return (await world.path(("link", "one")))["words"]

    with lab() as row:
        assert row.near.run(main) == "answers end after 10.77.0.2 (hop 1); usually 2 hops"
