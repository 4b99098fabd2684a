"""Changes on their way to open pages."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi.responses import StreamingResponse

from exporters.feed import RELOADED, SILENCES, Feed, Topic
from exporters.pages.live import Fragment, Live, Update
from exporters.pages.press import Press
from exporters.pages.views import view_of
from model.incident import Acknowledgement
from model.state import State
from tests.peers.api import Ward, served
from tests.peers.board import AT
from tests.peers.desk import fault, incident
from tests.peers.places import Drawn, city, drawn_ward

PATIENCE = 5.0


@dataclass
class Page:
    """A page that shows one topic, and counts how often it is made."""

    about: Topic = ("link", "a")
    text: str = "first"
    made: list[frozenset[Topic]] = field(default_factory=list)
    fault: Exception | None = None
    count: int = 1

    clock = "14:00:00"

    def concerned(self, topics: frozenset[Topic]) -> frozenset[Topic]:
        """What it speaks of."""
        return topics & {self.about}

    async def update(self, topics: frozenset[Topic]) -> Update:
        """Its parts."""
        if self.fault is not None:
            raise self.fault
        self.made.append(topics)
        said = ["changed"] * len(topics) * 5
        return Update([Fragment(f"part{number}", self.text) for number in range(self.count)], said)


Event = tuple[str, str, Any]


class Reader:
    """Reads a stream as a browser does."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._left = ""

    async def next(self, *but: str) -> Event:
        """The next event, of a name that is not left out: its name, its id and what it says."""
        async with asyncio.timeout(PATIENCE):
            while True:
                while "\n\n" not in self._left:
                    self._left += bytes(await anext(self._chunks)).decode()
                block, _, self._left = self._left.partition("\n\n")
                fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
                if "event" in fields and fields["event"] not in but:
                    return fields["event"], fields.get("id", ""), json.loads(fields["data"])


@asynccontextmanager
async def listening(
    live: Live, page: Any, feed: Feed, since: str | None = None, name: str = "p"
) -> AsyncIterator[Reader]:
    """A page that listens."""
    answer = await live.answer(name, page, feed.mark if since is None else since)
    assert isinstance(answer, StreamingResponse)
    chunks = aiter(answer.body_iterator)
    yield Reader(chunks)  # type: ignore[arg-type]  # ours are bytes
    await chunks.aclose()  # type: ignore[attr-defined]  # it is a generator


async def test_a_change_comes_with_its_mark() -> None:
    """The part anew, what is read out (not too much of it), and the mark with which to go on after an interruption."""
    feed, page = Feed(), Page()
    async with listening(Live(feed), page, feed) as reader:
        assert await reader.next("beat") == ("change", feed.mark, {"parts": [], "say": []})
        feed.said(("link", "b"), ("link", "a"))
        name, mark, content = await reader.next("beat")
    assert (name, mark) == ("change", feed.mark)
    assert content["parts"] == [{"id": "part0", "html": "first", "into": "", "before": ""}]
    assert content["say"] == ["changed", "changed", "changed", "+2"]
    assert page.made == [{("link", "a")}]


async def test_nothing_is_made_for_nobody() -> None:
    """Neither before the first page opens nor after the last is closed, nor of what no open page shows."""
    feed, page = Feed(), Page()
    live = Live(feed)
    feed.said(("link", "a"))
    async with listening(live, page, feed) as reader:
        await reader.next("beat")
        assert live.listening == 1
        feed.said(("link", "b"))
        await asyncio.sleep(0.4)
    assert live.listening == 0
    feed.said(("link", "a"))
    await asyncio.sleep(0.4)
    assert page.made == []


async def test_all_who_look_at_the_same_page_share_what_is_made() -> None:
    """It is made once, and each gets it."""
    feed, page = Feed(), Page()
    live = Live(feed)
    async with listening(live, page, feed) as one, listening(live, Page(), feed) as other:
        for reader in (one, other):
            await reader.next("beat")
        feed.said(("link", "a"))
        assert await one.next("beat") == await other.next("beat")
    assert len(page.made) == 1


async def test_what_was_missed_is_told_at_once() -> None:
    """Changes between the making of the page and its listening, or while it was away."""
    feed, page = Feed(), Page()
    mark = feed.mark
    feed.said(("link", "a"))
    async with listening(Live(feed), page, feed, since=mark) as reader:
        _, _, content = await reader.next("beat")
        assert content["parts"]


@pytest.mark.parametrize("since", ["", "another-7"])
async def test_whoever_is_too_far_behind_loads_the_page_anew(since: str) -> None:
    """As after a restart of the daemon."""
    feed = Feed()
    async with listening(Live(feed), Page(), feed, since=since) as reader:
        assert (await reader.next())[0] == "reload"


