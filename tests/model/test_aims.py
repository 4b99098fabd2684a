"""Where to look: the hosts of a subject, and the ports of both ends of a line."""

from collections.abc import Collection, Mapping
from typing import Any

import pytest

from model.aims import Aim, Aims, Port
from model.incident import About
from model.inventory import Inventory

SNMP = {"credentials": "c"}


def link(name: str, **more: Any) -> Mapping[str, Any]:
    """A link with a target of its own."""
    return {"id": name, "target": f"icmp://{name}.example", **more}


def aims(*links: Mapping[str, Any], lost: Collection[str] = (), **more: Any) -> Aims:
    """An office with these links, and a head end."""
    office = {
        "id": "office",
        "links": list(links),
        "devices": [{"id": "rt", "address": "10.1.0.1", "snmp": SNMP}, {"id": "cam", "address": "cam.example"}],
        "services": [
            {"id": "web", "url": "https://[2001:db8::5]:8443/a?key=1", "source": "10.1.0.9", "ip_version": "6"},
            {"id": "page", "url": "http://page.example/"},
            {"id": "dns", "dns": {"server": "10.20.0.53:5353", "name": "a.example"}},
        ],
    }
    head = {"id": "head", "devices": [{"id": "core", "address": "10.9.0.1", "snmp": SNMP}], **more.pop("head", {})}
    inventory = {"credentials": {"c": {"version": "2c", "community": "x"}}, "sites": [office, head], **more}
    return Aims(Inventory.model_validate(inventory), lambda subject: subject[1] in lost)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (("link", "one"), [Aim(("link", "one"), "one.example", "10.1.0.9")]),
        (("link", "two"), [Aim(("link", "two"), "10.9.0.1")]),
        (("device", "cam"), [Aim(("device", "cam"), "cam.example")]),
        (("service", "web"), [Aim(("service", "web"), "2001:db8::5", "10.1.0.9", "6")]),
        (("service", "page"), [Aim(("service", "page"), "page.example")]),
        (("service", "dns"), [Aim(("service", "dns"), "10.20.0.53")]),
        (("monitor", ""), [Aim(("anchor", "icmp://1.1.1.1"), "1.1.1.1")]),
        (("site", "head"), []),
        (("link", "gone"), []),
        (("device", "gone"), []),
        (("service", "gone"), []),
        (("provider", "gone"), []),
        (("anchor", "icmp://1.1.1.1"), []),
    ],
)
def test_each_subject_leads_to_its_hosts(subject: About, expected: list[Aim]) -> None:
    """A link to its first target from where it is probed; what the inventory does not know, nowhere."""
    links = (
        link("one", source="10.1.0.9", target=["icmp://one.example", "icmp://other.example"]),
        link("two", target="snmp://core"),
    )
    assert list(aims(*links, anchors=["icmp://1.1.1.1"]).of(subject)) == expected


def test_a_site_leads_to_three_of_its_links() -> None:
    """However many it has."""
    found = aims(*(link(name) for name in "abcde")).of(("site", "office"))
    assert [aim.about[1] for aim in found] == ["a", "b", "c"]


def test_a_provider_leads_to_three_of_its_links_that_are_down() -> None:
    """Those that are up tell nothing of its outage, and those of another even less."""
    links = [link(name, provider="VNPT") for name in "abcdef"] + [link("g", provider="FPT")]
    found = aims(*links, lost="bcefg").of(("provider", "VNPT"))
    assert [aim.about[1] for aim in found] == ["b", "c", "e"]


NEAR = Port("rt", "wan", "one", "near")
FAR = Port("core", "xe0", "back", "far")


@pytest.mark.parametrize(
    ("one", "back", "expected"),
    [
        ({"interface": "rt/wan"}, {"interface": "core/xe0"}, [NEAR]),
        ({"interface": "rt/wan"}, {}, [NEAR]),
        ({}, {"interface": "core/xe0"}, []),
        ({"interface": "rt/wan", "circuit": "7"}, {"interface": "core/xe0", "circuit": "7"}, [NEAR, FAR]),
        ({"circuit": "7"}, {"interface": "core/xe0", "circuit": "7"}, [FAR]),
        ({"interface": "rt/wan", "circuit": "7"}, {"interface": "core/xe0", "circuit": "8"}, [NEAR]),
        (
            {"interface": "rt/wan", "circuit": "7", "provider": "VNPT"},
            {"interface": "core/xe0", "circuit": "7", "provider": "FPT"},
            [NEAR],
        ),
        ({"interface": "rt/wan", "circuit": "7"}, {"interface": "rt/wan", "circuit": "7"}, [NEAR]),
        (
            {"interface": "rt/wan", "target": "icmp://10.9.0.1"},
            {"interface": "core/xe0", "target": "snmp://rt"},
            [NEAR, FAR],
        ),
        ({"interface": "rt/wan", "target": "icmp://10.9.0.1"}, {"interface": "core/xe0"}, [NEAR]),
        ({"interface": "rt/wan"}, {"interface": "core/xe0", "target": "icmp://10.1.0.1"}, [NEAR]),
    ],
)
def test_a_line_has_two_ends_where_the_inventory_names_both(
    one: dict[str, Any], back: dict[str, Any], expected: list[Port]
) -> None:
    """By the same circuit of the same provider, or by two links that look at each other's devices."""
    found = aims(link("one", **one), head={"links": [link("back", **back)]})
    [near, *_] = found.links(("link", "one"))
    assert list(found.ports(near)) == expected
