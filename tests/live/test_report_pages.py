"""The pages of monthly reviews in a real Chromium, of a real daemon with a month of history."""

import json
import socket
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.monitor.test_reporting import OFFICE, happened, standing
from tests.peers.browser import faults, opened
from tests.peers.daemon import Process, daemon
from tests.peers.facts import opened as history

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

PATIENCE = 60_000
INVENTORY = """\
ward: {id: xuan-dinh, name: Phường Xuân Đỉnh, timezone: Asia/Ho_Chi_Minh, language: vi}
requirements: {office: {availability: 99.9%, restore: 4m, loss: 1%}}
sites:
  - id: office
    name: Trụ sở <script>alert(1)</script>
    citizens_per_hour: 120
    links: [{id: office-vnpt, provider: VNPT, requirement: office, target: "icmp://127.0.0.1"}]
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ward(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Process]:
    """A daemon that remembers October."""
    folder = tmp_path_factory.mktemp("daemon")
    async with history(f"sqlite:///{folder}/history.db", socket.gethostname()) as store:
        await store.record(*standing(OFFICE), *happened())
    async with daemon(folder, INVENTORY) as process:
        yield process


def url(process: Process, path: str) -> str:
    """Where a page is."""
    return f"{str(process.web.base_url).rstrip('/')}{path}"


async def test_a_manager_finds_the_review_of_a_month(browser: Browser, ward: Process) -> None:
    """From the status page to October, its PDF, the same in English and back; the browser complains of nothing."""
    async with opened(browser, url(ward, "/")) as page:
        await page.get_by_role("link", name="Báo cáo tháng").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Báo cáo tháng")
        assert await faults(page) == []
        await page.get_by_role("link", name="Tháng 10/2026", exact=True).click(timeout=PATIENCE)
        await expect(page.locator("h1")).to_contain_text("BÁO CÁO", timeout=PATIENCE)
        await expect(page.locator("main")).to_contain_text("Trụ sở <script>")
        font = await page.locator("h2").first.evaluate("element => getComputedStyle(element).fontFamily")
        assert "Liberation Serif" in font, "its own style was not let through"
        assert await faults(page) == []
        href = await page.get_by_role("link", name="PDF").get_attribute("href")
        await page.get_by_role("link", name="English").click(timeout=PATIENCE)
        await expect(page.locator("h1")).to_contain_text("REPORT", timeout=PATIENCE)
        await page.get_by_role("link", name="All months").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Monthly reviews")
    assert href is not None
    pdf = await ward.web.get(href, timeout=60)
    assert (pdf.headers["content-type"], pdf.content[:8]) == ("application/pdf", b"%PDF-1.7")


async def test_a_phone_shows_all_of_it(browser: Browser, ward: Process) -> None:
    """Nothing of the page is wider than the screen but tables, which can be moved."""
    size = {"width": 360, "height": 740}
    for path in ("/reports", "/reports/2026-10"):
        async with opened(browser, url(ward, path), viewport=size) as page:
            await expect(page.locator("h1")).to_be_visible(timeout=PATIENCE)
            assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            assert await faults(page) == []


async def test_every_format_has_the_same_figures(ward: Process) -> None:
    """They are of one review."""
    data = (await ward.web.get("/reports/2026-10.json", timeout=60)).json()
    page = (await ward.web.get("/reports/2026-10", timeout=60)).text
    assert data["provenance"]["data_hash"] in page
    assert (await ward.web.get("/reports/2999-01.json")).status_code == 404
    assert json.loads((await ward.web.get("/reports/2020-01.json", timeout=60)).text)["status"] == 404
