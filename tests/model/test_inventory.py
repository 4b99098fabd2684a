"""The records of an inventory: what they accept, refuse, and tell about themselves."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from model.alerting import MaintenanceWindow, Receiver
from model.fields import Duration, Flag, Location, Moment, Pattern, PublicUrl, Ratio, Record, Secret
from model.inventory import Device, Inventory, Link, Service, Site, Ward
from model.requirement import Requirement, resolved
from model.target import Target


def link(**facts: Any) -> Link:
    """A link with a target."""
    return Link.model_validate({"id": "l", "target": "icmp://203.0.113.1", **facts})


def test_one_target_is_a_list_of_one() -> None:
    """The brackets around a single target may be left out."""
    assert link().targets == (Target.parse("icmp://203.0.113.1"),)
    assert len(link(target=["icmp://203.0.113.1", "tcp://203.0.113.1:443"]).targets) == 2


def test_a_link_tells_device_and_interface_apart() -> None:
    """Only the first slash separates: an ifName may hold more of them."""
    assert link(interface="office-rt1/Gi0/0/1").interface_parts == ("office-rt1", "Gi0/0/1")
    assert link().interface_parts is None


@pytest.mark.parametrize(("value", "is_pinged"), [(False, False), (None, False), ({"interval": "9s"}, True)])
def test_false_switches_pinging_off(*, value: object, is_pinged: bool) -> None:
    """`icmp: false` is no ping at all, not one with false parameters."""
    device = Device.model_validate({"id": "d", "address": "10.20.0.1", "icmp": value})
    assert (device.icmp is not None) is is_pinged


def test_a_device_is_pinged_unless_it_says_otherwise() -> None:
    """Leaving `icmp` out means its defaults."""
    device = Device(id="d", address="10.20.0.1")
    assert device.icmp is not None
    assert device.icmp.interval == 5


@pytest.mark.parametrize("key", ["colour", "targets"])
def test_an_unknown_key_is_an_error(key: str) -> None:
    """A misspelled key is never passed over in silence; the file's names are the only ones."""
    with pytest.raises(ValidationError):
        link(**{key: "x"})


def test_a_requirement_is_a_name_or_its_own_thresholds() -> None:
    """Only the branch that was meant complains."""
    assert link(requirement="office").requirement == "office"
    own = link(requirement={"loss": "1%"}).requirement
    assert isinstance(own, Requirement)
    assert own.loss == 0.01
    with pytest.raises(ValidationError) as caught:
        link(requirement={"loss": "much"})
    assert len(caught.value.errors()) == 1


def test_the_requirement_of_a_subject_is_found_by_name_or_laid_over_what_it_extends() -> None:
    """A name, own thresholds, own thresholds upon a name, and nothing at all."""
    office = Requirement(rtt_p95=0.03, loss=0.001)
    inventory = Inventory(requirements={"office": office})
    assert inventory.requirement_of(link(requirement="office")) is office
    assert inventory.requirement_of(link()) is None
    own = inventory.requirement_of(link(requirement={"loss": "1%"}))
    assert own is not None
    assert (own.loss, own.rtt_p95) == (0.01, None)
    upon = inventory.requirement_of(link(requirement={"extends": "office", "loss": "1%"}))
    assert upon is not None
    assert (upon.loss, upon.rtt_p95) == (0.01, 0.03)


def test_an_entry_replaces_a_preset_or_overlays_it() -> None:
    """Without `extends` nothing of the preset of its name remains; with it, what the entry leaves out does."""
    presets = {"office": Requirement(rtt_p95=0.03, loss=0.001), "point": Requirement(loss=0.01)}
    own = {
        "office": Requirement(extends="office", loss=0.002),
        "point": Requirement(rtt_p95=0.1),
        "third": Requirement(extends="office", window=60.0),
    }
    table = resolved(own, presets)
    assert (table["office"].rtt_p95, table["office"].loss) == (0.03, 0.002)
    assert (table["point"].rtt_p95, table["point"].loss) == (0.1, None)
    assert (table["third"].rtt_p95, table["third"].loss, table["third"].window) == (0.03, 0.002, 60)


def test_an_overlay_may_state_a_default_on_purpose() -> None:
    """A threshold that an entry writes down counts, even where it equals the default."""
    assert Requirement(window=60.0).overlaid(Requirement(window=300.0)).window == 300
    assert Requirement(window=60.0).overlaid(Requirement(loss=0.1)).window == 60


