"""Windows of planned work: when they are open, whom they cover, what they excuse."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from model.alerting import MaintenanceWindow
from model.intervals import Interval, between, moment
from model.maintenance import Announcement, covers, excused, open_spans
from model.measurement import SubjectKey

HANOI, BERLIN = ZoneInfo("Asia/Ho_Chi_Minh"), ZoneInfo("Europe/Berlin")
NOVEMBER = between(datetime(2026, 10, 31, 17, tzinfo=UTC), datetime(2026, 11, 30, 17, tzinfo=UTC))
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def window(**keys: object) -> MaintenanceWindow:
    """A window as the inventory has it; ``from_`` and ``to`` or ``every``."""
    return MaintenanceWindow.model_validate({"id": "w", **{key.rstrip("_"): value for key, value in keys.items()}})


def spelled(spans: Iterable[Interval], zone: ZoneInfo) -> list[str]:
    """Local start and end of each span."""
    return [
        f"{moment(start).astimezone(zone):%d %H:%M}-{moment(end).astimezone(zone):%d %H:%M}" for start, end in spans
    ]


@pytest.mark.parametrize(
    ("keys", "spans"),
    [
        ({"from_": "2026-11-28T22:00", "to": "2026-11-29T02:00"}, ["28 22:00-29 02:00"]),
        ({"from_": "2026-11-28T22:00+01:00", "to": "2026-11-29T02:00+01:00"}, ["29 04:00-29 08:00"]),
        ({"from_": "2026-10-28T22:00", "to": "2026-11-01T02:00"}, ["01 00:00-01 02:00"]),
        ({"from_": "2026-12-28T22:00", "to": "2026-12-29T02:00"}, []),
        ({"every": "Tue 02:00-03:00"}, [f"{day:02} 02:00-{day:02} 03:00" for day in (3, 10, 17, 24)]),
        (
            {"every": "Sat 23:00-01:00"},
            ["01 00:00-01 01:00", *(f"{d:02} 23:00-{d + 1:02} 01:00" for d in (7, 14, 21, 28))],
        ),
    ],
)
def test_a_window_is_open_in_the_wards_time(keys: dict[str, str], spans: list[str]) -> None:
    """Once with and without a zone, recurring, cut at both ends of the month."""
    assert spelled(open_spans(window(**keys), HANOI, NOVEMBER), HANOI) == spans


def test_where_the_clock_is_put_back_a_single_window_covers_both_times() -> None:
    """From the first 02:30 to the last 02:45; the recurring one is open twice for a quarter of an hour."""
    day = between(datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC))
    single = open_spans(window(from_="2026-10-25T02:30", to="2026-10-25T02:45"), BERLIN, day)
    assert [span.length for span in single] == [75 * 60_000]
    recurring = open_spans(window(every="Sun 02:30-02:45"), BERLIN, day)
    assert [span.length for span in recurring] == [15 * 60_000] * 2


def test_where_the_clock_is_put_forward_a_skipped_window_is_not_open() -> None:
    """There is no 02:30 on the last Sunday of March."""
    day = between(datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC))
    assert open_spans(window(from_="2026-03-29T02:15", to="2026-03-29T02:45"), BERLIN, day) == ()
    assert open_spans(window(every="Sun 02:15-02:45"), BERLIN, day) == ()


@pytest.mark.parametrize(
    ("subject", "site", "covered"),
    [
        (("link", "l1"), "elsewhere", True),
        (("device", "d1"), "elsewhere", True),
        (("device", "l1"), "elsewhere", False),
        (("link", "l2"), "office", True),
        (("service", "s"), "office", True),
        (("site", "office"), "office", True),
        (("service", "s"), "elsewhere", False),
    ],
)
def test_a_window_covers_sites_with_all_in_them(subject: SubjectKey, site: str, *, covered: bool) -> None:
    """And devices and links by themselves."""
    assert covers(window(sites=["office"], devices=["d1"], links=["l1"], every="02:00-03:00"), subject, site) is covered


def test_overlapping_windows_excuse_each_minute_once() -> None:
    """Their union, not their sum."""
    announced = [
        Announcement(window(from_="2026-11-08T01:00", to="2026-11-08T02:30"), LONG_AGO),
        Announcement(window(every="Sun 02:00-03:00"), LONG_AGO),
    ]
    spans = excused(announced, HANOI, NOVEMBER)
    assert spelled(spans, HANOI) == [
        f"{d:02} {h}:00-{d:02} 03:00" for d, h in zip((1, 8, 15, 22, 29), ("02", "01", "02", "02", "02"), strict=True)
    ]


@pytest.mark.parametrize(
    ("announced", "notice", "count"),
    [
        (datetime(2026, 11, 28, 22, tzinfo=HANOI), 0, 1),
        (datetime(2026, 11, 28, 22, 0, 1, tzinfo=HANOI), 0, 0),
        (datetime(2026, 11, 27, 22, tzinfo=HANOI), 86_400, 1),
        (datetime(2026, 11, 27, 22, 1, tzinfo=HANOI), 86_400, 0),
    ],
)
def test_only_what_was_announced_in_time_excuses(announced: datetime, notice: float, count: int) -> None:
    """Not a second later than the notice, or the start where none is asked."""
    single = Announcement(window(from_="2026-11-28T22:00", to="2026-11-29T02:00"), announced)
    assert len(excused([single], HANOI, NOVEMBER, notice)) == count


def test_a_recurring_window_announced_late_excuses_from_the_next_time_on() -> None:
    """Also where it was announced while it was open."""
    late = Announcement(window(every="Sun 02:00-03:00"), datetime(2026, 11, 15, 2, 30, tzinfo=HANOI))
    assert spelled(excused([late], HANOI, NOVEMBER), HANOI) == ["22 02:00-22 03:00", "29 02:00-29 03:00"]


def test_a_window_that_is_taken_back_ends_then() -> None:
    """What is open ends, what would come does not."""
    taken_back = Announcement(window(every="Sun 02:00-03:00"), LONG_AGO, datetime(2026, 11, 15, 2, 30, tzinfo=HANOI))
    spans = excused([taken_back], HANOI, NOVEMBER)
    assert spelled(spans, HANOI) == ["01 02:00-01 03:00", "08 02:00-08 03:00", "15 02:00-15 02:30"]


def test_a_window_that_was_open_before_the_month_counts_in_it() -> None:
    """Its true start decides whether it was announced in time, not the first of the month."""
    keys = {"from_": "2026-10-20T00:00", "to": "2026-11-02T00:00"}
    late = Announcement(window(**keys), datetime(2026, 10, 20, tzinfo=HANOI) + timedelta(minutes=1))
    assert excused([late], HANOI, NOVEMBER) == ()
    in_time = Announcement(window(**keys), LONG_AGO)
    assert spelled(excused([in_time], HANOI, NOVEMBER), HANOI) == ["01 00:00-02 00:00"]
