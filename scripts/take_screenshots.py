"""Take the pictures of the documents anew: the pages of a demo in the first minutes of its story, and a review."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from monitor.demo.stay import Home

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
PORT = 19_841
URL = f"http://127.0.0.1:{PORT}"
FIRST_FAULT_SECONDS = 40.0
LOSS_SECONDS = 420.0  # a line has begun to lose packets and has ceased to
MOST_BYTES = 300_000


def answer(path: str) -> Any:
    """What the demo's API says."""
    with urllib.request.urlopen(URL + path) as response:  # noqa: S310  # our own demo
        return json.load(response)


def picture(browser: Browser, path: str, name: str, size: tuple[int, int], *, dark: bool = False) -> None:
    """One page as a PNG, once it is live."""
    width, height = size
    with browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        page.goto(URL + path)
        page.locator("#live").wait_for(state="visible")
        page.screenshot(path=IMAGES / name)
    bytes_ = (IMAGES / name).stat().st_size
    print(f"{name}: {bytes_ // 1_000} kB")
    if bytes_ > MOST_BYTES:
        sys.exit(f"{name} is larger than {MOST_BYTES // 1_000} kB: take a smaller part of the page")


def lossy_link() -> str:
    """The id of the line that the story lets lose packets; any other where the story has changed."""
    closed = answer("/api/v1/incidents?state=all")["incidents"]
    below = [each["about"] for each in closed if each["alertname"] == "LinkBelowRequirement"]
    links = [about for about in below if about["kind"] == "link"]
    return str(links[0]["id"] if links else answer("/api/v1/links")["links"][0]["id"])


def take(browser: Browser) -> None:
    """Wait for the first fault, and take the pictures."""
    begun = time.monotonic()
    time.sleep(FIRST_FAULT_SECONDS)
    incident = answer("/api/v1/incidents")["incidents"][0]["id"]
    picture(browser, "/", "status.png", (1280, 860))
    picture(browser, "/", "status-dark.png", (400, 860), dark=True)
    picture(browser, f"/incidents/{incident}", "incident.png", (860, 860))
    time.sleep(max(0.0, begun + LOSS_SECONDS - time.monotonic()))
    picture(browser, f"/links/{lossy_link()}?range=15m&lang=en", "link.png", (1280, 1000))


def review() -> None:
    """The first page of a review of months that were laid down."""
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "demo")
        asyncio.run(home.lay_down(41, 1, 6, datetime.now(UTC), lambda _: None))
        wanted = [f"--config.file={home.inventory}", "--format=pdf", "--language=vi", f"--output={folder}"]
        subprocess.run([sys.executable, "-m", "monitor", "report", *wanted], cwd=ROOT, check=True)  # noqa: S603  # its words are ours
        (pdf,) = Path(folder).glob("*.pdf")
        first = ["-f", "1", "-l", "1", "-singlefile", "-r", "100", "-png"]
        subprocess.run(["pdftoppm", *first, pdf, IMAGES / "report"], check=True)  # noqa: S603, S607  # as above; of the test tools


def main() -> None:
    """Take the picture of a review; then start a demo, and take its pictures."""
    review()
    demo = subprocess.Popen(  # noqa: S603  # its words are ours
        [sys.executable, "-m", "monitor", "demo", f"--web.listen-address=127.0.0.1:{PORT}"], cwd=ROOT
    )
    try:
        with sync_playwright() as tools:
            browser = tools.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            take(browser)
            browser.close()
    finally:
        demo.terminate()
        demo.wait()


if __name__ == "__main__":
    main()
