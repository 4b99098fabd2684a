"""A review is the same to the byte, whether its earlier months were kept or are computed, whatever was written late."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import model
from history.facts import AuditEntry, Fact, Heartbeat, IncidentRecord, SpeedTest
from history.store import Store
from model.alerting import MaintenanceWindow
from model.inventory import Inventory
from model.maintenance import Announcement
from model.state import State
from model.transition import Transition
from monitor import reporting, review_kept
from monitor.annotations import annotated
from monitor.past import news
from monitor.reporting import keep_months, reviews
from monitor.review_asked import Asked
from monitor.terms import news_of, terms_of
from reports.facts import Annotation, MonthFacts, Setting
from reports.json import to_json
from reports.reckoning.month import Month, month_of
from reports.sections.outages import Cause
from tests.monitor.test_reporting import EXAMPLE, HOUR, OFFICE, hours, inventory, link, local, standing, taken_on
from tests.peers.facts import opened

NOW = datetime(2026, 11, 24, tzinfo=UTC)
BEGAN = local("2026-05-02 00:00:00")
ASKED = Asked("2026-10")
PROGRAM = "this one"
MONTHS = (5, 6, 7, 8, 9, 10)


def log(name: str = "office-vnpt") -> list[Fact]:
    """The example's month, again and again, so that there is something to tell of each."""
    found = [Transition(("link", name), State.UNKNOWN, State.UP, BEGAN, 0.5, BEGAN)]
    for month in MONTHS:
        for at, before, after in EXAMPLE[1:12]:
            when = local(at.replace("2026-10", f"2026-{month:02}"))
            found.append(Transition(("link", name), before, after, when, 0.5, when + timedelta(seconds=month)))
    return list(found)


def past(what: Inventory = OFFICE) -> list[Fact]:
    """Half a year of one line."""
    tests = [
        SpeedTest("office-vnpt", "download", local(f"2026-{month:02}-{day:02} 09:00:00"), 5.0, 10**8, 2e8 + day * month)
        for month in MONTHS
        for day in (3, 12)
    ]
    blocks = [one for month in MONTHS for one in hours(local(f"2026-{month:02}-07 00:00:00"), 2, "office-vnpt")]
    return [*standing(what, BEGAN), Heartbeat(BEGAN, BEGAN + timedelta(days=120)), *log(), *tests, *blocks]


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year of history, written once, of which a review was made."""
    file = tmp_path_factory.mktemp("laid") / "linkward.db"

    async def lay() -> None:
        async with opened(f"sqlite:///{file}") as known:
            await known.record(*past())
            await written(known)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reporting, "program", lambda: PROGRAM)
        asyncio.run(lay())
    return file


@pytest.fixture
async def store(laid: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Store]:
    """A copy of it, for the same program."""
    monkeypatch.setattr(reporting, "program", lambda: PROGRAM)
    file = shutil.copy(laid, tmp_path / "linkward.db")
    async with opened(f"sqlite:///{file}") as known:
        yield known


@pytest.fixture
def reckoned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the months that were reckoned."""
    names: list[str] = []

    def spied(facts: MonthFacts, setting: Setting) -> Month:
        names.append(facts.period.name)
        return month_of(facts, setting)

    monkeypatch.setattr(reporting, "month_of", spied)
    return names


async def written(store: Store, what: Inventory = OFFICE, asked: Asked = ASKED, now: datetime = NOW) -> bytes:
    """The review, or reviews, as JSON."""
    return b"".join([to_json(one) async for one in reviews(store, what, asked, now)])


async def forget(store: Store) -> None:
    """Let everything be computed anew."""
    with store._database.writing() as connection:  # no part of the program forgets on purpose
        connection.exec_driver_sql("delete from kept_months")


async def test_what_is_kept_is_not_reckoned_again(store: Store, reckoned: list[str]) -> None:
    """The second review reckons its own month alone, and is the first to the byte."""
    await forget(store)
    first = await written(store)
    assert reckoned == ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]
    reckoned.clear()
    assert await written(store) == first
    assert reckoned == ["2026-10"]


