"""Flappings that a restart made the detectors forget: each is over when any link would have become calm."""

import asyncio
import math
from collections.abc import Callable, Iterable
from typing import Final

from model.flap import CEILING, ENDS_AT, HALF_LIFE

_FORGIVEN: Final = HALF_LIFE * math.log2(CEILING / ENDS_AT)
"""Seconds in which any link has become calm, however often it went down before."""


class Calms:
    """Waits for links to become calm of which no detector will say so.

    Args:
        calm: Told of each, by its id.
    """

    def __init__(self, calm: Callable[[str], None]) -> None:
        self._calm = calm
        self._waiting: dict[str, asyncio.TimerHandle] = {}

    def expect(self, links: Iterable[str]) -> None:
        """Their detectors are new, and do not know that they have anything to end."""
        for link in links:
            self._waiting[link] = asyncio.get_running_loop().call_later(_FORGIVEN, self._is_over, link)

    def forget(self, link: str) -> None:
        """Its detector speaks for itself."""
        handle = self._waiting.pop(link, None)
        if handle is not None:
            handle.cancel()

    def close(self) -> None:
        """Wait for none any more."""
        for link in list(self._waiting):
            self.forget(link)

    def _is_over(self, link: str) -> None:
        self._waiting.pop(link, None)
        self._calm(link)
