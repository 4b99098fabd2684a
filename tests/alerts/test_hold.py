"""Why nobody is told yet, and for how long."""

from typing import Any

import pytest

from model.state import State
from tests.peers.duty import Duty
from tests.peers.stage import at, link, site

FELL_SILENT = 60.0


def play(*sites: Any, **more: Any) -> Duty:
    """All is well for a minute; then everything falls silent, and nothing is known of it for three seconds."""
    duty = Duty.of(sites=list(sites), **more)
    duty.all_up()
    duty.wait(FELL_SILENT)
    return duty


def silent(duty: Duty, *names: str, since: float = FELL_SILENT) -> None:
    """These have answered last then."""
    for name in names:
        duty.answers["link", name] = at(since)


def found_down(duty: Duty, name: str, seconds: float = 3.0) -> None:
    """Its silence is confirmed so long after it began."""
    silent(duty, name)
    duty.wait(FELL_SILENT + seconds - duty.now)
    duty.down(name, began=FELL_SILENT)


def told_after(duty: Duty) -> float:
    """Seconds from the silence to the first message."""
    duty.wait(30)
    return round(duty.said[0].at - FELL_SILENT, 2)


def test_what_stands_alone_is_told_at_once() -> None:
    """Nothing could explain it."""
    duty = play(site("a", link("a1")))
    found_down(duty, "a1")
    assert told_after(duty) == 3.0


def test_a_child_waits_for_a_silent_parent_no_longer_than_it_takes_to_ask() -> None:
    """Three seconds; one that answers holds nothing."""
    for parent_is_silent, seconds in ((False, 3.0), (True, 6.0)):
        duty = play(site("a", link("a1")), site("b", link("b1", depends_on=["a1"])))
        if parent_is_silent:
            silent(duty, "a1")
        found_down(duty, "b1")
        assert told_after(duty) == seconds


def test_a_hold_says_what_is_asked() -> None:
    """In the words of the inventory."""
    duty = play(site("a", link("a1")), site("b", link("b1", depends_on=["a1"])))
    silent(duty, "a1")
    found_down(duty, "b1")
    duty.wait(30)
    assert duty.rulings_of("b1")[0] == "held: link a1 is being asked"


@pytest.mark.parametrize("others", ["", "b", "bc", "bcd"])
def test_the_first_line_of_a_provider_waits_only_where_enough_others_are_overdue(others: str) -> None:
    """Two others at least: then it may be an outage of the provider."""
    duty = play(*(site(name, link(f"{name}1", "VNPT")) for name in "abcd"))
    silent(duty, *(f"{name}1" for name in others))
    found_down(duty, "a1")
    seconds = told_after(duty)
    assert (seconds > 3.0) is (len(others) >= 2)
    assert seconds < 5.0


def test_a_line_waits_for_the_other_line_of_its_site() -> None:
    """Where that is overdue, too, the whole site may be cut off."""
    duty = play(site("a", link("a1"), link("a2")))
    silent(duty, "a2")
    found_down(duty, "a1")
    assert 3.0 < told_after(duty) < 5.0
    assert duty.rulings_of("a1")[0].startswith("held: ")


def test_what_was_overdue_and_answers_holds_nothing_any_more() -> None:
    """It is told as soon as that is seen."""
    duty = play(site("a", link("a1"), link("a2")))
    silent(duty, "a2")
    found_down(duty, "a1")
    duty.answers["link", "a2"] = at(duty.now)
    assert told_after(duty) < 3.5


def test_a_parent_that_is_found_down_ends_the_hold_of_its_child() -> None:
    """It is part of that then; no message of its own."""
    duty = play(site("a", link("a1")), site("b", link("b1", depends_on=["a1"])))
    silent(duty, "a1")
    found_down(duty, "b1")
    duty.wait(0.5)
    duty.down("a1", began=FELL_SILENT)
    duty.wait(30)
    assert [line.split(": ")[1] for line in duty.heard()] == ["opened SiteUnreachable a"]
    assert duty.states.observed(("link", "b1")) is State.UNREACHABLE
