"""Growth of counters, against a device whose truth is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.counters import (
    MOST_OVER_LINE,
    STALE_FOR,
    Cause,
    Discontinuity,
    Growth,
    Poll,
    Track,
    growth,
    line_rate,
    negotiated_speed,
)
from model.measurement import InterfaceReading

GIGABIT = {"ifHighSpeed": 1000}


def poll(at: float, ticks: int | None, index: int = 2, boots: int | None = None, mac: str = "", **cells: Any) -> Poll:
    """An answer of a gigabit port."""
    return Poll(at, ticks, InterfaceReading(index, "ether1", "", "", 6, mac, {**GIGABIT, **cells}), boots)


def minute(before: Mapping[str, Any], after: Mapping[str, Any], **more: Any) -> Growth | Discontinuity:
    """A minute between two answers of an agent that runs."""
    return growth(poll(0.0, 1000, **before), poll(60.0, 7000, **after, **more))


def cause(result: Growth | Discontinuity | None) -> Cause:
    """Why there is no growth."""
    assert isinstance(result, Discontinuity)
    return result.cause


def counted(result: Growth | Discontinuity | None) -> Growth:
    """The growth that there is."""
    assert isinstance(result, Growth)
    return result


def test_a_rate_is_by_the_agents_clock() -> None:
    """However long the answer was under way."""
    found = counted(growth(poll(0.0, 1000, ifHCInOctets=100), poll(61.3, 7000, ifHCInOctets=6100)))
    assert (found.elapsed, found.counts, found.line_rate) == (60.0, {"ifHCInOctets": 6000}, 1e9)
    assert found.per_second("ifHCInOctets") == 100
    assert found.per_second("ifHCOutOctets") is None


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (poll(0.0, 1000), poll(60.0, None), Cause.NO_UPTIME),
        (poll(60.0, 7000), poll(60.0, 7000), Cause.OUT_OF_ORDER),
        (poll(0.0, 1000), poll(60.0, 1000), Cause.FROZEN),
        (poll(0.0, 1000), poll(0.5, 1050), Cause.TOO_SOON),
        (poll(0.0, 100_000), poll(60.0, 3000), Cause.REBOOT),
        (poll(0.0, 1000, boots=3), poll(60.0, 7000, boots=4), Cause.REBOOT),
        (poll(0.0, 1000), poll(60.0, 4000), Cause.CLOCKS_APART),
        (poll(0.0, 1000), poll(60.0, 17_000), Cause.CLOCKS_APART),
        (poll(0.0, 1000), poll(60.0, 7000, index=3), Cause.REINDEXED),
        (poll(0.0, 1000, mac="aa"), poll(60.0, 7000, mac="bb"), Cause.REINDEXED),
    ],
)
def test_readings_that_are_not_comparable(before: Poll, after: Poll, why: Cause) -> None:
    """Each with its cause, and none with a rate."""
    assert cause(growth(before, after)) is why


def test_the_uptimes_own_wrap_is_no_reboot() -> None:
    """After 497 days it begins at zero, and time goes on."""
    found = growth(poll(0.0, 2**32 - 3000, ifHCInOctets=5), poll(60.0, 3000, ifHCInOctets=65))
    assert (counted(found).elapsed, counted(found).counts["ifHCInOctets"]) == (60.0, 60)


def test_the_agents_own_mark_of_a_discontinuity() -> None:
    """It counts where both answers have it."""
    mark = "ifCounterDiscontinuityTime"
    assert cause(minute({mark: 0, "ifHCInOctets": 5}, {mark: 50, "ifHCInOctets": 9})) is Cause.DISCONTINUITY
    assert counted(minute({"ifHCInOctets": 5}, {mark: 50, "ifHCInOctets": 9})).counts == {"ifHCInOctets": 4}


def test_a_counter_of_64_bits_wraps_where_the_line_is_known() -> None:
    """Otherwise going back is a reset."""
    before, after = {"ifHCInOctets": 2**64 - 10}, {"ifHCInOctets": 20}
    assert counted(minute(before, after)).counts["ifHCInOctets"] == 30
    assert cause(minute({**before, "ifHighSpeed": 0}, {**after, "ifHighSpeed": 0})) is Cause.RESET


def test_a_counter_of_32_bits_wraps_where_it_can_wrap_once_only() -> None:
    """Within half of the time in which the line fills its range: a minute at 100 Mbit/s, not at a gigabit."""
    before, after = {"ifInOctets": 2**32 - 10}, {"ifInOctets": 20}
    slow = {"ifHighSpeed": 100}
    assert counted(minute({**before, **slow}, {**after, **slow})).counts["ifInOctets"] == 30
    fast = counted(minute({**before, "ifHCInUcastPkts": 1}, {**after, "ifHCInUcastPkts": 2}))
    assert (fast.counts, fast.doubtful) == ({"ifHCInUcastPkts": 1}, {"ifInOctets": Cause.AMBIGUOUS_WRAP})
    unknown = {"ifHighSpeed": 0}
    nobody_knows = counted(minute({**before, **unknown}, {**after, **unknown}))
    assert nobody_knows.doubtful == {"ifInOctets": Cause.AMBIGUOUS_WRAP}


def test_a_counter_that_was_cleared_is_no_wrap() -> None:
    """All counters of the row are doubted then, for they were cleared together."""
    found = minute({"ifHCInOctets": 10**9, "ifHCInUcastPkts": 5}, {"ifHCInOctets": 10, "ifHCInUcastPkts": 9})
    assert cause(found) is Cause.RESET
    assert "ifHCInOctets 1000000000 → 10" in getattr(found, "detail", "")
    assert cause(minute({"ifInErrors": 10**6}, {"ifInErrors": 10})) is Cause.RESET


def test_no_rate_is_above_the_line() -> None:
    """A gigabit for a minute is 7.5 GB; the faster speed counts where it changed between."""
    assert cause(minute({"ifHCInOctets": 0}, {"ifHCInOctets": 8 * 10**9})) is Cause.IMPOSSIBLE
    assert counted(minute({"ifHCInOctets": 0}, {"ifHCInOctets": 7 * 10**9, "ifHighSpeed": 100})).line_rate == 1e9


def test_what_does_not_move_for_a_moment_may_be_cached() -> None:
    """Silence is believed after the longest time that agents keep their answers."""
    still: dict[str, Any] = {"ifHCInOctets": 5}
    assert cause(growth(poll(0.0, 0, **still), poll(10.0, 1000, **still))) is Cause.TOO_SOON
    assert counted(growth(poll(0.0, 0, **still), poll(16.0, 1600, **still))).counts == still | {"ifHCInOctets": 0}


@pytest.mark.parametrize(
    ("cells", "rate"),
    [
        ({"ifHighSpeed": 1000, "ifSpeed": 10**9}, 1e9),
        ({"ifHighSpeed": 0, "ifSpeed": 512_000}, 512_000.0),
        ({"ifSpeed": 2**32 - 1}, None),
        ({"ifSpeed": 0}, None),
        ({}, None),
    ],
)
def test_the_rate_of_a_line(cells: dict[str, int], rate: float | None) -> None:
    """The older column stands in where it can say it; zero means a layer without a speed."""
    assert line_rate(cells) == rate


@pytest.mark.parametrize(
    ("cells", "speed"),
    [
        ({"ifOperStatus": 1, "ifHighSpeed": 100, "ifSpeed": 100_000_000}, 1e8),
        ({"ifOperStatus": 1, "ifHighSpeed": 0, "ifSpeed": 64_000}, 64_000.0),
        ({"ifOperStatus": 1, "ifSpeed": 2**32 - 1}, None),
        ({"ifOperStatus": 2, "ifHighSpeed": 100}, None),
        ({"ifHighSpeed": 100}, None),
        ({"ifOperStatus": 1}, None),
    ],
)
def test_negotiated_speed(cells: dict[str, int], speed: float | None) -> None:
    """Only an interface that is up has a speed; ifSpeed's ceiling is none."""
    assert negotiated_speed(InterfaceReading(1, "a", "", "", 6, "", cells)) == speed


