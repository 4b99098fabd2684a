"""Runs that several ask for."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from exporters.targets.runs import GRACE, CrowdedError, Runs


class Work:
    """What is run: it ends when a test says."""

    def __init__(self) -> None:
        self.began: list[float] = []
        self.end: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def __call__(self, left: float) -> str:
        """One run, with so many seconds."""
        self.began.append(left)
        return await asyncio.shield(self.end)


def runs(limit: int = 8) -> Runs[str]:
    """Runs whose answer holds for all if it is `good`."""
    return Runs(limit, lambda answer: answer == "good")


async def _soon() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_asks_for_the_same_gets_the_same() -> None:
    """Ten requests for one target are one run."""
    under_way, work = runs(), Work()
    asking = [asyncio.create_task(under_way.get("a", 5.0, work)) for _ in range(10)]
    await _soon()
    work.end.set_result("good")
    assert await asyncio.gather(*asking) == ["good"] * 10
    assert len(work.began) == 1


async def test_a_later_request_is_a_new_run() -> None:
    """Nothing is remembered of a run that is over."""
    under_way, work = runs(), Work()
    work.end.set_result("good")
    await under_way.get("a", 5.0, work)
    await under_way.get("a", 5.0, work)
    assert len(work.began) == 2


@pytest.mark.parametrize(("answer", "runs_in_all"), [("good", 1), ("bad", 2)])
async def test_a_hasty_request_does_not_make_a_patient_one_fail(answer: str, runs_in_all: int) -> None:
    """What one gave up after little time is tried again by whoever has more, and only then."""
    under_way, work = runs(), Work()
    hasty = asyncio.create_task(under_way.get("a", 0.5, work))
    await _soon()
    patient = asyncio.create_task(under_way.get("a", 5.0, work))
    await _soon()
    work.end.set_result(answer)
    assert (await hasty, await patient) == (answer, answer)
    assert len(work.began) == runs_in_all


async def test_no_more_at_once_than_there_is_room_for() -> None:
    """The third of two waits, in its own time; when that is over it is told so."""
    under_way, work = runs(2), Work()
    others = [asyncio.create_task(under_way.get(key, 5.0, work)) for key in "ab"]
    await _soon()
    with pytest.raises(CrowdedError):
        await under_way.get("c", 0.05, work)
    late = asyncio.create_task(under_way.get("d", 5.0, work))
    await _soon()
    assert len(work.began) == 2
    work.end.set_result("good")
    assert await asyncio.gather(*others, late) == ["good"] * 3


async def test_a_run_outlives_whoever_lost_patience() -> None:
    """Who joins a run for less time than it takes goes away without an answer, and the run goes on."""
    under_way, work = runs(), Work()
    patient = asyncio.create_task(under_way.get("a", 5.0, work))
    await _soon()
    with pytest.raises(TimeoutError):
        await under_way.get("a", 0.01 - GRACE, work)
    work.end.set_result("good")
    assert await patient == "good"


async def test_a_broken_run_is_told_to_all_and_forgotten() -> None:
    """An error is everybody's, and gives its room back."""
    under_way = runs(1)

    async def broken(_: float) -> str:
        raise OSError("broken")

    begin: Callable[[float], Awaitable[str]] = broken
    found = await asyncio.gather(*[under_way.get("a", 5.0, begin) for _ in range(3)], return_exceptions=True)
    assert [type(each) for each in found] == [OSError] * 3
    work = Work()
    work.end.set_result("good")
    assert await under_way.get("a", 5.0, work) == "good"
