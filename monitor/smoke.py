"""The round-trip times of the last hours, link by link, kept in memory for the graphs of the pages."""

from typing import Final

from model.intervals import SECOND, Interval
from model.inventory import Inventory
from model.latency import Column, Recent, column_of_window
from model.window import Window

_FINE: Final = 10
"""Seconds of a short column."""
_FINE_KEPT: Final = 360  # an hour
_FINE_FOR: Final = 2_000  # links, of which that takes 8 MB
_MINUTE: Final = 60
_KEPT: Final = (1_440, 720, 360, 180)
"""Minutes that may be kept: as many as fit."""
_MOST_BYTES: Final = 64_000_000
_BYTES: Final = 10  # of a column

_HOUR: Final = 3_600_000


class Smoke:
    """The last columns of every link: of ten seconds for an hour, of a minute for a day; less in a city."""

    def __init__(self) -> None:
        self._recent: dict[str, tuple[Recent, ...]] = {}
        self._lengths: tuple[tuple[int, int], ...] = ()

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory; what is known of a link that stays is kept."""
        links = [link.id for _, link in inventory.links()]
        lengths = _lengths(len(links))
        before, self._recent = self._recent if lengths == self._lengths else {}, {}
        self._lengths = lengths
        for link in links:
            self._recent[link] = before.get(link, ())

    def look(self, link: str, window: Window, now: float, utc: int) -> None:
        """Take the columns that are complete out of a window.

        Args:
            link: Whose.
            window: Its probes.
            now: Monotonic seconds.
            utc: The same in milliseconds since 1970.
        """
        recent = self._recent.get(link)
        if recent == ():
            recent = self._recent[link] = tuple(Recent(*each) for each in self._lengths)
        for each in recent or ():
            for span in each.due(utc - round(window.timeout * SECOND)):
                end = now - (utc - span.end) / SECOND
                each.put(span, column_of_window(window.facts(end + window.timeout, each.seconds), span))

    def columns(self, link: str, within: Interval) -> list[Column]:
        """What is known of an interval, in order of time: the shortest columns that reach so far back."""
        fits = [each for each in self._recent.get(link, ()) if within.length <= _HOUR or each.seconds >= _MINUTE]
        return list(fits[0].columns(within)) if fits else []


def _lengths(links: int) -> tuple[tuple[int, int], ...]:
    """The columns to keep of each link: seconds, and how many."""
    minutes = next((kept for kept in _KEPT if kept * links * _BYTES <= _MOST_BYTES), _KEPT[-1])
    fine = ((_FINE, _FINE_KEPT),) if links <= _FINE_FOR else ()
    return (*fine, (_MINUTE, minutes))