async def test_another_inventory_loads_every_page_anew() -> None:
    """Those that listen, and those that come later."""
    feed = Feed()
    mark = feed.mark
    async with listening(Live(feed), Page(), feed) as reader:
        await reader.next("beat")
        feed.said(RELOADED)
        assert (await reader.next("beat"))[0] == "reload"
    async with listening(Live(feed), Page(), feed, since=mark) as reader:
        assert (await reader.next())[0] == "reload"


async def test_too_much_at_once_loads_the_page_anew() -> None:
    """Thousands of parts would take longer than the page."""
    feed = Feed()
    async with listening(Live(feed), Page(count=301), feed) as reader:
        await reader.next("beat")
        feed.said(("link", "a"))
        assert (await reader.next("beat"))[0] == "reload"


async def test_what_looks_the_same_is_not_sent_again() -> None:
    """A part is sent when it has changed."""
    feed, page = Feed(), Page()
    async with listening(Live(feed), page, feed) as reader:
        await reader.next("beat")
        found = []
        for text in ("first", "first", "second"):
            page.text = text
            feed.said(("link", "a"))
            found.append((await reader.next("beat"))[2]["parts"])
    assert [bool(parts) for parts in found] == [True, False, True]


async def test_signs_of_life_come_with_the_time_and_what_moves_on() -> None:
    """So that a page knows that it is not cut off, and what depends on the time stays right."""
    feed, page = Feed(), Page()
    async with listening(Live(feed, beat=0.05), page, feed) as reader:
        assert (await reader.next())[0] == "change"
        assert await reader.next("change") == ("beat", feed.mark, "14:00:00")
        assert (await reader.next("beat"))[2]["parts"]
    assert page.made[0] == frozenset()


async def test_a_page_that_cannot_be_made_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    """Its fault is logged; the next time it may be better."""
    feed, bad, good = Feed(), Page(fault=RuntimeError("a bug")), Page()
    live = Live(feed)
    async with listening(live, bad, feed, name="bad") as ill, listening(live, good, feed, name="good") as well:
        await ill.next("beat")
        await well.next("beat")
        feed.said(("link", "a"))
        assert (await well.next("beat"))[2]["parts"]
        assert "an open page was not renewed" in caplog.text
        bad.fault = None
        feed.said(("link", "a"))
        assert (await ill.next("beat"))[2]["parts"]


async def test_whoever_does_not_read_is_dropped() -> None:
    """Without holding up the others, and without its messages piling up."""
    feed, page = Feed(), Page()
    live = Live(feed)
    async with listening(live, page, feed) as slow, listening(live, page, feed) as quick:
        await slow.next("beat")
        await quick.next("beat")
        live._feed = feed
        (audience,) = live._audiences.values()
        for number in range(40):
            audience.tell(b"id: 1\nevent: change\ndata: %d\n\n" % number)
            assert (await quick.next("beat"))[2] == number
        assert live.listening == 1
        with pytest.raises(StopAsyncIteration):
            await slow.next("beat", "change")


async def test_there_is_room_for_so_many() -> None:
    """The others are told to come later."""
    feed = Feed()
    live = Live(feed, most=1)
    async with listening(live, Page(), feed) as reader:
        await reader.next("beat")
        refused = await live.answer("p", Page(), feed.mark)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    async with listening(live, Page(), feed) as reader:
        assert await reader.next("beat")


def _parts(update: Update) -> Sequence[str]:
    return [part.id for part in update.fragments]


async def _update(drawn: Drawn, asked: dict[str, str], *topics: Topic) -> Update:
    view = view_of(Press(drawn.sources), asked)
    assert view is not None
    concerned = view.concerned(frozenset(topics))
    return await view.update(concerned) if concerned else Update()


async def test_one_site_of_a_ward_renders_one_site() -> None:
    """Its card at its new place, its point, its line and the counts; and it is read out."""
    drawn = Drawn(drawn_ward(5))
    drawn.turn({("site", "p1"): State.DOWN, ("link", "l1"): State.DOWN})
    update = await _update(drawn, {"page": "status"}, ("site", "p1"), ("link", "l1"))
    assert _parts(update) == [
        "alarm",
        "counts",
        "attention-heading",
        "in-order-heading",
        "site-p1",
        "point-p1",
        "line-p1-office",
    ]
    card = update.fragments[4]
    assert (card.into, card.before) == ("attention", "")
    assert update.sayings == ["Nhà văn hóa 2: Mất kết nối"]
    drawn.turn({("site", "p1"): State.UP})
    back = (await _update(drawn, {"page": "status", "lang": "en"}, ("site", "p1"))).fragments[4]
    assert (back.into, back.before) == ("in-order", "site-p2")
    assert ">Up</span>" in back.html


