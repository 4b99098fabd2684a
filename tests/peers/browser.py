"""A real Chromium, which notes everything that a page should not do."""

import importlib.util
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from tests.peers.processes import installed

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def find_chromium() -> str | None:
    """Where Chromium is."""
    return installed("chromium")


@asynccontextmanager
async def chromium(binary: str) -> AsyncIterator[Browser]:
    """A browser without a window."""
    async with async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=binary, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@dataclass
class Notes:
    """What was seen of one page.

    Attributes:
        host: Where it is from.
        wrong: Everything that should not be: errors of scripts, refusals by policy, requests to other hosts.
    """

    host: str
    wrong: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        """The page has said something."""
        if message.type in {"error", "warning"}:
            self.wrong.append(f"{message.type}: {message.text}")

    def asked(self, request: Request) -> None:
        """The page has asked for something."""
        if urlsplit(request.url).netloc != self.host:
            self.wrong.append(f"asked for {request.url}")


@asynccontextmanager
async def opened(browser: Browser, url: str, **context: Any) -> AsyncIterator[Page]:
    """A page of its own, which must have done nothing wrong when it is left.

    Args:
        browser: Which opens it.
        url: Of the page.
        context: How the browser is set up: its size, its colours.
    """
    notes = Notes(urlsplit(url).netloc)
    async with await browser.new_context(**context) as own:
        page = await own.new_page()
        page.on("console", notes.console)
        page.on("pageerror", lambda error: notes.wrong.append(str(error)))
        page.on("request", notes.asked)
        await page.goto(url)
        yield page
    assert notes.wrong == []


async def faults(page: Page) -> list[str]:
    """What axe-core finds on a page that is serious or critical."""
    spec = importlib.util.find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    await page.evaluate((Path(spec.origin).parent / "axe.min.js").read_text("utf-8"))
    found = await page.evaluate("axe.run({resultTypes: ['violations']})")
    return [_told(each) for each in found["violations"] if each["impact"] in {"serious", "critical"}]


def _told(violation: Any) -> str:
    places = [node["target"] for node in violation["nodes"]]
    return f"{violation['id']}: {json.dumps(places)[:300]} {violation['nodes'][0].get('failureSummary')}"
