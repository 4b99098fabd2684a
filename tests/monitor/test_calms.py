"""Links of which no detector will say that they are calm."""

import asyncio

from monitor.calms import Calms
from tests.peers.clock import SteppedLoop

HOUR = 3_600.0


def after(seconds: float, *steps: str) -> list[tuple[str, float]]:
    """What was told, and when, after two links were waited for and these steps were taken ten minutes later."""
    loop = SteppedLoop()
    told: list[tuple[str, float]] = []

    async def scenario() -> None:
        calms = Calms(lambda link: told.append((link, round(loop.time()))))
        calms.expect(["a", "b"])
        await asyncio.sleep(600)
        for step in steps:
            if step == "close":
                calms.close()
            else:
                calms.forget(step)
        await asyncio.sleep(seconds)

    loop.run_until_complete(scenario())
    loop.close()
    return told


def test_each_is_told_once_after_45_minutes() -> None:
    """When any link has become calm, however often it went down."""
    assert sorted(after(HOUR)) == [("a", 2_700), ("b", 2_700)]


def test_one_whose_detector_speaks_is_not_waited_for() -> None:
    """The other is; one that nobody waits for is nothing to forget."""
    assert after(HOUR, "a", "c") == [("b", 2_700)]


def test_none_is_told_after_the_end() -> None:
    """Nor does a timer hold anything then."""
    assert after(HOUR, "close") == []
