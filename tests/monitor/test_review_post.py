"""The calendar's job for reviews, against a real history and a real mail server, on a clock that tests set."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from history.facts import AuditEntry
from history.store import Store
from model.inventory import Inventory
from monitor import review_post
from monitor.apart import Step
from monitor.review_due import due_review
from monitor.review_letter import Sending, letter_of
from monitor.review_making import Laid
from monitor.review_post import BROUGHT, ReviewPost, boxes_of
from tests.monitor.test_reporting import OFFICE, happened, inventory, link, standing
from tests.peers.facts import opened
from tests.peers.mailbox import PASSWORD, USER, Mailbox, mailbox

pytestmark = pytest.mark.asyncio(loop_scope="function")

FIRST = datetime(2026, 10, 31, 23, 1, tzinfo=UTC)
"""One minute past six in the morning of 1 November in Hanoi."""


class Home:
    """A calendar over a real history.

    Attributes:
        store: The history.
        now: The time.
        inventory: That is in force.
        counted: What became of reviews.
        made: How often they were made.
    """

    def __init__(self, store: Store, url: str) -> None:
        self.store, self._url = store, url
        self.now, self.inventory = FIRST, OFFICE
        self.counted: list[str] = []
        self.made = 0
        self.post = self.started()

    def started(self) -> ReviewPost:
        """As by another process."""
        self.post = ReviewPost(
            self.store,
            self._url,
            lambda: self.inventory,
            self,
            asyncio.Lock(),
            now=lambda: self.now,
            clock=self.clock,
        )
        return self.post

    def clock(self) -> float:
        """The time in seconds."""
        return self.now.timestamp()

    def review(self, outcome: str) -> None:
        """Count."""
        self.counted.append(outcome)

    def wants(self, **reports: Any) -> None:
        """Let the inventory say this under ``reports``."""
        more = {"reports": reports, "alerts": {"external_url": "https://monitor.ward.example/"}}
        self.inventory = inventory(link("office-vnpt"), **more)

    async def look(self) -> None:
        """A minute of the calendar, and all that it begins."""
        await self.post.look()
        if self.post._bringing is not None:
            await self.post._bringing

    async def audit(self) -> list[AuditEntry]:
        """What was brought where."""
        entries = await self.store.audit(FIRST - timedelta(days=9), FIRST + timedelta(days=99))
        return [entry for entry in entries if entry.action == BROUGHT]


@pytest_asyncio.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Home]:
    """A calendar, and the history of a line; what it makes is made in a thread."""
    url = f"sqlite:///{tmp_path}/linkward.db"
    async with opened(url) as store:
        await store.record(*standing(OFFICE), *happened())
        home = Home(store, url)

        async def here(step: Step, work: Callable[..., object], *arguments: object) -> object:
            home.made += 1
            return await asyncio.to_thread(work, step, *arguments)

        monkeypatch.setattr(review_post, "apart", here)
        yield home
        await home.post.close()


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A mail server."""
    with mailbox(knows_users=True) as box:
        yield box


def to(box: Mailbox, who: str = "chair@ward.example") -> str:
    """The URL of somebody, with a password in it."""
    return f"mailto://{USER}:{PASSWORD}@127.0.0.1:{box.port}?to={who}&from=linkward@ward.example"


async def test_the_review_is_laid_and_mailed_on_the_first(home: Home, box: Mailbox, tmp_path: Path) -> None:
    """In all formats into the folder; PDF and XLSX to whoever signs, with figures and the way to the page."""
    home.wants(folder=str(tmp_path / "out"), languages=["vi"], mail_to=[to(box)])
    home.now = FIRST - timedelta(minutes=2)
    await home.look()
    assert home.counted == ["laid", "mailed"], "September was due until now"
    home.now = FIRST
    await home.look()
    assert home.counted == ["laid", "mailed"] * 2
    name = "review-2026-10-xuan-dinh"
    files = {f"{name}.vi.pdf", f"{name}.vi.html", f"{name}.vi.xlsx", f"{name}.json"}
    assert files <= {path.name for path in (tmp_path / "out").iterdir()}
    message = box.messages[-1]
    assert message["Subject"] == "Báo cáo rà soát hạ tầng mạng tháng 10/2026: Xuân Đỉnh"
    assert message["To"] == "chair@ward.example"
    found = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    assert found == {
        f"{name}.vi.{form}": (tmp_path / "out" / f"{name}.vi.{form}").read_bytes() for form in ("pdf", "xlsx")
    }
    plain = message.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    assert "0 trên 1 đường truyền đạt yêu cầu; 1 không đạt; 0 chưa đủ dữ liệu." in text
    assert "https://monitor.ward.example/reports/2026-10" in text
    assert home.post.overdue() == 0


