"""The plan of a simulated ward."""

import math
from dataclasses import replace

import pytest

from monitor.demo.ground import Ground
from monitor.demo.places import OFFICE_LOCATION
from monitor.demo.ward import PROVIDERS, WardPlan, plan_ward


def test_a_ward_is_an_office_and_forty_points(ward: WardPlan) -> None:
    """The first site is the office with two providers and three devices; the others have one link and two or three."""
    office, *points = ward.sites
    assert office.kind == "office"
    assert len({link.provider for link in office.links}) == 2
    assert len(office.devices) == 3
    assert len(points) == 40
    assert {len(point.links) for point in points} == {1}
    assert {len(point.devices) for point in points} == {2, 3}


def test_every_provider_and_vendor_takes_part(ward: WardPlan) -> None:
    """All providers and a variety of makers are there, and at least one agent without ifXTable."""
    assert {link.provider for site in ward.sites for link in site.links} == set(PROVIDERS)
    models = {device.model for site in ward.sites for device in site.devices}
    assert len({model.object_id for model in models}) >= 8
    assert any(not model.extended for model in models)
    assert all(5 <= len(model.ports) <= 28 or model.role == "ups" for model in models)


def test_points_lie_inside_the_ward(ward: WardPlan) -> None:
    """No point is further than 1.2 km from the office, and no two stand at the same place."""
    latitude, longitude = OFFICE_LOCATION
    for site in ward.sites:
        north = (site.location[0] - latitude) * 111_320
        east = (site.location[1] - longitude) * 111_320 * math.cos(math.radians(latitude))
        assert math.hypot(north, east) < 1_200
    assert len({site.location for site in ward.sites}) == len(ward.sites)


def test_the_plan_is_repeatable(ward: WardPlan) -> None:
    """The same seed gives the same ward, another seed another one."""
    assert plan_ward(ward.ground) == ward
    assert plan_ward(ward.ground, seed=2) != replace(ward, seed=2)


def test_a_larger_ward_keeps_the_smaller_ones_sites(ward: WardPlan) -> None:
    """Devices and links of a site do not depend on how many sites there are."""
    larger = plan_ward(ward.ground, sites=60)
    for small, large in zip(ward.sites, larger.sites, strict=False):
        assert (small.devices, small.links, small.services) == (large.devices, large.links, large.services)


@pytest.mark.parametrize("sites", [0, 801])
def test_impossible_sizes_are_refused(sites: int) -> None:
    """Fewer than one site or more than there are addresses is an error that names the limits."""
    with pytest.raises(ValueError, match="1 to 800 sites"):
        plan_ward(Ground(41, 18_000), sites)


def test_physical_addresses_are_unique(ward: WardPlan) -> None:
    """No two interfaces of the ward share a MAC address."""
    found = [row.physical_address for site in ward.sites for device in site.devices for row in device.interfaces]
    assert len(set(found)) == len(found)
