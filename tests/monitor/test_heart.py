"""The monitor's heartbeat: when a run goes on, when another begins, and what that leaves unknown."""

from datetime import UTC, datetime, timedelta

import pytest

from history.facts import Heartbeat
from model.intervals import Interval, instant
from model.timeline import Watch
from monitor.accounts import watch_of
from monitor.heart import Beat, Heart

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR, DAY = 3_600.0, 86_400.0


def at(seconds: float) -> datetime:
    """So many seconds after noon by the wall clock."""
    return NOON + timedelta(seconds=seconds)


def run(began: float, until: float, *, blind: bool = False) -> Heartbeat:
    """A heartbeat."""
    return Heartbeat(at(began), at(until), blind)


def beating(until: float) -> Heart:
    """A heart that has beaten each five seconds until then, both clocks agreeing."""
    heart = Heart(at(0), 0.0)
    for number in range(1, int(until // 5) + 1):
        heart.beat(at(5 * number), 5.0 * number)
    return heart


def test_a_run_grows_with_each_beat() -> None:
    """One run from the start to the last beat, and nothing is lost."""
    heart = Heart(at(0), 100.0)
    assert heart.beat(at(5), 105.0) == Beat((run(0, 5),))
    assert heart.beat(at(10.4), 110.0) == Beat((run(0, 10.4),))
    assert heart.run == run(0, 10.4)


def test_a_process_that_was_held_up_begins_anew() -> None:
    """The time between its last beat and the next is under no run."""
    heart = Heart(at(0), 0.0)
    heart.beat(at(5), 5.0)
    assert heart.beat(at(20), 20.0) == Beat((run(0, 20),))
    assert heart.beat(at(36), 36.0) == Beat((run(36, 36),), at(20))
    assert heart.beat(at(41), 41.0) == Beat((run(36, 41),))


def test_a_machine_that_slept_begins_anew() -> None:
    """The monotonic clock stands still while a machine sleeps; the wall clock tells."""
    heart = Heart(at(0), 0.0)
    heart.beat(at(5), 5.0)
    assert heart.beat(at(605), 10.0) == Beat((run(605, 605),), at(605))


@pytest.mark.parametrize("step", [HOUR, DAY])
def test_a_clock_that_is_set_forward_leaves_a_gap(step: float) -> None:
    """The hour or day that the clock has left out was not lived."""
    heart = beating(60)
    beat = heart.beat(at(65 + step), 65.0)
    assert beat == Beat((run(65 + step, 65 + step),), at(65 + step))


@pytest.mark.parametrize("step", [HOUR, DAY])
def test_a_clock_that_is_set_back_begins_anew_twice(step: float) -> None:
    """Once when it is noticed, and once when the time that is there twice is over; what was said ends each time."""
    heart = Heart(at(0), 0.0)
    heart.beat(at(5), 5.0)
    assert heart.beat(at(10 - step), 10.0) == Beat((run(10 - step, 10 - step),), at(10 - step))
    monotonic = 10.0
    beats: list[Beat] = []
    while not beats or heart.run.began < at(0):
        monotonic += 5.0
        beats.append(heart.beat(at(monotonic - step), monotonic))
    assert monotonic == step + 5.0
    assert beats[-1] == Beat((run(10 - step, 5), run(5, 5)), at(5))
    assert all(beat.lost_since is None for beat in beats[:-1])


def test_a_clock_that_was_set_back_while_the_monitor_was_off_is_noticed_too() -> None:
    """The runs of before reach beyond the start: another begins when they are over."""
    heart = Heart(at(0), 0.0)
    heart.outlast(at(7))
    assert heart.beat(at(5), 5.0) == Beat((run(0, 5),))
    assert heart.beat(at(10), 10.0) == Beat((run(0, 10), run(10, 10)), at(10))
    assert heart.beat(at(15), 15.0) == Beat((run(10, 15),))


def test_a_clock_that_is_slewed_is_no_news() -> None:
    """NTP moves the clock by 500 parts in a million at the most."""
    heart = Heart(at(0), 0.0)
    for number in range(1, 1_000):
        beat = heart.beat(at(number * 5 * 1.0005), number * 5.0)
        assert beat.lost_since is None
    assert heart.run.began == at(0)


def test_blindness_is_a_run_of_its_own() -> None:
    """It begins when the anchors fell silent and takes that time from the run before; sight begins another."""
    heart = beating(60)
    assert heart.turn(at(58), at(63), 63.0, blind=True) == Beat((run(0, 63), run(58, 63, blind=True)))
    assert heart.beat(at(65), 65.0) == Beat((run(58, 65, blind=True),))
    assert heart.turn(at(69), at(69), 69.0, blind=False) == Beat((run(58, 69, blind=True), run(69, 69)))
    assert heart.beat(at(70), 70.0) == Beat((run(69, 70),))
    watch = watch_of([run(0, 63), run(58, 69, blind=True), run(69, 70)])
    assert seen(watch, 0, 70) == [(0, 58), (69, 70)]


def test_a_turn_moves_no_clock() -> None:
    """The beat after it takes the time since for what it is: no step, and no pause."""
    heart = beating(60)
    heart.turn(at(60), at(64), 64.0, blind=True)
    assert heart.beat(at(65), 65.0).lost_since is None
    heart.turn(at(69), at(69), 69.0, blind=False)
    assert heart.beat(at(70), 70.0).lost_since is None


def test_who_is_held_up_while_blind_stays_blind() -> None:
    """A new run begins, and is blind as well."""
    heart = beating(60)
    heart.turn(at(60), at(63), 63.0, blind=True)
    assert heart.beat(at(163), 163.0) == Beat((run(163, 163, blind=True),), at(63))


def test_a_turn_after_a_pause_does_not_bridge_it() -> None:
    """Anchors that fell silent before the pause was noticed say nothing about the pause."""
    heart = beating(60)
    beat = heart.turn(at(50), at(163), 163.0, blind=True)
    assert beat == Beat((run(163, 163), run(163, 163, blind=True)), at(60))


def seen(watch: Watch, start: float, end: float) -> list[tuple[float, float]]:
    """When the monitor was watching, in seconds after noon."""
    whole = Interval(instant(at(start)), instant(at(end)))
    return [((part.start - instant(NOON)) / 1_000, (part.end - instant(NOON)) / 1_000) for part in watch.seen(whole)]
