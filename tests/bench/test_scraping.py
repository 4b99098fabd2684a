"""The served scrapes of the bench: who scrapes, and what is felt meanwhile."""

import asyncio
import time

import pytest

from bench.children import answering
from bench.figures import CannotRunError
from bench.scraping import Way, _checked
from bench.served import Pulse, served
from exporters.exposition import Style
from tests.peers.board import full_board

WAYS = [Way(style, packed) for style in Style for packed in (False, True)]


async def test_the_scraper_gets_what_it_asks_for_in_each_way() -> None:
    """Text or OpenMetrics, packed or not, whole, over HTTP from another process; packed it is smaller."""
    async with served(full_board()) as url, answering("bench.scraper") as ask:
        found = {way: _checked(await ask(way.question(url)), way) for way in WAYS}
    assert len({answer["samples"] for answer in found.values()}) == 1
    for style in Style:
        assert found[Way(style, packed=True)]["octets"] < found[Way(style, packed=False)]["octets"] / 3


@pytest.mark.parametrize(
    "change", [{"status": 503}, {"zipped": True}, {"samples": 0}, {"ending": "cut"}], ids=lambda change: str(*change)
)
def test_a_scrape_that_is_not_whole_does_not_count(change: dict[str, object]) -> None:
    """A refusal, another encoding, no sample, or a text without its end is the reason why it cannot be measured."""
    good = {"status": 200, "zipped": False, "samples": 9, "ending": "\n# EOF\n"}
    way = Way(Style.OPENMETRICS, packed=False)
    assert _checked(good, way) is good
    with pytest.raises(CannotRunError, match="the scrape of OpenMetrics answered"):
        _checked(good | change, way)


async def test_the_pulse_feels_what_holds_the_loop() -> None:
    """Work of twenty milliseconds in one turn is seen in full; what only waits is late, and has not worked."""
    pulse = Pulse()
    await asyncio.sleep(0.01)
    pulse.forget()
    begun = time.thread_time()
    while time.thread_time() - begun < 0.02:
        pass
    await asyncio.sleep(0.01)
    assert pulse.held >= 0.02
    assert pulse.late >= 0.018
    pulse.forget()
    time.sleep(0.03)  # noqa: ASYNC251  # which is to hold the loop
    await asyncio.sleep(0.01)
    pulse.close()
    assert pulse.late >= 0.028
    assert pulse.held < 0.02
