"""The pages of sites and links."""

import re
from collections.abc import Sequence
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from exporters.names import Naming
from exporters.pages.page_words import PAGE_WORDS, SPEED_KINDS
from exporters.pages.routes import add_pages
from exporters.pages.telling import Telling
from exporters.pages.verdicts import EVIDENCE, evidence
from exporters.past import PastUnavailableError
from model.alerting import MaintenanceWindow
from model.intervals import Interval, instant
from model.inventory import Inventory, Language
from model.latency import Column
from model.maintenance import Announcement
from model.measurement import SubjectKey
from model.state import State
from model.verdict import Outcome, Quality, Why
from tests.peers.api import Ward
from tests.peers.board import AT, verdict
from tests.peers.desk import fault, incident
from tests.peers.past import change, span
from tests.peers.places import Drawn, drawn_ward

_LANGUAGES: tuple[Language, ...] = ("vi", "en", "id")


class Latency:
    """Columns that a test has written down."""

    def __init__(self) -> None:
        self.near: list[Column] = []
        self.far: list[Column] = []
        self.fault: PastUnavailableError | None = None

    def recent(self, link: str, within: Interval) -> Sequence[Column]:  # noqa: ARG002  # there is one link
        """Those in memory."""
        return [each for each in self.near if within.start <= each.span.start < within.end]

    async def hours(self, link: str, within: Interval) -> Sequence[Column]:  # noqa: ARG002  # there is one link
        """Those in the history."""
        if self.fault is not None:
            raise self.fault
        return [each for each in self.far if within.start <= each.span.start < within.end]


def _column(start: float, seconds: float, median: float = 0.012, loss: float = 0.0) -> Column:
    here = instant(AT) + round(start * 1_000)
    return Column(Interval(here, here + round(seconds * 1_000)), (0.9 * median, median, 1.1 * median, 2 * median), loss)


async def _get(drawn: Drawn, path: str, status: int = 200) -> str:
    """A page without line breaks."""
    app = FastAPI()
    add_pages(app, drawn.sources)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://monitor") as web:
        answer = await web.get(path)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.text)


def _window(**more: object) -> MaintenanceWindow:
    return MaintenanceWindow.model_validate({
        "id": "plan",
        "from": "2026-11-28T22:00",
        "to": "2026-11-28T23:00",
        "reason": "cáp mới",
        **more,
    })


@pytest.mark.parametrize("language", _LANGUAGES)
async def test_a_site_says_all(language: Language) -> None:
    """State and since when, parts, incidents, hours, people, planned work, and what hangs on what."""
    drawn = Drawn(drawn_ward(language=language))
    drawn.turn({("site", "office"): State.DEGRADED, ("link", "l1"): State.DOWN})
    one = incident(fault(subject=("link", "wan")))
    drawn.desk.put(one, incident(fault(subject=("link", "l2"), seconds=-10)))
    drawn.desk.work["plan"] = (_window(links=["wan"]), True)
    drawn.desk.work["other"] = (_window(id="other", sites=["p1"], reason="nicht hier"), True)
    page = await _get(drawn, "/sites/office")
    words = PAGE_WORDS[language]
    assert f'<html lang="{language}">' in page
    assert "<h1>Nhà văn hóa 0</h1>" in page
    assert f'href="/incidents/{one.id}"' in page
    assert page.count('<article class="site incident') == 1
    for noun, name in (("link", "wan"), ("device", "rt"), ("service", "web")):
        assert f'id="{noun}-{name}"' in page
    assert ("Mon–Fri", "T2–T6", "Sen–Jum")[("en", "vi", "id").index(language)] + " 07:30–11:30" in page
    assert words["people"].format(number="120") in page
    assert words["work_next"].format(start="28/11 22:00", end="28/11 23:00") in page
    assert "nicht hier" not in page
    below = page[page.index('id="below-heading"') :]
    assert below.index("Nhà văn hóa") < below.index('href="/links/l0"') < below.index('href="/links/l1"')
    assert words["nothing_up"] in page


async def test_work_that_goes_on_says_until_when() -> None:
    """It is marked as maintenance; work that is over is not listed."""
    drawn = Drawn(drawn_ward())
    today = {"from": "2026-11-24T13:00", "to": "2026-11-24T15:00"}
    winter = {"from": "2026-01-01T13:00", "to": "2026-01-01T15:00"}
    drawn.desk.work["now"] = (_window(**today, sites=["p1"]), False)
    drawn.desk.work["old"] = (_window(id="old", **winter, sites=["p1"]), False)
    page = await _get(drawn, "/sites/p1")
    assert "đang diễn ra đến 15:00" in page
    assert ">· old" not in page


async def test_a_point_shows_what_it_hangs_on() -> None:
    """Up to the top, with states."""
    drawn = Drawn(drawn_ward())
    drawn.turn({("device", "rt"): State.DOWN, ("link", "l1"): State.UNREACHABLE})
    page = await _get(drawn, "/sites/p1")
    above = page[page.index('id="above-heading"') : page.index('id="below-heading"')]
    assert 'href="/sites/office#device-rt"' in above
    assert "Mất kết nối" in above


