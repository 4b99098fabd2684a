"""The timetable: pure arithmetic, driven by numbers."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.timetable import Entry, Timetable


def starts(timetable: Timetable, until: float, step: float = 0.01) -> list[tuple[float, object]]:
    """Every start up to a time, taken with a clock that ticks each ``step`` seconds."""
    taken = []
    for tick in range(int(until / step) + 1):
        taken += [(due.at, due.key) for due in timetable.take_due(tick * step)]
    return taken


def test_every_job_starts_within_the_first_seconds() -> None:
    """A ward is complete soon after the start, whatever the intervals are."""
    timetable = Timetable(seed=1)
    timetable.set([Entry(number, 60.0) for number in range(300)], now=0.0)
    assert len({key for _, key in starts(timetable, 1.5)}) == 300


def test_a_great_many_new_jobs_are_not_started_at_once() -> None:
    """A city's first round is spread so that some 250 start in a second."""
    timetable = Timetable(seed=1)
    timetable.set([Entry(number, 60.0) for number in range(15_500)], now=0.0)
    per_second = Counter(int(at) for at, _ in starts(timetable, 29.0, step=0.1) if at < 29)
    assert max(per_second.values()) <= 260
    assert min(per_second.values()) >= 240


def test_starts_are_even_over_the_interval() -> None:
    """In steady state each tenth of the interval gets about a tenth of the starts."""
    timetable = Timetable(seed=1)
    timetable.set([Entry(number, 60.0) for number in range(1_000)], now=0.0)
    steady = [at for at, _ in starts(timetable, 240.0, step=0.1) if 120 <= at < 180]
    assert len(steady) == pytest.approx(1_000, abs=20)
    per_tenth = Counter(int((at - 120) // 6) for at in steady)
    assert all(80 <= per_tenth[tenth] <= 120 for tenth in range(10))


@given(st.floats(0.2, 100.0), st.integers(0, 2**32))
def test_two_starts_lie_about_one_interval_apart(interval: float, seed: int) -> None:
    """After the first gap, spacing is 0.9 to 1.1 intervals, and nothing drifts."""
    timetable = Timetable(seed)
    timetable.set([Entry("job", interval)], now=0.0)
    times: list[float] = []
    while len(times) < 200:
        due = timetable.next_due()
        assert due is not None
        times += [start.at for start in timetable.take_due(due)]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert 0.5 * interval <= gaps[0] <= 1.61 * interval
    assert all(0.899 * interval <= gap <= 1.101 * interval for gap in gaps[1:])
    assert times[-1] - times[1] == pytest.approx(198 * interval, abs=0.11 * interval)


def test_what_a_stopped_process_missed_is_counted_and_not_made_up_for() -> None:
    """After ten minutes of standstill a job starts once, and says how many starts passed."""
    timetable = Timetable(seed=1)
    timetable.set([Entry("job", 1.0)], now=0.0)
    timetable.take_due(1.0)
    late = timetable.take_due(601.0)
    assert len(late) == 1
    assert 598 <= late[0].missed <= 600
    assert timetable.take_due(601.0) == []


def test_setting_anew_keeps_the_pace_of_what_stays() -> None:
    """A reload moves no job that it does not change, drops the gone and adds the new."""
    timetable, undisturbed = Timetable(seed=1), Timetable(seed=1)
    for table in (timetable, undisturbed):
        table.set([Entry("stays", 10.0)], now=0.0)
        table.take_due(5.0)
    timetable.set([Entry("stays", 10.0), Entry("new", 10.0)], now=6.0)
    assert len(timetable) == 2
    stays = [due.at for due in timetable.take_due(20.0) if due.key == "stays"]
    assert stays == [due.at for due in undisturbed.take_due(20.0)]
    timetable.set([], now=20.0)
    assert timetable.next_due() is None


def test_a_changed_interval_takes_effect_at_once() -> None:
    """From once an hour to once a second: the next start is not an hour away."""
    timetable = Timetable(seed=1)
    timetable.set([Entry("job", 3_600.0)], now=0.0)
    timetable.take_due(3.0)
    timetable.set([Entry("job", 1.0)], now=10.0)
    due = timetable.next_due()
    assert due is not None
    assert 10.0 <= due <= 11.0
