"""Which notifications tell something new. The time is an argument."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from model.trap import Trap

SAME_NEWS_FOR: Final = 30.0
"""Seconds in which the same news from one sender is no news."""
_MOST: Final = 8_192


class News:
    """What was heard in the last 30 seconds.

    A linkUp after a linkDown of the same interface is news, and so is the linkDown after that; the same one again is
    not: agents repeat their informs until they have a receipt, and some send each trap twice.
    """

    __slots__ = ("_heard",)

    def __init__(self) -> None:
        self._heard: OrderedDict[Hashable, tuple[str, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._heard)

    def is_new(self, sender: str, trap: Trap, now: float) -> bool:
        """Whether this tells something new; from now on it does not.

        Args:
            sender: Its address.
            trap: What it said.
            now: Monotonic seconds, never less than before.
        """
        self._forget(now)
        key = (sender, trap.agent, trap.news)
        before = self._heard.get(key)
        if before is not None and before[0] == trap.oid:
            return False
        self._heard[key] = (trap.oid, now)
        self._heard.move_to_end(key)
        if len(self._heard) > _MOST:
            self._heard.popitem(last=False)
        return True

    def _forget(self, now: float) -> None:
        while self._heard:
            key, (_, at) = next(iter(self._heard.items()))
            if now - at < SAME_NEWS_FOR:
                return
            del self._heard[key]
