"""Months that are over are kept beforehand, against a real history, on a clock that tests set."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from history.facts import KeptMonth
from history.store import Store
from model.inventory import Inventory
from monitor import review_keeping
from monitor.apart import ApartError, Step
from monitor.config import load_values
from monitor.review_keeping import MonthKeeping
from monitor.review_making import Failed, Order
from tests.monitor.test_reporting import OFFICE, happened, inventory, link, standing
from tests.peers.facts import opened

pytestmark = pytest.mark.asyncio(loop_scope="function")

DUE = datetime(2026, 11, 7, 23, 1, tzinfo=UTC)
"""One minute past six in the morning of 8 November in Hanoi."""
PLANNED = inventory(link("office-vnpt"), reports={"folder": "reviews"})


class Home:
    """A ward whose reviews the daemon makes.

    Attributes:
        store: The history.
        now: The time.
        inventory: That is in force.
        making: Held while something else is made.
        keeping: Keeps its months.
        made: How often a process was started.
    """

    def __init__(self, store: Store, url: str) -> None:
        self.store, self._url = store, url
        self.now, self.inventory, self.made = DUE, PLANNED, 0
        self.keeping = self.started()

    def started(self) -> MonthKeeping:
        """As by another process."""
        self.making = asyncio.Lock()
        self.keeping = MonthKeeping(
            self.store,
            self._url,
            self._in_force,
            self.making,
            now=lambda: self.now,
            clock=self._clock,
        )
        return self.keeping

    def _clock(self) -> float:
        return self.now.timestamp()

    def _in_force(self) -> Inventory:
        return self.inventory

    async def look(self) -> None:
        """A minute of the calendar, and all that it begins."""
        await self.keeping.look()
        if self.keeping._keeping is not None:
            await self.keeping._keeping

    async def october(self) -> list[KeptMonth]:
        """What is kept of October."""
        return await self.store.kept_months("xuan-dinh", datetime(2026, 9, 30, tzinfo=UTC), DUE)


@pytest_asyncio.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    """The history of a line."""
    url = f"sqlite:///{tmp_path}/linkward.db"
    async with opened(url) as store:
        await store.record(*standing(OFFICE), *happened())
        home = Home(store, url)
        yield home
        await home.keeping.close()


@pytest.fixture
def here(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is computed is computed in a thread: ``apart`` has tests of its own."""

    async def called(step: Step, work: Callable[..., object], *arguments: object) -> object:
        home.made += 1
        return await asyncio.to_thread(work, step, *arguments)

    monkeypatch.setattr(review_keeping, "apart", called)


async def test_a_month_is_kept_by_a_process_of_its_own(home: Home) -> None:
    """The whole way."""
    await home.look()
    (month,) = await home.october()
    assert month.content["name"] == "2026-10"
    assert month.kept_at == DUE


@pytest.mark.usefixtures("here")
async def test_a_month_is_kept_once_it_has_been_over_for_a_week(home: Home) -> None:
    """Until then its last outage may go on, and nothing is computed in vain; afterwards it is computed once."""
    for home.now in (DUE - timedelta(days=5), DUE - timedelta(minutes=2)):
        await home.look()
    assert home.made == 0
    home.now = DUE
    await home.look()
    before = await home.october()
    assert len(before) == home.made == 1
    for home.now in (DUE + timedelta(minutes=1), DUE + timedelta(days=20)):
        await home.look()
    assert home.made == 1
    home.now = DUE + timedelta(days=30)
    await home.look()
    assert home.made == 2, "November has been over for a week"


