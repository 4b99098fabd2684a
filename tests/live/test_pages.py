"""The pages in a real Chromium, of a real daemon whose lines are cut."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from monitor.reflector import Reflector
from tests.peers.browser import faults, opened
from tests.peers.daemon import Process, daemon

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

PATIENCE = 20_000
EVIL = "<script>alert(1)</script>"

INVENTORY = """\
ward: {{id: w, name: Phường Xuân Đỉnh, timezone: Asia/Ho_Chi_Minh, language: vi}}
requirements: {{line: {{availability: 99.9%, rtt_p95: 30ms, loss: 1%, window: 1m}}}}
alerts:
  receivers: {{terminal: {{log: true}}}}
  routes: [{{receiver: terminal}}]
sites:
  - id: office
    name: Trụ sở
    kind: office
    location: [21.0712, 105.7843]
    citizens_per_hour: 120
    service_hours: ["Mon-Fri 07:30-11:30"]
    links:
      - {{id: office-line, name: "Đường chính {evil}", provider: VNPT, requirement: line,
          contracted: {{download: 100Mbit/s, upload: 50Mbit/s}},
          target: "stamp://127.0.0.1:{office}", interval: 500ms, timeout: 500ms}}
  - id: point
    name: Nhà văn hóa
    kind: community-point
    location: [21.0752, 105.7803]
    links:
      - {{id: point-line, provider: FPT, target: "stamp://127.0.0.1:{point}", interval: 500ms, timeout: 500ms,
          depends_on: [office-line]}}
maintenance:
  - {{id: plan, sites: [point], from: 2099-01-01T00:00, to: 2099-01-01T01:00, reason: "cáp quang mới"}}