def test_an_inventory_lists_what_its_sites_hold() -> None:
    """Devices, links and services come with their site, wards however they were written."""
    site = Site(
        id="s", devices=(Device(id="d", address="10.20.0.1"),), links=(link(),), services=(Service(id="x"),), ward="w"
    )
    inventory = Inventory(wards=(Ward(id="w"),), sites=(site, Site(id="t")))
    assert [(place.id, item.id) for place, item in inventory.devices()] == [("s", "d")]
    assert [(place.id, item.id) for place, item in inventory.links()] == [("s", "l")]
    assert [(place.id, item.id) for place, item in inventory.services()] == [("s", "x")]
    assert [inventory.ward_of(place) for place in inventory.sites] == [Ward(id="w"), None]
    alone = Inventory(ward=Ward(id="w"), sites=(Site(id="t"),))
    assert alone.ward_of(alone.sites[0]) == Ward(id="w")
    assert alone.all_wards() == (Ward(id="w"),)


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        (Duration, "1m", 60.0),
        (Ratio, "50%", 0.5),
        (Location, ["21.0712", "105.7843"], (21.0712, 105.7843)),
        (Location, ["-90", "-180"], (-90.0, -180.0)),
        (Flag, "true", True),
        (Flag, False, False),
        (Moment, "2026-11-28T22:00Z", datetime(2026, 11, 28, 22, tzinfo=UTC)),
        (Moment, datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)),
        (Pattern, "Dịch vụ (công|tư)", "Dịch vụ (công|tư)"),
    ],
)
def test_a_field_type_reads_the_spelling_of_the_file(type_: Any, text: object, value: object) -> None:
    """Text outside, a plain value inside."""
    assert TypeAdapter(type_).validate_python(text) == value


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (Duration, 5),
        (Duration, True),
        (Ratio, "-1%"),
        (Ratio, "0.5"),
        (Ratio, 1),
        (Secret, ""),
        (Location, ["105.7843", "21.0712"]),
        (Location, ["21", "0712", "105", "7843"]),
        (Location, ["21.0712"]),
        (Location, ["21.0712", "east"]),
        (Location, ["91", "181"]),
        (Flag, "yes"),
        (Flag, 1),
        (Moment, "20261399"),
        (Pattern, "(công"),
        (Pattern, "[[công]"),
        (PublicUrl, "https://an:canary@dichvucong.example/"),
    ],
)
def test_a_field_type_refuses_what_could_be_misread(type_: Any, value: object) -> None:
    """A number without its unit, an empty secret, longitude before latitude, a pattern that Python reads otherwise."""
    with pytest.raises(ValidationError):
        TypeAdapter(type_).validate_python(value)


def test_a_secret_is_never_shown() -> None:
    """Neither repr nor the message of a failed validation holds a URL with a token."""
    receiver = Receiver.model_validate({"alertmanager": ["http://an:canary@127.0.0.1/"]})
    assert "canary" not in repr(receiver)
    assert receiver.alertmanager[0].get_secret_value().endswith("127.0.0.1/")


@pytest.mark.parametrize(
    "facts",
    [{}, {"webhook": "http://127.0.0.1/", "team": "ict"}],
)
def test_a_receiver_has_exactly_one_way_out(facts: dict[str, str]) -> None:
    """Neither none nor two."""
    with pytest.raises(ValidationError, match="exactly one"):
        Receiver.model_validate(facts)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"from": "2026-11-28T22:00"},
        {"from": "2026-11-28T22:00", "to": "2026-11-28T22:00"},
        {"from": "2026-11-28T22:00", "to": "2026-11-29T02:00", "every": "Sun 02:00-03:00"},
        {"from": "2026-11-28T22:00", "every": "Sun 02:00-03:00"},
        {"from": "2026-11-28T22:00Z", "to": "2026-11-29T02:00"},
        {"from": "2026-11-28T22:00+07:00", "to": "2026-11-28T15:00Z"},
    ],
)
def test_a_maintenance_window_that_cannot_be_is_refused(facts: dict[str, str]) -> None:
    """Single or recurring, with both ends, in one way of telling time, and not empty."""
    with pytest.raises(ValidationError):
        MaintenanceWindow.model_validate({"id": "m", **facts})


@pytest.mark.parametrize(
    "facts", [{"every": "Sun 02:00-03:00"}, {"from": "2026-11-28T22:00+07:00", "to": "2026-11-28T16:00Z"}]
)
def test_a_maintenance_window_is_single_or_recurring(facts: dict[str, str]) -> None:
    """Ends are compared as instants, whatever their zones."""
    assert MaintenanceWindow.model_validate({"id": "m", **facts}).id == "m"


def test_a_zone_that_does_not_exist_is_refused() -> None:
    """A misspelled zone would move every service hour."""
    assert Ward(id="w", timezone="Asia/Ho_Chi_Minh").timezone == "Asia/Ho_Chi_Minh"
    for name in ("Asia/Hanoi", "../etc/passwd", ""):
        with pytest.raises(ValidationError, match="not a time zone"):
            Ward(id="w", timezone=name)


def test_records_are_frozen() -> None:
    """What was checked stays as it was checked."""
    ward: Record = Ward(id="w")
    with pytest.raises(ValidationError, match="frozen"):
        ward.id = "x"  # type: ignore[attr-defined]  # what mypy forbids must fail too


def test_the_json_schema_has_the_spelling_of_the_file() -> None:
    """Quantities are text there, `icmp` may be false, a single target needs no brackets."""
    definitions = Inventory.model_json_schema()["$defs"]
    assert definitions["SnmpPolling"]["properties"]["interval"]["type"] == "string"
    assert {"const": False} in definitions["Device"]["properties"]["icmp"]["anyOf"]
    assert [branch["type"] for branch in definitions["Link"]["properties"]["target"]["anyOf"]] == ["string", "array"]
