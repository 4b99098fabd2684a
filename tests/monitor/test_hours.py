"""What an hour gathers, and where it ends."""

from datetime import UTC, datetime, timedelta

from history.rollup import Rollup, RollupBlock, Traffic
from model.inventory import Inventory
from model.measurement import EchoReading, Failure, Measurement, ProbeKind, Reading, Reason, Subject
from model.sketch import Sketch
from model.state import State
from model.throughput import Flow, Throughput
from monitor.hours import NO_WARD, Hours

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = 3_600.0


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def inventory(*links: str) -> Inventory:
    """One site with these links, probed each two seconds."""
    targets = [{"id": link, "target": "icmp://192.0.2.1", "interval": "2s"} for link in links]
    return Inventory.model_validate({"sites": [{"id": "office", "links": targets}]})


def gathering(*links: str, since: float = 0.0) -> Hours:
    """Hours of these links."""
    hours = Hours(at(since))
    hours.load(inventory(*links))
    return hours


def took(hours: Hours, seconds: float, outcome: Reading | Failure, link: str = "one") -> None:
    """A probe that left then."""
    subject = Subject("link", link, "office", "192.0.2.1")
    hours.took(Measurement(subject, ProbeKind.ICMP, at(seconds), 1.0, outcome), None)


def only(blocks: list[RollupBlock]) -> Rollup:
    """The one rollup of the one block."""
    (block,) = blocks
    (rollup,) = block.rollups
    assert (block.start, block.end) == (rollup.start, rollup.end)
    return rollup


def test_an_hour_holds_what_was_measured_in_it() -> None:
    """Answers, losses, late ones among them, states, traffic, minutes and the time under measurement."""
    hours = gathering("one")
    took(hours, 10, EchoReading(0.01))
    took(hours, 12, Failure(Reason.TIMEOUT))
    took(hours, 14, Failure(Reason.TIMEOUT, "answered after 1.2 s", EchoReading(1.2)))
    took(hours, 16, Failure(Reason.LOCAL))
    hours.was("one", State.UP, 10, at(20))
    hours.was("one", State.UP, 10, at(30))
    hours.minute("one", at(60), stable=True)
    hours.minute("one", at(120), stable=False)
    hours.carried("one", Throughput(8.0, Flow(1e6, None, None, None), Flow(None, None, None, None)), at(60))
    rollup = only(hours.over(at(HOUR + 60)))
    assert (rollup.start, rollup.end) == (at(0), at(HOUR))
    assert (rollup.sent, rollup.lost, rollup.late) == (3, 2, 1)
    assert rollup.covered == timedelta(seconds=6)
    assert rollup.spent == {State.UP: timedelta(seconds=20)}
    assert (rollup.stable_minutes, rollup.known_minutes) == (1, 2)
    assert (rollup.download, rollup.upload) == (Traffic(1_000_000, 1e6), None)
    assert rollup.rtt is not None
    assert Sketch.from_bytes(rollup.rtt).lost == 2


def test_a_probe_belongs_to_the_hour_in_which_it_left() -> None:
    """One that left before the full hour and was lost after it is the old hour's; the next one's is the new hour's."""
    hours = gathering("one")
    took(hours, HOUR - 2, EchoReading(0.01))
    took(hours, HOUR + 0.1, EchoReading(0.01))
    took(hours, HOUR - 0.1, Failure(Reason.TIMEOUT))
    assert not hours.is_over(at(HOUR + 3))
    assert hours.is_over(at(HOUR + 4))
    first = only(hours.over(at(HOUR + 40)))
    assert (first.start, first.end, first.sent, first.lost) == (at(0), at(HOUR), 2, 1)
    assert not hours.is_over(at(2 * HOUR))
    second = only(hours.over(at(2 * HOUR + 40)))
    assert (second.start, second.end, second.sent) == (at(HOUR), at(2 * HOUR), 1)


def test_a_start_in_mid_hour_begins_there() -> None:
    """Two monitors, or one before and after a restart, each write the part that they have seen."""
    hours = gathering("one", since=1_200)
    took(hours, 1_300, EchoReading(0.01))
    first = only(hours.rest(at(1_500)))
    assert (first.start, first.end) == (at(1_200), at(1_500))
    hours = gathering("one", since=1_600)
    took(hours, 1_700, EchoReading(0.01))
    second = only(hours.over(at(HOUR + 30)))
    assert (second.start, second.end) == (at(1_600), at(HOUR))


def test_a_stop_just_after_the_full_hour_ends_both_hours() -> None:
    """The one that waited for its last probes, and the one that had begun."""
    hours = gathering("one")
    took(hours, HOUR - 1, EchoReading(0.01))
    took(hours, HOUR + 1, EchoReading(0.01))
    blocks = hours.rest(at(HOUR + 2))
    assert [(block.start, block.end) for block in blocks] == [(at(0), at(HOUR)), (at(HOUR), at(HOUR + 2))]
    assert hours.rest(at(HOUR + 3)) == []


def test_a_link_that_is_removed_leaves_what_was_measured_of_it() -> None:
    """A reload takes it away in mid-hour; the hour still tells what it did before, and nothing that came later."""
    hours = gathering("one", "two")
    took(hours, 10, EchoReading(0.01), "two")
    hours.load(inventory("one"))
    took(hours, 20, EchoReading(0.01), "two")
    took(hours, 20, EchoReading(0.01), "one")
    (block,) = hours.over(at(HOUR + 60))
    assert block.ward == NO_WARD
    assert {rollup.subject[1]: rollup.sent for rollup in block.rollups} == {"one": 1, "two": 1}


def test_each_ward_has_a_block_of_its_own() -> None:
    """A city writes as many as it has wards."""
    hours = Hours(at(0))
    hours.load(
        Inventory.model_validate({
            "wards": [{"id": "north"}, {"id": "south"}],
            "sites": [
                {"id": "a", "ward": "north", "links": [{"id": "one", "target": "icmp://192.0.2.1"}]},
                {"id": "b", "ward": "south", "links": [{"id": "two", "target": "icmp://192.0.2.2"}]},
            ],
        })
    )
    for link in ("one", "two"):
        hours.was(link, State.UP, 10, at(10))
    blocks = hours.over(at(HOUR + 60))
    assert {block.ward: [rollup.subject[1] for rollup in block.rollups] for block in blocks} == {
        "north": ["one"],
        "south": ["two"],
    }


def test_time_that_is_there_twice_is_written_once() -> None:
    """After the clock was set back by an hour, the hour that is closed stays closed; the open one takes what comes."""
    hours = gathering("one")
    took(hours, HOUR + 1_800, EchoReading(0.01))
    hours.over(at(HOUR + 1_800))
    took(hours, 1_800, EchoReading(0.01))
    assert hours.over(at(1_900)) == []
    assert not hours.is_over(at(1_900))
    rollup = only(hours.over(at(2 * HOUR + 60)))
    assert (rollup.start, rollup.end, rollup.sent) == (at(HOUR), at(2 * HOUR), 2)


def test_a_clock_that_is_set_forward_invents_no_hour() -> None:
    """A day is left out: the old hour and the new one are written, and none between."""
    hours = gathering("one")
    took(hours, 10, EchoReading(0.01))
    took(hours, 24 * HOUR + 10, EchoReading(0.01))
    assert only(hours.over(at(24 * HOUR + 60))).end == at(HOUR)
    rollup = only(hours.over(at(25 * HOUR + 60)))
    assert (rollup.start, rollup.sent) == (at(24 * HOUR), 1)