async def test_the_next_review_needs_one_month_more(store: Store, reckoned: list[str]) -> None:
    """Four of its five were kept with the review before; kept beforehand, no month is reckoned but the reviewed."""
    later, asked = datetime(2026, 12, 1, tzinfo=UTC), Asked("2026-11")
    reckoned.clear()
    assert await keep_months(store, OFFICE, Asked(), datetime(2026, 11, 9, tzinfo=UTC)) == 1
    assert reckoned == ["2026-10"]
    assert await keep_months(store, OFFICE, Asked(), datetime(2026, 11, 10, tzinfo=UTC)) == 0
    reckoned.clear()
    review = await written(store, asked=asked, now=later)
    assert reckoned == ["2026-11"]
    await forget(store)
    assert await written(store, asked=asked, now=later) == review


async def test_a_month_is_kept_once_its_last_outage_may_have_ended(store: Store, reckoned: list[str]) -> None:
    """A week after it is over; until then it is reckoned anew."""
    soon = datetime(2026, 11, 3, tzinfo=UTC)
    await keep_months(store, OFFICE, Asked(), soon)
    reckoned.clear()
    assert await keep_months(store, OFFICE, Asked(), soon) == 1
    assert reckoned == ["2026-10"]


async def test_advice_is_computed_where_only_figures_were_kept(store: Store, reckoned: list[str]) -> None:
    """A review of an older month asks of its last what nobody has asked before."""
    older = Asked("2026-09")
    reckoned.clear()
    review = await written(store, asked=older)
    assert reckoned == ["2026-04", "2026-08", "2026-09"]
    await forget(store)
    assert await written(store, asked=older) == review


def announced(since: datetime, *names: str) -> list[AuditEntry]:
    """Work on the line each first night, announced in time or not."""
    window = MaintenanceWindow.model_validate({"id": "late", "links": names, "every": "Tue 08:00-10:00", "reason": "x"})
    return news({}, {"late": Announcement(window, since)}, since)


def down(at: datetime, name: str = "office-vnpt", noun: str = "link") -> Transition:
    """A change that somebody writes late."""
    subject = ("device", name) if noun == "device" else ("link", name)
    return Transition(subject, State.UP, State.DOWN, at, 0.5, at + HOUR)  # type: ignore[arg-type]  # one of two nouns


JUNE = local("2026-06-20 09:00:00")
MILD = inventory(link("office-vnpt", requirement={"availability": "90%"}))
ALL = ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09"]
LAST = "2026-09"
"""It recommends by what the months before it were, what people were told, and what they wrote."""
LATE: dict[str, tuple[Sequence[Fact], list[str]]] = {
    "a change of state": ([down(JUNE)], ["2026-06", "2026-07", LAST]),
    "a change of state behind the month": ([down(local("2026-07-02 09:00:00"))], ["2026-06", "2026-07", LAST]),
    "a speed test": ([SpeedTest("office-vnpt", "upload", JUNE, 5.0, 10**8, 1e7)], ["2026-06", LAST]),
    "an hour": (hours(local("2026-06-20 09:00:00"), 1, "office-vnpt"), ["2026-06", LAST]),
    "that the monitor was blind": ([Heartbeat(JUNE, JUNE + HOUR, blind=True)], ["2026-06", "2026-07", LAST]),
    "what held since": (news_of(terms_of(OFFICE), terms_of(MILD), JUNE), ALL[1:]),
    "announced work": (announced(JUNE, "office-vnpt"), ALL),
    "a cause": ([annotated("office-vnpt@2026-09-06T02:00:00Z", "an", NOW, Annotation(Cause.POWER))], [LAST]),
    "an incident": ([IncidentRecord(taken_on("x", local("2026-09-06 09:00:00"), 60))], [LAST]),
    "an incident long ago": ([IncidentRecord(taken_on("x", local("2026-08-06 09:00:00"), 60))], []),
    "another line": ([down(JUNE, "elsewhere")], []),
    "a device of nobody": ([down(JUNE, "switch", "device")], []),
    "work on another line": (announced(JUNE, "elsewhere"), []),
    "a cause of another line": ([annotated("x@2026-09-06T02:00:00Z", "an", NOW, Annotation(Cause.POWER))], []),
}


