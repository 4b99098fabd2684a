"""Changes are written before they are shown, in order, and nobody waits for a slow history."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest

from model.measurement import SubjectKey
from model.state import State
from model.transition import Transition
from monitor.scribe import Scribe
from monitor.states import Change
from tests.peers.clock import SteppedLoop

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Done(StrEnum):
    """What became of a fact."""

    DURABLE = "durable"
    REFUSED = "refused"


def fact(number: int) -> Change:
    """A change of a link with a number."""
    subject: SubjectKey = ("link", str(number))
    at = NOON + timedelta(seconds=number)
    return Change(subject, State.UP, Transition(subject, State.UNKNOWN, State.UP, at, 0.0, at))


def site(number: int) -> Change:
    """A change that is no fact."""
    return Change(("site", str(number)), State.UP)


class Slow:
    """A history that takes its time, and a page that shows; both note what they are told, and when."""

    def __init__(self, seconds: float = 0.0, fate: Done = Done.DURABLE) -> None:
        self.seconds = seconds
        self.fate = fate
        self.batches: list[list[str]] = []
        self.shown: list[tuple[float, str]] = []
        self.durable: set[str] = set()
        self.fails_at: str | None = None

    async def record(self, *facts: Transition) -> Done:
        """Written after a while."""
        names = [each.subject[1] for each in facts]
        self.batches.append(names)
        await asyncio.sleep(self.seconds)
        self.durable.update(names)
        return self.fate

    def show(self, change: Change) -> None:
        """Shown: a fact must have been written before."""
        assert change.transition is None or change.subject[1] in self.durable
        if change.subject[1] == self.fails_at:
            raise ZeroDivisionError
        self.shown.append((asyncio.get_running_loop().time(), change.subject[1]))

    @property
    def order(self) -> list[str]:
        """What was shown, one after the other."""
        return [name for _, name in self.shown]


def told(slow: Slow, *batches: tuple[float, Sequence[Change]], end: float = 100.0) -> None:
    """Hand these changes over at their times, and end."""
    loop = SteppedLoop()

    async def scenario() -> None:
        scribe = Scribe(slow, slow.show)
        work = asyncio.create_task(scribe.work())
        for at, changes in batches:
            await asyncio.sleep(at - loop.time())
            scribe.take(changes)
            assert loop.time() == at
        await asyncio.sleep(max(0.0, end - loop.time()))
        scribe.finish()
        await work

    try:
        loop.run_until_complete(scenario())
    finally:
        loop.close()


def test_what_is_shown_was_written_before() -> None:
    """The page learns of it when the history has it; ``show`` checks each."""
    slow = Slow(seconds=3)
    told(slow, (1, [fact(1), site(2)]))
    assert slow.shown == [(4.0, "1"), (4.0, "2")]


def test_order_is_kept_over_batches() -> None:
    """What comes while the history is busy is written together afterwards, in its order."""
    slow = Slow(seconds=3)
    told(slow, (1, [fact(1)]), (2, [fact(2), fact(3)]), (2.5, [site(4)]), (3, [fact(5)]), (20, [fact(6)]))
    assert slow.batches == [["1"], ["2", "3", "5"], ["6"]]
    assert slow.order == ["1", "2", "3", "4", "5", "6"]


def test_a_slow_history_holds_nobody_up() -> None:
    """A hundred changes are handed over while it does not come back for an hour: ``told`` sees that no time passes."""
    slow = Slow(seconds=3_600)
    told(slow, *((number / 10, [fact(number)]) for number in range(1, 101)))
    assert slow.order == [str(number) for number in range(1, 101)]
    assert [len(batch) for batch in slow.batches] == [1, 99]


def test_what_is_no_fact_is_shown_at_once() -> None:
    """A site's state follows from its parts: nothing is written for it."""
    slow = Slow(seconds=3)
    told(slow, (1, [site(1)]), (2, []))
    assert slow.shown == [(1.0, "1")]
    assert slow.batches == []


def test_a_fact_that_is_refused_is_shown_all_the_same() -> None:
    """The history has said why in the log; what is the case is the case."""
    slow = Slow(fate=Done.REFUSED)
    told(slow, (1, [fact(1)]))
    assert slow.order == ["1"]


def test_what_was_taken_is_written_before_the_end() -> None:
    """The end waits for all that came before it."""
    slow = Slow(seconds=30)
    told(slow, (1, [fact(1)]), (2, [fact(2)]), end=2)
    assert slow.order == ["1", "2"]


def test_a_mistake_in_showing_one_change_loses_no_other(caplog: pytest.LogCaptureFixture) -> None:
    """The log gets the whole of it, and what comes after is written and shown."""
    slow = Slow()
    slow.fails_at = "1"
    with caplog.at_level(logging.ERROR):
        told(slow, (1, [fact(1), fact(2)]), (2, [fact(3)]))
    assert slow.order == ["2", "3"]
    assert "ZeroDivisionError" in caplog.text
