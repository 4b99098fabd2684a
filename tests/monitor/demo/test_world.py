"""The world in this process: on free ground, its inventory, its reflectors, its refusals."""

import asyncio
import errno
import json
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from model.speed_run import Ending
from monitor.config import load
from monitor.demo import world as worlds
from monitor.demo.__main__ import happenings
from monitor.demo.fault import Fault, FaultKind
from monitor.demo.ground import Ground, WorldError
from monitor.demo.world import World, open_world
from monitor.speed.order import Order
from monitor.speed.transfer import Transfer

TEST_PACKET = bytes(44)  # STAMP, RFC 8762 §4.2.1


async def _reflected(world: World, link: str, within: float = 10.0) -> bool:
    """Whether a test packet comes back from the reflector behind a link within so many seconds."""
    plan = next(each for site in world.ward.sites for each in site.links if each.id == link)
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.setblocking(False)
        probe.connect((plan.endpoint.address, plan.endpoint.port))
        await loop.sock_sendall(probe, TEST_PACKET)
        try:
            async with asyncio.timeout(within):
                return len(await loop.sock_recv(probe, 100)) == len(TEST_PACKET)
        except TimeoutError:
            return False


def _outward(world: World) -> int:
    """What has gone out by the office's first port."""
    moment = world.moment(world.ward.sites[0].devices[0])
    assert moment is not None
    return moment.interface(1).outward.octets


async def test_a_world_is_what_its_inventory_says(tmp_path: Path) -> None:
    """The daemon's loader reads the inventory, and each link's target answers and is tallied."""
    async with open_world(3, 1, (), tmp_path) as world:
        links = [link.id for _, link in load(tmp_path / "ward.yml").links()]
        assert [await _reflected(world, link) for link in links] == [True] * 4
        facts = world.facts()
    assert len(links) == 4
    assert {facts["links"][link]["forward"]["passed"] for link in links} == {1}


async def test_the_fault_of_the_story_is_the_fault_of_the_wire(tmp_path: Path) -> None:
    """A cut link reflects nothing while its neighbour does; the happening and the truth on file say the same."""
    cut = Fault(FaultKind.LINK_CUT, 0, 3_600, ("office-vnpt", "office-rt1/Gi0/0/1"))
    truth_file = tmp_path / "truth.json"
    async with open_world(1, 1, (cut,), tmp_path) as world:
        happening = await anext(happenings(world, truth_file))
        assert await _reflected(world, "office-viettel")
        assert not await _reflected(world, "office-vnpt", within=0.3)
    assert happening.begun
    assert happening.fault == cut
    written = json.loads(truth_file.read_text())
    assert written["links"]["office-vnpt"]["up"] is False
    assert written["faults"] == [cut.to_json()]


async def test_a_line_has_the_speed_that_was_sold(tmp_path: Path) -> None:
    """Nearly: a test finds no more, shares it with others, and moves the counters of its port."""
    async with open_world(1, 1, (), tmp_path) as world:
        ((link, tested),) = [(one, one.speed_test) for _, one in load(tmp_path / "ward.yml").links() if one.speed_test]
        assert link.contracted is not None
        assert tested.key is not None
        before = _outward(world)
        order = Order(tested.url, "receive", 10**9, tested.key.get_secret_value(), link.source, 450e6, seconds=1.6)
        run = await asyncio.to_thread(Transfer(order, lambda: False, lambda _: None).run)
        moved = _outward(world) - before
    assert run.ending in {Ending.DONE, Ending.TOO_SHORT}
    rate = run.octets * 8 / run.slices[-1].at
    assert 20e6 < rate < 1.05 * link.contracted.upload
    assert moved >= run.octets


async def test_happenings_come_at_their_time(tmp_path: Path) -> None:
    """Begin and end of a short fault are told, neither before their time nor a second after it."""
    fault = Fault(FaultKind.SERVICE_SLOW, 0.1, 0.25, ("dich-vu-cong",), 2.0)
    async with open_world(1, 1, (fault,), tmp_path) as world:
        told = happenings(world, tmp_path / "truth.json")
        for moment in (0.1, 0.25):
            assert (await anext(told)).time == moment
            assert moment <= world.now() < moment + 1


async def test_the_certificates_are_trusted_by_the_authority(tmp_path: Path) -> None:
    """A browser with the demo's root opens the portal by its name."""
    async with open_world(1, 1, (), tmp_path) as world:
        portal = world.ward.sites[0].services[0]
        trusting = ssl.create_default_context(cafile=tmp_path / "ca.pem")
        where = (portal.endpoint.address, portal.endpoint.port)
        reader, writer = await asyncio.open_connection(*where, ssl=trusting, server_hostname=portal.host)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert portal.phrase in (await reader.read()).decode()
        writer.close()
        await writer.wait_closed()


async def test_two_worlds_live_side_by_side(tmp_path: Path) -> None:
    """The second finds ground of its own, and both answer."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    async with open_world(2, 1, (), first) as one, open_world(2, 1, (), second) as other:
        assert one.ward.ground != other.ward.ground
        assert await _reflected(one, "office-vnpt")
        assert await _reflected(other, "office-vnpt")


@pytest.fixture
def only_ground(monkeypatch: pytest.MonkeyPatch) -> Callable[[Ground], None]:
    """Leaves one ground to choose from."""

    def leave(ground: Ground) -> None:
        monkeypatch.setattr(worlds, "grounds", lambda **_: [ground])

    return leave


async def test_no_free_ground_is_said_plainly(only_ground: Callable[[Ground], None], tmp_path: Path) -> None:
    """Where another has the last port of the last ground, the message says what to do, and nothing stays open."""
    ground = Ground(137, 17_000)
    only_ground(ground)
    taken = ground.resolver(0)
    with socket.create_server((taken.address, taken.port)), pytest.raises(WorldError, match="end another demo"):
        async with open_world(1, 1, (), tmp_path):
            pass
    async with open_world(1, 1, (), tmp_path) as world:
        assert await _reflected(world, "office-vnpt")


def test_too_few_open_files_are_explained() -> None:
    """The limit of open files is named with its remedy, another error as the kernel says it."""
    assert "ulimit -n" in worlds._explained(OSError(errno.EMFILE, "Too many open files"), 300)
    assert "Network is down" in worlds._explained(OSError(errno.ENETDOWN, "Network is down"), 300)


async def test_one_address_is_enough(only_ground: Callable[[Ground], None], tmp_path: Path) -> None:
    """Where only 127.0.0.1 can be bound the whole ward stands there, each part at a port of its own."""
    only_ground(Ground(None, 20_000))
    async with open_world(3, 1, (), tmp_path) as world:
        assert {device.address for _, device in load(tmp_path / "ward.yml").devices()} == {"127.0.0.1"}
        for site in world.ward.sites:
            assert await _reflected(world, site.links[0].id)
