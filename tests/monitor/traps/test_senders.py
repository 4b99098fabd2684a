"""Who may be heard, and as whom."""

import pytest

from monitor.traps.senders import plain, senders_of
from tests.peers.traps import router, ward


def test_devices_are_known_by_address_and_by_where_their_traps_come_from() -> None:
    """Both, and by a name once it is looked up; nobody else is."""
    inventory = ward(router("a", "10.0.0.1", trap_sources=["203.0.113.7", "2001:DB8:0::1"]), router("b", "gw.example"))
    assert set(senders_of(inventory, {}, {}, {})) == {"10.0.0.1", "203.0.113.7", "2001:db8::1"}
    assert "192.0.2.1" in senders_of(inventory, {"gw.example": "192.0.2.1"}, {}, {})


def test_several_behind_one_nat_are_told_apart_by_what_they_say_of_themselves() -> None:
    """A message is about the device whose address it gives; where it gives none, about all of them."""
    behind = [router(name, f"10.0.0.{number}", trap_sources="203.0.113.7") for number, name in enumerate("ab", 1)]
    nat = senders_of(ward(*behind), {}, {}, {})["203.0.113.7"]
    assert [device.id for _, device in nat.meant("10.0.0.2")] == ["b"]
    assert [device.id for _, device in nat.meant("")] == ["a", "b"]
    assert [device.id for _, device in nat.meant("192.168.1.1")] == ["a", "b"]


def test_a_device_may_say_what_it_is_polled_with_and_what_all_may() -> None:
    """Its own community and those under `traps`, not another's."""
    credentials = {name: {"version": "2c", "community": name} for name in ("v2", "other", "all")}
    inventory = ward(
        router("a", "10.0.0.1"),
        router("b", "10.0.0.2", snmp={"credentials": "other"}),
        {"id": "c", "address": "10.0.0.3"},
        credentials=credentials,
        traps={"credentials": ["all"]},
    )
    senders = senders_of(inventory, {}, {}, {})
    said = [sorted(senders[f"10.0.0.{number}"].communities) for number in (1, 2, 3)]
    assert said == [[b"all", b"v2"], [b"all", b"other"], [b"all"]]


def test_a_reload_gives_nobody_a_new_bucket() -> None:
    """Who has said too much has said too much."""
    first = senders_of(ward(router()), {}, {}, {})
    assert senders_of(ward(router()), {}, {}, first)["127.0.0.1"].bucket is first["127.0.0.1"].bucket


@pytest.mark.parametrize(
    ("heard", "written"),
    [("10.0.0.1", "10.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1"), ("fe80::1%eth0", "fe80::1"), ("2001:db8::1",) * 2],
)
def test_an_address_is_spelled_as_the_inventory_spells_it(heard: str, written: str) -> None:
    """Whatever family the socket is of, and without the zone."""
    assert plain(heard) == written