def test_a_track_loses_nothing_over_cached_answers() -> None:
    """And compares with the new reading after a discontinuity."""
    track = Track()
    assert track.after(poll(0.0, 1000, ifHCInOctets=0)) is None
    assert cause(track.after(poll(60.0, 1000, ifHCInOctets=0))) is Cause.FROZEN
    assert counted(track.after(poll(120.0, 13_000, ifHCInOctets=500))).counts["ifHCInOctets"] == 500
    assert cause(track.after(poll(180.0, 3000, ifHCInOctets=7))) is Cause.REBOOT
    assert counted(track.after(poll(240.0, 9000, ifHCInOctets=9))).counts["ifHCInOctets"] == 2


@dataclass
class Device:
    """A device whose truth is known: a port with one counter of each width, a clock, and a network in between."""

    line: int
    uptime: int
    time: float = 0.0
    epoch: int = 0
    mark: int = 0
    truth: int = 0
    shown: dict[str, int] = field(default_factory=dict)

    def run(self, seconds: int, load: float) -> None:
        """Let the line carry a share of what it can."""
        octets = int(self.line * seconds * load / 8)
        self.time += seconds
        self.uptime = (self.uptime + seconds * 100) % 2**32
        self.truth += octets
        self.shown["ifHCInOctets"] = (self.shown["ifHCInOctets"] + octets) % 2**64
        self.shown["ifInOctets"] = (self.shown["ifInOctets"] + octets) % 2**32

    def reboot(self) -> None:
        """Everything begins anew."""
        self.uptime, self.epoch = 0, self.epoch + 1
        self.shown = dict.fromkeys(self.shown, 0)

    def clear(self) -> None:
        """Somebody clears the counters, and the agent says so."""
        self.mark, self.epoch = self.uptime, self.epoch + 1
        self.shown = dict.fromkeys(self.shown, 0)

    def answer(self) -> Poll:
        """What the agent says now."""
        marks = {"ifCounterDiscontinuityTime": self.mark, "ifHighSpeed": self.line // 10**6}
        return Poll(self.time, self.uptime, InterfaceReading(2, "ether1", "", "", 6, "", {**marks, **self.shown}))


STEPS = st.tuples(
    st.sampled_from(["poll", "poll", "poll", "lost", "reboot", "clear"]), st.integers(30, 90), st.floats(0, 1)
)


@given(
    st.sampled_from([10**7, 10**8, 10**9, 10**10]),
    st.integers(0, 2**32 - 1) | st.integers(2**32 - 30_000, 2**32 - 1),
    st.integers(0, 2**64 - 1) | st.integers(2**64 - 10**10, 2**64 - 1),
    st.lists(STEPS, max_size=40),
)
def test_whatever_happens_a_growth_is_the_truth(
    line: int, uptime: int, start: int, steps: list[tuple[str, int, float]]
) -> None:
    """Under wraps of clock and counters, reboots, cleared counters and lost answers.

    What is counted is exactly what passed, it is never above the line, and each upset costs one growth at the most.
    """
    device = Device(line, uptime, shown={"ifHCInOctets": start, "ifInOctets": start % 2**32})
    track, upsets, missing = Track(), 0, 0
    track.after(device.answer())
    seen = (device.truth, device.time, device.epoch)
    for kind, seconds, load in steps:
        upsets += kind in {"reboot", "clear"}
        if kind == "reboot":
            device.reboot()
        elif kind == "clear":
            device.clear()
        device.run(seconds, load)
        if kind == "lost":
            continue
        result = track.after(device.answer())
        # A reboot whose uptime comes to the very tick of the last answer looks like a cached answer at first.
        missing += isinstance(result, Discontinuity) and result.cause is not Cause.FROZEN
        if isinstance(result, Growth) and seen[2] == device.epoch:
            assert set(result.counts.values()) <= {device.truth - seen[0]}
            assert "ifHCInOctets" in result.counts
            assert result.elapsed == pytest.approx(device.time - seen[1])
        if isinstance(result, Growth):
            assert all(0 <= count * 8 / result.elapsed <= line * MOST_OVER_LINE for count in result.counts.values())
        seen = (device.truth, device.time, device.epoch)
    assert missing <= upsets


@given(st.lists(st.tuples(st.integers(0, 2**33), st.integers(0, 2**65), st.integers(0, 2**33)), min_size=2))
def test_no_answers_at_all_give_an_impossible_growth(answers: list[tuple[int, int, int]]) -> None:
    """Even of an agent that makes its numbers up."""
    track = Track()
    for number, (ticks, wide, narrow) in enumerate(answers):
        result = track.after(poll(number * 60.0, ticks % 2**32, ifHCInOctets=wide % 2**64, ifInErrors=narrow % 2**32))
        if isinstance(result, Growth):
            assert result.elapsed >= 1
            assert any(result.counts.values()) or result.elapsed > STALE_FOR
            assert 0 <= result.counts["ifHCInOctets"] * 8 / result.elapsed <= 1e9 * MOST_OVER_LINE + 8