async def test_without_alerting_a_site_says_so() -> None:
    """Planned work of the inventory is shown all the same."""
    drawn = Drawn(drawn_ward())
    inventory = drawn.kept.inventory.model_copy(update={"maintenance": (_window(sites=["p1"]),)})
    drawn.kept.inventory = inventory
    drawn.sources = replace(drawn.sources, desk=None)
    page = await _get(drawn, "/sites/p1")
    assert PAGE_WORDS["vi"]["not_running"] in page
    assert "cáp mới" in page
    assert PAGE_WORDS["vi"]["not_running"] in await _get(drawn, "/links/l1")


@pytest.mark.parametrize(("path", "word"), [("/sites/nothing", "no_site"), ("/links/nothing", "no_link")])
async def test_what_is_not_in_the_inventory_has_no_page(path: str, word: str) -> None:
    """That is said, in the language that was chosen."""
    assert PAGE_WORDS["vi"][word] in await _get(Drawn(drawn_ward()), path, 404)
    assert PAGE_WORDS["en"][word] in await _get(Drawn(drawn_ward()), f"{path}?lang=en", 404)


async def test_a_link_s_verdicts_stand_with_their_evidence() -> None:
    """What was measured, what is required, on how many probes; and its speeds as a scrape has them."""
    ward = Ward()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(ward.app()), base_url="http://monitor") as web:
        page = re.sub(r"\s+", " ", (await web.get("/links/office-vnpt")).text)
    assert '<td role="cell" class="wide">40/300 lần đo trong 5 phút vượt ngưỡng</td>' in page
    assert ">45 ms</td>" in page
    assert ">≤ 30 ms</td>" in page
    speeds = page[page.index('id="speeds-heading"') : page.index('id="timeline-heading"')]
    for kind in ("contracted", "required", "negotiated"):
        assert f"<dt>{SPEED_KINDS['vi'][kind]}</dt>" in speeds
    assert '<rect class="negotiated" width="100.0%"' in speeds
    assert "300 Mbit/s" in speeds
    assert "HN-0123" in page


@pytest.mark.parametrize("language", _LANGUAGES)
@pytest.mark.parametrize("why", Why)
def test_each_reason_has_its_words(language: Language, why: Why) -> None:
    """In every language, for every quality that it may be about."""
    tell = Telling(Naming().of(drawn_ward()), "", AT, language)
    for quality in Quality:
        found = evidence(verdict(quality, Outcome.UNKNOWN, why=why), tell)
        assert found
        assert "{" not in found
    assert set(EVIDENCE[language]) == set(EVIDENCE["en"])


def test_availability_without_a_month_says_why() -> None:
    """No service hours yet is something else than service hours of which nothing is known."""
    tell = Telling(Naming().of(drawn_ward()), "", AT, "en")
    unknown = verdict(Quality.AVAILABILITY, Outcome.UNKNOWN, None, 0.999, Why.NOT_MEASURED)
    assert evidence(unknown, tell) == "nothing is known of this month's service hours yet"
    assert evidence(replace(unknown, window=0.0), tell) == "no service hours have passed yet this month"
    assert evidence(replace(unknown, why=Why.UNDECIDED), tell) == "it depends on the time of which nothing is known"
    assert evidence(verdict(why=Why.UNDECIDED), tell).endswith(": too few to tell")
    assert evidence(replace(verdict(why=Why.UNDECIDED), n=0), tell) == "what was measured supports neither"


async def test_the_graph_has_what_is_in_memory_and_before_that_the_hours_of_the_history() -> None:
    """No time twice: a day shows minutes where there are some, a week shows hours where there are some."""
    latency = Latency()
    latency.far = [_column(-7_200, 3_600, 0.020), _column(-3_600, 3_600, 0.030)]
    latency.near = [_column(-1_800 + 60 * minute, 60, 0.010) for minute in range(30)]
    drawn = Drawn(drawn_ward(), latency)
    day = await _get(drawn, "/links/wan?range=24h")
    assert "Trung vị từ 10 ms đến 20 ms" in day
    assert _medians(day) == 31
    week = await _get(drawn, "/links/wan?range=7d")
    assert "Trung vị từ 20 ms đến 30 ms" in week
    assert _medians(week) == 2
    hour = await _get(drawn, "/links/wan")
    assert _medians(hour) == 30
    assert 'href="/links/wan?range=24h"' in hour
    assert 'data-events="/events?page=link&amp;id=wan&amp;since=' in hour
    assert 'data-events="/events?page=link&amp;id=wan&amp;range=24h&amp;since=' in day


def _medians(page: str) -> int:
    graph = page[page.index('class="smoke"') : page.index('class="hours"')]
    return sum(path.count("M") for path in re.findall(r'class="median loss\d" d="([^"]*)"', graph))


