"""The endless story."""

import pytest

from monitor.demo.fault import Chronicle, Fault, FaultKind
from monitor.demo.ground import Ground
from monitor.demo.story import CHAPTER, EndlessStory
from monitor.demo.ward import WardPlan, plan_ward

CHAPTERS = range(40)


@pytest.fixture
def story(ward: WardPlan) -> EndlessStory:
    """The story that a newcomer sees."""
    return EndlessStory(ward, 1)


def _subjects(ward: WardPlan) -> set[str]:
    found: set[str] = set()
    for site in ward.sites:
        found |= {device.id for device in site.devices}
        found |= {link.id for link in site.links}
        found |= {service.id for service in site.services}
        found |= {f"{device.id}/{row.port.name}" for device in site.devices for row in device.interfaces}
    return found


def test_a_newcomer_sees_a_cut_within_half_a_minute(story: EndlessStory) -> None:
    """The first fault cuts a point's only link for 40 seconds, within 30 seconds of the start."""
    first = min(story.chapter(0), key=lambda fault: fault.start)
    assert first.kind is FaultKind.LINK_CUT
    assert first.start <= 30
    assert first.end - first.start == 40


def test_the_first_chapter_shows_every_kind(story: EndlessStory) -> None:
    """Ten minutes are enough to see all that can go wrong."""
    assert {fault.kind for fault in story.chapter(0)} == set(FaultKind)


_SEEN_AFTER = {  # seconds from the begin of a fault until the monitor is sure of it, with the demo's intervals
    FaultKind.LINK_CUT: 10,
    FaultKind.PACKET_LOSS: 60,
    FaultKind.DELAY: 60,
    FaultKind.SERVICE_SLOW: 15,
    FaultKind.SERVICE_FAILING: 20,
    FaultKind.AGENT_SILENT: 50,
    FaultKind.POWER_CUT: 10,
}


def test_a_newcomer_sees_most_kinds_within_five_minutes(story: EndlessStory) -> None:
    """Each lasts until the monitor has noticed it, and that within 300 seconds of the start."""
    first = story.chapter(0)
    for kind, seconds in _SEEN_AFTER.items():
        assert any(fault.kind is kind and fault.start + seconds <= min(fault.end, 300) for fault in first), kind


@pytest.mark.parametrize("sites", [1, 2, 5, 41])
def test_faults_lie_within_their_chapter_and_strike_what_exists(sites: int) -> None:
    """However small the ward: each fault has a length, ends before its chapter, and strikes parts of this ward."""
    ward = plan_ward(Ground(41, 18_000), sites)
    story, known = EndlessStory(ward, 1), _subjects(ward)
    for number in CHAPTERS:
        for fault in story.chapter(number):
            assert number * CHAPTER < fault.start < fault.end < (number + 1) * CHAPTER
            assert fault.subjects
            assert set(fault.subjects) <= known


def test_chapters_vary_and_can_be_read_again(ward: WardPlan, story: EndlessStory) -> None:
    """Each chapter has faults of its own; the same seed repeats them, another seed does not."""
    told = [tuple(story.chapter(number)) for number in CHAPTERS]
    relative = [tuple((fault.kind, fault.start % CHAPTER, fault.subjects) for fault in chapter) for chapter in told]
    assert len(set(relative)) == len(relative)
    assert [tuple(EndlessStory(ward, 1).chapter(number)) for number in CHAPTERS] == told
    assert tuple(EndlessStory(ward, 2).chapter(0)) != told[0]


def test_most_of_the_ward_is_healthy(ward: WardPlan, story: EndlessStory) -> None:
    """At any time at least three quarters of the links have no fault, and on average nearly all."""
    links = [link for site in ward.sites for link in site.links]
    chronicle = Chronicle(story)
    struck = [
        sum(bool(chronicle.active_on(link.id, time)) for link in links) for time in range(0, 40 * int(CHAPTER), 60)
    ]
    assert max(struck) <= len(links) / 4
    assert sum(struck) / len(struck) < len(links) / 20


def test_the_office_never_loses_its_power(ward: WardPlan, story: EndlessStory) -> None:
    """The monitor stands there."""
    office = {device.id for device in ward.sites[0].devices}
    cuts = [fault for number in CHAPTERS for fault in story.chapter(number) if fault.kind is FaultKind.POWER_CUT]
    assert cuts
    assert not any(office & set(fault.subjects) for fault in cuts)


def test_an_outage_strikes_several_links_of_one_provider(ward: WardPlan, story: EndlessStory) -> None:
    """Three to six links of one provider fail at the same instant."""
    providers = {link.id: link.provider for site in ward.sites for link in site.links}
    outages = [f for number in CHAPTERS for f in story.chapter(number) if f.kind is FaultKind.PROVIDER_OUTAGE]
    assert outages
    for outage in outages:
        struck = [providers[subject] for subject in outage.subjects if subject in providers]
        assert 2 <= len(struck) <= 6
        assert len(set(struck)) == 1


def test_a_chronicle_knows_the_next_change(story: EndlessStory) -> None:
    """Between a change and the next one nothing begins or ends, across chapters too."""
    chronicle, time, seen = Chronicle(story), 0.0, 0
    while time < 3 * CHAPTER:
        after = chronicle.next_change(time)
        assert after > time
        middle = (time + after) / 2
        assert _alike(chronicle.active(time), chronicle.active(middle))
        time, seen = after, seen + 1
    assert seen > 20


def _alike(one: list[Fault], other: list[Fault]) -> bool:
    return one == other


def test_a_fault_survives_json(story: EndlessStory) -> None:
    """A fault written as plain data is read back the same."""
    for fault in story.chapter(0):
        assert Fault.from_json(fault.to_json()) == fault
