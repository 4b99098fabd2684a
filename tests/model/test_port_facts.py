"""A port in words: what the agent told, and nothing for what it did not."""

from datetime import UTC, datetime

import pytest

from model.counters import Growth
from model.measurement import InterfaceReading
from model.port_facts import port_json, rates_json

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def port(**cells: int) -> InterfaceReading:
    """A port with these cells."""
    return InterfaceReading(3, "wan", "wan", "to VNPT", 6, "", cells)


def test_a_port_is_told_in_words_and_base_units() -> None:
    """Status in words, speed in bit/s, the last change as a time."""
    told = port_json(
        port(ifOperStatus=7, ifAdminStatus=1, ifHighSpeed=100, ifInErrors=5, ifOutDiscards=0, ifLastChange=50_000),
        62_000,
        NOON,
    )
    assert told == {
        "read_at": "2026-11-01T12:00:00+00:00",
        "alias": "to VNPT",
        "operational": "lower layer down",
        "administrative": "up",
        "speed_bits_per_second": 100e6,
        "last_change_at": "2026-11-01T11:58:00+00:00",
        "in_errors": 5,
        "out_errors": None,
        "in_discards": None,
        "out_discards": 0,
    }


def test_what_is_not_told_is_none() -> None:
    """Never zero, never a guess."""
    told = port_json(port(), None, NOON)
    assert {told[key] for key in told.keys() - {"read_at", "alias"}} == {None}


@pytest.mark.parametrize(
    ("changed", "uptime", "expected"),
    [
        (0, 5_000, None),  # since before the agent began
        (100, None, None),
        ((1 << 32) - 500, 500, "2026-11-01T11:59:50+00:00"),  # sysUpTime has wrapped since
    ],
)
def test_the_last_change_is_told_where_it_can_be(changed: int, uptime: int | None, expected: str | None) -> None:
    """Without sysUpTime its time is not known; a wrap of both makes no difference."""
    assert port_json(port(ifLastChange=changed), uptime, NOON)["last_change_at"] == expected


@pytest.mark.parametrize(("status", "words"), [(1, "up"), (2, "down"), (8, "status 8"), (0, "status 0")])
def test_an_unknown_status_is_its_number(status: int, words: str) -> None:
    """An agent may say what no standard knows."""
    assert port_json(port(ifOperStatus=status), None, NOON)["operational"] == words


@pytest.mark.parametrize(
    ("counts", "octets"),
    [
        ({"ifHCInOctets": 1_000, "ifHCOutOctets": 0, "ifInErrors": 5}, (100.0, 0.0)),
        ({"ifInOctets": 500}, (50.0, None)),
        ({}, (None, None)),
    ],
)
def test_rates_are_by_the_second(counts: dict[str, int], octets: tuple[float | None, float | None]) -> None:
    """64-bit counters where there are any, else 32; what cannot be told is not zero."""
    told = rates_json(Growth(10.0, counts), NOON)
    assert (told["in_octets_per_second"], told["out_octets_per_second"]) == octets
    assert told["in_errors_per_second"] == (0.5 if counts.get("ifInErrors") else None)
    assert (told["until"], told["over_seconds"]) == ("2026-11-01T12:00:00+00:00", 10.0)
