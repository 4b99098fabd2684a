"""The speed tests on the page of a link."""

import re
from dataclasses import replace
from html import unescape
from typing import Final

import httpx
import pytest
from fastapi import FastAPI

from exporters.pages.page_words import PAGE_WORDS
from exporters.pages.press import Press
from exporters.pages.routes import add_pages
from exporters.pages.speed_words import SKIPS, SPEED_WORDS
from exporters.pages.views import view_of
from exporters.past import PastUnavailableError
from exporters.speed_desk import SpeedView
from model.inventory import Inventory, Language, SpeedTest
from model.speed_schedule import Skip
from tests.peers.board import AT
from tests.peers.places import Drawn, drawn_ward
from tests.peers.speed_desk import RESULT, FakeSpeeds

_LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en", "id")
_PATH: Final = "/links/wan/speed"


class Speeds(FakeSpeeds):
    """Tells what a test has changed of what is known."""

    def __init__(self, inventory: Inventory) -> None:
        super().__init__(inventory, AT)
        self.changes: dict[str, object] = {}
        self.fault: PastUnavailableError | None = None
        self.looks = 0

    async def view(self, link: str) -> SpeedView:
        """As it is changed."""
        self.looks += 1
        if self.fault is not None:
            raise self.fault
        return replace(await super().view(link), **self.changes)  # type: ignore[arg-type]  # each test names its fields


def _ward(language: Language = "vi", *, is_tested: bool = True) -> tuple[Drawn, Speeds]:
    inventory = drawn_ward(language=language)
    office, *points = inventory.sites
    wanted = SpeedTest.model_validate({"url": "http://192.0.2.9:8862", "budget_per_month": "10GB"})
    link = office.links[0].model_copy(update={"speed_test": wanted if is_tested else None})
    changed = office.model_copy(update={"links": (link,)})
    inventory = inventory.model_copy(update={"sites": (changed, *points)})
    drawn, speeds = Drawn(inventory), Speeds(inventory)
    drawn.sources = replace(drawn.sources, speeds=speeds)
    return drawn, speeds


async def _asked(drawn: Drawn, path: str = "/links/wan", form: dict[str, str] | None = None) -> httpx.Response:
    app = FastAPI()
    add_pages(app, drawn.sources)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://monitor") as web:
        return await (web.get(path) if form is None else web.post(path, data=form))


def _part(answer: httpx.Response) -> str:
    """The section about tests, without line breaks."""
    text = re.sub(r"\s+", " ", unescape(answer.text))
    found = re.search(r'<section class="box" id="speed-test".*?</section>', text)
    assert found, answer.status_code
    return found[0]


@pytest.mark.parametrize("language", _LANGUAGES)
async def test_a_page_says_what_tests_cost_and_gave(language: Language) -> None:
    """The last figure and when, the budget and what is used of it, and a button, in each language."""
    drawn, _ = _ward(language)
    answer = await _asked(drawn)
    part, words = _part(answer), SPEED_WORDS[language]
    assert "form-action 'self'" in answer.headers["content-security-policy"]
    assert f'<button type="submit">{words["test"]}</button>' in part
    assert words["used"].format(used="155 MB", budget="10 GB") in part
    assert "286 Mbit/s" in part
    assert "02:02:11 25/11/2026" in part


async def test_a_lower_bound_is_called_one() -> None:
    """Of a test that did not fill the line no page says that the line gives so much, and no figure is not zero."""
    drawn, speeds = _ward("en")
    bound = replace(RESULT, is_lower_bound=True)
    nothing = replace(RESULT, direction="upload", bits_per_second=None)
    speeds.changes = {"tests": [replace(RESULT, skip="busy", bits_per_second=None), bound, nothing]}
    part = _part(await _asked(drawn))
    assert "at least 286" in part
    assert re.search(r"<dt>Upload</dt><dd>gave no figure", part)


async def test_no_limit_and_no_test_are_said() -> None:
    """Where no budget is set and nothing was tested."""
    drawn, speeds = _ward("en")
    speeds.changes = {"tests": [], "budget_per_month": None, "octets_this_month": 0, "next_at": None}
    part = _part(await _asked(drawn))
    assert "Tests have moved 0 B this month; no limit is set." in part
    assert SPEED_WORDS["en"]["no_test"] in part