async def test_it_is_never_brought_twice(home: Home, box: Mailbox, tmp_path: Path) -> None:
    """Not in the next minute, not by a daemon that starts again, not after a reload that changes nothing of it."""
    home.wants(folder=str(tmp_path / "out"), mail_to=[to(box), to(box)])
    await home.look()
    await home.look()
    home.started()
    await home.look()
    home.wants(folder=str(tmp_path / "out"), mail_to=[to(box)], formats=["pdf"])
    await home.look()
    assert (home.counted, home.made, len(box.messages)) == (["laid", "mailed"], 1, 1)


async def test_a_daemon_that_was_off_on_the_first_makes_up_for_it(home: Home, tmp_path: Path) -> None:
    """Three weeks later; of the months before only the last."""
    home.wants(folder=str(tmp_path / "out"), formats=["json"])
    home.now = datetime(2026, 11, 22, 3, tzinfo=UTC)
    await home.look()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["review-2026-10-xuan-dinh.json"]
    assert [entry.content["to"] for entry in await home.audit()] == ["folder"]


async def test_a_failure_is_told_and_tried_again(
    home: Home, box: Mailbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With longer and longer pauses; what was laid stays, and only the mail is made up for."""
    home.wants(folder=str(tmp_path / "out"), mail_to=[to(box), to(box, "deputy@ward.example")])
    box.refusals["deputy@ward.example"] = "550 no such person here"
    await home.look()
    assert home.counted == ["laid", "mailed", "failed"]
    assert "it could not be mailed to d***@ward.example by 127.0.0.1: " in caplog.text
    assert "550 no such person here; the next attempt is in 1 minutes" in caplog.text
    assert PASSWORD not in caplog.text
    await home.look()
    assert home.made == 1, "a minute has not passed"
    home.now += timedelta(seconds=61)
    overdue = home.post.overdue()
    assert overdue is not None
    assert overdue > 60
    box.refusals.clear()
    await home.look()
    assert home.counted == ["laid", "mailed", "failed", "mailed"]
    assert box.recipients == [["chair@ward.example"], ["deputy@ward.example"]]
    assert home.post.overdue() == 0


async def test_a_folder_that_cannot_be_written_is_told(
    home: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """In words, without a traceback; once it can be, the review is there."""
    (tmp_path / "out").write_text("")
    home.wants(folder=str(tmp_path / "out"), formats=["json"])
    await home.look()
    assert home.counted == ["failed"]
    assert "a file of the review cannot be written (File exists): make room, or name another folder" in caplog.text
    assert "Traceback" not in caplog.text
    home.wants(folder=str(tmp_path / "elsewhere"), formats=["json"])
    await home.look()
    assert home.counted == ["failed", "laid"]


async def test_no_review_is_made_of_a_month_without_history(home: Home, tmp_path: Path) -> None:
    """Of a monitor that was set up this month; nobody is troubled by it."""
    home.wants(folder=str(tmp_path / "out"))
    home.now = datetime(2026, 9, 20, tzinfo=UTC)
    await home.look()
    await home.look()
    assert (home.counted, home.made, home.post.overdue()) == ([], 1, 0)


async def test_without_a_folder_it_is_only_mailed(home: Home, box: Mailbox) -> None:
    """To a receiver of the alerts, in the wards' language; the files stay nowhere."""
    receivers = {"office": {"urls": [to(box)]}}
    home.inventory = inventory(link("office-vnpt"), reports={"receivers": ["office"]}, alerts={"receivers": receivers})
    await home.look()
    assert home.counted == ["mailed"]
    plain = box.messages[0].get_body(("plain",))
    assert plain is not None
    assert "folder" not in plain.get_content()
    assert "0 of 1 links met" in plain.get_content()


async def test_nothing_is_done_that_is_not_planned(home: Home) -> None:
    """Without a folder and without anybody to write to there is no job, and no figure of it."""
    await home.look()
    assert (home.counted, home.made, home.post.overdue()) == ([], 0, None)


async def test_what_is_remembered_holds_no_password(home: Home, box: Mailbox) -> None:
    """Nor an address that strangers could write to; and another password is no other person."""
    home.wants(mail_to=[to(box)])
    await home.look()
    assert PASSWORD not in repr(await home.audit())
    assert "chair@" not in repr(await home.audit())
    (old,), changed = boxes_of(home.inventory), to(box).replace(PASSWORD, "another")
    home.wants(mail_to=[changed])
    assert [new.key for new in boxes_of(home.inventory)] == [old.key]


def _laid(folder: Path, size: int) -> Laid:
    files = [folder / "review.vi.pdf", folder / "review.json"]
    for file in files:
        file.write_bytes(b"x" * size)
    return Laid(tuple(files), tuple(files), (39, 1, 1))


async def test_files_that_no_server_would_take_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The letter says so, and where they are."""
    monkeypatch.setattr("monitor.review_letter.MOST_ENCLOSED", 100)
    sending = Sending("2026-10", "en", tmp_path, FIRST)
    small, large = (letter_of(_laid(tmp_path, size), sending, OFFICE) for size in (100, 101))
    assert [file.name for file in small.files] == ["review.vi.pdf"]
    assert large.files == ()
    assert "too large" in large.text
    assert f"in the folder {tmp_path}" in large.text
    assert "39 of 41 links met" in large.text


@pytest.mark.parametrize("language", ["vi", "en", "id"])
async def test_a_letter_is_written_in_each_language(language: Any, tmp_path: Path) -> None:
    """With every figure, and the month as people call it there."""
    letter = letter_of(_laid(tmp_path, 1), dataclasses.replace(_SENDING, language=language), OFFICE)
    assert all(figure in letter.text for figure in ("39", "41", "1"))
    assert "2026" in letter.title
    assert "{" not in letter.title + letter.text


_SENDING = Sending("2026-10", "en", None, FIRST)


def _in(zone: str, **reports: Any) -> Inventory:
    ward = {"id": "w", "timezone": zone}
    return inventory(link("office-vnpt"), ward=ward, reports=reports)


@pytest.mark.parametrize(
    ("zone", "reports", "before", "since"),
    [
        ("Asia/Ho_Chi_Minh", {}, "2026-09", "2026-10-31T23:00:00+00:00"),
        ("Asia/Ho_Chi_Minh", {"at": "00:00"}, "2026-09", "2026-10-31T17:00:00+00:00"),
        ("Asia/Ho_Chi_Minh", {"cut_day": 15}, "2026-09", "2026-10-14T23:00:00+00:00"),
        ("Europe/Berlin", {}, "2026-09", "2026-11-01T05:00:00+00:00"),
    ],
)
async def test_a_review_is_due_at_an_hour_after_its_end(
    zone: str, reports: dict[str, Any], before: str, since: str
) -> None:
    """By the ward's clock, also across a change of summer time; one second before, it is that of the month before."""
    moment = datetime.fromisoformat(since)
    found = due_review(_in(zone, **reports), moment)
    assert (found.month, found.since) == ("2026-10", moment)
    assert due_review(_in(zone, **reports), moment - timedelta(seconds=1)).month == before


async def test_a_city_waits_for_its_last_ward() -> None:
    """Of wards in several zones, the review is due when the month is over for all."""
    wards = [{"id": "east", "timezone": "Asia/Tokyo"}, {"id": "west", "timezone": "Europe/London"}]
    city = OFFICE.model_copy(update={"ward": None, "wards": tuple(_wards(wards))})
    tokyo = datetime(2026, 10, 31, 21, tzinfo=UTC)
    assert due_review(city, tokyo).month == "2026-09"
    london = datetime(2026, 11, 1, 6, tzinfo=UTC)
    assert due_review(city, london - timedelta(seconds=1)).month == "2026-09"
    found = due_review(city, london)
    assert (found.month, found.since, found.ended) == ("2026-10", london, datetime(2026, 11, 1, tzinfo=UTC))


async def test_a_clock_that_was_not_set_yet_is_no_mistake() -> None:
    """As of a machine that does not keep its time, until the network tells it."""
    found = due_review(_in("Asia/Ho_Chi_Minh"), datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    assert found.month == "1969-12"


def _wards(wards: list[dict[str, str]]) -> Iterator[Any]:
    for ward in wards:
        yield inventory(link("office-vnpt"), ward=ward).ward
