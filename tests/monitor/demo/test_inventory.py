"""The inventory file of a simulated ward."""

from pathlib import Path

import pytest

from model.inventory import Device, Inventory, Link
from model.measurement import ProbeKind
from monitor.config import load
from monitor.demo.ground import Ground
from monitor.demo.inventory import inventory_text
from monitor.demo.ward import DevicePlan, LinkPlan, WardPlan, plan_ward


def _loaded(ward: WardPlan, folder: Path) -> Inventory:
    (folder / "ca.pem").touch()
    file = folder / "ward.yml"
    file.write_text(inventory_text(ward, folder), encoding="utf-8")
    return load(file)


@pytest.mark.parametrize("sites", [1, 2, 41, 300])
@pytest.mark.parametrize("octet", [41, None], ids=["many-addresses", "one-address"])
def test_the_daemon_reads_it(sites: int, octet: int | None, tmp_path: Path) -> None:
    """The real loader finds nothing wrong, and every site, device, link and service of the plan."""
    ward = plan_ward(Ground(octet, 18_000), sites)
    inventory = _loaded(ward, tmp_path)
    assert [site.id for site in inventory.sites] == [site.id for site in ward.sites]
    assert [site.name for site in inventory.sites] == [site.name for site in ward.sites]
    for planned, site in zip(ward.sites, inventory.sites, strict=True):
        assert [device.id for device in site.devices] == [device.id for device in planned.devices]
        assert [link.id for link in site.links] == [link.id for link in planned.links]
        assert [service.id for service in site.services] == [service.id for service in planned.services]


def test_devices_are_polled_where_their_agents_answer(ward: WardPlan, tmp_path: Path) -> None:
    """Address and port of each device are its agent's, and nothing is pinged that would answer when it is dead."""
    planned = [device for site in ward.sites for device in site.devices]
    for plan, (_, device) in zip(planned, _loaded(ward, tmp_path).devices(), strict=True):
        assert _agent(device) == (plan.endpoint.address, plan.endpoint.port)
        assert device.icmp is None
        assert _parents(plan) == device.depends_on


def test_a_fault_of_a_minute_is_seen(ward: WardPlan, tmp_path: Path) -> None:
    """Three failures in a row fit into the shortest scenes: agents are asked each 10 s, services each 5 s."""
    inventory = _loaded(ward, tmp_path)
    assert {device.snmp.interval for _, device in inventory.devices() if device.snmp} == {10}
    assert {(service.interval, service.timeout) for _, service in inventory.services()} == {(5, 4)}


def test_two_lines_can_be_tested(ward: WardPlan, tmp_path: Path) -> None:
    """One of the office and one of a point: no more, for each moves what a real test does."""
    tested = {link.id: link for _, link in _loaded(ward, tmp_path).links() if link.speed_test}
    assert list(tested) == [ward.sites[0].links[0].id, ward.sites[1].links[0].id]
    for link in tested.values():
        assert link.speed_test is not None
        assert link.speed_test.is_peer_at_site
        assert link.contracted is not None
        assert link.contracted.download <= 300e6


def test_links_have_names_for_people(ward: WardPlan, tmp_path: Path) -> None:
    """A line is called after its provider, in the ward's language."""
    names = {link.id: link.name for _, link in _loaded(ward, tmp_path).links()}
    assert names["office-vnpt"] == "Đường truyền VNPT"
    assert all(name.startswith("Đường truyền ") for name in names.values())


def _agent(device: Device) -> tuple[str, int | None]:
    return device.address, device.snmp.port if device.snmp else None


def _parents(plan: DevicePlan | LinkPlan) -> tuple[str, ...]:
    return plan.depends_on


def test_links_are_probed_where_their_reflectors_answer(ward: WardPlan, tmp_path: Path) -> None:
    """Target, interface, source and contracted speed of each link are the plan's."""
    planned = [link for site in ward.sites for link in site.links]
    for plan, (_, link) in zip(planned, _loaded(ward, tmp_path).links(), strict=True):
        assert _where(link) == (plan.endpoint.address, plan.endpoint.port)
        assert link.interface == plan.interface
        assert link.source == plan.source
        assert link.contracted is not None
        assert link.contracted.download == plan.speed[0] * 1e6


def _where(link: Link) -> tuple[str, int | None]:
    (target,) = link.targets
    assert target.kind is ProbeKind.STAMP
    return target.host, target.port
