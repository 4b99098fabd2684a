"""Availability against a count of single seconds and milliseconds, written without a look at the code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.availability import Availability, Frame, Tally, availability
from model.calendar import parse_weekly, weekly_spans
from model.intervals import DAY, Interval, Ruler, instant, merged, moment
from model.periods import Periods
from model.state import State
from model.state_clock import StateClock
from model.timeline import Watch
from model.transition import Transition

STATES = list(State)
UNKNOWN, MAINTENANCE = STATES.index(State.UNKNOWN), STATES.index(State.MAINTENANCE)
LOGGED = [State.UP, State.DEGRADED, State.DOWN, State.UNREACHABLE, State.UNKNOWN]
MONTHS = [
    ("Asia/Ho_Chi_Minh", "2026-10"),
    ("Europe/Berlin", "2026-10"),
    ("Europe/Berlin", "2026-03"),
    ("America/Sao_Paulo", "2018-11"),
    ("America/Sao_Paulo", "2018-02"),
    ("Pacific/Apia", "2011-12"),
    ("Australia/Lord_Howe", "2026-04"),
    ("Australia/Lord_Howe", "2026-10"),
]
MILLISECOND = timedelta(milliseconds=1)
SERVICE, WORK = "Mon-Fri 07:30-17:00", "Sun 01:30-03:15"

Cells = NDArray[np.int8]


@dataclass(frozen=True)
class Story:
    """What happened, in steps of some length from a beginning on."""

    log: list[Transition]
    runs: list[Interval]
    excused: list[Interval]


@st.composite
def stories(draw: st.DrawFn, begin: int, steps: int, step: int) -> Story:
    """A log as a daemon writes it, and then spoilt: out of order, twice, with records missing and clocks set back."""

    def intervals(most: int) -> list[Interval]:
        edges = draw(st.lists(st.tuples(st.integers(0, steps), st.integers(0, steps)), max_size=most))
        return [Interval(begin + min(pair) * step, begin + max(pair) * step) for pair in edges]

    whole = Interval(begin - 5 * step, begin + (steps + 5) * step)
    runs = draw(st.sampled_from([[whole], [], intervals(5), [*intervals(2), whole]]))
    log, before = [], State.UNKNOWN
    times = st.tuples(st.integers(-10, steps + 10), st.integers(0, 40), st.sampled_from(LOGGED), st.booleans())
    for noticed, late, after, chained in sorted(draw(st.lists(times, max_size=12)), key=lambda time: time[0]):
        before = before if chained else draw(st.sampled_from(LOGGED))
        at, known = (moment(begin + (noticed - back) * step) for back in (late, 0))
        log.append(Transition(("link", "l"), before, after, at, 0.5, known))
        before = after
    again = draw(st.lists(st.tuples(st.sampled_from(log), st.integers(0, 40)), max_size=2)) if log else []
    twice = [replace(record, noticed_at=record.noticed_at + late * step * MILLISECOND) for record, late in again]
    return Story(draw(st.permutations([*log, *twice])), runs, intervals(4))


def painted(story: Story, begin: int, steps: int, step: int) -> Cells:
    """The state beneath maintenance in each step: every record paints all that comes after it, later ones over it."""

    def place(at: int) -> int:
        return min(max((at - begin) // step, 0), steps)

    cells = np.full(steps, UNKNOWN, np.int8)
    author = np.full(steps, -1, np.int16)
    seen = np.zeros(steps, np.bool_)
    for run in story.runs:
        seen[place(run.start) : place(run.end)] = True
    once: dict[tuple[datetime, State, State], Transition] = {}
    for record in sorted(story.log, key=lambda record: (record.noticed_at, record.at)):
        once.setdefault((record.at, record.before, record.after), record)
    ends = begin - 100 * step  # of the claim before
    said = State.UNKNOWN
    for number, record in enumerate(once.values()):
        at, noticed = instant(record.at), instant(record.noticed_at)
        begun = [run for run in story.runs if run.start <= noticed and run.start < run.end]
        latest = max(begun, default=None)
        if latest and record.before is not said and noticed < ends:
            missing = np.arange(steps) >= place(latest.start)
            cells[missing & (author == number - 1)] = UNKNOWN
        about = [run.end for run in begun if run.end > noticed]
        ends = min(about) if about else (latest.end if latest else noticed)
        cells[place(at) :] = UNKNOWN
        author[place(at) :] = number
        cells[place(at) : max(place(ends), place(at))] = STATES.index(record.after)
        said = record.after
    cells[~seen] = UNKNOWN
    return cells


def covered(intervals: Sequence[Interval], begin: int, steps: int, step: int) -> NDArray[np.bool_]:
    """Which steps any of the intervals covers."""
    cells = np.zeros(steps, np.bool_)
    for start, end in intervals:
        cells[max(0, (start - begin) // step) : max(0, (end - begin) // step)] = True
    return cells


def counted(cells: Cells, step: int) -> Tally:
    """Milliseconds in each state."""
    counts = np.bincount(cells, minlength=len(STATES)) * step
    return Tally(**{state.value: int(count) for state, count in zip(STATES, counts, strict=True)})


def agrees(result: Availability, beneath: Cells, hours: NDArray[np.bool_], away: NDArray[np.bool_], step: int) -> None:
    """Every figure is what the cells say."""
    net = np.where(away, MAINTENANCE, beneath)
    assert result.inside == counted(net[hours], step)
    assert result.outside == counted(net[~hours], step)
    assert result.gross_inside == counted(beneath[hours], step)
    assert result.gross_outside == counted(beneath[~hours], step)
    assert result.net.total == result.gross.total == result.period.length == len(beneath) * step
    for found, lost in ((result.outages, [State.DOWN]), (result.interruptions, [State.DOWN, State.UNREACHABLE])):
        dark = np.isin(net, [STATES.index(state) for state in lost])
        assert sum(outage.down for outage in found) == dark.sum() * step
        assert sum(outage.down_in_hours for outage in found) == (dark & hours).sum() * step
        assert [(o.interval, o.down) for o in found] == episodes(beneath, dark, result.period.start, step)


def episodes(beneath: Cells, dark: NDArray[np.bool_], begin: int, step: int) -> list[tuple[Interval, int]]:
    """First and last dark step between two answers, one after the other."""
    answered = np.isin(beneath, [STATES.index(State.UP), STATES.index(State.DEGRADED)])
    numbers = np.cumsum(answered)  # the same for all dark steps without an answer between them
    result = []
    for number in np.unique(numbers[dark]):
        steps = np.flatnonzero(dark & (numbers == number))
        result.append((Interval(begin + steps[0] * step, begin + (steps[-1] + 1) * step), len(steps) * step))
    return result


@cache
def clock(zone: str, month: str) -> tuple[Interval, Mapping[str, NDArray[np.bool_]]]:
    """A month, and for hours of the week the seconds in which the clock on the wall shows them."""
    period = Periods(ZoneInfo(zone)).named(month).interval
    minutes = [moment(at).astimezone(ZoneInfo(zone)) for at in range(period.start, period.end, 60_000)]
    readings = [(at.weekday(), at.hour * 60 + at.minute) for at in minutes]
    service = [day <= 4 and 450 <= minute < 1020 for day, minute in readings]
    work = [day == 6 and 90 <= minute < 195 for day, minute in readings]
    return period, {SERVICE: np.repeat(service, 60), WORK: np.repeat(work, 60)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(MONTHS))
def test_a_month_agrees_second_by_second(data: st.DataObject, month: tuple[str, str]) -> None:
    """Random logs, gaps, restarts and overlapping maintenance, in months with every kind of clock change."""
    period, shown = clock(*month)
    seconds = period.length // 1_000
    story = data.draw(stories(period.start, seconds, 1_000))
    hours, work = (weekly_spans(parse_weekly(text), ZoneInfo(month[0]), period) for text in (SERVICE, WORK))
    frame = Frame(period, hours, merged([*work, *story.excused]))
    result = availability(story.log, Watch(story.runs), frame)
    away = covered(story.excused, period.start, seconds, 1_000) | shown[WORK]
    agrees(result, painted(story, period.start, seconds, 1_000), shown[SERVICE], away, 1_000)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([12, 40, 500]))
def test_a_few_seconds_agree_millisecond_by_millisecond(data: st.DataObject, length: int) -> None:
    """No edge is off by one."""
    period = Interval(1_790_000_000_000, 1_790_000_000_000 + length)
    story = data.draw(stories(period.start, period.length, 1))
    open_hours = data.draw(st.lists(st.tuples(st.integers(0, length), st.integers(0, length)), max_size=3))
    hours = [Interval(period.start + start, period.start + end) for start, end in open_hours]
    result = availability(story.log, Watch(story.runs), Frame(period, merged(hours), merged(story.excused)))
    beneath = painted(story, period.start, period.length, 1)
    away = covered(story.excused, period.start, period.length, 1)
    agrees(result, beneath, covered(hours, period.start, period.length, 1), away, 1)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_clock_of_a_running_daemon_agrees_with_the_reckoning_afterwards(data: st.DataObject) -> None:
    """Fed one transition after the other, over restarts, its counters end at the sums and never go down."""
    begin = 1_790_000_000_000
    at, log, runs = begin, [], []
    excused = merged(
        Interval(begin + start, begin + start + length)
        for start, length in data.draw(st.lists(st.tuples(st.integers(0, DAY), st.integers(0, DAY // 4)), max_size=3))
    )
    spent = Tally()
    for run in data.draw(st.lists(st.lists(st.sampled_from(LOGGED), max_size=6), min_size=1, max_size=4)):
        clock, start, before = StateClock(moment(at), Ruler(excused), spent), at + data.draw(GAP), State.UNKNOWN
        at = start
        for after in run:
            settled = at + data.draw(GAP)
            clock.settle(moment(settled))
            seconds = [clock.seconds(state) for state in State]
            happened, noticed = settled + data.draw(GAP), data.draw(GAP) * MILLISECOND
            log.append(Transition(("link", "l"), before, after, moment(happened), 0.5, moment(happened) + noticed))
            clock.enter(log[-1])
            assert all(now >= then for then, now in zip(seconds, map(clock.seconds, State), strict=True))
            # Later by at least a millisecond: the same change twice in one instant is one that was written twice.
            at, before = happened + noticed // MILLISECOND + 1, after
        at += 1 + data.draw(GAP)
        clock.settle(moment(at))
        runs.append(Interval(start, at))
        spent = clock.spent
    frame = Frame(Interval(begin, at), (), excused)
    assert spent == availability(log, Watch(runs), frame).net
    assert sum(spent.of(state) for state in State) == at - begin


GAP = st.integers(0, DAY // 8)


def test_the_oracle_itself_can_tell_a_month() -> None:
    """A month of up with one hour down: the cells are counted right."""
    period, shown = clock("Asia/Ho_Chi_Minh", "2026-10")
    start = moment(period.start)
    hour = timedelta(hours=1)
    log = [
        Transition(("link", "l"), State.UNKNOWN, State.UP, start, 0.5, start),
        Transition(("link", "l"), State.UP, State.DOWN, start + 10 * hour, 0.5, start + 10 * hour),
        Transition(("link", "l"), State.DOWN, State.UP, start + 11 * hour, 0.5, start + 11 * hour),
    ]
    story = Story(log, [period], [])
    cells = painted(story, period.start, period.length // 1_000, 1_000)
    assert counted(cells, 1_000) == Tally(up=743 * 3_600_000, down=3_600_000)
    assert shown[SERVICE].sum() == 22 * 9.5 * 3_600
    assert datetime(2026, 9, 30, 17, tzinfo=UTC) == start
