"""The figures of a month: shares with bounds, verdicts, repair times; and the example of the documentation."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from timeit import repeat
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.alerting import MaintenanceWindow
from model.availability import Availability, Frame, Share, Tally, availability
from model.calendar import service_spans
from model.intervals import DAY, Interval, instant, moment
from model.maintenance import Announcement, excused
from model.outages import OutageKind
from model.periods import Period, Periods
from model.state import State
from model.timeline import Watch
from model.transition import Transition

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
PAGE = (Path(__file__).parents[2] / "docs/availability.md").read_text("utf-8")
OCTOBER, NOVEMBER = (Periods(HANOI).named(month) for month in ("2026-10", "2026-11"))
NOTHING = Share(0, 0, 0)


def local(text: str) -> datetime:
    """A time in Hanoi."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def of_page(period: Period) -> Availability:
    """What the code makes of the log that the page shows."""
    rows = re.findall(r"^\| (2026-\S+ \S+) \| (\w+) \| (\w+) \|", PAGE, flags=re.MULTILINE)
    log = [
        Transition(("link", "main"), State(before), State(after), local(at), 0.5, local(at))
        for at, before, after in rows
    ]
    runs = [("2026-09-01", "2026-10-15 10:00:00"), ("2026-10-15 10:04:00", "2026-11-30")]
    watch = Watch([Interval(instant(local(start)), instant(local(end))) for start, end in runs])
    window = MaintenanceWindow.model_validate({"id": "monthly", "every": "Sun 02:00-03:00"})
    work = excused([Announcement(window, local("2026-01-01"))], HANOI, period.interval)
    hours = service_spans(["Mon-Fri 07:30-11:30", "Mon-Fri 13:30-17:00"], HANOI, period.interval)
    return availability(log, watch, Frame(period.interval, hours, work))