@pytest.mark.parametrize("what", LATE)
async def test_what_is_written_late_is_in_the_next_review(store: Store, reckoned: list[str], what: str) -> None:
    """As if nothing had been kept; and what it does not bear on is not reckoned again."""
    facts, months = LATE[what]
    await store.record(*facts)
    again = await written(store, now=NOW + HOUR)
    assert reckoned == [*months, "2026-10"]
    await forget(store)
    assert await written(store, now=NOW + HOUR) == again


async def test_an_incident_that_goes_on_to_be_taken_on_is_in_the_next_review(store: Store) -> None:
    """What was kept while nobody had taken it on says nothing any more."""
    told, asked, before = taken_on("x", local("2026-10-06 09:00:00"), 60), Asked("2026-11"), b'"mtta_seconds":60'
    await store.record(IncidentRecord(replace(told, acknowledged=None)))
    assert before not in await written(store, asked=asked)
    await store.record(IncidentRecord(replace(told, version=2)))
    assert before in await written(store, asked=asked, now=NOW + HOUR)


async def test_late_facts_tell(store: Store) -> None:
    """Of those that count, each changes the review: that it was reckoned again was not in vain."""
    before = await written(store)
    for what in ("a change of state", "a speed test", "what held since", "announced work"):
        await store.record(*LATE[what][0])
        after = await written(store)
        assert after != before, what
        before = after


async def test_another_program_keeps_months_of_its_own(
    store: Store, reckoned: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older one computed is not believed."""
    monkeypatch.setattr(reporting, "program", lambda: "another")
    await written(store, now=NOW + HOUR)
    assert reckoned == [*ALL, "2026-10"]


@pytest.mark.parametrize("asked", [replace(ASKED, sites=("office",)), replace(ASKED, provider="VNPT")])
async def test_what_is_narrowed_is_computed_each_time(store: Store, reckoned: list[str], asked: Asked) -> None:
    """It is read quickly, and few ask for it twice."""
    first = await written(store, asked=asked)
    reckoned.clear()
    assert await written(store, asked=asked) == first
    assert reckoned == [*ALL, "2026-10"]


async def test_another_clock_keeps_months_of_its_own(store: Store, reckoned: list[str]) -> None:
    """From the 15th to the 14th it is another month; and with another notice it is another basis."""
    for asked in (replace(ASKED, cut_day=15), replace(ASKED, notice=86_400.0)):
        reckoned.clear()
        first = await written(store, asked=asked, now=NOW + HOUR)
        assert reckoned == [*ALL, "2026-10"]
        await forget(store)
        assert await written(store, asked=asked, now=NOW + HOUR) == first


async def test_what_is_kept_but_not_understood_is_computed(store: Store, reckoned: list[str]) -> None:
    """A row of another shape holds nobody up."""
    first = await written(store)
    (row, *_) = await store.kept_months("xuan-dinh", BEGAN - timedelta(days=2), NOW)
    await store.keep([replace(row, kept_at=row.kept_at + HOUR, content={"name": "2026-05"})])
    reckoned.clear()
    assert await written(store, now=NOW + 2 * HOUR) == first
    assert reckoned == ["2026-05", "2026-10"]


def test_a_program_is_known_by_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line more anywhere where months are computed is another program; nobody has to count versions."""
    monkeypatch.setattr(model, "__path__", [str(tmp_path)])
    before = review_kept.program()
    assert review_kept.program() == before
    (tmp_path / "judge.py").write_text("LEAST = 1\n")
    assert review_kept.program() != before
