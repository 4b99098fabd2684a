"""The button of a link's page, pressed in a real Chromium: a daemon tests the line against a throughput peer."""

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from monitor.reflector import Reflector
from monitor.speed.peer import SpeedPeer
from tests.peers.browser import chromium, find_chromium, opened
from tests.peers.daemon import daemon

pytestmark = [pytest.mark.live]

KEY = "a key of the tests, shared"
INVENTORY = """\
ward: {{id: w, name: W, timezone: Asia/Ho_Chi_Minh, language: en}}
sites:
  - id: office
    name: Office
    links:
      - id: line
        target: "stamp://127.0.0.1:{stamp}"
        interval: 500ms
        timeout: 500ms
        contracted: {{download: 40Mbit/s, upload: 40Mbit/s}}
        speed_test: {{url: "http://127.0.0.1:{speed}", key: "{key}"}}
"""


async def test_whoever_presses_sees_the_test_run_and_its_result(tmp_path: Path) -> None:
    """Without a reload; of a line that is not full it is a lower bound, both ways; and who it was is written down."""
    binary = find_chromium()
    if binary is None:
        pytest.skip("chromium is not installed (Debian: chromium)")
    reflector, peer = Reflector(), SpeedPeer(KEY.encode())
    await reflector.start("127.0.0.1", 0)
    peer.start("127.0.0.1", 0)
    try:
        text = INVENTORY.format(stamp=reflector.port, speed=peer.port, key=KEY)
        async with daemon(tmp_path, text) as process, chromium(binary) as browser:
            await process.until("/api/v1/links?state=up", '"line"')
            async with opened(browser, f"{str(process.web.base_url).rstrip('/')}/links/line") as page:
                await expect(page.locator("#test")).to_contain_text("None in the last 31 days.")
                await page.fill("#who", "An")
                await page.click("#speed-test button")
                await expect(page.locator("#test [role=status]")).to_contain_text("A test runs since")
                await page.evaluate("window.marked = true")
                for way in ("Download", "Upload"):
                    result = page.locator("#test dl div", has_text=way)
                    await expect(result).to_have_text(re.compile(r"at least \d+"), timeout=60_000)
                await expect(page.locator("#test [role=status]")).to_have_count(0, timeout=20_000)
                await expect(page.locator("#test")).not_to_contain_text("Tests have moved 0 B")
                assert await page.evaluate("window.marked === true")
            told = await process.json("/api/v1/links/line/speed")
    finally:
        peer.close()
        reflector.close()
    assert {one["direction"]: (one["ending"], one["occasion"]) for one in told["tests"]} == {
        "download": ("done", "demanded"),
        "upload": ("done", "demanded"),
    }
    assert all(20e6 < one["bits_per_second"] < 75e6 for one in told["tests"])
    assert KEY not in process.log