def test_the_example_has_the_seconds_that_the_page_says() -> None:
    """Each state inside and outside service hours, and their sums."""
    month = of_page(OCTOBER)
    rows = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \|", PAGE, flags=re.MULTILINE)
    computed = [(state.value, month.inside.of(state), month.outside.of(state)) for state in State]
    computed.append(("together", month.inside.total, month.outside.total))
    assert rows == [(name, str(inside // 1_000), str(outside // 1_000)) for name, inside, outside in computed]
    assert month.net.total == month.gross.total == OCTOBER.interval.length == 744 * 3_600_000
    assert month.gross.down - month.net.down == 50 * 60_000


def test_the_example_has_the_figures_that_the_page_says() -> None:
    """Shares, bounds and verdicts; the fractions beside them give the same."""
    month = of_page(OCTOBER).inside
    rows = re.findall(r"^\| ([\w ]+) \| (\(?\d{6}.*?) \| ([\d.]+) % \|", PAGE, flags=re.MULTILINE)
    assert [(name, round(eval(fraction) * 100, 4)) for name, fraction, _ in rows] == [  # noqa: S307 - our own page
        (name, float(percent)) for name, _, percent in rows
    ]
    computed = (month.link.ratio, month.link.lowest, month.link.highest, month.service.ratio, month.service.highest)
    assert [percent for _, _, percent in rows] == [f"{100 * (ratio or 0):.4f}" for ratio in (*computed, month.coverage)]
    assert (month.link.meets(0.999), month.service.meets(0.999)) == (None, False)


def test_the_example_has_the_events_that_the_page_says() -> None:
    """Three outages and a micro-outage; November counts none of them, but has its seconds."""
    month = of_page(OCTOBER)
    rows = re.findall(r"^\| the [\w ]+ \| (2026-\S+ \S+) \| (\d+) \| (\w+) \|", PAGE, flags=re.MULTILINE)
    assert rows == [
        (f"{moment(outage.interval.start).astimezone(HANOI):%F %T}", str(outage.down // 1_000), outage.kind.value)
        for outage in month.outages
    ]
    assert (month.failures, month.micro_outages, month.longest) == (3, 1, month.outages[0])
    assert f"= {month.mttr:.1f} s" in PAGE
    assert f"MTBF is {month.mtbf:.0f} s" in PAGE
    assert f"exceeds {month.mtbf_at_least / 3_600:.0f} h" in PAGE
    following = of_page(NOVEMBER)
    assert (following.failures, following.net.down) == (0, 60_000)
    assert [(o.kind, o.began_before, o.down) for o in following.outages] == [(OutageKind.OUTAGE, True, 60_000)]


def test_what_is_cut_off_interrupts_and_is_no_outage() -> None:
    """The half hour behind the router is in the one list and not in the other."""
    month = of_page(OCTOBER)
    assert len(month.interruptions) == len(month.outages) + 1
    assert sum(one.down for one in month.interruptions) == month.net.down + month.net.unreachable
    assert of_page(NOVEMBER).interruptions == of_page(NOVEMBER).outages


def test_a_month_without_any_evidence_has_no_figures() -> None:
    """Absent, not zero; all of it is unknown, and no verdict is given."""
    month = availability([], Watch([]), Frame(OCTOBER.interval, ()))
    assert month.net == Tally(unknown=31 * DAY)
    assert (month.net.link.ratio, month.mttr, month.mtbf, month.longest) == (None, None, None, None)
    assert (month.net.link.lowest, month.net.link.highest, month.net.coverage) == (0.0, 1.0, 0.0)
    assert month.net.link.meets(0.999) is None
    assert month.mtbf_at_least == 0.0


def test_a_period_of_no_time_has_no_figures_either() -> None:
    """The first instant of a month, or a service that is never open."""
    month = availability([], Watch([]), Frame(Interval(5, 5), ()))
    assert (month.net.total, month.net.coverage, month.net.link) == (0, None, NOTHING)
    assert (NOTHING.ratio, NOTHING.lowest, NOTHING.highest, NOTHING.meets(0.5)) == (None, None, None, None)


@pytest.mark.parametrize(
    ("share", "target", "met"),
    [
        (Share(999, 1, 0), 0.999, True),
        (Share(998, 2, 0), 0.999, False),
        (Share(998, 1, 1), 0.999, None),
        (Share(0, 0, 10), 0.999, None),
        (Share(0, 0, 10), 0.0, True),
        (Share(10, 0, 0), 1.0, True),
        (Share(10, 1, 0), 1.0, False),
    ],
)
def test_a_verdict_is_given_only_where_no_unknown_time_could_change_it(
    share: Share, target: float, *, met: bool | None
) -> None:
    """Met if even the lowest reaches the target, breached if even the highest misses it."""
    assert share.meets(target) is met


COUNTS = st.integers(0, 10**9)


@given(COUNTS, COUNTS, COUNTS, st.floats(0, 1))
def test_the_bounds_enclose_the_share(up: int, down: int, unknown: int, target: float) -> None:
    """And more time down never betters a verdict."""
    share = Share(up, down, unknown)
    if share.ratio is not None:
        assert share.lowest is not None
        assert share.highest is not None
        assert share.lowest <= share.ratio <= share.highest
    if share.meets(target) is False:
        assert Share(up, down + 1, unknown).meets(target) is False
    if share.meets(target) is None and share != NOTHING:
        assert Share(up, down + 1, unknown).meets(target) is not True


def test_a_month_of_a_busy_link_is_reckoned_quickly() -> None:
    """A hundred transitions and service hours: a city of 15,498 links takes seconds, not minutes."""
    states = [State.UP, State.DOWN, State.UP, State.DEGRADED]
    start = moment(OCTOBER.interval.start)
    log = [
        Transition(("link", "l"), states[n % 4 - 1], states[n % 4], at, 0.5, at)
        for n in range(100)
        for at in [start + n * timedelta(hours=7)]
    ]
    hours = service_spans(["Mon-Fri 07:30-11:30", "Mon-Fri 13:30-17:00"], HANOI, OCTOBER.interval)
    frame, watch = Frame(OCTOBER.interval, hours), Watch([OCTOBER.interval])
    assert min(repeat(lambda: availability(log, watch, frame), number=1, repeat=20)) < 0.01