async def test_the_graph_is_told_in_words_and_as_a_table() -> None:
    """For whoever does not see it."""
    latency = Latency()
    latency.near = [_column(-600, 60), _column(-540, 60, 0.030, 0.25)]
    page = await _get(Drawn(drawn_ward(), latency), "/links/wan?lang=en")
    says = "Median 12 ms to 30 ms, 99 % of the answers within 60 ms. Loss 12.5%; worst 25% at 13:51."
    assert f'id="graph-says">{says}</p>' in page
    assert 'role="img" aria-label="Round-trip time and loss, 1 hour" aria-describedby="graph-says"' in page
    table = page[page.index('id="graph-table"') :]
    assert "<td>12 ms – 30 ms</td><td>60 ms</td><td>12.5%</td><td>25%</td>" in table


async def test_nothing_measured_is_said() -> None:
    """No empty graph; and where no probe was answered that is said too."""
    drawn = Drawn(drawn_ward())
    assert PAGE_WORDS["vi"]["not_yet"] in await _get(drawn, "/links/wan")
    assert PAGE_WORDS["vi"]["not_yet"] not in await _get(drawn, "/links/wan?range=7d")
    latency = Latency()
    latency.near = [replace(_column(-60, 60, loss=1.0), times=())]
    page = await _get(Drawn(drawn_ward(), latency), "/links/wan")
    assert "Không có lần đo nào được trả lời. Mất gói 100%." in page


async def test_what_a_blind_monitor_lost_is_not_drawn() -> None:
    """It says nothing of the link."""
    latency = Latency()
    latency.near = [_column(-180 + 60 * minute, 60) for minute in range(3)]
    drawn = Drawn(drawn_ward(), latency)
    drawn.kept.blind = [span(-100, -70)]
    assert _medians(await _get(drawn, "/links/wan")) == 2


async def test_states_of_days_and_incidents_of_a_week() -> None:
    """Two weeks, each day in words too; what is over since days, and why it is in its state."""
    drawn = Drawn(drawn_ward())
    wan: SubjectKey = ("link", "wan")
    drawn.kept.runs = [span(-400_000, 0)]
    drawn.kept.log = [
        change(wan, State.UNKNOWN, State.UP, -400_000),
        change(wan, State.UP, State.DOWN, -50_400 - 3_600, {"because": "icmp: timeout"}),
        change(wan, State.DOWN, State.UP, -50_400),
    ]
    drawn.kept.announcements = [Announcement(_window(links=["wan"]), AT)]
    over = incident(fault(subject=wan, seconds=-54_000), closed=-50_400)
    drawn.desk.put(over, incident(fault(subject=("link", "l1"), seconds=-54_000), closed=-50_400))
    page = await _get(drawn, "/links/wan")
    assert page.count('<span class="day">') == 14
    assert "T3 24/11</span>" in page
    assert 'aria-label="Hoạt động 23 giờ · Mất kết nối 1 giờ"' in page
    assert f'href="/incidents/{over.id}"' in page
    assert page.count('<article class="site incident up"') == 1
    why = page[page.index('id="why"') :]
    assert "đường truyền wan (Nhà văn hóa), điểm office: hoạt động" in why
    assert "ICMP: không có trả lời trong thời hạn " in why
    assert 'lang="en"' not in why[: why.index("</pre>")]


async def test_a_history_that_cannot_be_read_hides_no_present() -> None:
    """What is in memory is shown, and that it is not all."""
    latency = Latency()
    latency.near, latency.fault = [_column(-60, 60)], PastUnavailableError("locked", "wait")
    drawn = Drawn(drawn_ward(), latency)
    drawn.kept.fault = drawn.desk.fault = PastUnavailableError("locked", "wait")
    page = await _get(drawn, "/links/wan?range=6h")
    assert page.count(PAGE_WORDS["vi"]["past_unreadable"]) == 3
    assert _medians(page) == 1
    assert "Hoạt động" in page


async def test_a_bug_is_not_taken_for_a_history_that_cannot_be_read() -> None:
    """It is not hidden."""
    drawn = Drawn(drawn_ward())

    drawn.kept.fault = KeyError("a bug")  # type: ignore[assignment]  # nothing that is foreseen
    with pytest.raises(KeyError):
        await _get(drawn, "/links/wan")


async def test_what_strangers_write_is_text() -> None:
    """Names, providers, circuits, reasons, ids of teams, requirements, and what evidence holds are shown, not run."""
    evil = "<script>alert(1)</script>"
    inventory = _hostile(drawn_ward(name=evil), evil)
    drawn = Drawn(inventory)
    drawn.desk.put(incident(fault(subject=("link", "wan"))))
    drawn.desk.work["w"] = (_window(sites=["office"], reason=evil), True)
    drawn.kept.runs = [span(-1_000, 0)]
    drawn.kept.log = [change(("link", "wan"), State.UNKNOWN, State.DOWN, -100, {"because": evil, evil: evil})]
    for path in ("/sites/office", "/links/wan", "/links/wan?lang=en&range=30d", "/sites/p0"):
        page = await _get(drawn, path)
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


def _hostile(inventory: Inventory, evil: str) -> Inventory:
    office, *others = inventory.sites
    link = office.links[0].model_copy(update={"provider": evil, "circuit": evil})
    office = office.model_copy(update={"links": (link,), "team": evil})
    return inventory.model_copy(update={"sites": (office, *others)})
