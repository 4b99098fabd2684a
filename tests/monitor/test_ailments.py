"""From readings and polls to what is shown and what is worth an alert."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.faults import Faults
from alerts.labels import Places
from model.health import DeviceHealth, HealthReading, Measure
from model.incident import AlertName, Fault, FaultKey, Severity
from model.inventory import Inventory
from model.measurement import InterfaceReading, Measurement, ProbeKind, SnmpReading, Subject, SubjectKey, SystemFacts
from monitor.ailments import DUPLEX, Ailments

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
UPLINK: SubjectKey = ("link", "office-vnpt")
ROUTER: SubjectKey = ("device", "rt1")


def inventory(**link: Any) -> Inventory:
    """An office whose line ends at a port of its router."""
    line = {"id": "office-vnpt", "target": "icmp://127.0.0.9", "interface": "rt1/ether1"} | link
    return Inventory.model_validate({
        "ward": {"id": "w"},
        "credentials": {"v2": {"version": "2c", "community": "public"}},
        "requirements": {"fast": {"download": "200Mbit/s"}},
        "sites": [
            {
                "id": "office",
                "devices": [{"id": "rt1", "address": "127.0.0.1", "snmp": {"credentials": "v2"}}],
                "links": [line],
            }
        ],
    })


class Desk:
    """Faults as alerting keeps them, and what was shown."""

    def __init__(self, given: Inventory) -> None:
        self.faults = Faults(Places(given))
        self.now = AT
        self.shown: dict[str, Mapping[str, bool]] = {}
        self.ports: dict[str, Mapping[str, bool]] = {}

    def found(
        self,
        name: AlertName,
        subject: SubjectKey,
        severity: Severity | None,
        evidence: Mapping[str, str | float] | None = None,
        requirement: str = "",
    ) -> None:
        """As ``monitor.alerting`` does."""
        fault = Fault(name, subject, self.now, self.now, severity or Severity.INFO, requirement, evidence or {})
        self.faults.found(fault, lasts=severity is not None)

    def lasting(self, name: AlertName, subject: SubjectKey) -> Fault | None:
        """What lasts."""
        return self.faults.lasting.get((name, subject, ""))

    def ailing(self, device: str, symptoms: Mapping[str, bool]) -> None:
        """Show them."""
        self.shown[device] = dict(symptoms)

    def port_ailing(self, link: str, symptoms: Mapping[str, bool]) -> None:
        """Show them."""
        self.ports[link] = dict(symptoms)

    @property
    def keys(self) -> set[FaultKey]:
        """What lasts."""
        return set(self.faults.lasting)


def told(*readings: tuple[Measure, str, float]) -> DeviceHealth:
    """One round."""
    return DeviceHealth("generic", readings=tuple(HealthReading(*each) for each in readings))


def polled(
    minute: int, *, speed: int = 1_000, errors: int = 0, name: str = "ether1", changed: int = 0
) -> tuple[Measurement, float]:
    """A poll in a minute, and when it came."""
    cells = {
        "ifOperStatus": 1,
        "ifLastChange": changed,
        "ifHighSpeed": speed,
        "ifInErrors": errors,
        "ifHCInUcastPkts": 10_000 * minute,
        "ifHCInOctets": 1_000_000 * minute,
    }
    rows = (InterfaceReading(1, name, name, "", 6, "", cells),)
    reading = SnmpReading(6_000 * minute, SystemFacts(), rows, 1, 0, 1)
    subject = Subject("device", "rt1", "office", "127.0.0.1")
    at = AT + timedelta(minutes=minute)
    return Measurement(subject, ProbeKind.SNMP, at, 0.1, reading), 60.0 * minute


def begun(given: Inventory | None = None) -> tuple[Desk, Ailments]:
    """Nothing is known yet."""
    plan = given or inventory()
    desk = Desk(plan)
    ailments = Ailments(desk, desk)
    ailments.load(plan)
    return desk, ailments


def test_a_symptom_is_a_fault_of_the_device_until_it_is_over() -> None:
    """With the part, the figures and their unit; shown as a metric all the while."""
    desk, ailments = begun()
    for _ in range(5):
        ailments.told("rt1", told((Measure.TEMPERATURE, "cpu", 91.0)), 0.0)
    (fault,) = desk.faults.lasting.values()
    assert fault.key == (AlertName.DEVICE_UNHEALTHY, ROUTER, "temperature")
    assert fault.evidence == {"value": 91.0, "threshold": 85.0, "unit": "celsius", "part": "cpu"}
    assert desk.shown == {"rt1": {"temperature": True}}
    for _ in range(5):
        ailments.told("rt1", told((Measure.TEMPERATURE, "cpu", 60.0)), 0.0)
    assert desk.keys == set()
    assert desk.shown == {"rt1": {"temperature": False}}


def test_two_symptoms_are_two_faults() -> None:
    """A hot router with a dead fan: whoever is told of one hears of the other."""
    desk, ailments = begun()
    for _ in range(3):
        ailments.told("rt1", told((Measure.FAN_OK, "fan1", 1), (Measure.TEMPERATURE, "cpu", 50)), 0.0)
    for _ in range(5):
        ailments.told("rt1", told((Measure.FAN_OK, "fan1", 0), (Measure.TEMPERATURE, "cpu", 95)), 0.0)
    assert {requirement for _, _, requirement in desk.keys} == {"fan", "temperature"}


def test_a_battery_is_measured_in_seconds() -> None:
    """The unit is spelled as the words of alerts spell it."""
    desk, ailments = begun()
    ailments.told("rt1", told((Measure.UPS_ON_BATTERY, "", 1), (Measure.UPS_RUNTIME, "", 240)), 0.0)
    (fault,) = desk.faults.lasting.values()
    assert (fault.severity, fault.evidence["unit"]) == (Severity.CRITICAL, "s")


def test_damaged_packets_on_an_uplink_are_a_fault_of_the_link() -> None:
    """Three polls in a row; the port that no link ends at is no news."""
    desk, ailments = begun()
    for minute in range(1, 6):
        ailments.polled(*polled(minute, errors=100 * minute))
        ailments.polled(*polled(minute, errors=100 * minute, name="ether2"))
    assert desk.keys == {(AlertName.INTERFACE_ERRORS, UPLINK, "")}
    for minute in range(6, 12):
        ailments.polled(*polled(minute, errors=500))
    assert desk.keys == set()


def test_a_port_that_falls_back_is_a_fault_of_the_link() -> None:
    """With what it was and what it is, in bit/s."""
    desk, ailments = begun()
    for minute in range(1, 4):
        ailments.polled(*polled(minute))
    for minute in range(4, 6):
        ailments.polled(*polled(minute, speed=100))
    fault = desk.lasting(AlertName.INTERFACE_SPEED_REDUCED, UPLINK)
    assert fault is not None
    assert fault.evidence == {"value": 100e6, "threshold": 1e9, "unit": "bit/s"}
    assert desk.ports[UPLINK[1]]["speed"]


def test_a_port_is_held_to_what_the_line_must_carry() -> None:
    """A port of 100 Mbit/s before a line of which 200 are required."""
    desk, ailments = begun(inventory(requirement="fast"))
    for minute in range(1, 4):
        ailments.polled(*polled(minute, speed=100))
    fault = desk.lasting(AlertName.INTERFACE_SPEED_REDUCED, UPLINK)
    assert fault is not None
    assert fault.evidence["threshold"] == 200e6


def test_a_restart_does_not_mend_a_port() -> None:
    """What it should have is remembered with the fault."""
    given = inventory()
    desk = Desk(given)
    evidence: dict[str, str | float] = {"value": 100e6, "threshold": 1e9, "unit": "bit/s"}
    desk.found(AlertName.INTERFACE_SPEED_REDUCED, UPLINK, Severity.WARNING, evidence)
    ailments = Ailments(desk, desk)
    ailments.load(given)
    for minute in range(1, 9):
        ailments.polled(*polled(minute, speed=100))
    assert desk.keys == {(AlertName.INTERFACE_SPEED_REDUCED, UPLINK, "")}
    for minute in range(9, 12):
        ailments.polled(*polled(minute))
    assert desk.keys == set()


def test_half_duplex_on_an_uplink_is_a_fault_of_its_own() -> None:
    """Told by the device's health, for the port of the link alone."""
    desk, ailments = begun()
    for _ in range(3):
        ailments.told("rt1", told((Measure.FULL_DUPLEX, "ether1", 0), (Measure.FULL_DUPLEX, "ether2", 0)), 0.0)
    assert desk.keys == {(AlertName.INTERFACE_SPEED_REDUCED, UPLINK, DUPLEX)}
    assert desk.ports[UPLINK[1]]["duplex"]
    for _ in range(3):
        ailments.told("rt1", told((Measure.FULL_DUPLEX, "ether1", 1)), 0.0)
    assert desk.keys == set()
    assert not desk.ports[UPLINK[1]]["duplex"]


