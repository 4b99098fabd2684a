"""Reviews for whoever asks over HTTP: made in a process of its own, and kept until the history has changed."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from exporters.reviews import NoReview, NoReviewError, ReviewAsked
from history.store import Store
from model.inventory import Inventory, ReviewFormat
from monitor import review_desk
from monitor.annotations import annotated
from monitor.apart import ApartError, Step
from monitor.config import load_values
from monitor.review_desk import ReviewDesk
from reports.facts import Annotation
from reports.sections.outages import Cause
from tests.monitor.test_reporting import BEGAN, OFFICE, happened, link, standing
from tests.peers.facts import opened

pytestmark = pytest.mark.asyncio(loop_scope="function")

NOW = datetime(2026, 11, 24, tzinfo=UTC)


class Home:
    """A desk over a real history.

    Attributes:
        store: The history.
        inventory: That is in force.
        now: The time.
        patience: Seconds that whoever asks waits.
        desk: The desk.
    """

    def __init__(self, store: Store, url: str) -> None:
        self.store, self.inventory, self.now = store, OFFICE, NOW
        self.patience = 60.0
        self.desk = ReviewDesk(store, url, lambda: self.inventory, asyncio.Lock(), now=lambda: self.now)

    async def json(self, month: str = "2026-10", ward: str = "") -> bytes:
        """The review as JSON."""
        return (await self.desk.file(ReviewAsked(month, ward, "json", "vi"), self.patience)).content

    async def refused(self, month: str = "2026-10", ward: str = "", form: ReviewFormat = "json") -> NoReview:
        """Why there is none."""
        with pytest.raises(NoReviewError) as caught:
            await self.desk.file(ReviewAsked(month, ward, form, "vi"), self.patience)
        return caught.value.why


@pytest_asyncio.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    """A desk, and the history of a line."""
    url = f"sqlite:///{tmp_path}/linkward.db"
    async with opened(url) as store:
        await store.record(*standing(OFFICE), *happened())
        home = Home(store, url)
        yield home
        await home.desk.close()


class Count:
    """Counts what is made, in a thread: processes are slow to start, and ``apart`` has tests of its own.

    Attributes:
        made: How often something was.
    """

    def __init__(self) -> None:
        self.made = 0

    async def here(self, step: Step, work: Callable[..., object], *arguments: object) -> object:
        """In place of ``apart``."""
        self.made += 1
        return await asyncio.to_thread(work, step, *arguments)


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Count:
    """What is made from now on."""
    count = Count()
    monkeypatch.setattr(review_desk, "apart", count.here)
    return count


async def test_a_review_comes_from_a_process_of_its_own(home: Home) -> None:
    """The whole way; the loop on which probes are waits, and works next to nothing meanwhile."""
    busy, elsewhere = time.thread_time(), os.times().children_user
    for form in ("pdf", "json"):
        await home.desk.file(ReviewAsked("2026-10", "", form, "vi"), 60)
    assert json.loads(await home.json())["report"]["scope"]["ward"] == "xuan-dinh"
    busy, elsewhere = time.thread_time() - busy, os.times().children_user - elsewhere
    assert elsewhere > 0.5
    assert busy < 0.1 * elsewhere


async def test_a_review_is_made_once_and_shown_in_every_form(home: Home, count: Count) -> None:
    """All forms are of one review, whose hash each of them bears; what was made is given again."""
    data = await home.json()
    page = await home.desk.file(ReviewAsked("2026-10", "", "html", "vi"), 60)
    assert (page.name, page.media_type) == ("review-2026-10-xuan-dinh.vi.html", "text/html; charset=utf-8")
    assert page.is_over
    assert json.loads(data)["provenance"]["data_hash"] in page.content.decode()
    assert count.made == 2
    assert await home.json(ward="xuan-dinh") == await home.json() == data
    assert count.made == 2


async def test_a_month_is_made_anew_once_its_history_has_changed(home: Home, count: Count) -> None:
    """Somebody writes down the cause of an outage."""
    await home.json()
    said = annotated("office-vnpt@2026-10-06T02:00:00Z", "an", NOW, Annotation(Cause.POWER, "HN-4711"))
    await home.store.record(said)
    assert b"HN-4711" in await home.json()
    assert count.made == 2
    home.inventory = OFFICE.model_copy()
    await home.json()
    assert count.made == 3


async def test_the_month_so_far_stands_for_some_minutes(
    home: Home, count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it would be reckoned with every look."""
    home.now = datetime(2026, 11, 2, tzinfo=UTC)
    first = await home.desk.file(ReviewAsked("2026-11", "", "json", "vi"), 60)
    assert not first.is_over
    assert json.loads(first.content)["report"]["period"]["until"] == "2026-11-02T00:00:00.000Z"
    home.now += timedelta(minutes=4)
    assert (await home.desk.file(ReviewAsked("2026-11", "", "json", "vi"), 60)).content == first.content
    assert count.made == 1
    monkeypatch.setattr(review_desk, "_STANDS_FOR", 0.0)
    home.inventory = OFFICE.model_copy()
    await home.json("2026-11")
    assert json.loads(await home.json("2026-11"))["report"]["period"]["until"] == "2026-11-02T00:04:00.000Z"
    assert count.made == 3


