"""What several faults make together: the outage of a provider, a site without any line."""

from collections.abc import Iterable
from typing import Any

import pytest

from model.incident import AlertName
from tests.peers.duty import Duty
from tests.peers.stage import link, site


def play(sites: Iterable[Any]) -> Duty:
    """All is well for a minute."""
    duty = Duty.of(sites=list(sites))
    duty.all_up()
    duty.wait(60)
    return duty


def provider(names: str, served: str = "abcdef") -> Duty:
    """Sites of one line each, all but a few of one provider."""
    return play(site(name, link(f"{name}1", "VNPT" if name in names else "FPT")) for name in served)


def is_out(duty: Duty) -> bool:
    """Whether a provider is held to be out."""
    causes = {fault.name for incident in duty.open() for fault in incident.lasting}
    return AlertName.PROVIDER_OUTAGE in causes


@pytest.mark.parametrize(
    ("served", "down", "out"),
    [("abcdef", "ab", False), ("abcdef", "abc", True), ("ab", "ab", True), ("ab", "a", False), ("a", "a", False)],
)
def test_a_provider_is_out_when_enough_of_its_sites_are(served: str, down: str, out: bool) -> None:  # noqa: FBT001  # it is the fact
    """Three; of one that serves only two, both. One site is never a provider."""
    duty = provider(served)
    duty.down(*(f"{name}1" for name in down))
    duty.wait(30)
    assert is_out(duty) is out


def test_lines_of_one_site_count_once() -> None:
    """Three lines of one provider into one house are cut by one digger."""
    lines = [link(f"a{number}", "VNPT") for number in range(3)]
    duty = play([site("a", *lines), site("b", link("b1", "VNPT")), site("c", link("c1", "VNPT"))])
    duty.down("a0", "a1", "a2")
    duty.wait(30)
    assert not is_out(duty)


@pytest.mark.parametrize(("gap", "out"), [(0, True), (10, True), (11, False)])
def test_only_what_falls_silent_together_has_one_cause(gap: float, out: bool) -> None:  # noqa: FBT001  # it is the fact
    """One no more than ten seconds after the other."""
    duty = provider("abc")
    for number, name in enumerate("abc"):
        duty.down(f"{name}1")
        duty.wait(gap if number < 2 else 30)
    assert is_out(duty) is out


@pytest.mark.parametrize(("after", "joins"), [(290, True), (310, False)])
def test_a_line_that_follows_joins_within_five_minutes(after: float, joins: bool) -> None:  # noqa: FBT001  # it is the fact
    """Later it is an incident of its own."""
    duty = provider("abcd")
    duty.down("a1", "b1", "c1")
    duty.wait(after)
    duty.down("d1")
    duty.wait(30)
    assert len(duty.open()) == (1 if joins else 2)


def test_an_outage_that_is_thin_for_a_moment_is_not_over() -> None:
    """A line that comes and goes while the others are out ends nothing."""
    duty = provider("abc")
    duty.down("a1", "b1", "c1")
    duty.wait(60)
    for _ in range(2):
        duty.up("c1")
        duty.wait(40)
        duty.down("c1")
        duty.wait(40)
    assert is_out(duty)
    assert [line.split(": ")[1] for line in duty.heard()] == ["opened ProviderOutage VNPT"]


def test_a_site_is_lost_with_the_last_of_its_lines() -> None:
    """And it is not lost any more with the first that is back."""
    duty = play([site("a", link("a1"), link("a2", role="backup"))])
    duty.down("a2")
    duty.wait(60)
    duty.down("a1")
    duty.wait(60)
    (incident,) = duty.open()
    assert incident.cause.name is AlertName.SITE_UNREACHABLE
    assert incident.cause.since == incident.changed_at
    duty.up("a2")
    duty.wait(600)
    (incident,) = duty.open()
    assert [fault.subject for fault in incident.lasting] == [("link", "a1")]


def test_a_site_without_lines_stands_on_its_devices_if_there_are_several() -> None:
    """One device is no site."""
    devices = [{"id": f"a-{number}", "address": "127.0.0.1"} for number in range(2)]
    duty = play([site("a", devices=devices), site("b", devices=[{"id": "b-0", "address": "127.0.0.1"}])])
    duty.down("a-0", "a-1", "b-0", noun="device")
    duty.wait(30)
    assert {incident.cause.name for incident in duty.open()} == {AlertName.SITE_UNREACHABLE, AlertName.DEVICE_DOWN}
