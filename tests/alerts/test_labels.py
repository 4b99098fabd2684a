"""The labels of a fault, and where everything belongs."""

from typing import Any

import pytest

from alerts.labels import Places, labels_of
from model.incident import About, AlertName, Fault, Severity
from model.inventory import Inventory
from tests.peers.stage import BEGIN, link, site

SITES: list[Any] = [
    site("office", link("main", "VNPT"), link("spare"), devices=[{"id": "router", "address": "127.0.0.1"}], ward="a"),
    site("point", link("point-1", "FPT"), services=[{"id": "page", "url": "https://127.0.0.1/"}], ward="b"),
]
WARDS = {"wards": [{"id": "a"}, {"id": "b"}]}


def fault(subject: About, name: AlertName = AlertName.LINK_DOWN, requirement: str = "") -> Fault:
    """It goes on."""
    return Fault(name, subject, BEGIN, BEGIN, Severity.CRITICAL, requirement)


@pytest.mark.parametrize(
    ("subject", "labels"),
    [
        (("link", "main"), {"ward": "a", "site": "office", "link": "main", "provider": "VNPT"}),
        (("link", "spare"), {"ward": "a", "site": "office", "link": "spare"}),
        (("device", "router"), {"ward": "a", "site": "office", "device": "router"}),
        (("service", "page"), {"ward": "b", "site": "point", "service": "page"}),
        (("site", "office"), {"ward": "a", "site": "office"}),
        (("site", "point"), {"ward": "b", "site": "point", "link": "point-1", "provider": "FPT"}),
        (("provider", "VNPT"), {"provider": "VNPT"}),
        (("monitor", ""), {}),
        (("link", "gone"), {"link": "gone"}),
    ],
)
def test_a_fault_has_the_labels_of_its_place_and_none_that_are_empty(subject: About, labels: dict[str, str]) -> None:
    """A site with one line has that line's, so that routes of either take it."""
    places = Places(Inventory.model_validate({"sites": SITES, **WARDS}))
    assert labels_of(fault(subject), places) == {"alertname": "LinkDown", "severity": "critical", **labels}


def test_a_requirement_is_a_label() -> None:
    """Two breaches of one line are two alerts."""
    places = Places(Inventory.model_validate({"sites": SITES, **WARDS}))
    labels = labels_of(fault(("link", "spare"), AlertName.LINK_BELOW_REQUIREMENT, "rtt"), places)
    assert labels["requirement"] == "rtt"


def test_what_belongs_to_no_site_belongs_to_the_only_ward() -> None:
    """Of several it belongs to none; where there is none, nothing does."""
    plain = [{key: value for key, value in each.items() if key != "ward"} for each in SITES]
    one = Places(Inventory.model_validate({"ward": {"id": "w"}, "sites": plain}))
    assert one.ward_of(("provider", "VNPT")) == one.ward_of(("monitor", "")) == one.ward_of(("link", "main")) == "w"
    assert Places(Inventory.model_validate({"sites": SITES, **WARDS})).ward_of(("monitor", "")) == ""
    assert Places(Inventory.model_validate({"sites": plain})).ward_of(("link", "main")) == ""
