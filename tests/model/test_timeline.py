"""From a log to the state at every instant: restarts, blindness, lost and late records."""

from datetime import datetime

from model.intervals import Interval, instant
from model.state import State
from model.timeline import Stretch, Watch, timeline
from model.transition import Transition

UP, DOWN, UNREACHABLE, UNKNOWN, MAINTENANCE = (
    State.UP,
    State.DOWN,
    State.UNREACHABLE,
    State.UNKNOWN,
    State.MAINTENANCE,
)


def at(text: str) -> datetime:
    """A time of 1 November 2026, UTC."""
    return datetime.fromisoformat(f"2026-11-01T{text}+00:00")


def record(before: State, after: State, when: str, noticed: str | None = None) -> Transition:
    """A record of one link, sure to half a second."""
    return Transition(("link", "office-vnpt"), before, after, at(when), 0.5, at(noticed or when))


def run(start: str, end: str) -> Interval:
    """A run of the monitor."""
    return Interval(instant(at(start)), instant(at(end)))


def stretch(start: str, end: str, state: State, uncertainty: float | None = 0.5) -> Stretch:
    """A time of known state."""
    return Stretch(*run(start, end), state, uncertainty)


DAY = Watch([run("00:00", "20:00")])
BEGIN = record(UNKNOWN, UP, "01:00")
CUT, MENDED = record(UP, DOWN, "10:00"), record(DOWN, UP, "11:00")
AS_IT_WAS = [
    stretch("01:00", "10:00", UP, None),
    stretch("10:00", "11:00", DOWN),
    stretch("11:00", "20:00", UP),
]


def test_each_state_lasts_until_the_next() -> None:
    """Before the first record nothing is known, nor after the monitor has stopped."""
    assert timeline([BEGIN, CUT, MENDED], DAY) == AS_IT_WAS


def test_records_out_of_order_and_twice_change_nothing() -> None:
    """They are taken in the order in which they were noticed; a record that was stored again later is the same."""
    again = record(UP, DOWN, "10:00", "15:00")
    assert timeline([MENDED, CUT, again, BEGIN, CUT], DAY) == AS_IT_WAS


def test_without_records_or_without_a_monitor_nothing_is_known() -> None:
    """No data is no state."""
    assert timeline([], DAY) == []
    assert timeline([BEGIN, CUT], Watch([])) == []
    assert timeline([BEGIN], Watch([run("05:00", "06:00")])) == []


def test_after_a_restart_only_what_is_said_anew_is_known() -> None:
    """`kill -9` at 12:00 and a start at 13:00: the gap is unknown, and nothing else moves."""
    watch = Watch([run("00:00", "12:00"), run("13:00", "20:00")])
    anew = record(UNKNOWN, UP, "13:00:01")
    assert timeline([BEGIN, CUT, MENDED, anew], watch) == [
        *AS_IT_WAS[:2],
        stretch("11:00", "12:00", UP),
        stretch("13:00:01", "20:00", UP, None),
    ]


def test_a_restart_without_a_gap_ends_every_claim_too() -> None:
    """Two runs that touch are two."""
    watch = Watch([run("00:00", "12:00"), run("12:00", "20:00")])
    assert timeline([BEGIN], watch) == [stretch("01:00", "12:00", UP, None)]


def test_what_was_noticed_later_corrects_what_was_said_before() -> None:
    """A child is down first, and then cut off since the time of its parent's outage."""
    child = record(UP, DOWN, "10:00:02", "10:00:05")
    explained = record(DOWN, UNREACHABLE, "10:00:00", "10:00:06")
    assert timeline([BEGIN, child, explained], DAY) == [
        stretch("01:00", "10:00", UP, None),
        stretch("10:00", "20:00", UNREACHABLE),
    ]


def test_where_a_record_is_missing_the_time_between_is_unknown() -> None:
    """It was up at ten and ceased to be down at eleven: nobody knows when it went down."""
    assert timeline([BEGIN, record(UP, State.DEGRADED, "10:00"), MENDED], DAY) == [
        stretch("01:00", "10:00", UP, None),
        stretch("11:00", "20:00", UP, None),
    ]


def test_a_clock_that_is_set_back_spoils_no_more_than_the_hour_it_repeats() -> None:
    """At 12:00 it was set to 11:00; the monitor began a run then, and another when the hour had been repeated."""
    watch = Watch([run("00:00", "12:00"), run("11:00", "12:00"), run("12:00", "20:00")])
    before_the_step = record(UP, DOWN, "11:30")
    after_it = [record(UNKNOWN, DOWN, "11:00:01"), record(DOWN, UP, "11:10"), record(UNKNOWN, UP, "12:00:01")]
    told = timeline([BEGIN, before_the_step, *after_it], watch)
    assert told[0] == stretch("01:00", "11:00", UP, None)
    assert told[-1] == stretch("12:00:01", "20:00", UP, None)
    assert all(part.end <= instant(at("12:00")) for part in told[:-1])


def test_maintenance_in_the_log_says_nothing_of_what_lies_beneath() -> None:
    """It is laid over the timeline afterwards, from what was announced."""
    log = [BEGIN, record(UP, MAINTENANCE, "10:00"), record(MAINTENANCE, UNKNOWN, "11:00"), record(UNKNOWN, UP, "11:00")]
    assert timeline(log, DAY) == [stretch("01:00", "10:00", UP, None), stretch("11:00", "20:00", UP, None)]


def test_a_link_that_is_taken_away_with_an_open_outage_is_unknown_from_then_on() -> None:
    """Its last record says so; under a new name it goes on with the records of that."""
    taken_away = record(DOWN, UNKNOWN, "10:30")
    renamed = Transition(("link", "office-vnpt-2"), UNKNOWN, DOWN, at("10:40"), 0.5, at("10:40"))
    assert timeline([BEGIN, CUT, taken_away, renamed], DAY) == [
        *AS_IT_WAS[:1],
        stretch("10:00", "10:30", DOWN),
        stretch("10:40", "20:00", DOWN, None),
    ]


def test_a_record_that_the_last_heartbeat_had_not_seen_counts_up_to_it() -> None:
    """The monitor died after noticing, before its next heartbeat."""
    watch = Watch([run("00:00", "10:00:03")])
    assert timeline([BEGIN, record(UP, DOWN, "10:00", "10:00:04")], watch) == [
        stretch("01:00", "10:00", UP, None),
        stretch("10:00", "10:00:03", DOWN),
    ]
