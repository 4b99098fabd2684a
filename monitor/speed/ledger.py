"""What speed tests have cost this month, and which of those that are planned are dealt with."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from history.facts import SpeedTest
from model.intervals import DAY, Interval, instant
from model.speed_schedule import Due
from monitor.speed.facts import due_of, is_demanded, skip_of

KEPT: Final = timedelta(days=32)
"""How far back it must know what was spent: a month."""

_DONE_FOR: Final = 3 * DAY
"""Milliseconds for which it must know what was dealt with: nothing is due for longer than a day."""


class SpeedLedger:
    """Of all links."""

    def __init__(self) -> None:
        self._spent: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._demanded: dict[str, list[int]] = defaultdict(list)
        self._done: dict[tuple[str, int], int] = {}

    def enter(self, tests: Iterable[SpeedTest]) -> None:
        """Take in tests that were run or skipped, from the history or just now; each once."""
        for test in tests:
            at, due = instant(test.at), due_of(test)
            if due is not None:
                self._done[test.link, due] = at
            if test.octets:
                self._spent[test.link].append((at, test.octets))
            if is_demanded(test) and test.direction == "download" and not skip_of(test):
                self._demanded[test.link].append(at)

    def begin(self, due: Due, now: int) -> None:
        """A planned test has begun, UTC milliseconds; what becomes of it is entered later."""
        self._done[due.link, due.at] = now

    def octets(self, link: str, month: Interval) -> int:
        """What the tests of a link have moved in a month."""
        return sum(octets for at, octets in self._spent.get(link, ()) if month.start <= at < month.end)

    def demanded(self, link: str, month: Interval) -> int:
        """How many tests of a link people have asked for in a month."""
        return sum(month.start <= at < month.end for at in self._demanded.get(link, ()))

    def is_done(self, due: Due) -> bool:
        """Whether a planned test was run, skipped, or has begun."""
        return (due.link, due.at) in self._done

    def forget(self, now: int) -> None:
        """Let go of what nobody asks for any more.

        Args:
            now: UTC milliseconds.
        """
        before = now - KEPT // timedelta(milliseconds=1)
        self._done = {key: at for key, at in self._done.items() if at >= now - _DONE_FOR}
        for link, spent in self._spent.items():
            self._spent[link] = [entry for entry in spent if entry[0] >= before]
        for link, asked in self._demanded.items():
            self._demanded[link] = [at for at in asked if at >= before]
