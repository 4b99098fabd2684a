"""Where addresses lead, however they are written."""

import pytest

from monitor.probes.places import Place, may_lead, place_of


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("127.0.0.1", Place.THIS_MACHINE),
        ("127.255.0.9", Place.THIS_MACHINE),
        ("0.0.0.0", Place.THIS_MACHINE),
        ("0.1.2.3", Place.THIS_MACHINE),
        ("::1", Place.THIS_MACHINE),
        ("::", Place.THIS_MACHINE),
        ("::ffff:127.0.0.1", Place.THIS_MACHINE),
        ("::127.0.0.1", Place.THIS_MACHINE),
        ("64:ff9b::7f00:1", Place.THIS_MACHINE),
        ("2002:7f00:1::", Place.THIS_MACHINE),
        ("169.254.169.254", Place.METADATA),
        ("::ffff:169.254.169.254", Place.METADATA),
        ("100.100.100.200", Place.METADATA),
        ("fd00:ec2::254", Place.METADATA),
        ("169.254.1.1", Place.LOCAL_LINK),
        ("fe80::1%eth0", Place.LOCAL_LINK),
        ("224.0.0.1", Place.NOWHERE),
        ("255.255.255.255", Place.NOWHERE),
        ("ff02::1", Place.NOWHERE),
        ("10.0.0.1", Place.ELSEWHERE),
        ("192.168.1.1", Place.ELSEWHERE),
        ("203.0.113.1", Place.ELSEWHERE),
        ("2001:db8::1", Place.ELSEWHERE),
    ],
)
def test_each_address_has_its_place(address: str, place: Place) -> None:
    """An IPv4 address inside an IPv6 one counts as itself."""
    assert place_of(address) is place


@pytest.mark.parametrize("place", Place)
def test_a_special_place_is_reached_from_itself_only(place: Place) -> None:
    """To another host from anywhere; to a special place only from that very place."""
    assert may_lead(place, Place.ELSEWHERE)
    assert may_lead(place, place)
    assert not any(may_lead(place, other) for other in Place if other not in {place, Place.ELSEWHERE})