"""


@dataclass
class Line:
    """A line in front of a reflector, which can be cut."""

    is_cut: bool = False

    def forward(self) -> float | None:
        """Nothing passes a line that is cut."""
        return None if self.is_cut else 0.0

    def backward(self) -> float | None:
        """Likewise."""
        return self.forward()


@dataclass
class Ward:
    """A daemon, and the lines that it watches."""

    process: Process
    office: Line
    point: Line

    def url(self, path: str) -> str:
        """Where a page is."""
        return f"{str(self.process.web.base_url).rstrip('/')}{path}"

    async def mend(self) -> None:
        """Let both lines pass what is sent, and wait until the daemon knows."""
        self.office.is_cut = self.point.is_cut = False
        for line in ("office-line", "point-line"):
            await self.process.until("/api/v1/links?state=up", line)
        await self.process.until("/api/v1/incidents", '"incidents":[]')

    async def incident(self) -> str:
        """The path of the incident of a line that is cut, once it is open."""
        self.point.is_cut = True
        await self.process.until("/api/v1/incidents", '"id"')
        (found,) = (await self.process.json("/api/v1/incidents"))["incidents"]
        return f"/incidents/{found['id']}"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ward(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ward]:
    """A daemon that watches two lines."""
    lines = Line(), Line()
    async with AsyncExitStack() as ends:
        reflectors = [Reflector(line) for line in lines]
        for reflector in reflectors:
            await reflector.start("127.0.0.1", 0)
            ends.callback(reflector.close)
        office, point = (reflector.port for reflector in reflectors)
        text = INVENTORY.format(office=office, point=point, evil=EVIL)
        process = await ends.enter_async_context(daemon(tmp_path_factory.mktemp("daemon"), text))
        yield Ward(process, *lines)


async def _mark(page: Page) -> None:
    """Wait until it listens, and mark it, so that a reload would be noticed."""
    await expect(page.locator("#live")).to_have_class("live", timeout=PATIENCE)
    await expect(page.locator("#live")).to_be_visible()
    await page.evaluate("window.marked = true")


async def _is_marked(page: Page) -> bool:
    return bool(await page.evaluate("window.marked === true"))


async def test_a_cut_line_shows_on_every_open_page(browser: Browser, ward: Ward) -> None:
    """On the map, on its card, on the pages of its site, of the line and of what hangs on it, without a reload."""
    await ward.mend()
    async with AsyncExitStack() as ends:
        status, site, link, office = [
            await ends.enter_async_context(opened(browser, ward.url(path)))
            for path in ("/", "/sites/point", "/links/point-line", "/sites/office")
        ]
        pages = (status, site, link, office)
        for page in pages:
            await _mark(page)
        ward.point.is_cut = True
        await expect(status.locator("#point-point")).to_have_class(re.compile("down"), timeout=PATIENCE)
        await expect(status.locator("#line-point-office")).to_have_class(re.compile("down"))
        await expect(status.locator("#attention > #site-point .badge").first).to_contain_text("Mất kết nối")
        await expect(status.locator("#say")).to_contain_text("Nhà văn hóa: Mất kết nối")
        await expect(status.locator("#counts")).to_contain_text("Mất kết nối")
        for page in (site, link):
            await expect(page.locator("#state")).to_contain_text("Mất kết nối", timeout=PATIENCE)
            await expect(page.locator("#incidents .incident")).to_be_visible(timeout=PATIENCE)
        await expect(office.locator("#trees")).to_contain_text("Mất kết nối")
        await expect(status.locator("#alarm")).to_contain_text("1 sự cố đang mở", timeout=PATIENCE)
        ward.point.is_cut = False
        await expect(status.locator("#point-point")).to_have_class(re.compile(r"\bup\b"), timeout=PATIENCE)
        await expect(status.locator("#in-order > #site-point")).to_be_visible()
        await expect(status.locator("#attention-heading")).to_be_hidden()
        assert [await _is_marked(page) for page in pages] == [True] * 4


async def test_an_acknowledgement_arrives_on_another_open_page(browser: Browser, ward: Ward) -> None:
    """The incident is taken on on one page; the others say so, and what somebody is writing elsewhere is not lost."""
    path = await ward.incident()
    async with AsyncExitStack() as ends:
        mine, theirs, listed = [
            await ends.enter_async_context(opened(browser, ward.url(where))) for where in (path, path, "/incidents")
        ]
        for page in (theirs, listed):
            await _mark(page)
        await theirs.click("#silence-form summary")
        await theirs.fill("#silencer", "Bình")
        await mine.fill("#who", "An")
        await mine.fill("#comment", EVIL)
        await mine.click("#ack button")
        await expect(mine.locator("#ack")).to_contain_text("An đã tiếp nhận")
        await expect(theirs.locator("#ack")).to_contain_text("An đã tiếp nhận", timeout=PATIENCE)
        await expect(theirs.locator("#ack .said")).to_have_text(EVIL)
        await expect(theirs.locator("#say")).to_have_text("An đã tiếp nhận")
        await expect(theirs.locator("#silencer")).to_have_value("Bình")
        await expect(listed.locator(".taken")).to_contain_text("An đã tiếp nhận", timeout=PATIENCE)
        assert await _is_marked(theirs)
        await theirs.click("#silence-form button[value=morning]")
        await expect(mine.locator("#silence")).to_contain_text("Đã tắt tiếng đến", timeout=PATIENCE)
        await mine.click("#silence button")
        await expect(mine.locator("#silence-form")).to_be_visible()
        await mine.click("#ack button")
        await expect(theirs.locator("#ack")).to_contain_text("Chưa có ai tiếp nhận", timeout=PATIENCE)


async def test_what_happened_before_a_page_listens_is_not_lost(browser: Browser, ward: Ward) -> None:
    """A page that was hidden, or slow to load, is told what it missed."""
    await ward.mend()
    async with opened(browser, ward.url("/links/point-line")) as page:
        await _mark(page)
        hidden = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => %s})"
        await page.evaluate(hidden % "true")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        ward.point.is_cut = True
        await ward.process.until("/api/v1/links?state=down", "point-line")
        await expect(page.locator("#state")).to_contain_text("Hoạt động")
        await page.evaluate(hidden % "false")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await expect(page.locator("#state")).to_contain_text("Mất kết nối", timeout=PATIENCE)
        assert await _is_marked(page)


async def test_a_graph_grows(browser: Browser, ward: Ward) -> None:
    """Round-trip times of the last seconds are drawn, told in a sentence and listed in a table."""
    async with opened(browser, ward.url("/links/point-line?range=15m")) as page:
        await expect(page.locator("#graph-says")).to_contain_text("Trung vị từ", timeout=60_000)
        assert await page.locator(".smoke .median").count() >= 1
        await page.click("#graph-table summary")
        assert await page.locator("#graph-table tbody tr").count() >= 1


@pytest.mark.parametrize("path", ["/", "/sites/office", "/links/office-line", "/incidents", "incident"])
async def test_the_keyboard_reaches_everything(browser: Browser, ward: Ward, path: str) -> None:
    """First of all the way to the content; each link, button, field and fold in turn, and it is seen where one is."""
    if path == "incident":
        path = await ward.incident()
    async with opened(browser, ward.url(path)) as page:
        await _mark(page)
        wanted = await page.locator(
            "a[href], button, input:not([type=hidden]), textarea, summary, [tabindex='0']"
        ).evaluate_all("all => all.filter((one) => one.checkVisibility() || one.className === 'skip').length")
        seen = 0
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        while await page.evaluate("document.activeElement !== document.body") and seen <= wanted:
            seen += 1
            assert await page.evaluate(_IS_SEEN), await page.evaluate("document.activeElement.outerHTML")
            await page.keyboard.press("Tab")
        assert seen == wanted


_IS_SEEN = """() => {
  const here = document.activeElement, style = getComputedStyle(here), reach = here.querySelector('.reach');
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  return outlined || (reach !== null && getComputedStyle(reach).stroke !== 'none');
}"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_axe_finds_no_serious_fault(browser: Browser, ward: Ward, colours: str, width: int) -> None:
    """On any page, in light and dark, on a desk and on a telephone, where nothing is wider than the screen."""
    path = await ward.incident()
    pages = ("/", "/sites/office", "/sites/point", "/links/point-line", "/incidents")
    setting = {"viewport": {"width": width, "height": 800}, "color_scheme": colours, "reduced_motion": "reduce"}
    for where in (*pages, path, "/links/nothing"):
        async with opened_quietly(browser, ward.url(where), setting) as page:
            await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            assert await faults(page) == [], where
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
            await page.evaluate("document.querySelector('main').append(new Image())")
            assert await faults(page) != [], "axe-core sees nothing"