async def test_months_are_those_in_which_the_monitor_ran(home: Home) -> None:
    """The latest first; the one that is not over says so, by the ward's clock and on the day of the cut."""
    home.now = datetime(2026, 11, 2, 12, tzinfo=UTC)
    found = [(month.name, month.is_over) for month in await home.desk.months("")]
    assert found == [("2026-11", False), ("2026-10", True), ("2026-09", True)]
    cut = OFFICE.reports.model_copy(update={"cut_day": 15})
    home.inventory = OFFICE.model_copy(update={"reports": cut})
    months = await home.desk.months("xuan-dinh")
    assert [month.name for month in months] == ["2026-11", "2026-10"]
    assert (months[1].first.isoformat(), months[1].last.isoformat()) == ("2026-09-15", "2026-10-14")


@pytest.mark.usefixtures("count")
async def test_what_cannot_be_has_one_word(home: Home) -> None:
    """Whatever is written in the address."""
    assert await home.refused("2026-13") is NoReview.NO_MONTH
    assert await home.refused("../etc/passwd") is NoReview.NO_MONTH
    assert await home.refused("2027-01") is NoReview.TO_COME
    assert await home.refused(ward="elsewhere") is NoReview.NO_WARD
    assert await home.refused("2026-02") is NoReview.NOTHING
    with pytest.raises(NoReviewError):
        await home.desk.months("elsewhere")


async def test_whoever_waits_too_long_is_told_how_far_it_is(home: Home, count: Count) -> None:
    """It goes on meanwhile, and is there when they ask again; those who ask beside them start nothing more."""
    home.patience = 0.0
    assert [await home.refused() for _ in range(3)] == [NoReview.MAKING] * 3
    home.patience = 60.0
    assert json.loads(await home.json())["kind"] == "ward"
    assert count.made == 1


@pytest.mark.usefixtures("count")
async def test_many_who_ask_are_not_all_waited_for(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each month would be another process."""
    home.patience = 0.0
    monkeypatch.setattr(review_desk, "_MOST_WAITED_FOR", 1)
    assert await home.refused() is NoReview.MAKING
    assert await home.refused("2026-09") is NoReview.BUSY


@pytest.mark.usefixtures("count")
async def test_a_process_that_breaks_is_told_and_tried_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is kept."""

    async def broken(*_: object) -> None:
        raise ApartError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(review_desk, "apart", broken)
        assert await home.refused() is NoReview.FAILED
    assert json.loads(await home.json())["kind"] == "ward"


async def test_of_a_city_there_is_a_summary_and_each_ward(count: Count, tmp_path: Path) -> None:
    """Made together, so that a ward's page is there as soon as the summary is."""
    city = load_values({
        "wards": [{"id": name, "timezone": "Asia/Ho_Chi_Minh"} for name in ("north", "south")],
        "sites": [
            {"id": f"{name}-office", "ward": name, "links": [link(f"{name}-line", requirement={"loss": "1%"})]}
            for name in ("north", "south")
        ],
    })
    url = f"sqlite:///{tmp_path}/city.db"
    async with opened(url) as store:
        await store.record(*standing(city, BEGAN), *happened("north-line"))
        desk = ReviewDesk(store, url, lambda: city, asyncio.Lock(), now=lambda: NOW)
        assert (await desk.months(""))[0].first.isoformat() == "2026-11-01", "the clock of the wards, not UTC"
        whole = json.loads((await desk.file(ReviewAsked("2026-10", "", "json", "vi"), 60)).content)
        north = json.loads((await desk.file(ReviewAsked("2026-10", "north", "json", "vi"), 60)).content)
        assert (whole["kind"], [row["ward"] for row in whole["report"]["wards"]]) == ("city", ["north", "south"])
        assert (north["kind"], north["report"]["scope"]["ward"]) == ("ward", "north")
        assert whole["report"]["wards"][0]["data_hash"] == north["provenance"]["data_hash"]
        assert count.made == 2
        await desk.close()


async def test_a_desk_that_is_closed_leaves_nothing_behind(home: Home) -> None:
    """Neither a process nor a file, also while a review is being made."""
    await home.json("2026-10")
    root = home.desk._root  # what nobody else can see
    assert root is not None
    home.patience = 0.0
    assert await home.refused("2026-09") is NoReview.MAKING
    await asyncio.sleep(0)
    await home.desk.close()
    assert not root.exists()
    assert [task for task in asyncio.all_tasks() if "ReviewDesk" in repr(task)] == []


@pytest.mark.usefixtures("count")
async def test_another_inventory_is_another_review(home: Home) -> None:
    """A reload may have renamed what it shows."""
    await home.json()
    site = OFFICE.sites[0].model_copy(update={"name": "Nhà mới"})
    renamed: Inventory = OFFICE.model_copy(update={"sites": (site,)})
    home.inventory = renamed
    page = await home.desk.file(ReviewAsked("2026-10", "", "html", "vi"), 60)
    assert "Nhà mới" in page.content.decode()
