"""A ward's month is read by itself, and its imprint is another as soon as what would be read is."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from history.errors import HistoryError
from history.facts import Fact, KeptMonth, SpeedTest
from history.guest import Guest
from history.portion import Portion
from history.retention import Keep
from history.rollup import Rollup, RollupBlock, Span, Traffic
from history.store import Store
from model.state import State
from model.transition import Transition
from tests.peers.facts import START, opened

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
END = START + 2 * DAY
PORTION = Portion("ward", [("link", "a"), ("link", "b"), ("device", "d")], START, END, END + 7 * DAY)


def change(name: str, at: datetime, noun: Literal["link", "device"] = "link", late: timedelta = HOUR) -> Transition:
    """Something went down, and was noticed later."""
    return Transition((noun, name), State.UP, State.DOWN, at, 0.5, at + late)


def test_of(link: str, at: datetime) -> SpeedTest:
    """A speed test."""
    return SpeedTest(link, "download", at, 5.0, 10**8, 2e8)


test_of.__test__ = False  # type: ignore[attr-defined]  # pytest takes its name for a test's


def hour(number: int, *, ward: str = "ward") -> RollupBlock:
    """An hour of two links."""
    start = START + number * HOUR
    traffic = Traffic(10**9, 1e8)
    links = tuple(Rollup(("link", name), start, start + HOUR, 3600, 1, download=traffic) for name in ("a", "b"))
    return RollupBlock(ward, Span.HOUR, start, start + HOUR, links)


KNOWN: Sequence[Fact] = (
    change("a", START - 9 * DAY),
    change("a", START - DAY),
    change("a", START + HOUR),
    change("b", START + DAY),
    change("d", START + HOUR, "device"),
    change("c", START + HOUR),
    test_of("a", START + HOUR),
    test_of("c", START + HOUR),
    test_of("b", END),
    *(hour(number) for number in range(30)),
)


async def test_a_portion_is_what_the_whole_says_of_it(store: Store) -> None:
    """Its transitions and speed tests are those that are read of all subjects, without the others'."""
    await store.record(*KNOWN)
    log, tests = await store.log_of(PORTION), await store.tests_of(PORTION)
    assert log == {
        subject: found
        for subject, found in (await store.transitions(START, PORTION.behind)).items()
        if subject in PORTION.subjects
    }
    assert [len(log["link", "a"]), len(log["link", "b"]), len(log["device", "d"])] == [2, 1, 1]
    assert tests == [test_of("a", START + HOUR)]
    assert await store.log_of(replace(PORTION, subjects=())) == {}


NEWS: Sequence[Fact] = (
    change("a", START + 2 * HOUR),
    change("b", START - 30 * DAY),
    change("b", START - HOUR, late=2 * HOUR),
    change("d", END + DAY, "device"),
    test_of("b", END - HOUR),
    hour(30),
)


@pytest.mark.parametrize("fact", NEWS)
async def test_whatever_would_be_read_changes_the_imprint(store: Store, fact: Fact) -> None:
    """Late or not, before the month where it holds in it, or behind it where it ends an outage."""
    await store.record(*KNOWN)
    before = await store.imprint(PORTION)
    await store.record(fact)
    assert (await store.imprint(PORTION)).digest != before.digest


async def test_nothing_else_changes_it(store: Store) -> None:
    """Neither another ward nor another time; and it knows from when on and until when something was noticed."""
    await store.record(*KNOWN)
    before = await store.imprint(PORTION)
    assert (before.first, before.noticed) == (START - DAY, START + DAY + HOUR)
    await store.record(
        change("c", START + 2 * HOUR),
        change("a", START - 8 * DAY),
        change("a", PORTION.behind),
        test_of("c", START + 3 * HOUR),
        test_of("a", END),
        hour(1, ward="other"),
        hour(48),
    )
    assert await store.imprint(PORTION) == before
    assert (await store.imprint(replace(PORTION, subjects=()))).first is None


async def test_a_fold_is_read_otherwise(store: Store) -> None:
    """And so is what is left once a day and its hours are too old."""
    await store.record(*(hour(number) for number in range(24)))
    unfolded = await store.imprint(PORTION)
    assert await store.fold("ward", Span.DAY, START, START + DAY)
    folded = await store.imprint(PORTION)
    assert folded.digest != unfolded.digest
    await store.prune(START + DAY, Keep(rollups=timedelta(0)))
    assert (await store.imprint(PORTION)).digest not in {folded.digest, unfolded.digest}


@pytest.mark.parametrize("is_same", [True, False])
async def test_hours_count_only_where_their_day_does_not_hold_them(store: Store, *, is_same: bool) -> None:
    """Where it does, they may be there or not: the same is read, and the imprint is the same; else both change."""
    await store.record(*(hour(number) for number in range(24)))
    if is_same:
        assert await store.fold("ward", Span.DAY, START, START + DAY)
    else:  # as an older program has folded it
        day = tuple(replace(one, end=START + DAY) for one in hour(0).rollups)
        await store.record(RollupBlock("ward", Span.DAY, START, START + DAY, day, 24))
    assert await store.fold("ward", Span.MONTH, START, END)
    hourly, before = await store.hourly(START, END, "ward"), await store.imprint(PORTION)
    with store._database.writing() as connection:  # nothing of ours removes hours and leaves their day
        connection.exec_driver_sql("delete from rollups where span = 'hour'")
    assert (await store.hourly(START, END, "ward") == hourly) is is_same
    assert (await store.imprint(PORTION) == before) is is_same


def kept(basis: str, at: datetime, ward: str = "ward", start: datetime = START) -> KeptMonth:
    """Something that was computed."""
    return KeptMonth(ward, start, start + DAY, basis, at, {"sums": None, "speeds": [0.1, 1e-300]})


async def test_the_later_of_two_kept_months_stays(store: Store) -> None:
    """Of one ward and month there is one, and it is as it was written, to the last digit."""
    await store.record(kept("one", START), kept("other", START, "elsewhere"))
    assert await store.keep([kept("two", START + HOUR)])
    assert await store.keep([kept("three", START)])
    assert await store.kept_months("ward", START, END) == [kept("two", START + HOUR)]
    assert await store.kept_months("ward", START + DAY, END) == []
    await store.prune(START + 3 * DAY, Keep(transitions=timedelta(days=1)))
    assert await store.kept_months("ward", START, END) == []


async def test_a_damaged_row_is_as_if_it_were_not_there(store: Store) -> None:
    """It can be computed, so nobody is held up by it."""
    await store.record(kept("one", START), kept("two", START, start=START + DAY))
    with store._database.writing() as connection:  # nothing of ours damages a row
        connection.exec_driver_sql("update kept_months set content = '{}' where basis = 'one'")
    assert await store.kept_months("ward", START, END) == [kept("two", START, start=START + DAY)]


async def test_a_guest_keeps_what_it_computed_unless_it_cannot(tmp_path: Path) -> None:
    """Where it may not write, or is held up, the review is made all the same."""
    file = tmp_path / "linkward.db"
    async with opened(f"sqlite:///{file}"):
        guest = Guest(f"sqlite:///{file}", "desk")
        await guest.start()
        assert await guest.keep([kept("one", START)])
        assert await guest.kept_months("ward", START, END) == [kept("one", START)]
        other = sqlite3.connect(file)
        other.execute("begin immediate")
        assert not await guest.keep([kept("two", END)])
        other.close()
        with pytest.raises(HistoryError):
            await Guest(f"sqlite:///{tmp_path}/none.db", "desk").start()
        await guest.close()
