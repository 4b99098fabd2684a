"""Addresses and ports of simulated wards."""

import ipaddress
from itertools import islice

import pytest

from monitor.demo.ground import MOST_SITES, Endpoint, Ground, grounds


def _everything(ground: Ground) -> list[Endpoint]:
    at_sites = [
        endpoint
        for site in range(MOST_SITES)
        for endpoint in (*(ground.agent(site, n) for n in range(3)), *(ground.reflector(site, n) for n in range(2)))
    ]
    apart = [ground.web(0, secure=True), ground.web(1, secure=False), ground.resolver(0), *map(ground.anchor, range(2))]
    return at_sites + apart


@pytest.mark.parametrize("octet", [41, None], ids=["many-addresses", "one-address"])
def test_nothing_of_a_ward_stands_at_the_same_place(octet: int | None) -> None:
    """Every part of the largest ward has an endpoint of its own, inside loopback, above the privileged ports."""
    endpoints = _everything(Ground(octet, 10_000))
    assert len(set(endpoints)) == len(endpoints)
    assert all(ipaddress.ip_address(endpoint.address).is_loopback for endpoint in endpoints)
    assert all(1024 < endpoint.port < 32_768 for endpoint in endpoints)


def test_two_grounds_share_no_endpoint() -> None:
    """Wards on two grounds can live at once, whatever their size."""
    first, second = islice(grounds(many_addresses=True), 2)
    assert not set(_everything(first)) & set(_everything(second))


def test_grounds_stay_inside_loopback_and_below_ephemeral_ports() -> None:
    """The last ground to be tried is as good as the first."""
    for many_addresses in (True, False):
        for ground in grounds(many_addresses=many_addresses):
            assert ipaddress.ip_address(ground.agent(MOST_SITES - 1, 0).address).is_loopback
            assert ground.anchor(1).port < 32_768


def test_one_address_gives_no_source() -> None:
    """Where only 127.0.0.1 can be bound, probes are not asked to come from elsewhere."""
    assert Ground(None, 10_000).source(0) is None