def test_what_is_not_asked_any_more_is_no_fault() -> None:
    """A device that is not polled, and a link that names no port, leave nothing behind."""
    desk, ailments = begun()
    for _ in range(5):
        ailments.told("rt1", told((Measure.TEMPERATURE, "cpu", 91.0)), 0.0)
    for minute in range(1, 6):
        ailments.polled(*polled(minute, errors=100 * minute))
    assert len(desk.keys) == 2
    later = inventory(interface=None)
    device = later.sites[0].devices[0].model_copy(update={"snmp": None})
    site = later.sites[0].model_copy(update={"devices": (device,)})
    ailments.load(later.model_copy(update={"sites": (site,)}))
    assert desk.keys == set()


def test_a_reload_goes_on_counting() -> None:
    """What stays the same is judged on, not anew."""
    desk, ailments = begun()
    for _ in range(4):
        ailments.told("rt1", told((Measure.TEMPERATURE, "cpu", 91.0)), 0.0)
    for minute in range(1, 4):
        ailments.polled(*polled(minute))
    ailments.load(inventory(provider="VNPT"))
    ailments.told("rt1", told((Measure.TEMPERATURE, "cpu", 91.0)), 0.0)
    for minute in range(4, 6):
        ailments.polled(*polled(minute, speed=100))
    assert {name for name, _, _ in desk.keys} == {AlertName.DEVICE_UNHEALTHY, AlertName.INTERFACE_SPEED_REDUCED}