async def test_one_site_of_a_city_renders_one_site() -> None:
    """Of 5,000 sites; a card only while it needs attention, and the counts of its ward."""
    drawn = Drawn(city(10, 10))
    drawn.turn({("site", "w3-p4"): State.DOWN})
    update = await _update(drawn, {"page": "status"}, ("site", "w3-p4"))
    assert _parts(update) == [
        "alarm",
        "counts",
        "ward-w3",
        "attention-heading",
        "site-w3-p4",
        "point-w3-p4",
        "line-w3-p4-w3-office",
    ]
    drawn.turn({("site", "w3-p4"): State.UP})
    gone = (await _update(drawn, {"page": "status"}, ("site", "w3-p4"))).fragments[4]
    assert (gone.id, gone.html) == ("site-w3-p4", "")
    other = await _update(drawn, {"page": "status", "ward": "w2"}, ("site", "w3-p4"))
    assert _parts(other) == ["alarm"]


@pytest.mark.parametrize(
    ("asked", "topic", "is_told"),
    [
        ({"page": "site", "id": "p1"}, ("link", "l1"), True),
        ({"page": "site", "id": "p1"}, ("device", "rt"), True),
        ({"page": "site", "id": "p1"}, ("link", "l2"), False),
        ({"page": "site", "id": "office"}, ("link", "l2"), True),
        ({"page": "link", "id": "l1"}, ("link", "l1"), True),
        ({"page": "link", "id": "l1"}, ("device", "rt"), True),
        ({"page": "link", "id": "l1"}, ("link", "wan"), False),
        ({"page": "link", "id": "l1", "range": "nonsense"}, ("incident", "x"), True),
        ({"page": "incidents"}, ("incident", "x"), True),
        ({"page": "incidents"}, ("link", "l1"), False),
    ],
)
async def test_a_page_hears_of_what_it_shows(asked: dict[str, str], topic: Topic, *, is_told: bool) -> None:
    """Of its subject, of what that hangs on, of what hangs on it, of incidents; of nothing else."""
    update = await _update(Drawn(drawn_ward()), asked, topic)
    assert bool(update.fragments) is is_told


async def test_an_incident_s_page_hears_of_it_and_of_silences() -> None:
    """Who has taken it on is read out; an incident that is gone changes nothing."""
    drawn = Drawn(drawn_ward())
    one = incident(fault(subject=("link", "wan")))
    drawn.desk.put(one)
    asked = {"page": "incident", "id": one.id}
    assert (await _update(drawn, asked, SILENCES)).sayings == ["Chưa có ai tiếp nhận."]
    await drawn.desk.acknowledge(one.id, "An", "")
    update = await _update(drawn, asked, ("incident", one.id))
    assert update.sayings == ["An đã tiếp nhận"]
    assert "ack" in _parts(update)
    assert not (await _update(drawn, asked, ("incident", "another"))).fragments
    drawn.desk.kept.clear()
    assert not (await _update(drawn, asked, SILENCES)).fragments
    assert isinstance(one.acknowledged or Acknowledgement("An", AT), Acknowledgement)


@pytest.mark.parametrize(
    "asked",
    [{}, {"page": "nothing"}, {"page": "site", "id": "nothing"}, {"page": "link", "id": "nothing"}, {"page": "site"}],
)
def test_there_is_nothing_to_hear_of_what_does_not_exist(asked: dict[str, str]) -> None:
    """A page that does not exist has no changes."""
    assert view_of(Press(Drawn(drawn_ward()).sources), asked) is None


async def test_it_works_over_http() -> None:
    """The page says where to listen, and there its changes come, as a stream that no cache keeps."""
    ward = Ward()
    async with served(ward) as url, httpx.AsyncClient(base_url=url, timeout=PATIENCE) as web:
        page = (await web.get("/")).text
        where = page.split('data-events="')[1].split('"')[0].replace("&amp;", "&")
        async with web.stream("GET", where) as stream:
            assert stream.status_code == 200
            assert stream.headers["content-type"].startswith("text/event-stream")
            assert stream.headers["cache-control"] == "no-store"
            reader = Reader(stream.aiter_bytes())
            assert (await reader.next())[0] == "change"
        async with web.stream("GET", where, headers={"last-event-id": "another-1"}) as stream:
            assert (await Reader(stream.aiter_bytes()).next())[0] == "reload"
        assert (await web.get("/events?page=nothing")).status_code == 404