@pytest.mark.usefixtures("here")
async def test_what_is_kept_is_not_computed_by_the_next_daemon(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    """It looks once, and finds it."""
    caplog.set_level(logging.INFO)
    await home.look()
    before = await home.october()
    home.started()
    home.now += timedelta(hours=1)
    await home.look()
    assert await home.october() == before
    assert [record.getMessage().rpartition(": ")[2] for record in caplog.records if "is kept" in record.message] == [
        "5",
        "0",
    ]


@pytest.mark.usefixtures("here")
async def test_nothing_is_kept_where_no_review_is_planned(home: Home) -> None:
    """Whoever asks for one now and then waits that long; once they are planned, it is kept."""
    home.inventory = OFFICE
    await home.look()
    assert home.made == 0
    home.inventory = PLANNED
    await home.look()
    assert home.made == 1


@pytest.mark.usefixtures("here")
async def test_another_clock_has_months_of_its_own(home: Home) -> None:
    """The inventory now cuts them on the 15th: the last that is over is another, and is kept, too."""
    await home.look()
    home.inventory = inventory(link("office-vnpt"), reports={"folder": "reviews", "cut_day": 15})
    await home.look()
    assert home.made == 2


async def test_a_failure_is_told_and_tried_again_after_an_hour(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """There are weeks left, and the review can be made without."""

    async def struck(*_: object) -> object:
        home.made += 1
        raise ApartError("its process was ended from outside")

    monkeypatch.setattr(review_keeping, "apart", struck)
    await home.look()
    assert "later reviews need of 2026-10 is not kept: its process was ended from outside" in caplog.text
    home.now += timedelta(minutes=59)
    await home.look()
    assert home.made == 1
    home.now += timedelta(minutes=2)
    await home.look()
    assert home.made == 2


@pytest.mark.usefixtures("here")
async def test_a_history_that_cannot_be_read_is_told_in_words(
    home: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As by the command."""
    home.keeping._url = f"sqlite:///{tmp_path}/elsewhere.db"
    await home.look()
    assert "elsewhere.db is not there: say where the history is" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("here")
async def test_it_waits_while_a_review_is_made(home: Home) -> None:
    """One at a time; who looks meanwhile begins no second one, and it can be ended."""
    async with home.making:
        for _ in range(3):
            await home.keeping.look()
            await asyncio.sleep(0)
        assert home.made == 0
        waiting = home.keeping._keeping
        await home.keeping.close()
        assert waiting is not None
        assert waiting.cancelled()


def _city(wards: int) -> Inventory:
    names = [f"w{number}" for number in range(wards)]
    return load_values({
        "wards": [{"id": name, "timezone": "Asia/Ho_Chi_Minh"} for name in names],
        "sites": [{"id": f"{name}-office", "ward": name, "links": [link(f"{name}-line")]} for name in names],
        "requirements": {"office": {"availability": "99.9%"}},
        "reports": {"folder": "reviews"},
    })


async def test_whoever_asks_for_a_review_does_not_wait_for_a_whole_city(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few wards at a time, each once: a person who asked meanwhile comes before the next of them."""
    events: list[str] = []
    wards: list[str] = []

    async def asks() -> None:
        async with home.making:
            events.append("person")

    async def called(_: Step, __: object, order: Order) -> int:
        events.append("step")
        wards.extend(order.asked.wards)
        people.append(asyncio.create_task(asks()))
        await asyncio.sleep(0)
        return len(order.asked.wards)

    people: list[asyncio.Task[None]] = []
    monkeypatch.setattr(review_keeping, "apart", called)
    home.inventory = _city(20)
    await home.look()
    await asyncio.gather(*people)
    assert events == ["step", "person"] * 4
    assert wards == [f"w{number}" for number in range(20)]
    home.now += timedelta(days=1)
    await home.look()
    assert len(events) == 8, "all of the city is kept"


async def test_a_city_that_could_not_be_kept_whole_is_tried_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an hour, from the start: what is kept already takes no time."""
    asked: list[str] = []

    async def called(_: Step, __: object, order: Order) -> int | Failed:
        asked.append(order.asked.wards[0])
        return Failed("the disk is full") if len(asked) == 2 else 6

    monkeypatch.setattr(review_keeping, "apart", called)
    home.inventory = _city(13)
    await home.look()
    home.now += timedelta(hours=2)
    await home.look()
    assert asked == ["w0", "w6", "w0", "w6", "w12"]


@pytest.mark.usefixtures("here")
async def test_each_ward_of_a_city_is_kept_by_itself(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    """Its month is found under its own name, however many were asked for at a time."""
    caplog.set_level(logging.INFO)
    home.inventory = _city(7)
    await home.look()
    assert home.made == 2
    assert "months that were computed for it: 35" in caplog.text
    for ward in ("w0", "w6"):
        assert await home.store.kept_months(ward, datetime(2026, 9, 30, tzinfo=UTC), DUE)