def test_a_part_that_is_taken_out_leaves_no_fault_behind() -> None:
    """A module without light whose port tells nothing any more: after an hour of that its alert is over."""
    desk, ailments = begun()
    for light in (-10.0, *[-35.0] * 6):
        ailments.told("rt1", told((Measure.OPTICAL_RX, "sfp1", light), (Measure.CPU, "cpu", 0.1)), 0.0)
    for _ in range(60):
        ailments.told("rt1", told((Measure.CPU, "cpu", 0.1)), 0.0)
    assert desk.keys == {(AlertName.DEVICE_UNHEALTHY, ROUTER, "optical")}
    ailments.told("rt1", told((Measure.CPU, "cpu", 0.1)), 0.0)
    assert desk.keys == set()
    assert desk.shown == {"rt1": {"cpu": False}}


def test_a_part_that_is_taken_out_during_a_restart_leaves_no_fault_behind() -> None:
    """The fault is remembered, and nobody tells of its part: after an hour it is over too."""
    desk, ailments = begun()
    desk.found(AlertName.DEVICE_UNHEALTHY, ROUTER, Severity.WARNING, requirement="fan")
    for _ in range(60):
        ailments.told("rt1", told((Measure.CPU, "cpu", 0.1)), 0.0)
    assert desk.keys == {(AlertName.DEVICE_UNHEALTHY, ROUTER, "fan")}
    ailments.told("rt1", told((Measure.CPU, "cpu", 0.1)), 0.0)
    assert desk.keys == set()


@pytest.mark.parametrize("port", [None, "rt1/ether2"])
def test_a_link_that_names_another_port_begins_anew(port: str | None) -> None:
    """Neither errors nor half duplex of the port before are left, nor the speed that it had."""
    desk, ailments = begun()
    for minute in range(1, 6):
        ailments.polled(*polled(minute, errors=100 * minute, speed=1_000 if minute < 4 else 100))
        ailments.told("rt1", told((Measure.FULL_DUPLEX, "ether1", 0)), 0.0)
    assert {(name, requirement) for name, _, requirement in desk.keys} == {
        (AlertName.INTERFACE_ERRORS, ""),
        (AlertName.INTERFACE_SPEED_REDUCED, ""),
        (AlertName.INTERFACE_SPEED_REDUCED, DUPLEX),
    }
    ailments.load(inventory(interface=port))
    for minute in range(6, 12):
        ailments.polled(*polled(minute, speed=100, name="ether2"))
    assert desk.keys == set()


def test_what_a_reload_takes_off_the_board_is_shown_again() -> None:
    """A link with another target is a new one to the board, at the port that it has always ended at."""
    desk, ailments = begun()
    for minute in range(1, 6):
        ailments.polled(*polled(minute, errors=100 * minute))
    shown = dict(desk.ports)
    assert shown[UPLINK[1]]["errors"]
    desk.ports.clear()
    ailments.load(inventory(target="icmp://127.0.0.8"))
    assert desk.ports == shown


def test_a_port_that_falls_between_polls_is_shown_and_tells_nobody() -> None:
    """It is up at each poll, but since another moment each time; the device's own count says the same."""
    desk, ailments = begun()
    for minute in range(1, 4):
        ailments.polled(*polled(minute, changed=0))
    assert desk.ports[UPLINK[1]]["flapping"] is False
    for minute in range(4, 8):
        ailments.polled(*polled(minute, changed=6_000 * minute - 500))
    assert desk.ports[UPLINK[1]]["flapping"] is True
    assert desk.keys == set()


def test_a_port_whose_falls_are_counted_is_judged_by_the_count() -> None:
    """Four falls in a minute; those of a port that no link ends at are no news."""
    desk, ailments = begun()
    for second, falls in ((0.0, 7), (60.0, 11)):
        ailments.told("rt1", told((Measure.LINK_DOWNS, "ether1", falls), (Measure.LINK_DOWNS, "ether2", falls)), second)
    assert desk.ports == {UPLINK[1]: {"flapping": True}}
    assert desk.keys == set()