@pytest.mark.parametrize("is_run", [True, False])
async def test_a_link_that_is_not_to_be_tested_has_no_button(is_run: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """Nor has one on a monitor that runs no tests; their pages send no form anywhere."""
    drawn, _ = _ward(is_tested=not is_run)
    if not is_run:
        drawn.sources = replace(drawn.sources, speeds=None)
    answer = await _asked(drawn)
    assert 'id="speed-test"' not in answer.text
    assert "form-action 'none'" in answer.headers["content-security-policy"]


async def test_whoever_presses_is_led_back_to_a_test_that_runs() -> None:
    """The test is theirs, the way back keeps the language, and the page says since when it runs."""
    drawn, speeds = _ward()
    answer = await _asked(drawn, f"{_PATH}?lang=en", {"who": " An "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/links/wan?lang=en#speed-test")
    assert speeds.asked == [("wan", "An")]
    part = _part(await _asked(drawn, answer.headers["location"]))
    assert 'role="status">A test runs since ' in part
    assert "(Download)" in part


@pytest.mark.parametrize("language", _LANGUAGES)
@pytest.mark.parametrize("skip", Skip)
async def test_a_refusal_says_why(skip: Skip, language: Language) -> None:
    """Each reason has its sentence in each language, and no test has begun."""
    drawn, speeds = _ward(language)
    speeds.skip = skip
    answer = await _asked(drawn, _PATH, {"who": "An"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/links/wan?speed={skip}#speed-test")
    part = _part(await _asked(drawn, answer.headers["location"]))
    assert SPEED_WORDS[language]["refused"].format(why=SKIPS[language][skip]) in part
    assert speeds.asked == []


def test_no_word_is_missing_in_a_language() -> None:
    """And no two reasons have the same words."""
    assert {frozenset(words) for words in SPEED_WORDS.values()} == {frozenset(SPEED_WORDS["en"])}
    for sentences in SKIPS.values():
        assert set(sentences) == set(Skip)
        assert len(set(sentences.values())) == len(Skip)


async def test_a_test_without_a_name_is_not_begun() -> None:
    """The form says what is missing."""
    drawn, speeds = _ward("en")
    answer = await _asked(drawn, _PATH, {"who": "  "})
    assert speeds.asked == []
    assert 'aria-invalid="true"' in _part(await _asked(drawn, answer.headers["location"]))


async def test_what_an_address_says_is_shown_only_where_it_is_a_reason() -> None:
    """Nobody can put words on the page through a link to it."""
    drawn, _ = _ward()
    assert "wrong" not in _part(await _asked(drawn, "/links/wan?speed=Hacked"))


async def test_what_cannot_be_tested_says_so() -> None:
    """A link that is not there, and a monitor that runs no tests."""
    drawn, _ = _ward("en")
    assert (await _asked(drawn, "/links/none/speed", {"who": "An"})).status_code == 404
    drawn.sources = replace(drawn.sources, speeds=None)
    answer = await _asked(drawn, f"{_PATH}?lang=en", {"who": "An"})
    assert answer.status_code == 503
    assert PAGE_WORDS["en"]["no_speed_tests"] in answer.text


async def test_a_history_that_cannot_be_read_takes_no_page_away() -> None:
    """The part says so; the rest is there."""
    drawn, speeds = _ward("en")
    speeds.fault = PastUnavailableError("not now", "later")
    answer = await _asked(drawn)
    assert answer.status_code == 200
    assert SPEED_WORDS["en"]["unreadable"] in _part(answer)


async def test_an_open_page_follows_a_running_test() -> None:
    """At each sign of life while it runs, once a minute while none does."""
    drawn, speeds = _ward("en")
    view = view_of(Press(drawn.sources), {"page": "link", "id": "wan", "lang": "en"})
    assert view is not None

    async def seen() -> str:
        parts = (await view.update(frozenset())).fragments
        return next(part.html for part in parts if part.id == "test")

    assert "A test runs" not in await seen()
    for _ in range(7):
        await seen()
    assert speeds.looks == 2
    await speeds.demand("wan", "An")
    shown = [await seen() for _ in range(4)]
    assert "A test runs" in shown[-1]
    looks = speeds.looks
    speeds.asked.clear()
    assert "A test runs" not in await seen()
    assert speeds.looks == looks + 1