@asynccontextmanager
async def opened_quietly(browser: Browser, url: str, setting: Mapping[str, object]) -> AsyncIterator[Page]:
    """A page that need not be there."""
    async with await browser.new_context(**setting) as own:  # type: ignore[arg-type]  # a dict of its parameters
        page = await own.new_page()
        await page.goto(url)
        yield page


async def test_without_scripts_it_is_a_plain_page(browser: Browser, ward: Ward) -> None:
    """Everything is there, says that it does not renew itself, and how to load it anew."""
    async with opened(browser, ward.url("/"), java_script_enabled=False) as page:
        await expect(page.locator("#site-point")).to_be_visible()
        await expect(page.locator("noscript a")).to_have_attribute("href", "/")
        assert await page.locator("meta[http-equiv]").count() == 0


async def test_a_reload_reaches_open_pages(browser: Browser, ward: Ward) -> None:
    """When another inventory is in force, open pages load themselves anew."""
    async with opened(browser, ward.url("/")) as page:
        await _mark(page)
        rename(ward.process.folder / "ward.yml", "Nhà văn hóa", "Nhà văn hóa mới")
        assert (await ward.process.web.post("/-/reload")).status_code == 200
        await expect(page.locator("#site-point h3")).to_have_text("Nhà văn hóa mới", timeout=PATIENCE)
        assert not await _is_marked(page)
    rename(ward.process.folder / "ward.yml", "Nhà văn hóa mới", "Nhà văn hóa")
    await ward.process.web.post("/-/reload")


def rename(config: Path, before: str, after: str) -> None:
    """Write another name into an inventory."""
    config.write_text(config.read_text().replace(before, after))
