"""Faults in plain words."""

from monitor.demo.console import line
from monitor.demo.fault import Fault, FaultKind
from monitor.demo.story import EndlessStory
from monitor.demo.ward import WardPlan
from monitor.demo.words import Happening, Narrator


def test_every_fault_is_told_by_name(ward: WardPlan) -> None:
    """No sentence shows an id: people and places have names."""
    narrator = Narrator(ward)
    for number in range(20):
        for fault in EndlessStory(ward, 1).chapter(number):
            for happening in (narrator.begun(fault), narrator.over(fault)):
                assert not any(subject in happening.words for subject in fault.subjects)
                assert happening.words[0].isupper() or not happening.words[0].isalpha()


def test_the_words_say_what_and_how_much(ward: WardPlan) -> None:
    """A loss of 12 % on a line says so, with the line's provider and site."""
    link = ward.sites[0].links[0]
    told = Narrator(ward).begun(Fault(FaultKind.PACKET_LOSS, 5, 9, (link.id,), 0.12))
    assert told.words == "The VNPT line of Trụ sở UBND phường Xuân Đỉnh loses 12% of the packets towards the site"
    assert (told.time, told.begun) == (5, True)


def test_a_power_cut_is_told_of_the_site(ward: WardPlan) -> None:
    """Not of its devices one by one."""
    site = ward.sites[1]
    fault = Fault(FaultKind.POWER_CUT, 5, 65, tuple(device.id for device in site.devices))
    assert Narrator(ward).begun(fault).words == f"{site.name} has no power"
    assert Narrator(ward).over(fault).time == 65


def test_a_line_of_the_console_has_its_time(ward: WardPlan) -> None:
    """Minutes and seconds since the start, a mark, and the words."""
    fault = Fault(FaultKind.POWER_CUT, 5, 65, (ward.sites[1].devices[0].id,))
    told = Narrator(ward).over(fault)
    assert line(told).plain == f"  1:05 ✓ {told.words}"
    assert line(Narrator(ward).begun(fault)).plain.startswith("  0:05 ✗ ")


def test_a_happening_survives_json(ward: WardPlan) -> None:
    """It comes out of the world's process as it went in."""
    told = Narrator(ward).begun(EndlessStory(ward, 1).chapter(0)[0])
    assert Happening.from_json(told.to_json()) == told
